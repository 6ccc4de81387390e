// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateAuthorities} from "../../../contracts/interfaces/ICertificateAuthorities.sol";
import {ICertificates} from "../../../contracts/interfaces/ICertificates.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {CertificateRegistry} from "../../../contracts/CertificateRegistry.sol";
import {bounded, ICheats} from "../support/SolidityTest.sol";

/// @notice Random actions of a DAO, of three authorities one below the other, and of one elsewhere, on the certificates
/// of two nodes, two operators and two voters; and what was ever seen of each.
contract CertificateHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint32 public constant AUTHORITIES = 4;
    uint256 private constant FIRST_NULLIFIER = 1 << 32;
    ICertificates.Status private constant REVOKED = ICertificates.Status.Revoked;

    CertificateRegistry private immutable _certificates;
    INodeRegistry private immutable _registry;
    ICertificateAuthorities private immutable _authorities;
    address private immutable _timelock;

    uint160 public serialCount;
    /// @dev Earliest second of revocation that was ever seen, 0 when none was.
    mapping(uint160 serial => uint40) public revokedAt;
    mapping(uint32 authorityId => uint40) public authorityRevokedAt;
    mapping(uint32 authorityId => uint40) public taintedFrom;
    /// @dev Times that each action went through.
    mapping(bytes4 action => uint256) public done;
    /// @dev Level of who put a certificate on hold, as depth of the authority; the DAO's is 0.
    mapping(uint160 serial => uint256) private _heldBy;
    /// @dev True once an authority issued that could not.
    bool public hasIssuedWrongly;
    /// @dev True once an authority displaced a certificate that votes rest on and that another one keeps.
    bool public hasDisplaced;
    /// @dev The newest certificate of a node.
    mapping(uint256 nodeIndex => uint160) private _newestOf;
    /// @notice True while the newest certificate of a node is one that was revoked within its time.
    mapping(uint32 nodeIndex => bool) public mustBeBarred;
    /// @dev True once a certificate barred a node, or lifted its bar, although there was a newer one.
    bool public hasOlderDecided;
    /// @dev True once a hold was released from below.
    bool public hasReleasedFromBelow;

    constructor(CertificateRegistry certificates, INodeRegistry registry) {
        _certificates = certificates;
        _registry = registry;
        _authorities = ICertificateAuthorities(address(certificates));
        _timelock = msg.sender;
    }

    function issue(uint32 authority, uint8 kind, uint256 subject, uint40 life) external {
        CHEATS.warp(block.timestamp + 1);
        ICertificates.Issuance memory issuance = _issuance(ICertificates.Kind(bounded(kind, 1, 3)), subject, life);
        authority = _authority(authority);
        bool canIssue = _isUnharmed(authority);
        uint160[4] memory before = _newest();
        bool[4] memory areKept = _areKept(before, authority);
        CHEATS.prank(accountOf(authority));
        try _certificates.issue(authority, issuance) {
            _issued(issuance);
            if (!canIssue) hasIssuedWrongly = true;
            uint160[4] memory present = _newest();
            for (uint256 i = 0; i < 4; ++i) {
                if (areKept[i] && present[i] != before[i]) hasDisplaced = true;
            }
            _observe(this.issue.selector);
        } catch {}
    }

    function rotate(uint160 replaced, uint40 overlap, uint40 life) external {
        CHEATS.warp(block.timestamp + 1);
        replaced = _serial(replaced);
        ICertificates.Certificate memory old = _certificates.certificateOf(replaced);
        ICertificates.Issuance memory issuance = _issuance(old.kind, 0, life);
        issuance.subject = old.subject;
        CHEATS.prank(accountOf(old.authorityId));
        uint40 overlapUntil = uint40(block.timestamp + bounded(overlap, 0, 50));
        try _certificates.rotate(old.authorityId, replaced, issuance, overlapUntil) {
            _issued(issuance);
            _observe(this.rotate.selector);
        } catch {}
    }

    function revoke(uint160 serial, uint8 reason) external {
        serial = _serial(serial);
        ICertificates.Certificate memory found = _certificates.certificateOf(serial);
        bool isOver = found.revokedAt != 0 || block.timestamp > found.notAfter;
        bool wasBarred = _isBarred(found);
        CHEATS.prank(_timelock);
        try _certificates.revoke(serial, reason % 6) {
            bool isNewest = found.kind == ICertificates.Kind.Node && _newestOf[found.subject] == serial;
            if (isNewest && !isOver) mustBeBarred[uint32(found.subject)] = true;
            _judge(serial, wasBarred);
            _observe(this.revoke.selector);
        } catch {}
    }

    /// @dev By the DAO, or by an authority.
    function hold(uint160 serial, uint32 by) external {
        serial = _serial(serial);
        by = uint32(bounded(by, 0, AUTHORITIES));
        bool wasBarred = _isBarred(_certificates.certificateOf(serial));
        CHEATS.prank(by == 0 ? _timelock : accountOf(by));
        try _certificates.hold(_only(serial)) {
            _heldBy[serial] = _depthOf(by);
            _judge(serial, wasBarred);
            _observe(this.hold.selector);
        } catch {}
    }

    function release(uint160 serial, uint32 by) external {
        serial = _serial(serial);
        by = uint32(bounded(by, 0, AUTHORITIES));
        bool wasHeld = _certificates.certificateOf(serial).held;
        bool wasBarred = _isBarred(_certificates.certificateOf(serial));
        CHEATS.prank(by == 0 ? _timelock : accountOf(by));
        try _certificates.release(_only(serial)) {
            bool isHeld = _certificates.certificateOf(serial).held;
            if (wasHeld && !isHeld && _depthOf(by) > _heldBy[serial]) hasReleasedFromBelow = true;
            _judge(serial, wasBarred);
            _observe(this.release.selector);
        } catch {}
    }

    function taint(uint32 authority, uint40 ago, uint40 notice) external {
        uint40 from = uint40(block.timestamp - bounded(ago, 0, 50));
        CHEATS.prank(_timelock);
        try _authorities.taintAuthority(_authority(authority), from, uint40(block.timestamp + bounded(notice, 0, 90))) {
            _observe(this.taint.selector);
        } catch {}
    }

    /// @dev Seldom, so that others have something to work on.
    function revokeAuthority(uint32 authority, uint8 chance) external {
        if (chance % 8 != 0) return;
        CHEATS.prank(_timelock);
        try _authorities.revokeAuthority(_authority(authority), 2) {
            _observe(this.revokeAuthority.selector);
        } catch {}
    }

    function holdAuthority(uint32 authority) external {
        CHEATS.prank(_timelock);
        try _authorities.holdAuthority(_authority(authority)) {
            _observe(this.holdAuthority.selector);
        } catch {}
    }

    function releaseAuthority(uint32 authority) external {
        CHEATS.prank(_timelock);
        try _authorities.releaseAuthority(_authority(authority)) {
            _observe(this.releaseAuthority.selector);
        } catch {}
    }

    function enforce(uint160 serial) external {
        serial = _serial(serial);
        bool wasBarred = _isBarred(_certificates.certificateOf(serial));
        try _certificates.enforce(_only(serial)) {
            _judge(serial, wasBarred);
            _observe(this.enforce.selector);
        } catch {}
    }

    function wait_(uint16 time) external {
        CHEATS.warp(block.timestamp + bounded(time, 1, 40));
        _observe(this.wait_.selector);
    }

    /// @notice Returns the account of an authority.
    function accountOf(uint32 authorityId) public pure returns (address) {
        return address(uint160(0xA000) + authorityId);
    }

    /// @notice Returns the account that votes: of operators 1 and 2, then of voters.
    function voterAt(uint256 i) public pure returns (address) {
        return address(uint160(0xB001 + i));
    }

    /// @dev Remembers the earliest date of everything. Whatever was not good for ever is looked at again after each
    /// action.
    function _observe(bytes4 action) private {
        ++done[action];
        for (uint160 serial = 1; serial <= serialCount; ++serial) {
            revokedAt[serial] = _earlier(revokedAt[serial], _certificates.certificateOf(serial).revokedAt);
        }
        for (uint32 id = 1; id <= AUTHORITIES; ++id) {
            ICertificates.Authority memory authority = _authorities.authorityOf(id);
            authorityRevokedAt[id] = _earlier(authorityRevokedAt[id], authority.revokedAt);
            taintedFrom[id] = _earlier(taintedFrom[id], authority.taintedFrom);
        }
    }

    function _issuance(
        ICertificates.Kind kind,
        uint256 subject,
        uint40 life
    ) private view returns (ICertificates.Issuance memory issuance) {
        issuance.kind = kind;
        issuance.serial = serialCount + 1;
        issuance.notBefore = uint40(block.timestamp + (life % 4 == 0 ? 20 : 0));
        issuance.notAfter = uint40(block.timestamp + bounded(life, 20, 200));
        issuance.x509Hash = keccak256(abi.encode(issuance.serial));
        uint256 which = subject % 2;
        if (issuance.kind == ICertificates.Kind.Node) issuance.subject = which;
        if (issuance.kind == ICertificates.Kind.Operator) issuance.subject = which + 1;
        if (issuance.kind == ICertificates.Kind.Voter) {
            issuance.subject = FIRST_NULLIFIER + which;
            issuance.account = voterAt(2 + ((subject / 2) % 2));
        }
    }

    function _issued(ICertificates.Issuance memory issuance) private {
        ++serialCount;
        if (issuance.kind != ICertificates.Kind.Node) return;
        _newestOf[issuance.subject] = issuance.serial;
        mustBeBarred[uint32(issuance.subject)] = false;
    }

    /// @dev Looks whether a node's certificate changed its bar although there is a newer one.
    function _judge(uint160 serial, bool wasBarred) private {
        ICertificates.Certificate memory found = _certificates.certificateOf(serial);
        bool isOlder = found.kind == ICertificates.Kind.Node && _newestOf[found.subject] != serial;
        if (isOlder && _isBarred(found) != wasBarred) hasOlderDecided = true;
    }

    function _isBarred(ICertificates.Certificate memory found) private view returns (bool) {
        return found.kind == ICertificates.Kind.Node && _registry.isBarred(uint32(found.subject));
    }

    /// @dev Certificates that the votes of operators 1 and 2 and of two voters rest on.
    function _newest() private view returns (uint160[4] memory serials) {
        for (uint256 i = 0; i < 2; ++i) {
            serials[i] = _certificates.newestSerialOf(ICertificates.Kind.Operator, i + 1);
            serials[2 + i] = _certificates.newestSerialOf(ICertificates.Kind.Voter, FIRST_NULLIFIER + i);
        }
    }

    /// @dev Which of them an authority must leave in place: they are neither revoked nor over, and of one that it is
    /// not above and that could issue.
    function _areKept(uint160[4] memory serials, uint32 by) private view returns (bool[4] memory areKept) {
        for (uint256 i = 0; i < 4; ++i) {
            ICertificates.Certificate memory found = _certificates.certificateOf(serials[i]);
            uint32 id = found.authorityId;
            bool isOver = block.timestamp > found.notAfter || _certificates.statusOf(serials[i]) == REVOKED;
            areKept[i] = serials[i] != 0 && !isOver && _isUnharmed(id);
            for (; id != 0; id = _authorities.authorityOf(id).parent) {
                if (id == by) areKept[i] = false;
            }
        }
    }

    function _depthOf(uint32 by) private view returns (uint256) {
        return by == 0 ? 0 : _authorities.authorityOf(by).depth;
    }

    function _isUnharmed(uint32 id) private view returns (bool) {
        while (id != 0) {
            ICertificates.Authority memory authority = _authorities.authorityOf(id);
            bool isRevoked = authority.revokedAt != 0 && authority.revokedAt <= block.timestamp;
            if (isRevoked || authority.held || authority.taintedFrom != 0) return false;
            id = authority.parent;
        }
        return true;
    }

    function _only(uint160 serial) private pure returns (uint160[] memory serials) {
        serials = new uint160[](1);
        serials[0] = serial;
    }

    function _serial(uint160 serial) private view returns (uint160) {
        return uint160(bounded(serial, 1, uint256(serialCount) + 1));
    }

    function _authority(uint32 authority) private pure returns (uint32) {
        return uint32(bounded(authority, 1, AUTHORITIES));
    }

    function _earlier(uint40 seen, uint40 found) private pure returns (uint40) {
        if (seen == 0) return found;
        return found != 0 && found < seen ? found : seen;
    }
}
