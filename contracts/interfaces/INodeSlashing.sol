// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrated} from "./IArbitrated.sol";

/// @notice Slashes and jails nodes: at once for downtime, which anyone proves from the bridge, and on the order of arbiters.
/// @dev Amounts are MESH wei, shares basis points. A slash is a share of the stake at the time of the offence, so that
/// several slashes take the same in any order, and is clamped to what is there. What it takes is frozen here first, while
/// the DAO can give it back. Nothing here can be paused.
interface INodeSlashing is IArbitrated {
    /// @notice The contracts that slashing works with, fixed at construction.
    /// @param token MESH.
    /// @param registry Nodes and their operators.
    /// @param parameters Table of governed numbers.
    /// @param bridge Reports, from which downtime is judged.
    /// @param rewards Contract that knows the weights of past epochs.
    /// @param timelock The DAO's timelock, which is also the treasury.
    struct Links {
        address token;
        address registry;
        address parameters;
        address bridge;
        address rewards;
        address timelock;
    }

    /// @notice What an arbiter orders.
    /// @param offence Identifier of the offence, for readers of events.
    /// @param nodeIndex Node that committed it.
    /// @param amount MESH wei to take at most; see {pinnedStake}.
    /// @param reporter Who is rewarded; zero when nobody is.
    /// @param isBarred True when the node is barred for ever (tombstone).
    /// @param isFinal True when dispute and veto are over, so that the funds can be paid out at once.
    struct Punishment {
        bytes32 offence;
        uint32 nodeIndex;
        uint256 amount;
        address reporter;
        bool isBarred;
        bool isFinal;
    }

    /// @notice Funds taken by one punishment, frozen until they are paid out.
    /// @param nodeIndex Node that they were taken of.
    /// @param payableAt Unix time in seconds from which they are paid out; 0 once they are paid or given back.
    /// @param reporter Who is rewarded; zero when nobody is.
    /// @param ownPart MESH wei taken of the operator.
    /// @param poolPart MESH wei taken of its delegators.
    /// @param rewardBp Reporter's share in basis points; the rest goes to the treasury.
    struct Slash {
        uint32 nodeIndex;
        uint64 payableAt;
        address reporter;
        uint96 ownPart;
        uint96 poolPart;
        uint16 rewardBp;
    }

    /// @notice Emitted when a node was punished; `slashId` is 0 when there was nothing to take.
    event NodeSlashed(
        uint256 indexed slashId,
        uint32 indexed nodeIndex,
        bytes32 indexed offence,
        address reporter,
        uint256 ownPart,
        uint256 poolPart,
        uint256 reward,
        uint64 payableAt
    );

    /// @notice Emitted when a node became inactive until a time (Unix seconds; the largest uint64: for ever).
    event NodeJailed(uint32 indexed nodeIndex, bytes32 indexed offence, uint64 until);

    /// @notice Emitted when a node may be active again.
    event NodeUnjailed(uint32 indexed nodeIndex);

    /// @notice Emitted when the funds of a punishment were paid out.
    event NodeSlashPaid(uint256 indexed slashId, uint256 toReporter, uint256 toTreasury);

    /// @notice Emitted when the DAO gave the funds of a punishment back. `toPool` is for delegators, also those who are
    /// unbonding: see {INodeDelegation.PoolRestored}.
    event NodeSlashPardoned(uint256 indexed slashId, uint256 toOperator, uint256 toPool, uint256 toTreasury);

    /// @notice Emitted once, when the deployer names the staking contract.
    event StakingBound(address indexed staking);

    /// @notice Thrown when a window of downtime is empty, or would be final only when stake can have left (seconds).
    error NodeSlashing_WindowTooLong(uint64 windowEpochs, uint256 untilFinal, uint256 unbondingPeriod);

    /// @notice Thrown when a window is not final yet, or too old to be judged (epochs).
    error NodeSlashing_WindowNotOpen(uint64 window, uint64 fromEpoch, uint64 toEpoch);

    /// @notice Thrown when a window of a node was judged before.
    error NodeSlashing_WindowJudged(uint32 nodeIndex, uint64 window);

    /// @notice Thrown when a node was not down: too few of the epochs that were reported, or too few reported at all.
    error NodeSlashing_NotDown(uint32 nodeIndex, uint256 absent, uint256 reported);

    /// @notice Thrown when a node that is not jailed is to be unjailed.
    error NodeSlashing_NotJailed(uint32 nodeIndex);

    /// @notice Thrown when a node is unjailed before its time (Unix seconds; the largest uint64: for ever).
    error NodeSlashing_Jailed(uint32 nodeIndex, uint64 until);

    /// @notice Thrown when funds are paid out before their time, or are gone (`payableAt` in Unix seconds; 0 when gone).
    error NodeSlashing_NotPayable(uint256 slashId, uint64 payableAt, uint64 nowSeconds);

    /// @notice Thrown when a pardon comes too late (`payableAt` in Unix seconds; 0 when the funds are gone).
    error NodeSlashing_NoPardon(uint256 slashId, uint64 payableAt);

    /// @notice Slashes and jails a node that was absent too often in a window. Anyone may call it, once per window.
    /// @dev Judged by what was reported and is final; epochs that nobody reported count for nothing, and when fewer than half
    /// of the window were reported, there is no downtime.
    /// @param window Number of the window: epochs from `window * downtimeWindow` on.
    function slashDowntime(uint32 nodeIndex, uint64 window) external returns (uint256 slashId);

    /// @notice Slashes and jails a node. Arbiters only.
    /// @return slashId Number of the frozen funds, 0 when there was nothing to take.
    /// @return taken MESH wei taken.
    function punish(Punishment calldata order) external returns (uint256 slashId, uint256 taken);

    /// @notice Holds matured unbondings of a node and its delegators back until a time (Unix seconds; 0 lets them go).
    /// Arbiters only; see {INodeStaking.withdrawableUntil} for the limit.
    function hold(uint32 nodeIndex, uint64 until) external;

    /// @notice Pays out funds whose delay is over: the reward to the reporter, the rest to the treasury. Anyone may call it.
    function paySlash(uint256 slashId) external;

    /// @notice Gives funds back before they are paid out: to the operator's bonded stake, to the pool and to what is unbonding
    /// from it. Timelock only (RollbackOp).
    /// @dev Delegators get back what those of them lost who are still there, the treasury the rest: see
    /// {INodeDelegation.restorableOf}.
    function pardon(uint256 slashId) external;

    /// @notice Lets a node be active again. Anyone may call it once its time is over, the timelock always (RollbackOp).
    function unjail(uint32 nodeIndex) external;

    /// @notice Names the staking contract, once and for ever. Deployer only; after it the deployer has no power here.
    function bindStaking(address staking_) external;

    /// @notice Returns the stake that slashes for an offence in an epoch are a share of, in MESH wei.
    /// @dev The node's weight in that epoch. Where the history of weights does not reach back so far, or the node was active
    /// without weight, all that can be slashed now.
    function pinnedStake(uint32 nodeIndex, uint64 epoch) external view returns (uint256);

    /// @notice Returns funds taken by a punishment.
    function slashOf(uint256 slashId) external view returns (Slash memory);

    /// @notice Returns until when a node is jailed: Unix seconds, 0 when it is not, the largest uint64 when for ever.
    function jailedUntil(uint32 nodeIndex) external view returns (uint64);

    /// @notice Returns the sum of all frozen funds in MESH wei.
    function totalFrozen() external view returns (uint256);

    /// @notice Returns the length of a window in which downtime is judged, in epochs.
    function downtimeWindow() external view returns (uint64);
}
