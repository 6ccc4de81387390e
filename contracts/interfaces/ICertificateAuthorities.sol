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

    /// @notice Hands an authority to another account. By its account, or the timelock.
    function setAuthorityAccount(uint32 authorityId, address account) external;

    /// @notice Allows or dismisses a delegate that revokes, holds and releases by signature. By the authority's account.
    function setDelegate(uint32 authorityId, bytes calldata signer, bool allowed) external;

    // Status

    /// @notice Taints an authority. By its account, that of one above it, or the timelock.
    function taintAuthority(uint32 authorityId, uint40 taintedFrom, uint40 rotateBy) external;

    /// @notice Revokes an authority and with it everything below. By its account, that of one above it, or the timelock.
    function revokeAuthority(uint32 authorityId, uint8 reason) external;

    /// @notice Puts an authority on hold. By the account of one above it, or the timelock.
    function holdAuthority(uint32 authorityId) external;

    /// @notice Releases an authority from a hold. By the account of one above it, or the timelock.
    function releaseAuthority(uint32 authorityId) external;

    // Signed orders

    /// @notice Carries out a delegate's order; sent by anyone.
    function executeStatusOrder(StatusOrder calldata order, bytes calldata signer, bytes calldata signature) external;

    /// @notice Carries out the order of an offline SLH-DSA-SHA2-128s key; sent by anyone.
    function executeEmergencyOrder(EmergencyOrder calldata order, bytes calldata signature) external;

    // Views

    /// @notice Returns an authority.
    function authorityOf(uint32 authorityId) external view returns (Authority memory);

    /// @notice Returns the next nonce of a delegate for a key (ERC-4337 style: key in the upper 192 bits, sequence below).
    function nonceOf(bytes calldata signer, uint192 key) external view returns (uint256);

    /// @notice Tells whether a signer is a delegate of an authority.
    function isDelegate(uint32 authorityId, bytes calldata signer) external view returns (bool);

    /// @notice Returns the number of emergency orders of an authority's recovery key (identityId 0) or an operator's root key
    /// (authorityId 0).
    function emergencyNonceOf(uint32 authorityId, uint32 identityId) external view returns (uint32);

    /// @notice Returns the digest that a delegate signs.
    function statusOrderDigest(StatusOrder calldata order) external view returns (bytes32);

    /// @notice Returns the digest that an offline SLH-DSA key signs (pure, empty context).
    function emergencyOrderDigest(EmergencyOrder calldata order) external view returns (bytes32);
}
