// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateAuthorities} from "./ICertificateAuthorities.sol";
import {ICertificates} from "./ICertificates.sol";
import {IIdentityGate} from "./IIdentityGate.sol";
import {INodeRegistry} from "./INodeRegistry.sol";

/// @notice Certificates of operators, nodes, voters and relayers, the authorities that issue them, and a transparency
/// log of everything that happened to them.
/// @dev The chain is the record; the X.509 certificate (RFC 9881) that a TLS stack sees is bound to it by serial number
/// and SHA-256 hash, and a verifier refuses one that differs. Authorities form trees: the DAO admits roots, an
/// authority admits others below it within its own constraints. Nothing is deleted and revocation is monotone: what is
/// revoked stays so, a date in the future only moves earlier, a hold releases only to good. A serial number that was
/// never issued is unknown, which is never good. Trust: an authority's account can issue within its constraints and
/// revoke below itself, which bars nodes of its range, also those that another authority certified; the timelock can
/// admit, taint and revoke any authority.
interface ICertificateRegistry is ICertificates, IIdentityGate {
    /// @notice Names the registry of nodes, once. By the deployer.
    function bindRegistry(INodeRegistry registry) external;

    // Certificates

    /// @notice Records a certificate. By the authority's account.
    /// @dev The newest certificate of an operator or a voter is what its votes rest on. It takes the place of another
    /// authority's, or gives a voter another account, only by an account of that authority or of one above it, or once
    /// the other certificate is revoked or expired or its authority can issue no more; until then it is a spare that
    /// {enforce} puts in.
    function issue(uint32 authorityId, Issuance calldata issuance) external;

    /// @notice Records several certificates; all or none.
    function issueMany(uint32 authorityId, Issuance[] calldata issuances) external;

    /// @notice Replaces a certificate by another of the same kind and subject: revokes it as superseded at
    /// `overlapUntil` and records the new one, linked.
    function rotate(uint32 authorityId, uint160 replaced, Issuance calldata issuance, uint40 overlapUntil) external;

    /// @notice Replaces several certificates; all or none.
    function rotateMany(
        uint32 authorityId,
        uint160[] calldata replaced,
        Issuance[] calldata issuances,
        uint40 overlapUntil
    ) external;

    /// @notice Revokes a certificate at once and for ever. By the timelock, or the account of its authority or of one
    /// above, or the owner or hot wallet of the operator that it is about (reasons 0, 1, 3, 4, 5).
    /// @dev One that waits for its overlap to end is revoked earlier. Of one that is revoked already, for a reason that
    /// its operator can give, the authority's side puts another reason on record (2, 9, 10), so that nobody forestalls
    /// it; the date stays. A node whose certificate is revoked is barred in {INodeRegistry} whatever the reason, unless
    /// a rotation replaced it, it had expired, or a newer one decided; {enforce} of a good newer one lifts the bar for
    /// good.
    function revoke(uint160 serial, uint8 reason) external;

    /// @notice Revokes several certificates with one reason. By the timelock, or as {revoke}.
    /// @dev Passes over those that are revoked already, but for the reason; any other that cannot be revoked reverts
    /// all.
    function revokeMany(uint160[] calldata serials, uint8 reason) external;

    /// @notice Puts certificates on hold. By the timelock, or the account of their authority or of one above.
    /// @dev Passes over those that are revoked already. Who stands higher takes over a hold from below.
    function hold(uint160[] calldata serials) external;

    /// @notice Releases certificates from a hold. By the timelock, or the account of their authority or of one above,
    /// but none that stands lower than who put them on hold.
    /// @dev Passes over those that are revoked already.
    function release(uint160[] calldata serials) external;

    /// @notice Brings nodes and votes in line with their certificates after an authority was revoked, tainted, held or
    /// released: bars or unbars a node by its newest certificate in {INodeRegistry}, and keeps the answer of the
    /// identity gate at hand, which stays exact without. A good certificate of an operator or a voter that no rotation
    /// replaced takes the place of one that is not good. Anyone may call; other certificates change nothing.
    function enforce(uint160[] calldata serials) external;

    /// @notice Moves an operator's identity to its new owner. NodeRegistry only.
    function ownerChanged(uint32 identityId, address previousOwner, address newOwner) external;

    // Log

    /// @notice Stores the present head of the log. Anyone may call.
    function publishHead() external returns (uint64 size, bytes32 root);

    /// @notice Returns the present size and root hash of the log.
    function treeHead() external view returns (uint64 size, bytes32 root);

    /// @notice Returns the root hash that was stored for a size; 0 when none.
    function publishedRoot(uint64 size) external view returns (bytes32 root);

    /// @notice Tells whether a leaf hash is at `index` of the log of `size` entries with that root (RFC 9162 section
    /// 2.1.3.2).
    function verifyInclusion(
        bytes32 leafHash,
        uint64 index,
        uint64 size,
        bytes32 root,
        bytes32[] calldata proof
    ) external view returns (bool);

    /// @notice Tells whether a log of `newSize` entries continues one of `oldSize` (RFC 9162 section 2.1.4.2).
    function verifyConsistency(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) external view returns (bool);

    // Views

    /// @notice Returns the status of a certificate now: its own state and every authority above it.
    function statusOf(uint160 serial) external view returns (Status);

    /// @notice Returns a certificate; kind None when the serial number is unknown.
    function certificateOf(uint160 serial) external view returns (Certificate memory);

    /// @notice Returns the number of authorities; they count from 1.
    function authorityCount() external view returns (uint32);

    /// @notice Returns the certificate that the votes of an operator or a voter rest on, 0 when none. Nodes' and
    /// relayers' are found by events.
    function newestSerialOf(Kind kind, uint256 subject) external view returns (uint160 serial);

    /// @notice Returns the contract whose code answers every function of {ICertificateAuthorities} here.
    function authorities() external view returns (ICertificateAuthorities);
}
