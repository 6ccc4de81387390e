// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISelfAttestation} from "../interfaces/ISelfAttestation.sol";
import {StatementHash} from "./StatementHash.sol";

/// @notice Attestations of one node without gaps in sequence, packed: what follows from the run or from the attestation
/// before is left out, and beacon and build are named by their places in lists.
/// @dev 76 bytes each, big-endian: epoch (8), place of the beacon's source (1), place of the build (1), shares (12), cpuLoadBp,
/// memoryUsedBp and storageUsedBp (2 each), heartbeats (4), latencyMicros (4), space (8), stake (16), work (8), time (8). Every
/// field has exactly the width of its type. `contracts/protocol/provenance-run.ts` packs. The loops are in assembly because a
/// run has a hundred attestations, which Solidity would read and encode for some 4,000 gas each.
library ProvenanceRun {
    /// @notice What is known about each attestation of a run, and about each source.
    /// @param usableFrom First epoch in which the beacon of a source may be used, or more than 64 bits.
    struct Columns {
        uint64[] epochs;
        bytes32[] committed;
        bytes32[] digests;
        uint256[] usableFrom;
    }

    /// @notice What was read for an earlier epoch of a run and mostly holds for the next one: the node was active in
    /// `activeEpochs` epochs from `activeFrom` on, and a build allowed until an epoch.
    struct Known {
        uint256 activeFrom;
        uint256 activeEpochs;
        uint256 build;
        uint256 allowedUntil;
    }

    /// @dev Bytes of one packed attestation.
    uint256 internal constant PACKED_BYTES = 76;
    /// @dev Epochs in which a beacon may be used after its own.
    uint256 internal constant BEACON_WINDOW = 8;

    /// @dev Returns the word that attestation number `i` begins with. There must be so many.
    function headOf(bytes calldata packed, uint256 i) internal pure returns (uint256 head) {
        assembly ("memory-safe") {
            head := calldataload(add(packed.offset, mul(i, PACKED_BYTES)))
        }
    }

    /// @dev Returns the epoch of an attestation that begins with `head`.
    function epochOf(uint256 head) internal pure returns (uint64) {
        return uint64(head >> 192);
    }

    /// @dev Returns the place of the source of its beacon.
    function sourceOf(uint256 head) internal pure returns (uint256) {
        return (head >> 184) & 0xff;
    }

    /// @dev Returns the place of its build.
    function buildOf(uint256 head) internal pure returns (uint256) {
        return (head >> 176) & 0xff;
    }

    /// @dev Returns the epochs of a run. Reverts unless they ascend and every attestation names a source and a build of the run.
    function epochsOf(ISelfAttestation.Run calldata run) internal pure returns (uint64[] memory epochs) {
        bytes calldata packed = run.chain;
        (uint256 sources, uint256 builds) = (run.sources.length, run.builds.length);
        uint256 count = packed.length / PACKED_BYTES;
        uint256 sound = 0;
        epochs = new uint64[](count);
        assembly ("memory-safe") {
            let next := 0
            let from := packed.offset
            for {} lt(sound, count) {
                sound := add(sound, 1)
            } {
                let head := calldataload(from)
                let epoch := shr(192, head)
                let isThere := and(lt(byte(8, head), sources), lt(byte(9, head), builds))
                if or(iszero(isThere), lt(epoch, next)) {
                    break
                }
                next := add(epoch, 1)
                mstore(add(epochs, shl(5, add(sound, 1))), epoch)
                from := add(from, PACKED_BYTES)
            }
        }
        if (sound != count) revert ISelfAttestation.SelfAttestation_BrokenChain(sound);
    }

    /// @dev Returns the EIP-712 digests of a run, of which {epochsOf} must have checked the places.
    function digestsOf(
        ISelfAttestation.Run calldata run,
        bytes32 domain
    ) internal pure returns (bytes32[] memory digests) {
        digests = new bytes32[](run.chain.length / PACKED_BYTES);
        uint256 words = _start(run, domain);
        bytes calldata packed = run.chain;
        bytes32[] calldata builds = run.builds;
        ISelfAttestation.Source[] calldata sources = run.sources;
        assembly ("memory-safe") {
            let to := add(digests, 32)
            for {
                let from := packed.offset
            } lt(from, add(packed.offset, packed.length)) {
                from := add(from, PACKED_BYTES)
            } {
                let packedWord := calldataload(from)
                mstore(add(words, 0x40), shr(192, packedWord)) // epoch
                // beacon: the second word of the source
                mstore(add(words, 0x80), calldataload(add(add(sources.offset, 32), shl(7, byte(8, packedWord)))))
                mstore(add(words, 0xa0), calldataload(add(builds.offset, shl(5, byte(9, packedWord))))) // measurement
                mstore(add(words, 0xe0), and(shr(80, packedWord), 0xffffffffffffffffffffffff)) // shares
                mstore(add(words, 0x100), and(shr(64, packedWord), 0xffff)) // cpuLoadBp
                mstore(add(words, 0x120), and(shr(48, packedWord), 0xffff)) // memoryUsedBp
                mstore(add(words, 0x140), and(shr(32, packedWord), 0xffff)) // storageUsedBp
                mstore(add(words, 0x160), and(packedWord, 0xffffffff)) // heartbeats
                packedWord := calldataload(add(from, 32))
                mstore(add(words, 0x180), shr(224, packedWord)) // latencyMicros
                mstore(add(words, 0x1a0), and(shr(160, packedWord), 0xffffffffffffffff)) // space
                packedWord := calldataload(add(from, 44))
                mstore(add(words, 0x1c0), shr(128, packedWord)) // stake
                mstore(add(words, 0x1e0), and(shr(64, packedWord), 0xffffffffffffffff)) // work
                mstore(add(words, 0x200), and(packedWord, 0xffffffffffffffff)) // time
                mstore(add(words, 0x242), keccak256(words, 0x220))
                let digest := keccak256(add(words, 0x220), 66)
                mstore(to, digest)
                to := add(to, 32)
                mstore(add(words, 0x60), add(mload(add(words, 0x60)), 1)) // sequence of the next one
                mstore(add(words, 0xc0), digest) // previous of the next one
            }
        }
    }

    /// @dev Keeps the epochs of attestations from number `i` on that were committed and are valid by what is known, and returns
    /// the number of the first one about which that does not say enough. Kept epochs are written to the front of the column.
    function skipPlain(
        bytes calldata packed,
        Columns memory columns,
        Known memory known,
        uint256 i,
        uint256 kept
    ) internal pure returns (uint256, uint256) {
        assembly ("memory-safe") {
            let epochs := mload(columns)
            let place := shl(5, add(i, 1))
            let end := shl(5, add(mload(epochs), 1))
            let from := add(packed.offset, mul(i, PACKED_BYTES))
            let digests := mload(add(columns, 0x40))
            let usable := add(mload(add(columns, 0x60)), 0x20)
            columns := mload(add(columns, 0x20))
            for {} lt(place, end) {
                place := add(place, 0x20)
                from := add(from, PACKED_BYTES)
            } {
                let head := calldataload(from)
                let epoch := shr(192, head)
                let isPlain := eq(mload(add(columns, place)), mload(add(digests, place)))
                isPlain := and(isPlain, lt(sub(epoch, mload(add(usable, shl(5, byte(8, head))))), BEACON_WINDOW))
                isPlain := and(isPlain, lt(sub(epoch, mload(known)), mload(add(known, 0x20))))
                isPlain := and(isPlain, eq(byte(9, head), mload(add(known, 0x40))))
                isPlain := and(isPlain, lt(epoch, mload(add(known, 0x60))))
                if iszero(isPlain) {
                    break
                }
                kept := add(kept, 1)
                mstore(add(epochs, shl(5, kept)), epoch)
            }
            i := sub(shr(5, place), 1)
        }
        return (i, kept);
    }

    /// @dev Returns the bits of the epochs from number `i` on that lie in a word of 256 epochs, and the number of the first one
    /// that does not.
    function bitsOfWord(
        uint64[] memory epochs,
        uint256 i,
        uint256 word
    ) internal pure returns (uint256 bits, uint256 next) {
        assembly ("memory-safe") {
            let from := add(epochs, shl(5, add(i, 1)))
            let end := add(epochs, shl(5, add(mload(epochs), 1)))
            for {} lt(from, end) {
                from := add(from, 0x20)
            } {
                let epoch := mload(from)
                if xor(shr(8, epoch), word) {
                    break
                }
                bits := or(bits, shl(and(epoch, 255), 1))
            }
            next := sub(shr(5, sub(from, epochs)), 1)
        }
    }

    /// @dev Returns the epochs of sources.
    function epochsOf(ISelfAttestation.Source[] calldata sources) internal pure returns (uint64[] memory epochs) {
        epochs = new uint64[](sources.length);
        assembly ("memory-safe") {
            let excess := 0
            for {
                let i := 0
            } lt(i, sources.length) {
                i := add(i, 1)
            } {
                let epoch := calldataload(add(sources.offset, shl(7, i)))
                excess := or(excess, shr(64, epoch))
                mstore(add(epochs, shl(5, add(i, 1))), epoch)
            }
            if excess {
                revert(0, 0)
            }
        }
    }

    /// @dev Returns for each source the epoch after its own, when `commitments` has what {ReportData.commitmentOf} makes of it,
    /// else 0; with `flag` where its beacon is `flagged`. `known` counts those that are not 0.
    function firstEpochsOf(
        ISelfAttestation.Source[] calldata sources,
        bytes32[] memory commitments,
        bytes32 flagged,
        uint256 flag
    ) internal pure returns (uint256[] memory firstEpochs, uint256 known) {
        firstEpochs = new uint256[](sources.length);
        assembly ("memory-safe") {
            let words := mload(0x40)
            for {
                let i := 0
            } lt(i, sources.length) {
                i := add(i, 1)
            } {
                let source := add(sources.offset, shl(7, i))
                let place := shl(5, add(i, 1))
                let beacon := calldataload(add(source, 0x20))
                // digest, signers, beacon: the third, fourth and second word of the source
                calldatacopy(words, add(source, 0x40), 0x40)
                mstore(add(words, 0x40), beacon)
                let isAccepted := eq(keccak256(words, 0x60), mload(add(commitments, place)))
                known := add(known, isAccepted)
                let first := mul(isAccepted, add(calldataload(source), 1))
                mstore(add(firstEpochs, place), or(first, mul(flag, eq(beacon, flagged))))
            }
        }
    }

    /// @dev Writes what the attestations of a run have in common to new memory: the 17 words of a struct before its
    /// hash, and the 66 bytes of EIP-712, 0x1901 ‖ domain separator ‖ struct hash.
    function _start(ISelfAttestation.Run calldata run, bytes32 domain) private pure returns (uint256 words) {
        bytes32 typeHash = StatementHash.ATTESTATION_TYPEHASH;
        (uint256 node, uint256 sequence, bytes32 previous) = (run.nodeIndex, run.sequence, run.previous);
        assembly ("memory-safe") {
            words := mload(0x40)
            mstore(words, typeHash)
            mstore(add(words, 0x20), node)
            mstore(add(words, 0x60), sequence)
            mstore(add(words, 0xc0), previous)
            mstore(add(words, 0x220), shl(240, 0x1901))
            mstore(add(words, 0x222), domain)
            mstore(0x40, add(words, 0x280))
        }
    }
}
