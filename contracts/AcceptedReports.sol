// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {IAttestationBridge} from "./interfaces/IAttestationBridge.sol";
import {IEvidence} from "./interfaces/IEvidence.sol";
import {IGoverned} from "./interfaces/IGoverned.sol";
import {ReportData} from "./libraries/ReportData.sol";
import {ReportSummaries} from "./libraries/ReportSummaries.sol";

/// @notice Reports of one bridge by their summaries.
abstract contract AcceptedReports {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    /// @notice Returns the bridge whose reports are judged.
    IAttestationBridge public immutable bridge;

    constructor(IAttestationBridge bridge_) {
        if (address(bridge_) == address(0)) revert IGoverned.Governed_ZeroAddress("bridge");
        bridge = bridge_;
    }

    /// @dev Returns the EIP-712 domain separator of the bridge on this chain.
    function _domain() internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("PQMesh"), keccak256("1"), block.chainid, bridge));
    }

    function _reportDigest(IEvidence.ReportSummary calldata report) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(_domain(), ReportSummaries.structHash(report));
    }

    /// @dev Returns the digest of a report; reverts unless the bridge accepted it with these signers.
    function _requireAccepted(IEvidence.ReportSummary calldata report) internal view returns (bytes32 digest) {
        return _requireAccepted(report, _domain());
    }

    /// @dev The same with the domain separator at hand.
    function _requireAccepted(
        IEvidence.ReportSummary calldata report,
        bytes32 domain
    ) internal view returns (bytes32 digest) {
        digest = MessageHashUtils.toTypedDataHash(domain, ReportSummaries.structHash(report));
        bytes32 commitment = bridge.reportCommitment(report.shard, report.epoch);
        if (commitment != ReportData.commitmentOf(digest, report.signers, report.beacon)) {
            revert IEvidence.Evidence_UnknownReport(report.shard, report.epoch);
        }
    }
}
