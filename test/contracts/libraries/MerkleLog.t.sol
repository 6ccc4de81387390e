// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleLog} from "../../../contracts/libraries/MerkleLog.sol";
import {bounded, SolidityTest} from "../support/SolidityTest.sol";

/// @notice The log against the recursive definitions of RFC 9162 section 2.1 and the vectors of Certificate
/// Transparency.
contract MerkleLogTest is SolidityTest {
    using MerkleLog for MerkleLog.Frontier;

    uint256 private constant LARGEST = 70;

    MerkleLog.Frontier private _frontier;

    /// @notice Verifies through an external call, so that the proof is calldata.
    function includes(
        bytes32 leaf,
        uint64 index,
        uint64 size,
        bytes32 root,
        bytes32[] calldata proof
    ) external view returns (bool) {
        return MerkleLog.verifyInclusion(leaf, index, size, root, proof);
    }

    /// @notice Verifies through an external call, so that the proof is calldata.
    function continues(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) external view returns (bool) {
        return MerkleLog.verifyConsistency(oldSize, oldRoot, newSize, newRoot, proof);
    }

    function test_equalsTheVectorsOfCertificateTransparency() public {
        bytes[8] memory entries = [
            bytes(""),
            hex"00",
            hex"10",
            hex"2021",
            hex"3031",
            hex"40414243",
            hex"5051525354555657",
            hex"606162636465666768696a6b6c6d6e6f"
        ];
        bytes32[8] memory roots = [
            bytes32(0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d),
            0xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125,
            0xaeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77,
            0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7,
            0x4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4,
            0x76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef,
            0xddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c,
            0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
        ];
        _true(_frontier.rootOf(0) == sha256(""), "root of the empty log");
        for (uint256 i = 0; i < entries.length; ++i) {
            bytes32[] memory one = new bytes32[](1);
            one[0] = sha256(abi.encodePacked(bytes1(0), entries[i]));
            _frontier.append(uint64(i), one);
            _true(_frontier.rootOf(uint64(i + 1)) == roots[i], "root");
        }
    }

    function test_appendsBatchesAsOneByOne(uint256 seed) public {
        bytes32[] memory all = _leaves(LARGEST, seed);
        for (uint64 size = 0; size < LARGEST;) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint64 count = uint64(bounded(seed, size == 0 ? 1 : 0, LARGEST - size));
            _frontier.append(size, _part(all, size, size + count));
            size += count;
            _true(_frontier.rootOf(size) == _rootOf(all, 0, size), "root");
        }
    }

    function test_provesEveryEntry(uint8 sizeSeed, uint8 indexSeed, uint256 seed) public view {
        uint256 size = bounded(sizeSeed, 1, LARGEST);
        uint256 index = bounded(indexSeed, 0, size - 1);
        bytes32[] memory all = _leaves(size, seed);
        bytes32 root = _rootOf(all, 0, size);
        bytes32[] memory proof = _pathOf(all, index, 0, size);
        _true(this.includes(all[index], uint64(index), uint64(size), root, proof), "included");
        for (uint256 other = 0; other < size + 2; ++other) {
            bool same = other == index;
            _true(this.includes(all[index], uint64(other), uint64(size), root, proof) == same, "at no other index");
        }
        _true(!this.includes(all[index], uint64(index), uint64(size), ~root, proof), "another root");
        _true(!this.includes(~all[index], uint64(index), uint64(size), root, proof), "another leaf");
        _true(!this.includes(all[index], uint64(index), uint64(size), root, _longer(proof)), "longer proof");
        if (proof.length == 0) return;
        _true(!this.includes(all[index], uint64(index), uint64(size), root, _shorter(proof)), "shorter proof");
        proof[seed % proof.length] ^= bytes32(uint256(1));
        _true(!this.includes(all[index], uint64(index), uint64(size), root, proof), "another sibling");
    }

    function test_provesThatALogContinues(uint8 newSeed, uint8 oldSeed, uint256 seed) public view {
        uint256 newSize = bounded(newSeed, 1, LARGEST);
        uint256 oldSize = bounded(oldSeed, 1, newSize);
        bytes32[] memory all = _leaves(newSize, seed);
        bytes32 oldRoot = _rootOf(all, 0, oldSize);
        bytes32 newRoot = _rootOf(all, 0, newSize);
        bytes32[] memory proof = oldSize == newSize ? new bytes32[](0) : _subproof(all, oldSize, 0, newSize, true);
        (uint64 from, uint64 to) = (uint64(oldSize), uint64(newSize));
        _true(this.continues(from, oldRoot, to, newRoot, proof), "continues");
        _true(!this.continues(from, ~oldRoot, to, newRoot, proof), "another old root");
        _true(!this.continues(from, oldRoot, to, ~newRoot, proof), "another new root");
        _true(!this.continues(from, oldRoot, to, newRoot, _longer(proof)), "longer proof");
        if (from != to) _true(!this.continues(to, newRoot, from, oldRoot, proof), "shrinks");
        if (proof.length == 0) return;
        _true(!this.continues(from, oldRoot, to, newRoot, _shorter(proof)), "shorter proof");
        proof[seed % proof.length] ^= bytes32(uint256(1));
        _true(!this.continues(from, oldRoot, to, newRoot, proof), "another node");
    }

    function test_refusesAHistoryThatWasRewritten(
        uint8 newSeed,
        uint8 oldSeed,
        uint8 changed,
        uint256 seed
    ) public view {
        uint256 newSize = bounded(newSeed, 2, LARGEST);
        uint256 oldSize = bounded(oldSeed, 1, newSize - 1);
        bytes32[] memory all = _leaves(newSize, seed);
        bytes32 oldRoot = _rootOf(all, 0, oldSize);
        all[bounded(changed, 0, oldSize - 1)] ^= bytes32(uint256(1));
        bytes32[] memory proof = _subproof(all, oldSize, 0, newSize, true);
        bytes32 newRoot = _rootOf(all, 0, newSize);
        _true(!this.continues(uint64(oldSize), oldRoot, uint64(newSize), newRoot, proof), "rewritten");
    }

    function test_everyLogContinuesTheEmptyOne(bytes32 root, uint64 size) public view {
        bytes32[] memory none = new bytes32[](0);
        CHEATS.assume(size != 0 || root == MerkleLog.EMPTY_ROOT);
        _true(this.continues(0, MerkleLog.EMPTY_ROOT, size, root, none), "continues");
        _true(!this.continues(0, bytes32(0), size, root, none), "another root of the empty log");
        _true(!this.continues(0, MerkleLog.EMPTY_ROOT, size, root, new bytes32[](1)), "a proof of nothing");
    }

    function test_nothingIsInTheEmptyLog(bytes32 leaf, bytes32 root, uint64 index) public view {
        _true(!this.includes(leaf, index, 0, root, new bytes32[](0)), "not included");
    }

    function test_provesTheLastOfTheLargestLog(bytes32 leaf, bytes32 sibling) public view {
        bytes32[] memory proof = new bytes32[](64);
        bytes32 root = leaf;
        for (uint256 i = 0; i < 64; ++i) {
            proof[i] = sibling;
            root = _parent(sibling, root);
        }
        _true(!this.includes(leaf, type(uint64).max, type(uint64).max, root, proof), "beyond the last");
        proof = new bytes32[](63);
        root = leaf;
        uint256 last = type(uint64).max - 1;
        for (uint256 i = 0; i < 63; ++i) {
            proof[i] = sibling;
            // The last entry of 2^64 - 1 is promoted once, then has a left sibling at every level.
            root = _parent(sibling, root);
        }
        _true(this.includes(leaf, uint64(last), uint64(last + 1), root, proof), "last");
    }

    /// @dev MTH of RFC 9162 section 2.1.1 over leaf hashes.
    function _rootOf(bytes32[] memory leaves, uint256 from, uint256 to) private pure returns (bytes32) {
        if (from == to) return sha256("");
        if (to - from == 1) return leaves[from];
        uint256 middle = from + _split(to - from);
        return _parent(_rootOf(leaves, from, middle), _rootOf(leaves, middle, to));
    }

    /// @dev PATH of RFC 9162 section 2.1.3.1.
    function _pathOf(
        bytes32[] memory leaves,
        uint256 index,
        uint256 from,
        uint256 to
    ) private pure returns (bytes32[] memory) {
        if (to - from == 1) return new bytes32[](0);
        uint256 middle = from + _split(to - from);
        if (index < middle) return _push(_pathOf(leaves, index, from, middle), _rootOf(leaves, middle, to));
        return _push(_pathOf(leaves, index, middle, to), _rootOf(leaves, from, middle));
    }

    /// @dev SUBPROOF of RFC 9162 section 2.1.4.1; `until` is the end of the old log.
    function _subproof(
        bytes32[] memory leaves,
        uint256 until,
        uint256 from,
        uint256 to,
        bool complete
    ) private pure returns (bytes32[] memory) {
        if (until == to) {
            return complete ? new bytes32[](0) : _push(new bytes32[](0), _rootOf(leaves, from, to));
        }
        uint256 middle = from + _split(to - from);
        if (until <= middle) {
            return _push(_subproof(leaves, until, from, middle, complete), _rootOf(leaves, middle, to));
        }
        return _push(_subproof(leaves, until, middle, to, false), _rootOf(leaves, from, middle));
    }

    /// @dev The largest power of two below `count`.
    function _split(uint256 count) private pure returns (uint256 power) {
        power = 1;
        while (power * 2 < count) power *= 2;
    }

    function _parent(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x01), left, right));
    }

    function _leaves(uint256 count, uint256 seed) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) leaves[i] = keccak256(abi.encode(seed, i));
    }

    function _part(bytes32[] memory all, uint256 from, uint256 to) private pure returns (bytes32[] memory part) {
        part = new bytes32[](to - from);
        for (uint256 i = from; i < to; ++i) part[i - from] = all[i];
    }

    function _push(bytes32[] memory list, bytes32 last) private pure returns (bytes32[] memory longer) {
        longer = _longer(list);
        longer[list.length] = last;
    }

    function _longer(bytes32[] memory list) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) longer[i] = list[i];
    }

    function _shorter(bytes32[] memory list) private pure returns (bytes32[] memory) {
        return _part(list, 0, list.length - 1);
    }
}
