// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEvidence} from "./IEvidence.sol";

/// @notice How a node that a committee passes over proves that it attested: hashes that it put on chain in time, and one
/// ML-DSA-65 check over the newest attestation of its provenance chain, whose hash covers all before it.
interface ISelfAttestation is IEvidence {
    /// @notice Where the beacon of an attestation was recorded.
    /// @param epoch Epoch of the report that recorded it, or in which it was recorded without a report.
    /// @param beacon The beacon.
    /// @param digest Digest of the accepted report of the node's shard; 0 when it was recorded without a report, or is the
    /// genesis beacon, or by nobody: then its attestation only links the chain.
    /// @param signers Seats that signed the report, as in its event.
    struct Source {
        uint64 epoch;
        bytes32 beacon;
        bytes32 digest;
        uint256 signers;
    }

    /// @notice A run of attestations of one node without gaps in sequence; the last one is the head.
    /// @param nodeIndex Node that attests.
    /// @param sequence Sequence of the first attestation.
    /// @param previous Hash of the attestation before the first; 0 when there is none.
    /// @param builds Measurements that the attestations name by their places.
    /// @param sources Beacons that the attestations name by their places.
    /// @param chain Attestations, oldest first, 76 bytes each as {ProvenanceRun} describes.
    /// @param key Raw ML-DSA-65 key in force; empty to use the expanded key that somebody registered.
    /// @param signature Signature of the head, 3,309 bytes.
    struct Run {
        uint32 nodeIndex;
        uint64 sequence;
        bytes32 previous;
        bytes32[] builds;
        Source[] sources;
        bytes chain;
        bytes key;
        bytes signature;
    }

    /// @notice Emitted when a run was accepted; `admitted` epochs are attested now that were not before.
    event RunAttested(uint32 indexed nodeIndex, uint64 fromEpoch, uint64 toEpoch, uint256 admitted);

    /// @notice Thrown when a run is empty, or its bytes are no multiple of the bytes of an attestation.
    error SelfAttestation_InvalidLength(uint256 length, uint256 multipleOf);

    /// @notice Thrown when an attestation cannot follow the one before it, or names a source or build that is not there.
    /// @dev A gap, or an attestation that was changed, changes the hash of the head: {SelfAttestation_InvalidSignature}.
    error SelfAttestation_BrokenChain(uint256 position);

    /// @notice Thrown when the node's key changed between the first epoch of a run and its head.
    error SelfAttestation_KeyChanged(uint64 fromEpoch, uint64 toEpoch);

    /// @notice Thrown when the signature of the head does not verify.
    error SelfAttestation_InvalidSignature(uint32 nodeIndex, uint64 epoch);

    /// @notice Thrown when the bridge did not answer, for want of gas.
    error SelfAttestation_BridgeSilent(address bridge);

    /// @notice Turns absent and unreported epochs of a run into attested ones. Anyone may call it.
    /// @dev An epoch counts when the hash of its attestation was committed in time and the attestation is valid: node active,
    /// build allowed, beacon recorded within the eight epochs before. Others only link the chain. Epochs that are final stay.
    /// A node may prove attested epochs too: while a challenge waits that members do not answer, since that may end when it is
    /// too late for the proof.
    /// After months without a report {IAttestationBridge.markUnreported} must work through the gap first.
    /// @return admitted Number of epochs whose status changed.
    function selfAttest(Run calldata run) external returns (uint256 admitted);
}
