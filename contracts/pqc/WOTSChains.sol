// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title WOTS+ chains by jump table
/// @notice FIPS 205 Algorithm 5 (chain) for w = 16, entered at any digit through a table of internal functions.
/// @dev Nine tenths of a SLH-DSA-SHA2-128s verification is this one step, about 1,870 times: set the hash index and call
/// SHA-256 on PK.seed ‖ toByte(0, 48) ‖ ADRSc ‖ node (FIPS 205 section 11.2.1, F). Steps are unrolled, so that one costs the
/// precompile call and a single `MSTORE8`; entering by a function pointer costs one jump instead of a search over digits.
///
/// The caller keeps the 102 bytes of that input at `F_INPUT`; a step leaves its result in place, where the next one reads it.
/// A precompile call can fail only for want of gas, and then leaves less gas than the next opcodes need: the whole call
/// runs out of gas, it cannot go on with a wrong node.
abstract contract WOTSChains {
    /// @dev PK.seed ‖ toByte(0, 48), one SHA-256 block.
    uint256 internal constant F_INPUT = 0x80;
    /// @dev Lowest byte of the last word of ADRSc, the hash address of a WOTS_HASH address: F_INPUT + 64 + 21.
    uint256 internal constant F_HASH_ADDRESS = 0xd5;
    /// @dev The node that is hashed: F_INPUT + 64 + 22.
    uint256 internal constant F_NODE = 0xd6;
    /// @dev 64 + 22 + 16.
    uint256 internal constant F_LENGTH = 102;

    modifier f0() {
        assembly {
            mstore8(F_HASH_ADDRESS, 0)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    modifier f1() {
        assembly {
            mstore8(F_HASH_ADDRESS, 1)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    modifier f2() {
        assembly {
            mstore8(F_HASH_ADDRESS, 2)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    modifier f3() {
        assembly {
            mstore8(F_HASH_ADDRESS, 3)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    modifier f4() {
        assembly {
            mstore8(F_HASH_ADDRESS, 4)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    modifier f5() {
        assembly {
            mstore8(F_HASH_ADDRESS, 5)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    modifier f6() {
        assembly {
            mstore8(F_HASH_ADDRESS, 6)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    modifier f7() {
        assembly {
            mstore8(F_HASH_ADDRESS, 7)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    modifier f8() {
        assembly {
            mstore8(F_HASH_ADDRESS, 8)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    modifier f9() {
        assembly {
            mstore8(F_HASH_ADDRESS, 9)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    modifier f10() {
        assembly {
            mstore8(F_HASH_ADDRESS, 10)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    modifier f11() {
        assembly {
            mstore8(F_HASH_ADDRESS, 11)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    modifier f12() {
        assembly {
            mstore8(F_HASH_ADDRESS, 12)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    modifier f13() {
        assembly {
            mstore8(F_HASH_ADDRESS, 13)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, F_NODE, 32))
        }
        _;
    }

    /// @dev Step 14, the last one; its result goes to `end`.
    modifier f14(uint256 end) {
        assembly {
            mstore8(F_HASH_ADDRESS, 14)
            pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, end, 32))
        }
        _;
    }

    /// @dev Returns the table: entry `d` hashes the node at `F_NODE` 15 - d times, with hash addresses d to 14, and writes
    /// the end of the chain to `end` (16 bytes, and 16 bytes of no meaning behind them).
    function _chainTable() internal pure returns (function(uint256) internal view[16] memory table) {
        table = [
            _chainFrom0,
            _chainFrom1,
            _chainFrom2,
            _chainFrom3,
            _chainFrom4,
            _chainFrom5,
            _chainFrom6,
            _chainFrom7,
            _chainFrom8,
            _chainFrom9,
            _chainFrom10,
            _chainFrom11,
            _chainFrom12,
            _chainFrom13,
            _chainFrom14,
            _chainFrom15
        ];
    }

    function _chainFrom0(uint256 end) private view f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 f13 f14(end) {}

    function _chainFrom1(uint256 end) private view f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 f13 f14(end) {}

    function _chainFrom2(uint256 end) private view f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 f13 f14(end) {}

    function _chainFrom3(uint256 end) private view f3 f4 f5 f6 f7 f8 f9 f10 f11 f12 f13 f14(end) {}

    function _chainFrom4(uint256 end) private view f4 f5 f6 f7 f8 f9 f10 f11 f12 f13 f14(end) {}

    function _chainFrom5(uint256 end) private view f5 f6 f7 f8 f9 f10 f11 f12 f13 f14(end) {}

    function _chainFrom6(uint256 end) private view f6 f7 f8 f9 f10 f11 f12 f13 f14(end) {}

    function _chainFrom7(uint256 end) private view f7 f8 f9 f10 f11 f12 f13 f14(end) {}

    function _chainFrom8(uint256 end) private view f8 f9 f10 f11 f12 f13 f14(end) {}

    function _chainFrom9(uint256 end) private view f9 f10 f11 f12 f13 f14(end) {}

    function _chainFrom10(uint256 end) private view f10 f11 f12 f13 f14(end) {}

    function _chainFrom11(uint256 end) private view f11 f12 f13 f14(end) {}

    function _chainFrom12(uint256 end) private view f12 f13 f14(end) {}

    function _chainFrom13(uint256 end) private view f13 f14(end) {}

    function _chainFrom14(uint256 end) private view f14(end) {}

    function _chainFrom15(uint256 end) private pure {
        assembly {
            mstore(end, mload(F_NODE))
        }
    }
}
