// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Call gas meter
/// @notice Measures what a read-only call costs its caller, for benchmarks.
contract CallGasMeter {
    /// @notice Thrown when there is nothing to measure at an address.
    error CallGasMeter_NoCode(address target);

    /// @notice Calls `target` with `data` and measures it; that there is code has been looked up, so the address is warm.
    /// @return success whether the call succeeded
    /// @return used gas of the call
    /// @return result what it returned
    function measure(
        address target,
        bytes calldata data
    ) external view returns (bool success, uint256 used, bytes memory result) {
        if (target.code.length == 0) revert CallGasMeter_NoCode(target);
        bytes memory input = data;
        uint256 start = gasleft();
        (success, result) = target.staticcall(input);
        used = start - gasleft();
    }
}
