// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Blockhash} from "@openzeppelin/contracts/utils/Blockhash.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Arbitrated} from "./Arbitrated.sol";
import {EpochClock} from "./EpochClock.sol";
import {Governed} from "./Governed.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IEpochClock} from "./interfaces/IEpochClock.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {IRelayerCommittee} from "./interfaces/IRelayerCommittee.sol";
import {AttestationLedger} from "./libraries/AttestationLedger.sol";
import {CommitteeSignatures} from "./libraries/CommitteeSignatures.sol";
import {EpochWords} from "./libraries/EpochWords.sol";
import {ReportData} from "./libraries/ReportData.sol";
import {ReportTree} from "./libraries/ReportTree.sol";
import {StatementHash} from "./libraries/StatementHash.sol";

/// @notice Accepts the committee's reports and answers what they say about every node and epoch.
contract AttestationBridge is IAttestationBridge, EpochClock, Arbitrated, EIP712 {
    using AttestationLedger for AttestationLedger.Ledger;

    /// @notice What a bridge is built from.
    /// @param reportWindow Epochs after its end in which an epoch can be reported.
    /// @param commitWindow Epochs after the report window until commitments and receipts must have been used.
    /// @param challengeWindow Epochs after that in which a leaf can be challenged.
    /// @param responseWindow Epochs after that in which a challenge can be answered.
    struct Settings {
        INodeRegistry registry;
        IRelayerCommittee committee;
        INetworkParameters parameters;
        address timelock;
        uint64 epochGenesis;
        uint64 epochLength;
        uint64 reportWindow;
        uint64 commitWindow;
        uint64 challengeWindow;
        uint64 responseWindow;
    }

    /// @dev How far a shard has come, in one slot. Epochs below `first` passed before anything was reported for the
    /// shard; epochs from `first` to below `next` are reported or have an unreported bit. `disputes` counts the disputes
    /// about nodes of the shard that are not over.
    struct Progress {
        uint64 first;
        uint64 next;
        uint64 disputes;
    }

    /// @dev A build is allowed in epochs `[from, until)`.
    struct Approval {
        uint64 from;
        uint64 until;
    }

    /// @notice Number of blocks that a supported reorg replaces at most; beacons lie deeper.
    uint64 public constant REORG_DEPTH = 12;

    /// @dev Epochs between a decision about a build and its effect.
    uint64 private constant MEASUREMENT_DELAY = 2;
    uint64 private constant MIN_WINDOW = 1;
    uint64 private constant MAX_WINDOW = 10_000;
    uint256 private constant SHARD_SIZE = AttestationLedger.SHARD_SIZE;
    uint64 private constant WORD_EPOCHS = 256;

    /// @notice Registry whose node indices and active intervals count.
    INodeRegistry public immutable registry;
    /// @notice Committee whose members sign reports.
    IRelayerCommittee public immutable committee;
    /// @notice Table of the governed numbers that relayers apply (for example `degradedQuality`).
    INetworkParameters public immutable parameters;
    /// @inheritdoc IAttestationBridge
    bytes32 public immutable override genesisBeacon;
    /// @notice Epochs after its end in which an epoch can be reported.
    uint64 public immutable reportWindow;
    /// @inheritdoc IAttestationBridge
    uint64 public immutable override horizonEpochs;
    /// @inheritdoc IAttestationBridge
    uint64 public immutable override responseWindow;
    /// @inheritdoc IAttestationBridge
    uint64 public immutable override deploymentEpoch;

    AttestationLedger.Ledger private _ledger;
    mapping(uint32 shard => Progress) private _progress;
    mapping(uint256 shardAndEpoch => bytes32) private _commitments;
    mapping(uint64 epoch => bytes32) private _beacons;
    mapping(uint256 nodeAndEpoch => bytes32) private _committed;
    mapping(bytes32 measurement => Approval[]) private _approvals;
    mapping(uint256 nodeAndWord => uint64) private _disputesIn;

    constructor(
        Settings memory settings
    ) EpochClock(settings.epochGenesis, settings.epochLength) Governed(settings.timelock) EIP712("PQMesh", "1") {
        if (address(settings.registry) == address(0)) revert Governed_ZeroAddress("registry");
        if (address(settings.committee) == address(0)) revert Governed_ZeroAddress("committee");
        if (address(settings.parameters) == address(0)) revert Governed_ZeroAddress("parameters");
        _requireSameSchedule(IEpochClock(address(settings.registry)));
        _requireSameSchedule(IEpochClock(address(settings.committee)));
        registry = settings.registry;
        committee = settings.committee;
        parameters = settings.parameters;
        reportWindow = _checkedWindow("reportWindow", settings.reportWindow);
        responseWindow = _checkedWindow("responseWindow", settings.responseWindow);
        horizonEpochs =
            settings.reportWindow +
            _checkedWindow("commitWindow", settings.commitWindow) +
            _checkedWindow("challengeWindow", settings.challengeWindow) +
            settings.responseWindow;
        deploymentEpoch = currentEpoch();
        genesisBeacon = blockhash(block.number - 1);
    }

    // Reports

    /// @inheritdoc IAttestationBridge
    function submitReport(Report calldata report, uint256 signers, bytes calldata signatures) external {
        (uint256 start, uint256 end) = ReportData.load(report);
        (uint64 epoch, uint32 shard) = ReportData.subjectOf(report);
        _advance(epoch, shard);
        (uint64 beaconBlock, bytes32 beacon) = ReportData.beaconAt(start);
        _requireBeacon(beaconBlock, beacon);
        bytes32 digest = _hashTypedDataV4(ReportData.structHash(report, start));
        bytes memory members = _membersFor(epoch, ReportData.committeeVersionAt(start));
        CommitteeSignatures.requireQuorum(digest, members, signers, signatures);
        _record(epoch, shard, start);
        _commitments[EpochWords.keyOf(shard, epoch)] = ReportData.commitmentOf(digest, signers, beacon);
        ReportData.emitAccepted(report, start, end, digest, signers);
    }

    /// @inheritdoc IAttestationBridge
    function markUnreported(uint32 shard, uint64 maxEpochs) external {
        Progress storage progress = _progress[shard];
        uint64 next = progress.next;
        uint64 open = _firstOpenEpoch(currentEpoch());
        if (next >= open) revert AttestationBridge_NothingToPass(next, open);
        if (maxEpochs == 0) revert AttestationBridge_ZeroEpochs();
        if (next == 0) _requireShard(shard);
        _passOver(progress, shard, open - next > maxEpochs ? next + maxEpochs : open);
    }

    // Beacons and commitments

    /// @inheritdoc IAttestationBridge
    function recordBeacon(uint64 blockNumber) external {
        uint64 epoch = currentEpoch();
        if (_beacons[epoch] != 0) revert AttestationBridge_BeaconExists(epoch);
        bytes32 beacon = blockhash(blockNumber);
        _requireBeacon(blockNumber, beacon);
        _beacons[epoch] = beacon;
        emit BeaconRecorded(epoch, blockNumber, beacon);
    }

    /// @inheritdoc IAttestationBridge
    function commitAttestation(uint32 nodeIndex, uint64 epoch, bytes32 attestationHash) external {
        uint64 current = currentEpoch();
        if (epoch > current) revert AttestationBridge_EpochNotBegun(epoch, current);
        if (epoch < _firstOpenEpoch(current)) {
            revert AttestationBridge_ReportTooLate(epoch, reportDeadline(epoch), uint64(block.timestamp));
        }
        if (!registry.isOperator(nodeIndex, msg.sender)) {
            revert AttestationBridge_NotOperator(msg.sender, nodeIndex);
        }
        uint256 key = EpochWords.keyOf(nodeIndex, epoch);
        bytes32 known = _committed[key];
        if (known == attestationHash) return;
        if (known != 0) revert AttestationBridge_AlreadyCommitted(nodeIndex, epoch);
        _committed[key] = attestationHash;
        emit AttestationCommitted(nodeIndex, epoch, attestationHash);
    }

    // Overruling

    /// @inheritdoc IAttestationBridge
    function markAbsent(uint32 nodeIndex, uint64 epoch, bool isHeld) external onlyArbiter returns (bool changed) {
        if ((epoch < finalizedBefore() && !isHeld) || _ledger.isAdmitted(nodeIndex, epoch)) return false;
        if (_commitments[EpochWords.keyOf(_shardOf(nodeIndex), epoch)] == 0) return false;
        (bool absent, , ) = _ledger.read(nodeIndex, epoch);
        if (absent) return false;
        _ledger.markNode(AttestationLedger.Mark.Absent, nodeIndex, epoch);
        emit EpochVoided(nodeIndex, epoch);
        return true;
    }

    /// @inheritdoc IAttestationBridge
    function countDispute(uint32 nodeIndex, uint64 epoch, bool isOver) external onlyArbiter {
        Progress storage progress = _progress[_shardOf(nodeIndex)];
        unchecked {
            // Every dispute begins once and is over once; adding the largest number takes one away.
            uint64 step = isOver ? type(uint64).max : 1;
            progress.disputes += step;
            _disputesIn[EpochWords.keyOf(nodeIndex, epoch >> 8)] += step;
        }
    }

    /// @inheritdoc IAttestationBridge
    function admit(uint32 nodeIndex, uint64 word, uint256 epochs) external onlyArbiter returns (uint256 changed) {
        uint32 shard = _shardOf(nodeIndex);
        Progress storage progress = _progress[shard];
        uint64 open = _firstOpenEpoch(currentEpoch());
        if (progress.next < open) _passOver(progress, shard, open);
        epochs &= EpochWords.bitsWithin(word, finalizedBefore(), progress.next);
        if (epochs == 0) return 0;
        epochs = _ledger.admit(nodeIndex, word, epochs, progress.first);
        changed = EpochWords.count(epochs);
        if (changed > 0) EpochWords.emitEpochs(EpochsAdmitted.selector, nodeIndex, word, epochs);
    }

    // Builds

    /// @inheritdoc IAttestationBridge
    function approveMeasurement(bytes32 measurement) external onlyTimelock {
        Approval[] storage approvals = _approvals[measurement];
        if (measurement == 0) revert AttestationBridge_ZeroMeasurement();
        if (_isOpen(approvals)) revert AttestationBridge_AlreadyApproved(measurement);
        uint64 from = currentEpoch() + MEASUREMENT_DELAY;
        approvals.push(Approval(from, type(uint64).max));
        emit MeasurementApproved(measurement, from);
    }

    /// @inheritdoc IAttestationBridge
    function retireMeasurement(bytes32 measurement) external onlyTimelock {
        Approval[] storage approvals = _approvals[measurement];
        if (!_isOpen(approvals)) revert AttestationBridge_NotApproved(measurement);
        uint64 until = currentEpoch() + MEASUREMENT_DELAY;
        approvals[approvals.length - 1].until = until;
        emit MeasurementRetired(measurement, until);
    }

    /// @inheritdoc IAttestationBridge
    function isMeasurementApproved(bytes32 measurement, uint64 epoch) external view returns (bool) {
        return approvedUntil(measurement, epoch) != 0;
    }

    /// @inheritdoc IAttestationBridge
    function approvedUntil(bytes32 measurement, uint64 epoch) public view returns (uint64) {
        Approval[] storage approvals = _approvals[measurement];
        for (uint256 i = approvals.length; i > 0; --i) {
            Approval memory approval = approvals[i - 1];
            if (epoch >= approval.from) return epoch < approval.until ? approval.until : 0;
        }
        return 0;
    }

    // Status of nodes

    /// @inheritdoc IAttestationBridge
    function statusOf(uint32 nodeIndex, uint64 epoch) external view returns (EpochStatus) {
        if (!registry.isActive(nodeIndex, epoch)) return EpochStatus.Inactive;
        Progress memory progress = _progress[_shardOf(nodeIndex)];
        if (epoch >= progress.next) {
            return epoch < _firstOpenEpoch(currentEpoch()) ? EpochStatus.Unreported : EpochStatus.Pending;
        }
        if (epoch < progress.first) {
            return _ledger.isAdmitted(nodeIndex, epoch) ? EpochStatus.Attested : EpochStatus.Unreported;
        }
        (bool absent, bool degraded, bool unreported) = _ledger.read(nodeIndex, epoch);
        if (unreported) return EpochStatus.Unreported;
        if (absent) return EpochStatus.Absent;
        return degraded ? EpochStatus.Degraded : EpochStatus.Attested;
    }

    /// @inheritdoc IAttestationBridge
    function uptime(uint32 nodeIndex, uint64 fromEpoch, uint64 toEpoch) external view returns (Uptime memory total) {
        _requirePast(fromEpoch, toEpoch);
        (total, ) = _uptime(nodeIndex, fromEpoch, toEpoch);
    }

    /// @inheritdoc IAttestationBridge
    function serviceOf(uint32 nodeIndex, uint64 from, uint64 until) external view returns (Service memory service) {
        uint64 undisputed = _undisputedUntil(nodeIndex, from >> 8, (until + 255) >> 8) << 8;
        service.until = undisputed < until ? undisputed : until;
        if (service.until <= from) {
            service.until = from;
            return service;
        }
        Uptime memory total;
        (total, service.beneficiary) = _uptime(nodeIndex, from, service.until);
        service.proven = total.attested;
        service.missed = total.absent + total.degraded + total.inactive;
    }

    /// @inheritdoc IAttestationBridge
    function troubledWords(
        uint32 nodeIndex,
        uint64 fromWord,
        uint64 untilWord
    ) external view returns (uint256[] memory words, uint64 disputedFrom) {
        _requirePast(fromWord << 8, untilWord << 8);
        // Two entries of room before the words, so that the list becomes the answer where it lies.
        words = new uint256[](untilWord - fromWord + 2);
        Progress memory progress = _progress[_shardOf(nodeIndex)];
        uint64 start = _min(untilWord, _max(fromWord, (progress.first + 255) >> 8));
        uint64 end = _max(start, _min(untilWord, progress.next >> 8));
        AttestationLedger.Listing memory listing = AttestationLedger.Listing(nodeIndex, 2, words);
        _listUnrecorded(listing, progress, fromWord, start);
        _ledger.addTo(listing, start << 8, end << 8);
        _listUnrecorded(listing, progress, end, untilWord);
        uint256 count = listing.count;
        disputedFrom = _undisputedUntil(nodeIndex, fromWord, untilWord);
        assembly ("memory-safe") {
            mstore(words, 0x40)
            mstore(add(words, 0x20), disputedFrom)
            mstore(add(words, 0x40), sub(count, 2))
            return(words, shl(5, add(count, 1)))
        }
    }

    /// @inheritdoc IAttestationBridge
    function marksOf(uint32 nodeIndex, uint64 word) external view returns (uint256 failed, uint256 unreported) {
        Progress memory progress = _progress[_shardOf(nodeIndex)];
        return _ledger.bitsOf(nodeIndex, word, EpochWords.bitsWithin(word, progress.first, progress.next));
    }

    // Reads

    /// @inheritdoc IAttestationBridge
    function reportCommitment(uint32 shard, uint64 epoch) external view returns (bytes32) {
        return _commitments[EpochWords.keyOf(shard, epoch)];
    }

    /// @inheritdoc IAttestationBridge
    function nextEpoch(uint32 shard) external view returns (uint64) {
        return _progress[shard].next;
    }

    /// @inheritdoc IAttestationBridge
    function recordedBeacon(uint64 epoch) external view returns (bytes32) {
        return _beacons[epoch];
    }

    /// @inheritdoc IAttestationBridge
    function committedAttestation(uint32 nodeIndex, uint64 epoch) external view returns (bytes32) {
        return _committed[EpochWords.keyOf(nodeIndex, epoch)];
    }

    /// @inheritdoc IAttestationBridge
    function committedAttestations(
        uint32 nodeIndex,
        uint64[] calldata epochs
    ) external view returns (bytes32[] memory hashes) {
        hashes; // {EpochWords.returnAll} ends the call with them.
        EpochWords.returnAll(_committed, nodeIndex, epochs);
    }

    /// @inheritdoc IAttestationBridge
    function reportCommitments(uint32 shard, uint64[] calldata epochs) external view returns (bytes32[] memory hashes) {
        hashes; // {EpochWords.returnAll} ends the call with them.
        EpochWords.returnAll(_commitments, shard, epochs);
    }

    /// @inheritdoc IAttestationBridge
    function reportDeadline(uint64 epoch) public view returns (uint64) {
        return epochStart(epoch + 1 + reportWindow);
    }

    /// @inheritdoc IAttestationBridge
    function finalizedBefore() public view returns (uint64) {
        uint64 current = currentEpoch();
        return current > horizonEpochs ? current - horizonEpochs : 0;
    }

    /// @inheritdoc IAttestationBridge
    function hashAttestation(Attestation calldata attestation) external view returns (bytes32) {
        return _hashTypedDataV4(StatementHash.ofAttestation(attestation));
    }

    /// @inheritdoc IAttestationBridge
    function hashReport(Report calldata report) external view returns (bytes32) {
        (uint256 start, ) = ReportData.load(report);
        return _hashTypedDataV4(ReportData.structHash(report, start));
    }

    /// @inheritdoc IAttestationBridge
    function hashReceipt(uint64 epoch, bytes32 root) external view returns (bytes32) {
        return _hashTypedDataV4(StatementHash.ofReceipt(epoch, root));
    }

    /// @inheritdoc IAttestationBridge
    function verifyLeaf(
        bytes32 root,
        uint32 nodeIndex,
        bytes32 attestationHash,
        bytes32 signatureHash,
        bytes32[9] calldata proof
    ) external pure returns (bool) {
        bytes32 leaf = ReportTree.leafOf(nodeIndex, attestationHash, signatureHash);
        return ReportTree.rootOf(leaf, nodeIndex, proof) == root;
    }

    // Order of reports

    /// @dev Takes a shard past the epoch of a report. At any time exactly one epoch of a shard can be reported: the next
    /// one, or the oldest whose window is open when that is later.
    function _advance(uint64 epoch, uint32 shard) private {
        uint64 current = currentEpoch();
        if (epoch >= current) revert AttestationBridge_EpochNotOver(epoch, current);
        Progress storage progress = _progress[shard];
        uint64 next = progress.next;
        if (epoch < next) revert AttestationBridge_AlreadyReported(epoch, shard);
        uint64 open = _firstOpenEpoch(current);
        if (epoch < open) {
            revert AttestationBridge_ReportTooLate(epoch, reportDeadline(epoch), uint64(block.timestamp));
        }
        if (epoch > next && epoch > open) revert AttestationBridge_OutOfOrder(epoch, _max(next, open));
        if (next == 0) _requireShard(shard);
        if (epoch > next) _passOver(progress, shard, epoch);
        unchecked {
            // The epoch is below the current one.
            progress.next = epoch + 1;
        }
    }

    /// @dev Makes the epochs from the next one to below `until` unreported. Before the first report of a shard this only
    /// moves its start, so that a shard that begins late costs nothing.
    function _passOver(Progress storage progress, uint32 shard, uint64 until) private {
        uint64 next = progress.next;
        if (progress.first == next) progress.first = until;
        else _ledger.markUnreported(shard, next, until);
        progress.next = until;
        emit EpochsUnreported(shard, next, until - 1);
    }

    /// @dev Returns the oldest epoch whose report window is open.
    function _firstOpenEpoch(uint64 current) private view returns (uint64) {
        unchecked {
            // The difference is taken only when it is positive.
            return current > reportWindow ? current - reportWindow : 0;
        }
    }

    /// @dev Reverts unless the epochs `[from, to)` are over; returns the current one.
    function _requirePast(uint64 from, uint64 to) private view returns (uint64 current) {
        current = currentEpoch();
        if (from >= to) revert AttestationBridge_EmptyRange(from, to);
        if (to > current) revert AttestationBridge_RangeNotOver(to, current);
    }

    /// @dev A shard exists for ever once it has a node, so that this needs no check after the shard's first report.
    function _requireShard(uint32 shard) private view {
        uint256 shards = (uint256(registry.nodeCount()) + SHARD_SIZE - 1) / SHARD_SIZE;
        if (shard >= shards) revert AttestationBridge_UnknownShard(shard, uint32(shards));
    }

    function _requireBeacon(uint64 blockNumber, bytes32 beacon) private view {
        uint256 newestAllowed;
        unchecked {
            // The difference is taken only when it is positive.
            newestAllowed = block.number > REORG_DEPTH ? block.number - REORG_DEPTH : 0;
        }
        if (blockNumber > newestAllowed) revert AttestationBridge_BeaconTooRecent(blockNumber, uint64(newestAllowed));
        if (beacon == 0 || beacon != Blockhash.blockHash(blockNumber)) {
            revert AttestationBridge_InvalidBeacon(blockNumber, beacon);
        }
    }

    /// @dev Returns the members in force in an epoch, 20 bytes each in seat order; reverts unless `pinned` names them.
    function _membersFor(uint64 epoch, uint32 pinned) private view returns (bytes memory members) {
        uint32 version;
        (version, members) = committee.committeeFor(epoch);
        if (pinned != version) revert AttestationBridge_WrongCommittee(pinned, version);
    }

    /// @dev Records the lists of a report that was loaded.
    function _record(uint64 epoch, uint32 shard, uint256 start) private {
        uint256 quality = ReportData.listAt(start, ReportData.QUALITY).length;
        if (quality > SHARD_SIZE) revert AttestationBridge_QualityLength(quality, SHARD_SIZE);
        _ledger.record(AttestationLedger.Mark.Absent, shard, epoch, ReportData.listAt(start, ReportData.ABSENT));
        _ledger.record(AttestationLedger.Mark.Degraded, shard, epoch, ReportData.listAt(start, ReportData.DEGRADED));
    }

    /// @dev Returns the first of some words with an epoch of a node about which a dispute is not over, or `untilWord`.
    function _undisputedUntil(uint32 nodeIndex, uint64 word, uint64 untilWord) private view returns (uint64) {
        if (_progress[_shardOf(nodeIndex)].disputes == 0) return untilWord;
        while (word < untilWord && _disputesIn[EpochWords.keyOf(nodeIndex, word)] == 0) ++word;
        return word;
    }

    /// @dev Counts the epochs `[fromEpoch, toEpoch)` of a node; also returns its operator's beneficiary.
    function _uptime(
        uint32 nodeIndex,
        uint64 fromEpoch,
        uint64 toEpoch
    ) private view returns (Uptime memory total, address beneficiary) {
        uint64 activeFrom;
        uint64 activeUntil;
        (beneficiary, activeFrom, activeUntil) = registry.tenureOf(nodeIndex);
        Progress memory progress = _progress[_shardOf(nodeIndex)];
        if (activeFrom <= fromEpoch && toEpoch <= activeUntil) {
            _addActive(total, AttestationLedger.Query(nodeIndex, fromEpoch, toEpoch), progress);
            return (total, beneficiary);
        }
        INodeRegistry.Interval[] memory intervals = registry.intervalsWithin(nodeIndex, fromEpoch, toEpoch);
        uint256 active = 0;
        for (uint256 i = 0; i < intervals.length; ++i) {
            AttestationLedger.Query memory range = AttestationLedger.Query(
                nodeIndex,
                _max(fromEpoch, intervals[i].from),
                _min(toEpoch, intervals[i].until)
            );
            unchecked {
                // Intervals lie apart and overlap the range.
                active += range.until - range.from;
            }
            _addActive(total, range, progress);
        }
        total.inactive = toEpoch - fromEpoch - uint64(active);
    }

    /// @dev Adds the statuses of epochs in which the node is active.
    function _addActive(
        Uptime memory total,
        AttestationLedger.Query memory range,
        Progress memory progress
    ) private view {
        if (range.from < progress.first || range.until > progress.next) {
            uint64 open = _max(progress.next, _firstOpenEpoch(currentEpoch()));
            uint64 late = _overlap(range, progress.next, open);
            uint64 pending = _overlap(range, open, type(uint64).max);
            uint64 early = _overlap(range, 0, progress.first);
            total.unreported += early + late;
            if (early > 0) {
                AttestationLedger.Query memory query = AttestationLedger.Query(
                    range.node,
                    range.from,
                    range.from + early
                );
                uint64 admitted = uint64(_ledger.admittedIn(query));
                total.attested += admitted;
                total.unreported -= admitted;
            }
            total.pending += pending;
            range.from += early;
            range.until -= late + pending;
        }
        if (range.from >= range.until) return;
        AttestationLedger.Tally memory tally = _ledger.tally(range);
        unchecked {
            // The counts are of epochs of the range.
            total.absent += uint64(tally.absent);
            total.degraded += uint64(tally.degraded);
            total.unreported += uint64(tally.unreported);
            total.attested += uint64(range.until - range.from - tally.absent - tally.degraded - tally.unreported);
        }
    }

    /// @dev Lists those of the words `[from, until)`, in which not every epoch is recorded, that have something wrong.
    function _listUnrecorded(
        AttestationLedger.Listing memory listing,
        Progress memory progress,
        uint64 from,
        uint64 until
    ) private view {
        for (uint64 word = from; word < until; ++word) {
            Uptime memory total;
            _addActive(total, AttestationLedger.Query(listing.node, word << 8, (word + 1) << 8), progress);
            if (total.attested == WORD_EPOCHS) continue;
            listing.words[listing.count++] = AttestationLedger.pack(
                word,
                total.absent,
                total.degraded,
                total.unreported + total.pending
            );
        }
    }

    /// @dev Returns the number of epochs that a range shares with `[from, until)`.
    function _overlap(AttestationLedger.Query memory range, uint64 from, uint64 until) private pure returns (uint64) {
        uint64 start = _max(uint64(range.from), from);
        uint64 end = _min(uint64(range.until), until);
        return end > start ? end - start : 0;
    }

    /// @dev Returns true when the newest approval of a build has no end.
    function _isOpen(Approval[] storage approvals) private view returns (bool) {
        return approvals.length != 0 && approvals[approvals.length - 1].until == type(uint64).max;
    }

    function _checkedWindow(string memory name, uint64 epochs) private pure returns (uint64) {
        if (epochs < MIN_WINDOW || epochs > MAX_WINDOW) {
            revert AttestationBridge_WindowOutOfBounds(name, epochs, MIN_WINDOW, MAX_WINDOW);
        }
        return epochs;
    }

    function _shardOf(uint32 nodeIndex) private pure returns (uint32) {
        return nodeIndex / uint32(SHARD_SIZE);
    }

    function _max(uint64 a, uint64 b) private pure returns (uint64) {
        return a > b ? a : b;
    }

    function _min(uint64 a, uint64 b) private pure returns (uint64) {
        return a < b ? a : b;
    }
}
