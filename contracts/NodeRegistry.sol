// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {EpochClock} from "./EpochClock.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {ISLHDSAVerifier} from "./interfaces/ISLHDSAVerifier.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";
import {MLDSA65Keys} from "./pqc/MLDSA65Keys.sol";

contract NodeRegistry is INodeRegistry, EpochClock, EIP712 {
    using Checkpoints for Checkpoints.Trace256;

    /// @dev One slot. The active interval is the newest one; older ones are in `_pastIntervals`. Equal ends: none yet.
    struct NodeRecord {
        uint32 identityId;
        bool exited;
        uint32 rotations;
        uint64 activeFrom;
        uint64 activeUntil;
    }

    /// @dev Epochs between a change and its effect.
    uint64 private constant EFFECT_DELAY = 2;
    /// @dev End of an active interval that is open.
    uint64 private constant OPEN = type(uint64).max;
    bytes32 private constant ROTATION_TYPEHASH = keccak256(
        "AttestationKeyRotation(uint32 nodeIndex,bytes32 newKeyHash,uint32 nonce,uint64 deadline)"
    );

    INetworkParameters private immutable _parameters;
    ISLHDSAVerifier private immutable _rootKeyVerifier;
    address private immutable _deployer;

    /// @inheritdoc INodeRegistry
    address public override staking;

    /// @inheritdoc INodeRegistry
    uint32 public override nodeCount;

    /// @inheritdoc INodeRegistry
    uint32 public override identityCount;

    /// @inheritdoc INodeRegistry
    mapping(address owner => uint32 identityId) public override identityOf;

    mapping(uint32 identityId => Operator) private _operators;
    mapping(uint32 identityId => PendingAddress) private _pendingOwners;
    mapping(uint32 identityId => PendingAddress) private _pendingBeneficiaries;
    mapping(uint32 nodeIndex => NodeRecord) private _nodes;
    mapping(uint32 nodeIndex => Interval[]) private _pastIntervals;
    mapping(uint32 nodeIndex => Checkpoints.Trace256) private _keyHashes;

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
        _deployer = msg.sender;
    }

    /// @inheritdoc INodeRegistry
    function bindStaking(address staking_) external {
        if (msg.sender != _deployer || staking != address(0)) revert IGoverned.Governed_BindingClosed(msg.sender);
        if (staking_ == address(0)) revert IGoverned.Governed_ZeroAddress("staking");
        staking = staking_;
        emit StakingBound(staking_);
    }

    // Operators

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
        Operator memory operator = Operator({
            owner: msg.sender,
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
        if (newOwner == address(0)) revert IGoverned.Governed_ZeroAddress("newOwner");
        _requireNoIdentity(newOwner);
        uint64 readyAt = _readyAfter(ParameterIds.OWNER_CHANGE_DELAY);
        _pendingOwners[identityId] = PendingAddress({next: newOwner, readyAt: readyAt});
        emit OwnerChangeProposed(identityId, newOwner, readyAt);
    }

    /// @inheritdoc INodeRegistry
    function acceptOwner(uint32 identityId) external {
        Operator storage operator = _existingOperator(identityId);
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
        if (_pendingBeneficiaries[identityId].readyAt != 0) {
            delete _pendingBeneficiaries[identityId];
            emit PendingChangesCancelled(identityId);
        }
    }

    /// @inheritdoc INodeRegistry
    function proposeBeneficiary(uint32 identityId, address newBeneficiary) external onlyOwner(identityId) {
        if (newBeneficiary == address(0)) revert IGoverned.Governed_ZeroAddress("newBeneficiary");
        uint64 readyAt = _readyAfter(ParameterIds.BENEFICIARY_CHANGE_DELAY);
        _pendingBeneficiaries[identityId] = PendingAddress({next: newBeneficiary, readyAt: readyAt});
        emit BeneficiaryChangeProposed(identityId, newBeneficiary, readyAt);
    }

    /// @inheritdoc INodeRegistry
    function acceptBeneficiary(uint32 identityId) external {
        Operator storage operator = _existingOperator(identityId);
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
        delete _pendingOwners[identityId];
        delete _pendingBeneficiaries[identityId];
        emit PendingChangesCancelled(identityId);
    }

    // Nodes

    /// @inheritdoc INodeRegistry
    function registerNode(bytes calldata attestationKey, bytes32 metadata) external returns (uint32 nodeIndex) {
        uint32 identityId = identityOf[msg.sender];
        if (identityId == 0) revert NodeRegistry_UnknownIdentity(identityId);
        bytes32 keyHash = _requireSoundKey(attestationKey);
        nodeIndex = nodeCount++;
        _nodes[nodeIndex].identityId = identityId;
        _keyHashes[nodeIndex].push(currentEpoch(), uint256(keyHash));
        emit NodeRegistered(nodeIndex, identityId, keyHash, attestationKey, metadata);
    }

    /// @inheritdoc INodeRegistry
    function exitNode(uint32 nodeIndex) external {
        NodeRecord storage node = _existingNode(nodeIndex);
        if (!_isOperator(node.identityId, msg.sender)) revert NodeRegistry_NotOperator(msg.sender, node.identityId);
        if (node.exited) revert NodeRegistry_NodeExited(nodeIndex);
        node.exited = true;
        if (node.activeUntil == OPEN) _closeInterval(nodeIndex, node);
        emit NodeExitRequested(nodeIndex, currentEpoch() + EFFECT_DELAY);
    }

    /// @inheritdoc INodeRegistry
    function rotateAttestationKey(
        uint32 nodeIndex,
        bytes calldata newAttestationKey,
        uint64 deadline,
        bytes calldata rootSignature
    ) external {
        NodeRecord storage node = _existingNode(nodeIndex);
        if (node.exited) revert NodeRegistry_NodeExited(nodeIndex);
        if (block.timestamp > deadline) {
            revert NodeRegistry_DeadlinePassed(deadline, uint64(block.timestamp));
        }
        bytes32 newKeyHash = _requireSoundKey(newAttestationKey);
        bytes32 previousKeyHash = _requireReplaceable(nodeIndex, newKeyHash);
        bytes32 digest = rotationDigest(nodeIndex, newKeyHash, node.rotations, deadline);
        _requireRootSignature(node.identityId, digest, rootSignature);
        uint64 fromEpoch = currentEpoch() + EFFECT_DELAY;
        ++node.rotations;
        _keyHashes[nodeIndex].push(fromEpoch, uint256(newKeyHash));
        emit AttestationKeyRotated(nodeIndex, previousKeyHash, newKeyHash, newAttestationKey, fromEpoch);
    }

    /// @inheritdoc INodeRegistry
    function setEligible(uint32 nodeIndex, bool eligible) external {
        if (msg.sender != staking) revert NodeRegistry_NotStaking(msg.sender);
        NodeRecord storage node = _existingNode(nodeIndex);
        if (node.exited || eligible == (node.activeUntil == OPEN)) return;
        if (eligible) _openInterval(nodeIndex, node);
        else _closeInterval(nodeIndex, node);
    }

    // Views

    /// @inheritdoc INodeRegistry
    function operatorOf(uint32 identityId) external view returns (Operator memory) {
        return _existingOperator(identityId);
    }

    /// @inheritdoc INodeRegistry
    function nodeOf(uint32 nodeIndex) external view returns (Node memory) {
        NodeRecord storage node = _existingNode(nodeIndex);
        return
            Node({
                identityId: node.identityId,
                exited: node.exited,
                rotations: node.rotations,
                keyHash: keyHashAt(nodeIndex, currentEpoch())
            });
    }

    /// @inheritdoc INodeRegistry
    function ownershipOf(uint32 nodeIndex) external view returns (uint32 identityId, bool exited) {
        NodeRecord storage node = _existingNode(nodeIndex);
        return (node.identityId, node.exited);
    }

    /// @inheritdoc INodeRegistry
    function keyHashAt(uint32 nodeIndex, uint64 epoch) public view returns (bytes32) {
        return bytes32(_keyHashes[nodeIndex].upperLookupRecent(epoch));
    }

    /// @inheritdoc INodeRegistry
    function intervalsOf(uint32 nodeIndex) external view returns (Interval[] memory intervals) {
        NodeRecord storage node = _existingNode(nodeIndex);
        Interval[] storage past = _pastIntervals[nodeIndex];
        uint256 pastCount = past.length;
        bool hasNewest = node.activeFrom < node.activeUntil;
        intervals = new Interval[](hasNewest ? pastCount + 1 : pastCount);
        for (uint256 i = 0; i < pastCount; ++i) {
            intervals[i] = past[i];
        }
        if (hasNewest) intervals[pastCount] = Interval({from: node.activeFrom, until: node.activeUntil});
    }

    /// @inheritdoc INodeRegistry
    function isActive(uint32 nodeIndex, uint64 epoch) external view returns (bool) {
        NodeRecord storage node = _existingNode(nodeIndex);
        if (epoch >= node.activeFrom) return epoch < node.activeUntil;
        return _wasActive(_pastIntervals[nodeIndex], epoch);
    }

    /// @inheritdoc INodeRegistry
    function isOperator(uint32 nodeIndex, address wallet) external view returns (bool) {
        return _isOperator(_existingNode(nodeIndex).identityId, wallet);
    }

    /// @inheritdoc INodeRegistry
    function beneficiaryOf(uint32 nodeIndex) external view returns (address) {
        return _operators[_existingNode(nodeIndex).identityId].beneficiary;
    }

    /// @inheritdoc INodeRegistry
    function pendingChanges(
        uint32 identityId
    ) external view returns (PendingAddress memory owner, PendingAddress memory beneficiary) {
        return (_pendingOwners[identityId], _pendingBeneficiaries[identityId]);
    }

    /// @inheritdoc INodeRegistry
    function rotationDigest(
        uint32 nodeIndex,
        bytes32 newKeyHash,
        uint32 nonce,
        uint64 deadline
    ) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ROTATION_TYPEHASH, nodeIndex, newKeyHash, nonce, deadline)));
    }

    /// @inheritdoc INodeRegistry
    function did(uint32 nodeIndex) external view returns (string memory) {
        _existingNode(nodeIndex);
        return
            string.concat(
                "did:pqmesh:",
                Strings.toString(block.chainid),
                ":",
                Strings.toHexString(address(this)),
                ":",
                Strings.toString(nodeIndex)
            );
    }

    // Internal

    function _setOperatorWallet(uint32 identityId, address operatorWallet) private {
        _operators[identityId].operatorWallet = operatorWallet;
        emit OperatorWalletSet(identityId, operatorWallet);
    }

    /// @dev An interval that was closed in this epoch goes on; one that never began is replaced.
    function _openInterval(uint32 nodeIndex, NodeRecord storage node) private {
        uint64 from = currentEpoch() + EFFECT_DELAY;
        if (node.activeUntil < from) {
            if (node.activeFrom < node.activeUntil) {
                _pastIntervals[nodeIndex].push(Interval({from: node.activeFrom, until: node.activeUntil}));
            }
            node.activeFrom = from;
        }
        node.activeUntil = OPEN;
        emit NodeActivated(nodeIndex, from);
    }

    function _closeInterval(uint32 nodeIndex, NodeRecord storage node) private {
        uint64 until = currentEpoch() + EFFECT_DELAY;
        node.activeUntil = until;
        emit NodeDeactivated(nodeIndex, until);
    }

    function _wasActive(Interval[] storage past, uint64 epoch) private view returns (bool) {
        uint256 low = 0;
        uint256 high = past.length;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (past[middle].until > epoch) high = middle;
            else low = middle + 1;
        }
        return low < past.length && past[low].from <= epoch;
    }

    function _requireSoundKey(bytes calldata key) private pure returns (bytes32 keyHash) {
        if (key.length != MLDSA65Keys.LENGTH) revert NodeRegistry_KeyLength(key.length, MLDSA65Keys.LENGTH);
        if (MLDSA65Keys.isDegenerate(key)) revert NodeRegistry_DegenerateKey();
        return keccak256(key);
    }

    /// @dev Returns the key in force when a new one may follow it.
    function _requireReplaceable(uint32 nodeIndex, bytes32 newKeyHash) private view returns (bytes32 keyHash) {
        (, uint256 fromEpoch, uint256 newest) = _keyHashes[nodeIndex].latestCheckpoint();
        if (fromEpoch > currentEpoch()) revert NodeRegistry_RotationPending(uint64(fromEpoch));
        keyHash = bytes32(newest);
        if (keyHash == newKeyHash) revert NodeRegistry_SameKey(keyHash);
    }

    function _requireRootSignature(uint32 identityId, bytes32 digest, bytes calldata signature) private view {
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

    function _isOperator(uint32 identityId, address wallet) private view returns (bool) {
        Operator storage operator = _operators[identityId];
        return wallet == operator.owner || wallet == operator.operatorWallet;
    }

    function _existingOperator(uint32 identityId) private view returns (Operator storage operator) {
        operator = _operators[identityId];
        if (operator.owner == address(0)) revert NodeRegistry_UnknownIdentity(identityId);
    }

    function _existingNode(uint32 nodeIndex) private view returns (NodeRecord storage node) {
        node = _nodes[nodeIndex];
        if (node.identityId == 0) revert NodeRegistry_UnknownNode(nodeIndex);
    }
}
