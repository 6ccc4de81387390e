// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "../interfaces/IAttestationBridge.sol";
import {EpochWords} from "./EpochWords.sol";

/// @notice Checks that more than two thirds of a committee signed a digest with ECDSA over secp256k1.
library CommitteeSignatures {
    using EpochWords for uint256;

    uint256 private constant MEMBER_BYTES = 20;
    uint256 private constant SIGNATURE_BYTES = 65;
    uint256 private constant NONE = type(uint256).max;
    /// @dev Address of the precompile that recovers the signer.
    uint256 private constant ECRECOVER = 1;
    /// @dev Half of the order of secp256k1, rounded down: a larger s has a twin and is refused.
    uint256 private constant MAX_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @dev Reverts unless the seats in `signers` are a quorum and each signature recovers to the member of its seat.
    /// @param members Addresses in seat order, 20 bytes each.
    /// @param signers Bit i is set when seat i signed.
    /// @param signatures 65 bytes (r ‖ s ‖ v) for each set bit, in ascending seat order.
    function requireQuorum(
        bytes32 digest,
        bytes memory members,
        uint256 signers,
        bytes calldata signatures
    ) internal view {
        uint256 seats;
        uint256 quorum;
        uint256 expected;
        uint256 given = signers.count();
        unchecked {
            // Seats are bounded by the length of a byte array and signers by the bits of a word.
            seats = members.length / MEMBER_BYTES;
            quorum = (2 * seats) / 3 + 1;
            expected = given * SIGNATURE_BYTES;
        }
        if (given < quorum || signers >> seats != 0)
            revert IAttestationBridge.AttestationBridge_NoQuorum(given, quorum);
        if (signatures.length != expected) {
            revert IAttestationBridge.AttestationBridge_SignatureLength(signatures.length, expected);
        }
        uint256 failed = _firstInvalidSeat(digest, members, signers, signatures);
        if (failed != NONE) {
            revert IAttestationBridge.AttestationBridge_InvalidSignature(failed, memberAt(members, failed));
        }
    }

    /// @dev Returns the address of a seat.
    function memberAt(bytes memory members, uint256 seat) internal pure returns (address member) {
        assembly ("memory-safe") {
            member := shr(96, mload(add(add(members, 32), mul(seat, MEMBER_BYTES))))
        }
    }

    /// @dev Returns the first set seat whose signature does not recover to its member, or NONE. There must be as many
    /// signatures as set seats. In assembly, because a loop in Solidity costs an eighth of each recovery.
    function _firstInvalidSeat(
        bytes32 digest,
        bytes memory members,
        uint256 signers,
        bytes calldata signatures
    ) private view returns (uint256 failed) {
        failed = NONE;
        assembly ("memory-safe") {
            // Input of the precompile in free memory: digest, v, r, s.
            let input := mload(0x40)
            mstore(input, digest)
            let signature := signatures.offset
            let member := add(members, 32)
            for {
                let seat := 0
            } signers {
                seat := add(seat, 1)
                signers := shr(1, signers)
                member := add(member, MEMBER_BYTES)
            } {
                if iszero(and(signers, 1)) {
                    continue
                }
                mstore(add(input, 0x20), byte(0, calldataload(add(signature, 64))))
                calldatacopy(add(input, 0x40), signature, 64)
                // A recovery that fails returns no bytes and leaves the word at 0 as it is, which is no address.
                mstore(0, not(0))
                pop(staticcall(gas(), ECRECOVER, input, 0x80, 0, 0x20))
                if or(xor(mload(0), shr(96, mload(member))), gt(mload(add(input, 0x60)), MAX_S)) {
                    failed := seat
                    break
                }
                signature := add(signature, SIGNATURE_BYTES)
            }
        }
    }
}
