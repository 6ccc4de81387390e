// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {Evidence} from "./Evidence.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IAttestationDisputes} from "./interfaces/IAttestationDisputes.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {IMemberOffences} from "./interfaces/IMemberOffences.sol";
import {IMLDSASwitch} from "./interfaces/IMLDSASwitch.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {IRelayerCommittee} from "./interfaces/IRelayerCommittee.sol";
import {CommitteeSignatures} from "./libraries/CommitteeSignatures.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";
import {ReceiptTree} from "./libraries/ReceiptTree.sol";
import {ReportSummaries} from "./libraries/ReportSummaries.sol";

/// @notice Judges what single members signed.
contract MemberOffences is IMemberOffences, Evidence {
    uint256 private constant ADDRESS_LENGTH = 20;

    /// @notice Returns the contract that says which reports are forged.
    IAttestationDisputes public immutable disputes;
    /// @notice Returns the committee whose members are judged.
    IRelayerCommittee public immutable committee;
    /// @notice Returns the table of governed numbers.
    INetworkParameters public immutable parameters;

    /// @inheritdoc IMemberOffences
    mapping(bytes32 offenceId => bool) public override isConvicted;

    constructor(
        IAttestationBridge bridge_,
        IAttestationDisputes disputes_,
        IRelayerCommittee committee_,
        INetworkParameters parameters_,
        IMLDSASwitch verifiers_
    ) Evidence(bridge_, verifiers_) {
        if (address(disputes_) == address(0)) revert IGoverned.Governed_ZeroAddress("disputes");
        if (address(committee_) == address(0)) revert IGoverned.Governed_ZeroAddress("committee");
        if (address(parameters_) == address(0)) revert IGoverned.Governed_ZeroAddress("parameters");
        disputes = disputes_;
        committee = committee_;
        parameters = parameters_;
    }

    /// @inheritdoc IMemberOffences
    function convictForgery(
        ReportSummary calldata report,
        Accused calldata accused,
        bytes calldata signature
    ) external {
        bytes32 digest = _reportDigest(report);
        if (!disputes.isForged(digest)) revert MemberOffences_NotForged(digest);
        _requireClaim(keccak256(signature), accused.salt);
        _requireMember(accused.member, report.epoch);
        _requireMLDSA(accused, report.epoch, digest, signature);
        _convict(Offence.Forgery, true, digest, accused.member, report.epoch);
    }

    /// @inheritdoc IMemberOffences
    function proveEquivocation(
        ReportSummary calldata first,
        ReportSummary calldata second,
        Accused calldata accused,
        bytes[2] calldata signatures
    ) external {
        _requireNotFinal(first.epoch);
        (bytes32 a, bytes32 b) = _requireEquivocation(first, second, accused, signatures);
        _requireECDSA(accused.member, a, signatures[0]);
        _requireECDSA(accused.member, b, signatures[1]);
        _convict(Offence.Equivocation, false, _pairOf(a, b), accused.member, first.epoch);
    }

    /// @inheritdoc IMemberOffences
    function convictEquivocation(
        ReportSummary calldata first,
        ReportSummary calldata second,
        Accused calldata accused,
        bytes[2] calldata signatures
    ) external {
        (bytes32 a, bytes32 b) = _requireEquivocation(first, second, accused, signatures);
        _requireMLDSA(accused, first.epoch, a, signatures[0]);
        _requireMLDSA(accused, first.epoch, b, signatures[1]);
        _convict(Offence.Equivocation, true, _roundOf(first), accused.member, first.epoch);
    }

    /// @inheritdoc IMemberOffences
    function proveOmission(
        ReportSummary calldata report,
        bytes calldata absent,
        Receipt calldata receipt,
        Accused calldata accused,
        bytes calldata reportSignature
    ) external {
        _requireNotFinal(report.epoch);
        _requireClaim(keccak256(abi.encode(receipt.signature, reportSignature)), accused.salt);
        _requireMember(accused.member, report.epoch);
        _requireOmission(report, absent, receipt.attestation);
        bytes32 digest = _reportDigest(report);
        _requireECDSA(accused.member, digest, reportSignature);
        bytes32 leaf = _attestationDigest(_domain(), receipt.attestation);
        bytes32 root = ReceiptTree.rootOf(leaf, receipt.index, receipt.size, receipt.path);
        _requireECDSA(accused.member, bridge.hashReceipt(report.epoch, root), receipt.signature);
        _convict(Offence.Omission, false, digest, accused.member, report.epoch);
    }

    /// @dev Records and punishes an offence, once for each kind of evidence.
    function _convict(Offence kind, bool isProven, bytes32 subject, address member, uint64 epoch) private {
        bytes32 offenceId = keccak256(abi.encode(kind, isProven, subject, member));
        if (isConvicted[offenceId]) revert MemberOffences_AlreadyConvicted(offenceId);
        isConvicted[offenceId] = true;
        address[] memory members = new address[](1);
        members[0] = member;
        address reporter = msg.sender == member ? address(0) : msg.sender;
        uint256 slashId = committee.punish(
            IRelayerCommittee.Punishment({
                offence: offenceId,
                members: members,
                shareBp: parameters.get(isProven ? ParameterIds.SLASH_PROVEN_BP : ParameterIds.SLASH_ECDSA_BP),
                reporter: reporter,
                isProven: isProven
            })
        );
        emit MemberConvicted(offenceId, member, kind, epoch, isProven, reporter, slashId);
    }

    function _requireEquivocation(
        ReportSummary calldata first,
        ReportSummary calldata second,
        Accused calldata accused,
        bytes[2] calldata signatures
    ) private view returns (bytes32 a, bytes32 b) {
        _requireClaim(keccak256(abi.encode(signatures[0], signatures[1])), accused.salt);
        _requireMember(accused.member, first.epoch);
        (a, b) = (_reportDigest(first), _reportDigest(second));
        if (a == b || _roundOf(first) != _roundOf(second)) revert MemberOffences_NoEquivocation(a, b);
    }

    /// @dev What an equivocation is about. Three different reports of one round are one offence when proven.
    function _roundOf(ReportSummary calldata report) private pure returns (bytes32) {
        return keccak256(abi.encode(report.epoch, report.shard, report.round));
    }

    function _pairOf(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function _requireOmission(
        ReportSummary calldata report,
        bytes calldata absent,
        IAttestationBridge.Attestation calldata attestation
    ) private pure {
        uint32 node = attestation.nodeIndex;
        bool isOmission =
            attestation.epoch == report.epoch &&
                node / SHARD_SIZE == report.shard &&
                ReportSummaries.contains(absent, report.absentHash, node % SHARD_SIZE);
        if (!isOmission) revert MemberOffences_NoOmission(node, report.epoch);
    }

    function _requireECDSA(address member, bytes32 digest, bytes calldata signature) private pure {
        (address signer, ECDSA.RecoverError problem, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (problem != ECDSA.RecoverError.NoError || signer != member) {
            revert MemberOffences_NotSigned(member, digest);
        }
    }

    function _requireMLDSA(
        Accused calldata accused,
        uint64 epoch,
        bytes32 digest,
        bytes calldata signature
    ) private view {
        bytes32 keyHash = committee.relayerOf(accused.member).mldsaKeyHash;
        if (!_isSigned(Key(keyHash, epoch), accused.key, digest, signature)) {
            revert MemberOffences_NotSigned(accused.member, digest);
        }
    }

    /// @dev Reverts unless a relayer had a seat in an epoch: who had none cannot sign anything that counts.
    function _requireMember(address relayer, uint64 epoch) private view {
        (, bytes memory packed) = committee.committeeFor(epoch);
        for (uint256 seat = 0; seat < packed.length / ADDRESS_LENGTH; ++seat) {
            if (CommitteeSignatures.memberAt(packed, seat) == relayer) return;
        }
        revert MemberOffences_NotMember(relayer, epoch);
    }

    function _requireNotFinal(uint64 epoch) private view {
        uint64 finalBefore = bridge.finalizedBefore();
        if (epoch < finalBefore) revert MemberOffences_EpochFinal(epoch, finalBefore);
    }
}
