// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Evidence} from "./Evidence.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {IMLDSASwitch} from "./interfaces/IMLDSASwitch.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {ISelfAttestation} from "./interfaces/ISelfAttestation.sol";
import {LeafRules} from "./LeafRules.sol";
import {ProvenanceRun} from "./libraries/ProvenanceRun.sol";

/// @notice Admits epochs that a node proves by its own provenance chain.
contract SelfAttestation is ISelfAttestation, LeafRules {
    using ProvenanceRun for bytes;
    using ProvenanceRun for Run;
    using ProvenanceRun for Source[];
    using ProvenanceRun for uint256;

    /// @dev First epoch of a beacon that nobody recorded: beyond all epochs.
    uint256 private constant NEVER = 1 << 128;
    /// @dev Set for the genesis beacon.
    uint256 private constant GENESIS_FLAG = 1 << 255;

    constructor(
        IAttestationBridge bridge_,
        INodeRegistry registry_,
        IMLDSASwitch verifiers_
    ) Evidence(bridge_, verifiers_) LeafRules(registry_) {
        if (address(registry_) == address(0)) revert IGoverned.Governed_ZeroAddress("registry");
    }

    /// @inheritdoc ISelfAttestation
    function selfAttest(Run calldata run) external returns (uint256 admitted) {
        _requireStart(run);
        uint64[] memory epochs = run.epochsOf();
        (uint64 from, uint64 to) = (epochs[0], epochs[epochs.length - 1]);
        ProvenanceRun.Columns memory columns;
        columns.epochs = epochs;
        columns.digests = run.digestsOf(_domain());
        _requireHead(run, from, to, columns.digests[epochs.length - 1]);
        columns.usableFrom = _checkedSources(run.nodeIndex / uint32(SHARD_SIZE), run.sources);
        admitted = _admit(run.nodeIndex, _countingEpochs(run, columns));
        emit RunAttested(run.nodeIndex, from, to, admitted);
    }

    /// @dev Has the bridge admit ascending epochs, word by word; returns how many changed.
    function _admit(uint32 nodeIndex, uint64[] memory epochs) private returns (uint256 admitted) {
        uint256 next = 0;
        while (next < epochs.length) {
            uint64 word = epochs[next] >> 8;
            uint256 bits;
            (bits, next) = ProvenanceRun.bitsOfWord(epochs, next, word);
            admitted += bridge.admit(nodeIndex, word, bits);
        }
    }

    /// @dev Reverts unless a run has attestations, and the first one can begin or continue a chain.
    function _requireStart(Run calldata run) private pure {
        uint256 length = run.chain.length;
        uint256 count = length / ProvenanceRun.PACKED_BYTES;
        if (count == 0 || length % ProvenanceRun.PACKED_BYTES != 0) {
            revert SelfAttestation_InvalidLength(length, ProvenanceRun.PACKED_BYTES);
        }
        uint256 sequence = run.sequence;
        bool isSound = sequence != 0 && (sequence == 1) == (run.previous == 0);
        if (!isSound || sequence + count - 1 > type(uint64).max) revert SelfAttestation_BrokenChain(0);
    }

    /// @dev Returns the epochs of a run whose attestation was committed in time and is valid, in the place of all epochs.
    function _countingEpochs(
        Run calldata run,
        ProvenanceRun.Columns memory columns
    ) private view returns (uint64[] memory epochs) {
        epochs = columns.epochs;
        columns.committed = _readAll(bridge.committedAttestations.selector, run.nodeIndex, epochs);
        INodeRegistry.Interval[] memory intervals = registry.intervalsOf(run.nodeIndex);
        ProvenanceRun.Known memory known;
        bytes calldata chain = run.chain;
        (uint256 i, uint256 kept, uint256 count) = (0, 0, epochs.length);
        while (true) {
            (i, kept) = chain.skipPlain(columns, known, i, kept);
            if (i == count) break;
            uint256 head = chain.headOf(i);
            bool counts =
                columns.committed[i] == columns.digests[i] &&
                    _isUsable(columns.usableFrom[head.sourceOf()], head.epochOf()) &&
                    _isWithin(intervals, known, head.epochOf()) &&
                    _isBuildAllowed(run.builds, known, head);
            if (counts) epochs[kept++] = head.epochOf();
            ++i;
        }
        assembly ("memory-safe") {
            mstore(epochs, kept)
        }
    }

    /// @dev Returns from which epoch on the beacon of each source may be used, as {_isUsable} takes it; reverts when a report
    /// was not accepted.
    function _checkedSources(
        uint32 shard,
        Source[] calldata sources
    ) private view returns (uint256[] memory usableFrom) {
        uint64[] memory epochs = sources.epochsOf();
        bytes32[] memory commitments = _readAll(bridge.reportCommitments.selector, shard, epochs);
        uint256 known;
        (usableFrom, known) = sources.firstEpochsOf(commitments, GENESIS_BEACON, GENESIS_FLAG);
        if (known == epochs.length) return usableFrom;
        unchecked {
            // Counts of sources; epochs have 64 bits.
            for (uint256 i = 0; i < epochs.length; ++i) {
                if (usableFrom[i] & ~GENESIS_FLAG != 0) continue;
                (uint64 epoch, bytes32 beacon) = (epochs[i], sources[i].beacon);
                if (sources[i].digest != 0) revert Evidence_UnknownReport(shard, epoch);
                bool isRecorded = beacon != 0 && bridge.recordedBeacon(epoch) == beacon;
                usableFrom[i] |= isRecorded ? uint256(epoch) + 1 : NEVER;
            }
        }
    }

    /// @dev Calls a view of the bridge that takes an owner and epochs and returns a word for each. In assembly because the
    /// encoder and the decoder would take 200 gas for each epoch.
    function _readAll(
        bytes4 selector,
        uint32 owner,
        uint64[] memory epochs
    ) private view returns (bytes32[] memory words) {
        address target = address(bridge);
        bool success;
        assembly ("memory-safe") {
            words := mload(0x40)
            let size := shl(5, add(mload(epochs), 1))
            mstore(words, selector)
            mstore(add(words, 4), owner)
            mstore(add(words, 36), 64)
            mcopy(add(words, 68), epochs, size)
            success := staticcall(gas(), target, words, add(68, size), 0, 0)
            // Behind the offset comes the array, as it lies in memory.
            if success {
                success := eq(returndatasize(), add(size, 32))
                returndatacopy(words, 32, size)
                mstore(0x40, add(words, size))
            }
        }
        if (!success) revert SelfAttestation_BridgeSilent(target);
    }

    /// @dev Returns true when a beacon may be used in an epoch.
    /// @param usableFrom First epoch in which it may be, {NEVER} when nobody recorded it; with {GENESIS_FLAG} for the genesis
    /// beacon, which may be used in the first epochs too.
    function _isUsable(uint256 usableFrom, uint64 epoch) private view returns (bool) {
        uint256 from = usableFrom & ~GENESIS_FLAG;
        if (epoch >= from && epoch < from + ProvenanceRun.BEACON_WINDOW) return true;
        return usableFrom != from && _isGenesisBeacon(epoch, GENESIS_BEACON);
    }

    /// @dev Returns true when a build was allowed in the epoch of an attestation.
    function _isBuildAllowed(
        bytes32[] calldata builds,
        ProvenanceRun.Known memory known,
        uint256 head
    ) private view returns (bool) {
        (uint256 build, uint64 epoch) = (head.buildOf(), head.epochOf());
        (known.build, known.allowedUntil) = (build, bridge.approvedUntil(builds[build], epoch));
        return epoch < known.allowedUntil;
    }

    /// @dev Returns true when the node was active in an epoch.
    function _isWithin(
        INodeRegistry.Interval[] memory intervals,
        ProvenanceRun.Known memory known,
        uint64 epoch
    ) private pure returns (bool) {
        for (uint256 i = 0; i < intervals.length; ++i) {
            (uint64 from, uint64 until) = (intervals[i].from, intervals[i].until);
            if (epoch < from || epoch >= until) continue;
            (known.activeFrom, known.activeEpochs) = (from, until - from);
            return true;
        }
        return false;
    }

    /// @dev Reverts unless the key that was in force all the time signed the head.
    function _requireHead(Run calldata run, uint64 first, uint64 last, bytes32 digest) private view {
        bytes32 keyHash = registry.keyHashAt(run.nodeIndex, last);
        if (registry.keyHashAt(run.nodeIndex, first) != keyHash) revert SelfAttestation_KeyChanged(first, last);
        if (!_isSigned(Key(keyHash, last), run.key, digest, run.signature)) {
            revert SelfAttestation_InvalidSignature(run.nodeIndex, last);
        }
    }
}
