// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What all contracts that judge evidence have in common: reports by their summary, and claims that keep an
/// observer of pending transactions from taking the reward of whoever found an offence.
interface IEvidence {
    /// @notice A report with each list replaced by its keccak256 hash: enough to recompute its EIP-712 digest.
    /// @param epoch As in the report, like the next six fields.
    /// @param shard Shard reported.
    /// @param round Attempt within the epoch.
    /// @param committeeVersion Committee in force.
    /// @param beaconBlock Block whose hash is the beacon.
    /// @param beacon Hash of that block.
    /// @param root Merkle root of the leaves.
    /// @param absentHash keccak256 of the list of absent nodes.
    /// @param degradedHash keccak256 of the list of degraded nodes.
    /// @param qualityHash keccak256 of the quality bytes.
    /// @param signers Seats that signed, as in the event of the accepted report; ignored for one that was not accepted.
    struct ReportSummary {
        uint64 epoch;
        uint32 shard;
        uint32 round;
        uint32 committeeVersion;
        uint64 beaconBlock;
        bytes32 beacon;
        bytes32 root;
        bytes32 absentHash;
        bytes32 degradedHash;
        bytes32 qualityHash;
        uint256 signers;
    }

    /// @notice Emitted when somebody announced evidence without showing it.
    event EvidenceClaimed(bytes32 indexed claim, address indexed claimant);

    /// @notice Thrown when evidence was not claimed, or its claim is too young (blocks; 0 when there is none).
    error Evidence_ClaimNotMature(uint64 claimedAt, uint64 matureAt);

    /// @notice Thrown when a claim was made before.
    error Evidence_ClaimKnown(bytes32 claim);

    /// @notice Thrown when a report with this summary and these signers was not accepted.
    error Evidence_UnknownReport(uint32 shard, uint64 epoch);

    /// @notice Thrown when a list is not the one that its report commits to.
    error Evidence_WrongList(bytes32 hash, bytes32 expected);

    /// @notice Thrown when a public key is not the one that is bound to a node or a relayer.
    error Evidence_WrongKey(bytes32 hash, bytes32 expected);

    /// @notice Announces evidence, two blocks or more before it is shown.
    /// @param claim keccak256(abi.encode(claimant, evidence, salt)), with the evidence as the judging function describes it.
    function claimEvidence(bytes32 claim) external;

    /// @notice Returns the block of a claim, 0 when it was not made.
    function claimedAt(bytes32 claim) external view returns (uint64);
}
