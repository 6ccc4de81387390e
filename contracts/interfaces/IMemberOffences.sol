// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "./IAttestationBridge.sol";
import {IEvidence} from "./IEvidence.sol";

/// @notice Offences of single members: signing two reports of one round, leaving out a node whose attestation they had
/// acknowledged, and, with their ML-DSA-65 signature, the forgery of a leaf.
/// @dev Evidence that rests on ECDSA alone jails the member and takes the small ECDSA share once, and only while the epoch is
/// not final. Evidence with ML-DSA-65 signatures takes the large share, at any time while there is a bond.
interface IMemberOffences is IEvidence {
    /// @notice Kinds of offences. Forgery: a report with a leaf that is invalid or withheld. Equivocation: two reports.
    /// Omission: a receipt, then a report without the node.
    enum Offence {
        Forgery,
        Equivocation,
        Omission
    }

    /// @notice Who is accused, and by whom the evidence was claimed.
    /// @param member Relayer that signed.
    /// @param key Its raw ML-DSA-65 key; empty to use the expanded key that somebody registered, or for ECDSA evidence.
    /// @param salt Salt of the claim.
    struct Accused {
        address member;
        bytes key;
        bytes32 salt;
    }

    /// @notice A member's acknowledgement of an attestation.
    /// @param attestation Attestation that was acknowledged.
    /// @param index Its position in the batch.
    /// @param size Number of attestations in the batch.
    /// @param path Siblings from the leaf up, without those of levels at which the node is promoted.
    /// @param signature The member's ECDSA signature of the receipt, 65 bytes.
    struct Receipt {
        IAttestationBridge.Attestation attestation;
        uint256 index;
        uint256 size;
        bytes32[] path;
        bytes signature;
    }

    /// @notice Emitted when a member was convicted.
    /// @param offenceId keccak256(abi.encode(kind, isProven, digest or both digests in ascending order, member)).
    event MemberConvicted(
        bytes32 indexed offenceId,
        address indexed member,
        Offence indexed kind,
        uint64 epoch,
        bool isProven,
        address reporter,
        uint256 slashId
    );

    /// @notice Thrown when a signature is not the member's.
    error MemberOffences_NotSigned(address member, bytes32 digest);

    /// @notice Thrown when the accused had no seat in the epoch.
    error MemberOffences_NotMember(address relayer, uint64 epoch);

    /// @notice Thrown when the member was convicted of this before, on evidence of this kind.
    error MemberOffences_AlreadyConvicted(bytes32 offenceId);

    /// @notice Thrown when two reports are the same, or of different rounds.
    error MemberOffences_NoEquivocation(bytes32 first, bytes32 second);

    /// @notice Thrown when no leaf of a report was proven invalid or withheld.
    error MemberOffences_NotForged(bytes32 reportDigest);

    /// @notice Thrown when a report does not name the node of the receipt, or the receipt is for another epoch.
    error MemberOffences_NoOmission(uint32 nodeIndex, uint64 epoch);

    /// @notice Thrown when ECDSA evidence is about an epoch that is final.
    error MemberOffences_EpochFinal(uint64 epoch, uint64 finalizedBefore);

    /// @notice Takes the large share from a member whose ML-DSA-65 signature is on a report with a leaf that was proven
    /// invalid or withheld. Evidence of the claim: keccak256(signature).
    /// @param signature The member's ML-DSA-65 signature of the report's digest, 3,309 bytes.
    function convictForgery(ReportSummary calldata report, Accused calldata accused, bytes calldata signature) external;

    /// @notice Jails a member that signed two reports of one round with ECDSA. Evidence of the claim:
    /// keccak256(abi.encode(firstSignature, secondSignature)).
    /// @param signatures ECDSA signatures of both reports, 65 bytes each.
    function proveEquivocation(
        ReportSummary calldata first,
        ReportSummary calldata second,
        Accused calldata accused,
        bytes[2] calldata signatures
    ) external;

    /// @notice Takes the large share from a member that signed two reports of one round with ML-DSA-65. Evidence of the claim
    /// as for {proveEquivocation}.
    /// @param signatures ML-DSA-65 signatures of both reports, 3,309 bytes each.
    function convictEquivocation(
        ReportSummary calldata first,
        ReportSummary calldata second,
        Accused calldata accused,
        bytes[2] calldata signatures
    ) external;

    /// @notice Jails a member that acknowledged an attestation and signed a report that names its node absent. Evidence of
    /// the claim: keccak256(abi.encode(receipt.signature, reportSignature)).
    /// @dev Never takes more than the ECDSA share: receipts carry no ML-DSA-65 signature, so that whoever broke a member's
    /// ECDSA key could forge one for a node that was absent, and its honest ML-DSA-65 signature of the report would convict it.
    /// @param absent The report's list of absent nodes.
    /// @param reportSignature The member's ECDSA signature of the report, 65 bytes.
    function proveOmission(
        ReportSummary calldata report,
        bytes calldata absent,
        Receipt calldata receipt,
        Accused calldata accused,
        bytes calldata reportSignature
    ) external;

    /// @notice Returns true when a member was convicted.
    function isConvicted(bytes32 offenceId) external view returns (bool);
}
