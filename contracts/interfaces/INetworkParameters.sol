// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The one bounded table of every governed number. Only the timelock changes a value, only within its bounds,
/// and a change takes effect after the notice of that parameter.
/// @dev Ids are the parameter's camelCase name as a left-aligned bytes32 string, for example `"minNodeStake"`.
/// Units, defaults, bounds and reasons are in docs/PARAMETERS.md, generated from the contract.
interface INetworkParameters {
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

    /// @notice Emitted when the timelock changes a parameter, and once per parameter at deployment.
    event ParameterSet(bytes32 indexed id, uint256 previousValue, uint256 newValue, uint64 effectiveAt);

    /// @notice Thrown when an id is not in the table.
    error NetworkParameters_UnknownParameter(bytes32 id);

    /// @notice Thrown when a value is outside the bounds of its parameter.
    error NetworkParameters_OutOfBounds(bytes32 id, uint256 value, uint256 min, uint256 max);

    /// @notice Thrown when a change would break an ordering between two parameters: `lesser` must stay below `greater`.
    error NetworkParameters_OrderingBroken(bytes32 lesser, bytes32 greater);

    /// @notice Returns the value in force at this block.
    function get(bytes32 id) external view returns (uint256 value);

    /// @notice Returns the full row of a parameter.
    function parameter(bytes32 id) external view returns (Parameter memory row);

    /// @notice Returns every row, in a fixed order.
    function all() external view returns (Parameter[] memory rows);

    /// @notice Changes a parameter; it takes effect after the parameter's notice.
    /// @dev GovernanceOp. Every ordering must hold for both the value in force and the pending one.
    function set(bytes32 id, uint256 value) external;
}
