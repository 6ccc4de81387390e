// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Evidence} from "./Evidence.sol";
import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {IMLDSASwitch} from "./interfaces/IMLDSASwitch.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {INodeOffences} from "./interfaces/INodeOffences.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {INodeSlashing} from "./interfaces/INodeSlashing.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

/// @notice Judges what single nodes signed.
contract NodeOffences is INodeOffences, Evidence {
    /// @notice Returns the registry of nodes and keys.
    INodeRegistry public immutable registry;
    /// @notice Returns the contract that slashes offenders.
    INodeSlashing public immutable slashing;
    /// @notice Returns the table of governed numbers.
    INetworkParameters public immutable parameters;

    uint256 private constant BASIS_POINTS = 10_000;

    mapping(bytes32 offenceId => Equivocation) private _equivocations;

    constructor(
        IAttestationBridge bridge_,
        INodeRegistry registry_,
        IMLDSASwitch verifiers_,
        INodeSlashing slashing_,
        INetworkParameters parameters_
    ) Evidence(bridge_, verifiers_) {
        if (address(registry_) == address(0)) revert IGoverned.Governed_ZeroAddress("registry");
        if (address(slashing_) == address(0)) revert IGoverned.Governed_ZeroAddress("slashing");
        if (address(parameters_) == address(0)) revert IGoverned.Governed_ZeroAddress("parameters");
        registry = registry_;
        slashing = slashing_;
        parameters = parameters_;
    }

    /// @inheritdoc INodeOffences
    function proveEquivocation(
        Signed calldata first,
        Signed calldata second,
        bytes calldata key,
        bytes32 salt
    ) external {
        _requireClaim(keccak256(abi.encode(first.signature, second.signature)), salt);
        bytes32[2] memory digests = _digestsOf(first.attestation, second.attestation);
        bytes32 offenceId = _offenceOf(first.attestation, second.attestation, digests);
        if (_equivocations[offenceId].provenAt != 0) revert NodeOffences_AlreadyProven(offenceId);
        _requireSigned(first, second, key, digests);
        _record(offenceId, first.attestation, second.attestation, digests);
    }

    /// @inheritdoc INodeOffences
    function equivocationOf(bytes32 offenceId) external view returns (Equivocation memory) {
        return _equivocations[offenceId];
    }

    /// @dev Keeps the record and voids what is not final. What the node put on chain in time itself stands all the same.
    function _record(
        bytes32 offenceId,
        IAttestationBridge.Attestation calldata first,
        IAttestationBridge.Attestation calldata second,
        bytes32[2] memory digests
    ) private {
        (uint32 node, uint64 epoch, uint64 otherEpoch) = (first.nodeIndex, first.epoch, second.epoch);
        address reporter = registry.isOperator(node, msg.sender) ? address(0) : msg.sender;
        _equivocations[offenceId] = Equivocation({
            nodeIndex: node,
            epoch: epoch < otherEpoch ? epoch : otherEpoch,
            provenAt: uint64(block.timestamp),
            reporter: reporter
        });
        emit NodeEquivocated(offenceId, node, epoch, otherEpoch, digests[0], digests[1], reporter);
        bridge.markAbsent(node, epoch, false);
        if (otherEpoch != epoch) bridge.markAbsent(node, otherEpoch, false);
        _slash(offenceId, _equivocations[offenceId]);
    }

    /// @dev Takes the share for proven offences and bars the node for ever: both signatures are ML-DSA-65.
    function _slash(bytes32 offenceId, Equivocation memory offence) private {
        uint256 pinned = slashing.pinnedStake(offence.nodeIndex, offence.epoch);
        slashing.punish(
            INodeSlashing.Punishment({
                offence: offenceId,
                nodeIndex: offence.nodeIndex,
                amount: (pinned * parameters.get(ParameterIds.SLASH_PROVEN_BP)) / BASIS_POINTS,
                reporter: offence.reporter,
                isBarred: true,
                isFinal: false
            })
        );
    }

    function _digestsOf(
        IAttestationBridge.Attestation calldata first,
        IAttestationBridge.Attestation calldata second
    ) private view returns (bytes32[2] memory) {
        bytes32 domain = _domain();
        return [_attestationDigest(domain, first), _attestationDigest(domain, second)];
    }

    /// @dev Two attestations of one epoch are an offence about the epoch, whatever their sequences.
    function _offenceOf(
        IAttestationBridge.Attestation calldata first,
        IAttestationBridge.Attestation calldata second,
        bytes32[2] memory digests
    ) private pure returns (bytes32) {
        bool isSameEpoch = first.epoch == second.epoch;
        bool isOffence =
            digests[0] != digests[1] &&
                first.nodeIndex == second.nodeIndex &&
                (isSameEpoch || first.sequence == second.sequence);
        if (!isOffence) revert NodeOffences_NoEquivocation(digests[0], digests[1]);
        return keccak256(abi.encode(first.nodeIndex, isSameEpoch, isSameEpoch ? first.epoch : first.sequence));
    }

    /// @dev Reverts unless one key, in force in both epochs, signed both.
    function _requireSigned(
        Signed calldata first,
        Signed calldata second,
        bytes calldata key,
        bytes32[2] memory digests
    ) private view {
        (uint32 node, uint64 epoch) = (first.attestation.nodeIndex, first.attestation.epoch);
        uint64 otherEpoch = second.attestation.epoch;
        bytes32 keyHash = registry.keyHashAt(node, epoch);
        if (registry.keyHashAt(node, otherEpoch) != keyHash) revert NodeOffences_KeyChanged(epoch, otherEpoch);
        if (!_isSigned(Key(keyHash, epoch), key, digests[0], first.signature)) {
            revert NodeOffences_NotSigned(node, epoch);
        }
        if (!_isSigned(Key(keyHash, otherEpoch), key, digests[1], second.signature)) {
            revert NodeOffences_NotSigned(node, otherEpoch);
        }
    }
}
