// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "./IAttestationBridge.sol";
import {IEvidence} from "./IEvidence.sol";

/// @notice The game about leaves of accepted reports. Whoever holds a bad leaf proves it invalid in one transaction; whoever
/// cannot get a leaf challenges the committee to show it.
/// @dev What makes a leaf invalid is the closed list {Flaw}. Each is decided from state that cannot change any more, and a
/// leaf that a careful member signed has none. Disputes are about the report of an epoch; see {ISelfAttestation} for a node
/// that a report names absent wrongly.
interface IAttestationDisputes is IEvidence {
    /// @notice What can be wrong with a leaf.
    /// Position: its nodeIndex is not the one that belongs to its position in the shard.
    /// Node: the attestation names another node. Epoch: it is for another epoch than the report.
    /// Domain: it was hashed for another protocol version, chain or contract.
    /// Inactive: there is no such node, or it was not active in the epoch.
    /// Absent: the report names the node absent and has its leaf all the same.
    /// Beacon: the beacon is none of those recorded within the eight epochs before.
    /// Sequence: it is zero, or `previous` is zero and it is not 1, or the other way round.
    /// Measurement: the build was not allowed in the epoch.
    /// Signature: it does not verify under the node's key in force in the epoch.
    enum Flaw {
        Position,
        Node,
        Epoch,
        Domain,
        Inactive,
        Absent,
        Beacon,
        Sequence,
        Measurement,
        Signature
    }

    /// @notice State of a challenge. None: never made. Queued: waits, its clock stands still. Open: must be answered.
    /// Answered: the leaf was shown and can still be proven invalid. Upheld: the leaf was withheld or invalid.
    /// Dismissed: the leaf was shown and stood.
    enum ChallengeState {
        None,
        Queued,
        Open,
        Answered,
        Upheld,
        Dismissed
    }

    /// @notice A leaf, opened.
    /// @param position Where it is in the tree, 0 to 511.
    /// @param nodeIndex Node that the leaf commits to.
    /// @param domain EIP-712 domain separator under which the attestation was hashed; that of the bridge unless this is the
    /// flaw.
    /// @param attestation Attestation that the leaf commits to.
    /// @param signature Signature that the leaf commits to, of whatever length.
    /// @param proof Nine siblings from the leaf up.
    struct Leaf {
        uint32 position;
        uint32 nodeIndex;
        bytes32 domain;
        IAttestationBridge.Attestation attestation;
        bytes signature;
        bytes32[9] proof;
    }

    /// @notice What else a proof rests on; everything that its flaw does not need is left empty.
    /// @param key Signature: the node's raw ML-DSA-65 key; empty to use the expanded key that somebody registered.
    /// @param absent Absent: the report's list.
    /// @param history Beacon: the accepted reports of the shard within the eight epochs before, oldest first.
    /// @param salt Salt of the claim.
    struct Support {
        bytes key;
        bytes absent;
        ReportSummary[] history;
        bytes32 salt;
    }

    /// @notice A challenge.
    /// @param challenger Who asked and paid the bond.
    /// @param epoch Epoch asked about.
    /// @param nodeIndex Node asked about.
    /// @param reportDigest Digest of the report.
    /// @param root Root of the report while not answered.
    /// @param signers Seats that signed the report.
    /// @param responder Who answered; zero before.
    /// @param bond Wei paid.
    /// @param until Unix time in seconds: of an open challenge until which it can be answered, of an answered one until which
    /// the answer can be proven invalid; 0 while queued.
    /// @param state State now.
    struct Challenge {
        address challenger;
        uint64 epoch;
        uint32 nodeIndex;
        bytes32 reportDigest;
        bytes32 root;
        uint256 signers;
        address responder;
        uint96 bond;
        uint64 until;
        ChallengeState state;
    }

    /// @notice Emitted when a leaf was proven invalid.
    event LeafInvalid(
        bytes32 indexed reportDigest,
        uint32 indexed nodeIndex,
        uint64 indexed epoch,
        Flaw flaw,
        address prover,
        uint256 slashId
    );

    /// @notice Emitted when a challenge was made; `signers` are the seats that must answer.
    event ChallengeMade(
        uint256 indexed id,
        uint32 indexed nodeIndex,
        uint64 indexed epoch,
        address challenger,
        bytes32 reportDigest,
        bytes32 root,
        uint256 signers,
        uint256 bond
    );

    /// @notice Emitted when the clock of a challenge starts; it can be answered before `until` (Unix seconds).
    event ChallengeOpened(uint256 indexed id, uint64 until);

    /// @notice Emitted when a challenge was answered; the leaf can be proven invalid before `until` (Unix seconds).
    /// @param keyHash keccak256 of the node's key in force in the epoch, under which the signature must verify.
    /// @param proof Siblings of the leaf as {respond} takes them: with the other fields all that {proveInvalid} needs of a leaf,
    /// whatever the transaction looked like.
    event ChallengeAnswered(
        uint256 indexed id,
        address indexed responder,
        bytes32 keyHash,
        uint64 until,
        IAttestationBridge.Attestation attestation,
        bytes signature,
        bytes32[9] proof
    );

    /// @notice Emitted when a challenge ended. `slashId` is 0 when no bond of a member was touched.
    event ChallengeClosed(uint256 indexed id, ChallengeState state, uint256 slashId);

    /// @notice Emitted when wei became withdrawable, and when they left.
    event Credited(address indexed account, uint256 amount);

    /// @notice Emitted when an account took its wei.
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Thrown when a leaf is not in the tree of its report.
    error AttestationDisputes_NotInTree(bytes32 root, uint32 position);

    /// @notice Thrown when a leaf does not have the flaw it is accused of.
    error AttestationDisputes_LeafStands(uint32 nodeIndex, uint64 epoch, Flaw flaw);

    /// @notice Thrown when this leaf was proven invalid before.
    error AttestationDisputes_AlreadyProven(uint32 nodeIndex, uint64 epoch);

    /// @notice Thrown when a proof about a beacon leaves out the accepted report of an epoch.
    error AttestationDisputes_HistoryMissing(uint64 epoch);

    /// @notice Thrown when a challenge comes after its deadline (Unix seconds).
    error AttestationDisputes_TooLate(uint64 deadline, uint64 nowSeconds);

    /// @notice Thrown when a report claims no leaf of the node: it names it absent, or the node was not active.
    error AttestationDisputes_NoLeafClaimed(uint32 nodeIndex, uint64 epoch);

    /// @notice Thrown when the leaf was challenged before.
    error AttestationDisputes_ChallengeExists(uint256 id);

    /// @notice Thrown when the bond is below what is asked for (wei).
    error AttestationDisputes_BondTooLow(uint256 bond, uint256 minimum);

    /// @notice Thrown when a challenge is not in a state that allows the call.
    error AttestationDisputes_WrongState(uint256 id, ChallengeState state);

    /// @notice Thrown when a deadline has not passed yet (Unix seconds).
    error AttestationDisputes_TooEarly(uint64 until, uint64 nowSeconds);

    /// @notice Thrown when an answer comes from neither a signer of the report nor the node's operator.
    error AttestationDisputes_NotResponder(address caller, uint256 seat);

    /// @notice Thrown when an answer shows a signature that can be none (bytes): such a leaf is invalid, whatever else it says.
    error AttestationDisputes_SignatureLength(uint256 length, uint256 expected);

    /// @notice Thrown when there is nothing to withdraw.
    error AttestationDisputes_NothingToWithdraw(address account);

    /// @notice Proves that a leaf of an accepted report has a flaw. Makes the node absent while its epoch is not final or
    /// {isDisputed}, jails
    /// the signers, takes the ECDSA share of their bonds and rewards the caller, unless it is one of them.
    /// @dev The evidence of the claim is keccak256(abi.encode(reportDigest, leaf)). For the flaw Signature the check runs here:
    /// give it 5.5 M gas. More can be taken from each signer with {IMemberOffences.convictForgery}. The first proof about a
    /// report punishes; further ones only correct what is known about their nodes.
    function proveInvalid(
        ReportSummary calldata report,
        Leaf calldata leaf,
        Flaw flaw,
        Support calldata support
    ) external;

    /// @notice Asks the signers of a report for the leaf of a node, with a bond of at least {challengeBond}.
    /// @dev Once per node and epoch, until {challengeDeadline}. When too many challenges are open, it waits in a queue.
    /// @param absent The report's list of absent nodes.
    function challenge(
        ReportSummary calldata report,
        bytes calldata absent,
        uint32 nodeIndex
    ) external payable returns (uint256 id);

    /// @notice Answers a challenge, open or queued. A signer of the report or the node's operator only, so that nobody can
    /// take the bond by copying an answer.
    /// @dev Checks inclusion, node, epoch and the signature's length; the signature is left to {proveInvalid}.
    /// @param seat Seat of the caller in the committee of the report; ignored for the node's operator.
    function respond(
        uint256 id,
        uint256 seat,
        IAttestationBridge.Attestation calldata attestation,
        bytes calldata signature,
        bytes32[9] calldata proof
    ) external;

    /// @notice Ends a challenge that was not answered in time. Anyone may call it.
    /// @dev Makes the node absent, also when the horizon has passed meanwhile, punishes the signers as {proveInvalid} does with
    /// the challenger as reporter, and returns the bond. A caller who is not the challenger gets a tenth of it.
    function expireChallenge(uint256 id) external;

    /// @notice Ends a challenge whose answer stood; the responder gets the bond. Anyone may call it.
    function dismissChallenge(uint256 id) external;

    /// @notice Starts the clock of waiting challenges while there is room, looking at `max` of them at most. Anyone may call
    /// it; every end of a challenge does it too.
    function openQueued(uint256 max) external;

    /// @notice Sends the caller its wei.
    function withdraw() external;

    /// @notice Returns a challenge.
    function challengeOf(uint256 id) external view returns (Challenge memory);

    /// @notice Returns the challenge about a node in an epoch, 0 when there is none.
    function challengeAbout(uint32 nodeIndex, uint64 epoch) external view returns (uint256 id);

    /// @notice Returns true while what is known about a node in an epoch may still change by a challenge: payouts that depend
    /// on it wait. A challenge holds its epoch open beyond the horizon: otherwise whoever fills the queue could keep the
    /// clock of others from starting until a forged leaf is final.
    function isDisputed(uint32 nodeIndex, uint64 epoch) external view returns (bool);

    /// @notice Returns the number of challenges about a node that have not ended. While it is 0 nothing about the node is
    /// disputed; one whose answer stood counts until somebody calls {dismissChallenge}.
    function unresolvedAbout(uint32 nodeIndex) external view returns (uint256);

    /// @notice Returns the number of challenges about leaves of a report that have not ended, counted as {unresolvedAbout}
    /// counts them.
    function unresolvedIn(bytes32 reportDigest) external view returns (uint256);

    /// @notice Returns true when a report was proven to have a leaf that is invalid or withheld.
    function isForged(bytes32 reportDigest) external view returns (bool);

    /// @notice Returns the bond that a challenge must bring now, in wei. It grows with the number of those that wait.
    function challengeBond() external view returns (uint256);

    /// @notice Returns the Unix time in seconds from which leaves of an epoch cannot be challenged any more.
    function challengeDeadline(uint64 epoch) external view returns (uint64);

    /// @notice Returns the number of open challenges and of those that wait.
    function challengeCounts() external view returns (uint256 open, uint256 queued);

    /// @notice Returns the wei that an account can withdraw.
    function creditOf(address account) external view returns (uint256);
}
