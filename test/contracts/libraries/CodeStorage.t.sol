// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CodeStorage} from "../../../contracts/libraries/CodeStorage.sol";
import {SolidityTest} from "../support/SolidityTest.sol";

contract CodeStorageTest is SolidityTest {
    /// @notice Writes through an external call, so that a revert can be expected.
    function write(bytes memory data) external returns (address) {
        return CodeStorage.write(data);
    }

    /// @notice Reads through an external call, so that a revert can be expected.
    function read(address store) external view returns (bytes memory) {
        return CodeStorage.read(store);
    }

    function test_readsWhatWasWritten(bytes memory data) public {
        address store = CodeStorage.write(data);
        _equal(CodeStorage.lengthOf(store), data.length, "length");
        _true(keccak256(CodeStorage.read(store)) == keccak256(data), "data");
    }

    function test_storesCodeThatCannotRun(bytes memory data) public {
        address store = CodeStorage.write(data);
        _true(store.code[0] == 0x00, "first byte is STOP");
        (bool success, bytes memory answer) = store.call("anything");
        _true(success && answer.length == 0, "call does nothing");
    }

    function test_storesTheLongestValue() public {
        bytes memory data = new bytes(CodeStorage.MAX_LENGTH);
        data[CodeStorage.MAX_LENGTH - 1] = 0x01;
        _true(keccak256(CodeStorage.read(CodeStorage.write(data))) == keccak256(data), "data");
    }

    function test_revertWhen_valueIsTooLong() public {
        uint256 max = CodeStorage.MAX_LENGTH;
        CHEATS.expectRevert(abi.encodeWithSelector(CodeStorage.CodeStorage_TooLong.selector, max + 1, max));
        this.write(new bytes(max + 1));
    }

    function test_revertWhen_nothingWasWritten(address empty) public {
        CHEATS.assume(empty.code.length == 0 && uint160(empty) > 0xFFFF);
        CHEATS.expectRevert(abi.encodeWithSelector(CodeStorage.CodeStorage_Empty.selector, empty));
        this.read(empty);
    }
}
