// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificates} from "../interfaces/ICertificates.sol";

/// @notice Reads certificates to be recorded from calldata, many into one place.
library Issuances {
    /// @notice Copies a certificate into memory; reverts without a reason, as the compiler's decoding does, when a
    /// field is out of the range of its type.
    function copy(ICertificates.Issuance calldata from, ICertificates.Issuance memory to) internal pure {
        assembly ("memory-safe") {
            calldatacopy(to, from, 0xe0)
            // Bits above serial, account and the two dates, and a kind that there is not.
            let excess := shr(160, or(mload(to), mload(add(to, 0x60))))
            excess := or(excess, shr(40, or(mload(add(to, 0x80)), mload(add(to, 0xa0)))))
            if or(excess, gt(mload(add(to, 0x20)), 4)) {
                revert(0, 0)
            }
        }
    }
}
