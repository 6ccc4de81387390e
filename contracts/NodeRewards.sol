// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
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
    using SafeERC20 for IERC20;

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
    /// @param before Whole MESH at the start of the word of `epoch`, which takes 30 bits. The highest bit: see MAY_HAVE_POOL.
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

    /// @dev An earlier word in which the weight of a node changed. `next` is the following one.
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
        uint256 grace;
        address beneficiary;
        Node node;
    }

    /// @dev What happened in one word.
    /// @param attested Epochs.
    /// @param trouble Other epochs, as {IAttestationBridge.troubledWords} packs them.
    /// @param lead Epochs before the node was active.
    struct Epochs {
        uint256 attested;
        uint256 trouble;
        uint256 lead;
    }

    uint256 private constant NONE = type(uint256).max;
    uint256 private constant MESH = 1e18;
    uint256 private constant BASIS_POINTS = 10_000;
    /// @dev Most words that a claim settles, most that it closes, and most that are closed for who joins a node.
    uint64 private constant MAX_CLAIM_WORDS = 1_024;
    uint256 private constant MAX_CLOSED_WORDS = 64;
    uint256 private constant MAX_JOIN_WORDS = 128;
    /// @dev Most words that a look into the history passes: more than the longest time to unbond takes.
    uint256 private constant MAX_HISTORY = 400;
    /// @dev Set for good once somebody delegates to a node: until then a claim asks nobody about delegators.
    uint32 private constant MAY_HAVE_POOL = 1 << 31;
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
    function settle(uint32 nodeIndex, bool isDelegated) external {
        if (msg.sender != _staking && msg.sender != _delegation) revert NodeRewards_NotStaking(msg.sender);
        Node storage node = _nodes[nodeIndex];
        if (isDelegated && node.before & MAY_HAVE_POOL == 0) node.before |= MAY_HAVE_POOL;
        _claimAll(nodeIndex, false);
    }

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
        return _hasPool(nodeIndex) ? _claimAll(nodeIndex, true) : _claim(nodeIndex, _payableUntil(), true);
    }

    // Views

    /// @inheritdoc INodeRewards
    function preview(uint32 nodeIndex) external view returns (Preview memory result) {
        uint64 closed = this.closedUntil();
        uint64 until = _finalWords();
        result.fromWord = _nodes[nodeIndex].cursor;
        Settlement memory claimed = _settlementOf(nodeIndex, closed < until ? closed : until);
        (result.operatorAmount, result.poolAmount) = _split(claimed);
        result.returned = claimed.gross - claimed.paid;
        result.untilWord = uint64(claimed.word);
    }

    /// @inheritdoc INodeRewards
    function weightAt(uint32 nodeIndex, uint64 epoch) external view returns (uint96 weight, bool isKnown) {
        Node memory node = _nodes[nodeIndex];
        if (epoch >= node.epoch) return (uint96(node.weight * MESH), true);
        uint256 newest = node.epoch >> 8;
        uint256 word = epoch >> 8;
        if (word == newest) return (0, false);
        uint256 end = newest - word > MAX_HISTORY ? word + MAX_HISTORY : newest;
        for (uint256 i = word; i < end; ++i) {
            Change memory change = _changes[nodeIndex][i];
            if (change.epoch == 0) continue;
            if (word < i) return (uint96(change.before * MESH), true);
            return (uint96(change.weight * MESH), epoch >= change.epoch);
        }
        return (uint96(_before(node) * MESH), end == newest);
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

    /// @dev Makes room for the first change in a word. The change before is kept.
    function _beginWord(uint32 nodeIndex, Node memory node, uint256 word) private {
        uint256 last = node.epoch >> 8;
        if (node.epoch == 0) {
            node.cursor = uint24(word);
            node.first = uint24(word);
        } else {
            _changes[nodeIndex][last] = Change(node.weight, _before(node), node.epoch, uint24(word), node.debt);
            if (last < node.cursor) node.first = uint24(word);
        }
        (node.before, node.debt) = (node.weight | (node.before & MAY_HAVE_POOL), 0);
    }

    /// @dev Returns a word in which the weight of a node changed, as it is kept.
    function _changeIn(uint32 nodeIndex, Node memory node, uint256 word) private view returns (Change memory change) {
        if (word != node.epoch >> 8) return _changes[nodeIndex][word];
        return Change(node.weight, _before(node), node.epoch, 0, node.debt);
    }

    function _before(Node memory node) private pure returns (uint32) {
        return node.before & ~MAY_HAVE_POOL;
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

    /// @dev Claims everything of a node that is final, before its stake or its pool grows; reverts when one call cannot.
    function _claimAll(uint32 nodeIndex, bool toStake) private returns (uint256 amount) {
        Node storage node = _nodes[nodeIndex];
        uint64 until = _finalWords();
        if (node.epoch == 0 || node.cursor >= until) return 0;
        uint64 closed = closeWords(MAX_JOIN_WORDS);
        if (closed < until) {
            if (_emissions.distributor() == address(this)) revert NodeRewards_WordsNotClosed(closed, until);
            until = closed;
        }
        amount = _claim(nodeIndex, until, toStake);
        if (node.cursor < until) revert NodeRewards_NotSettled(nodeIndex, node.cursor, until);
    }

    function _claim(uint32 nodeIndex, uint64 until, bool toStake) private returns (uint256 amount) {
        Settlement memory claimed = _settlementOf(nodeIndex, until);
        Node memory node = claimed.node;
        uint64 from = node.cursor;
        if (claimed.word <= from) return 0;
        amount = claimed.paid;
        node.cursor = uint24(claimed.word);
        node.first = uint24(claimed.changeWord == NONE ? node.epoch >> 8 : claimed.changeWord);
        node.grace = uint16(claimed.grace);
        _nodes[nodeIndex] = node;
        uint256 returned = claimed.gross - amount;
        if (returned > 0) _recycle(returned);
        (uint256 toOperator, uint256 toPool) = _split(claimed);
        address receiver = toStake ? _staking : claimed.beneficiary;
        emit RewardsClaimed(nodeIndex, receiver, from, node.cursor, toOperator, toPool, returned);
        if (toStake && toOperator > 0) INodeStaking(receiver).stake(nodeIndex, toOperator);
        else if (toOperator > 0) _token.safeTransfer(receiver, toOperator);
        if (toPool > 0) INodeDelegation(_delegation).addToPool(nodeIndex, toPool);
    }

    /// @dev Returns true when rewards of a node are divided with delegators.
    function _hasPool(uint32 nodeIndex) private view returns (bool) {
        if (_nodes[nodeIndex].before & MAY_HAVE_POOL == 0) return false;
        return INodeDelegation(_delegation).hasDelegators(nodeIndex);
    }

    /// @dev Divides a reward between operator and delegators by what is bonded now; the operator takes its commission.
    function _split(Settlement memory claimed) private view returns (uint256 toOperator, uint256 toPool) {
        uint256 amount = claimed.paid;
        if (amount == 0 || claimed.node.before & MAY_HAVE_POOL == 0) return (amount, 0);
        INodeDelegation delegation = INodeDelegation(_delegation);
        INodeDelegation.Pool memory pool = delegation.poolOf(claimed.nodeIndex);
        // Rounding may leave a wei in a pool without shares, and nobody would earn it.
        if (pool.shares == 0 || pool.assets == 0) return (amount, 0);
        uint256 own = INodeStaking(_staking).stakeOf(claimed.nodeIndex);
        uint256 ofPool = (amount * pool.assets) / (own + pool.assets);
        toPool = (ofPool * (BASIS_POINTS - delegation.commissionBp(claimed.nodeIndex))) / BASIS_POINTS;
        toOperator = amount - toPool;
    }

    /// @dev Settles the words of a node up to `until`, which must be closed, or up to one about which a dispute is not over.
    /// `word` says how far it came.
    function _settlementOf(uint32 nodeIndex, uint64 until) private view returns (Settlement memory claimed) {
        Node memory node = _nodes[nodeIndex];
        uint64 from = node.cursor;
        claimed.nodeIndex = nodeIndex;
        claimed.node = node;
        claimed.word = from;
        claimed.grace = node.grace;
        if (node.epoch == 0 || until <= from) return claimed;
        if (until - from > MAX_CLAIM_WORDS) until = from + MAX_CLAIM_WORDS;
        bool hasChange = node.first >= from;
        claimed.changeWord = hasChange ? node.first : NONE;
        claimed.weight = hasChange ? _changeIn(nodeIndex, node, node.first).before : node.weight;
        (claimed.troubles, until) = _bridge.troubledWords(nodeIndex, from, until);
        (claimed.beneficiary, claimed.intervals) = _registry.earnerOf(nodeIndex, from << 8, until << 8);
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
        if (claimed.nextTrouble < claimed.troubles.length) amount -= _takeTroubles(claimed, end);
        _addGrace(claimed, (end - claimed.word) * WORD_EPOCHS);
        claimed.paid += amount;
        claimed.word = end;
    }

    /// @dev Returns what a run of words does not earn because of trouble. `word` follows the last of these words.
    function _takeTroubles(Settlement memory claimed, uint256 end) private view returns (uint256 lost) {
        uint256[] memory troubles = claimed.troubles;
        uint256 next = claimed.nextTrouble;
        uint256 weight = claimed.weight;
        for (; next < troubles.length; ++next) {
            uint256 trouble = troubles[next];
            uint256 word = trouble >> 144;
            if (word >= end) break;
            unchecked {
                // Words are in ascending order, and a word pays at most what it earned.
                _addGrace(claimed, (word - claimed.word) << 8);
                claimed.word = word + 1;
                uint256 earned = _earnedOf(claimed, _attestedBeside(trouble), trouble);
                if (weight == 0) continue;
                uint256 ofWord = weight * _words[word].perMesh;
                lost += ofWord - (ofWord * earned) / (WORD_EPOCHS * BASIS_POINTS);
            }
        }
        claimed.nextTrouble = next;
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
        uint256 earned = _earnedOf(claimed, epochs.attested, epochs.trouble);
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
        epochs.attested = WORD_EPOCHS;
        if (claimed.nextTrouble == claimed.troubles.length) return epochs;
        uint256 trouble = claimed.troubles[claimed.nextTrouble];
        if (trouble >> 144 != claimed.word) return epochs;
        (epochs.attested, epochs.trouble) = (_attestedBeside(trouble), trouble);
    }

    /// @dev Returns what happened in the next word, in parts of which the node is not active.
    function _uptimeOf(Settlement memory claimed) private view returns (Epochs memory epochs) {
        uint64 start = uint64(claimed.word << 8);
        IAttestationBridge.Uptime memory uptime = _bridge.uptime(claimed.nodeIndex, start, start + uint64(WORD_EPOCHS));
        epochs.attested = uptime.attested;
        epochs.trouble = (uint256(uptime.absent) << 96) | (uint256(uptime.degraded) << 48) | uptime.unreported;
        if (claimed.nextInterval == claimed.intervals.length) return epochs;
        uint64 from = claimed.intervals[claimed.nextInterval].from;
        if (from > start) epochs.lead = from - start;
    }

    /// @dev Returns the epochs of a word that are paid, in basis points, and updates the node's grace.
    function _earnedOf(
        Settlement memory claimed,
        uint256 attested,
        uint256 trouble
    ) private view returns (uint256 earned) {
        earned = attested * BASIS_POINTS;
        if (uint96(trouble) != 0) earned += _earnedInTrouble(claimed, uint48(trouble >> 48), uint48(trouble));
        unchecked {
            // Epochs of a word, and a grace of 16 bits.
            _addGrace(claimed, attested);
            uint256 cost = uint48(trouble >> 96) * ABSENCE_COST;
            claimed.grace = cost < claimed.grace ? claimed.grace - cost : 0;
        }
    }

    /// @dev Returns what degraded and unreported epochs are paid, in basis points, and takes from the node's grace.
    function _earnedInTrouble(
        Settlement memory claimed,
        uint256 degraded,
        uint256 unreported
    ) private view returns (uint256 earned) {
        if (degraded > 0) earned += degraded * _parameters.get(ParameterIds.REWARD_DEGRADED_BP);
        if (unreported > 0) {
            uint256 most = _parameters.get(ParameterIds.REWARD_GRACE_EPOCHS);
            uint256 grace = claimed.grace < most ? claimed.grace : most;
            uint256 used = grace < unreported ? grace : unreported;
            claimed.grace = grace - used;
            earned += used * _parameters.get(ParameterIds.REWARD_UNREPORTED_BP);
        }
    }

    /// @dev Returns the attested epochs of a word beside those that are packed in `trouble`.
    function _attestedBeside(uint256 trouble) private pure returns (uint256) {
        unchecked {
            // A word has 256 epochs, each of which is counted once.
            return WORD_EPOCHS - uint48(trouble >> 96) - uint48(trouble >> 48) - uint48(trouble);
        }
    }

    function _addGrace(Settlement memory claimed, uint256 epochs) private pure {
        unchecked {
            // A grace of 16 bits, and epochs of at most 32.
            uint256 grace = claimed.grace + epochs;
            claimed.grace = grace > type(uint16).max ? type(uint16).max : grace;
        }
    }
}
