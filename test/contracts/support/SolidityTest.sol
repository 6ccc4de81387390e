// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice An event as it was recorded.
/// @param topics Its signature's hash and what is indexed.
/// @param data What is not indexed.
/// @param emitter Contract that emitted it.
struct Log {
    bytes32[] topics;
    bytes data;
    address emitter;
}

/// @notice The cheat codes of Hardhat's Solidity test runner that the tests use.
interface ICheats {
    /// @notice Makes the next call come from an address.
    function prank(address sender) external;

    /// @notice Sets the timestamp of the block in Unix seconds.
    function warp(uint256 timestamp) external;

    /// @notice Discards the inputs of a fuzz run unless the condition holds.
    function assume(bool condition) external pure;

    /// @notice Expects the next call to revert with exactly these bytes.
    function expectRevert(bytes calldata revertData) external;

    /// @notice Takes a snapshot of the whole state.
    function snapshotState() external returns (uint256 id);

    /// @notice Goes back to a snapshot.
    function revertToState(uint256 id) external returns (bool success);

    /// @notice Records the events from now on, those of calls that revert too.
    function recordLogs() external;

    /// @notice Returns the events that were recorded, and forgets them.
    function getRecordedLogs() external returns (Log[] memory logs);

    /// @notice Signs a digest with a private key.
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    /// @notice Returns the address of a private key.
    function addr(uint256 privateKey) external pure returns (address);
}

/// @notice Base of the Solidity tests: assertions with labels, and the contracts that an invariant run calls.
abstract contract SolidityTest {
    ICheats internal constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @notice Thrown when a value is not what a test expects.
    error Unexpected(string label, uint256 actual, uint256 expected);

    /// @notice Thrown when a statement of a test is false.
    error Untrue(string label);

    address[] private _targets;

    /// @notice Returns the contracts that an invariant run calls at random.
    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    function _target(address handler) internal {
        _targets.push(handler);
    }

    function _equal(uint256 actual, uint256 expected, string memory label) internal pure {
        if (actual != expected) revert Unexpected(label, actual, expected);
    }

    function _true(bool condition, string memory label) internal pure {
        if (!condition) revert Untrue(label);
    }
}

/// @notice Thrown when something that a handler relies on failed.
error HandlerFailed(string what);

/// @notice Stops a random action when something that it relies on failed.
function ensure(bool success, string memory what) pure {
    if (!success) revert HandlerFailed(what);
}

/// @notice Maps random numbers into a range, ends included.
function bounded(uint256 random, uint256 min, uint256 max) pure returns (uint256) {
    return min + (random % (max - min + 1));
}
