// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIdentityGate} from "./IIdentityGate.sol";

/// @notice The identity gate of a network without certificates: operators as registered, voters as the DAO admits them.
/// @dev Every registered operator has its identity unless the DAO suspended it; a change of owner counts at once. Voters are
/// admitted for a time by the timelock. An account that owns an operator is that operator: a voter who registers as one loses
/// the voter's identity for as long as it does.
/// Trust: the DAO must not admit one person under two nullifiers. Nothing here can show that it did.
interface IAdmittedIdentities is IIdentityGate {
    /// @notice A voter's admission.
    /// @param account Account that votes.
    /// @param nullifier Identity of the voter, at least 2^32: a salted commitment that stays the same for ever.
    /// @param expiresAt Unix time in seconds from which the admission is void.
    struct Admission {
        address account;
        uint256 nullifier;
        uint48 expiresAt;
    }

    /// @notice Emitted when a voter was admitted, or moved to another account, or its time was changed.
    event VoterAdmitted(uint256 indexed nullifier, address indexed account, uint48 expiresAt);

    /// @notice Emitted when a voter's admission ended before its time.
    event VoterRevoked(uint256 indexed nullifier, address indexed account);

    /// @notice Emitted when an operator lost its identity until it is released.
    event OperatorSuspended(uint32 indexed identityId);

    /// @notice Emitted when a suspended operator got its identity back.
    event OperatorReleased(uint32 indexed identityId);

    /// @notice Thrown when a voter's nullifier is below the smallest one, which is kept for operators.
    error AdmittedIdentities_InvalidNullifier(uint256 nullifier, uint256 min);

    /// @notice Thrown when an admission would be void at once (Unix seconds).
    error AdmittedIdentities_AlreadyExpired(uint48 expiresAt, uint256 time);

    /// @notice Thrown when the owner of an operator is admitted as a voter.
    error AdmittedIdentities_IsOperator(address account, uint32 identityId);

    /// @notice Thrown when an account was admitted under another nullifier, which must be revoked first, also when it expired.
    error AdmittedIdentities_AccountTaken(address account, uint256 nullifier);

    /// @notice Thrown when a nullifier is not admitted.
    error AdmittedIdentities_NotAdmitted(uint256 nullifier);

    /// @notice Thrown when there is no operator with an identity.
    error AdmittedIdentities_UnknownOperator(uint32 identityId);

    /// @notice Thrown when an operator is suspended, or released, twice.
    error AdmittedIdentities_SuspensionUnchanged(uint32 identityId, bool suspended);

    /// @notice Admits a voter, or changes account and time of one. Timelock only (AuthorizationOp).
    /// @dev The nullifier leaves the account that it had: no identity ever has two.
    function admit(address account, uint256 nullifier, uint48 expiresAt) external;

    /// @notice Admits many voters; all or none. Timelock only (AuthorizationOp).
    function admitMany(Admission[] calldata admissions) external;

    /// @notice Ends a voter's admission. Timelock only (AuthorizationOp).
    function revoke(uint256 nullifier) external;

    /// @notice Takes an operator's identity away; its stake and its nodes are not touched. Timelock only
    /// (AuthorizationOp).
    function suspend(uint32 identityId) external;

    /// @notice Gives a suspended operator its identity back. Timelock only (RollbackOp).
    function release(uint32 identityId) external;

    /// @notice Returns whether an operator is suspended.
    function isSuspended(uint32 identityId) external view returns (bool);

    /// @notice Returns the admission of a nullifier as it was made, expired or not; all zero when there is none.
    function admissionOf(uint256 nullifier) external view returns (Admission memory);
}
