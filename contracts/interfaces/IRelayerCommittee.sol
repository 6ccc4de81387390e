// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrated} from "./IArbitrated.sol";

/// @notice The bonded relayers that co-sign reports, in versioned sets.
/// @dev A set of `n` seats tolerates f = ⌊(n-1)/3⌋ dishonest members; a report needs ⌊2n/3⌋ + 1 signatures. A set takes
/// effect two epochs after it was set, and every report pins the version in force in its epoch.
interface IRelayerCommittee is IArbitrated {
    /// @notice A bonded relayer, seated or waiting.
    /// @param bond MESH wei held.
    /// @param frozenUntil Unix time in seconds until which it is jailed: without a seat, and its bond cannot leave.
    /// @param isBarred True after evidence with its ML-DSA-65 signature: it can never have a seat again.
    /// @param mldsaKeyHash keccak256 of its raw ML-DSA-65 public key; the key itself is in the `RelayerBonded` event.
    /// @param releaseAt Unix time in seconds from which the bond can be withdrawn; 0 while no withdrawal is requested.
    /// @param vacatableAt Unix time in seconds from which its seat can be vacated; 0 while it has not resigned.
    /// @param lastVersion Newest committee version that seats it; 0 when it never had a seat.
    struct Relayer {
        uint128 bond;
        uint64 frozenUntil;
        bool isBarred;
        bytes32 mldsaKeyHash;
        uint64 releaseAt;
        uint64 vacatableAt;
        uint32 lastVersion;
    }

    /// @notice A relayer that waits for a seat.
    /// @param relayer Wallet that bonded.
    /// @param joinableAt Unix time in seconds from which it can be seated.
    struct Candidate {
        address relayer;
        uint64 joinableAt;
    }

    /// @notice What an arbiter orders.
    /// @param offence Identifier of the offence, for readers of events.
    /// @param members Relayers that committed it, each once.
    /// @param shareBp Part of each bond that is taken, in basis points.
    /// @param reporter Who is rewarded; zero when nobody is.
    /// @param isProven True when the evidence includes ML-DSA-65 signatures of the members, false when it is ECDSA alone.
    struct Punishment {
        bytes32 offence;
        address[] members;
        uint256 shareBp;
        address reporter;
        bool isProven;
    }

    /// @notice Funds taken by one punishment, frozen until they are paid out.
    /// @param reporter Who is rewarded; zero when nobody is.
    /// @param payableAt Unix time in seconds from which they are paid out; 0 once they are paid or given back.
    /// @param amount MESH wei taken from all members together.
    /// @param reward Part of `amount` for the reporter in MESH wei; the rest goes to the treasury.
    /// @param partsHash keccak256(abi.encode(members, amounts)): what was taken from whom.
    struct Slash {
        address reporter;
        uint64 payableAt;
        uint128 amount;
        uint128 reward;
        bytes32 partsHash;
    }

    /// @notice Emitted for each member of a punishment; `amount` is what it lost (MESH wei).
    event RelayerPunished(
        bytes32 indexed offence,
        address indexed relayer,
        uint256 amount,
        uint256 bondAfter,
        uint64 frozenUntil,
        bool isProven
    );

    /// @notice Emitted when a punishment took funds.
    event SlashFrozen(
        uint256 indexed slashId,
        bytes32 indexed offence,
        address indexed reporter,
        uint256 amount,
        uint256 reward,
        uint64 payableAt,
        address[] members,
        uint256[] amounts
    );

    /// @notice Emitted when the funds of a punishment were paid out.
    event SlashPaid(uint256 indexed slashId, uint256 toReporter, uint256 toTreasury);

    /// @notice Emitted when the DAO gave the funds of a punishment back.
    event SlashPardoned(uint256 indexed slashId, uint256 amount);

    /// @notice Emitted when a relayer bonds or adds to its bond. Publishes its raw ML-DSA-65 key and endpoint.
    event RelayerBonded(address indexed relayer, uint256 amount, uint256 bondAfter, bytes mldsaKey, string endpoint);

    /// @notice Emitted when a relayer changed the URL at which it serves the read API and the committee protocol.
    event EndpointSet(address indexed relayer, string endpoint);

    /// @notice Emitted when a new committee was made: by the DAO, by {fillSeats}, {vacateSeat} or {unseat}, or by {punish}.
    /// `members` are in seat order; none are left when the committee was dissolved.
    event CommitteeSet(uint32 indexed version, uint64 fromEpoch, address[] members);

    /// @notice Emitted when a seated relayer gave notice; its seat can be vacated from `vacatableAt` (Unix seconds).
    event RelayerResigned(address indexed relayer, uint64 vacatableAt);

    /// @notice Emitted when the DAO put a relayer into the queue for a seat; region 0 is not stated.
    event RelayerAdmitted(address indexed relayer, uint16 region, uint64 joinableAt);

    /// @notice Emitted when a relayer left the queue without a seat.
    event RelayerDismissed(address indexed relayer);

    /// @notice Emitted when a member lost its seat because it was silent.
    event RelayerUnseated(address indexed relayer);

    /// @notice Emitted when a relayer without a seat asked for its bond back.
    event BondReleaseRequested(address indexed relayer, uint64 releaseAt);

    /// @notice Emitted when a bond left.
    event BondWithdrawn(address indexed relayer, uint256 amount);

    /// @notice Thrown when the number of seats is outside its limits.
    error RelayerCommittee_SeatCount(uint256 seats, uint256 min, uint256 max);

    /// @notice Thrown when members are not in strictly ascending address order (this also refuses duplicates).
    error RelayerCommittee_NotAscending(address previous, address next);

    /// @notice Thrown when a member's bond is below the minimum (MESH wei).
    error RelayerCommittee_NotBonded(address relayer, uint256 bond, uint256 minimum);

    /// @notice Thrown when a member resigned or asked for its bond back.
    error RelayerCommittee_Leaving(address relayer);

    /// @notice Thrown when the queue for seats is full.
    error RelayerCommittee_QueueFull(uint256 count, uint256 max);

    /// @notice Thrown when a relayer is admitted that waits already.
    error RelayerCommittee_Queued(address relayer);

    /// @notice Thrown when a relayer is dismissed that does not wait.
    error RelayerCommittee_NotQueued(address relayer);

    /// @notice Thrown when somebody else than the DAO or the relayer itself takes it out of the queue.
    error RelayerCommittee_NotYours(address caller, address relayer);

    /// @notice Thrown when no candidate may take a seat now: a silent member then keeps its own where the set needs it.
    error RelayerCommittee_NobodyToSeat();

    /// @notice Thrown when a relayer is unknown.
    error RelayerCommittee_UnknownRelayer(address relayer);

    /// @notice Thrown when a relayer that has a seat, now or in a coming set, asks for its bond or is admitted to the queue.
    error RelayerCommittee_Seated(address relayer, uint32 version);

    /// @notice Thrown when a relayer that has no seat in the newest set resigns, or its seat is vacated.
    error RelayerCommittee_NotSeated(address relayer);

    /// @notice Thrown when a relayer resigns twice.
    error RelayerCommittee_AlreadyResigned(address relayer, uint64 vacatableAt);

    /// @notice Thrown when a seat is vacated whose relayer did not resign.
    error RelayerCommittee_NotResigned(address relayer);

    /// @notice Thrown when a seat is vacated before the notice is over (Unix seconds).
    error RelayerCommittee_NoticeNotOver(uint64 vacatableAt, uint64 nowSeconds);

    /// @notice Thrown when a relayer asks for its bond a second time; it is released at `releaseAt` (Unix seconds).
    error RelayerCommittee_AlreadyReleasing(address relayer, uint64 releaseAt);

    /// @notice Thrown when a bond is withdrawn that nobody asked for.
    error RelayerCommittee_NoReleaseRequested(address relayer);

    /// @notice Thrown when a bond is withdrawn before its time (Unix seconds).
    error RelayerCommittee_NotReleased(uint64 releaseAt, uint64 nowSeconds);

    /// @notice Thrown when nothing is added to a bond; {setEndpoint} changes the endpoint alone.
    error RelayerCommittee_ZeroAmount();

    /// @notice Thrown when a relayer that has an ML-DSA-65 key brings one: a relayer's key never changes.
    error RelayerCommittee_KeyFixed(address relayer);

    /// @notice Thrown when an ML-DSA-65 key has the wrong length (bytes).
    error RelayerCommittee_KeyLength(uint256 length, uint256 expected);

    /// @notice Thrown when an ML-DSA-65 key is degenerate: anyone could sign under it.
    error RelayerCommittee_DegenerateKey();

    /// @notice Thrown when an endpoint is empty or longer than 256 bytes.
    error RelayerCommittee_EndpointLength(uint256 length, uint256 max);

    /// @notice Thrown when a committee version does not exist, or no version was in force in that epoch.
    error RelayerCommittee_UnknownVersion(uint32 version);

    /// @notice Thrown when a bond is withdrawn while its owner is jailed (Unix seconds).
    error RelayerCommittee_Frozen(address relayer, uint64 frozenUntil, uint64 nowSeconds);

    /// @notice Thrown when a jailed or barred relayer is to be seated (Unix seconds; the largest uint64 when barred).
    error RelayerCommittee_Jailed(address relayer, uint64 frozenUntil);

    /// @notice Thrown when funds are paid out before their time, or are gone (`payableAt` in Unix seconds; 0 when gone).
    error RelayerCommittee_SlashNotPayable(uint256 slashId, uint64 payableAt, uint64 nowSeconds);

    /// @notice Thrown when a pardon comes too late, or does not name the members and amounts of the punishment.
    error RelayerCommittee_NoPardon(uint256 slashId);

    /// @notice Bonds the caller as a relayer (first call), or adds to its bond and replaces endpoint.
    /// @dev The ML-DSA-65 key is fixed by the first call; later calls pass empty bytes.
    /// @param mldsaKey Raw ML-DSA-65 public key, 1,952 bytes; signs every report beside the ECDSA key.
    /// @param endpoint URL of the relayer, at most 256 bytes.
    function bond(uint256 amount, bytes calldata mldsaKey, string calldata endpoint) external;

    /// @notice Changes the caller's endpoint.
    function setEndpoint(string calldata endpoint) external;

    /// @notice Seats a new committee, two epochs from now. Who is seated waits no longer. Timelock only (AuthorizationOp).
    /// @param members Bonded relayers in strictly ascending address order; seat i is members[i].
    function setCommittee(address[] calldata members) external;

    /// @notice Puts a bonded relayer at the end of the queue for seats. Timelock only (AuthorizationOp).
    /// @dev It can be seated after `committeeJoinDelay`, and as long as its region has less than `committeeRegionBp` of the
    /// seats, one at least. The DAO decides who may sit, since whoever holds two thirds of the seats says what is true.
    /// @param region Number of the region or jurisdiction, 0 when it is not stated; that is not capped.
    function admit(address relayer, uint16 region) external;

    /// @notice Takes a relayer out of the queue. Timelock, or the relayer itself (RollbackOp).
    function dismiss(address relayer) external;

    /// @notice Seats candidates while there are seats left, two epochs from now. Anyone may call it.
    function fillSeats() external;

    /// @notice Seats a new committee without a member that was silent, with the first candidate in its place. Arbiters only.
    /// @dev Reverts when too few would be left: a committee that tolerates a silent member is better than none, and silence is
    /// no offence. It can be tried again once a candidate waits.
    function unseat(address relayer) external;

    /// @notice Gives notice that the caller leaves its seat. After the notice anyone can vacate the seat.
    /// @dev The DAO has the notice to seat somebody else, so that a committee does not shrink at once.
    function resign() external;

    /// @notice Seats a new committee without a member whose notice is over, two epochs from now. Anyone may call it.
    /// @dev Keeps every bond able to leave without the DAO. A set that would fall below the minimum of seats is dissolved: it
    /// has no seat, and nothing is reported until the DAO seats another one. Too few seats would decide alone.
    function vacateSeat(address relayer) external;

    /// @notice Asks for the caller's bond back; possible once no set in force or to come seats it.
    function requestBondRelease() external;

    /// @notice Withdraws the caller's bond after the release time, which lies beyond the finality horizon.
    function withdrawBond() external;

    /// @notice Jails members, takes a share of their bonds and seats a committee without them. Arbiters only.
    /// A set of `n` that would fall below the minimum keeps jailed members while they are at most ⌊(n − 1)/3⌋; when they are
    /// more, candidates take their seats, and it is dissolved when there are too few.
    /// @dev Never fails for want of a bond: what is taken is clamped. Evidence that rests on ECDSA alone takes nothing more
    /// from a member that is jailed already and does not lengthen its time, so that a broken ECDSA key costs an honest
    /// member one small share at most. Proven offences take their share each, and bar their author for ever.
    /// @return slashId Number of the frozen funds, 0 when nothing was taken.
    function punish(Punishment calldata order) external returns (uint256 slashId);

    /// @notice Pays out funds whose delay is over: the reward to the reporter, the rest to the treasury. Anyone may call it.
    function paySlash(uint256 slashId) external;

    /// @notice Gives funds back to the members they were taken from, before they are paid out. Timelock only (RollbackOp).
    /// @dev All that the DAO can do about an objective offence: it can neither slash, nor choose who is paid, nor hurry.
    function pardon(uint256 slashId, address[] calldata members, uint256[] calldata amounts) external;

    /// @notice Returns who waits for a seat, in the order in which they are seated.
    function candidates() external view returns (Candidate[] memory);

    /// @notice Returns the region that a relayer was admitted for, 0 when none was stated.
    function regionOf(address relayer) external view returns (uint16);

    /// @notice Returns funds taken by a punishment.
    function slashOf(uint256 slashId) external view returns (Slash memory);

    /// @notice Returns the sum of all frozen funds in MESH wei.
    function totalFrozen() external view returns (uint256);

    /// @notice Returns a relayer.
    function relayerOf(address relayer) external view returns (Relayer memory);

    /// @notice Returns the newest version, in force or to come; 0 when there is none.
    function latestVersion() external view returns (uint32);

    /// @notice Returns the version in force in an epoch; reverts when there is none.
    function versionAt(uint64 epoch) external view returns (uint32 version);

    /// @notice Returns the version in force in an epoch and its members in one call; reverts when there is none.
    /// @dev One storage read and one code read. A version may have no members (every seat was vacated): no report can
    /// reach its quorum.
    /// @return version Version in force in `epoch`.
    /// @return packedMembers Addresses of 20 bytes each, in seat order.
    function committeeFor(uint64 epoch) external view returns (uint32 version, bytes memory packedMembers);

    /// @notice Returns the members of a version in seat order.
    function membersOf(uint32 version) external view returns (address[] memory members);

    /// @notice Returns the epoch from which a version holds.
    function activationOf(uint32 version) external view returns (uint64 fromEpoch);

    /// @notice Returns the number of signatures a report needs: ⌊2n/3⌋ + 1.
    function quorumOf(uint32 version) external view returns (uint256);

    /// @notice Returns the sum of all bonds in MESH wei.
    function totalBonded() external view returns (uint256);
}
