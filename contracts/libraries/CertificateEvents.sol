// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificates} from "../interfaces/ICertificates.sol";

/// @notice The event of {ICertificates} that batches emit most, from memory as it is, which saves the encoding field by
/// field.
library CertificateEvents {
    bytes32 private constant ISSUED = ICertificates.CertificateIssued.selector;

    /// @notice Emits {ICertificates-CertificateIssued}. Numbers come as `uint256`, which clears the bits above them.
    /// @param issuance Of its fields kind, account, period and X.509 hash are the event's data in this order, with the
    /// subject between the first two.
    function emitIssued(uint256 authorityId, ICertificates.Issuance memory issuance, uint256 logIndex) internal {
        bytes32 selector = ISSUED;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, mload(add(issuance, 0x20)))
            mcopy(add(data, 0x20), add(issuance, 0x60), 0x80)
            mstore(add(data, 0xa0), logIndex)
            log4(data, 0xc0, selector, mload(issuance), authorityId, mload(add(issuance, 0x40)))
        }
    }
}
