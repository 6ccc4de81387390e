// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {AgedBalance} from "../libraries/AgedBalances.sol";
import {IIdentityGate} from "./IIdentityGate.sol";

/// @notice Votes of the identity house: √min(stake + locked MESH, cap) units for each certified identity, before delegation.
/// @dev A unit is the root of a MESH wei, shown with 9 decimals: 1 MESH has 1.0, 10,000 MESH have 100.0. Roots are rounded down.
/// MESH counts when it has been staked or locked for one to two times `voteAgeRamp` and somebody has called {sync}; less MESH counts at
/// once. The root is taken of everything that an identity has, so that splitting within an identity changes nothing. An operator
/// with less than `minNodeStake` has no units: S MESH split over fake operators have at most √(S / minNodeStake) times the units.
/// Units belong to the account that holds the identity, and vote for it until it delegates.
/// Warning: who delegates leaves its votes with the delegate's account; if that one loses its identity, nobody casts them until
/// the delegator chooses another. Warning: units of an identity that lost its certificate count in the total, and in the
/// votes of the delegate, until somebody calls {sync}, which is paid.
/// Safety: the gate never gives one identity to two accounts or one person two identities; staking tells every change of a stake.
/// Liveness: leaving never depends on the gate; a locked amount can always be withdrawn by the account that locked it.
interface IQuadraticVotes is IERC5805 {
    /// @notice What is recorded of an identity.
    /// @param account Account that holds it and has its units; stays recorded while the identity is not certified.
    /// @param since Unix time in seconds since when it is held without interruption; the largest uint48 while it is not certified.
    /// @param units Units of the identity.
    struct Holding {
        address account;
        uint48 since;
        uint48 units;
    }

    /// @notice What an account locked.
    /// @param amount MESH wei that count.
    /// @param unlocking MESH wei that no longer count and wait to be withdrawn.
    /// @param maturesAt Unix time in seconds from which `unlocking` can be withdrawn.
    struct Lock {
        uint96 amount;
        uint96 unlocking;
        uint48 maturesAt;
    }

    /// @notice Emitted when MESH was locked. `lockedAfter` is what counts for the account.
    event Locked(address indexed account, uint256 amount, uint256 lockedAfter);

    /// @notice Emitted when MESH stopped counting. `unlockingAfter` is all that can be withdrawn from `maturesAt` (Unix seconds) on.
    event UnlockRequested(
        address indexed account,
        uint256 amount,
        uint256 lockedAfter,
        uint256 unlockingAfter,
        uint48 maturesAt
    );

    /// @notice Emitted when unlocked MESH was withdrawn.
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Emitted when an account began to hold an identity, or holds it again after an interruption.
    event IdentityHeld(uint256 indexed identity, address indexed account);

    /// @notice Emitted when an account stopped to hold an identity: it moved, or is not certified any more.
    event IdentityReleased(uint256 indexed identity, address indexed account);

    /// @notice Emitted when units of an identity changed, which the account of the last {IdentityHeld} has.
    event UnitsChanged(uint256 indexed identity, uint256 units);

    /// @notice Emitted when somebody was paid for taking away units of identities that are not certified any more.
    event SyncRewarded(address indexed caller, uint256 amount);

    /// @notice Emitted when MESH wei were added to what pays for syncs.
    event SyncRewardsFunded(address indexed from, uint256 amount);

    /// @notice Emitted when the DAO replaced the gate.
    event GateSet(address indexed gate);

    /// @notice Emitted once, when the staking contract was bound.
    event StakingBound(address indexed staking);

    /// @notice Thrown when an account without a certified identity locks MESH.
    error QuadraticVotes_NotCertified(address account);

    /// @notice Thrown when votes are delegated to an account without a certified identity.
    error QuadraticVotes_DelegateNotCertified(address delegatee);

    /// @notice Thrown when an amount is zero.
    error QuadraticVotes_ZeroAmount();

    /// @notice Thrown when more is unlocked than is locked (MESH wei).
    error QuadraticVotes_InsufficientLock(uint256 requested, uint256 available);

    /// @notice Thrown when nothing can be withdrawn; `maturesAt` is Unix seconds, 0 when nothing is being unlocked.
    error QuadraticVotes_NothingMatured(uint48 maturesAt);

    /// @notice Thrown when the caller is not the staking contract.
    error QuadraticVotes_NotStaking(address caller);

    /// @notice Binds the staking contract. Deployer only, once.
    function bindStaking(address staking) external;

    /// @notice Replaces the gate. Timelock only (AuthorizationOp).
    /// @dev Identities keep their meaning. The new gate counts for votes at once, for units with the next {sync} of each identity.
    function setGate(IIdentityGate gate) external;

    /// @notice Lowers the units of an operator's identity whose stake fell. Staking only, which tells every such change of an
    /// identity that was ever given units.
    /// @dev Asks no other contract, so that nothing can keep stake from leaving.
    /// @param stake What is left, with its age.
    function stakeLowered(uint32 identityId, AgedBalance stake) external;

    /// @notice Locks MESH of the caller, which must have a certified identity.
    function lock(uint256 amount) external;

    /// @notice Locks MESH with an ERC-2612 permit in the same transaction.
    /// @dev The permit runs in try/catch: one that was front-run does not stop the lock when the allowance suffices.
    function lockWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Stops locked MESH of the caller from counting; it can be withdrawn after `voteUnlockDelay`. Needs no identity.
    /// @dev A further request starts the delay anew for everything that is being unlocked.
    /// @param amount MESH wei; the largest uint256 means everything.
    function requestUnlock(uint256 amount) external;

    /// @notice Pays the caller what it unlocked, when it has matured. Needs no identity.
    /// @return amount MESH wei paid.
    function withdraw() external returns (uint256 amount);

    /// @notice Brings units and holder of an identity up to date. Anyone may call it for anyone.
    /// @dev Adds what has aged, moves units to the account that holds the identity now, and takes them away when nobody does: then
    /// the caller is paid `voteSyncReward`, if {syncBudget} suffices.
    /// @return units Units of the identity after it.
    function sync(uint256 identity) external returns (uint256 units);

    /// @notice Does {sync} for many identities.
    function syncMany(uint256[] calldata identities) external;

    /// @notice Adds MESH wei of the caller to what pays for syncs. Nobody can take it out in another way.
    function fundSyncRewards(uint256 amount) external;

    /// @notice Returns the votes that an account may cast now about a proposal with this snapshot (Unix seconds, in the past).
    /// @dev Those of {getPastVotes}, or 0 unless the gate certifies the account now with the very identity that it has held here
    /// without interruption since the snapshot or before.
    function votesAt(address account, uint256 timepoint) external view returns (uint256);

    /// @notice Returns what is recorded of an identity.
    function holdingOf(uint256 identity) external view returns (Holding memory);

    /// @notice Returns the identity that is recorded with an account, 0 when there is none. It may have lost its certificate since.
    function recordedIdentityOf(address account) external view returns (uint256 identity);

    /// @notice Returns the units that an identity would have after a {sync} now.
    function unitsAfterSync(uint256 identity) external view returns (uint256);

    /// @notice Returns what an account locked.
    function lockOf(address account) external view returns (Lock memory);

    /// @notice Returns the sum of all that is locked, counting or not, in MESH wei.
    function totalLocked() external view returns (uint256);

    /// @notice Returns what is there to pay for syncs, in MESH wei.
    function syncBudget() external view returns (uint256);

    /// @notice Returns the gate.
    function gate() external view returns (IIdentityGate);

    /// @notice Returns the staking contract, the zero address before it was bound.
    function staking() external view returns (address);

    /// @notice Returns the units of an account's identity, before delegation.
    function balanceOf(address account) external view returns (uint256);

    /// @notice Returns all units.
    function totalSupply() external view returns (uint256);

    /// @notice Returns the name of the units.
    function name() external view returns (string memory);

    /// @notice Returns the symbol of the units.
    function symbol() external view returns (string memory);

    /// @notice Returns how many decimals units are shown with: 9, so that the root of one MESH is 1.0.
    function decimals() external view returns (uint8);
}
