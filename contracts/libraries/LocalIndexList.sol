// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "../interfaces/IAttestationBridge.sol";

/// @notice Reads lists of local indices (0 to 511): strictly ascending big-endian uint16.
library LocalIndexList {
    uint256 private constant INDEX_BYTES = 2;
    uint256 private constant MAP_BITS = 256;
    uint256 private constant LIMIT = 512;

    /// @dev Returns the list as a map of 512 bits: indices 0 to 255 in `low`, 256 to 511 in `high`.
    /// Reverts unless the list is strictly ascending and below 512.
    function toMap(bytes memory list) internal pure returns (uint256 low, uint256 high) {
        uint256 length = list.length / INDEX_BYTES;
        uint256 smallest = 0;
        unchecked {
            for (uint256 i = 0; i < length; ++i) {
                uint256 index = indexAt(list, i);
                if (index < smallest || index >= LIMIT) revert IAttestationBridge.AttestationBridge_InvalidIndexList(i);
                smallest = index + 1;
                // A shift by 256 or more, also by a difference that wrapped around, gives zero.
                low |= 1 << index;
                high |= 1 << (index - MAP_BITS);
            }
        }
        if (list.length % INDEX_BYTES != 0) revert IAttestationBridge.AttestationBridge_InvalidIndexList(length);
    }

    /// @dev Returns the index at a position, which must exist.
    function indexAt(bytes memory list, uint256 position) internal pure returns (uint256 index) {
        assembly ("memory-safe") {
            index := shr(240, mload(add(add(list, 32), mul(position, INDEX_BYTES))))
        }
    }
}
