// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "./IAttestationBridge.sol";
import {IEvidence} from "./IEvidence.sol";

/// @notice Offences of nodes: two attestations of one epoch, or with one sequence number, signed by the same key. A node that
/// makes its chain fork could show different pasts to different judges.
/// @dev An honest agent writes each statement down before it signs and never signs twice for an epoch or a sequence. Nobody
/// but the holder of the key can make this evidence: signatures are ML-DSA-65, checked here. Voids the epochs that are not
/// final; stake is slashed by whoever reads the record.
interface INodeOffences is IEvidence {
    /// @notice What was proven about a node.
    /// @param nodeIndex Node that signed twice.
    /// @param epoch The earlier one of the two epochs: stake of that time is liable.
    /// @param provenAt Unix time in seconds of the proof; 0 when nothing was proven.
    /// @param reporter Who proved it; zero when it was one of the node's own wallets.
    struct Equivocation {
        uint32 nodeIndex;
        uint64 epoch;
        uint64 provenAt;
        address reporter;
    }

    /// @notice An attestation and its signature.
    /// @param attestation What was signed.
    /// @param signature ML-DSA-65 signature of its digest, 3,309 bytes.
    struct Signed {
        IAttestationBridge.Attestation attestation;
        bytes signature;
    }

    /// @notice Emitted when a node was proven to have signed two different attestations of one epoch or sequence.
    /// @param offenceId keccak256(abi.encode(nodeIndex, isSameEpoch, epoch or sequence)).
    event NodeEquivocated(
        bytes32 indexed offenceId,
        uint32 indexed nodeIndex,
        uint64 epoch,
        uint64 otherEpoch,
        bytes32 digest,
        bytes32 otherDigest,
        address reporter
    );

    /// @notice Thrown when two attestations are the same, of different nodes, or share neither epoch nor sequence.
    error NodeOffences_NoEquivocation(bytes32 first, bytes32 second);

    /// @notice Thrown when the node's key changed between the epochs of two attestations with one sequence: an operator that
    /// lost its disk and rotated the key begins a new chain.
    error NodeOffences_KeyChanged(uint64 epoch, uint64 otherEpoch);

    /// @notice Thrown when a signature does not verify under the node's key in force in the epoch.
    error NodeOffences_NotSigned(uint32 nodeIndex, uint64 epoch);

    /// @notice Thrown when this was proven before.
    error NodeOffences_AlreadyProven(bytes32 offenceId);

    /// @notice Proves that a node signed two different attestations of one epoch, or with one sequence. Anyone may call it.
    /// @dev Evidence of the claim: keccak256(abi.encode(first.signature, second.signature)). Both checks run here: give it
    /// 10 M gas for a raw key. Each epoch, and each sequence, is one offence, however many attestations it has.
    /// @param key The node's raw ML-DSA-65 key; empty to use the expanded key that somebody registered.
    /// @param salt Salt of the claim.
    function proveEquivocation(
        Signed calldata first,
        Signed calldata second,
        bytes calldata key,
        bytes32 salt
    ) external;

    /// @notice Returns what was proven.
    function equivocationOf(bytes32 offenceId) external view returns (Equivocation memory);
}
