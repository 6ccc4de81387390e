// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {EpochClock} from "./EpochClock.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {ISLHDSAVerifier} from "./interfaces/ISLHDSAVerifier.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

/// @notice Operators: their wallets, their root key, and what only the root key can do while they are quantum-locked.
abstract contract OperatorIdentities is INodeRegistry, EpochClock, EIP712 {
    /// @dev `isLocked` is that of the quantum lock, beside the owner, so that staking reads both at once.
    struct OperatorRecord {
        address owner;
        bool isLocked;
        address operatorWallet;
        address beneficiary;
        bytes32 rootKey;
    }

    /// @notice How long an operator without its root key waits for an unlock, seconds.
    uint64 public constant UNLOCK_DELAY = 365 days;

    bytes32 private constant ORDER_TYPEHASH = keccak256(
        "RootOrder(uint8 operation,uint32 identityId,uint32 nodeIndex,address recipient,uint256 amount,"
        "bytes32 newRootKey,uint32 nonce,uint64 deadline)"
    );

    INetworkParameters private immutable _parameters;
    ISLHDSAVerifier private immutable _rootKeyVerifier;

    /// @inheritdoc INodeRegistry
    uint32 public override identityCount;

    /// @inheritdoc INodeRegistry
    mapping(address owner => uint32 identityId) public override identityOf;

    mapping(uint32 identityId => OperatorRecord) private _operators;
    mapping(uint32 identityId => PendingAddress) private _pendingOwners;
    mapping(uint32 identityId => PendingAddress) private _pendingBeneficiaries;
    mapping(uint32 identityId => QuantumLock) private _locks;

    modifier onlyOwner(uint32 identityId) {
        if (msg.sender != _existingOperator(identityId).owner) revert NodeRegistry_NotOwner(msg.sender, identityId);
        _;
    }

    constructor(
        INetworkParameters parameters,
        ISLHDSAVerifier rootKeyVerifier,
        uint64 genesis,
        uint64 length
    ) EpochClock(genesis, length) EIP712("PQMesh NodeRegistry", "1") {
        if (address(parameters) == address(0)) revert IGoverned.Governed_ZeroAddress("parameters");
        if (address(rootKeyVerifier) == address(0)) revert IGoverned.Governed_ZeroAddress("rootKeyVerifier");
        _parameters = parameters;
        _rootKeyVerifier = rootKeyVerifier;
    }

    // Wallets

    /// @inheritdoc INodeRegistry
    function registerOperator(
        address operatorWallet,
        address beneficiary,
        bytes32 rootKey
    ) external returns (uint32 identityId) {
        _requireNoIdentity(msg.sender);
        if (rootKey == 0) revert NodeRegistry_EmptyRootKey();
        identityId = ++identityCount;
        identityOf[msg.sender] = identityId;
        OperatorRecord memory operator = OperatorRecord({
            owner: msg.sender,
            isLocked: false,
            operatorWallet: operatorWallet == address(0) ? msg.sender : operatorWallet,
            beneficiary: beneficiary == address(0) ? msg.sender : beneficiary,
            rootKey: rootKey
        });
        _operators[identityId] = operator;
        emit OperatorRegistered(identityId, msg.sender, operator.operatorWallet, operator.beneficiary, rootKey);
    }

    /// @inheritdoc INodeRegistry
    function setOperatorWallet(uint32 identityId, address operatorWallet) external onlyOwner(identityId) {
        _setOperatorWallet(identityId, operatorWallet == address(0) ? msg.sender : operatorWallet);
    }

    /// @inheritdoc INodeRegistry
    function proposeOwner(uint32 identityId, address newOwner) external onlyOwner(identityId) {
        _requireUnlocked(identityId);
        _proposeOwner(identityId, newOwner);
    }

    /// @inheritdoc INodeRegistry
    function acceptOwner(uint32 identityId) external {
        OperatorRecord storage operator = _existingOperator(identityId);
        PendingAddress memory pending = _pendingOwners[identityId];
        _requireReady(pending);
        if (msg.sender != pending.next) revert NodeRegistry_NotOwner(msg.sender, identityId);
        _requireNoIdentity(msg.sender);
        address previousOwner = operator.owner;
        delete _pendingOwners[identityId];
        delete identityOf[previousOwner];
        identityOf[msg.sender] = identityId;
        operator.owner = msg.sender;
        emit OwnerChanged(identityId, previousOwner, msg.sender);
        if (operator.operatorWallet == previousOwner) _setOperatorWallet(identityId, msg.sender);
        if (_pendingBeneficiaries[identityId].readyAt != 0) _cancelPendingChanges(identityId);
        _ownerChanged(identityId, previousOwner, msg.sender);
    }

    /// @inheritdoc INodeRegistry
    function proposeBeneficiary(uint32 identityId, address newBeneficiary) external onlyOwner(identityId) {
        _requireUnlocked(identityId);
        _proposeBeneficiary(identityId, newBeneficiary);
    }

    /// @inheritdoc INodeRegistry
    function acceptBeneficiary(uint32 identityId) external {
        OperatorRecord storage operator = _existingOperator(identityId);
        if (msg.sender != operator.owner && msg.sender != operator.operatorWallet) {
            revert NodeRegistry_NotOperator(msg.sender, identityId);
        }
        PendingAddress memory pending = _pendingBeneficiaries[identityId];
        _requireReady(pending);
        delete _pendingBeneficiaries[identityId];
        emit BeneficiaryChanged(identityId, operator.beneficiary, pending.next);
        operator.beneficiary = pending.next;
    }

    /// @inheritdoc INodeRegistry
    function cancelPendingChanges(uint32 identityId) external onlyOwner(identityId) {
        _requireUnlocked(identityId);
        _cancelPendingChanges(identityId);
    }

    // Root key

    /// @inheritdoc INodeRegistry
    function executeRootOrder(RootOrder calldata order, bytes calldata rootSignature) external {
        _existingOperator(order.identityId);
        _requireInTime(order.deadline);
        bytes32 digest = rootOrderDigest(order);
        uint32 nonce = _locks[order.identityId].nonce++;
        _requireRootSignature(order.identityId, digest, rootSignature);
        emit RootOrderExecuted(order.identityId, nonce, order.operation);
        _execute(order);
    }

    /// @inheritdoc INodeRegistry
    function requestUnlock(uint32 identityId) external onlyOwner(identityId) {
        QuantumLock storage lock = _locks[identityId];
        if (!lock.locked) revert NodeRegistry_NotLocked(identityId);
        if (lock.unlockAt != 0) revert NodeRegistry_ChangeNotReady(lock.unlockAt, uint64(block.timestamp));
        lock.unlockAt = uint64(block.timestamp) + UNLOCK_DELAY;
        emit UnlockRequested(identityId, lock.unlockAt);
    }

    /// @inheritdoc INodeRegistry
    function completeUnlock(uint32 identityId) external onlyOwner(identityId) {
        QuantumLock storage lock = _locks[identityId];
        if (lock.unlockAt == 0 || block.timestamp < lock.unlockAt) {
            revert NodeRegistry_ChangeNotReady(lock.unlockAt, uint64(block.timestamp));
        }
        _setLocked(identityId, false);
    }

    // Views

    /// @inheritdoc INodeRegistry
    function operatorOf(uint32 identityId) external view returns (Operator memory) {
        OperatorRecord storage operator = _existingOperator(identityId);
        return
            Operator({
                owner: operator.owner,
                operatorWallet: operator.operatorWallet,
                beneficiary: operator.beneficiary,
                rootKey: operator.rootKey
            });
    }

    /// @inheritdoc INodeRegistry
    function ownerOf(uint32 identityId) external view returns (address) {
        return _existingOperator(identityId).owner;
    }

    /// @inheritdoc INodeRegistry
    function pendingChanges(
        uint32 identityId
    ) external view returns (PendingAddress memory owner, PendingAddress memory beneficiary) {
        return (_pendingOwners[identityId], _pendingBeneficiaries[identityId]);
    }

    /// @inheritdoc INodeRegistry
    function quantumLockOf(uint32 identityId) external view returns (QuantumLock memory) {
        return _locks[identityId];
    }

    /// @inheritdoc INodeRegistry
    function rootOrderDigest(RootOrder calldata order) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        ORDER_TYPEHASH,
                        order.operation,
                        order.identityId,
                        order.nodeIndex,
                        order.recipient,
                        order.amount,
                        order.newRootKey,
                        _locks[order.identityId].nonce,
                        order.deadline
                    )
                )
            );
    }

    // Internal

    /// @dev Executes an order about a node: unbond, withdraw or exit.
    function _executeNodeOrder(RootOrder calldata order) internal virtual;

    /// @dev Tells who else keeps an owner that it changed.
    function _ownerChanged(uint32 identityId, address previousOwner, address newOwner) internal virtual;

    function _execute(RootOrder calldata order) private {
        RootOperation operation = order.operation;
        uint32 identityId = order.identityId;
        if (operation == RootOperation.Lock) _lock(identityId);
        else if (operation == RootOperation.Unlock) _unlock(identityId);
        else if (operation == RootOperation.ProposeOwner) _proposeOwner(identityId, order.recipient);
        else if (operation == RootOperation.ProposeBeneficiary) _proposeBeneficiary(identityId, order.recipient);
        else if (operation == RootOperation.CancelChanges) _cancelPendingChanges(identityId);
        else if (operation == RootOperation.ChangeRootKey) _changeRootKey(identityId, order.newRootKey);
        else _executeNodeOrder(order);
    }

    /// @dev Locks, or keeps locked; in both cases cancels whatever the wallets have under way.
    function _lock(uint32 identityId) private {
        _cancelPendingChanges(identityId);
        _setLocked(identityId, true);
    }

    function _unlock(uint32 identityId) private {
        if (!_locks[identityId].locked) revert NodeRegistry_NotLocked(identityId);
        _setLocked(identityId, false);
    }

    function _setLocked(uint32 identityId, bool locked) private {
        QuantumLock storage lock = _locks[identityId];
        lock.locked = locked;
        _operators[identityId].isLocked = locked;
        lock.unlockAt = 0;
        emit QuantumLockSet(identityId, locked);
    }

    function _changeRootKey(uint32 identityId, bytes32 newRootKey) private {
        OperatorRecord storage operator = _operators[identityId];
        if (newRootKey == 0) revert NodeRegistry_EmptyRootKey();
        bytes32 previous = operator.rootKey;
        operator.rootKey = newRootKey;
        emit RootKeyChanged(identityId, previous, newRootKey);
    }

    function _proposeOwner(uint32 identityId, address newOwner) private {
        if (newOwner == address(0)) revert IGoverned.Governed_ZeroAddress("newOwner");
        _requireNoIdentity(newOwner);
        uint64 readyAt = _readyAfter(ParameterIds.OWNER_CHANGE_DELAY);
        _pendingOwners[identityId] = PendingAddress({next: newOwner, readyAt: readyAt});
        emit OwnerChangeProposed(identityId, newOwner, readyAt);
    }

    function _proposeBeneficiary(uint32 identityId, address newBeneficiary) private {
        if (newBeneficiary == address(0)) revert IGoverned.Governed_ZeroAddress("newBeneficiary");
        uint64 readyAt = _readyAfter(ParameterIds.BENEFICIARY_CHANGE_DELAY);
        _pendingBeneficiaries[identityId] = PendingAddress({next: newBeneficiary, readyAt: readyAt});
        emit BeneficiaryChangeProposed(identityId, newBeneficiary, readyAt);
    }

    function _cancelPendingChanges(uint32 identityId) private {
        delete _pendingOwners[identityId];
        delete _pendingBeneficiaries[identityId];
        emit PendingChangesCancelled(identityId);
    }

    function _isLocked(uint32 identityId) internal view returns (bool) {
        return _operators[identityId].isLocked;
    }

    function _requireUnlocked(uint32 identityId) internal view {
        if (_operators[identityId].isLocked) revert NodeRegistry_QuantumLocked(identityId);
    }

    function _requireInTime(uint64 deadline) internal view {
        if (block.timestamp > deadline) revert NodeRegistry_DeadlinePassed(deadline, uint64(block.timestamp));
    }

    function _setOperatorWallet(uint32 identityId, address operatorWallet) private {
        _operators[identityId].operatorWallet = operatorWallet;
        emit OperatorWalletSet(identityId, operatorWallet);
    }

    function _requireRootSignature(uint32 identityId, bytes32 digest, bytes calldata signature) internal view {
        bytes32 rootKey = _operators[identityId].rootKey;
        if (!_rootKeyVerifier.verify(rootKey, abi.encodePacked(digest), "", signature)) {
            revert NodeRegistry_InvalidRootSignature(identityId);
        }
    }

    function _requireNoIdentity(address wallet) private view {
        uint32 identityId = identityOf[wallet];
        if (identityId != 0) revert NodeRegistry_AlreadyOperator(wallet, identityId);
    }

    function _requireReady(PendingAddress memory pending) private view {
        if (pending.readyAt == 0 || block.timestamp < pending.readyAt) {
            revert NodeRegistry_ChangeNotReady(pending.readyAt, uint64(block.timestamp));
        }
    }

    function _readyAfter(bytes32 delayId) private view returns (uint64) {
        return uint64(block.timestamp + _parameters.get(delayId));
    }

    function _isOperator(uint32 identityId, address wallet) internal view returns (bool) {
        OperatorRecord storage operator = _operators[identityId];
        return wallet == operator.owner || wallet == operator.operatorWallet;
    }

    /// @dev Of an identity that exists.
    function _beneficiaryOf(uint32 identityId) internal view returns (address) {
        return _operators[identityId].beneficiary;
    }

    function _existingOperator(uint32 identityId) internal view returns (OperatorRecord storage operator) {
        operator = _operators[identityId];
        if (operator.owner == address(0)) revert NodeRegistry_UnknownIdentity(identityId);
    }
}
