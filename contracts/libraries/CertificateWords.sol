// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificates} from "../interfaces/ICertificates.sol";

/// @notice A certificate's record as one word, so that it is read and written at once. A word of a certificate is never 0.
/// @dev From the lowest bit: issuer 32, kind 8, holdLevel 8, reason 8, issuedAt 40, notBefore 40, notAfter 40, revokedAt 40, subject 32.
library CertificateWords {
    /// @notice A certificate but its hash.
    /// @param holdLevel Level of who put it on hold: 1 for the timelock, 1 + depth for an authority's account; 0 when not on hold.
    /// @param subject Low 32 bits of the subject; all of an operator's or a node's.
    struct Record {
        uint32 authorityId;
        ICertificates.Kind kind;
        uint8 holdLevel;
        uint8 reason;
        uint40 issuedAt;
        uint40 notBefore;
        uint40 notAfter;
        uint40 revokedAt;
        uint32 subject;
    }

    uint256 private constant SUBJECT_BIT = 216;

    /// @notice Returns the word of a certificate that is issued now.
    function issued(uint32 authorityId, ICertificates.Issuance memory issuance) internal view returns (uint256 word) {
        word = uint256(authorityId) | (uint256(issuance.kind) << 32) | (block.timestamp << 56);
        word |= (uint256(issuance.notBefore) << 96) | (uint256(issuance.notAfter) << 136);
        word |= uint256(uint32(issuance.subject)) << SUBJECT_BIT;
    }

    /// @notice Returns the word of a record.
    function pack(Record memory record) internal pure returns (uint256 word) {
        word = uint256(record.authorityId) | (uint256(record.kind) << 32) | (uint256(record.reason) << 48);
        word |=
            (uint256(record.holdLevel) << 40) |
            (uint256(record.issuedAt) << 56) |
            (uint256(record.notBefore) << 96) |
            (uint256(record.notAfter) << 136);
        word |= (uint256(record.revokedAt) << 176) | (uint256(record.subject) << SUBJECT_BIT);
    }

    /// @notice Returns the record of a word.
    function unpack(uint256 word) internal pure returns (Record memory record) {
        record.authorityId = uint32(word);
        record.kind = ICertificates.Kind(uint8(word >> 32));
        record.holdLevel = uint8(word >> 40);
        record.reason = uint8(word >> 48);
        record.issuedAt = uint40(word >> 56);
        record.notBefore = uint40(word >> 96);
        record.notAfter = uint40(word >> 136);
        record.revokedAt = uint40(word >> 176);
        record.subject = subjectOf(word);
    }

    /// @notice Returns the subject of a word.
    function subjectOf(uint256 word) internal pure returns (uint32) {
        return uint32(word >> SUBJECT_BIT);
    }
}
