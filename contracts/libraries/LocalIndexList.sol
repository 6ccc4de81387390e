// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "../interfaces/IAttestationBridge.sol";

/// @notice Reads lists of local indices (0 to 511): strictly ascending big-endian uint16.
library LocalIndexList {
    uint256 private constant SHARD_SIZE = 512;

    /// @dev Returns the number of indices. Reverts unless the list is strictly ascending and below 512.
    function check(bytes calldata list) internal pure returns (uint256 length) {
        length = list.length / 2;
        uint256 limit = 0;
        for (uint256 i = 0; i < length; ++i) {
            uint256 index = indexAt(list, i);
            if (index < limit || index >= SHARD_SIZE) revert IAttestationBridge.AttestationBridge_InvalidIndexList(i);
            limit = index + 1;
        }
        if (list.length & 1 == 1) revert IAttestationBridge.AttestationBridge_InvalidIndexList(length);
    }

    /// @dev Returns the index at a position. The caller makes sure that the position exists.
    function indexAt(bytes calldata list, uint256 position) internal pure returns (uint256 index) {
        assembly ("memory-safe") {
            index := shr(240, calldataload(add(list.offset, shl(1, position))))
        }
    }

    /// @dev Returns the list as a 512-bit map: indices 0 to 255 in `low`, 256 to 511 in `high`.
    function toMap(bytes calldata list) internal pure returns (uint256 low, uint256 high) {
        uint256 length = list.length / 2;
        for (uint256 i = 0; i < length; ++i) {
            uint256 index = indexAt(list, i);
            if (index < 256) low |= 1 << index;
            else high |= 1 << (index - 256);
        }
    }
}
