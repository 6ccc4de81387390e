// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrated} from "./IArbitrated.sol";

/// @notice Reports of the relayer committee about epochs of shards, and the uptime that follows from them.
/// @dev A shard is 512 consecutive node indices. Storage is sparse: a healthy epoch writes one commitment and one counter
/// for the whole shard. A node that is not listed in an accepted report is claimed to have attested.
interface IAttestationBridge is IArbitrated {
    /// @notice What is known about one node in one epoch.
    /// Inactive: outside the node's active intervals. Pending: not reported and the report window is open.
    /// Attested, Absent, Degraded: as reported. Unreported: the window closed without a report.
    enum EpochStatus {
        Inactive,
        Pending,
        Attested,
        Absent,
        Degraded,
        Unreported
    }

    /// @notice A node's statement for one epoch, signed with ML-DSA-65 over its EIP-712 digest (empty context).
    /// @param nodeIndex Node that signs.
    /// @param epoch Epoch the statement is for.
    /// @param sequence Number of the attestation in the node's chain, from 1, without gaps.
    /// @param beacon Block hash recorded by the bridge within the eight epochs before `epoch`: proves "signed after".
    /// @param measurement SHA-256 of the agent build, self-declared; must be on the allow-list.
    /// @param previous EIP-712 digest of the node's previous attestation, zero for sequence 1.
    /// @param shares Six offered resource shares in basis points, 16 bits each from the low end: CPU, GPU, Memory,
    /// Storage, Network, Container.
    /// @param cpuLoadBp Load over the last minute per core in basis points, capped at 65535.
    /// @param memoryUsedBp Memory in use in basis points.
    /// @param storageUsedBp Storage in use in basis points.
    /// @param heartbeats Heartbeats sent in the previous epoch.
    /// @param latencyMicros Median round trip to the relayer in microseconds, 0 when unknown.
    /// @param space Proof-of-State space: bytes of storage offered.
    /// @param stake Proof-of-State stake: bonded MESH wei as the node sees it.
    /// @param work Proof-of-State work: CPU milliseconds the host spent since boot.
    /// @param time Proof-of-State time: seconds the agent has been running.
    struct Attestation {
        uint32 nodeIndex;
        uint64 epoch;
        uint64 sequence;
        bytes32 beacon;
        bytes32 measurement;
        bytes32 previous;
        uint96 shares;
        uint16 cpuLoadBp;
        uint16 memoryUsedBp;
        uint16 storageUsedBp;
        uint32 heartbeats;
        uint32 latencyMicros;
        uint64 space;
        uint128 stake;
        uint64 work;
        uint64 time;
    }

    /// @notice The committee's statement about one epoch of one shard; members sign its EIP-712 digest.
    /// @param epoch Epoch reported.
    /// @param shard Shard reported: nodeIndex / 512.
    /// @param round Attempt within the epoch, from 0; each round has its own leader and one digest per member.
    /// @param committeeVersion Version of the committee in force in `epoch`.
    /// @param beaconBlock Block whose hash is recorded as a beacon; deeper than the supported reorg.
    /// @param beacon Hash of `beaconBlock`.
    /// @param root Merkle root over 512 positional leaves (depth 9, see {verifyLeaf}).
    /// @param absent Local indices (nodeIndex mod 512) without a valid attestation: strictly ascending uint16, big-endian.
    /// @param degraded Local indices that attested with heartbeats or latency out of bounds: same encoding.
    /// @param quality One byte per local index from 0 (255 best), at most 512; event data only.
    struct Report {
        uint64 epoch;
        uint32 shard;
        uint32 round;
        uint32 committeeVersion;
        uint64 beaconBlock;
        bytes32 beacon;
        bytes32 root;
        bytes absent;
        bytes degraded;
        bytes quality;
    }

    /// @notice Epochs of a range by status; the six counts add up to the length of the range.
    /// @param attested Reported and in neither list.
    /// @param absent Reported as absent.
    /// @param degraded Reported as degraded and not as absent.
    /// @param unreported The report window closed without a report.
    /// @param pending Not reported, and the report window is open.
    /// @param inactive Outside the node's active intervals, whatever was reported.
    struct Uptime {
        uint64 attested;
        uint64 absent;
        uint64 degraded;
        uint64 unreported;
        uint64 pending;
        uint64 inactive;
    }

    /// @notice What a node did for whoever pays it.
    /// @param until First epoch that is not counted.
    /// @param proven Epochs in which it attested and was not degraded.
    /// @param missed Epochs in which it was absent, degraded or inactive; the rest are unreported.
    /// @param beneficiary Address that its operator has paid now.
    struct Service {
        uint64 until;
        uint64 proven;
        uint64 missed;
        address beneficiary;
    }

    /// @notice Emitted when a report is accepted.
    /// @param digest EIP-712 digest of the report.
    /// @param signers Bit i is set when seat i signed.
    event ReportAccepted(
        uint64 indexed epoch,
        uint32 indexed shard,
        bytes32 indexed root,
        uint32 round,
        uint32 committeeVersion,
        uint64 beaconBlock,
        bytes32 beacon,
        bytes32 digest,
        uint256 signers,
        address submitter,
        bytes absent,
        bytes degraded,
        bytes quality
    );

    /// @notice Emitted when epochs of a shard are final without a report; both ends inclusive.
    event EpochsUnreported(uint32 indexed shard, uint64 fromEpoch, uint64 toEpoch);

    /// @notice Emitted when a beacon is recorded without a report.
    event BeaconRecorded(uint64 indexed epoch, uint64 blockNumber, bytes32 beacon);

    /// @notice Emitted when a node's operator put the hash of an attestation on chain before the report deadline.
    event AttestationCommitted(uint32 indexed nodeIndex, uint64 indexed epoch, bytes32 attestationHash);

    /// @notice Emitted when a build is allowed from an epoch on.
    event MeasurementApproved(bytes32 indexed measurement, uint64 fromEpoch);

    /// @notice Emitted when a build is no longer allowed from an epoch on.
    event MeasurementRetired(bytes32 indexed measurement, uint64 fromEpoch);

    /// @notice Emitted when a node became absent in a reported epoch, because its leaf was invalid or withheld.
    event EpochVoided(uint32 indexed nodeIndex, uint64 indexed epoch);

    /// @notice Emitted when a node became attested in epochs in which it was absent or unreported, by its own proof. They are
    /// of one word of 256 epochs, in ascending order.
    event EpochsAdmitted(uint32 indexed nodeIndex, uint64[] epochs);

    /// @notice Thrown when a report or commitment is for an epoch that has not ended, or has not begun.
    error AttestationBridge_EpochNotOver(uint64 epoch, uint64 currentEpoch);

    /// @notice Thrown when a hash is committed for an epoch that has not begun.
    error AttestationBridge_EpochNotBegun(uint64 epoch, uint64 currentEpoch);

    /// @notice Thrown when the report window of the epoch has closed (Unix seconds).
    error AttestationBridge_ReportTooLate(uint64 epoch, uint64 deadline, uint64 nowSeconds);

    /// @notice Thrown when the epoch of this shard is already reported or passed over.
    error AttestationBridge_AlreadyReported(uint64 epoch, uint32 shard);

    /// @notice Thrown when an earlier epoch of the shard can still be reported.
    error AttestationBridge_OutOfOrder(uint64 epoch, uint64 expectedEpoch);

    /// @notice Thrown when a shard holds no registered node.
    error AttestationBridge_UnknownShard(uint32 shard, uint32 shardCount);

    /// @notice Thrown when the report pins a committee that is not in force in its epoch.
    error AttestationBridge_WrongCommittee(uint32 version, uint32 expected);

    /// @notice Thrown when fewer seats signed than the quorum needs, or `signers` names a seat that does not exist.
    error AttestationBridge_NoQuorum(uint256 signatures, uint256 quorum);

    /// @notice Thrown when signature bytes do not match the number of signers (65 bytes each, in seat order).
    error AttestationBridge_SignatureLength(uint256 length, uint256 expected);

    /// @notice Thrown when the signature of a seat does not recover to its member.
    error AttestationBridge_InvalidSignature(uint256 seat, address member);

    /// @notice Thrown when an index list has an odd length, an index above 511, or is not strictly ascending.
    error AttestationBridge_InvalidIndexList(uint256 position);

    /// @notice Thrown when there are more quality bytes than nodes in a shard.
    error AttestationBridge_QualityLength(uint256 length, uint256 max);

    /// @notice Thrown when a beacon block is not deeper than the supported reorg.
    error AttestationBridge_BeaconTooRecent(uint64 blockNumber, uint64 newestAllowed);

    /// @notice Thrown when a beacon is not the hash of its block, or the block is too old to be checked.
    error AttestationBridge_InvalidBeacon(uint64 blockNumber, bytes32 beacon);

    /// @notice Thrown when this epoch already has a beacon recorded without a report.
    error AttestationBridge_BeaconExists(uint64 epoch);

    /// @notice Thrown when the caller is neither the owner nor the hot wallet of the node's operator.
    error AttestationBridge_NotOperator(address caller, uint32 nodeIndex);

    /// @notice Thrown when a different hash is already committed for this node and epoch.
    error AttestationBridge_AlreadyCommitted(uint32 nodeIndex, uint64 epoch);

    /// @notice Thrown when a range of epochs is empty or reversed.
    error AttestationBridge_EmptyRange(uint64 fromEpoch, uint64 toEpoch);

    /// @notice Thrown when a range of epochs ends in the future.
    error AttestationBridge_RangeNotOver(uint64 toEpoch, uint64 currentEpoch);

    /// @notice Thrown when a shard has no epoch that can be passed over: its next one can still be reported.
    error AttestationBridge_NothingToPass(uint64 nextEpoch, uint64 firstOpenEpoch);

    /// @notice Thrown when no epoch at all is to be passed over.
    error AttestationBridge_ZeroEpochs();

    /// @notice Thrown when a measurement is zero.
    error AttestationBridge_ZeroMeasurement();

    /// @notice Thrown when a measurement is approved that is allowed already.
    error AttestationBridge_AlreadyApproved(bytes32 measurement);

    /// @notice Thrown when a measurement is retired that is not allowed.
    error AttestationBridge_NotApproved(bytes32 measurement);

    /// @notice Thrown at deployment when a window is outside its limits (epochs). `window` names it.
    error AttestationBridge_WindowOutOfBounds(string window, uint64 epochs, uint64 min, uint64 max);

    /// @notice Accepts a report that more than two thirds of the committee signed. Anyone may send it.
    /// @dev Idempotent by reverting: exactly one report per epoch and shard, in order of epochs. At any time exactly one
    /// epoch of a shard can be reported: {nextEpoch}, or the oldest epoch whose report window is open when that is later.
    /// Epochs before it are passed over and become unreported.
    /// Warning: passing over costs about 90 gas per epoch once the shard has reported; after months of silence
    /// {markUnreported} must work through the gap first.
    /// @param signers Bit i is set when seat i signed.
    /// @param signatures 65-byte ECDSA signatures (r ‖ s ‖ v, low s) of the set seats, in ascending seat order.
    function submitReport(Report calldata report, uint256 signers, bytes calldata signatures) external;

    /// @notice Marks epochs whose report window closed as unreported, at most `maxEpochs` of them. Anyone may call it.
    /// @dev Changes no status, since such epochs count as unreported anyway; it only makes room for the next report.
    function markUnreported(uint32 shard, uint64 maxEpochs) external;

    /// @notice Records a beacon for the current epoch, once. Anyone may call it; it is needed while no reports arrive.
    /// @dev The block must be among the newest 256: nobody vouches that the caller chose a recent one, and with an old
    /// beacon attestations could be signed long in advance.
    function recordBeacon(uint64 blockNumber) external;

    /// @notice Puts the hash of an attestation on chain before the report deadline of its epoch. Owner or hot wallet only.
    /// @dev Possible from {IEpochClock.epochStart} of the epoch to the second before {reportDeadline}, whether or not the epoch is
    /// reported. Committing the same hash again, or a zero hash when there is none, does nothing.
    function commitAttestation(uint32 nodeIndex, uint64 epoch, bytes32 attestationHash) external;

    /// @notice Makes a node absent in a reported epoch, after its leaf was proven invalid or withheld, or after it signed
    /// twice. Arbiters only.
    /// @dev Does nothing when the epoch is final or the node proved by itself that it attested.
    /// @param isHeld True when a dispute that began in time holds the epoch open beyond the horizon.
    /// @return changed True when the status is another one now.
    function markAbsent(uint32 nodeIndex, uint64 epoch, bool isHeld) external returns (bool changed);

    /// @notice Takes note that a dispute about an epoch of a node begins, or that it is over. Arbiters only.
    function countDispute(uint32 nodeIndex, uint64 epoch, bool isOver) external;

    /// @notice Makes a node attested in epochs of a word in which it is absent or unreported, after it proved that it had
    /// signed in time. Arbiters only.
    /// @dev Skips epochs that are final or still open. One in which the node is neither absent nor unreported keeps its status
    /// for good: {markAbsent} does nothing any more, however late a challenge about a leaf that members withhold ends.
    /// @param word Number of the word of 256 epochs.
    /// @param epochs Bit i stands for epoch 256 * word + i.
    /// @return changed Number of epochs whose status is another one now.
    function admit(uint32 nodeIndex, uint64 word, uint256 epochs) external returns (uint256 changed);

    /// @notice Allows a build two epochs from now. Timelock only (AuthorizationOp).
    function approveMeasurement(bytes32 measurement) external;

    /// @notice Stops allowing a build two epochs from now. Timelock only (AuthorizationOp).
    function retireMeasurement(bytes32 measurement) external;

    /// @notice Returns true when a build is allowed in an epoch.
    function isMeasurementApproved(bytes32 measurement, uint64 epoch) external view returns (bool);

    /// @notice Returns the first epoch after `epoch` in which a build is not allowed any more; 0 when it is not allowed in it.
    function approvedUntil(bytes32 measurement, uint64 epoch) external view returns (uint64);

    /// @notice Returns what is known about a node in an epoch.
    function statusOf(uint32 nodeIndex, uint64 epoch) external view returns (EpochStatus);

    /// @notice Counts the epochs `[fromEpoch, toEpoch)` of a node by status. `toEpoch` is at most the current epoch.
    /// @dev A month of 60-second epochs reads a handful of slots when nothing was wrong, one more for each 256 epochs with
    /// an absence or a degradation of this node, and at most two more for each epoch in which over 64 nodes of the shard
    /// were absent or degraded (about 5,000 gas): long ranges of a shard in trouble are read in pages.
    function uptime(uint32 nodeIndex, uint64 fromEpoch, uint64 toEpoch) external view returns (Uptime memory);

    /// @notice Returns the words of 256 epochs in `[fromWord, untilWord)`, all of them over, in which not every epoch was
    /// reported with the node attested and not degraded, in ascending order.
    /// @dev Asks the summaries first, so that a month of uptime costs a handful of slots. Takes no account of the node's
    /// active intervals. Epochs that can still be reported count as unreported.
    /// @return words 48 bits each from the low end: unreported, degraded and absent epochs, number of the word.
    /// @return disputedFrom First of these words with an epoch of the node about which a dispute is not over; `untilWord` when there is
    /// none.
    function troubledWords(
        uint32 nodeIndex,
        uint64 fromWord,
        uint64 untilWord
    ) external view returns (uint256[] memory words, uint64 disputedFrom);

    /// @notice Returns what is recorded for a node in a word of 256 epochs, as bits: bit i stands for epoch 256 * word + i.
    /// @dev Takes no account of the node's active intervals. Epochs that can still be reported count as unreported.
    /// @return failed Absent or degraded.
    /// @return unreported Not reported, and the node did not prove that it attested.
    function marksOf(uint32 nodeIndex, uint64 word) external view returns (uint256 failed, uint256 unreported);

    /// @notice Returns what a node did in the epochs `[from, until)`, all of them over, before the first word of 256 epochs with
    /// an epoch of the node about which a dispute is not over.
    function serviceOf(uint32 nodeIndex, uint64 from, uint64 until) external view returns (Service memory);

    /// @notice Returns keccak256(abi.encode(digest, signers, beacon)) of the accepted report, 0 when there is none.
    function reportCommitment(uint32 shard, uint64 epoch) external view returns (bytes32);

    /// @notice Returns the commitments to the reports of a shard in several epochs, 0 where there is none.
    function reportCommitments(uint32 shard, uint64[] calldata epochs) external view returns (bytes32[] memory);

    /// @notice Returns the first epoch of a shard that is neither reported nor marked as unreported.
    function nextEpoch(uint32 shard) external view returns (uint64);

    /// @notice Returns the beacon recorded without a report in an epoch, 0 when none.
    function recordedBeacon(uint64 epoch) external view returns (bytes32);

    /// @notice Returns the beacon recorded at deployment, valid for the first eight epochs.
    function genesisBeacon() external view returns (bytes32);

    /// @notice Returns the committed attestation hash of a node and epoch, 0 when none.
    function committedAttestation(uint32 nodeIndex, uint64 epoch) external view returns (bytes32);

    /// @notice Returns the committed attestation hashes of a node in several epochs, 0 where there is none.
    function committedAttestations(uint32 nodeIndex, uint64[] calldata epochs) external view returns (bytes32[] memory);

    /// @notice Returns the Unix time in seconds from which on an epoch cannot be reported any more.
    function reportDeadline(uint64 epoch) external view returns (uint64);

    /// @notice Returns the first epoch that is not final: epochs before it can never change for money.
    function finalizedBefore() external view returns (uint64);

    /// @notice Returns the finality horizon in epochs: report, commit, challenge and response windows together.
    function horizonEpochs() external view returns (uint64);

    /// @notice Returns the last part of the horizon in epochs: time to answer challenges and to disprove answers.
    function responseWindow() external view returns (uint64);

    /// @notice Returns the epoch of the deployment: the genesis beacon is valid for it and the seven epochs after it.
    function deploymentEpoch() external view returns (uint64);

    /// @notice Returns the EIP-712 digest of an attestation: what its ML-DSA-65 key signs.
    function hashAttestation(Attestation calldata attestation) external view returns (bytes32);

    /// @notice Returns the EIP-712 digest of a report: what committee members sign.
    function hashReport(Report calldata report) external view returns (bytes32);

    /// @notice Returns the EIP-712 digest of a receipt: `Receipt(uint64 epoch,bytes32 root)`, root over a batch of
    /// accepted attestation digests (see docs/ARCHITECTURE.md).
    function hashReceipt(uint64 epoch, bytes32 root) external view returns (bytes32);

    /// @notice Returns true when the leaf of a node is in the tree of a report root.
    /// @dev leaf = keccak256(abi.encode(nodeIndex, attestationHash, keccak256(signature))); inner node =
    /// keccak256(left ‖ right); nine siblings from the leaf up; position = nodeIndex mod 512; empty leaf = 0.
    function verifyLeaf(
        bytes32 root,
        uint32 nodeIndex,
        bytes32 attestationHash,
        bytes32 signatureHash,
        bytes32[9] calldata proof
    ) external pure returns (bool);
}
