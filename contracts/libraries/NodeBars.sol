// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../interfaces/INodeRegistry.sol";

/// @notice Calls {INodeRegistry-setBarred} with fewer instructions than the compiler makes. Numbers come as
/// `uint256`, which clears the bits above them.
library NodeBars {
    /// @notice Bars a node or lifts its bar, and returns its operator; an error of the registry is passed on. Reverts
    /// without a reason when there is no registry.
    function set(
        INodeRegistry registry,
        uint256 nodeIndex,
        bool barred,
        uint256 issuedAt
    ) internal returns (uint32 identityId) {
        bytes4 selector = INodeRegistry.setBarred.selector;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, selector)
            mstore(add(data, 4), nodeIndex)
            mstore(add(data, 0x24), barred)
            mstore(add(data, 0x44), issuedAt)
            let isDone := call(gas(), registry, 0, data, 0x64, 0, 0x20)
            // Where there is no contract a call succeeds and returns nothing.
            if iszero(and(isDone, gt(returndatasize(), 0x1f))) {
                returndatacopy(data, 0, returndatasize())
                revert(data, returndatasize())
            }
            identityId := mload(0)
        }
    }
}
