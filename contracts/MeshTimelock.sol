// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IMeshTimelock} from "./interfaces/IMeshTimelock.sol";

contract MeshTimelock is IMeshTimelock, TimelockController {
    /// @dev `isFree` is the opposite of critical, so that a row that is missing is critical.
    struct Row {
        OperationKind kind;
        bool isFree;
    }

    /// @inheritdoc IMeshTimelock
    bytes32 public constant override APPROVER_ROLE = keccak256("APPROVER_ROLE");

    /// @inheritdoc IMeshTimelock
    uint256 public immutable override replacementDelay;

    /// @dev Writes the table once; the zero address afterwards.
    address private _deployer;

    mapping(address target => mapping(bytes4 selector => Row)) private _rows;

    /// @inheritdoc IMeshTimelock
    mapping(bytes32 id => bool) public override isApproved;

    constructor(
        uint256 minDelay,
        uint256 replacementDelay_,
        address proposer,
        address approver,
        address executor
    ) TimelockController(minDelay, _list(proposer), _list(executor), address(0)) {
        replacementDelay = replacementDelay_;
        _deployer = msg.sender;
        _grantRole(APPROVER_ROLE, approver);
    }

    /// @inheritdoc IMeshTimelock
    function approve(bytes32 id) external onlyRole(APPROVER_ROLE) {
        if (!isOperationPending(id)) revert MeshTimelock_NotPending(id);
        isApproved[id] = true;
        emit OperationApproved(id, msg.sender);
    }

    /// @inheritdoc IMeshTimelock
    function setPrivileges(Privilege[] calldata rows) external {
        if (msg.sender == _deployer) _deployer = address(0);
        else if (msg.sender != address(this)) revert MeshTimelock_TableClosed(msg.sender);
        for (uint256 i = 0; i < rows.length; ++i) {
            (address target, bytes4 selector, OperationKind kind) = (rows[i].target, rows[i].selector, rows[i].kind);
            bool isCritical = kind == OperationKind.Unlisted || rows[i].isCritical;
            _rows[target][selector] = Row({kind: kind, isFree: !isCritical});
            emit PrivilegeSet(target, selector, kind, isCritical);
        }
    }

    /// @inheritdoc IMeshTimelock
    function privilegeOf(address target, bytes4 selector) public view returns (OperationKind kind, bool isCritical) {
        Row memory row = _rows[target][selector];
        return (row.kind, !row.isFree);
    }

    /// @notice Cancels an operation and its approval. Cancellers only.
    function cancel(bytes32 id) public override {
        delete isApproved[id];
        super.cancel(id);
    }

    /// @notice Executes an operation of one call, which must be approved when it is critical.
    function execute(
        address target,
        uint256 value,
        bytes calldata payload,
        bytes32 predecessor,
        bytes32 salt
    ) public payable override {
        if (_isCritical(target, payload) && !_useApproval(keccak256(msg.data[4:]))) {
            bytes32 id = hashOperation(target, value, payload, predecessor, salt);
            _requireApproval(id, _isReplacement(target, payload));
        }
        super.execute(target, value, payload, predecessor, salt);
    }

    /// @notice Executes an operation of several calls, which must be approved when one of them is critical.
    function executeBatch(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata payloads,
        bytes32 predecessor,
        bytes32 salt
    ) public payable override {
        bool isCritical = false;
        bool isReplacement = true;
        for (uint256 i = 0; i < payloads.length && i < targets.length; ++i) {
            isCritical = isCritical || _isCritical(targets[i], payloads[i]);
            isReplacement = isReplacement && _isReplacement(targets[i], payloads[i]);
        }
        if (isCritical && !_useApproval(keccak256(msg.data[4:]))) {
            _requireApproval(hashOperationBatch(targets, values, payloads, predecessor, salt), isReplacement);
        }
        super.executeBatch(targets, values, payloads, predecessor, salt);
    }

    /// @dev Arguments as they are usually encoded hash to the id, which is cheaper than to encode them anew. What reverts
    /// afterwards keeps its approval.
    function _useApproval(bytes32 id) private returns (bool wasApproved) {
        wasApproved = isApproved[id];
        if (wasApproved) delete isApproved[id];
    }

    /// @dev What is not ready is refused by the timelock itself, with its own error.
    function _requireApproval(bytes32 id, bool isReplacement) private {
        if (_useApproval(id) || !isOperationReady(id)) return;
        uint256 unapprovedFrom = isReplacement ? getTimestamp(id) + replacementDelay : 0;
        if (!isReplacement || block.timestamp < unapprovedFrom) revert MeshTimelock_NotApproved(id, unapprovedFrom);
    }

    /// @dev A call with fewer than four bytes, such as a plain payment, is critical.
    function _isCritical(address target, bytes calldata payload) private view returns (bool) {
        return payload.length < 4 || !_rows[target][bytes4(payload)].isFree;
    }

    /// @dev Returns true when a call gives or takes the approver's role and does nothing else.
    function _isReplacement(address target, bytes calldata payload) private view returns (bool) {
        if (target != address(this) || payload.length < 36 || bytes32(payload[4:36]) != APPROVER_ROLE) return false;
        bytes4 selector = bytes4(payload);
        return selector == IAccessControl.grantRole.selector || selector == IAccessControl.revokeRole.selector;
    }

    function _grantRole(bytes32 role, address account) internal override(AccessControl) returns (bool) {
        bool isConflict =
            (role == APPROVER_ROLE && hasRole(PROPOSER_ROLE, account)) ||
                (role == PROPOSER_ROLE && hasRole(APPROVER_ROLE, account));
        if (isConflict) revert MeshTimelock_RoleConflict(account);
        return super._grantRole(role, account);
    }

    function _list(address account) private pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }
}
