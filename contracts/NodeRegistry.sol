// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {OperatorIdentities} from "./OperatorIdentities.sol";
import {ICertificateRegistry} from "./interfaces/ICertificateRegistry.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {IMLDSAVerifier} from "./interfaces/IMLDSAVerifier.sol";
import {INodeStaking} from "./interfaces/INodeStaking.sol";
import {ISLHDSAVerifier} from "./interfaces/ISLHDSAVerifier.sol";
import {NodeWords} from "./libraries/NodeWords.sol";
import {MLDSA65Keys} from "./pqc/MLDSA65Keys.sol";

/// @notice Nodes of operators, their active intervals and the history of their attestation keys.
contract NodeRegistry is OperatorIdentities {
    using NodeWords for uint256;
    using Checkpoints for Checkpoints.Trace256;

    /// @dev One slot, laid out as {NodeWords} says. The active interval is the newest one; older ones are in
    /// `_pastIntervals`. Equal ends: none yet. It is open while the node is eligible by its stake and not barred by its
    /// certificates. The certificate that barred it last, or lifted the bar, was issued at `decidedBy`.
    struct NodeRecord {
        uint32 identityId;
        bool exited;
        bool eligible;
        bool barred;
        uint32 rotations;
        uint64 activeFrom;
        uint64 activeUntil;
        uint40 decidedBy;
    }

    /// @dev Epochs between a change and its effect.
    uint64 private constant EFFECT_DELAY = 2;
    /// @dev End of an active interval that is open.
    uint64 private constant OPEN = type(uint64).max;
    bytes32 private constant ROTATION_TYPEHASH = keccak256(
        "AttestationKeyRotation(uint32 nodeIndex,bytes32 newKeyHash,uint32 nonce,uint64 deadline)"
    );

    IMLDSAVerifier private immutable _attestationKeyVerifier;
    address private immutable _deployer;

    /// @inheritdoc INodeRegistry
    address public immutable override certificates;

    /// @inheritdoc INodeRegistry
    address public override staking;

    /// @inheritdoc INodeRegistry
    uint32 public override nodeCount;

    mapping(uint32 nodeIndex => NodeRecord) private _nodes;
    mapping(uint32 nodeIndex => Interval[]) private _pastIntervals;
    mapping(uint32 nodeIndex => Checkpoints.Trace256) private _keyHashes;

    constructor(
        INetworkParameters parameters,
        ISLHDSAVerifier rootKeyVerifier,
        IMLDSAVerifier attestationKeyVerifier,
        address certificates_,
        uint64 genesis,
        uint64 length
    ) OperatorIdentities(parameters, rootKeyVerifier, genesis, length) {
        if (address(attestationKeyVerifier) == address(0)) {
            revert IGoverned.Governed_ZeroAddress("attestationKeyVerifier");
        }
        _attestationKeyVerifier = attestationKeyVerifier;
        certificates = certificates_;
        _deployer = msg.sender;
        emit CertificatesBound(certificates_);
    }

    /// @inheritdoc INodeRegistry
    function bindStaking(address staking_) external {
        if (msg.sender != _deployer || staking != address(0)) revert IGoverned.Governed_BindingClosed(msg.sender);
        if (staking_ == address(0)) revert IGoverned.Governed_ZeroAddress("staking");
        staking = staking_;
        emit StakingBound(staking_);
    }

    // Nodes

    /// @inheritdoc INodeRegistry
    function registerNode(bytes calldata attestationKey, bytes32 metadata) external returns (uint32 nodeIndex) {
        uint32 identityId = identityOf[msg.sender];
        if (identityId == 0) revert NodeRegistry_NoIdentity(msg.sender);
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
        _requireUnlocked(node.identityId);
        _exit(nodeIndex, node);
    }

    /// @inheritdoc INodeRegistry
    function rotateAttestationKey(
        uint32 nodeIndex,
        bytes calldata newAttestationKey,
        uint64 deadline,
        bytes calldata rootSignature
    ) external {
        (bytes32 digest, ) = _rotate(nodeIndex, newAttestationKey, deadline);
        _requireRootSignature(_nodes[nodeIndex].identityId, digest, rootSignature);
    }

    /// @inheritdoc INodeRegistry
    function rotateAttestationKeyByKey(
        uint32 nodeIndex,
        bytes calldata newAttestationKey,
        uint64 deadline,
        bytes calldata attestationKey,
        bytes calldata signature
    ) external {
        (bytes32 digest, bytes32 keyHash) = _rotate(nodeIndex, newAttestationKey, deadline);
        bool isSigned =
            keccak256(attestationKey) == keyHash &&
                _attestationKeyVerifier.verify(attestationKey, abi.encodePacked(digest), "", signature);
        if (!isSigned) revert NodeRegistry_InvalidKeySignature(nodeIndex);
    }

    /// @inheritdoc INodeRegistry
    function setEligible(uint32 nodeIndex, bool eligible) external {
        if (msg.sender != staking) revert NodeRegistry_NotStaking(msg.sender);
        NodeRecord storage node = _existingNode(nodeIndex);
        if (node.exited || eligible == node.eligible) return;
        node.eligible = eligible;
        if (!node.barred) _setOpen(nodeIndex, node, eligible);
    }

    /// @inheritdoc INodeRegistry
    function setBarred(uint32 nodeIndex, bool barred, uint40 issuedAt) external returns (uint32 identityId) {
        if (msg.sender != certificates) revert NodeRegistry_NotCertificates(msg.sender);
        NodeRecord storage node = _nodes[nodeIndex];
        uint256 word = _wordOf(node);
        identityId = word.identityOf();
        if (identityId == 0) revert NodeRegistry_UnknownNode(nodeIndex);
        if (!word.canBeDecidedBy(issuedAt)) return identityId;
        word = word.decided(issuedAt);
        if (barred == word.isBarred()) _setWord(node, word);
        else if (barred) _bar(nodeIndex, node, word.barToggled());
        else _unbar(nodeIndex, node, word.barToggled());
    }

    // Views

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
    function ownershipOf(uint32 nodeIndex) external view returns (uint32 identityId, bool exited, bool locked) {
        NodeRecord storage node = _existingNode(nodeIndex);
        identityId = node.identityId;
        return (identityId, node.exited, _isLocked(identityId));
    }

    /// @inheritdoc INodeRegistry
    function accessOf(
        uint32 nodeIndex,
        address wallet
    ) external view returns (uint32 identityId, bool exited, bool locked, bool isOperator_) {
        NodeRecord storage node = _existingNode(nodeIndex);
        identityId = node.identityId;
        return (identityId, node.exited, _isLocked(identityId), _isOperator(identityId, wallet));
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
    function intervalsWithin(
        uint32 nodeIndex,
        uint64 fromEpoch,
        uint64 toEpoch
    ) external view returns (Interval[] memory intervals) {
        return _intervalsWithin(nodeIndex, _existingNode(nodeIndex), fromEpoch, toEpoch);
    }

    /// @inheritdoc INodeRegistry
    function earnerOf(
        uint32 nodeIndex,
        uint64 fromEpoch,
        uint64 toEpoch
    ) external view returns (address beneficiary, Interval[] memory intervals) {
        NodeRecord storage node = _existingNode(nodeIndex);
        beneficiary = _beneficiaryOf(node.identityId);
        intervals = _intervalsWithin(nodeIndex, node, fromEpoch, toEpoch);
    }

    /// @inheritdoc INodeRegistry
    function tenureOf(
        uint32 nodeIndex
    ) external view returns (address beneficiary, uint64 activeFrom, uint64 activeUntil) {
        NodeRecord storage node = _existingNode(nodeIndex);
        return (_beneficiaryOf(node.identityId), node.activeFrom, node.activeUntil);
    }

    /// @inheritdoc INodeRegistry
    function isActive(uint32 nodeIndex, uint64 epoch) external view returns (bool) {
        NodeRecord storage node = _existingNode(nodeIndex);
        if (epoch >= node.activeFrom) return epoch < node.activeUntil;
        return _wasActive(_pastIntervals[nodeIndex], epoch);
    }

    /// @inheritdoc INodeRegistry
    function isBarred(uint32 nodeIndex) external view returns (bool) {
        return _existingNode(nodeIndex).barred;
    }

    /// @inheritdoc INodeRegistry
    function isOperator(uint32 nodeIndex, address wallet) external view returns (bool) {
        return _isOperator(_existingNode(nodeIndex).identityId, wallet);
    }

    /// @inheritdoc INodeRegistry
    function beneficiaryOf(uint32 nodeIndex) external view returns (address) {
        return _beneficiaryOf(_existingNode(nodeIndex).identityId);
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

    /// @inheritdoc OperatorIdentities
    function _executeNodeOrder(RootOrder calldata order) internal override {
        NodeRecord storage node = _existingNode(order.nodeIndex);
        if (node.identityId != order.identityId) revert NodeRegistry_NotOwner(msg.sender, node.identityId);
        if (order.operation == RootOperation.ExitNode) {
            _exit(order.nodeIndex, node);
        } else if (order.operation == RootOperation.Unbond) {
            INodeStaking(staking).requestUnbondByOrder(order.nodeIndex, order.amount);
        } else {
            INodeStaking(staking).withdrawByOrder(order.nodeIndex, order.recipient, order.amount);
        }
    }

    /// @inheritdoc OperatorIdentities
    function _ownerChanged(uint32 identityId, address previousOwner, address newOwner) internal override {
        if (certificates == address(0)) return;
        ICertificateRegistry(certificates).ownerChanged(identityId, previousOwner, newOwner);
    }

    /// @dev Enters a rotation that its caller then proves; returns what is signed and the key in force.
    function _rotate(
        uint32 nodeIndex,
        bytes calldata newAttestationKey,
        uint64 deadline
    ) private returns (bytes32 digest, bytes32 previousKeyHash) {
        NodeRecord storage node = _existingNode(nodeIndex);
        if (node.exited) revert NodeRegistry_NodeExited(nodeIndex);
        _requireInTime(deadline);
        bytes32 newKeyHash = _requireSoundKey(newAttestationKey);
        previousKeyHash = _requireReplaceable(nodeIndex, newKeyHash);
        digest = rotationDigest(nodeIndex, newKeyHash, node.rotations++, deadline);
        uint64 fromEpoch = currentEpoch() + EFFECT_DELAY;
        _keyHashes[nodeIndex].push(fromEpoch, uint256(newKeyHash));
        emit AttestationKeyRotated(nodeIndex, previousKeyHash, newKeyHash, newAttestationKey, fromEpoch);
    }

    function _exit(uint32 nodeIndex, NodeRecord storage node) private {
        if (node.exited) revert NodeRegistry_NodeExited(nodeIndex);
        node.exited = true;
        if (node.activeUntil == OPEN) _closeInterval(nodeIndex, node);
        emit NodeExitRequested(nodeIndex, currentEpoch() + EFFECT_DELAY);
        INodeStaking(staking).nodeExited(nodeIndex);
    }

    function _bar(uint32 nodeIndex, NodeRecord storage node, uint256 word) private {
        uint64 untilEpoch = currentEpoch() + EFFECT_DELAY;
        _setWord(node, word.isEligible() ? word.closed(untilEpoch) : word);
        emit NodeBarred(nodeIndex, untilEpoch);
    }

    function _unbar(uint32 nodeIndex, NodeRecord storage node, uint256 word) private {
        _setWord(node, word);
        emit NodeUnbarred(nodeIndex, currentEpoch() + EFFECT_DELAY);
        if (word.isEligible()) _openInterval(nodeIndex, node);
    }

    function _wordOf(NodeRecord storage node) private view returns (uint256 word) {
        assembly ("memory-safe") {
            word := sload(node.slot)
        }
    }

    function _setWord(NodeRecord storage node, uint256 word) private {
        assembly ("memory-safe") {
            sstore(node.slot, word)
        }
    }

    function _setOpen(uint32 nodeIndex, NodeRecord storage node, bool open) private {
        if (open) _openInterval(nodeIndex, node);
        else _closeInterval(nodeIndex, node);
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
        emit NodeActivated(nodeIndex, node.activeFrom);
    }

    function _closeInterval(uint32 nodeIndex, NodeRecord storage node) private {
        uint64 until = currentEpoch() + EFFECT_DELAY;
        node.activeUntil = until;
        emit NodeDeactivated(nodeIndex, until);
    }

    /// @dev Past intervals end before the newest one begins.
    function _intervalsWithin(
        uint32 nodeIndex,
        NodeRecord storage node,
        uint64 fromEpoch,
        uint64 toEpoch
    ) private view returns (Interval[] memory intervals) {
        (uint64 activeFrom, uint64 activeUntil) = (node.activeFrom, node.activeUntil);
        bool hasNewest = activeFrom < toEpoch && activeUntil > fromEpoch && activeFrom < activeUntil;
        uint256 first;
        uint256 end;
        Interval[] storage past = _pastIntervals[nodeIndex];
        if (activeFrom > fromEpoch) {
            first = _firstEndingAfter(past, fromEpoch);
            end = first;
            while (end < past.length && past[end].from < toEpoch) ++end;
        }
        intervals = new Interval[](end - first + (hasNewest ? 1 : 0));
        for (uint256 i = first; i < end; ++i) {
            intervals[i - first] = past[i];
        }
        if (hasNewest) intervals[end - first] = Interval({from: activeFrom, until: activeUntil});
    }

    function _wasActive(Interval[] storage past, uint64 epoch) private view returns (bool) {
        uint256 position = _firstEndingAfter(past, epoch);
        return position < past.length && past[position].from <= epoch;
    }

    /// @dev Returns the position of the first interval that ends after an epoch, the length when there is none.
    function _firstEndingAfter(Interval[] storage past, uint64 epoch) private view returns (uint256 low) {
        uint256 high = past.length;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (past[middle].until > epoch) high = middle;
            else low = middle + 1;
        }
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

    function _existingNode(uint32 nodeIndex) private view returns (NodeRecord storage node) {
        node = _nodes[nodeIndex];
        if (node.identityId == 0) revert NodeRegistry_UnknownNode(nodeIndex);
    }
}
