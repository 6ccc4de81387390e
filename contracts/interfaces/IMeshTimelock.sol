// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A timelock under dual control: critical operations need a second approver before they are executed.
/// @dev What is critical is told by a table of target and selector. What is not in it is critical: a function that was
/// forgotten is guarded, not open. The approver can only withhold: it proposes, executes and cancels nothing.
/// Safety: no account is proposer and approver at once. Liveness: an operation that only replaces approvers is executed without
/// approval {replacementDelay} after it was ready, so that a lost approver never locks the DAO out.
interface IMeshTimelock {
    /// @notice What a privileged function does: says who may act, spends or acts, undoes, or changes rules.
    enum OperationKind {
        Unlisted,
        AuthorizationOp,
        ExecutionOp,
        RollbackOp,
        GovernanceOp
    }

    /// @notice A row of the table.
    /// @param target Contract that is called.
    /// @param selector Function of it.
    /// @param kind What it does; Unlisted takes the row out.
    /// @param isCritical True when its operations need approval.
    struct Privilege {
        address target;
        bytes4 selector;
        OperationKind kind;
        bool isCritical;
    }

    /// @notice Emitted for every row that is written.
    event PrivilegeSet(address indexed target, bytes4 indexed selector, OperationKind kind, bool isCritical);

    /// @notice Emitted when an approver approves an operation that was scheduled.
    event OperationApproved(bytes32 indexed id, address indexed approver);

    /// @notice Thrown when a critical operation is executed that nobody approved. `unapprovedFrom` is the Unix time from which it
    /// can be executed without approval, 0 for never.
    error MeshTimelock_NotApproved(bytes32 id, uint256 unapprovedFrom);

    /// @notice Thrown when an operation is approved that is not scheduled, or was executed.
    error MeshTimelock_NotPending(bytes32 id);

    /// @notice Thrown when one account would be proposer and approver.
    error MeshTimelock_RoleConflict(address account);

    /// @notice Thrown when the caller may not write the table: the deployer once, then the timelock itself.
    error MeshTimelock_TableClosed(address caller);

    /// @notice Returns the role that approves.
    function APPROVER_ROLE() external view returns (bytes32);

    /// @notice Returns the seconds after which approvers can be replaced without approval.
    function replacementDelay() external view returns (uint256);

    /// @notice Approves an operation that is scheduled. Approvers only.
    /// @dev An approval ends with the operation, when that is executed or cancelled: to schedule it again takes another one.
    function approve(bytes32 id) external;

    /// @notice Writes the table: the deployer once, then the timelock itself (AuthorizationOp).
    function setPrivileges(Privilege[] calldata rows) external;

    /// @notice Returns whether an operation is approved and neither executed nor cancelled since.
    function isApproved(bytes32 id) external view returns (bool);

    /// @notice Returns what a function is, and whether it needs approval.
    function privilegeOf(address target, bytes4 selector) external view returns (OperationKind kind, bool isCritical);
}
