// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Evidence} from "./Evidence.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IAttestationDisputes} from "./interfaces/IAttestationDisputes.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {ReportSummaries} from "./libraries/ReportSummaries.sol";
import {ReportTree} from "./libraries/ReportTree.sol";

/// @notice The predicate "valid leaf", one flaw at a time. Every rule reads only what cannot change any more once the report
/// is accepted: intervals and keys are fixed two epochs ahead, builds too, reports of a shard come in order, and a beacon is
/// recorded in its epoch or never.
abstract contract LeafRules is Evidence {
    /// @dev Epochs in which a beacon may be used after its own.
    uint64 internal constant BEACON_WINDOW = 8;

    /// @notice Returns the registry of nodes and keys.
    INodeRegistry public immutable registry;

    /// @dev Copies of what the bridge never changes.
    bytes32 internal immutable GENESIS_BEACON;
    uint64 private immutable GENESIS_UNTIL;

    constructor(INodeRegistry registry_) {
        registry = registry_;
        GENESIS_BEACON = bridge.genesisBeacon();
        GENESIS_UNTIL = bridge.deploymentEpoch() + BEACON_WINDOW;
    }

    /// @dev Returns the leaf's hash; reverts unless it is in the tree of the report.
    function _requireInTree(
        ReportSummary calldata report,
        IAttestationDisputes.Leaf calldata leaf
    ) internal pure returns (bytes32 leafHash) {
        leafHash = ReportTree.leafOf(
            leaf.nodeIndex,
            _attestationDigest(leaf.domain, leaf.attestation),
            keccak256(leaf.signature)
        );
        bool isInTree =
            leaf.position < SHARD_SIZE && ReportTree.rootOf(leafHash, leaf.position, leaf.proof) == report.root;
        if (!isInTree) revert IAttestationDisputes.AttestationDisputes_NotInTree(report.root, leaf.position);
    }

    /// @dev Returns true when a leaf has the flaw it is accused of.
    /// @param node Node to which the position of the leaf belongs.
    function _hasFlaw(
        ReportSummary calldata report,
        IAttestationDisputes.Leaf calldata leaf,
        IAttestationDisputes.Flaw flaw,
        IAttestationDisputes.Support calldata support,
        uint32 node
    ) internal view returns (bool) {
        IAttestationBridge.Attestation calldata attestation = leaf.attestation;
        if (flaw == IAttestationDisputes.Flaw.Position) return leaf.nodeIndex != node;
        if (flaw == IAttestationDisputes.Flaw.Node) return attestation.nodeIndex != node;
        if (flaw == IAttestationDisputes.Flaw.Epoch) return attestation.epoch != report.epoch;
        if (flaw == IAttestationDisputes.Flaw.Domain) return leaf.domain != _domain();
        if (flaw == IAttestationDisputes.Flaw.Inactive) return !_isActive(node, report.epoch);
        if (flaw == IAttestationDisputes.Flaw.Absent) {
            return ReportSummaries.contains(support.absent, report.absentHash, leaf.position);
        }
        if (flaw == IAttestationDisputes.Flaw.Beacon) {
            return !_isBeaconOf(report.shard, report.epoch, attestation.beacon, support.history);
        }
        if (flaw == IAttestationDisputes.Flaw.Sequence) return !_isSequenceSound(attestation);
        if (flaw == IAttestationDisputes.Flaw.Measurement) {
            return !bridge.isMeasurementApproved(attestation.measurement, report.epoch);
        }
        bytes32 digest = _attestationDigest(leaf.domain, attestation);
        Key memory bound = Key(registry.keyHashAt(node, report.epoch), report.epoch);
        return !_isSigned(bound, support.key, digest, leaf.signature);
    }

    /// @dev Returns true when a node exists and is active in an epoch.
    function _isActive(uint32 node, uint64 epoch) internal view returns (bool) {
        return node < registry.nodeCount() && registry.isActive(node, epoch);
    }

    /// @dev Returns true when an attestation begins a chain, or continues one.
    function _isSequenceSound(IAttestationBridge.Attestation calldata attestation) internal pure returns (bool) {
        return attestation.sequence != 0 && (attestation.sequence == 1) == (attestation.previous == 0);
    }

    /// @dev Returns true when the genesis beacon may be used in an epoch and `beacon` is it.
    function _isGenesisBeacon(uint64 epoch, bytes32 beacon) internal view returns (bool) {
        return epoch < GENESIS_UNTIL && beacon == GENESIS_BEACON;
    }

    /// @dev Returns true when a beacon was recorded within the eight epochs before an epoch. Reverts when `history` lacks an
    /// accepted report of these epochs, since it might have recorded the beacon.
    function _isBeaconOf(
        uint32 shard,
        uint64 epoch,
        bytes32 beacon,
        ReportSummary[] calldata history
    ) private view returns (bool) {
        if (_isGenesisBeacon(epoch, beacon)) return true;
        uint256 used = 0;
        for (uint64 past = epoch > BEACON_WINDOW ? epoch - BEACON_WINDOW : 0; past < epoch; ++past) {
            if (bridge.recordedBeacon(past) == beacon && beacon != 0) return true;
            if (bridge.reportCommitment(shard, past) == 0) continue;
            bool isGiven = used < history.length && history[used].epoch == past && history[used].shard == shard;
            if (!isGiven) revert IAttestationDisputes.AttestationDisputes_HistoryMissing(past);
            _requireAccepted(history[used]);
            if (history[used++].beacon == beacon) return true;
        }
        return false;
    }
}
