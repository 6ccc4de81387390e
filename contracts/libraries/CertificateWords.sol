// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificates} from "../interfaces/ICertificates.sol";

/// @notice A certificate but its hash as one word, so that it is read and written at once. A word of a certificate is
/// never 0.
/// @dev From the lowest bit: authorityId 32, kind 8, holdLevel 8, reason 8, issuedAt 40, notBefore 40, notAfter 40,
/// revokedAt 40, subject 32.
library CertificateWords {
    uint256 private constant KIND_BIT = 32;
    uint256 private constant HOLD_LEVEL_BIT = 40;
    uint256 private constant REASON_BIT = 48;
    uint256 private constant ISSUED_AT_BIT = 56;
    uint256 private constant NOT_BEFORE_BIT = 96;
    uint256 private constant NOT_AFTER_BIT = 136;
    uint256 private constant REVOKED_AT_BIT = 176;
    uint256 private constant SUBJECT_BIT = 216;

    /// @notice Returns the word of a certificate that is issued now.
    function issued(uint32 authorityId, ICertificates.Issuance memory issuance) internal view returns (uint256 word) {
        word = uint256(authorityId) | (uint256(issuance.kind) << KIND_BIT) | (block.timestamp << ISSUED_AT_BIT);
        word |= (uint256(issuance.notBefore) << NOT_BEFORE_BIT) | (uint256(issuance.notAfter) << NOT_AFTER_BIT);
        word |= issuance.subject << SUBJECT_BIT;
    }

    /// @notice Returns the word of a certificate that is revoked from a date on, which replaces the date and reason it
    /// had.
    function revoked(uint256 word, uint8 reason, uint40 revokedAt) internal pure returns (uint256) {
        uint256 cleared =
            word & ~((uint256(type(uint40).max) << REVOKED_AT_BIT) | (uint256(type(uint8).max) << REASON_BIT));
        return cleared | (uint256(reason) << REASON_BIT) | (uint256(revokedAt) << REVOKED_AT_BIT);
    }

    /// @notice Returns the word of a certificate that is on hold for who stands at a level, or on no hold at level 0.
    function withHold(uint256 word, uint8 level) internal pure returns (uint256) {
        return (word & ~(uint256(type(uint8).max) << HOLD_LEVEL_BIT)) | (uint256(level) << HOLD_LEVEL_BIT);
    }

    /// @notice Returns the authority that issued a certificate.
    function authorityIdOf(uint256 word) internal pure returns (uint32) {
        return uint32(word);
    }

    /// @notice Returns what a certificate certifies.
    function kindOf(uint256 word) internal pure returns (ICertificates.Kind) {
        return ICertificates.Kind(uint8(word >> KIND_BIT));
    }

    /// @notice Returns the level of who put a certificate on hold: 1 for the timelock, 1 + depth for an authority's
    /// account; 0 when it is not on hold.
    function holdLevelOf(uint256 word) internal pure returns (uint8) {
        return uint8(word >> HOLD_LEVEL_BIT);
    }

    /// @notice Returns the reason of a revocation.
    function reasonOf(uint256 word) internal pure returns (uint8) {
        return uint8(word >> REASON_BIT);
    }

    /// @notice Returns when a certificate was recorded, Unix seconds.
    function issuedAtOf(uint256 word) internal pure returns (uint40) {
        return uint40(word >> ISSUED_AT_BIT);
    }

    /// @notice Returns the first moment of a certificate, Unix seconds.
    function notBeforeOf(uint256 word) internal pure returns (uint40) {
        return uint40(word >> NOT_BEFORE_BIT);
    }

    /// @notice Returns the last moment of a certificate, Unix seconds.
    function notAfterOf(uint256 word) internal pure returns (uint40) {
        return uint40(word >> NOT_AFTER_BIT);
    }

    /// @notice Returns from when on a certificate is revoked, Unix seconds; 0 when it is not.
    function revokedAtOf(uint256 word) internal pure returns (uint40) {
        return uint40(word >> REVOKED_AT_BIT);
    }

    /// @notice Returns the low 32 bits of the subject; all of an operator's or a node's.
    function subjectOf(uint256 word) internal pure returns (uint32) {
        return uint32(word >> SUBJECT_BIT);
    }
}
