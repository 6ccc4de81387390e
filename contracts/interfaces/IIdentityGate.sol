// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Says which identity an account speaks for now.
/// @dev An identity is a nullifier: it stands for one operator or one person for ever, whatever certificates, keys and wallets
/// come and go. Below 2^32 it is the `identityId` of an operator in {INodeRegistry}, whose account is the operator's owner; from
/// 2^32 on it is the salted commitment of a voter. 0 is nobody. Answers are about the present: an account that is not certified
/// (any more), whose certificate expired or was revoked, or that no longer holds the identity, has none.
/// Safety: `identityOf(accountOf(identity)) == identity` whenever `accountOf(identity)` is not zero, so that no account has two
/// identities and no identity two accounts.
interface IIdentityGate {
    /// @notice Returns the identity of an account, 0 when it has none now.
    function identityOf(address account) external view returns (uint256 identity);

    /// @notice Returns the account of an identity, the zero address when nobody holds it now.
    function accountOf(uint256 identity) external view returns (address account);
}
