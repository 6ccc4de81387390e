// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CertificateState} from "./CertificateState.sol";
import {Governed} from "./Governed.sol";
import {ICertificateAuthorities} from "./interfaces/ICertificateAuthorities.sol";
import {ICertificateRegistry} from "./interfaces/ICertificateRegistry.sol";
import {IIdentityGate} from "./interfaces/IIdentityGate.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {CertificateEvents} from "./libraries/CertificateEvents.sol";
import {CertificateWords} from "./libraries/CertificateWords.sol";
import {Issuances} from "./libraries/Issuances.sol";
import {LogEntries} from "./libraries/LogEntries.sol";
import {MerkleLog} from "./libraries/MerkleLog.sol";
import {NodeBars} from "./libraries/NodeBars.sol";

contract CertificateRegistry is ICertificateRegistry, CertificateState {
    using CertificateWords for uint256;
    using MerkleLog for MerkleLog.Frontier;

    /// @dev What an authority may issue, and the second from which it is not good as things stand.
    struct Issuer {
        uint32 authorityId;
        uint8 kinds;
        uint40 notAfter;
        uint40 until;
        uint32 identityFrom;
        uint32 identityUntil;
        INodeRegistry registry;
    }

    /// @dev Smallest nullifier of a voter; every operator's identity is below.
    uint256 private constant FIRST_NULLIFIER = 1 << 32;

    address private immutable _deployer;

    /// @inheritdoc ICertificateRegistry
    ICertificateAuthorities public immutable override authorities;

    constructor(ICertificateAuthorities authorities_, address timelock_) Governed(timelock_) {
        if (address(authorities_) == address(0)) revert Governed_ZeroAddress("authorities");
        authorities = authorities_;
        _deployer = msg.sender;
    }

    /// @inheritdoc ICertificateRegistry
    function bindRegistry(INodeRegistry registry) external {
        bool isOpen = msg.sender == _deployer && address(_registry) == address(0);
        if (!isOpen) revert Governed_BindingClosed(msg.sender);
        if (address(registry) == address(0)) revert Governed_ZeroAddress("registry");
        _registry = registry;
    }

    /// @notice Runs every function of {ICertificateAuthorities} on this contract's storage. None of them takes ether.
    fallback() external {
        // solhint-disable-previous-line payable-fallback
        address target = address(authorities);
        assembly {
            calldatacopy(0, 0, calldatasize())
            let isDone := delegatecall(gas(), target, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if isDone {
                return(0, returndatasize())
            }
            revert(0, returndatasize())
        }
    }

    // Issuing

    /// @inheritdoc ICertificateRegistry
    function issue(uint32 authorityId, Issuance calldata issuance) external {
        Issuer memory issuer = _issuerOf(authorityId);
        Batch memory batch = _openBatch(1);
        _issue(issuer, issuance, batch);
        _closeBatch(batch);
    }

    /// @inheritdoc ICertificateRegistry
    function issueMany(uint32 authorityId, Issuance[] calldata issuances) external {
        Issuer memory issuer = _issuerOf(authorityId);
        Batch memory batch = _openBatch(issuances.length);
        Issuance memory issuance;
        for (uint256 i = 0; i < issuances.length; ++i) {
            Issuances.copy(issuances[i], issuance);
            _issue(issuer, issuance, batch);
        }
        _closeBatch(batch);
    }

    /// @inheritdoc ICertificateRegistry
    function rotate(uint32 authorityId, uint160 replaced, Issuance calldata issuance, uint40 overlapUntil) external {
        Issuer memory issuer = _issuerOf(authorityId);
        Batch memory batch = _openBatch(3);
        _rotate(issuer, replaced, issuance, overlapUntil, batch);
        _closeBatch(batch);
    }

    /// @inheritdoc ICertificateRegistry
    function rotateMany(
        uint32 authorityId,
        uint160[] calldata replaced,
        Issuance[] calldata issuances,
        uint40 overlapUntil
    ) external {
        if (replaced.length != issuances.length) {
            revert CertificateRegistry_LengthMismatch(replaced.length, issuances.length);
        }
        Issuer memory issuer = _issuerOf(authorityId);
        Batch memory batch = _openBatch(3 * replaced.length);
        for (uint256 i = 0; i < replaced.length; ++i) {
            _rotate(issuer, replaced[i], issuances[i], overlapUntil, batch);
        }
        _closeBatch(batch);
    }

    // Status

    /// @inheritdoc ICertificateRegistry
    function revoke(uint160 serial, uint8 reason) external {
        uint256 word = _wordOf(serial);
        Batch memory batch = _openBatch(1);
        _revokeBySender(serial, word, reason, batch);
        if (batch.leaves.length == 0) revert CertificateRegistry_AlreadyRevoked(serial, word.revokedAtOf());
        _closeBatch(batch);
    }

    /// @inheritdoc ICertificateRegistry
    function revokeMany(uint160[] calldata serials, uint8 reason) external {
        Batch memory batch = _openBatch(serials.length);
        for (uint256 i = 0; i < serials.length; ++i) {
            _revokeBySender(serials[i], _wordOf(serials[i]), reason, batch);
        }
        _closeBatch(batch);
    }

    /// @inheritdoc ICertificateRegistry
    function hold(uint160[] calldata serials) external {
        _setHolds(serials, true);
    }

    /// @inheritdoc ICertificateRegistry
    function release(uint160[] calldata serials) external {
        _setHolds(serials, false);
    }

    /// @inheritdoc ICertificateRegistry
    function enforce(uint160[] calldata serials) external {
        for (uint256 i = 0; i < serials.length; ++i) {
            uint256 word = _wordOf(serials[i]);
            if (word.kindOf() == Kind.Node) _followNode(word);
            else _refresh(serials[i], word);
        }
    }

    /// @inheritdoc ICertificateRegistry
    function ownerChanged(uint32 identityId, address previousOwner, address newOwner) external {
        if (msg.sender != address(_registry)) revert CertificateRegistry_NotRegistry(msg.sender);
        Holder memory holder = _holders[previousOwner];
        uint256 word = _certificates[holder.serial].word;
        if (word.kindOf() != Kind.Operator || word.subjectOf() != identityId) return;
        delete _holders[previousOwner];
        _holders[newOwner] = holder;
    }

    // Log

    /// @inheritdoc ICertificateRegistry
    function publishHead() external returns (uint64 size, bytes32 root) {
        (size, root) = treeHead();
        _publishedRoots[size] = root;
        emit TreeHeadPublished(size, root);
    }

    /// @inheritdoc ICertificateRegistry
    function treeHead() public view returns (uint64 size, bytes32 root) {
        return (_size, _frontier.rootOf(_size));
    }

    /// @inheritdoc ICertificateRegistry
    function verifyInclusion(
        bytes32 leafHash,
        uint64 index,
        uint64 size,
        bytes32 root,
        bytes32[] calldata proof
    ) external view returns (bool) {
        return MerkleLog.verifyInclusion(leafHash, index, size, root, proof);
    }

    /// @inheritdoc ICertificateRegistry
    function verifyConsistency(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) external view returns (bool) {
        return MerkleLog.verifyConsistency(oldSize, oldRoot, newSize, newRoot, proof);
    }

    /// @inheritdoc ICertificateRegistry
    function publishedRoot(uint64 size) external view returns (bytes32 root) {
        return _publishedRoots[size];
    }

    // Views

    /// @inheritdoc ICertificateRegistry
    function statusOf(uint160 serial) external view returns (Status) {
        uint256 word = _certificates[serial].word;
        return word == 0 ? Status.Unknown : _statusOf(word);
    }

    /// @inheritdoc ICertificateRegistry
    function certificateOf(uint160 serial) external view returns (Certificate memory certificate) {
        StoredCertificate memory stored = _certificates[serial];
        uint256 word = stored.word;
        return
            Certificate({
                authorityId: word.authorityIdOf(),
                kind: word.kindOf(),
                subject: _isWide(word.kindOf()) ? stored.wideSubject : word.subjectOf(),
                issuedAt: word.issuedAtOf(),
                notBefore: word.notBeforeOf(),
                notAfter: word.notAfterOf(),
                revokedAt: word.revokedAtOf(),
                reason: word.reasonOf(),
                held: word.holdLevelOf() != 0,
                x509Hash: stored.x509Hash
            });
    }

    /// @inheritdoc ICertificateRegistry
    function authorityCount() external view returns (uint32) {
        return _authorityCount;
    }

    /// @inheritdoc ICertificateRegistry
    function newestSerialOf(Kind kind, uint256 subject) external view returns (uint160 serial) {
        if (kind != Kind.Operator && kind != Kind.Voter) return 0;
        serial = _holders[_accountNamed(subject)].serial;
        uint256 word = _certificates[serial].word;
        if (word.kindOf() != kind || _subjectOf(serial, word) != subject) return 0;
    }

    /// @inheritdoc IIdentityGate
    function identityOf(address account) public view returns (uint256 identity) {
        Holder storage holder = _holders[account];
        (uint160 serial, uint40 pathUntil, uint48 version) = (holder.serial, holder.pathUntil, holder.version);
        if (serial == 0) return 0;
        uint256 word = _certificates[serial].word;
        if (_ownStatusOf(word) != Status.Good) return 0;
        if (version == _version) return block.timestamp < pathUntil ? _subjectOf(serial, word) : 0;
        (Status status, ) = _pathOf(word.authorityIdOf(), word.issuedAtOf());
        return status == Status.Good ? _subjectOf(serial, word) : 0;
    }

    /// @inheritdoc IIdentityGate
    function accountOf(uint256 identity) external view returns (address account) {
        account = _accountNamed(identity);
        if (identityOf(account) != identity) return address(0);
    }

    // Internal

    function _issue(Issuer memory issuer, Issuance memory issuance, Batch memory batch) private {
        (uint160 serial, Kind kind, uint256 subject) = (issuance.serial, issuance.kind, issuance.subject);
        _requireIssuable(issuer, issuance);
        StoredCertificate storage stored = _certificates[serial];
        if (stored.word != 0) revert CertificateRegistry_SerialTaken(serial);
        stored.word = CertificateWords.issued(issuer.authorityId, issuance);
        stored.x509Hash = issuance.x509Hash;
        uint64 logIndex = _note(batch, LogEntries.leafOfIssue(issuer.authorityId, issuance));
        CertificateEvents.emitIssued(issuer.authorityId, issuance, logIndex);
        if (kind == Kind.Node) {
            _requireInRange(issuer, NodeBars.set(issuer.registry, uint32(subject), false, block.timestamp));
        } else if (kind == Kind.Operator) {
            _requireInRange(issuer, uint32(subject));
            _setHolder(issuer.registry.ownerOf(uint32(subject)), issuer, issuance);
        } else {
            stored.wideSubject = subject;
            if (kind == Kind.Relayer) return;
            _bindVoter(issuance.account, subject);
            _setHolder(issuance.account, issuer, issuance);
        }
    }

    /// @dev A voter's identity leaves the account that it had, unless another authority keeps it there.
    function _bindVoter(address account, uint256 nullifier) private {
        if (account == address(0)) revert Governed_ZeroAddress("account");
        uint256 identity = _registry.identityOf(account);
        if (identity == 0) identity = _identityKeptBy(account);
        if (identity != 0 && identity != nullifier) revert CertificateRegistry_AccountTaken(account, identity);
        address previous = _voterAccounts[nullifier].account;
        if (previous == account) return;
        uint160 serial = _holders[previous].serial;
        uint256 word = _certificates[serial].word;
        if (word.kindOf() == Kind.Voter && _subjectOf(serial, word) == nullifier) {
            if (_isKept(word)) revert CertificateRegistry_IdentityTaken(nullifier, serial);
            delete _holders[previous];
        }
        _voterAccounts[nullifier] = VoterAccount({account: account, since: uint40(block.timestamp)});
    }

    /// @dev Identity of an account, also while another authority keeps it with a certificate on hold or not yet valid.
    function _identityKeptBy(address account) private view returns (uint256 identity) {
        identity = identityOf(account);
        uint160 serial = _holders[account].serial;
        uint256 word = _certificates[serial].word;
        if (identity == 0 && _isKept(word)) identity = _subjectOf(serial, word);
    }

    /// @dev The newest certificate takes the place of an account's former one, unless another authority keeps that.
    function _setHolder(address account, Issuer memory issuer, Issuance memory issuance) private {
        uint256 present = _certificates[_holders[account].serial].word;
        if (present.kindOf() == issuance.kind && _isKept(present)) return;
        _holders[account] = Holder({serial: issuance.serial, pathUntil: issuer.until, version: _version});
    }

    /// @dev Tells whether the authority of a voter's or an operator's certificate keeps its place against the sender's:
    /// until the certificate is revoked or over, or that authority can issue no more.
    function _isKept(uint256 word) private view returns (bool) {
        if (_isAbove(word.authorityIdOf(), msg.sender)) return false;
        if (_isPast(word.revokedAtOf()) || block.timestamp > word.notAfterOf()) return false;
        (Status status, ) = _pathOf(word.authorityIdOf(), block.timestamp);
        return status == Status.Good;
    }

    function _rotate(
        Issuer memory issuer,
        uint160 replaced,
        Issuance memory issuance,
        uint40 overlapUntil,
        Batch memory batch
    ) private {
        uint256 word = _wordOf(replaced);
        if (!_isAbove(word.authorityIdOf(), msg.sender)) {
            revert CertificateRegistry_NotAuthorized(msg.sender, word.authorityIdOf());
        }
        if (
            word.kindOf() != issuance.kind || _subjectOf(replaced, word) != issuance.subject || word.holdLevelOf() != 0
        ) {
            revert CertificateRegistry_NotReplaceable(replaced, issuance.serial);
        }
        if (word.revokedAtOf() != 0) revert CertificateRegistry_AlreadyRevoked(replaced, word.revokedAtOf());
        uint40 notAfter = word.notAfterOf();
        bool isSound = overlapUntil == block.timestamp || (overlapUntil > block.timestamp && overlapUntil <= notAfter);
        if (!isSound) revert CertificateRegistry_InvalidOverlap(overlapUntil, block.timestamp, notAfter);
        _issue(issuer, issuance, batch);
        _revokeFrom(replaced, word, SUPERSEDED, overlapUntil, batch);
        LogEntry memory entry = _entryOf(Action.Rotate, issuer.authorityId);
        (entry.serial, entry.subject) = (issuance.serial, replaced);
        emit CertificateRotated(
            replaced,
            issuance.serial,
            issuer.authorityId,
            overlapUntil,
            _note(batch, LogEntries.leafHash(entry))
        );
    }

    function _revokeBySender(uint160 serial, uint256 word, uint8 reason, Batch memory batch) private {
        _requireReason(reason);
        if (!_isAbove(word.authorityIdOf(), msg.sender)) {
            if (!_isOperatorOf(word, msg.sender)) {
                revert CertificateRegistry_NotAuthorized(msg.sender, word.authorityIdOf());
            }
            _requireSubjectReason(reason);
        }
        if (_isPast(word.revokedAtOf())) _overrule(serial, word, reason, batch);
        else _revoke(serial, word, reason, batch);
    }

    function _setHolds(uint160[] calldata serials, bool held) private {
        Batch memory batch = _openBatch(serials.length);
        for (uint256 i = 0; i < serials.length; ++i) {
            uint256 word = _wordOf(serials[i]);
            uint8 level = _levelOf(word.authorityIdOf(), msg.sender);
            if (level == 0) revert CertificateRegistry_NotAuthorized(msg.sender, word.authorityIdOf());
            if (!_isPast(word.revokedAtOf())) _setHold(serials[i], word, held, level, batch);
        }
        _closeBatch(batch);
    }

    /// @dev Keeps until when the authorities of an account's certificate are good. A certificate that is good, and that
    /// nothing replaces, takes the place of one that is not.
    function _refresh(uint160 serial, uint256 word) private {
        if (word.kindOf() == Kind.Relayer) return;
        Holder storage holder = _holders[_accountNamed(_subjectOf(serial, word))];
        if (holder.serial != serial) {
            if (_statusOf(word) != Status.Good || !_mayFollow(serial, word, holder.serial)) return;
            holder.serial = serial;
        }
        (Status status, uint40 until) = _pathOf(word.authorityIdOf(), word.issuedAtOf());
        holder.pathUntil = status == Status.Good ? until : 0;
        holder.version = _version;
    }

    /// @dev Tells whether a good certificate may take the place of an account's present one. One from before a voter
    /// was given another account stays with the account that it was issued to.
    function _mayFollow(uint160 serial, uint256 word, uint160 present) private view returns (bool) {
        Kind kind = word.kindOf();
        uint256 presentWord = _certificates[present].word;
        if (presentWord.kindOf() != kind || word.revokedAtOf() != 0) return false;
        if (kind == Kind.Voter && word.issuedAtOf() < _voterAccounts[_subjectOf(serial, word)].since) return false;
        return _statusOf(presentWord) != Status.Good;
    }

    function _subjectOf(uint160 serial, uint256 word) private view returns (uint256) {
        return _isWide(word.kindOf()) ? _certificates[serial].wideSubject : word.subjectOf();
    }

    /// @dev Account that may hold an identity.
    function _accountNamed(uint256 identity) private view returns (address) {
        if (identity >= FIRST_NULLIFIER) return _voterAccounts[identity].account;
        bool exists = identity != 0 && identity <= _registry.identityCount();
        return exists ? _registry.ownerOf(uint32(identity)) : address(0);
    }

    /// @dev Tells whether a wallet is the owner or the hot wallet of the operator that a certificate is about.
    function _isOperatorOf(uint256 word, address wallet) private view returns (bool) {
        if (word.kindOf() == Kind.Node) return _registry.isOperator(word.subjectOf(), wallet);
        if (word.kindOf() != Kind.Operator) return false;
        INodeRegistry.Operator memory operator = _registry.operatorOf(word.subjectOf());
        return wallet == operator.owner || wallet == operator.operatorWallet;
    }

    function _issuerOf(uint32 authorityId) private view returns (Issuer memory) {
        _requireAccount(authorityId);
        (Status status, uint40 until) = _pathOf(authorityId, block.timestamp);
        if (status != Status.Good) revert CertificateRegistry_CannotIssue(authorityId, status);
        AuthorityState memory state = _authorities[authorityId];
        return
            Issuer({
                authorityId: authorityId,
                kinds: state.kinds,
                notAfter: state.notAfter,
                until: until,
                identityFrom: state.identityFrom,
                identityUntil: state.identityUntil,
                registry: _registry
            });
    }

    function _isWide(Kind kind) private pure returns (bool) {
        return kind == Kind.Voter || kind == Kind.Relayer;
    }

    function _requireIssuable(Issuer memory issuer, Issuance memory issuance) private view {
        Kind kind = issuance.kind;
        if (issuance.serial == 0 || issuance.serial >> 159 != 0) {
            revert CertificateRegistry_InvalidSerial(issuance.serial);
        }
        uint256 bit = 1 << uint8(kind);
        if (bit & issuer.kinds == 0) revert CertificateRegistry_OutsideConstraint("kinds", bit, issuer.kinds);
        if (issuance.x509Hash == 0) revert CertificateRegistry_EmptyField("x509Hash");
        (uint40 notBefore, uint40 notAfter) = (issuance.notBefore, issuance.notAfter);
        if (notBefore > notAfter || notAfter < block.timestamp) {
            revert CertificateRegistry_InvalidPeriod(notBefore, notAfter, block.timestamp);
        }
        if (notAfter > issuer.notAfter) {
            revert CertificateRegistry_OutsideConstraint("notAfter", notAfter, issuer.notAfter);
        }
        if (kind != Kind.Voter && issuance.account != address(0)) {
            revert CertificateRegistry_UnexpectedAccount(issuance.account);
        }
        if (!_isSubject(kind, issuance.subject)) revert CertificateRegistry_InvalidSubject(kind, issuance.subject);
    }

    function _isSubject(Kind kind, uint256 subject) private pure returns (bool) {
        if (kind <= Kind.Node) return subject < FIRST_NULLIFIER;
        if (kind == Kind.Voter) return subject >= FIRST_NULLIFIER;
        return subject != 0 && subject <= type(uint160).max;
    }

    function _requireInRange(Issuer memory issuer, uint32 identityId) private pure {
        if (identityId < issuer.identityFrom) {
            revert CertificateRegistry_OutsideConstraint("identity", identityId, issuer.identityFrom);
        }
        if (identityId >= issuer.identityUntil) {
            revert CertificateRegistry_OutsideConstraint("identity", identityId, issuer.identityUntil);
        }
    }
}
