// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EpochClock} from "../EpochClock.sol";

/// @notice The part of a relayer committee that the bridge reads; a test seats members from any epoch on, at once.
contract RelayerCommitteeDouble is EpochClock {
    struct Version {
        uint64 fromEpoch;
        bytes members;
    }

    Version[] private _versions;

    error RelayerCommitteeDouble_NoCommittee(uint64 epoch);

    constructor(uint64 genesis, uint64 length) EpochClock(genesis, length) {}

    /// @dev Versions count from 1; `fromEpoch` must not decrease.
    function seat(uint64 fromEpoch, address[] calldata members) external {
        bytes memory packed;
        for (uint256 i = 0; i < members.length; ++i) {
            packed = bytes.concat(packed, bytes20(members[i]));
        }
        _versions.push(Version(fromEpoch, packed));
    }

    function dissolve() external {
        delete _versions;
    }

    function committeeFor(uint64 epoch) external view returns (uint32 version, bytes memory packedMembers) {
        for (uint256 i = _versions.length; i > 0; --i) {
            if (epoch >= _versions[i - 1].fromEpoch) return (uint32(i), _versions[i - 1].members);
        }
        revert RelayerCommitteeDouble_NoCommittee(epoch);
    }
}
