// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Identities, operators, nodes and their attestation keys: the on-chain half of a PQC-DID.
/// @dev Activation, exit and key rotation take effect two epochs later, so that a supported reorg never changes who was
/// active in an epoch that can already be attested.
interface INodeRegistry {
    /// @notice An operator: an identity that owns nodes.
    /// @param owner Cold wallet; changes in two steps with a delay.
    /// @param operatorWallet Hot wallet for daily work; set by the owner at once.
    /// @param beneficiary Payout address; changes in two steps with a delay.
    /// @param rootKey SLH-DSA-SHA2-128s public key, PK.seed ‖ PK.root (FIPS 205), kept offline.
    struct Operator {
        address owner;
        address operatorWallet;
        address beneficiary;
        bytes32 rootKey;
    }

    /// @notice A node of an operator.
    /// @param identityId Operator that owns the node.
    /// @param exited True once the exit was requested; an exit is final.
    /// @param rotations Number of key rotations so far; also the nonce of the next rotation.
    /// @param keyHash keccak256 of the raw ML-DSA-65 public key in force now (1,952 bytes, FIPS 204).
    struct Node {
        uint32 identityId;
        bool exited;
        uint32 rotations;
        bytes32 keyHash;
    }

    /// @notice A half-open range of epochs in which a node is active.
    /// @param from First epoch.
    /// @param until First epoch after it; the largest uint64 while the range is open.
    struct Interval {
        uint64 from;
        uint64 until;
    }

    /// @notice A two-step change under way.
    /// @param next Address proposed.
    /// @param readyAt Unix time in seconds from which it can be completed; 0 when there is none.
    struct PendingAddress {
        address next;
        uint64 readyAt;
    }

    /// @notice What a root key can order. The first two set the quantum lock; the others are what a locked operator's
    /// wallets cannot do.
    /// Lock: lock, and cancel pending changes and a requested unlock. Unlock: unlock at once.
    /// Unbond, Withdraw, ExitNode: of `nodeIndex`. ProposeOwner, ProposeBeneficiary: `recipient`, after the usual delay.
    /// CancelChanges: cancel pending changes. ChangeRootKey: to `newRootKey`, at once.
    enum RootOperation {
        Lock,
        Unlock,
        Unbond,
        Withdraw,
        ExitNode,
        ProposeOwner,
        ProposeBeneficiary,
        CancelChanges,
        ChangeRootKey
    }

    /// @notice One act that the root key signs. Fields that the operation does not use are bound by the signature, too.
    /// @param operation What is to be done.
    /// @param identityId Operator whose root key signs.
    /// @param nodeIndex Node for Unbond, Withdraw and ExitNode.
    /// @param recipient New owner, new beneficiary, or for Withdraw the beneficiary that is paid.
    /// @param amount MESH wei for Unbond (the largest uint256: everything) and Withdraw (exactly).
    /// @param newRootKey New root key for ChangeRootKey.
    /// @param deadline Unix seconds after which the signature is void.
    struct RootOrder {
        RootOperation operation;
        uint32 identityId;
        uint32 nodeIndex;
        address recipient;
        uint256 amount;
        bytes32 newRootKey;
        uint64 deadline;
    }

    /// @notice Quantum lock of an operator.
    /// @param locked True while only the root key moves stake, owner, beneficiary, root key and lock.
    /// @param nonce Number of root orders executed; the next order signs it.
    /// @param unlockAt Unix time in seconds from which the owner can unlock without the root key; 0 when not requested.
    struct QuantumLock {
        bool locked;
        uint32 nonce;
        uint64 unlockAt;
    }

    /// @notice Emitted when an operator registers.
    event OperatorRegistered(
        uint32 indexed identityId,
        address indexed owner,
        address operatorWallet,
        address beneficiary,
        bytes32 rootKey
    );

    /// @notice Emitted when the owner sets the hot wallet.
    event OperatorWalletSet(uint32 indexed identityId, address operatorWallet);

    /// @notice Emitted when an owner change is proposed; the new owner completes it after `readyAt` (Unix seconds).
    event OwnerChangeProposed(uint32 indexed identityId, address indexed newOwner, uint64 readyAt);

    /// @notice Emitted when the owner changed.
    event OwnerChanged(uint32 indexed identityId, address indexed previousOwner, address indexed newOwner);

    /// @notice Emitted when a beneficiary change is proposed; it can be completed from `readyAt` on (Unix
    /// seconds).
    event BeneficiaryChangeProposed(uint32 indexed identityId, address indexed newBeneficiary, uint64 readyAt);

    /// @notice Emitted when the beneficiary changed.
    event BeneficiaryChanged(uint32 indexed identityId, address previousBeneficiary, address newBeneficiary);

    /// @notice Emitted when pending owner and beneficiary changes were cancelled by the owner, or the beneficiary change
    /// of a previous owner fell away with the ownership.
    event PendingChangesCancelled(uint32 indexed identityId);

    /// @notice Emitted when a node is registered. Publishes the raw attestation key, once.
    event NodeRegistered(
        uint32 indexed nodeIndex,
        uint32 indexed identityId,
        bytes32 keyHash,
        bytes attestationKey,
        bytes32 metadata
    );

    /// @notice Emitted when a node's stake reached the minimum, or its bar was lifted: it is active from `fromEpoch`
    /// on. When an interval that was to end goes on, `fromEpoch` is its beginning and may lie in the past.
    event NodeActivated(uint32 indexed nodeIndex, uint64 fromEpoch);

    /// @notice Emitted when a node's stake fell below the minimum or it exits: it is inactive from `untilEpoch` on.
    event NodeDeactivated(uint32 indexed nodeIndex, uint64 untilEpoch);

    /// @notice Emitted when the operator ends a node for good.
    event NodeExitRequested(uint32 indexed nodeIndex, uint64 untilEpoch);

    /// @notice Emitted when an attestation key was replaced; the new key is the only valid one from `fromEpoch` on.
    event AttestationKeyRotated(
        uint32 indexed nodeIndex,
        bytes32 previousKeyHash,
        bytes32 newKeyHash,
        bytes attestationKey,
        uint64 fromEpoch
    );

    /// @notice Emitted when an order of the root key is executed, before what it does.
    event RootOrderExecuted(uint32 indexed identityId, uint32 indexed nonce, RootOperation operation);

    /// @notice Emitted when an operator is locked or unlocked.
    event QuantumLockSet(uint32 indexed identityId, bool locked);

    /// @notice Emitted when the owner asks for an unlock without the root key, possible from `unlockAt` on (Unix seconds).
    event UnlockRequested(uint32 indexed identityId, uint64 unlockAt);

    /// @notice Emitted when the root key was replaced.
    event RootKeyChanged(uint32 indexed identityId, bytes32 previousRootKey, bytes32 newRootKey);

    /// @notice Emitted when a node is barred because a certificate of it is revoked, on hold or not good for its authority's
    /// sake: from `untilEpoch` on it is inactive and earns nothing. An active interval ends then, without {NodeDeactivated}.
    event NodeBarred(uint32 indexed nodeIndex, uint64 untilEpoch);

    /// @notice Emitted when a bar is lifted: from `fromEpoch` on the node is active if its stake suffices.
    event NodeUnbarred(uint32 indexed nodeIndex, uint64 fromEpoch);

    /// @notice Emitted once, at deployment: the certificate registry.
    event CertificatesBound(address indexed certificates);

    /// @notice Emitted once, when the deployer names the staking contract.
    event StakingBound(address indexed staking);

    /// @notice Thrown when an identity does not exist.
    error NodeRegistry_UnknownIdentity(uint32 identityId);

    /// @notice Thrown when a wallet registers a node without owning an identity.
    error NodeRegistry_NoIdentity(address wallet);

    /// @notice Thrown when a node does not exist.
    error NodeRegistry_UnknownNode(uint32 nodeIndex);

    /// @notice Thrown when a wallet that already owns an identity registers or receives another.
    error NodeRegistry_AlreadyOperator(address owner, uint32 identityId);

    /// @notice Thrown when the caller is not the owner of the identity.
    error NodeRegistry_NotOwner(address caller, uint32 identityId);

    /// @notice Thrown when the caller is neither the owner nor the hot wallet of the identity.
    error NodeRegistry_NotOperator(address caller, uint32 identityId);

    /// @notice Thrown when the caller is not the staking contract.
    error NodeRegistry_NotStaking(address caller);

    /// @notice Thrown when the caller is not the certificate registry.
    error NodeRegistry_NotCertificates(address caller);

    /// @notice Thrown when a root key is zero.
    error NodeRegistry_EmptyRootKey();

    /// @notice Thrown when an attestation key is not exactly 1,952 bytes (FIPS 204, ML-DSA-65).
    error NodeRegistry_KeyLength(uint256 length, uint256 expected);

    /// @notice Thrown when t1 of an attestation key is so small that anyone could sign for it (see MLDSA65Keys).
    error NodeRegistry_DegenerateKey();

    /// @notice Thrown when a rotation names the key that is already in force.
    error NodeRegistry_SameKey(bytes32 keyHash);

    /// @notice Thrown when a rotation is still waiting for its epoch.
    error NodeRegistry_RotationPending(uint64 fromEpoch);

    /// @notice Thrown when a signature is used after its deadline (Unix seconds).
    error NodeRegistry_DeadlinePassed(uint64 deadline, uint64 nowSeconds);

    /// @notice Thrown when the root key's signature does not verify for this statement.
    error NodeRegistry_InvalidRootSignature(uint32 identityId);

    /// @notice Thrown when the signature over a rotation is not by the attestation key in force.
    error NodeRegistry_InvalidKeySignature(uint32 nodeIndex);

    /// @notice Thrown when a wallet does what only the root key can do while the operator is quantum-locked.
    error NodeRegistry_QuantumLocked(uint32 identityId);

    /// @notice Thrown when an operator that is not locked is to be unlocked.
    error NodeRegistry_NotLocked(uint32 identityId);

    /// @notice Thrown when the node has already exited.
    error NodeRegistry_NodeExited(uint32 nodeIndex);

    /// @notice Thrown when no change is pending, or its delay has not passed (`readyAt`, Unix seconds; 0 when none).
    error NodeRegistry_ChangeNotReady(uint64 readyAt, uint64 nowSeconds);

    /// @notice Registers the caller as an operator and returns its identity.
    /// @param operatorWallet Hot wallet; zero means the caller.
    /// @param beneficiary Payout address; zero means the caller.
    /// @param rootKey SLH-DSA-SHA2-128s public key, PK.seed ‖ PK.root.
    function registerOperator(
        address operatorWallet,
        address beneficiary,
        bytes32 rootKey
    ) external returns (uint32 identityId);

    /// @notice Registers a node of the caller's identity. It becomes active once it is staked.
    /// @dev Warning: possession of the key is not proven here; every attestation binds nodeIndex, so a copied key gains nothing.
    /// @param attestationKey Raw ML-DSA-65 public key, 1,952 bytes.
    /// @param metadata Free 32 bytes (for example a content hash or a region code), event data only.
    function registerNode(bytes calldata attestationKey, bytes32 metadata) external returns (uint32 nodeIndex);

    /// @notice Ends a node for good; it stays active for the current and the next epoch. Owner or hot wallet only.
    function exitNode(uint32 nodeIndex) external;

    /// @notice Replaces an attestation key, proven by the operator's root key. Anyone may send it.
    /// @dev The root key signs, with empty context, the EIP-712 digest of
    /// `AttestationKeyRotation(uint32 nodeIndex,bytes32 newKeyHash,uint32 nonce,uint64 deadline)` where nonce is the
    /// node's number of rotations. The owner wallet alone cannot rotate.
    /// @param deadline Unix seconds after which the signature is void.
    /// @param rootSignature SLH-DSA-SHA2-128s signature, 7,856 bytes.
    function rotateAttestationKey(
        uint32 nodeIndex,
        bytes calldata newAttestationKey,
        uint64 deadline,
        bytes calldata rootSignature
    ) external;

    /// @notice Replaces an attestation key, proven by the key in force. Anyone may send it.
    /// @dev The key in force signs the same digest as the root key would, with empty context (FIPS 204). Costs about 4 M gas.
    /// Warning: whoever stole an attestation key can do this as well; the root key then rotates again.
    /// @param attestationKey Raw ML-DSA-65 public key in force now, 1,952 bytes.
    /// @param signature ML-DSA-65 signature, 3,309 bytes.
    function rotateAttestationKeyByKey(
        uint32 nodeIndex,
        bytes calldata newAttestationKey,
        uint64 deadline,
        bytes calldata attestationKey,
        bytes calldata signature
    ) external;

    /// @notice Executes what the operator's root key signed. Anyone may send it.
    /// @dev The root key signs {rootOrderDigest} with empty context: chain, contract, nonce and deadline are bound.
    /// @param rootSignature SLH-DSA-SHA2-128s signature, 7,856 bytes.
    function executeRootOrder(RootOrder calldata order, bytes calldata rootSignature) external;

    /// @notice Asks for an unlock without the root key, possible after one year. Owner only.
    /// @dev The root key cancels it by the order Lock.
    function requestUnlock(uint32 identityId) external;

    /// @notice Unlocks one year after {requestUnlock}. Owner only.
    function completeUnlock(uint32 identityId) external;

    /// @notice Sets the hot wallet at once; zero means the owner. Owner only.
    function setOperatorWallet(uint32 identityId, address operatorWallet) external;

    /// @notice Proposes a new owner. Owner only; replaces an earlier proposal.
    function proposeOwner(uint32 identityId, address newOwner) external;

    /// @notice Completes an owner change after its delay. The proposed owner only.
    /// @dev Cancels a pending beneficiary change, and replaces a hot wallet that is the previous owner by the new one.
    function acceptOwner(uint32 identityId) external;

    /// @notice Proposes a new beneficiary. Owner only; replaces an earlier proposal.
    function proposeBeneficiary(uint32 identityId, address newBeneficiary) external;

    /// @notice Completes a beneficiary change after its delay. Owner or hot wallet only.
    function acceptBeneficiary(uint32 identityId) external;

    /// @notice Cancels pending owner and beneficiary changes. Owner only.
    function cancelPendingChanges(uint32 identityId) external;

    /// @notice Names the staking contract, once and for ever. Deployer only.
    function bindStaking(address staking_) external;

    /// @notice Opens or closes the node's active interval after its stake crossed the minimum. Staking contract only.
    /// @dev Takes effect two epochs later. Does nothing when the state already matches or the node has exited; a barred node
    /// opens when its bar is lifted.
    function setEligible(uint32 nodeIndex, bool eligible) external;

    /// @notice Bars a node for its certificate's sake, or lifts the bar. Certificate registry only.
    /// @dev Takes effect two epochs later. Does nothing when the node has exited, or when a certificate decided before that was
    /// issued later. A node that never had a certificate is not barred.
    /// @param issuedAt Unix seconds at which the certificate that decides was issued.
    /// @return identityId Operator of the node.
    function setBarred(uint32 nodeIndex, bool barred, uint40 issuedAt) external returns (uint32 identityId);

    /// @notice Returns the certificate registry, zero in a network without one.
    function certificates() external view returns (address);

    /// @notice Tells whether a node is barred by its certificates.
    function isBarred(uint32 nodeIndex) external view returns (bool);

    /// @notice Returns the owner of an identity.
    function ownerOf(uint32 identityId) external view returns (address owner);

    /// @notice Returns the staking contract.
    function staking() external view returns (address);

    /// @notice Returns the operator behind an identity.
    function operatorOf(uint32 identityId) external view returns (Operator memory operator);

    /// @notice Returns the identity that a wallet owns, 0 when none.
    function identityOf(address owner) external view returns (uint32 identityId);

    /// @notice Returns a node; `keyHash` is the key in force in the current epoch.
    function nodeOf(uint32 nodeIndex) external view returns (Node memory node);

    /// @notice Returns the identity that owns a node, whether the node has exited and whether the identity is
    /// quantum-locked: what staking needs, at little gas.
    function ownershipOf(uint32 nodeIndex) external view returns (uint32 identityId, bool exited, bool locked);

    /// @notice Returns the same as {ownershipOf} and {isOperator} in one call, at less gas than two.
    function accessOf(
        uint32 nodeIndex,
        address wallet
    ) external view returns (uint32 identityId, bool exited, bool locked, bool isOperator_);

    /// @notice Returns the hash of the key in force for a node in an epoch, 0 before the node existed.
    function keyHashAt(uint32 nodeIndex, uint64 epoch) external view returns (bytes32 keyHash);

    /// @notice Returns the active intervals of a node, oldest first, never overlapping.
    function intervalsOf(uint32 nodeIndex) external view returns (Interval[] memory intervals);

    /// @notice Returns the active intervals of a node that share an epoch with `[fromEpoch, toEpoch)`, oldest first.
    /// @dev Costs gas for these alone, however many others there are.
    function intervalsWithin(
        uint32 nodeIndex,
        uint64 fromEpoch,
        uint64 toEpoch
    ) external view returns (Interval[] memory intervals);

    /// @notice Returns what a payment for the epochs `[fromEpoch, toEpoch)` of a node depends on: the beneficiary of its
    /// operator, and {intervalsWithin}.
    function earnerOf(
        uint32 nodeIndex,
        uint64 fromEpoch,
        uint64 toEpoch
    ) external view returns (address beneficiary, Interval[] memory intervals);

    /// @notice Returns the beneficiary of a node's operator and the node's newest active interval, which may be empty.
    function tenureOf(
        uint32 nodeIndex
    ) external view returns (address beneficiary, uint64 activeFrom, uint64 activeUntil);

    /// @notice Returns the quantum lock of an identity.
    function quantumLockOf(uint32 identityId) external view returns (QuantumLock memory);

    /// @notice Returns the EIP-712 digest that the root key signs for an order with the current nonce:
    /// `RootOrder(uint8 operation,uint32 identityId,uint32 nodeIndex,address recipient,uint256 amount,bytes32 newRootKey,uint32 nonce,uint64 deadline)`.
    function rootOrderDigest(RootOrder calldata order) external view returns (bytes32);

    /// @notice Returns true when the node is active in an epoch.
    function isActive(uint32 nodeIndex, uint64 epoch) external view returns (bool);

    /// @notice Returns true when `wallet` is the owner or the hot wallet of the node's operator.
    function isOperator(uint32 nodeIndex, address wallet) external view returns (bool);

    /// @notice Returns the payout address of the node's operator.
    function beneficiaryOf(uint32 nodeIndex) external view returns (address);

    /// @notice Returns pending owner and beneficiary changes.
    function pendingChanges(
        uint32 identityId
    ) external view returns (PendingAddress memory owner, PendingAddress memory beneficiary);

    /// @notice Returns the number of nodes ever registered; node indices run from 0 and are never reused.
    function nodeCount() external view returns (uint32);

    /// @notice Returns the number of identities ever registered; identities run from 1.
    function identityCount() external view returns (uint32);

    /// @notice Returns the EIP-712 digest that the root key signs for a rotation.
    function rotationDigest(
        uint32 nodeIndex,
        bytes32 newKeyHash,
        uint32 nonce,
        uint64 deadline
    ) external view returns (bytes32);

    /// @notice Returns `did:pqmesh:<chainId>:<registry>:<nodeIndex>` with the registry address in lower case.
    function did(uint32 nodeIndex) external view returns (string memory);
}
