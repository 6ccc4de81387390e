// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {AcceptedReports} from "./AcceptedReports.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IEvidence} from "./interfaces/IEvidence.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {IMLDSASwitch} from "./interfaces/IMLDSASwitch.sol";
import {StatementHash} from "./libraries/StatementHash.sol";

/// @notice Digests, claims and ML-DSA-65 checks for contracts that judge evidence.
abstract contract Evidence is IEvidence, AcceptedReports {
    /// @dev A key and the epoch in which it signed, which says who verifies.
    struct Key {
        bytes32 keyHash;
        uint64 epoch;
    }

    /// @dev Blocks between a claim and its evidence: a copy from the pool of transactions comes too late.
    uint64 internal constant CLAIM_BLOCKS = 2;
    uint256 internal constant SHARD_SIZE = 512;

    /// @notice Returns the switch that names the verifiers of an epoch.
    IMLDSASwitch public immutable verifiers;

    /// @inheritdoc IEvidence
    mapping(bytes32 claim => uint64) public override claimedAt;

    constructor(IAttestationBridge bridge_, IMLDSASwitch verifiers_) AcceptedReports(bridge_) {
        if (address(verifiers_) == address(0)) revert IGoverned.Governed_ZeroAddress("verifiers");
        verifiers = verifiers_;
    }

    /// @inheritdoc IEvidence
    function claimEvidence(bytes32 claim) external {
        if (claimedAt[claim] != 0) revert Evidence_ClaimKnown(claim);
        claimedAt[claim] = uint64(block.number);
        emit EvidenceClaimed(claim, msg.sender);
    }

    /// @dev Reverts unless the caller claimed this evidence early enough.
    function _requireClaim(bytes32 evidence, bytes32 salt) internal view {
        uint64 madeAt = claimedAt[keccak256(abi.encode(msg.sender, evidence, salt))];
        if (madeAt == 0 || block.number < madeAt + CLAIM_BLOCKS) {
            revert Evidence_ClaimNotMature(madeAt, madeAt + CLAIM_BLOCKS);
        }
    }

    function _attestationDigest(
        bytes32 domain,
        IAttestationBridge.Attestation calldata attestation
    ) internal pure returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(domain, StatementHash.ofAttestation(attestation));
    }

    /// @dev Checks an ML-DSA-65 signature over a digest, from the raw key, or, when `key` is empty, from the expanded key
    /// that anybody registered under the hash, by the verifiers of the epoch. Both say the same. Reverts when neither can be
    /// said.
    function _isSigned(
        Key memory bound,
        bytes calldata key,
        bytes32 digest,
        bytes calldata signature
    ) internal view returns (bool) {
        bytes memory message = abi.encodePacked(digest);
        if (key.length == 0) return verifiers.expandedAt(bound.epoch).verify(bound.keyHash, message, "", signature);
        bytes32 given = keccak256(key);
        if (given != bound.keyHash) revert Evidence_WrongKey(given, bound.keyHash);
        return verifiers.rawAt(bound.epoch).verify(key, message, "", signature);
    }
}
