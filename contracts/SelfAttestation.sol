// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Evidence} from "./Evidence.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {IMLDSASwitch} from "./interfaces/IMLDSASwitch.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {ISelfAttestation} from "./interfaces/ISelfAttestation.sol";
import {LeafRules} from "./LeafRules.sol";

/// @notice Admits epochs that a node proves by its own provenance chain.
contract SelfAttestation is ISelfAttestation, LeafRules {
    constructor(
        IAttestationBridge bridge_,
        INodeRegistry registry_,
        IMLDSASwitch verifiers_
    ) Evidence(bridge_, verifiers_) LeafRules(registry_) {
        if (address(registry_) == address(0)) revert IGoverned.Governed_ZeroAddress("registry");
    }

    /// @inheritdoc ISelfAttestation
    function selfAttest(Run calldata run) external returns (uint256 admitted) {
        uint256 length = run.chain.length;
        if (length == 0 || run.sourceOf.length != length) {
            revert SelfAttestation_InvalidLength(run.sourceOf.length, length);
        }
        bytes32 domain = _domain();
        bytes32[] memory digests = _walk(run.nodeIndex, run.chain, domain);
        _requireHead(run, digests[length - 1]);
        uint64[] memory epochs = _countingEpochs(run, digests, _checkedBeacons(run, domain));
        admitted = bridge.admit(run.nodeIndex, epochs);
        emit RunAttested(run.nodeIndex, run.chain[0].epoch, run.chain[length - 1].epoch, admitted);
    }

    /// @dev Recomputes the digests of a chain; reverts where it is broken.
    function _walk(
        uint32 node,
        IAttestationBridge.Attestation[] calldata chain,
        bytes32 domain
    ) private pure returns (bytes32[] memory digests) {
        digests = new bytes32[](chain.length);
        for (uint256 i = 0; i < chain.length; ++i) {
            IAttestationBridge.Attestation calldata attestation = chain[i];
            bool isSound = attestation.nodeIndex == node && _isSequenceSound(attestation);
            if (i > 0 && isSound) {
                IAttestationBridge.Attestation calldata before = chain[i - 1];
                isSound =
                    attestation.previous == digests[i - 1] &&
                    attestation.sequence == before.sequence + 1 &&
                    attestation.epoch > before.epoch;
            }
            if (!isSound) revert SelfAttestation_BrokenChain(i);
            digests[i] = _attestationDigest(domain, attestation);
        }
    }

    /// @dev Returns the epochs of a chain whose attestation was committed in time and is valid.
    function _countingEpochs(
        Run calldata run,
        bytes32[] memory digests,
        bytes32[] memory beacons
    ) private view returns (uint64[] memory epochs) {
        INodeRegistry.Interval[] memory intervals = registry.intervalsOf(run.nodeIndex);
        epochs = _epochsOf(run.chain);
        bytes32[] memory committed = bridge.committedAttestations(run.nodeIndex, epochs);
        uint256 kept = 0;
        bytes32 build;
        uint64 allowedUntil = 0;
        for (uint256 i = 0; i < epochs.length; ++i) {
            uint64 epoch = epochs[i];
            IAttestationBridge.Attestation calldata attestation = run.chain[i];
            if (attestation.measurement != build || epoch >= allowedUntil) {
                build = attestation.measurement;
                allowedUntil = bridge.approvedUntil(build, epoch);
            }
            uint256 source = uint8(run.sourceOf[i]);
            bool counts =
                committed[i] == digests[i] &&
                    epoch < allowedUntil &&
                    _isWithin(intervals, epoch) &&
                    source < beacons.length &&
                    attestation.beacon == beacons[source] &&
                    _isInWindow(run.sources[source], attestation);
            if (counts) epochs[kept++] = epoch;
        }
        assembly ("memory-safe") {
            mstore(epochs, kept)
        }
    }

    function _epochsOf(IAttestationBridge.Attestation[] calldata chain) private pure returns (uint64[] memory epochs) {
        epochs = new uint64[](chain.length);
        for (uint256 i = 0; i < chain.length; ++i) {
            epochs[i] = chain[i].epoch;
        }
    }

    /// @dev Returns the beacon of each source; zero when it recorded none.
    function _checkedBeacons(Run calldata run, bytes32 domain) private view returns (bytes32[] memory beacons) {
        beacons = new bytes32[](run.sources.length);
        uint32 shard = run.nodeIndex / uint32(SHARD_SIZE);
        for (uint256 i = 0; i < beacons.length; ++i) {
            ReportSummary calldata source = run.sources[i];
            if (source.root != 0) {
                if (source.shard != shard) revert Evidence_UnknownReport(source.shard, source.epoch);
                _requireAccepted(source, domain);
                beacons[i] = source.beacon;
            } else if (source.beacon == GENESIS_BEACON || source.beacon == bridge.recordedBeacon(source.epoch)) {
                beacons[i] = source.beacon;
            }
        }
    }

    /// @dev Returns true when the beacon of a source may be used in the epoch of an attestation.
    function _isInWindow(
        ReportSummary calldata source,
        IAttestationBridge.Attestation calldata attestation
    ) private view returns (bool) {
        uint64 epoch = attestation.epoch;
        if (attestation.beacon == 0) return false;
        if (_isGenesisBeacon(epoch, attestation.beacon)) return true;
        bool isInTime = source.epoch < epoch && epoch <= source.epoch + BEACON_WINDOW;
        if (!isInTime || source.root != 0) return isInTime;
        return bridge.recordedBeacon(source.epoch) == attestation.beacon;
    }

    /// @dev Reverts unless the key that was in force all the time signed the head.
    function _requireHead(Run calldata run, bytes32 digest) private view {
        uint64 first = run.chain[0].epoch;
        uint64 last = run.chain[run.chain.length - 1].epoch;
        bytes32 keyHash = registry.keyHashAt(run.nodeIndex, last);
        if (registry.keyHashAt(run.nodeIndex, first) != keyHash) revert SelfAttestation_KeyChanged(first, last);
        if (!_isSigned(Key(keyHash, last), run.key, digest, run.signature)) {
            revert SelfAttestation_InvalidSignature(run.nodeIndex, last);
        }
    }

    function _isWithin(INodeRegistry.Interval[] memory intervals, uint64 epoch) private pure returns (bool) {
        for (uint256 i = 0; i < intervals.length; ++i) {
            if (epoch >= intervals[i].from && epoch < intervals[i].until) return true;
        }
        return false;
    }
}
