// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WOTSChains} from "./WOTSChains.sol";

/// @title SLH-DSA-SHA2-128s
/// @notice FIPS 205 verification for the parameter set SLH-DSA-SHA2-128s: n = 16, h = 63, d = 7, h' = 9, a = 12, k = 14,
/// w = 16, len = 35, m = 30.
/// @dev Names follow the standard. Addresses are kept compressed (FIPS 205 section 11.2, 22 bytes) as integers:
/// layer 2^168, tree 2^104, type 2^96, key pair 2^64, chain or tree height 2^32, hash or tree index 2^0.
///
/// Once the digest is known, Solidity's heap is not used any more and the assembly owns memory from 0x80 on:
/// - 0x80: input of F and H, PK.seed ‖ toByte(0, 48) ‖ ADRSc ‖ left node ‖ right node (F takes the left one alone)
/// - 0x120: input of T_k and T_len, PK.seed ‖ toByte(0, 48) ‖ ADRSc ‖ up to 35 nodes
///
/// An `MSTORE` at the input + 54 writes ADRSc right-aligned, its ten zero bytes fall on the padding. A hash is written
/// as 32 bytes where 16 belong, always before the neighbour on its right is.
abstract contract SLHDSASHA2128s is WOTSChains {
    uint256 internal constant SIGNATURE_LENGTH = 7856;

    uint256 private constant H_ADDRESS = 0xb6;
    uint256 private constant H_LENGTH = 118;
    /// @dev Address of the left node plus address of the right node, so that a sibling is at the sum minus a node.
    uint256 private constant H_NODES_SUM = 0x1bc;
    uint256 private constant T_INPUT = 0x120;
    uint256 private constant T_ADDRESS = 0x156;
    uint256 private constant T_NODES = 0x176;
    uint256 private constant T_NODES_END = 0x3a6;
    uint256 private constant T_K_LENGTH = 310;
    uint256 private constant T_LEN_LENGTH = 646;
    uint256 private constant HEAP = 0x3c0;

    uint256 private constant NEXT_HEIGHT = 1 << 32;
    uint256 private constant NEXT_CHAIN = 1 << 32;
    uint256 private constant WOTS_PK = 1 << 96;
    uint256 private constant TREE = 2 << 96;
    uint256 private constant FORS_TREE = 3 << 96;
    uint256 private constant FORS_ROOTS = 4 << 96;

    /// @dev FIPS 205 Algorithm 20, slh_verify_internal. `message` is M', the prefixed message.
    function _verifyInternal(
        bytes32 publicKey,
        bytes memory message,
        bytes calldata signature
    ) internal view returns (bool) {
        if (signature.length != SIGNATURE_LENGTH) return false;
        bytes16 r = bytes16(signature[:16]);
        uint256 digest = uint256(_hashMessage(r, publicKey, message));
        uint256 tree = (digest >> 32) & (2 ** 54 - 1);
        uint256 leaf = (digest >> 16) & (2 ** 9 - 1);
        uint256 cursor;
        assembly {
            cursor := add(signature.offset, 16)
        }
        _seedInputs(publicKey);
        bytes16 node;
        (node, cursor) = _forsPublicKeyFromSignature(cursor, digest, (tree << 104) | (leaf << 64));
        return _hypertreeRoot(node, cursor, tree, leaf) == bytes16(publicKey << 128);
    }

    /// @dev H_msg, FIPS 205 section 11.2.1: MGF1-SHA-256 needs one block for m = 30 bytes.
    function _hashMessage(bytes16 r, bytes32 publicKey, bytes memory message) private pure returns (bytes32) {
        bytes32 inner = sha256(abi.encodePacked(r, publicKey, message));
        return sha256(abi.encodePacked(r, bytes16(publicKey), inner, uint32(0)));
    }

    /// @dev Writes PK.seed ‖ toByte(0, 48) at the head of both hash inputs and moves the heap behind them.
    function _seedInputs(bytes32 publicKey) private pure {
        assembly {
            let seed := shl(128, shr(128, publicKey))
            mstore(F_INPUT, seed)
            mstore(add(F_INPUT, 32), 0)
            mstore(T_INPUT, seed)
            mstore(add(T_INPUT, 32), 0)
            mstore(0x40, HEAP)
        }
    }

    /// @dev FIPS 205 Algorithm 17, fors_pkFromSig. The message digest is the first 168 bits of `digest`, 14 indices of
    /// 12 bits. `base` holds layer, tree and key pair of the address.
    function _forsPublicKeyFromSignature(
        uint256 cursor,
        uint256 digest,
        uint256 base
    ) private view returns (bytes16 root, uint256 end) {
        uint256 adrs = base | FORS_TREE;
        uint256 to = T_NODES;
        unchecked {
            for (uint256 offset = 0; offset < 14 << 12; offset += 1 << 12) {
                uint256 index;
                assembly {
                    index := or(offset, shr(244, digest))
                    digest := shl(12, digest)
                    mstore(H_ADDRESS, or(adrs, index))
                    mstore(F_NODE, calldataload(cursor))
                    pop(staticcall(gas(), 2, F_INPUT, F_LENGTH, add(F_NODE, shl(4, and(index, 1))), 32))
                    cursor := add(cursor, 16)
                }
                (bytes16 node, uint256 next) = _climb(cursor, 12, adrs, index);
                assembly {
                    mstore(to, node)
                    to := add(to, 16)
                    cursor := next
                }
            }
        }
        assembly {
            mstore(T_ADDRESS, or(base, FORS_ROOTS))
            pop(staticcall(gas(), 2, T_INPUT, T_K_LENGTH, 0, 32))
            root := mload(0)
        }
        return (root, cursor);
    }

    /// @dev FIPS 205 Algorithm 13, ht_verify, up to the comparison with PK.root.
    function _hypertreeRoot(bytes16 node, uint256 cursor, uint256 tree, uint256 leaf) private view returns (bytes16) {
        function(uint256) internal view[16] memory chains = _chainTable();
        unchecked {
            for (uint256 layer = 0; layer < 7 << 168; layer += 1 << 168) {
                uint256 adrs = layer | (tree << 104);
                cursor = _hashChains(node, cursor, adrs | (leaf << 64), chains);
                assembly {
                    mstore(T_ADDRESS, or(or(adrs, WOTS_PK), shl(64, leaf)))
                    pop(staticcall(gas(), 2, T_INPUT, T_LEN_LENGTH, add(F_NODE, shl(4, and(leaf, 1))), 32))
                }
                (node, cursor) = _climb(cursor, 9, adrs | TREE, leaf);
                leaf = tree & (2 ** 9 - 1);
                tree >>= 9;
            }
        }
        return node;
    }

    /// @dev FIPS 205 Algorithm 8, wots_pkFromSig, up to T_len: ends of the 35 chains of `message` go to `T_NODES`.
    function _hashChains(
        bytes16 message,
        uint256 cursor,
        uint256 adrs,
        function(uint256) internal view[16] memory chains
    ) private view returns (uint256 end) {
        uint256 digits = _digits(message);
        uint256 to = T_NODES;
        do {
            function(uint256) internal view hashChain;
            assembly {
                mstore(H_ADDRESS, adrs)
                mstore(F_NODE, calldataload(cursor))
                hashChain := mload(add(chains, shl(5, shr(252, digits))))
                digits := shl(4, digits)
                adrs := add(adrs, NEXT_CHAIN)
                cursor := add(cursor, 16)
            }
            hashChain(to);
            assembly {
                to := add(to, 16)
            }
        } while (to < T_NODES_END);
        return cursor;
    }

    /// @dev FIPS 205 Algorithm 8, steps 1 to 7: the 32 digits of `message` and the three of its checksum, highest first.
    /// The checksum, the sum of 15 - digit, is 480 less the sum of the digits; that sum is at most 480 and thus smaller
    /// than the modulus 2^16 - 1, modulo which a number equals the sum of its 16-bit words.
    function _digits(bytes16 message) private pure returns (uint256) {
        uint256 m = uint256(uint128(message));
        uint256 sums = (m & 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f) + ((m >> 4) & 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f);
        sums = (sums & 0x00ff00ff00ff00ff00ff00ff00ff00ff) + ((sums >> 8) & 0x00ff00ff00ff00ff00ff00ff00ff00ff);
        unchecked {
            return (m << 128) | ((480 - (sums % 0xffff)) << 116);
        }
    }

    /// @dev The loop of FIPS 205 Algorithms 11 and 17: from a node, at the place in the input of H that the lowest bit
    /// of `index` gives it, up `height` levels of the tree by the authentication path at `cursor`.
    function _climb(
        uint256 cursor,
        uint256 height,
        uint256 adrs,
        uint256 index
    ) private view returns (bytes16 root, uint256 end) {
        assembly {
            end := add(cursor, shl(4, height))
            let at := add(F_NODE, shl(4, and(index, 1)))
            for {} lt(cursor, end) {
                cursor := add(cursor, 16)
            } {
                calldatacopy(sub(H_NODES_SUM, at), cursor, 16)
                index := shr(1, index)
                adrs := add(adrs, NEXT_HEIGHT)
                mstore(H_ADDRESS, or(adrs, index))
                at := add(F_NODE, shl(4, and(index, 1)))
                pop(staticcall(gas(), 2, F_INPUT, H_LENGTH, at, 32))
            }
            root := mload(at)
        }
    }
}
