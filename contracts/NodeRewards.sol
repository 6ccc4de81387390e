// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EpochClock} from "./EpochClock.sol";
import {RewardWords} from "./RewardWords.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {ICaesarEmissions} from "./interfaces/ICaesarEmissions.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeDelegation} from "./interfaces/INodeDelegation.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {INodeRewards} from "./interfaces/INodeRewards.sol";
import {INodeStaking} from "./interfaces/INodeStaking.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

contract NodeRewards is RewardWords {
    /// @notice What a distributor is built from.
    struct Settings {
        IERC20 token;
        ICaesarEmissions emissions;
        IAttestationBridge bridge;
        INodeRegistry registry;
        INetworkParameters parameters;
        uint64 epochGenesis;
        uint64 epochLength;
    }

    /// @dev A node in one slot, with the newest word in which its weight changed.
    /// @param weight Whole MESH from `epoch` on.
    /// @param before Whole MESH at the start of the word of `epoch`.
    /// @param epoch First epoch of the newest weight; 0 when there never was one.
    /// @param cursor First word that was not claimed.
    /// @param first Oldest word at or after `cursor` in which weight changed, if there is one.
    /// @param grace See {graceOf}.
    /// @param debt Makes up for earlier weights in the word of `epoch`: added to `weight` times the time per MESH of the
    /// whole word, it gives the node's time.
    struct Node {
        uint32 weight;
        uint32 before;
        uint32 epoch;
        uint24 cursor;
        uint24 first;
        uint16 grace;
        int96 debt;
    }

    /// @dev An earlier word in which the weight of a node changed, kept while it is not claimed. `next` is the following one.
    struct Change {
        uint32 weight;
        uint32 before;
        uint32 epoch;
        uint24 next;
        int96 debt;
    }

    /// @dev A claim under way.
    /// @param word First word that is not settled.
    /// @param weight Weight at the start of that word.
    /// @param changeWord Next word in which weight changed, NONE when there is none.
    /// @param troubles Words of {IAttestationBridge.troubledWords}.
    /// @param nextTrouble Position of the first of them that is not settled.
    /// @param intervals Active intervals of the node.
    /// @param gross What the weight earned.
    /// @param paid What the node earned.
    struct Settlement {
        uint32 nodeIndex;
        uint256 word;
        uint256 weight;
        uint256 changeWord;
        uint256[] troubles;
        uint256 nextTrouble;
        INodeRegistry.Interval[] intervals;
        uint256 nextInterval;
        uint256 gross;
        uint256 paid;
        Node node;
    }

    /// @dev What happened in one word.
    struct Epochs {
        uint256 attested;
        uint256 absent;
        uint256 degraded;
        uint256 unreported;
        uint256 lead;
    }

    uint256 private constant NONE = type(uint256).max;
    uint256 private constant MESH = 1e18;
    uint256 private constant BASIS_POINTS = 10_000;
    /// @dev Most words that a claim settles, and most that it closes.
    uint64 private constant MAX_CLAIM_WORDS = 1_024;
    uint256 private constant MAX_CLOSED_WORDS = 64;
    /// @dev Most changes that a look into the history passes.
    uint256 private constant MAX_HISTORY = 32;
    /// @dev Epochs of grace that an absence costs.
    uint256 private constant ABSENCE_COST = 10;

    IERC20 private immutable _token;
    IAttestationBridge private immutable _bridge;
    INodeRegistry private immutable _registry;
    INetworkParameters private immutable _parameters;
    uint64 private immutable _horizonEpochs;
    address private immutable _deployer;

    address private _staking;
    address private _delegation;
    mapping(uint32 nodeIndex => Node) private _nodes;
    mapping(uint32 nodeIndex => mapping(uint256 word => Change)) private _changes;

    constructor(
        Settings memory settings
    ) EpochClock(settings.epochGenesis, settings.epochLength) RewardWords(settings.emissions) {
        if (address(settings.token) == address(0)) revert IGoverned.Governed_ZeroAddress("token");
        if (address(settings.emissions) == address(0)) revert IGoverned.Governed_ZeroAddress("emissions");
        if (address(settings.bridge) == address(0)) revert IGoverned.Governed_ZeroAddress("bridge");
        if (address(settings.registry) == address(0)) revert IGoverned.Governed_ZeroAddress("registry");
        if (address(settings.parameters) == address(0)) revert IGoverned.Governed_ZeroAddress("parameters");
        _token = settings.token;
        _bridge = settings.bridge;
        _registry = settings.registry;
        _parameters = settings.parameters;
        _horizonEpochs = settings.bridge.horizonEpochs();
        _deployer = msg.sender;
    }

    /// @inheritdoc INodeRewards
    function bindStaking(address staking_, address delegation_) external {
        if (msg.sender != _deployer || _staking != address(0)) revert IGoverned.Governed_BindingClosed(msg.sender);
        if (staking_ == address(0)) revert IGoverned.Governed_ZeroAddress("staking");
        if (delegation_ == address(0)) revert IGoverned.Governed_ZeroAddress("delegation");
        _staking = staking_;
        _delegation = delegation_;
        _token.approve(staking_, type(uint256).max);
        _token.approve(delegation_, type(uint256).max);
        emit StakingBound(staking_, delegation_);
    }

    // Weights

    /// @inheritdoc INodeRewards
    function weightChanged(uint32 nodeIndex, uint96 newWeight) external {
        if (msg.sender != _staking) revert NodeRewards_NotStaking(msg.sender);
        uint32 weight = uint32(newWeight / MESH);
        Node memory node = _nodes[nodeIndex];
        if (weight == node.weight) return;
        uint32 epoch = uint32(currentEpoch() + 1);
        if (node.epoch >> 8 != epoch >> 8) _beginWord(nodeIndex, node, epoch >> 8);
        uint256 perMesh = _changeTotal(epoch, node.weight, weight);
        unchecked {
            // The debt makes up for at most the whole supply over a whole word, 2^94.
            node.debt += int96(int256(perMesh) * (int256(uint256(node.weight)) - int256(uint256(weight))));
        }
        (node.weight, node.epoch) = (weight, epoch);
        _nodes[nodeIndex] = node;
        emit WeightChanged(nodeIndex, uint96(weight * MESH), epoch);
    }

    // Claims

    /// @inheritdoc INodeRewards
    function claim(uint32[] calldata nodeIndices) external returns (uint256 amount) {
        uint64 until = _payableUntil();
        for (uint256 i = 0; i < nodeIndices.length; ++i) {
            amount += _claim(nodeIndices[i], until, false);
        }
    }

    /// @inheritdoc INodeRewards
    function claimWords(uint32 nodeIndex, uint64 maxWords) external returns (uint256 amount) {
        uint64 until = _payableUntil();
        uint64 from = _nodes[nodeIndex].cursor;
        if (until > from && until - from > maxWords) until = from + maxWords;
        return _claim(nodeIndex, until, false);
    }

    /// @inheritdoc INodeRewards
    function claimAndStake(uint32 nodeIndex) external returns (uint256 amount) {
        if (!_registry.isOperator(nodeIndex, msg.sender)) revert NodeRewards_NotOperator(msg.sender, nodeIndex);
        return _claim(nodeIndex, _payableUntil(), true);
    }

    // Views

    /// @inheritdoc INodeRewards
    function preview(uint32 nodeIndex) external view returns (Preview memory result) {
        uint64 closed = this.closedUntil();
        uint64 until = _finalWords();
        result.fromWord = _nodes[nodeIndex].cursor;
        Settlement memory claimed = _settle(nodeIndex, closed < until ? closed : until);
        (result.operatorAmount, result.poolAmount) = _split(nodeIndex, claimed.paid);
        result.returned = claimed.gross - claimed.paid;
        result.untilWord = uint64(claimed.word);
    }

    /// @inheritdoc INodeRewards
    function weightAt(uint32 nodeIndex, uint64 epoch) external view returns (uint96 weight, bool isKnown) {
        Node memory node = _nodes[nodeIndex];
        if (epoch >= node.epoch) return (uint96(node.weight * MESH), true);
        uint256 word = epoch >> 8;
        uint256 kept = node.first;
        uint256 newest = node.epoch >> 8;
        if (word < node.cursor || word >= newest) return (0, false);
        for (uint256 i = 0; i < MAX_HISTORY && kept < newest; ++i) {
            Change memory change = _changes[nodeIndex][kept];
            if (word < kept) return (uint96(change.before * MESH), true);
            if (word == kept) return (uint96(change.weight * MESH), epoch >= change.epoch);
            kept = change.next;
        }
        return (uint96(node.before * MESH), kept == newest);
    }

    /// @inheritdoc INodeRewards
    function nextWordOf(uint32 nodeIndex) external view returns (uint64) {
        return _nodes[nodeIndex].cursor;
    }

    /// @inheritdoc INodeRewards
    function graceOf(uint32 nodeIndex) external view returns (uint256) {
        return _nodes[nodeIndex].grace;
    }

    // Internal: weights

    /// @dev Makes room for the first change in a word. The change before is kept when it still has to be claimed.
    function _beginWord(uint32 nodeIndex, Node memory node, uint256 word) private {
        uint256 last = node.epoch >> 8;
        if (node.epoch == 0) {
            node.cursor = uint24(word);
            node.first = uint24(word);
        } else if (last >= node.cursor) {
            _changes[nodeIndex][last] = Change(node.weight, node.before, node.epoch, uint24(word), node.debt);
        } else {
            node.first = uint24(word);
        }
        (node.before, node.debt) = (node.weight, 0);
    }

    /// @dev Returns a word in which the weight of a node changed, as it is kept.
    function _changeIn(uint32 nodeIndex, Node memory node, uint256 word) private view returns (Change memory change) {
        if (word != node.epoch >> 8) return _changes[nodeIndex][word];
        return Change(node.weight, node.before, node.epoch, 0, node.debt);
    }

    // Internal: claims

    /// @dev Returns the first word of which an epoch is not final.
    function _finalWords() private view returns (uint64) {
        uint64 current = currentEpoch();
        return current > _horizonEpochs ? (current - _horizonEpochs) >> 8 : 0;
    }

    /// @dev Returns the first word that cannot be paid, after closing words as far as that takes.
    function _payableUntil() private returns (uint64 until) {
        until = _finalWords();
        if (until == 0 || _words[until - 1].isClosed) return until;
        uint64 closed = closeWords(MAX_CLOSED_WORDS);
        if (closed < until) until = closed;
    }

    function _claim(uint32 nodeIndex, uint64 until, bool toStake) private returns (uint256 amount) {
        uint64 from = _nodes[nodeIndex].cursor;
        Settlement memory claimed = _settle(nodeIndex, until);
        if (claimed.word <= from) return 0;
        amount = claimed.paid;
        claimed.node.cursor = uint24(claimed.word);
        claimed.node.first = uint24(claimed.changeWord == NONE ? claimed.node.epoch >> 8 : claimed.changeWord);
        _nodes[nodeIndex] = claimed.node;
        uint256 returned = claimed.gross - amount;
        if (returned > 0) _recycle(returned);
        (uint256 toOperator, uint256 toPool) = _split(nodeIndex, amount);
        address receiver = toStake ? _staking : _registry.beneficiaryOf(nodeIndex);
        emit RewardsClaimed(nodeIndex, receiver, from, uint64(claimed.word), toOperator, toPool, returned);
        if (toOperator > 0) {
            _emissions.release(toStake ? address(this) : receiver, toOperator);
            if (toStake) INodeStaking(_staking).stake(nodeIndex, toOperator);
        }
        if (toPool > 0) {
            _emissions.release(address(this), toPool);
            INodeDelegation(_delegation).addToPool(nodeIndex, toPool);
        }
    }

    /// @dev Divides a reward between operator and delegators by what is bonded now; the operator takes its commission.
    function _split(uint32 nodeIndex, uint256 amount) private view returns (uint256 toOperator, uint256 toPool) {
        INodeDelegation delegation = INodeDelegation(_delegation);
        if (amount == 0 || !delegation.hasDelegators(nodeIndex)) return (amount, 0);
        uint256 own = INodeStaking(_staking).stakeOf(nodeIndex);
        uint256 pool = delegation.poolOf(nodeIndex).assets;
        if (pool == 0) return (amount, 0);
        uint256 ofPool = (amount * pool) / (own + pool);
        toPool = (ofPool * (BASIS_POINTS - delegation.commissionBp(nodeIndex))) / BASIS_POINTS;
        toOperator = amount - toPool;
    }

    /// @dev Settles the words of a node up to `until`, which must be closed. `word` says how far it came.
    function _settle(uint32 nodeIndex, uint64 until) private view returns (Settlement memory claimed) {
        Node memory node = _nodes[nodeIndex];
        claimed.nodeIndex = nodeIndex;
        claimed.node = node;
        claimed.word = node.cursor;
        if (node.epoch == 0 || until <= node.cursor) return claimed;
        if (until - node.cursor > MAX_CLAIM_WORDS) until = node.cursor + MAX_CLAIM_WORDS;
        bool hasChange = node.first >= node.cursor;
        claimed.changeWord = hasChange ? node.first : NONE;
        claimed.weight = hasChange ? _changeIn(nodeIndex, node, node.first).before : node.weight;
        claimed.troubles = _bridge.troubledWords(nodeIndex, node.cursor, until);
        claimed.intervals = _registry.intervalsWithin(nodeIndex, uint64(node.cursor) << 8, until << 8);
        while (claimed.word < until) {
            _settleNext(claimed, until);
        }
    }

    /// @dev Settles the next words: a run with one weight in which the node was active, or in which it was not, or one word
    /// in which that changed.
    function _settleNext(Settlement memory claimed, uint256 until) private view {
        (bool isActive, uint256 end) = _activityOf(claimed);
        if (end > until) end = until;
        if (end > claimed.changeWord) end = claimed.changeWord;
        if (end > claimed.word) {
            _settleRun(claimed, end, isActive);
        } else {
            _settleWord(claimed, isActive);
        }
    }

    /// @dev Settles words in which the weight was constant, and the node active in all epochs or in none. What a run earned
    /// is read at its ends; only words with trouble are looked at one by one.
    function _settleRun(Settlement memory claimed, uint256 end, bool isActive) private view {
        uint256 weight = claimed.weight;
        uint256 amount = weight == 0 ? 0 : weight * _earnedPerMesh(claimed.word, end);
        claimed.gross += amount;
        if (!isActive) {
            claimed.word = end;
            _skipTroubles(claimed);
            return;
        }
        uint256 healthyFrom = claimed.word;
        uint256[] memory troubles = claimed.troubles;
        uint256 next = claimed.nextTrouble;
        for (; next < troubles.length; ++next) {
            uint256 trouble = troubles[next];
            uint256 word = trouble >> 144;
            if (word >= end) break;
            unchecked {
                // Words are in ascending order, and a word pays at most what it earned.
                _addGrace(claimed.node, (word - healthyFrom) * WORD_EPOCHS);
                healthyFrom = word + 1;
                uint256 earned = _earnedOf(claimed.node, _epochsIn(trouble));
                if (weight == 0) continue;
                uint256 ofWord = weight * _words[word].perMesh;
                amount -= ofWord - (ofWord * earned) / (WORD_EPOCHS * BASIS_POINTS);
            }
        }
        _addGrace(claimed.node, (end - healthyFrom) * WORD_EPOCHS);
        claimed.nextTrouble = next;
        claimed.paid += amount;
        claimed.word = end;
    }

    /// @dev Settles one word in which something happened.
    function _settleWord(Settlement memory claimed, bool isActive) private view {
        uint256 word = claimed.word;
        Epochs memory epochs = isActive ? _epochsOf(claimed) : _uptimeOf(claimed);
        uint256 amount;
        uint256 end = WORD_EPOCHS;
        if (word == claimed.changeWord) {
            Change memory change = _changeIn(claimed.nodeIndex, claimed.node, word);
            amount = _earnedIn(word, change.weight, change.debt);
            if (change.weight == 0) end = change.epoch & 255;
            claimed.weight = change.weight;
            claimed.changeWord = change.next == 0 ? NONE : change.next;
        } else {
            amount = claimed.weight * _words[word].perMesh;
        }
        claimed.gross += amount;
        uint256 earned = _earnedOf(claimed.node, epochs);
        uint256 elapsed = end > epochs.lead ? (end - epochs.lead) * BASIS_POINTS : 0;
        if (earned > elapsed) earned = elapsed;
        if (elapsed > 0) claimed.paid += (amount * earned) / elapsed;
        claimed.word = word + 1;
        _skipTroubles(claimed);
    }

    function _skipTroubles(Settlement memory claimed) private pure {
        uint256 next = claimed.nextTrouble;
        while (next < claimed.troubles.length && claimed.troubles[next] >> 144 < claimed.word) ++next;
        claimed.nextTrouble = next;
    }

    /// @dev Returns whether the node is active in the whole next word, and up to which word that does not change; the word
    /// itself when it is active in a part of it.
    function _activityOf(Settlement memory claimed) private pure returns (bool isActive, uint256 end) {
        uint256 start = claimed.word << 8;
        uint256 next = claimed.nextInterval;
        while (next < claimed.intervals.length && claimed.intervals[next].until <= start) ++next;
        claimed.nextInterval = next;
        if (next == claimed.intervals.length) return (false, NONE);
        INodeRegistry.Interval memory interval = claimed.intervals[next];
        if (interval.from > start) return (false, interval.from >> 8);
        end = interval.until >> 8;
        return (end > claimed.word, end);
    }

    /// @dev Returns what happened in the next word, throughout which the node is active.
    function _epochsOf(Settlement memory claimed) private pure returns (Epochs memory epochs) {
        if (claimed.nextTrouble < claimed.troubles.length) {
            uint256 trouble = claimed.troubles[claimed.nextTrouble];
            if (trouble >> 144 == claimed.word) return _epochsIn(trouble);
        }
        epochs.attested = WORD_EPOCHS;
    }

    /// @dev Unpacks a word of {IAttestationBridge.troubledWords}.
    function _epochsIn(uint256 trouble) private pure returns (Epochs memory epochs) {
        epochs.absent = uint48(trouble >> 96);
        epochs.degraded = uint48(trouble >> 48);
        epochs.unreported = uint48(trouble);
        unchecked {
            // A word has 256 epochs, each of which is counted once.
            epochs.attested = WORD_EPOCHS - epochs.absent - epochs.degraded - epochs.unreported;
        }
    }

    /// @dev Returns what happened in the next word, in parts of which the node is not active.
    function _uptimeOf(Settlement memory claimed) private view returns (Epochs memory epochs) {
        uint64 start = uint64(claimed.word << 8);
        IAttestationBridge.Uptime memory uptime = _bridge.uptime(claimed.nodeIndex, start, start + uint64(WORD_EPOCHS));
        epochs.attested = uptime.attested;
        epochs.absent = uptime.absent;
        epochs.degraded = uptime.degraded;
        epochs.unreported = uptime.unreported;
        if (claimed.nextInterval == claimed.intervals.length) return epochs;
        uint64 from = claimed.intervals[claimed.nextInterval].from;
        if (from > start) epochs.lead = from - start;
    }

    /// @dev Returns the epochs of a word that are paid, in basis points, and updates the node's grace.
    function _earnedOf(Node memory node, Epochs memory epochs) private view returns (uint256 earned) {
        earned = epochs.attested * BASIS_POINTS;
        if (epochs.degraded | epochs.unreported != 0) earned += _earnedInTrouble(node, epochs);
        unchecked {
            // Epochs of a word, and a grace of 16 bits.
            uint256 grace = node.grace + epochs.attested;
            uint256 cost = epochs.absent * ABSENCE_COST;
            if (grace > type(uint16).max) grace = type(uint16).max;
            node.grace = cost < grace ? uint16(grace - cost) : 0;
        }
    }

    /// @dev Returns what degraded and unreported epochs are paid, in basis points, and takes from the node's grace.
    function _earnedInTrouble(Node memory node, Epochs memory epochs) private view returns (uint256 earned) {
        if (epochs.degraded > 0) earned += epochs.degraded * _parameters.get(ParameterIds.REWARD_DEGRADED_BP);
        if (epochs.unreported > 0) {
            uint256 most = _parameters.get(ParameterIds.REWARD_GRACE_EPOCHS);
            if (node.grace > most) node.grace = uint16(most);
            uint256 grace = node.grace < epochs.unreported ? node.grace : epochs.unreported;
            node.grace -= uint16(grace);
            earned += grace * _parameters.get(ParameterIds.REWARD_UNREPORTED_BP);
        }
    }

    function _addGrace(Node memory node, uint256 epochs) private pure {
        uint256 grace = node.grace + epochs;
        node.grace = grace > type(uint16).max ? type(uint16).max : uint16(grace);
    }
}
