// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A node's record in {NodeRegistry} as one word, so that a bar reads and writes it once.
/// @dev From the lowest bit, as Solidity lays the record out: identityId 32, exited 8, eligible 8, barred 8, rotations
/// 32, activeFrom 64, activeUntil 64, decidedBy 40.
library NodeWords {
    uint256 private constant EXITED_BIT = 32;
    uint256 private constant ELIGIBLE_BIT = 40;
    uint256 private constant BARRED_BIT = 48;
    uint256 private constant ACTIVE_UNTIL_BIT = 152;
    uint256 private constant DECIDED_BY_BIT = 216;

    /// @notice Returns the operator of a node, 0 when there is no such node.
    function identityOf(uint256 word) internal pure returns (uint32) {
        return uint32(word);
    }

    /// @notice Tells whether a node's stake suffices.
    function isEligible(uint256 word) internal pure returns (bool) {
        return (word >> ELIGIBLE_BIT) & 1 == 1;
    }

    /// @notice Tells whether a node is barred.
    function isBarred(uint256 word) internal pure returns (bool) {
        return (word >> BARRED_BIT) & 1 == 1;
    }

    /// @notice Tells whether a certificate that was issued at a time can bar a node or lift its bar: the node has not
    /// exited, and none that was issued later did.
    function canBeDecidedBy(uint256 word, uint40 issuedAt) internal pure returns (bool) {
        return issuedAt >= word >> DECIDED_BY_BIT && (word >> EXITED_BIT) & 1 == 0;
    }

    /// @notice Returns the word of a node for which a certificate decided that was issued at a time.
    function decided(uint256 word, uint40 issuedAt) internal pure returns (uint256) {
        return (word & ((1 << DECIDED_BY_BIT) - 1)) | (uint256(issuedAt) << DECIDED_BY_BIT);
    }

    /// @notice Returns the word of a node that is barred when it was not, and the other way round.
    function barToggled(uint256 word) internal pure returns (uint256) {
        return word ^ (1 << BARRED_BIT);
    }

    /// @notice Returns the word of a node whose newest active interval ends at an epoch.
    function closed(uint256 word, uint64 untilEpoch) internal pure returns (uint256) {
        return (word & ~(uint256(type(uint64).max) << ACTIVE_UNTIL_BIT)) | (uint256(untilEpoch) << ACTIVE_UNTIL_BIT);
    }
}
