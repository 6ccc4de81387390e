// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificates} from "../interfaces/ICertificates.sol";

/// @notice Leaf hashes of entries of the transparency log: SHA-256 of 0x00 and `abi.encode` of the entry (RFC 9162
/// section 2.1.1).
/// @dev A struct in memory is laid out as `abi.encode` writes it. Entries of certificates are laid out in memory that
/// is free and stays so, because making a struct costs more than hashing it. Their fields come as `uint256`, which
/// clears the bits above them.
library LogEntries {
    /// @notice Returns the leaf hash of an entry.
    function leafHash(ICertificates.LogEntry memory entry) internal view returns (bytes32 hash) {
        assembly ("memory-safe") {
            // The byte before the entry is 0x00 for a moment.
            let before := mload(sub(entry, 0x20))
            mstore8(sub(entry, 1), 0)
            if iszero(staticcall(gas(), 2, sub(entry, 1), 0x161, 0, 0x20)) {
                revert(0, 0)
            }
            mstore(sub(entry, 0x20), before)
            hash := mload(0)
        }
    }

    /// @notice Returns the leaf hash of the entry that says that a certificate is issued now.
    function leafOfIssue(
        uint256 authorityId,
        ICertificates.Issuance memory issuance
    ) internal view returns (bytes32 hash) {
        uint256 action = uint256(ICertificates.Action.Issue);
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, 0)
            mstore(add(free, 0x20), action)
            mstore(add(free, 0x40), timestamp())
            mstore(add(free, 0x60), authorityId)
            // Serial, kind and subject; then the period and the X.509 hash, which the account parts from them.
            mcopy(add(free, 0x80), issuance, 0x60)
            mcopy(add(free, 0xe0), add(issuance, 0x80), 0x60)
            mstore(add(free, 0x140), 0)
            mstore(add(free, 0x160), 0)
            if iszero(staticcall(gas(), 2, add(free, 0x1f), 0x161, 0, 0x20)) {
                revert(0, 0)
            }
            hash := mload(0)
        }
    }

    /// @notice Returns the leaf hash of the entry that says that a certificate is revoked, held or released now.
    function leafOfStatus(
        ICertificates.Action action,
        uint256 authorityId,
        uint256 serial,
        uint256 reason,
        uint256 effectiveAt
    ) internal view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, calldatasize(), 0x140)
            mstore(add(free, 0x20), action)
            mstore(add(free, 0x40), timestamp())
            mstore(add(free, 0x60), authorityId)
            mstore(add(free, 0x80), serial)
            mstore(add(free, 0x140), reason)
            mstore(add(free, 0x160), effectiveAt)
            if iszero(staticcall(gas(), 2, add(free, 0x1f), 0x161, 0, 0x20)) {
                revert(0, 0)
            }
            hash := mload(0)
        }
    }
}
