// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Arbitrated} from "./Arbitrated.sol";
import {EpochClock} from "./EpochClock.sol";
import {Governed} from "./Governed.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {IRelayerCommittee} from "./interfaces/IRelayerCommittee.sol";
import {CodeStorage} from "./libraries/CodeStorage.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";
import {MLDSA65Keys} from "./pqc/MLDSA65Keys.sol";

contract RelayerCommittee is IRelayerCommittee, EpochClock, Arbitrated {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev One slot. The members are the code of `members`, 20 bytes each; all versions without members share one.
    struct Version {
        uint32 number;
        uint64 fromEpoch;
        address members;
    }

    /// @dev Epochs between a change and its effect.
    uint64 private constant EFFECT_DELAY = 2;
    uint256 private constant ADDRESS_LENGTH = 20;
    uint256 private constant MAX_ENDPOINT_LENGTH = 256;
    uint256 private constant BASIS_POINTS = 10_000;
    /// @dev Most candidates that wait.
    uint256 private constant MAX_QUEUE = 32;

    INetworkParameters private immutable _parameters;
    IERC20 private immutable _token;
    /// @dev Holds no members.
    address private immutable _nobody;

    /// @dev One slot: no sum exceeds the supply, which has 90 bits.
    uint96 private _totalBonded;
    uint96 private _totalFrozen;
    uint64 private _slashCount;
    Version private _latest;
    mapping(uint32 version => Version) private _versions;
    mapping(address relayer => Relayer) private _relayers;
    Candidate[] private _queue;

    /// @inheritdoc IRelayerCommittee
    mapping(address relayer => uint16) public override regionOf;

    mapping(uint256 slashId => Slash) private _slashes;

    constructor(
        IERC20 token,
        INetworkParameters parameters,
        address timelock_,
        uint64 genesis,
        uint64 length
    ) EpochClock(genesis, length) Governed(timelock_) {
        if (address(token) == address(0)) revert Governed_ZeroAddress("token");
        if (address(parameters) == address(0)) revert Governed_ZeroAddress("parameters");
        _token = token;
        _parameters = parameters;
        _nobody = CodeStorage.write("");
    }

    // Bonds

    /// @inheritdoc IRelayerCommittee
    function bond(uint256 amount, bytes calldata mldsaKey, string calldata endpoint) external {
        if (amount == 0) revert RelayerCommittee_ZeroAmount();
        _requireEndpoint(endpoint);
        Relayer storage relayer = _relayers[msg.sender];
        if (relayer.mldsaKeyHash == 0) relayer.mldsaKeyHash = _requireSoundKey(mldsaKey);
        else if (mldsaKey.length != 0) revert RelayerCommittee_KeyFixed(msg.sender);
        relayer.bond += amount.toUint128();
        _totalBonded += amount.toUint96();
        emit RelayerBonded(msg.sender, amount, relayer.bond, mldsaKey, endpoint);
        _token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IRelayerCommittee
    function setEndpoint(string calldata endpoint) external {
        _requireEndpoint(endpoint);
        _knownRelayer(msg.sender);
        emit EndpointSet(msg.sender, endpoint);
    }

    /// @inheritdoc IRelayerCommittee
    function requestBondRelease() external {
        Relayer storage relayer = _knownRelayer(msg.sender);
        uint32 inForce = _versionAt(currentEpoch()).number;
        if (relayer.lastVersion != 0 && relayer.lastVersion >= inForce) {
            revert RelayerCommittee_Seated(msg.sender, relayer.lastVersion);
        }
        if (relayer.releaseAt != 0) revert RelayerCommittee_AlreadyReleasing(msg.sender, relayer.releaseAt);
        relayer.releaseAt = _after(ParameterIds.COMMITTEE_RELEASE_DELAY);
        emit BondReleaseRequested(msg.sender, relayer.releaseAt);
    }

    /// @inheritdoc IRelayerCommittee
    function withdrawBond() external {
        Relayer storage relayer = _knownRelayer(msg.sender);
        if (relayer.releaseAt == 0) revert RelayerCommittee_NoReleaseRequested(msg.sender);
        if (block.timestamp < relayer.releaseAt) {
            revert RelayerCommittee_NotReleased(relayer.releaseAt, uint64(block.timestamp));
        }
        uint64 frozenUntil = relayer.frozenUntil;
        if (block.timestamp < frozenUntil) {
            revert RelayerCommittee_Frozen(msg.sender, frozenUntil, uint64(block.timestamp));
        }
        uint256 amount = relayer.bond;
        relayer.bond = 0;
        relayer.releaseAt = 0;
        relayer.vacatableAt = 0;
        _totalBonded -= uint96(amount);
        emit BondWithdrawn(msg.sender, amount);
        _token.safeTransfer(msg.sender, amount);
    }

    // Seats

    /// @inheritdoc IRelayerCommittee
    function admit(address relayer, uint16 region) external onlyTimelock {
        _requireBonded(relayer, _parameters.get(ParameterIds.COMMITTEE_BOND));
        if (_relayers[relayer].lastVersion != 0 && _relayers[relayer].lastVersion == _latest.number) {
            revert RelayerCommittee_Seated(relayer, _latest.number);
        }
        if (_queue.length >= MAX_QUEUE) revert RelayerCommittee_QueueFull(_queue.length, MAX_QUEUE);
        for (uint256 i = 0; i < _queue.length; ++i) {
            if (_queue[i].relayer == relayer) revert RelayerCommittee_Queued(relayer);
        }
        uint64 joinableAt = _after(ParameterIds.COMMITTEE_JOIN_DELAY);
        _queue.push(Candidate({relayer: relayer, joinableAt: joinableAt}));
        regionOf[relayer] = region;
        emit RelayerAdmitted(relayer, region, joinableAt);
    }

    /// @inheritdoc IRelayerCommittee
    function dismiss(address relayer) external {
        if (msg.sender != timelock && msg.sender != relayer) revert RelayerCommittee_NotYours(msg.sender, relayer);
        uint256 count = _queue.length;
        for (uint256 i = 0; i < count; ++i) {
            if (_queue[i].relayer != relayer) continue;
            _removeFromQueue(i);
            emit RelayerDismissed(relayer);
            return;
        }
        revert RelayerCommittee_NotQueued(relayer);
    }

    /// @inheritdoc IRelayerCommittee
    function fillSeats() external {
        address[] memory members = membersOf(_latest.number);
        address[] memory filled = _filled(members, members.length, _parameters.get(ParameterIds.COMMITTEE_MAX_SEATS));
        uint256 minimum = _parameters.get(ParameterIds.COMMITTEE_MIN_SEATS);
        if (filled.length == members.length || filled.length < minimum) revert RelayerCommittee_NobodyToSeat();
        address[] memory free = _notJailed(filled);
        _seatAndDequeue(free.length < minimum ? filled : free);
    }

    /// @inheritdoc IRelayerCommittee
    function unseat(address relayer) external onlyArbiter {
        if (_relayers[relayer].lastVersion == 0 || _relayers[relayer].lastVersion != _latest.number) {
            revert RelayerCommittee_NotSeated(relayer);
        }
        (address[] memory filled, bool isEnough) = _filledWithout(relayer);
        if (!isEnough) revert RelayerCommittee_NobodyToSeat();
        emit RelayerUnseated(relayer);
        _seatAndDequeue(filled);
    }

    /// @inheritdoc IRelayerCommittee
    function setCommittee(address[] calldata members) external onlyTimelock {
        uint256 min = _parameters.get(ParameterIds.COMMITTEE_MIN_SEATS);
        uint256 max = _parameters.get(ParameterIds.COMMITTEE_MAX_SEATS);
        if (members.length < min || members.length > max) {
            revert RelayerCommittee_SeatCount(members.length, min, max);
        }
        uint256 minimumBond = _parameters.get(ParameterIds.COMMITTEE_BOND);
        address previous = address(0);
        for (uint256 i = 0; i < members.length; ++i) {
            if (members[i] <= previous) revert RelayerCommittee_NotAscending(previous, members[i]);
            previous = members[i];
            _requireBonded(previous, minimumBond);
        }
        _seatAndDequeue(members);
    }

    /// @inheritdoc IRelayerCommittee
    function resign() external {
        Relayer storage relayer = _knownRelayer(msg.sender);
        if (relayer.lastVersion == 0 || relayer.lastVersion != _latest.number) {
            revert RelayerCommittee_NotSeated(msg.sender);
        }
        if (relayer.vacatableAt != 0) revert RelayerCommittee_AlreadyResigned(msg.sender, relayer.vacatableAt);
        relayer.vacatableAt = _after(ParameterIds.COMMITTEE_RESIGN_NOTICE);
        emit RelayerResigned(msg.sender, relayer.vacatableAt);
    }

    /// @inheritdoc IRelayerCommittee
    function vacateSeat(address relayer) external {
        Relayer storage record = _knownRelayer(relayer);
        if (record.vacatableAt == 0) revert RelayerCommittee_NotResigned(relayer);
        if (block.timestamp < record.vacatableAt) {
            revert RelayerCommittee_NoticeNotOver(record.vacatableAt, uint64(block.timestamp));
        }
        if (record.lastVersion != _latest.number) revert RelayerCommittee_NotSeated(relayer);
        (address[] memory filled, bool isEnough) = _filledWithout(relayer);
        _seatAndDequeue(isEnough ? filled : new address[](0));
    }

    // Penalties

    /// @inheritdoc IRelayerCommittee
    function punish(Punishment calldata order) external onlyArbiter returns (uint256 slashId) {
        uint256[] memory amounts = new uint256[](order.members.length);
        uint256 total = 0;
        uint64 jailedUntil = _after(ParameterIds.COMMITTEE_RELEASE_DELAY);
        for (uint256 i = 0; i < amounts.length; ++i) {
            amounts[i] = _penalise(order, order.members[i], jailedUntil);
            total += amounts[i];
        }
        _unseatJailed();
        if (total == 0) return 0;
        slashId = ++_slashCount;
        _totalBonded -= uint96(total);
        _totalFrozen += uint96(total);
        uint256 rewardBp = order.reporter == address(0) ? 0 : _parameters.get(ParameterIds.SLASH_REPORTER_BP);
        Slash memory slash = Slash({
            reporter: order.reporter,
            payableAt: _after(ParameterIds.VETO_PERIOD),
            amount: total.toUint128(),
            reward: ((total * rewardBp) / BASIS_POINTS).toUint128(),
            partsHash: keccak256(abi.encode(order.members, amounts))
        });
        _slashes[slashId] = slash;
        emit SlashFrozen(
            slashId,
            order.offence,
            order.reporter,
            total,
            slash.reward,
            slash.payableAt,
            order.members,
            amounts
        );
    }

    /// @inheritdoc IRelayerCommittee
    function paySlash(uint256 slashId) external {
        Slash memory slash = _slashes[slashId];
        if (slash.payableAt == 0 || block.timestamp < slash.payableAt) {
            revert RelayerCommittee_SlashNotPayable(slashId, slash.payableAt, uint64(block.timestamp));
        }
        _slashes[slashId].payableAt = 0;
        _totalFrozen -= uint96(slash.amount);
        uint256 rest = slash.amount - slash.reward;
        emit SlashPaid(slashId, slash.reward, rest);
        if (slash.reward > 0) _token.safeTransfer(slash.reporter, slash.reward);
        if (rest > 0) _token.safeTransfer(timelock, rest);
    }

    /// @inheritdoc IRelayerCommittee
    function pardon(uint256 slashId, address[] calldata members, uint256[] calldata amounts) external onlyTimelock {
        Slash storage slash = _slashes[slashId];
        bytes32 partsHash = keccak256(abi.encode(members, amounts));
        if (block.timestamp >= slash.payableAt || partsHash != slash.partsHash) {
            revert RelayerCommittee_NoPardon(slashId);
        }
        slash.payableAt = 0;
        _totalFrozen -= uint96(slash.amount);
        _totalBonded += uint96(slash.amount);
        for (uint256 i = 0; i < members.length; ++i) {
            _relayers[members[i]].bond += amounts[i].toUint128();
        }
        emit SlashPardoned(slashId, slash.amount);
    }

    // Views

    /// @inheritdoc IRelayerCommittee
    function totalBonded() external view returns (uint256) {
        return _totalBonded;
    }

    /// @inheritdoc IRelayerCommittee
    function totalFrozen() external view returns (uint256) {
        return _totalFrozen;
    }

    /// @inheritdoc IRelayerCommittee
    function candidates() external view returns (Candidate[] memory) {
        return _queue;
    }

    /// @inheritdoc IRelayerCommittee
    function slashOf(uint256 slashId) external view returns (Slash memory) {
        return _slashes[slashId];
    }

    /// @inheritdoc IRelayerCommittee
    function relayerOf(address relayer) external view returns (Relayer memory) {
        return _knownRelayer(relayer);
    }

    /// @inheritdoc IRelayerCommittee
    function latestVersion() external view returns (uint32) {
        return _latest.number;
    }

    /// @inheritdoc IRelayerCommittee
    function versionAt(uint64 epoch) external view returns (uint32) {
        return _inForce(epoch).number;
    }

    /// @inheritdoc IRelayerCommittee
    function committeeFor(uint64 epoch) external view returns (uint32 version, bytes memory packedMembers) {
        Version memory found = _inForce(epoch);
        return (found.number, CodeStorage.read(found.members));
    }

    /// @inheritdoc IRelayerCommittee
    function membersOf(uint32 version) public view returns (address[] memory members) {
        bytes memory packed = CodeStorage.read(_existingVersion(version).members);
        members = new address[](packed.length / ADDRESS_LENGTH);
        for (uint256 i = 0; i < members.length; ++i) {
            uint256 end = (i + 1) * ADDRESS_LENGTH;
            address member;
            assembly ("memory-safe") {
                // The word that ends with the seat's 20 bytes; its upper 12 bytes belong to what is before.
                member := shr(96, shl(96, mload(add(packed, end))))
            }
            members[i] = member;
        }
    }

    /// @inheritdoc IRelayerCommittee
    function activationOf(uint32 version) external view returns (uint64) {
        return _existingVersion(version).fromEpoch;
    }

    /// @inheritdoc IRelayerCommittee
    function quorumOf(uint32 version) external view returns (uint256) {
        uint256 seats = CodeStorage.lengthOf(_existingVersion(version).members) / ADDRESS_LENGTH;
        return (2 * seats) / 3 + 1;
    }

    // Internal

    /// @dev Returns the newest members without one of them, with the first candidates who may take the free seat, and whether
    /// they are as many as the minimum.
    function _filledWithout(address relayer) private view returns (address[] memory filled, bool isEnough) {
        address[] memory members = membersOf(_latest.number);
        uint256 kept = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            if (members[i] != relayer) members[kept++] = members[i];
        }
        filled = _filled(members, kept, members.length);
        isEnough = filled.length >= _parameters.get(ParameterIds.COMMITTEE_MIN_SEATS);
    }

    /// @dev Returns the first `count` of `members` and candidates in the order of the queue, up to `most` seats, in
    /// ascending order. The candidates leave the queue when they are seated: {_dequeueSeated}.
    function _filled(
        address[] memory members,
        uint256 count,
        uint256 most
    ) private view returns (address[] memory filled) {
        if (most < count) most = count;
        filled = new address[](most);
        for (uint256 i = 0; i < count; ++i) {
            filled[i] = members[i];
        }
        for (uint256 i = 0; i < _queue.length && count < most; ++i) {
            if (_maySit(_queue[i], filled, count, most)) _insert(filled, count++, _queue[i].relayer);
        }
        assembly ("memory-safe") {
            mstore(filled, count)
        }
    }

    /// @dev Returns true when a candidate has waited, is bonded and not leaving or jailed, and its region has a seat left.
    function _maySit(
        Candidate memory candidate,
        address[] memory members,
        uint256 count,
        uint256 most
    ) private view returns (bool) {
        Relayer storage relayer = _relayers[candidate.relayer];
        bool isSound =
            block.timestamp >= candidate.joinableAt &&
                block.timestamp >= relayer.frozenUntil &&
                !relayer.isBarred &&
                relayer.releaseAt == 0 &&
                relayer.bond >= _parameters.get(ParameterIds.COMMITTEE_BOND);
        if (!isSound) return false;
        uint16 region = regionOf[candidate.relayer];
        if (region == 0) return true;
        uint256 ofRegion = 0;
        for (uint256 i = 0; i < count; ++i) {
            if (regionOf[members[i]] == region) ++ofRegion;
        }
        uint256 cap = (most * _parameters.get(ParameterIds.COMMITTEE_REGION_BP)) / BASIS_POINTS;
        return ofRegion < (cap == 0 ? 1 : cap);
    }

    /// @dev Inserts a member into the first `count` places, which are in ascending order.
    function _insert(address[] memory members, uint256 count, address member) private pure {
        uint256 place = count;
        for (; place > 0 && members[place - 1] > member; --place) {
            members[place] = members[place - 1];
        }
        members[place] = member;
    }

    /// @dev Keeps the order of the others.
    function _removeFromQueue(uint256 position) private {
        for (uint256 i = position + 1; i < _queue.length; ++i) {
            _queue[i - 1] = _queue[i];
        }
        _queue.pop();
    }

    /// @dev Makes the next version out of members in ascending order, among whom there may be candidates.
    function _seatAndDequeue(address[] memory members) private {
        _seat(members);
        _dequeueSeated();
    }

    /// @dev Who has a seat no longer waits for one: it would be seated again when it leaves.
    function _dequeueSeated() private {
        uint32 latest = _latest.number;
        for (uint256 i = 0; i < _queue.length;) {
            if (_relayers[_queue[i].relayer].lastVersion == latest) _removeFromQueue(i);
            else ++i;
        }
    }

    /// @dev Jails a relayer until a time and takes its share; returns the amount.
    function _penalise(Punishment calldata order, address member, uint64 jailedUntil) private returns (uint256 amount) {
        Relayer storage relayer = _relayers[member];
        if (order.isProven || block.timestamp >= relayer.frozenUntil) {
            amount = (uint256(relayer.bond) * order.shareBp) / BASIS_POINTS;
            relayer.bond -= amount.toUint128();
            relayer.frozenUntil = jailedUntil;
            relayer.isBarred = relayer.isBarred || order.isProven;
        }
        emit RelayerPunished(order.offence, member, amount, relayer.bond, relayer.frozenUntil, order.isProven);
    }

    /// @dev Makes the next version out of the members that are not jailed, when some are. A set that would fall below the
    /// minimum keeps them while they are so few that it tolerates them. When they are more, candidates take their seats, and
    /// it is dissolved when there are too few.
    function _unseatJailed() private {
        address[] memory members = membersOf(_latest.number);
        address[] memory free = _notJailed(members);
        uint256 jailed = members.length - free.length;
        if (jailed == 0) return;
        uint256 minimum = _parameters.get(ParameterIds.COMMITTEE_MIN_SEATS);
        if (free.length >= minimum) return _seat(free);
        if (jailed <= (members.length - 1) / 3) return;
        address[] memory filled = _filled(free, free.length, members.length);
        _seatAndDequeue(filled.length < minimum ? new address[](0) : filled);
    }

    /// @dev Returns those of some relayers that are neither jailed nor barred, in the same order.
    function _notJailed(address[] memory relayers) private view returns (address[] memory free) {
        free = new address[](relayers.length);
        uint256 count = 0;
        for (uint256 i = 0; i < relayers.length; ++i) {
            Relayer storage relayer = _relayers[relayers[i]];
            if (!relayer.isBarred && block.timestamp >= relayer.frozenUntil) free[count++] = relayers[i];
        }
        assembly ("memory-safe") {
            mstore(free, count)
        }
    }

    /// @dev Makes the next version out of members in ascending order.
    function _seat(address[] memory members) private {
        uint32 number = _latest.number + 1;
        bytes memory packed = new bytes(members.length * ADDRESS_LENGTH);
        for (uint256 i = 0; i < members.length; ++i) {
            address member = members[i];
            _relayers[member].lastVersion = number;
            uint256 offset = 32 + i * ADDRESS_LENGTH;
            assembly ("memory-safe") {
                mcopy(add(packed, offset), add(add(members, 32), add(mul(i, 32), 12)), 20)
            }
        }
        Version memory version = Version({
            number: number,
            fromEpoch: currentEpoch() + EFFECT_DELAY,
            members: members.length == 0 ? _nobody : CodeStorage.write(packed)
        });
        _latest = version;
        _versions[number] = version;
        emit CommitteeSet(number, version.fromEpoch, members);
    }

    function _inForce(uint64 epoch) private view returns (Version memory version) {
        version = _versionAt(epoch);
        if (version.number == 0) revert RelayerCommittee_UnknownVersion(0);
    }

    /// @dev Returns the newest version that holds in an epoch; number 0 when there is none.
    function _versionAt(uint64 epoch) private view returns (Version memory version) {
        version = _latest;
        if (epoch >= version.fromEpoch) return version;
        uint32 low = 0;
        uint32 high = version.number;
        while (low < high - 1) {
            uint32 middle = (low + high) / 2;
            if (_versions[middle].fromEpoch <= epoch) low = middle;
            else high = middle;
        }
        return _versions[low];
    }

    function _existingVersion(uint32 number) private view returns (Version memory version) {
        version = _versions[number];
        if (version.number == 0) revert RelayerCommittee_UnknownVersion(number);
    }

    function _knownRelayer(address wallet) private view returns (Relayer storage relayer) {
        relayer = _relayers[wallet];
        if (relayer.mldsaKeyHash == 0) revert RelayerCommittee_UnknownRelayer(wallet);
    }

    function _requireBonded(address member, uint256 minimum) private view {
        Relayer storage relayer = _knownRelayer(member);
        if (relayer.isBarred || block.timestamp < relayer.frozenUntil) {
            revert RelayerCommittee_Jailed(member, relayer.isBarred ? type(uint64).max : relayer.frozenUntil);
        }
        if (relayer.releaseAt != 0 || relayer.vacatableAt != 0) revert RelayerCommittee_Leaving(member);
        if (relayer.bond < minimum) revert RelayerCommittee_NotBonded(member, relayer.bond, minimum);
    }

    function _requireSoundKey(bytes calldata key) private pure returns (bytes32 keyHash) {
        if (key.length != MLDSA65Keys.LENGTH) revert RelayerCommittee_KeyLength(key.length, MLDSA65Keys.LENGTH);
        if (MLDSA65Keys.isDegenerate(key)) revert RelayerCommittee_DegenerateKey();
        return keccak256(key);
    }

    function _requireEndpoint(string calldata endpoint) private pure {
        uint256 length = bytes(endpoint).length;
        if (length == 0 || length > MAX_ENDPOINT_LENGTH) {
            revert RelayerCommittee_EndpointLength(length, MAX_ENDPOINT_LENGTH);
        }
    }

    function _after(bytes32 delayId) private view returns (uint64) {
        return uint64(block.timestamp + _parameters.get(delayId));
    }
}
