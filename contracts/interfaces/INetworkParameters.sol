// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEntryPause} from "./IEntryPause.sol";

/// @notice The one bounded table of every governed number. Only the timelock changes a value, only within its bounds,
/// and a change takes effect after the notice of that parameter.
/// @dev Ids are the parameter's camelCase name as a left-aligned bytes32 string, for example `"minNodeStake"`.
/// Units, defaults, bounds and reasons are in docs/PARAMETERS.md, generated from what the contract is deployed with.
interface INetworkParameters is IEntryPause {
    /// @notice One row of the table.
    /// @param id Name of the parameter as a bytes32 string.
    /// @param value Value in force before `effectiveAt`.
    /// @param pending Value in force from `effectiveAt` on; equals `value` when no change is under way.
    /// @param effectiveAt Unix time in seconds from which `pending` holds.
    /// @param min Smallest value allowed, inclusive, for ever.
    /// @param max Largest value allowed, inclusive, for ever.
    /// @param notice Seconds between a change and its effect.
    struct Parameter {
        bytes32 id;
        uint256 value;
        uint256 pending;
        uint64 effectiveAt;
        uint256 min;
        uint256 max;
        uint64 notice;
    }

    /// @notice A new value for one parameter.
    /// @param id Name of the parameter as a bytes32 string.
    /// @param value Value from the end of the parameter's notice on.
    struct Change {
        bytes32 id;
        uint256 value;
    }

    /// @notice How the sum of some parameters must compare to another one.
    enum Relation {
        Below,
        AtMost,
        Equal
    }

    /// @notice A relation that holds at every moment, for ever.
    /// @param addends Parameters that are added up; at least one.
    /// @param relation How the sum compares to `bound`.
    /// @param bound Parameter that the sum is compared to.
    struct Ordering {
        bytes32[] addends;
        Relation relation;
        bytes32 bound;
    }

    /// @notice Emitted when the timelock changes a parameter, and once per parameter at deployment.
    event ParameterSet(bytes32 indexed id, uint256 previousValue, uint256 newValue, uint64 effectiveAt);

    /// @notice Thrown when an id is not in the table.
    error NetworkParameters_UnknownParameter(bytes32 id);

    /// @notice Thrown when a value is outside the bounds of its parameter.
    error NetworkParameters_OutOfBounds(bytes32 id, uint256 value, uint256 min, uint256 max);

    /// @notice Thrown at deployment when an id is listed twice or empty.
    error NetworkParameters_InvalidId(bytes32 id);

    /// @notice Thrown when a change would break an ordering: `lesser` (with what is added to it, see {orderings}) must
    /// stay below, at most at, or equal to `greater`.
    error NetworkParameters_OrderingBroken(bytes32 lesser, bytes32 greater);

    /// @notice Returns the value in force at this block.
    function get(bytes32 id) external view returns (uint256 value);

    /// @notice Returns the full row of a parameter.
    function parameter(bytes32 id) external view returns (Parameter memory row);

    /// @notice Returns the last moment, Unix seconds, at which a value was set or comes into force: after it, and until somebody
    /// sets another, every {get} gives what it gave before.
    function settledAt() external view returns (uint64);

    /// @notice Returns every row, in a fixed order.
    function all() external view returns (Parameter[] memory rows);

    /// @notice Returns every ordering.
    function orderings() external view returns (Ordering[] memory);

    /// @notice Changes a parameter; it takes effect after the parameter's notice. Timelock only (GovernanceOp).
    /// @dev Every ordering must hold now and at each moment at which a pending value comes into force. A change that
    /// is still pending is replaced and its notice starts again.
    function set(bytes32 id, uint256 value) external;

    /// @notice Changes several parameters at once, each after its own notice. Timelock only (GovernanceOp).
    /// @dev The only way to change parameters whose sum is fixed.
    function setMany(Change[] calldata changes) external;
}
