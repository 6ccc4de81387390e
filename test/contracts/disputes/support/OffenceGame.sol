// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "../../../../contracts/interfaces/IAttestationBridge.sol";
import {IEvidence} from "../../../../contracts/interfaces/IEvidence.sol";
import {IMemberOffences} from "../../../../contracts/interfaces/IMemberOffences.sol";
import {CommitteeGame} from "./CommitteeGame.sol";
import {gameSignature} from "./SignatureOracle.sol";

/// @notice Accusations of single members: true ones against those who signed, and made-up ones against the others.
abstract contract OffenceGame is CommitteeGame {
    /// @dev Accuses a member of a second report of a round. What an honest member signed twice is the same report, since it
    /// reads its log before it signs again after a restart; another second signature is forged.
    function _accuseOfTwoReports(uint256 index, uint256 member, bool isGuilty, bool isRepeat) internal returns (bool) {
        Made memory made = _made[index];
        IEvidence.ReportSummary memory second = _made[index].summary;
        bytes32 digest = made.digest;
        if (!isRepeat) {
            second.root = keccak256(abi.encode(second.root));
            digest = _digestOf(second, made.absent);
        }
        bytes[2] memory signatures = [_sign(member, made.digest, false), _sign(member, digest, !isGuilty && !isRepeat)];
        IMemberOffences.Accused memory accused = _accused(member, "");
        _claim(_offences, keccak256(abi.encode(signatures[0], signatures[1])));
        try _offences.proveEquivocation(made.summary, second, accused, signatures) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev Accuses a member of leaving out a node whose attestation it acknowledged.
    function _accuseOfOmission(uint256 index, uint32 node, uint256 member, bool isGuilty) internal returns (bool) {
        Made memory made = _made[index];
        IMemberOffences.Receipt memory receipt;
        receipt.attestation = _attestationOf(node, made.summary.epoch, Kind.Sound);
        receipt.size = 1;
        bytes32 root = _bridge.hashAttestation(receipt.attestation);
        receipt.signature = _sign(member, _bridge.hashReceipt(made.summary.epoch, root), false);
        bytes memory signature = _sign(member, made.digest, !isGuilty);
        IMemberOffences.Accused memory accused = _accused(member, "");
        _claim(_offences, keccak256(abi.encode(receipt.signature, signature)));
        try _offences.proveOmission(made.summary, made.absent, receipt, accused, signature) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev Accuses a member of a report with a bad leaf by an ML-DSA-65 signature, which is sound when it did sign.
    function _accuseOfForgery(uint256 index, uint256 member, bool isGuilty) internal returns (bool) {
        Made memory made = _made[index];
        bytes memory signature = gameSignature(
            isGuilty ? bytes("sound") : bytes("wrong"),
            abi.encodePacked(made.digest)
        );
        IMemberOffences.Accused memory accused = _accused(member, _key(1_000 + member));
        _claim(_offences, keccak256(signature));
        try _offences.convictForgery(made.summary, accused, signature) {
            return true;
        } catch {
            return false;
        }
    }

    function _accused(uint256 member, bytes memory key) private view returns (IMemberOffences.Accused memory accused) {
        accused.member = CHAIN.addr(_keys[member]);
        accused.key = key;
    }

    function _digestOf(IEvidence.ReportSummary memory summary, bytes memory absent) private view returns (bytes32) {
        IAttestationBridge.Report memory statement;
        statement.epoch = summary.epoch;
        statement.committeeVersion = summary.committeeVersion;
        statement.beaconBlock = summary.beaconBlock;
        statement.beacon = summary.beacon;
        statement.root = summary.root;
        statement.absent = absent;
        return _bridge.hashReport(statement);
    }
}
