// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CertificateState} from "./CertificateState.sol";
import {Governed} from "./Governed.sol";
import {ICertificateAuthorities} from "./interfaces/ICertificateAuthorities.sol";
import {ICertificateRegistry} from "./interfaces/ICertificateRegistry.sol";
import {IIdentityGate} from "./interfaces/IIdentityGate.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {CertificateWords} from "./libraries/CertificateWords.sol";
import {MerkleLog} from "./libraries/MerkleLog.sol";

contract CertificateRegistry is ICertificateRegistry, CertificateState {
    using CertificateWords for CertificateWords.Record;
    using CertificateWords for uint256;
    using MerkleLog for MerkleLog.Tree;

    /// @dev What an authority may issue, and the second from which it is not good as things stand.
    struct Issuer {
        uint32 authorityId;
        uint8 kinds;
        uint40 notAfter;
        uint40 until;
        uint32 identityFrom;
        uint32 identityUntil;
    }

    /// @dev Smallest nullifier of a voter; every operator's identity is below.
    uint256 private constant FIRST_NULLIFIER = 1 << 32;
    /// @dev Version that is never the present one.
    uint48 private constant UNSURE = 0;

    /// @inheritdoc ICertificateRegistry
    ICertificateAuthorities public immutable override authorities;

    constructor(
        INodeRegistry registry,
        ICertificateAuthorities authorities_,
        address timelock_
    ) CertificateState(registry) Governed(timelock_) {
        if (address(authorities_) == address(0)) revert Governed_ZeroAddress("authorities");
        authorities = authorities_;
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
        for (uint256 i = 0; i < issuances.length; ++i) {
            _issue(issuer, issuances[i], batch);
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
        CertificateWords.Record memory record = _recordOf(serial);
        Batch memory batch = _openBatch(1);
        _revokeBySender(serial, record, reason, batch);
        if (batch.count == 0) revert CertificateRegistry_AlreadyRevoked(serial, record.revokedAt);
        _closeBatch(batch);
    }

    /// @inheritdoc ICertificateRegistry
    function revokeMany(uint160[] calldata serials, uint8 reason) external {
        Batch memory batch = _openBatch(serials.length);
        for (uint256 i = 0; i < serials.length; ++i) {
            _revokeBySender(serials[i], _recordOf(serials[i]), reason, batch);
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
            CertificateWords.Record memory record = _recordOf(serials[i]);
            if (record.kind == Kind.Node) _followNode(record);
            else _refresh(serials[i], record);
        }
    }

    /// @inheritdoc ICertificateRegistry
    function ownerChanged(uint32 identityId, address previousOwner, address newOwner) external {
        if (msg.sender != address(_registry)) revert CertificateRegistry_NotRegistry(msg.sender);
        Holder memory holder = _holders[previousOwner];
        bool isOperator = holder.serial != 0 && !holder.isVoter;
        if (!isOperator || _certificates[holder.serial].word.subjectOf() != identityId) return;
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
        return (_tree.size, _tree.rootOf());
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
        return word == 0 ? Status.Unknown : _statusOf(word.unpack());
    }

    /// @inheritdoc ICertificateRegistry
    function certificateOf(uint160 serial) external view returns (Certificate memory certificate) {
        StoredCertificate memory stored = _certificates[serial];
        CertificateWords.Record memory record = stored.word.unpack();
        return
            Certificate({
                authorityId: record.authorityId,
                kind: record.kind,
                subject: _isWide(record.kind) ? stored.wideSubject : record.subject,
                issuedAt: record.issuedAt,
                notBefore: record.notBefore,
                notAfter: record.notAfter,
                revokedAt: record.revokedAt,
                reason: record.reason,
                held: record.holdLevel != 0,
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
        Holder memory holder = _holders[_accountNamed(subject)];
        if (holder.serial == 0 || holder.isVoter != (kind == Kind.Voter)) return 0;
        return _identityNamed(holder) == subject ? holder.serial : 0;
    }

    /// @inheritdoc IIdentityGate
    function identityOf(address account) public view returns (uint256 identity) {
        Holder memory holder = _holders[account];
        if (holder.serial == 0) return 0;
        bool isGood =
            holder.version == _version
                ? block.timestamp < holder.certifiedUntil
                : _statusOf(_certificates[holder.serial].word.unpack()) == Status.Good;
        return isGood ? _identityNamed(holder) : 0;
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
        LogEntry memory entry = _entryOf(Action.Issue, issuer.authorityId);
        (entry.serial, entry.kind, entry.subject) = (serial, kind, subject);
        (entry.notBefore, entry.notAfter) = (issuance.notBefore, issuance.notAfter);
        entry.x509Hash = issuance.x509Hash;
        _emitIssued(issuer.authorityId, issuance, _note(batch, entry));
        if (kind == Kind.Node) {
            _requireInRange(issuer, _registry.setBarred(uint32(subject), false, uint40(block.timestamp)));
        } else if (kind == Kind.Operator) {
            _requireInRange(issuer, uint32(subject));
            _setHolder(_registry.ownerOf(uint32(subject)), issuer, issuance);
        } else {
            stored.wideSubject = subject;
            if (kind == Kind.Relayer) return;
            _bindVoter(issuance.account, subject);
            _setHolder(issuance.account, issuer, issuance);
        }
    }

    function _emitIssued(uint32 authorityId, Issuance memory issuance, uint64 logIndex) private {
        emit CertificateIssued(
            issuance.serial,
            authorityId,
            issuance.subject,
            issuance.kind,
            issuance.account,
            issuance.notBefore,
            issuance.notAfter,
            issuance.x509Hash,
            logIndex
        );
    }

    /// @dev A voter's identity leaves the account that it had, unless another authority keeps it there.
    function _bindVoter(address account, uint256 nullifier) private {
        if (account == address(0)) revert Governed_ZeroAddress("account");
        uint256 identity = _registry.identityOf(account);
        if (identity == 0) identity = identityOf(account);
        if (identity != 0 && identity != nullifier) revert CertificateRegistry_AccountTaken(account, identity);
        address previous = _voterAccounts[nullifier].account;
        if (previous == account) return;
        Holder memory holder = _holders[previous];
        if (holder.isVoter && _identityNamed(holder) == nullifier) {
            if (_isKept(holder.serial)) revert CertificateRegistry_IdentityTaken(nullifier, holder.serial);
            delete _holders[previous];
        }
        _voterAccounts[nullifier] = VoterAccount({account: account, since: uint40(block.timestamp)});
    }

    /// @dev The newest certificate takes the place of an account's former one, unless another authority keeps that.
    function _setHolder(address account, Issuer memory issuer, Issuance memory issuance) private {
        uint40 notAfter = issuance.notAfter;
        bool isVoter = issuance.kind == Kind.Voter;
        Holder memory present = _holders[account];
        if (present.serial != 0 && present.isVoter == isVoter && _isKept(present.serial)) return;
        _holders[account] = Holder({
            serial: issuance.serial,
            isVoter: isVoter,
            certifiedUntil: notAfter < issuer.until ? notAfter + 1 : issuer.until,
            version: issuance.notBefore > block.timestamp ? UNSURE : _version
        });
    }

    /// @dev Tells whether the authority of a voter's or an operator's certificate keeps its place against the sender's: until the
    /// certificate is revoked or over, or that authority can issue no more.
    function _isKept(uint160 serial) private view returns (bool) {
        CertificateWords.Record memory record = _recordOf(serial);
        if (_isAbove(record.authorityId, msg.sender)) return false;
        if (_isPast(record.revokedAt) || block.timestamp > record.notAfter) return false;
        (Status status, ) = _pathOf(record.authorityId, block.timestamp);
        return status == Status.Good;
    }

    function _rotate(
        Issuer memory issuer,
        uint160 replaced,
        Issuance memory issuance,
        uint40 overlapUntil,
        Batch memory batch
    ) private {
        CertificateWords.Record memory record = _recordOf(replaced);
        if (!_isAbove(record.authorityId, msg.sender)) {
            revert CertificateRegistry_NotAuthorized(msg.sender, record.authorityId);
        }
        if (record.kind != issuance.kind || _subjectOf(replaced, record) != issuance.subject || record.holdLevel != 0) {
            revert CertificateRegistry_NotReplaceable(replaced, issuance.serial);
        }
        if (record.revokedAt != 0) revert CertificateRegistry_AlreadyRevoked(replaced, record.revokedAt);
        bool isSound =
            overlapUntil == block.timestamp || (overlapUntil > block.timestamp && overlapUntil <= record.notAfter);
        if (!isSound) revert CertificateRegistry_InvalidOverlap(overlapUntil, block.timestamp, record.notAfter);
        _issue(issuer, issuance, batch);
        _revokeFrom(replaced, record, SUPERSEDED, overlapUntil, batch);
        LogEntry memory entry = _entryOf(Action.Rotate, issuer.authorityId);
        (entry.serial, entry.subject) = (issuance.serial, replaced);
        emit CertificateRotated(replaced, issuance.serial, issuer.authorityId, overlapUntil, _note(batch, entry));
    }

    function _revokeBySender(
        uint160 serial,
        CertificateWords.Record memory record,
        uint8 reason,
        Batch memory batch
    ) private {
        _requireReason(reason);
        if (!_isAbove(record.authorityId, msg.sender)) {
            if (!_isOperatorOf(record, msg.sender)) {
                revert CertificateRegistry_NotAuthorized(msg.sender, record.authorityId);
            }
            _requireSubjectReason(reason);
        }
        if (_isPast(record.revokedAt)) _overrule(serial, record, reason, batch);
        else _revoke(serial, record, reason, batch);
    }

    function _setHolds(uint160[] calldata serials, bool held) private {
        Batch memory batch = _openBatch(serials.length);
        for (uint256 i = 0; i < serials.length; ++i) {
            CertificateWords.Record memory record = _recordOf(serials[i]);
            uint8 level = _levelOf(record.authorityId, msg.sender);
            if (level == 0) revert CertificateRegistry_NotAuthorized(msg.sender, record.authorityId);
            if (!_isPast(record.revokedAt)) _setHold(serials[i], record, held, level, batch);
        }
        _closeBatch(batch);
    }

    /// @dev Keeps what the status of an account's certificate is and until when. One that is good, and that nothing replaces,
    /// takes the place of one that is not.
    function _refresh(uint160 serial, CertificateWords.Record memory record) private {
        if (record.kind == Kind.Relayer) return;
        Holder storage holder = _holders[_accountNamed(_subjectOf(serial, record))];
        Status status = _statusOf(record);
        if (holder.serial != serial) {
            if (status != Status.Good || !_mayFollow(serial, record, holder)) return;
            holder.serial = serial;
        }
        (, uint40 until) = _pathOf(record.authorityId, record.issuedAt);
        if (record.notAfter < until) until = record.notAfter + 1;
        if (record.revokedAt != 0 && record.revokedAt < until) until = record.revokedAt;
        holder.certifiedUntil = status == Status.Good ? until : 0;
        holder.version = status == Status.NotYetValid ? UNSURE : _version;
    }

    /// @dev Tells whether a good certificate may take the place of an account's present one. One from before a voter was given
    /// another account stays with the account that it was issued to.
    function _mayFollow(
        uint160 serial,
        CertificateWords.Record memory record,
        Holder memory present
    ) private view returns (bool) {
        bool isVoter = record.kind == Kind.Voter;
        if (present.serial == 0 || present.isVoter != isVoter || record.revokedAt != 0) return false;
        if (isVoter && record.issuedAt < _voterAccounts[_subjectOf(serial, record)].since) return false;
        return _statusOf(_recordOf(present.serial)) != Status.Good;
    }

    function _subjectOf(uint160 serial, CertificateWords.Record memory record) private view returns (uint256) {
        return _isWide(record.kind) ? _certificates[serial].wideSubject : record.subject;
    }

    /// @dev Identity that the newest certificate of an account names, good or not.
    function _identityNamed(Holder memory holder) private view returns (uint256) {
        StoredCertificate storage stored = _certificates[holder.serial];
        return holder.isVoter ? stored.wideSubject : stored.word.subjectOf();
    }

    /// @dev Account that may hold an identity.
    function _accountNamed(uint256 identity) private view returns (address) {
        if (identity >= FIRST_NULLIFIER) return _voterAccounts[identity].account;
        bool exists = identity != 0 && identity <= _registry.identityCount();
        return exists ? _registry.ownerOf(uint32(identity)) : address(0);
    }

    /// @dev Tells whether a wallet is the owner or the hot wallet of the operator that a certificate is about.
    function _isOperatorOf(CertificateWords.Record memory record, address wallet) private view returns (bool) {
        if (record.kind == Kind.Node) return _registry.isOperator(record.subject, wallet);
        if (record.kind != Kind.Operator) return false;
        INodeRegistry.Operator memory operator = _registry.operatorOf(record.subject);
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
                identityUntil: state.identityUntil
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
        _requireSubset(1 << uint8(kind), issuer.kinds);
        if (issuance.x509Hash == 0) revert CertificateRegistry_EmptyField("x509Hash");
        if (issuance.notBefore > issuance.notAfter || issuance.notAfter < block.timestamp) {
            revert CertificateRegistry_InvalidPeriod(issuance.notBefore, issuance.notAfter, block.timestamp);
        }
        _requireAtMost("notAfter", issuance.notAfter, issuer.notAfter);
        if (kind != Kind.Voter && issuance.account != address(0)) {
            revert CertificateRegistry_UnexpectedAccount(issuance.account);
        }
        if (!_isSubject(kind, issuance.subject)) revert CertificateRegistry_InvalidSubject(kind, issuance.subject);
    }

    function _isSubject(Kind kind, uint256 subject) private pure returns (bool) {
        if (kind == Kind.Voter) return subject >= FIRST_NULLIFIER;
        if (kind == Kind.Relayer) return subject != 0 && subject <= type(uint160).max;
        return subject < FIRST_NULLIFIER;
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
