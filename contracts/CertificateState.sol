// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CertificateLog} from "./CertificateLog.sol";
import {Governed} from "./Governed.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {CertificateWords} from "./libraries/CertificateWords.sol";
import {LogEntries} from "./libraries/LogEntries.sol";
import {NodeBars} from "./libraries/NodeBars.sol";

/// @notice State of certificates and authorities, and what follows from it: status, revocation and hold. Both halves of
/// the certificate registry work on it.
abstract contract CertificateState is CertificateLog, Governed {
    using CertificateWords for uint256;

    /// @dev One slot: what the status of a certificate asks of every authority above it. `holdLevel` is a level as in
    /// {CertificateWords}.
    struct AuthorityState {
        uint32 parent;
        uint8 depth;
        uint8 pathLength;
        uint8 kinds;
        uint8 reason;
        uint8 holdLevel;
        uint40 notAfter;
        uint40 taintedFrom;
        uint40 revokedAt;
        uint32 identityFrom;
        uint32 identityUntil;
    }

    struct AuthorityOrigin {
        address account;
        uint40 notBefore;
        bytes32 recoveryKey;
        bytes32 trustDomain;
        bytes32 x509Hash;
    }

    /// @dev A voter's and a relayer's subject is too wide for the word.
    struct StoredCertificate {
        uint256 word;
        bytes32 x509Hash;
        uint256 wideSubject;
    }

    /// @dev One slot: the account that a voter was given last, and when (Unix seconds).
    struct VoterAccount {
        address account;
        uint40 since;
    }

    /// @dev One slot: the certificate that the votes of an operator's owner or a voter's account rest on. Its
    /// authorities are good until `pathUntil` as long as the version is the present one; otherwise they are asked.
    struct Holder {
        uint160 serial;
        uint40 pathUntil;
        uint48 version;
    }

    /// @dev Reason of RFC 5280 section 5.3.1.
    uint8 internal constant SUPERSEDED = 4;
    /// @dev Level of the timelock in a hold; an authority's account stands at 1 + its depth.
    uint8 internal constant TIMELOCK_LEVEL = 1;
    /// @dev Bits of the reasons of a revocation: all but certificateHold, 7 and removeFromCRL.
    uint256 private constant REASONS = 0x63f;

    /// @dev In the slot of the log's size, as the next one.
    INodeRegistry internal _registry;
    uint32 internal _authorityCount;

    /// @dev Number of the last change of an authority that can turn the status of certificates, from 1 on.
    uint48 internal _version = 1;

    mapping(uint32 authorityId => AuthorityState) internal _authorities;
    mapping(uint32 authorityId => AuthorityOrigin) internal _origins;
    mapping(uint160 serial => StoredCertificate) internal _certificates;
    mapping(address account => Holder) internal _holders;
    mapping(uint256 nullifier => VoterAccount) internal _voterAccounts;
    /// @dev By the account that named them, so that they go with it.
    mapping(uint32 authorityId => mapping(bytes32 accountAndSigner => bool)) internal _delegates;
    mapping(bytes32 signerHash => mapping(uint192 key => uint64)) internal _nonces;
    mapping(uint32 authorityId => mapping(uint32 identityId => uint32)) internal _emergencyNonces;

    /// @dev Revokes at once what is not revoked yet. A node is barred unless a rotation replaced its certificate or its
    /// time was over.
    function _revoke(uint160 serial, uint256 word, uint8 reason, Batch memory batch) internal {
        _revokeFrom(serial, word, reason, uint40(block.timestamp), batch);
        if (word.kindOf() == Kind.Node) _barUnlessOver(word);
    }

    /// @dev Puts a reason of the authority's side in the place of one that the operator of a subject gave, or could
    /// have given; the date stays.
    function _overrule(uint160 serial, uint256 word, uint8 reason, Batch memory batch) internal {
        if (_isSubjectReason(reason) || !_isSubjectReason(word.reasonOf())) return;
        _revokeFrom(serial, word, reason, word.revokedAtOf(), batch);
    }

    /// @dev Records a revocation from a date on.
    function _revokeFrom(uint160 serial, uint256 word, uint8 reason, uint40 revokedAt, Batch memory batch) internal {
        uint32 authorityId = word.authorityIdOf();
        _certificates[serial].word = word.revoked(reason, revokedAt);
        bytes32 leaf = LogEntries.leafOfStatus(Action.Revoke, authorityId, serial, reason, revokedAt);
        emit CertificateRevoked(serial, authorityId, reason, revokedAt, msg.sender, _note(batch, leaf));
    }

    /// @dev Holds or releases what is not revoked yet, for who stands at a level.
    function _setHold(uint160 serial, uint256 word, bool held, uint8 level, Batch memory batch) internal {
        (uint32 authorityId, uint8 holdLevel) = (word.authorityIdOf(), word.holdLevelOf());
        if (_isHeldAlready(holdLevel, held, level)) revert CertificateRegistry_HoldUnchanged(serial, held);
        if (!held && level > holdLevel) revert CertificateRegistry_HeldFromAbove(serial, authorityId);
        word = word.withHold(held ? level : 0);
        _certificates[serial].word = word;
        bytes32 leaf = LogEntries.leafOfStatus(held ? Action.Hold : Action.Release, authorityId, serial, 0, 0);
        uint64 logIndex = _note(batch, leaf);
        if (held) emit CertificateHeld(serial, authorityId, msg.sender, logIndex);
        else emit CertificateReleased(serial, authorityId, msg.sender, logIndex);
        if (word.kindOf() == Kind.Node) _followNode(word);
    }

    /// @dev Against a newer certificate that was issued to the node, or barred it, none decides. A good one lifts the
    /// bar of its node. One that is on hold, or not good for its authority's sake, bars it, unless its time is over or
    /// another took its place. What became of a revoked one was done when it was revoked.
    function _followNode(uint256 word) internal {
        Status status = _statusOf(word);
        if (status == Status.Good) _setBarred(word, false);
        else if (status >= Status.Held && status != Status.Revoked) _barUnlessOver(word);
    }

    function _barUnlessOver(uint256 word) private {
        if (block.timestamp <= word.notAfterOf()) _setBarred(word, true);
    }

    /// @dev From a rotation on the certificate that it replaced decides nothing, also while both are good.
    function _setBarred(uint256 word, bool barred) private {
        bool isReplaced = word.revokedAtOf() != 0 && word.reasonOf() == SUPERSEDED;
        if (!isReplaced) NodeBars.set(_registry, word.subjectOf(), barred, word.issuedAtOf());
    }

    /// @dev Of a certificate that was issued.
    function _statusOf(uint256 word) internal view returns (Status status) {
        if (_isPast(word.revokedAtOf())) return Status.Revoked;
        (status, ) = _pathOf(word.authorityIdOf(), word.issuedAtOf());
        if (status == Status.Good) status = _ownStatusOf(word);
    }

    /// @dev The status as far as it does not depend on the authorities.
    function _ownStatusOf(uint256 word) internal view returns (Status) {
        if (_isPast(word.revokedAtOf())) return Status.Revoked;
        if (word.holdLevelOf() != 0) return Status.Held;
        if (block.timestamp < word.notBeforeOf()) return Status.NotYetValid;
        return block.timestamp > word.notAfterOf() ? Status.Expired : Status.Good;
    }

    /// @dev Returns what an authority and those above it say about a certificate that was issued at a time: Good,
    /// Tainted or AuthorityNotGood; and the second from which that is over as it stands.
    function _pathOf(uint32 authorityId, uint256 issuedAt) internal view returns (Status status, uint40 until) {
        (status, until) = (Status.Good, type(uint40).max);
        while (authorityId != 0) {
            AuthorityState memory state = _authorities[authorityId];
            if (state.holdLevel != 0 || block.timestamp > state.notAfter || _isPast(state.revokedAt)) {
                return (Status.AuthorityNotGood, 0);
            }
            if (state.taintedFrom != 0 && issuedAt >= state.taintedFrom) status = Status.Tainted;
            if (state.notAfter < until) until = state.notAfter + 1;
            if (state.revokedAt != 0 && state.revokedAt < until) until = state.revokedAt;
            authorityId = state.parent;
        }
    }

    function _wordOf(uint160 serial) internal view returns (uint256 word) {
        word = _certificates[serial].word;
        if (word == 0) revert CertificateRegistry_UnknownCertificate(serial);
    }

    /// @dev Tells whether a wallet is the account of an authority or of one above it, or the timelock.
    function _isAbove(uint32 authorityId, address wallet) internal view returns (bool) {
        for (; authorityId != 0; authorityId = _authorities[authorityId].parent) {
            if (_origins[authorityId].account == wallet) return true;
        }
        return wallet == timelock;
    }

    /// @dev Returns the highest level of a wallet over an authority, 0 when it has none.
    function _levelOf(uint32 authorityId, address wallet) internal view returns (uint8 level) {
        if (wallet == timelock) return TIMELOCK_LEVEL;
        for (; authorityId != 0; authorityId = _authorities[authorityId].parent) {
            if (_origins[authorityId].account == wallet) level = TIMELOCK_LEVEL + _authorities[authorityId].depth;
        }
    }

    /// @dev Tells whether a hold, or a release, changes nothing. Who stands higher takes a hold over.
    function _isHeldAlready(uint8 holdLevel, bool held, uint8 level) internal pure returns (bool) {
        return held ? holdLevel != 0 && holdLevel <= level : holdLevel == 0;
    }

    /// @dev True from the second of a date on; 0 is no date.
    function _isPast(uint40 date) internal view returns (bool) {
        return date != 0 && date <= block.timestamp;
    }

    function _requireAccount(uint32 authorityId) internal view {
        if (msg.sender != _origins[authorityId].account) {
            _requireKnown(authorityId);
            revert CertificateRegistry_NotAuthorized(msg.sender, authorityId);
        }
    }

    function _requireKnown(uint32 authorityId) internal view {
        if (_authorities[authorityId].depth == 0) revert CertificateRegistry_UnknownAuthority(authorityId);
    }

    /// @dev What is issued now would be good: nothing on the path is tainted either.
    function _requireIssuing(uint32 authorityId) internal view {
        (Status status, ) = _pathOf(authorityId, block.timestamp);
        if (status != Status.Good) revert CertificateRegistry_CannotIssue(authorityId, status);
    }

    function _requireReason(uint8 reason) internal pure {
        if ((REASONS >> reason) & 1 == 0) revert CertificateRegistry_InvalidReason(reason);
    }

    function _requireSubjectReason(uint8 reason) internal pure {
        if (!_isSubjectReason(reason)) revert CertificateRegistry_InvalidReason(reason);
    }

    /// @dev What the operator of a subject can say of its own certificates (RFC 5280 section 5.3.1).
    function _isSubjectReason(uint8 reason) private pure returns (bool) {
        return reason <= 1 || (reason >= 3 && reason <= 5);
    }

    function _requireSubset(uint256 kinds, uint256 allowed) internal pure {
        if (kinds & ~allowed != 0) revert CertificateRegistry_OutsideConstraint("kinds", kinds, allowed);
    }

    function _requireAtMost(string memory field, uint256 value, uint256 limit) internal pure {
        if (value > limit) revert CertificateRegistry_OutsideConstraint(field, value, limit);
    }
}
