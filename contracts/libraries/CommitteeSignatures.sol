// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "../interfaces/IAttestationBridge.sol";
import {EpochWords} from "./EpochWords.sol";

/// @notice Checks that more than two thirds of a committee signed a digest with ECDSA over secp256k1.
library CommitteeSignatures {
    using EpochWords for uint256;

    uint256 private constant MEMBER_BYTES = 20;
    uint256 private constant SIGNATURE_BYTES = 65;
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
    ) internal pure {
        uint256 seats = members.length / MEMBER_BYTES;
        uint256 given = signers.count();
        uint256 quorum = (2 * seats) / 3 + 1;
        if (given < quorum || signers >> seats != 0)
            revert IAttestationBridge.AttestationBridge_NoQuorum(given, quorum);
        if (signatures.length != given * SIGNATURE_BYTES) {
            revert IAttestationBridge.AttestationBridge_SignatureLength(signatures.length, given * SIGNATURE_BYTES);
        }
        uint256 position = 0;
        for (uint256 seat = 0; seat < seats; ++seat) {
            if ((signers >> seat) & 1 == 0) continue;
            address member = memberAt(members, seat);
            if (!isSignedBy(member, digest, signatures[position:position + SIGNATURE_BYTES])) {
                revert IAttestationBridge.AttestationBridge_InvalidSignature(seat, member);
            }
            position += SIGNATURE_BYTES;
        }
    }

    /// @dev Returns the address of a seat.
    function memberAt(bytes memory members, uint256 seat) internal pure returns (address member) {
        assembly ("memory-safe") {
            member := shr(96, mload(add(add(members, 32), mul(seat, MEMBER_BYTES))))
        }
    }

    /// @dev Returns true when a 65-byte signature with a low s recovers to `member`.
    function isSignedBy(address member, bytes32 digest, bytes calldata signature) internal pure returns (bool) {
        bytes32 r = bytes32(signature[0:32]);
        bytes32 s = bytes32(signature[32:64]);
        if (uint256(s) > MAX_S) return false;
        address signer = ecrecover(digest, uint8(signature[64]), r, s);
        return signer != address(0) && signer == member;
    }
}
