// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "../interfaces/IAttestationBridge.sol";

/// @notice EIP-712 struct hashes of attestations and receipts; `contracts/protocol/eip712.ts` equals it.
library StatementHash {
    bytes32 internal constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(uint32 nodeIndex,uint64 epoch,uint64 sequence,bytes32 beacon,bytes32 measurement,"
        "bytes32 previous,uint96 shares,uint16 cpuLoadBp,uint16 memoryUsedBp,uint16 storageUsedBp,"
        "uint32 heartbeats,uint32 latencyMicros,uint64 space,uint128 stake,uint64 work,uint64 time)"
    );
    bytes32 internal constant RECEIPT_TYPEHASH = keccak256("Receipt(uint64 epoch,bytes32 root)");

    /// @dev Bytes of an attestation's 16 words.
    uint256 private constant ATTESTATION_BYTES = 0x200;

    /// @dev Returns the struct hash of an attestation. Reverts, as reading it would, when a field does not fit its type. In
    /// assembly because a run of a hundred attestations is hashed in one transaction, and the encoder takes 2,000 gas for
    /// each.
    function ofAttestation(IAttestationBridge.Attestation calldata attestation) internal pure returns (bytes32 hash) {
        bytes32 typeHash = ATTESTATION_TYPEHASH;
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, typeHash)
            let fields := add(words, 0x20)
            calldatacopy(fields, attestation, ATTESTATION_BYTES)
            // nodeIndex, heartbeats, latencyMicros
            let excess := shr(32, or(mload(fields), or(mload(add(fields, 0x140)), mload(add(fields, 0x160)))))
            // cpuLoadBp, memoryUsedBp, storageUsedBp
            let loads := or(mload(add(fields, 0xe0)), or(mload(add(fields, 0x100)), mload(add(fields, 0x120))))
            excess := or(excess, shr(16, loads))
            // epoch, sequence, space, work, time
            let counts := or(mload(add(fields, 0x20)), or(mload(add(fields, 0x40)), mload(add(fields, 0x180))))
            counts := or(counts, or(mload(add(fields, 0x1c0)), mload(add(fields, 0x1e0))))
            excess := or(excess, shr(64, counts))
            // shares, stake
            excess := or(excess, or(shr(96, mload(add(fields, 0xc0))), shr(128, mload(add(fields, 0x1a0)))))
            if excess {
                revert(0, 0)
            }
            hash := keccak256(words, add(ATTESTATION_BYTES, 0x20))
        }
    }

    /// @dev Returns the struct hash of a receipt.
    function ofReceipt(uint64 epoch, bytes32 root) internal pure returns (bytes32) {
        return keccak256(abi.encode(RECEIPT_TYPEHASH, epoch, root));
    }
}
