// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EpochClock} from "../EpochClock.sol";
import {IAttestationBridge} from "../interfaces/IAttestationBridge.sol";

/// @notice The part of a bridge that slashing reads: every node was absent in as many epochs of any range as a test says.
contract AbsenceDouble is EpochClock {
    mapping(uint32 nodeIndex => uint64) public absentOf;
    mapping(uint32 nodeIndex => uint64) public unreportedOf;

    constructor(uint64 genesis, uint64 length) EpochClock(genesis, length) {}

    function setUptime(uint32 nodeIndex, uint64 absent, uint64 unreported) external {
        absentOf[nodeIndex] = absent;
        unreportedOf[nodeIndex] = unreported;
    }

    function uptime(
        uint32 nodeIndex,
        uint64 fromEpoch,
        uint64 toEpoch
    ) external view returns (IAttestationBridge.Uptime memory counts) {
        counts.absent = absentOf[nodeIndex];
        counts.unreported = unreportedOf[nodeIndex];
        counts.attested = toEpoch - fromEpoch - counts.absent - counts.unreported;
    }

    function horizonEpochs() external pure returns (uint64) {
        return 0;
    }

    /// @dev Everything that is over is final.
    function finalizedBefore() external view returns (uint64) {
        return currentEpoch();
    }
}
