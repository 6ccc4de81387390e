// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Bytes kept as the code of a contract: written once, read for one cold account access whatever their length.
/// @dev The code starts with STOP, so that it can never run, and so that an empty value still has code.
library CodeStorage {
    /// @dev Longest value in bytes: one less than the largest code (EIP-170).
    uint256 internal constant MAX_LENGTH = 24_575;

    /// @dev Thrown when a value does not fit into the code of one contract (bytes).
    error CodeStorage_TooLong(uint256 length, uint256 max);

    /// @dev Thrown when the code could not be deployed.
    error CodeStorage_WriteFailed(uint256 length);

    /// @dev Thrown when an address holds no stored bytes.
    error CodeStorage_Empty(address store);

    /// @dev Deploys `data` and returns where it is.
    function write(bytes memory data) internal returns (address store) {
        if (data.length > MAX_LENGTH) revert CodeStorage_TooLong(data.length, MAX_LENGTH);
        // Init code of 10 bytes: PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN; then STOP and the data.
        bytes memory initCode = abi.encodePacked(hex"61", uint16(data.length + 1), hex"80600a5f395ff300", data);
        assembly ("memory-safe") {
            store := create(0, add(initCode, 32), mload(initCode))
        }
        if (store == address(0)) revert CodeStorage_WriteFailed(data.length);
    }

    /// @dev Returns what was written to `store`.
    function read(address store) internal view returns (bytes memory data) {
        uint256 length = lengthOf(store);
        data = new bytes(length);
        assembly ("memory-safe") {
            extcodecopy(store, add(data, 32), 1, length)
        }
    }

    /// @dev Returns the number of bytes written to `store`.
    function lengthOf(address store) internal view returns (uint256) {
        uint256 size = store.code.length;
        if (size == 0) revert CodeStorage_Empty(store);
        return size - 1;
    }
}
