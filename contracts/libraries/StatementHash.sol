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

    /// @dev Returns the struct hash of an attestation.
    function ofAttestation(IAttestationBridge.Attestation calldata attestation) internal pure returns (bytes32) {
        return keccak256(abi.encode(ATTESTATION_TYPEHASH, attestation));
    }

    /// @dev Returns the struct hash of a receipt.
    function ofReceipt(uint64 epoch, bytes32 root) internal pure returns (bytes32) {
        return keccak256(abi.encode(RECEIPT_TYPEHASH, epoch, root));
    }
}
