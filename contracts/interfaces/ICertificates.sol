// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What the two halves of the certificate registry share: its terms, events and errors.
interface ICertificates {
    /// @notice What a certificate certifies; `1 << kind` is its bit in an authority's `kinds`.
    enum Kind {
        None,
        Operator,
        Node,
        Voter,
        Relayer
    }

    /// @notice Answer about a certificate now. Only Good is good. The first that applies in this order: Unknown,
    /// Revoked, AuthorityNotGood (an authority above it is revoked, on hold or expired), Tainted (issued after an
    /// authority above it was tainted), Held, NotYetValid, Expired.
    enum Status {
        Unknown,
        Good,
        NotYetValid,
        Expired,
        Held,
        Revoked,
        Tainted,
        AuthorityNotGood
    }

    /// @notice What a log entry records; stable numbers.
    enum Action {
        None,
        AdmitAuthority,
        TaintAuthority,
        RevokeAuthority,
        HoldAuthority,
        ReleaseAuthority,
        Issue,
        Rotate,
        Revoke,
        Hold,
        Release
    }

    /// @notice Terms of an authority.
    /// @param account Account that issues and revokes; a wallet, a multisignature or a post-quantum account.
    /// @param recoveryKey SLH-DSA-SHA2-128s public key (PK.seed ‖ PK.root, FIPS 205) kept offline, for emergencies.
    /// @param trustDomain keccak256 of the SPIFFE trust domain; equal for a whole tree.
    /// @param x509Hash SHA-256 of the authority's DER certificate.
    /// @param notAfter Unix seconds of its last moment; not after that of the authority above.
    /// @param pathLength How many authorities may follow below it (RFC 5280 section 4.2.1.9).
    /// @param kinds Bits of the kinds it may issue; within those of the authority above.
    /// @param identityFrom First identityId whose operator and nodes it may certify.
    /// @param identityUntil First identityId after them.
    struct AuthorityTerms {
        address account;
        bytes32 recoveryKey;
        bytes32 trustDomain;
        bytes32 x509Hash;
        uint40 notAfter;
        uint8 pathLength;
        uint8 kinds;
        uint32 identityFrom;
        uint32 identityUntil;
    }

    /// @notice An authority.
    /// @param terms As admitted; the account is the present one.
    /// @param parent Authority above; 0 for a root.
    /// @param depth 1 for a root; at most 4.
    /// @param notBefore Unix seconds of its admission.
    /// @param taintedFrom Certificates issued from then on are not good; 0 when not tainted.
    /// @param revokedAt Unix seconds from which it is revoked; 0 when not.
    /// @param reason RFC 5280 reason of the revocation.
    /// @param held True while on hold.
    struct Authority {
        AuthorityTerms terms;
        uint32 parent;
        uint8 depth;
        uint40 notBefore;
        uint40 taintedFrom;
        uint40 revokedAt;
        uint8 reason;
        bool held;
    }

    /// @notice A certificate to be recorded.
    /// @param serial serialNumber of the X.509 certificate; at least 64 bits from a random generator (RFC 5280 section
    /// 4.1.2.2).
    /// @param kind What it certifies.
    /// @param subject identityId (Operator), nodeIndex (Node), nullifier of at least 2^32 (Voter), address (Relayer).
    /// @param account Account that a Voter votes with; zero for other kinds.
    /// @param notBefore Unix seconds of its first moment.
    /// @param notAfter Unix seconds of its last moment.
    /// @param x509Hash SHA-256 of the DER certificate.
    struct Issuance {
        uint160 serial;
        Kind kind;
        uint256 subject;
        address account;
        uint40 notBefore;
        uint40 notAfter;
        bytes32 x509Hash;
    }

    /// @notice A certificate as recorded.
    /// @param authorityId Authority that issued it.
    /// @param kind None when the serial number is unknown.
    /// @param subject As issued.
    /// @param issuedAt Unix seconds of the block that recorded it.
    /// @param notBefore Unix seconds of its first moment.
    /// @param notAfter Unix seconds of its last moment.
    /// @param revokedAt Unix seconds from which it is revoked, in the future during the overlap of a rotation; 0 when
    /// not.
    /// @param reason RFC 5280 reason of the revocation.
    /// @param held True while on hold.
    /// @param x509Hash SHA-256 of the DER certificate.
    struct Certificate {
        uint32 authorityId;
        Kind kind;
        uint256 subject;
        uint40 issuedAt;
        uint40 notBefore;
        uint40 notAfter;
        uint40 revokedAt;
        uint8 reason;
        bool held;
        bytes32 x509Hash;
    }

    /// @notice An entry of the log; its bytes are `abi.encode` of these fields, its leaf hash SHA-256 of 0x00 and those
    /// bytes (RFC 9162 section 2.1.1). Fields that an action does not use are 0.
    /// @dev For Rotate, `serial` is the new certificate and `subject` the serial number replaced; Issue and Revoke come
    /// before it.
    /// @param action What happened.
    /// @param time Unix seconds of the block.
    /// @param authorityId The authority itself, or that of the certificate.
    /// @param serial The certificate; 0 for actions on authorities.
    /// @param kind Kind of the certificate issued.
    /// @param subject Subject of the certificate issued; parent of the authority admitted; serial number replaced.
    /// @param notBefore Of the certificate issued.
    /// @param notAfter Of the certificate issued or the authority admitted; `rotateBy` of the authority tainted.
    /// @param x509Hash Of the certificate issued or the authority admitted.
    /// @param reason RFC 5280 reason of a revocation.
    /// @param effectiveAt Unix seconds from which a revocation counts; `taintedFrom` of a taint.
    struct LogEntry {
        Action action;
        uint64 time;
        uint32 authorityId;
        uint160 serial;
        Kind kind;
        uint256 subject;
        uint40 notBefore;
        uint40 notAfter;
        bytes32 x509Hash;
        uint8 reason;
        uint40 effectiveAt;
    }

    /// @notice What a delegate of an authority signs (EIP-712).
    /// @param action Revoke, Hold or Release.
    /// @param authorityId Authority whose delegate signs; the certificates are its own or below it.
    /// @param serials Certificates.
    /// @param reason RFC 5280 reason, for Revoke.
    /// @param nonce Keyed nonce of the signer.
    /// @param deadline Unix seconds after which the signature is void.
    struct StatusOrder {
        Action action;
        uint32 authorityId;
        uint160[] serials;
        uint8 reason;
        uint256 nonce;
        uint64 deadline;
    }

    /// @notice What an offline SLH-DSA key orders in an emergency (EIP-712).
    /// @param action Revoke (certificates), RevokeAuthority, or AdmitAuthority: a successor takes the authority's
    /// place.
    /// @param authorityId Authority whose recovery key signs; 0 when the root key of an operator does.
    /// @param identityId Operator whose root key signs; 0 when the recovery key of an authority does.
    /// @param serials Certificates to revoke: those of the operator and its nodes, or those below the authority.
    /// @param reason RFC 5280 reason.
    /// @param successor Account of the successor authority, for AdmitAuthority.
    /// @param successorKey Recovery key of the successor.
    /// @param successorHash SHA-256 of the successor's DER certificate.
    /// @param nonce Number of emergency orders of this signer so far.
    /// @param deadline Unix seconds after which the signature is void.
    struct EmergencyOrder {
        Action action;
        uint32 authorityId;
        uint32 identityId;
        uint160[] serials;
        uint8 reason;
        address successor;
        bytes32 successorKey;
        bytes32 successorHash;
        uint32 nonce;
        uint64 deadline;
    }

    /// @notice Emitted when an authority is admitted. `predecessor` is the authority whose place it takes, 0 when none.
    event AuthorityAdmitted(
        uint32 indexed authorityId,
        uint32 indexed parent,
        uint32 indexed predecessor,
        AuthorityTerms terms,
        uint64 logIndex
    );

    /// @notice Emitted when the account of an authority changes.
    event AuthorityAccountSet(uint32 indexed authorityId, address account);

    /// @notice Emitted when an authority names a delegate, or dismisses it. `signer`: an address, or an ERC-7913
    /// verifier and key.
    event DelegateSet(uint32 indexed authorityId, bytes signer, bool allowed);

    /// @notice Emitted when an authority is tainted: what it issued from `taintedFrom` on is not good any more;
    /// everything else must rotate before `rotateBy`, when the authority is revoked (Unix seconds).
    event AuthorityTainted(uint32 indexed authorityId, uint40 taintedFrom, uint40 rotateBy, uint64 logIndex);

    /// @notice Emitted when an authority is revoked, with everything below it.
    event AuthorityRevoked(uint32 indexed authorityId, uint8 reason, uint40 revokedAt, uint64 logIndex);

    /// @notice Emitted when an authority is put on hold, with everything below it.
    event AuthorityHeld(uint32 indexed authorityId, uint64 logIndex);

    /// @notice Emitted when an authority is released from a hold.
    event AuthorityReleased(uint32 indexed authorityId, uint64 logIndex);

    /// @notice Emitted when a certificate is issued.
    event CertificateIssued(
        uint160 indexed serial,
        uint32 indexed authorityId,
        uint256 indexed subject,
        Kind kind,
        address account,
        uint40 notBefore,
        uint40 notAfter,
        bytes32 x509Hash,
        uint64 logIndex
    );

    /// @notice Emitted when a certificate takes the place of another, which is revoked (superseded) at `overlapUntil`.
    event CertificateRotated(
        uint160 indexed replaced,
        uint160 indexed serial,
        uint32 indexed authorityId,
        uint40 overlapUntil,
        uint64 logIndex
    );

    /// @notice Emitted when a certificate is revoked from `revokedAt` on (Unix seconds) with an RFC 5280 reason. `by`:
    /// who sent the transaction.
    event CertificateRevoked(
        uint160 indexed serial,
        uint32 indexed authorityId,
        uint8 reason,
        uint40 revokedAt,
        address by,
        uint64 logIndex
    );

    /// @notice Emitted when a certificate is put on hold.
    event CertificateHeld(uint160 indexed serial, uint32 indexed authorityId, address by, uint64 logIndex);

    /// @notice Emitted when a certificate is released from a hold.
    event CertificateReleased(uint160 indexed serial, uint32 indexed authorityId, address by, uint64 logIndex);

    /// @notice Emitted when a head of the log is stored: root hash of the first `size` entries.
    event TreeHeadPublished(uint64 indexed size, bytes32 root);

    /// @notice Thrown when the caller may not do this to an authority, its certificates or a subject's certificates.
    error CertificateRegistry_NotAuthorized(address caller, uint32 authorityId);

    /// @notice Thrown when anyone but the NodeRegistry reports a change of owner.
    error CertificateRegistry_NotRegistry(address caller);

    /// @notice Thrown when there is no authority with a number.
    error CertificateRegistry_UnknownAuthority(uint32 authorityId);

    /// @notice Thrown when an authority cannot issue or admit: it, or one above it, is revoked, on hold, expired or
    /// tainted.
    error CertificateRegistry_CannotIssue(uint32 authorityId, Status status);

    /// @notice Thrown when a new authority or certificate goes beyond what the authority above it may give: `field`
    /// names the constraint (trustDomain, notAfter, pathLength, depth, kinds, identity), `value` what was asked,
    /// `limit` its bound.
    error CertificateRegistry_OutsideConstraint(string field, uint256 value, uint256 limit);

    /// @notice Thrown when something that must be set is zero or empty. `field` names it.
    error CertificateRegistry_EmptyField(string field);

    /// @notice Thrown when a serial number is 0 or takes more than 20 bytes as an INTEGER of DER (RFC 5280 section
    /// 4.1.2.2).
    error CertificateRegistry_InvalidSerial(uint160 serial);

    /// @notice Thrown when a serial number was issued before, by any authority.
    error CertificateRegistry_SerialTaken(uint160 serial);

    /// @notice Thrown when a period ends before it begins, or is over (Unix seconds).
    error CertificateRegistry_InvalidPeriod(uint40 notBefore, uint40 notAfter, uint256 time);

    /// @notice Thrown when a subject cannot be one of its kind.
    error CertificateRegistry_InvalidSubject(Kind kind, uint256 subject);

    /// @notice Thrown when a certificate that is not a voter's names an account.
    error CertificateRegistry_UnexpectedAccount(address account);

    /// @notice Thrown when a voter's account speaks for another identity, or another authority keeps it for one.
    error CertificateRegistry_AccountTaken(address account, uint256 identity);

    /// @notice Thrown when a voter would get another account from an authority that is not above the one whose
    /// certificate it has (`serial`).
    error CertificateRegistry_IdentityTaken(uint256 identity, uint160 serial);

    /// @notice Thrown when a certificate was never issued.
    error CertificateRegistry_UnknownCertificate(uint160 serial);

    /// @notice Thrown when a certificate is revoked already (Unix seconds).
    error CertificateRegistry_AlreadyRevoked(uint160 serial, uint40 revokedAt);

    /// @notice Thrown when who stands lower releases what was put on hold from above: a certificate, or the authority
    /// itself when the serial number is 0.
    error CertificateRegistry_HeldFromAbove(uint160 serial, uint32 authorityId);

    /// @notice Thrown when a certificate that is on hold is put on hold by who stands no higher, or one that is not is
    /// released.
    error CertificateRegistry_HoldUnchanged(uint160 serial, bool held);

    /// @notice Thrown when a certificate would be replaced by one of another kind or subject, or is on hold.
    error CertificateRegistry_NotReplaceable(uint160 replaced, uint160 serial);

    /// @notice Thrown when a replaced certificate would stay good before now or after its own end (Unix seconds).
    error CertificateRegistry_InvalidOverlap(uint40 overlapUntil, uint256 time, uint40 notAfter);

    /// @notice Thrown when two lists that belong together differ in length.
    error CertificateRegistry_LengthMismatch(uint256 first, uint256 second);

    /// @notice Thrown when a reason is not one of RFC 5280 for a revocation, or not one that the caller may give.
    error CertificateRegistry_InvalidReason(uint8 reason);

    /// @notice Thrown when an authority is revoked already (Unix seconds).
    error CertificateRegistry_AuthorityAlreadyRevoked(uint32 authorityId, uint40 revokedAt);

    /// @notice Thrown when an authority that is on hold is put on hold by who stands no higher, or one that is not is
    /// released.
    error CertificateRegistry_AuthorityHoldUnchanged(uint32 authorityId, bool held);

    /// @notice Thrown when a taint begins in the future, ends in the past, or would move either date later (Unix
    /// seconds).
    error CertificateRegistry_InvalidTaint(uint40 taintedFrom, uint40 rotateBy, uint256 time);

    /// @notice Thrown when an emergency order does not name exactly one signer.
    error CertificateRegistry_InvalidSigner(uint32 authorityId, uint32 identityId);

    /// @notice Thrown when an order names an action that its signer cannot order.
    error CertificateRegistry_InvalidAction(Action action);

    /// @notice Thrown when a signer is not a delegate of an authority.
    error CertificateRegistry_NotDelegate(uint32 authorityId, bytes signer);

    /// @notice Thrown when a certificate is neither of the authority that signs nor of one below it, or not of the
    /// operator that signs.
    error CertificateRegistry_OutsideOrder(uint160 serial, uint32 authorityId, uint32 identityId);

    /// @notice Thrown when an order does not carry the next nonce of its signer.
    error CertificateRegistry_InvalidNonce(uint256 nonce, uint256 expected);

    /// @notice Thrown when a signature does not verify for this order.
    error CertificateRegistry_InvalidSignature();

    /// @notice Thrown when an order is used after its deadline (Unix seconds).
    error CertificateRegistry_DeadlinePassed(uint64 deadline, uint256 time);
}
