// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRelayerCommittee} from "../../../contracts/interfaces/IRelayerCommittee.sol";
import {RelayerCommittee} from "../../../contracts/RelayerCommittee.sol";
import {NetworkStack} from "../support/NetworkStack.sol";
import {CommitteeHandler} from "./CommitteeHandler.sol";

contract RelayerCommitteeTest is NetworkStack {
    CommitteeHandler private _handler;

    function setUp() public {
        _deployStack();
        _handler = new CommitteeHandler(_committee, _parameters, _token);
        address[] memory arbiters = new address[](1);
        arbiters[0] = address(_handler);
        _committee.bindArbiters(arbiters);
        _true(_token.transfer(address(_handler), 10_000_000e18), "transfer");
        _handler.begin(_key(1));
        _target(address(_handler));
    }

    function invariant_bondsAreConserved() public view {
        uint256 bonds = 0;
        for (uint256 i = 0; i < _handler.RELAYERS(); ++i) {
            address relayer = _handler.relayerAt(i);
            bonds += _committee.relayerOf(relayer).bond;
            uint256 wealth = _committee.relayerOf(relayer).bond + _token.balanceOf(relayer);
            _equal(wealth + _handler.lost(relayer), _handler.FUNDS(), "wealth of a relayer");
        }
        _equal(_committee.totalBonded(), bonds, "total bonded");
        uint256 owed = bonds + _committee.totalFrozen();
        _equal(_token.balanceOf(address(_committee)), owed + _handler.donated(), "tokens held");
    }

    function invariant_everySeatIsBonded() public view {
        uint32 latest = _committee.latestVersion();
        if (latest == 0) return;
        _requireBonded(latest);
        uint64 epoch = _committee.currentEpoch();
        if (_committee.activationOf(1) <= epoch) _requireBonded(_committee.versionAt(epoch));
    }

    function invariant_versionsFollowEachOther() public view {
        uint32 latest = _committee.latestVersion();
        uint32 inForce = 0;
        uint64 epoch = _committee.currentEpoch();
        for (uint32 version = 1; version <= latest; ++version) {
            uint64 from = _committee.activationOf(version);
            _true(version == 1 || _committee.activationOf(version - 1) <= from, "order of activations");
            if (from <= epoch) inForce = version;
        }
        if (inForce != 0) _equal(_committee.versionAt(epoch), inForce, "version in force");
    }

    function invariant_quorumIsMoreThanTwoThirds() public view {
        uint32 latest = _committee.latestVersion();
        for (uint32 version = 1; version <= latest; ++version) {
            uint256 seats = _committee.membersOf(version).length;
            uint256 quorum = _committee.quorumOf(version);
            _true(3 * quorum > 2 * seats, "quorum above two thirds");
            _true(3 * (quorum - 1) <= 2 * seats, "quorum not larger than needed");
        }
    }

    function invariant_seatsAreInOrderAndApart() public view {
        uint32 latest = _committee.latestVersion();
        if (latest == 0) return;
        address[] memory members = _committee.membersOf(latest);
        for (uint256 i = 1; i < members.length; ++i) {
            _true(members[i - 1] < members[i], "order of seats");
        }
    }

    function invariant_candidatesWaitOnceAndInOrder() public view {
        IRelayerCommittee.Candidate[] memory queue = _committee.candidates();
        uint32 latest = _committee.latestVersion();
        for (uint256 i = 0; i < queue.length; ++i) {
            uint32 lastVersion = _committee.relayerOf(queue[i].relayer).lastVersion;
            _true(lastVersion == 0 || lastVersion < latest, "who sits does not wait");
            _true(i == 0 || queue[i - 1].joinableAt <= queue[i].joinableAt, "order of the queue");
            for (uint256 other = 0; other < i; ++other) {
                _true(queue[other].relayer != queue[i].relayer, "waits once");
            }
        }
        _true(!_handler.hasSeatedWrongly(), "a candidate took a seat that it may not take");
    }

    function invariant_whoLeavesItsSeatIsGone() public view {
        _true(!_handler.hasReturned(), "a relayer was seated again by leaving");
    }

    /// @dev Uses no call of the DAO, and leaves nothing but donations behind.
    function invariant_allBondsCanLeave() public {
        uint256 snapshot = CHEATS.snapshotState();
        for (uint256 i = 0; i < _handler.RELAYERS(); ++i) {
            _leave(_handler.relayerAt(i));
        }
        for (uint256 slashId = 1; slashId <= _handler.slashCount(); ++slashId) {
            if (_committee.slashOf(slashId).payableAt != 0) _committee.paySlash(slashId);
        }
        _equal(_token.balanceOf(address(_committee)), _handler.donated(), "tokens left");
        _true(CHEATS.revertToState(snapshot), "snapshot");
    }

    /// @dev Proves that the random actions are not all turned away.
    function test_handlerReachesEveryAction() public {
        _handler.bond(0, 5);
        _handler.setCommittee(7);
        _equal(_committee.membersOf(1).length, 3, "seats");
        _handler.resign(1);
        _handler.passTime(99);
        _handler.vacateSeat(1);
        _equal(_committee.membersOf(2).length, 2, "seats after one left");
        _handler.passTime(99);
        _handler.requestBondRelease(1);
        _handler.passTime(99);
        _handler.passTime(99);
        _handler.withdrawBond(1);
        _equal(_committee.relayerOf(_handler.relayerAt(1)).bond, 0, "bond");
        _handler.donate(5);
        _handler.admit(3, 1);
        _handler.admit(4, 1);
        _handler.admit(5, 0);
        _handler.dismiss(5, true);
        _handler.setMaxSeats(5);
        _handler.passTime(99);
        _handler.fillSeats();
        _equal(_committee.membersOf(3).length, 4, "seats after two joined");
        _handler.unseat(4);
        _equal(_committee.membersOf(4).length, 3, "seats after one was taken");
        _handler.punish(0, 999, false, true);
        _handler.punish(2, 4_999, true, false);
        _equal(_handler.slashCount(), 2, "slashes");
        _equal(_committee.membersOf(_committee.latestVersion()).length, 0, "seats of those who are not jailed");
        _handler.pardon(0);
        _handler.passTime(99);
        _handler.paySlash(1);
        _true(_committee.slashOf(2).payableAt == 0, "paid");
    }

    function test_packedMembersEqualTheList(uint8 bits) public {
        _handler.setCommittee(bits | 1);
        address[] memory members = _committee.membersOf(1);
        (uint32 version, bytes memory packed) = _committee.committeeFor(_committee.activationOf(1));
        _equal(version, 1, "version");
        _equal(packed.length, 20 * members.length, "length");
        bytes memory expected;
        for (uint256 i = 0; i < members.length; ++i) {
            expected = abi.encodePacked(expected, members[i]);
        }
        _true(keccak256(packed) == keccak256(expected), "members");
    }

    function _leave(address relayer) private {
        RelayerCommittee.Relayer memory record = _committee.relayerOf(relayer);
        if (record.lastVersion != 0 && record.lastVersion == _committee.latestVersion()) {
            if (record.vacatableAt == 0) {
                CHEATS.prank(relayer);
                _committee.resign();
            }
            CHEATS.warp(block.timestamp + RESIGN_NOTICE);
            _committee.vacateSeat(relayer);
        }
        CHEATS.warp(block.timestamp + 2 * EPOCH_LENGTH);
        if (record.releaseAt == 0) {
            CHEATS.prank(relayer);
            _committee.requestBondRelease();
        }
        CHEATS.warp(block.timestamp + RELEASE_DELAY);
        uint64 frozenUntil = _committee.relayerOf(relayer).frozenUntil;
        if (block.timestamp < frozenUntil) CHEATS.warp(frozenUntil);
        CHEATS.prank(relayer);
        _committee.withdrawBond();
    }

    function _requireBonded(uint32 version) private view {
        address[] memory members = _committee.membersOf(version);
        for (uint256 i = 0; i < members.length; ++i) {
            RelayerCommittee.Relayer memory member = _committee.relayerOf(members[i]);
            bool isJailed = block.timestamp < member.frozenUntil;
            _true(member.bond >= MIN_BOND || (isJailed && version != _committee.latestVersion()), "bond of a member");
        }
    }
}
