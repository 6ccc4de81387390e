// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateAuthorities} from "../../../contracts/interfaces/ICertificateAuthorities.sol";
import {ICertificates} from "../../../contracts/interfaces/ICertificates.sol";
import {ISLHDSAVerifier} from "../../../contracts/interfaces/ISLHDSAVerifier.sol";
import {CertificateAuthorities} from "../../../contracts/CertificateAuthorities.sol";
import {CertificateRegistry} from "../../../contracts/CertificateRegistry.sol";
import {NetworkStack} from "../support/NetworkStack.sol";
import {CertificateHandler} from "./CertificateHandler.sol";

contract CertificateRegistryTest is NetworkStack {
    uint40 private constant LATE = 1 << 39;

    CertificateRegistry private _certificates;
    ICertificateAuthorities private _authorities;
    CertificateHandler private _handler;

    function setUp() public {
        _deployStack();
        _certificates.bindRegistry(_registry);
        _authorities = ICertificateAuthorities(address(_certificates));
        _handler = new CertificateHandler(_certificates, _registry);
        for (uint256 i = 0; i < 2; ++i) {
            CHEATS.prank(_handler.voterAt(i));
            _registry.registerOperator(address(0), address(0), keccak256("root key"));
            CHEATS.prank(_handler.voterAt(i));
            _registry.registerNode(_key(i), 0);
        }
        _authorities.admitRoot(_terms(1, 2));
        for (uint32 id = 2; id < _handler.AUTHORITIES(); ++id) {
            ICertificates.AuthorityTerms memory terms = _terms(id, uint8(3 - id));
            CHEATS.prank(_handler.accountOf(id - 1));
            _authorities.admitSubAuthority(id - 1, terms);
        }
        _authorities.admitRoot(_terms(_handler.AUTHORITIES(), 0));
        _target(address(_handler));
    }

    /// @dev What was revoked stays so, and no date that was announced moves later or away.
    function invariant_revocationIsMonotone() public view {
        for (uint160 serial = 1; serial <= _handler.serialCount(); ++serial) {
            uint40 seen = _handler.revokedAt(serial);
            _equal(_certificates.certificateOf(serial).revokedAt, seen, "a date of revocation moved later");
            bool isRevoked = seen != 0 && seen <= block.timestamp;
            bool isCalledSo = _certificates.statusOf(serial) == ICertificates.Status.Revoked;
            _true(isRevoked == isCalledSo, "a revoked certificate came back, or one was revoked by nobody");
        }
    }

    function invariant_authoritiesOnlyFall() public view {
        for (uint32 id = 1; id <= _handler.AUTHORITIES(); ++id) {
            ICertificates.Authority memory authority = _authorities.authorityOf(id);
            _equal(authority.revokedAt, _handler.authorityRevokedAt(id), "a revocation of an authority moved later");
            _equal(authority.taintedFrom, _handler.taintedFrom(id), "a taint moved later");
        }
        _true(!_handler.hasIssuedWrongly(), "an authority issued that is revoked, tainted or on hold");
    }

    /// @dev The status is what certificate and authorities above say, looked up one by one.
    function invariant_statusFollowsFromTheWholePath() public view {
        uint160 count = _handler.serialCount();
        for (uint160 serial = 1; serial <= count; ++serial) {
            _equal(uint8(_certificates.statusOf(serial)), uint8(_expected(serial)), "status");
        }
        _equal(uint8(_certificates.statusOf(count + 1)), uint8(ICertificates.Status.Unknown), "unknown");
    }

    /// @dev Whoever speaks for an identity has a good newest certificate, and nobody else speaks for it.
    function invariant_identitiesAreCertified() public view {
        for (uint256 i = 0; i < 4; ++i) {
            address account = _handler.voterAt(i);
            uint256 identity = _certificates.identityOf(account);
            if (identity == 0) continue;
            ICertificates.Kind kind = i < 2 ? ICertificates.Kind.Operator : ICertificates.Kind.Voter;
            uint160 newest = _certificates.newestSerialOf(kind, identity);
            _equal(uint8(_expected(newest)), uint8(ICertificates.Status.Good), "newest certificate");
            _equal(uint160(_certificates.accountOf(identity)), uint160(account), "account");
        }
    }

    /// @dev Nobody is kept from voting with a good newest certificate, displaced by another authority, or released from
    /// below.
    function invariant_certifiedAreHeard() public view {
        for (uint256 i = 0; i < 4; ++i) {
            uint256 identity = i < 2 ? i + 1 : (1 << 32) + i - 2;
            ICertificates.Kind kind = i < 2 ? ICertificates.Kind.Operator : ICertificates.Kind.Voter;
            uint160 newest = _certificates.newestSerialOf(kind, identity);
            bool isGood = newest != 0 && _expected(newest) == ICertificates.Status.Good;
            _true(isGood == (_certificates.accountOf(identity) != address(0)), "who votes");
        }
        _true(!_handler.hasDisplaced(), "an authority displaced another one's certificate");
        _true(!_handler.hasReleasedFromBelow(), "a hold was released from below");
    }

    /// @dev A node's newest certificate bars it when it is revoked, and no older one decides.
    function invariant_newestCertificateBars() public view {
        for (uint32 nodeIndex = 0; nodeIndex < 2; ++nodeIndex) {
            if (_handler.mustBeBarred(nodeIndex)) _true(_registry.isBarred(nodeIndex), "a revoked node is not barred");
        }
        _true(!_handler.hasOlderDecided(), "an older certificate decided");
    }

    /// @dev Proves that the random actions are not all turned away.
    function test_handlerReachesEveryAction() public {
        _handler.issue(3, 2, 0, 101);
        _handler.issue(2, 1, 0, 101);
        _handler.issue(1, 3, 0, 101);
        _handler.rotate(1, 10, 101);
        _handler.hold(2, 0);
        _handler.release(2, 0);
        _handler.revoke(2, 1);
        _handler.holdAuthority(2);
        _handler.enforce(3);
        _handler.releaseAuthority(2);
        _handler.wait_(5);
        _handler.taint(2, 5, 50);
        _handler.revokeAuthority(2, 0);
        _equal(_handler.serialCount(), 4, "certificates");
        bytes4[10] memory actions = [
            _handler.rotate.selector,
            _handler.hold.selector,
            _handler.release.selector,
            _handler.revoke.selector,
            _handler.holdAuthority.selector,
            _handler.enforce.selector,
            _handler.releaseAuthority.selector,
            _handler.wait_.selector,
            _handler.taint.selector,
            _handler.revokeAuthority.selector
        ];
        for (uint256 i = 0; i < actions.length; ++i) {
            _equal(_handler.done(actions[i]), 1, "action");
        }
    }

    function _deployCertificates() internal override returns (address) {
        ISLHDSAVerifier verifier = ISLHDSAVerifier(address(0xDEAD));
        CertificateAuthorities code = new CertificateAuthorities(verifier, address(this));
        _certificates = new CertificateRegistry(code, address(this));
        return address(_certificates);
    }

    function _expected(uint160 serial) private view returns (ICertificates.Status) {
        ICertificates.Certificate memory found = _certificates.certificateOf(serial);
        uint256 time = block.timestamp;
        if (found.revokedAt != 0 && found.revokedAt <= time) return ICertificates.Status.Revoked;
        bool isTainted = false;
        for (uint32 id = found.authorityId; id != 0; id = _authorities.authorityOf(id).parent) {
            ICertificates.Authority memory above = _authorities.authorityOf(id);
            bool isRevoked = above.revokedAt != 0 && above.revokedAt <= time;
            if (isRevoked || above.held) return ICertificates.Status.AuthorityNotGood;
            if (above.taintedFrom != 0 && found.issuedAt >= above.taintedFrom) isTainted = true;
        }
        if (isTainted) return ICertificates.Status.Tainted;
        if (found.held) return ICertificates.Status.Held;
        if (time < found.notBefore) return ICertificates.Status.NotYetValid;
        return time > found.notAfter ? ICertificates.Status.Expired : ICertificates.Status.Good;
    }

    function _terms(uint32 id, uint8 pathLength) private view returns (ICertificates.AuthorityTerms memory) {
        return
            ICertificates.AuthorityTerms({
                account: _handler.accountOf(id),
                recoveryKey: keccak256("recovery key"),
                trustDomain: keccak256("mesh.example"),
                x509Hash: keccak256(abi.encode(id)),
                notAfter: LATE,
                pathLength: pathLength,
                kinds: 0x1e,
                identityFrom: 0,
                identityUntil: 1_000
            });
    }
}
