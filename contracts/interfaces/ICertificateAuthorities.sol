// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificates} from "./ICertificates.sol";

/// @notice Authorities, and orders that come by signature: the half of the certificate registry that is seldom used.
/// @dev Its code has no storage of its own: {ICertificateRegistry} runs it on its, and that is where it is called.
interface ICertificateAuthorities is ICertificates {
    // Authorities

    /// @notice Admits a root authority. By the timelock only.
    function admitRoot(AuthorityTerms calldata terms) external returns (uint32 authorityId);

    /// @notice Admits an authority below another. By the account of `parent`, within its constraints.
    function admitSubAuthority(uint32 parent, AuthorityTerms calldata terms) external returns (uint32 authorityId);

    /// @notice Hands an authority to another account, whose delegates take the place of the former's. By the timelock,
    /// or its account.
    function setAuthorityAccount(uint32 authorityId, address account) external;

    /// @notice Allows or dismisses a delegate that revokes, holds and releases by signature. By the authority's
    /// account.
    function setDelegate(uint32 authorityId, bytes calldata signer, bool allowed) external;

    // Status

    /// @notice Taints an authority: both dates only move earlier. By the timelock, or the account of it or of one above
    /// it.
    function taintAuthority(uint32 authorityId, uint40 taintedFrom, uint40 rotateBy) external;

    /// @notice Revokes an authority for ever, with everything below. By the timelock, or the account of it or of one
    /// above it.
    function revokeAuthority(uint32 authorityId, uint8 reason) external;

    /// @notice Puts an authority on hold, or takes a hold from below over. By the timelock, or the account of one above
    /// it.
    function holdAuthority(uint32 authorityId) external;

    /// @notice Releases an authority from a hold. By the timelock, or the account of one above it, but none that stands
    /// lower than who put it on hold.
    function releaseAuthority(uint32 authorityId) external;

    // Signed orders

    /// @notice Carries out a delegate's order; sent by anyone.
    /// @dev The delegate stands where its authority does. `signer`: 20 bytes are an address that signs by ECDSA or
    /// ERC-1271; more are an ERC-7913 verifier and its key. Certificates that are revoked already are passed over.
    function executeStatusOrder(StatusOrder calldata order, bytes calldata signer, bytes calldata signature) external;

    /// @notice Carries out the order of an offline SLH-DSA-SHA2-128s key; sent by anyone.
    /// @dev Revoke: certificates that are revoked already are passed over. AdmitAuthority: the successor has the terms
    /// of the authority, and what it issued stays good until its end. The authority is tainted, so that it issues
    /// nothing more, and becomes the successor's account's to clear up. One that is not good, or tainted already, gets
    /// no successor.
    function executeEmergencyOrder(EmergencyOrder calldata order, bytes calldata signature) external;

    // Views

    /// @notice Returns an authority.
    function authorityOf(uint32 authorityId) external view returns (Authority memory);

    /// @notice Returns the next nonce of a delegate for a key (ERC-4337 style: key in the upper 192 bits, sequence
    /// below).
    function nonceOf(bytes calldata signer, uint192 key) external view returns (uint256);

    /// @notice Tells whether a signer is a delegate of an authority.
    function isDelegate(uint32 authorityId, bytes calldata signer) external view returns (bool);

    /// @notice Returns the number of emergency orders of an authority's recovery key (identityId 0) or an operator's
    /// root key (authorityId 0).
    function emergencyNonceOf(uint32 authorityId, uint32 identityId) external view returns (uint32);

    /// @notice Returns the digest that a delegate signs.
    function statusOrderDigest(StatusOrder calldata order) external view returns (bytes32);

    /// @notice Returns the digest that an offline SLH-DSA key signs (pure, empty context).
    function emergencyOrderDigest(EmergencyOrder calldata order) external view returns (bytes32);
}
