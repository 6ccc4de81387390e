// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "./IAttestationBridge.sol";
import {IEvidence} from "./IEvidence.sol";

/// @notice How a node that a committee passes over proves that it attested: hashes that it put on chain in time, and one
/// ML-DSA-65 check over the newest attestation of its provenance chain, whose hash covers all before it.
interface ISelfAttestation is IEvidence {
    /// @notice A run of attestations of one node.
    /// @param nodeIndex Node that attests.
    /// @param chain Attestations without gaps in sequence, oldest first; the last one is the head.
    /// @param sources Where the beacons were recorded: accepted reports of the shard; with root zero the beacon was recorded
    /// without a report in the epoch of the source, or is the genesis beacon.
    /// @param sourceOf Index into `sources` for each attestation, one byte each.
    /// @param key Raw ML-DSA-65 key in force; empty to use the expanded key that somebody registered.
    /// @param signature Signature of the head, 3,309 bytes.
    struct Run {
        uint32 nodeIndex;
        IAttestationBridge.Attestation[] chain;
        ReportSummary[] sources;
        bytes sourceOf;
        bytes key;
        bytes signature;
    }

    /// @notice Emitted when a run was accepted; `admitted` epochs are attested now that were not before.
    event RunAttested(uint32 indexed nodeIndex, uint64 fromEpoch, uint64 toEpoch, uint256 admitted);

    /// @notice Thrown when a run is empty, or its lists have different lengths.
    error SelfAttestation_InvalidLength(uint256 length, uint256 expected);

    /// @notice Thrown when an attestation does not follow the one before it, or is of another node.
    error SelfAttestation_BrokenChain(uint256 position);

    /// @notice Thrown when the node's key changed between the first epoch of a run and its head.
    error SelfAttestation_KeyChanged(uint64 fromEpoch, uint64 toEpoch);

    /// @notice Thrown when the signature of the head does not verify.
    error SelfAttestation_InvalidSignature(uint32 nodeIndex, uint64 epoch);

    /// @notice Turns absent and unreported epochs of a run into attested ones. Anyone may call it.
    /// @dev An epoch counts when the hash of its attestation was committed in time and the attestation is valid: node active,
    /// build allowed, beacon recorded within the eight epochs before. Others only link the chain. Epochs that are final stay.
    /// A node may prove attested epochs too: while a challenge waits that members do not answer, since that may end when it is
    /// too late for the proof.
    /// After months without a report {IAttestationBridge.markUnreported} must work through the gap first.
    /// @return admitted Number of epochs whose status changed.
    function selfAttest(Run calldata run) external returns (uint256 admitted);
}
