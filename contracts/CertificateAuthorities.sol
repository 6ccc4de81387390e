// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {CertificateState} from "./CertificateState.sol";
import {Governed} from "./Governed.sol";
import {ICertificateAuthorities} from "./interfaces/ICertificateAuthorities.sol";
import {ISLHDSAVerifier} from "./interfaces/ISLHDSAVerifier.sol";
import {CertificateWords} from "./libraries/CertificateWords.sol";
import {LogEntries} from "./libraries/LogEntries.sol";

/// @notice Authorities, and orders that come by signature: of their delegates and of offline SLH-DSA keys. It has no
/// storage of its own: {CertificateRegistry} runs it on its.
contract CertificateAuthorities is ICertificateAuthorities, CertificateState, EIP712 {
    using CertificateWords for uint256;

    bytes32 private constant STATUS_TYPEHASH = keccak256(
        "StatusOrder(uint8 action,uint32 authorityId,uint160[] serials,uint8 reason,uint256 nonce,uint64 deadline)"
    );
    bytes32 private constant EMERGENCY_TYPEHASH = keccak256(
        "EmergencyOrder(uint8 action,uint32 authorityId,uint32 identityId,uint160[] serials,uint8 reason,"
        "address successor,bytes32 successorKey,bytes32 successorHash,uint32 nonce,uint64 deadline)"
    );

    uint8 private constant MAX_PATH_LENGTH = 3;
    /// @dev Bits of every kind but None.
    uint8 private constant ALL_KINDS = 0x1e;
    /// @dev Reason of RFC 5280 section 5.3.1.
    uint8 private constant CA_COMPROMISE = 2;

    ISLHDSAVerifier private immutable _keyVerifier;

    constructor(
        ISLHDSAVerifier keyVerifier,
        address timelock_
    ) EIP712("PQMesh CertificateRegistry", "1") Governed(timelock_) {
        if (address(keyVerifier) == address(0)) revert Governed_ZeroAddress("keyVerifier");
        _keyVerifier = keyVerifier;
    }

    // Authorities

    /// @inheritdoc ICertificateAuthorities
    function admitRoot(AuthorityTerms calldata terms) external onlyTimelock returns (uint32 authorityId) {
        return _admit(0, 0, terms);
    }

    /// @inheritdoc ICertificateAuthorities
    function admitSubAuthority(uint32 parent, AuthorityTerms calldata terms) external returns (uint32 authorityId) {
        _requireAccount(parent);
        _requireIssuing(parent);
        _requireWithin(parent, terms);
        return _admit(parent, 0, terms);
    }

    /// @inheritdoc ICertificateAuthorities
    function setAuthorityAccount(uint32 authorityId, address account) external {
        if (msg.sender != timelock) _requireAccount(authorityId);
        _requireKnown(authorityId);
        _setAccount(authorityId, account);
    }

    /// @inheritdoc ICertificateAuthorities
    function setDelegate(uint32 authorityId, bytes calldata signer, bool allowed) external {
        _requireAccount(authorityId);
        _delegates[authorityId][_delegateKey(msg.sender, signer)] = allowed;
        emit DelegateSet(authorityId, signer, allowed);
    }

    // Status

    /// @inheritdoc ICertificateAuthorities
    function taintAuthority(uint32 authorityId, uint40 taintedFrom, uint40 rotateBy) external {
        _requireAbove(authorityId);
        _taint(authorityId, taintedFrom, rotateBy);
    }

    /// @inheritdoc ICertificateAuthorities
    function revokeAuthority(uint32 authorityId, uint8 reason) external {
        _requireAbove(authorityId);
        _revokeAuthority(authorityId, reason);
    }

    /// @inheritdoc ICertificateAuthorities
    function holdAuthority(uint32 authorityId) external {
        _setAuthorityHold(authorityId, true);
    }

    /// @inheritdoc ICertificateAuthorities
    function releaseAuthority(uint32 authorityId) external {
        _setAuthorityHold(authorityId, false);
    }

    // Signed orders

    /// @inheritdoc ICertificateAuthorities
    function executeStatusOrder(StatusOrder calldata order, bytes calldata signer, bytes calldata signature) external {
        _requireInTime(order.deadline);
        if (!isDelegate(order.authorityId, signer)) {
            revert CertificateRegistry_NotDelegate(order.authorityId, signer);
        }
        _useNonce(order.nonce, signer);
        if (!SignatureChecker.isValidSignatureNow(signer, statusOrderDigest(order), signature)) {
            revert CertificateRegistry_InvalidSignature();
        }
        if (order.action == Action.Revoke) _requireReason(order.reason);
        uint8 level = TIMELOCK_LEVEL + _authorities[order.authorityId].depth;
        Batch memory batch = _openBatch(order.serials.length);
        for (uint256 i = 0; i < order.serials.length; ++i) {
            _executeStatus(order, order.serials[i], level, batch);
        }
        _closeBatch(batch);
    }

    /// @inheritdoc ICertificateAuthorities
    function executeEmergencyOrder(EmergencyOrder calldata order, bytes calldata signature) external {
        _requireInTime(order.deadline);
        (uint32 authorityId, uint32 identityId) = (order.authorityId, order.identityId);
        if ((authorityId == 0) == (identityId == 0)) {
            revert CertificateRegistry_InvalidSigner(authorityId, identityId);
        }
        uint32 nonce = _emergencyNonces[authorityId][identityId]++;
        if (order.nonce != nonce) revert CertificateRegistry_InvalidNonce(order.nonce, nonce);
        bytes memory message = abi.encodePacked(emergencyOrderDigest(order));
        if (!_keyVerifier.verify(_emergencyKeyOf(authorityId, identityId), message, "", signature)) {
            revert CertificateRegistry_InvalidSignature();
        }
        if (order.action == Action.Revoke) _executeRevocations(order);
        else if (identityId != 0) revert CertificateRegistry_InvalidAction(order.action);
        else if (order.action == Action.RevokeAuthority) _revokeAuthority(authorityId, order.reason);
        else if (order.action == Action.AdmitAuthority) _admitSuccessor(order);
        else revert CertificateRegistry_InvalidAction(order.action);
    }

    // Views

    /// @inheritdoc ICertificateAuthorities
    function authorityOf(uint32 authorityId) external view returns (Authority memory) {
        _requireKnown(authorityId);
        AuthorityState memory state = _authorities[authorityId];
        return
            Authority({
                terms: _termsOf(authorityId),
                parent: state.parent,
                depth: state.depth,
                notBefore: _origins[authorityId].notBefore,
                taintedFrom: state.taintedFrom,
                revokedAt: state.revokedAt,
                reason: state.reason,
                held: state.holdLevel != 0
            });
    }

    /// @inheritdoc ICertificateAuthorities
    function nonceOf(bytes calldata signer, uint192 key) public view returns (uint256) {
        return (uint256(key) << 64) | _nonces[keccak256(signer)][key];
    }

    /// @inheritdoc ICertificateAuthorities
    function isDelegate(uint32 authorityId, bytes calldata signer) public view returns (bool) {
        return _delegates[authorityId][_delegateKey(_origins[authorityId].account, signer)];
    }

    /// @inheritdoc ICertificateAuthorities
    function emergencyNonceOf(uint32 authorityId, uint32 identityId) external view returns (uint32) {
        return _emergencyNonces[authorityId][identityId];
    }

    /// @inheritdoc ICertificateAuthorities
    function statusOrderDigest(StatusOrder calldata order) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        STATUS_TYPEHASH,
                        order.action,
                        order.authorityId,
                        keccak256(abi.encodePacked(order.serials)),
                        order.reason,
                        order.nonce,
                        order.deadline
                    )
                )
            );
    }

    /// @inheritdoc ICertificateAuthorities
    function emergencyOrderDigest(EmergencyOrder calldata order) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        EMERGENCY_TYPEHASH,
                        order.action,
                        order.authorityId,
                        order.identityId,
                        keccak256(abi.encodePacked(order.serials)),
                        order.reason,
                        order.successor,
                        order.successorKey,
                        order.successorHash,
                        order.nonce,
                        order.deadline
                    )
                )
            );
    }

    // Internal

    /// @dev Admits an authority whose terms lie within those of the one above it.
    function _admit(
        uint32 parent,
        uint32 predecessor,
        AuthorityTerms memory terms
    ) private returns (uint32 authorityId) {
        _requireSound(terms);
        authorityId = ++_authorityCount;
        _authorities[authorityId] = AuthorityState({
            parent: parent,
            depth: _authorities[parent].depth + 1,
            pathLength: terms.pathLength,
            kinds: terms.kinds,
            reason: 0,
            holdLevel: 0,
            notAfter: terms.notAfter,
            taintedFrom: 0,
            revokedAt: 0,
            identityFrom: terms.identityFrom,
            identityUntil: terms.identityUntil
        });
        _origins[authorityId] = AuthorityOrigin({
            account: terms.account,
            notBefore: uint40(block.timestamp),
            recoveryKey: terms.recoveryKey,
            trustDomain: terms.trustDomain,
            x509Hash: terms.x509Hash
        });
        LogEntry memory entry = _entryOf(Action.AdmitAuthority, authorityId);
        (entry.subject, entry.notAfter, entry.x509Hash) = (parent, terms.notAfter, terms.x509Hash);
        emit AuthorityAdmitted(authorityId, parent, predecessor, terms, _noteOne(entry));
    }

    function _setAccount(uint32 authorityId, address account) private {
        if (account == address(0)) revert Governed_ZeroAddress("account");
        _origins[authorityId].account = account;
        emit AuthorityAccountSet(authorityId, account);
    }

    function _taint(uint32 authorityId, uint40 taintedFrom, uint40 rotateBy) private {
        AuthorityState storage state = _authorities[authorityId];
        _requireNotRevoked(authorityId, state.revokedAt);
        bool isEarlier =
            (state.taintedFrom == 0 || taintedFrom <= state.taintedFrom) &&
                (state.revokedAt == 0 || rotateBy <= state.revokedAt);
        bool isSound = taintedFrom != 0 && taintedFrom <= block.timestamp && rotateBy >= block.timestamp;
        if (!isEarlier || !isSound) revert CertificateRegistry_InvalidTaint(taintedFrom, rotateBy, block.timestamp);
        state.taintedFrom = taintedFrom;
        state.revokedAt = rotateBy;
        state.reason = CA_COMPROMISE;
        ++_version;
        LogEntry memory entry = _entryOf(Action.TaintAuthority, authorityId);
        (entry.notAfter, entry.effectiveAt) = (rotateBy, taintedFrom);
        emit AuthorityTainted(authorityId, taintedFrom, rotateBy, _noteOne(entry));
    }

    function _revokeAuthority(uint32 authorityId, uint8 reason) private {
        _requireReason(reason);
        AuthorityState storage state = _authorities[authorityId];
        _requireNotRevoked(authorityId, state.revokedAt);
        state.revokedAt = uint40(block.timestamp);
        state.reason = reason;
        ++_version;
        LogEntry memory entry = _entryOf(Action.RevokeAuthority, authorityId);
        (entry.reason, entry.effectiveAt) = (reason, uint40(block.timestamp));
        emit AuthorityRevoked(authorityId, reason, uint40(block.timestamp), _noteOne(entry));
    }

    function _setAuthorityHold(uint32 authorityId, bool held) private {
        AuthorityState storage state = _authorities[authorityId];
        _requireKnown(authorityId);
        uint8 level = _levelOf(state.parent, msg.sender);
        if (level == 0) revert CertificateRegistry_NotAuthorized(msg.sender, authorityId);
        _requireNotRevoked(authorityId, state.revokedAt);
        if (_isHeldAlready(state.holdLevel, held, level)) {
            revert CertificateRegistry_AuthorityHoldUnchanged(authorityId, held);
        }
        if (!held && level > state.holdLevel) revert CertificateRegistry_HeldFromAbove(0, authorityId);
        state.holdLevel = held ? level : 0;
        ++_version;
        uint64 logIndex = _noteOne(_entryOf(held ? Action.HoldAuthority : Action.ReleaseAuthority, authorityId));
        if (held) emit AuthorityHeld(authorityId, logIndex);
        else emit AuthorityReleased(authorityId, logIndex);
    }

    function _noteOne(LogEntry memory entry) private returns (uint64 logIndex) {
        Batch memory batch = _openBatch(1);
        logIndex = _note(batch, LogEntries.leafHash(entry));
        _closeBatch(batch);
    }

    /// @dev Returns the terms of an authority as they are.
    function _termsOf(uint32 authorityId) private view returns (AuthorityTerms memory) {
        AuthorityState memory state = _authorities[authorityId];
        AuthorityOrigin memory origin = _origins[authorityId];
        return
            AuthorityTerms({
                account: origin.account,
                recoveryKey: origin.recoveryKey,
                trustDomain: origin.trustDomain,
                x509Hash: origin.x509Hash,
                notAfter: state.notAfter,
                pathLength: state.pathLength,
                kinds: state.kinds,
                identityFrom: state.identityFrom,
                identityUntil: state.identityUntil
            });
    }

    /// @dev Tells whether an authority is another one or below it.
    function _isWithin(uint32 authorityId, uint32 ancestor) private view returns (bool) {
        while (authorityId != 0 && authorityId != ancestor) authorityId = _authorities[authorityId].parent;
        return authorityId != 0;
    }

    /// @dev Lets pass the accounts of an authority and of those above it, and the timelock.
    function _requireAbove(uint32 authorityId) private view {
        _requireKnown(authorityId);
        if (!_isAbove(authorityId, msg.sender)) revert CertificateRegistry_NotAuthorized(msg.sender, authorityId);
    }

    function _requireNotRevoked(uint32 authorityId, uint40 revokedAt) private view {
        if (_isPast(revokedAt)) revert CertificateRegistry_AuthorityAlreadyRevoked(authorityId, revokedAt);
    }

    function _requireSound(AuthorityTerms memory terms) private view {
        if (terms.account == address(0)) revert Governed_ZeroAddress("account");
        if (terms.recoveryKey == 0) revert CertificateRegistry_EmptyField("recoveryKey");
        if (terms.trustDomain == 0) revert CertificateRegistry_EmptyField("trustDomain");
        if (terms.x509Hash == 0) revert CertificateRegistry_EmptyField("x509Hash");
        if (terms.kinds == 0) revert CertificateRegistry_EmptyField("kinds");
        if (terms.notAfter < block.timestamp) {
            revert CertificateRegistry_InvalidPeriod(uint40(block.timestamp), terms.notAfter, block.timestamp);
        }
        _requireAtMost("pathLength", terms.pathLength, MAX_PATH_LENGTH);
        _requireSubset(terms.kinds, ALL_KINDS);
        _requireAtMost("identity", terms.identityFrom, terms.identityUntil);
    }

    function _requireWithin(uint32 parent, AuthorityTerms calldata terms) private view {
        AuthorityState memory state = _authorities[parent];
        bytes32 trustDomain = _origins[parent].trustDomain;
        if (terms.trustDomain != trustDomain) {
            revert CertificateRegistry_OutsideConstraint(
                "trustDomain",
                uint256(terms.trustDomain),
                uint256(trustDomain)
            );
        }
        if (state.pathLength == 0) revert CertificateRegistry_OutsideConstraint("depth", state.depth + 1, state.depth);
        _requireAtMost("pathLength", terms.pathLength, state.pathLength - 1);
        _requireAtMost("notAfter", terms.notAfter, state.notAfter);
        _requireSubset(terms.kinds, state.kinds);
        if (terms.identityFrom < state.identityFrom) {
            revert CertificateRegistry_OutsideConstraint("identity", terms.identityFrom, state.identityFrom);
        }
        _requireAtMost("identity", terms.identityUntil, state.identityUntil);
    }

    function _executeStatus(StatusOrder calldata order, uint160 serial, uint8 level, Batch memory batch) private {
        uint256 word = _wordOf(serial);
        if (!_isWithin(word.authorityIdOf(), order.authorityId)) {
            revert CertificateRegistry_OutsideOrder(serial, order.authorityId, 0);
        }
        if (_isPast(word.revokedAtOf())) {
            if (order.action == Action.Revoke) _overrule(serial, word, order.reason, batch);
            return;
        }
        if (order.action == Action.Revoke) _revoke(serial, word, order.reason, batch);
        else if (order.action == Action.Hold) _setHold(serial, word, true, level, batch);
        else if (order.action == Action.Release) _setHold(serial, word, false, level, batch);
        else revert CertificateRegistry_InvalidAction(order.action);
    }

    function _executeRevocations(EmergencyOrder calldata order) private {
        _requireReason(order.reason);
        if (order.identityId != 0) _requireSubjectReason(order.reason);
        Batch memory batch = _openBatch(order.serials.length);
        for (uint256 i = 0; i < order.serials.length; ++i) {
            uint160 serial = order.serials[i];
            uint256 word = _wordOf(serial);
            bool isOwn =
                order.identityId != 0
                    ? _identityOf(word) == order.identityId
                    : _isWithin(word.authorityIdOf(), order.authorityId);
            if (!isOwn) revert CertificateRegistry_OutsideOrder(serial, order.authorityId, order.identityId);
            if (_isPast(word.revokedAtOf())) _overrule(serial, word, order.reason, batch);
            else _revoke(serial, word, order.reason, batch);
        }
        _closeBatch(batch);
    }

    /// @dev The successor has the terms of the authority, which issues nothing more and is the successor's to clear up:
    /// what it issued stays good until its end.
    function _admitSuccessor(EmergencyOrder calldata order) private {
        uint32 authorityId = order.authorityId;
        AuthorityTerms memory terms = _termsOf(authorityId);
        _requireIssuing(authorityId);
        (terms.account, terms.recoveryKey, terms.x509Hash) = (order.successor, order.successorKey, order.successorHash);
        uint32 parent = _authorities[authorityId].parent;
        _taint(authorityId, uint40(block.timestamp), terms.notAfter);
        _setAccount(authorityId, order.successor);
        _admit(parent, authorityId, terms);
    }

    function _useNonce(uint256 nonce, bytes calldata signer) private {
        uint192 key = uint192(nonce >> 64);
        uint256 expected = nonceOf(signer, key);
        if (nonce != expected) revert CertificateRegistry_InvalidNonce(nonce, expected);
        ++_nonces[keccak256(signer)][key];
    }

    /// @dev Operator that a certificate is about, 0 when about none.
    function _identityOf(uint256 word) private view returns (uint32 identityId) {
        if (word.kindOf() == Kind.Operator) return word.subjectOf();
        if (word.kindOf() == Kind.Node) (identityId, , ) = _registry.ownershipOf(word.subjectOf());
    }

    function _emergencyKeyOf(uint32 authorityId, uint32 identityId) private view returns (bytes32) {
        if (identityId != 0) return _registry.operatorOf(identityId).rootKey;
        _requireKnown(authorityId);
        return _origins[authorityId].recoveryKey;
    }

    function _requireInTime(uint64 deadline) private view {
        if (block.timestamp > deadline) revert CertificateRegistry_DeadlinePassed(deadline, block.timestamp);
    }

    function _delegateKey(address account, bytes calldata signer) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(account, signer));
    }
}
