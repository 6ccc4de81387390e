// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EpochClock} from "../EpochClock.sol";
import {Governed} from "../Governed.sol";
import {IMLDSAKeyRegistry} from "../interfaces/IMLDSAKeyRegistry.sol";
import {IMLDSASwitch} from "../interfaces/IMLDSASwitch.sol";
import {IMLDSAVerifier} from "../interfaces/IMLDSAVerifier.sol";
import {INetworkParameters} from "../interfaces/INetworkParameters.sol";
import {ParameterIds} from "../libraries/ParameterIds.sol";

/// @title ML-DSA-65 switch
/// @notice Names the ML-DSA-65 verifiers that judge an epoch.
contract MLDSA65Switch is IMLDSASwitch, EpochClock, Governed {
    /// @dev Verifiers from an epoch on; what a check from a raw key reads is one slot.
    struct Version {
        IMLDSAVerifier raw;
        uint64 fromEpoch;
        IMLDSAKeyRegistry expanded;
    }

    /// @dev Epochs between the end of the veto period and the effect.
    uint64 private constant EFFECT_DELAY = 2;

    INetworkParameters private immutable _parameters;

    /// @dev In ascending order of epochs; the first one begins with epoch 0.
    Version[] private _versions;

    constructor(
        IMLDSAVerifier raw,
        IMLDSAKeyRegistry expanded,
        INetworkParameters parameters,
        address timelock_,
        uint64 genesis,
        uint64 length
    ) EpochClock(genesis, length) Governed(timelock_) {
        if (address(parameters) == address(0)) revert Governed_ZeroAddress("parameters");
        _parameters = parameters;
        _push(raw, expanded, 0);
    }

    /// @inheritdoc IMLDSASwitch
    function scheduleSwitch(
        IMLDSAVerifier raw,
        IMLDSAKeyRegistry expanded,
        Sample calldata sample
    ) external onlyTimelock {
        uint64 newest = newestFrom();
        uint64 current = currentEpoch();
        if (newest > current) revert MLDSASwitch_Pending(newest);
        uint256 notice = _parameters.get(ParameterIds.VETO_PERIOD);
        _push(raw, expanded, current + uint64(notice / epochLength) + EFFECT_DELAY);
        _requireVerdict(address(raw), raw.verify(sample.key, sample.message, "", sample.signature), true);
        bytes memory changed = sample.signature;
        changed[0] ^= 0x01;
        _requireVerdict(address(raw), raw.verify(sample.key, sample.message, "", changed), false);
        bytes32 keyId = keccak256(sample.key);
        _requireVerdict(address(expanded), expanded.verify(keyId, sample.message, "", sample.signature), true);
        _requireVerdict(address(expanded), expanded.verify(keyId, sample.message, "", changed), false);
    }

    /// @inheritdoc IMLDSASwitch
    function cancelSwitch() external onlyTimelock {
        uint64 newest = newestFrom();
        if (newest <= currentEpoch()) revert MLDSASwitch_NothingPending();
        _versions.pop();
        emit SwitchCancelled(newest);
    }

    /// @inheritdoc IMLDSAVerifier
    function verify(
        bytes calldata publicKey,
        bytes calldata message,
        bytes calldata context,
        bytes calldata signature
    ) external view returns (bool) {
        return rawAt(currentEpoch()).verify(publicKey, message, context, signature);
    }

    /// @inheritdoc IMLDSASwitch
    function rawAt(uint64 epoch) public view returns (IMLDSAVerifier) {
        return _at(epoch).raw;
    }

    /// @inheritdoc IMLDSASwitch
    function expandedAt(uint64 epoch) external view returns (IMLDSAKeyRegistry) {
        return _at(epoch).expanded;
    }

    /// @inheritdoc IMLDSASwitch
    function newestFrom() public view returns (uint64) {
        return _versions[_versions.length - 1].fromEpoch;
    }

    /// @dev Switches are years apart, so that a search from the newest one back is short.
    function _at(uint64 epoch) private view returns (Version storage version) {
        uint256 position = _versions.length;
        do {
            version = _versions[--position];
        } while (epoch < version.fromEpoch);
    }

    function _push(IMLDSAVerifier raw, IMLDSAKeyRegistry expanded, uint64 fromEpoch) private {
        if (address(raw) == address(0)) revert Governed_ZeroAddress("raw");
        if (address(expanded) == address(0)) revert Governed_ZeroAddress("expanded");
        _versions.push(Version({raw: raw, fromEpoch: fromEpoch, expanded: expanded}));
        emit VerifiersScheduled(fromEpoch, address(raw), address(expanded));
    }

    function _requireVerdict(address verifier, bool verdict, bool right) private pure {
        if (verdict != right) revert MLDSASwitch_WrongVerdict(verifier, verdict);
    }
}
