// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIdentityGate} from "./IIdentityGate.sol";

/// @notice Certificates of operators, nodes, voters and relayers, the authorities that issue them, and a transparency log of
/// everything that happened to them.
/// @dev The chain is the record; the X.509 certificate (RFC 9881) that a TLS stack sees is bound to it by serial number and
/// SHA-256 hash, and a verifier refuses one that differs. Authorities form trees: the DAO admits roots, an authority admits
/// others below it within its own constraints. Nothing is deleted and revocation is monotone: what is revoked stays so, a date
/// in the future only moves earlier, a hold releases only to good. A serial number that was never issued is unknown, which is
/// never good. Trust: an authority's account can issue within its constraints and revoke below itself; the timelock can admit,
/// taint and revoke any authority.
interface ICertificateRegistry is IIdentityGate {
    /// @notice What a certificate certifies; `1 << kind` is its bit in an authority's `kinds`.
    enum Kind {
        None,
        Operator,
        Node,
        Voter,
        Relayer
    }

    /// @notice Answer about a certificate now. Only Good is good. The first that applies in this order: Unknown, Revoked,
    /// AuthorityNotGood (an authority above it is revoked, on hold or expired), Tainted (issued after an authority above it
    /// was tainted), Held, NotYetValid, Expired.
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
    /// @param serial serialNumber of the X.509 certificate; at least 64 bits from a random generator (RFC 5280 section 4.1.2.2).
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
    /// @param revokedAt Unix seconds from which it is revoked, in the future during the overlap of a rotation; 0 when not.
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

    /// @notice An entry of the log; its bytes are `abi.encode` of these fields, its leaf hash SHA-256 of 0x00 and those bytes
    /// (RFC 9162 section 2.1.1). Fields that an action does not use are 0.
    /// @param action What happened.
    /// @param time Unix seconds of the block.
    /// @param authorityId The authority itself, or that of the certificate.
    /// @param serial The certificate; 0 for actions on authorities.
    /// @param kind Kind of the certificate issued.
    /// @param subject Subject of the certificate issued; parent of the authority admitted.
    /// @param notBefore Of the certificate issued.
    /// @param notAfter Of the certificate issued or the authority admitted.
    /// @param x509Hash Of the certificate issued or the authority admitted.
    /// @param reason RFC 5280 reason of a revocation.
    /// @param effectiveAt Unix seconds from which a revocation or taint counts.
    /// For Rotate, `serial` is the new certificate and `subject` the serial number replaced (its Issue and Revoke entries come
    /// with it).
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
    /// @param action Revoke (certificates), RevokeAuthority, or AdmitAuthority: a successor takes the authority's place.
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

    /// @notice Emitted when an authority names a delegate, or dismisses it. `signer`: an address, or an ERC-7913 verifier and key.
    event DelegateSet(uint32 indexed authorityId, bytes signer, bool allowed);

    /// @notice Emitted when an authority is tainted: what it issued from `taintedFrom` on is not good any more; everything else
    /// must rotate before `rotateBy`, when the authority is revoked (Unix seconds).
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
    event CertificateRotated(uint160 indexed replaced, uint160 indexed serial, uint40 overlapUntil, uint64 logIndex);

    /// @notice Emitted when a certificate is revoked from `revokedAt` on (Unix seconds) with an RFC 5280 reason. `by`: who
    /// sent the transaction.
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

    // Authorities

    /// @notice Admits a root authority. By the timelock only.
    function admitRoot(AuthorityTerms calldata terms) external returns (uint32 authorityId);

    /// @notice Admits an authority below another. By the account of `parent`, within its constraints.
    function admitSubAuthority(uint32 parent, AuthorityTerms calldata terms) external returns (uint32 authorityId);

    /// @notice Hands an authority to another account. By its account, or the timelock.
    function setAuthorityAccount(uint32 authorityId, address account) external;

    /// @notice Allows or dismisses a delegate that revokes, holds and releases by signature. By the authority's account.
    function setDelegate(uint32 authorityId, bytes calldata signer, bool allowed) external;

    /// @notice Taints an authority. By its account, that of one above it, or the timelock.
    function taintAuthority(uint32 authorityId, uint40 taintedFrom, uint40 rotateBy) external;

    /// @notice Revokes an authority and with it everything below. By its account, that of one above it, or the timelock.
    function revokeAuthority(uint32 authorityId, uint8 reason) external;

    /// @notice Puts an authority on hold. By the account of one above it, or the timelock.
    function holdAuthority(uint32 authorityId) external;

    /// @notice Releases an authority from a hold. By the account of one above it, or the timelock.
    function releaseAuthority(uint32 authorityId) external;

    // Certificates

    /// @notice Records a certificate. By the authority's account.
    function issue(uint32 authorityId, Issuance calldata issuance) external;

    /// @notice Records several certificates; all or none.
    function issueMany(uint32 authorityId, Issuance[] calldata issuances) external;

    /// @notice Replaces a certificate by another of the same kind and subject: revokes it as superseded at `overlapUntil` and
    /// records the new one, linked.
    function rotate(uint32 authorityId, uint160 replaced, Issuance calldata issuance, uint40 overlapUntil) external;

    /// @notice Replaces several certificates; all or none.
    function rotateMany(
        uint32 authorityId,
        uint160[] calldata replaced,
        Issuance[] calldata issuances,
        uint40 overlapUntil
    ) external;

    /// @notice Revokes certificates at once; all or none. One that waits for its overlap to end is revoked earlier.
    function revoke(uint160 serial, uint8 reason) external;

    /// @notice Revokes several certificates at once with one reason.
    function revokeMany(uint160[] calldata serials, uint8 reason) external;

    /// @notice Puts certificates on hold.
    function hold(uint160[] calldata serials) external;

    /// @notice Releases certificates from a hold.
    function release(uint160[] calldata serials) external;

    /// @notice Carries out a delegate's order; sent by anyone.
    function executeStatusOrder(StatusOrder calldata order, bytes calldata signer, bytes calldata signature) external;

    /// @notice Carries out the order of an offline SLH-DSA-SHA2-128s key; sent by anyone.
    function executeEmergencyOrder(EmergencyOrder calldata order, bytes calldata signature) external;

    /// @notice Brings the bars of nodes in {INodeRegistry} in line with their certificates: for nodes whose authority was
    /// revoked, tainted, held or released. Anyone may call.
    function enforce(uint160[] calldata serials) external;

    // Log

    /// @notice Stores the present head of the log. Anyone may call.
    function publishHead() external returns (uint64 size, bytes32 root);

    /// @notice Returns the present size and root hash of the log.
    function treeHead() external view returns (uint64 size, bytes32 root);

    /// @notice Returns the root hash that was stored for a size; 0 when none.
    function publishedRoot(uint64 size) external view returns (bytes32 root);

    /// @notice Tells whether a leaf hash is at `index` of the log of `size` entries with that root (RFC 9162 section 2.1.3.2).
    function verifyInclusion(
        bytes32 leafHash,
        uint64 index,
        uint64 size,
        bytes32 root,
        bytes32[] calldata proof
    ) external view returns (bool);

    /// @notice Tells whether a log of `newSize` entries continues one of `oldSize` (RFC 9162 section 2.1.4.2).
    function verifyConsistency(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) external view returns (bool);

    // Views

    /// @notice Returns the status of a certificate now: its own state and every authority above it.
    function statusOf(uint160 serial) external view returns (Status);

    /// @notice Returns a certificate; kind None when the serial number is unknown.
    function certificateOf(uint160 serial) external view returns (Certificate memory);

    /// @notice Returns an authority.
    function authorityOf(uint32 authorityId) external view returns (Authority memory);

    /// @notice Returns the number of authorities; they count from 1.
    function authorityCount() external view returns (uint32);

    /// @notice Returns the newest certificate of an operator or a voter, 0 when none. Nodes' and relayers' are found by events.
    function newestSerialOf(Kind kind, uint256 subject) external view returns (uint160 serial);

    /// @notice Returns the number of emergency orders of an authority's recovery key (identityId 0) or an operator's root key
    /// (authorityId 0).
    function emergencyNonceOf(uint32 authorityId, uint32 identityId) external view returns (uint32);

    /// @notice Returns the digest that a delegate signs.
    function statusOrderDigest(StatusOrder calldata order) external view returns (bytes32);

    /// @notice Returns the digest that an offline SLH-DSA key signs (pure, empty context).
    function emergencyOrderDigest(EmergencyOrder calldata order) external view returns (bytes32);
}
