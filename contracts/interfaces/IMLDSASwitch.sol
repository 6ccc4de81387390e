// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGoverned} from "./IGoverned.sol";
import {IMLDSAKeyRegistry} from "./IMLDSAKeyRegistry.sol";
import {IMLDSAVerifier} from "./IMLDSAVerifier.sol";

/// @notice Says which ML-DSA-65 verifiers judge the signatures of an epoch. The timelock can name others for epochs to come,
/// for example a precompile behind an adapter; what was signed in an epoch that has begun is judged as it always was.
/// @dev It is a verifier itself: that of the current epoch.
interface IMLDSASwitch is IGoverned, IMLDSAVerifier {
    /// @notice A key, a message and its signature with empty context, on which new verifiers are tried.
    /// @param key Raw key, 1,952 bytes, registered with the new registry of expanded keys.
    /// @param message Message that was signed.
    /// @param signature Signature, 3,309 bytes.
    struct Sample {
        bytes key;
        bytes message;
        bytes signature;
    }

    /// @notice Emitted when other verifiers were named: they judge from `fromEpoch` on.
    event VerifiersScheduled(uint64 indexed fromEpoch, address raw, address expanded);

    /// @notice Emitted when verifiers that were named do not come into force.
    event SwitchCancelled(uint64 indexed fromEpoch);

    /// @notice Thrown when verifiers are named while others wait for their epoch.
    error MLDSASwitch_Pending(uint64 fromEpoch);

    /// @notice Thrown when there is no switch to cancel, or its epoch has begun.
    error MLDSASwitch_NothingPending();

    /// @notice Thrown when a verifier judges the sample wrongly.
    error MLDSASwitch_WrongVerdict(address verifier, bool verdict);

    /// @notice Names the verifiers for epochs to come. They come into force after the governed veto period, with the second
    /// epoch that begins then. Timelock only (GovernanceOp, critical).
    /// @dev Reverts unless both accept the sample and refuse it with one bit changed. Give it 12 M gas.
    /// @param raw Verifier of signatures from raw keys.
    /// @param expanded Registry of expanded keys.
    function scheduleSwitch(IMLDSAVerifier raw, IMLDSAKeyRegistry expanded, Sample calldata sample) external;

    /// @notice Calls off a switch whose epoch has not begun. Timelock only (RollbackOp).
    function cancelSwitch() external;

    /// @notice Returns the verifier of signatures from raw keys that judges an epoch.
    function rawAt(uint64 epoch) external view returns (IMLDSAVerifier);

    /// @notice Returns the registry of expanded keys that judges an epoch.
    function expandedAt(uint64 epoch) external view returns (IMLDSAKeyRegistry);

    /// @notice Returns the first epoch of the newest verifiers; it may lie ahead.
    function newestFrom() external view returns (uint64);
}
