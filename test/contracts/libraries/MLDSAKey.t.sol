// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MLDSAKey} from "../../../contracts/libraries/MLDSAKey.sol";
import {SolidityTest} from "../support/SolidityTest.sol";

contract MLDSAKeyTest is SolidityTest {
    /// @notice Puts the key into calldata.
    function isDegenerate(bytes calldata key) external pure returns (bool) {
        return MLDSAKey.isDegenerate(key);
    }

    function test_refusesOnlyZerosAndOnlyOnes(bytes32 rho, bool ones) public view {
        _true(this.isDegenerate(_uniformKey(rho, ones)), "degenerate");
    }

    function test_acceptsAKeyThatDiffersInOneBit(bytes32 rho, bool ones, uint16 bit) public view {
        bytes memory key = _uniformKey(rho, ones);
        uint256 position = 32 + ((uint256(bit) / 8) % 1920);
        key[position] ^= bytes1(uint8(1 << (bit % 8)));
        _true(!this.isDegenerate(key), "not degenerate");
    }

    function _uniformKey(bytes32 rho, bool ones) private pure returns (bytes memory key) {
        key = new bytes(MLDSAKey.LENGTH);
        for (uint256 i = 0; i < key.length; ++i) {
            key[i] = i < 32 ? rho[i] : bytes1(ones ? 0xFF : 0x00);
        }
    }
}
