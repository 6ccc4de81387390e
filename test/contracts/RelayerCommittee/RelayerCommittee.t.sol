// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MeshToken} from "../../../contracts/MeshToken.sol";
import {RelayerCommittee} from "../../../contracts/RelayerCommittee.sol";
import {NetworkStack} from "../support/NetworkStack.sol";
import {bounded, ensure, ICheats} from "../support/SolidityTest.sol";

/// @notice Random actions of five relayers and of the DAO.
contract CommitteeHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 public constant RELAYERS = 5;
    uint256 private constant MIN_BOND = 100_000e18;
    uint256 private constant FUNDS = 500_000e18;

    RelayerCommittee private immutable _committee;
    MeshToken private immutable _token;
    address private immutable _timelock;

    uint256 public donated;

    constructor(RelayerCommittee committee, MeshToken token) {
        _committee = committee;
        _token = token;
        _timelock = msg.sender;
    }

    /// @dev Funds and bonds every relayer; the token must have come here before. Not one of the random actions.
    function begin(bytes calldata key) external {
        ensure(msg.sender == _timelock, "begin");
        for (uint256 i = 0; i < RELAYERS; ++i) {
            ensure(_token.transfer(relayerAt(i), FUNDS), "transfer");
            CHEATS.prank(relayerAt(i));
            _token.approve(address(_committee), type(uint256).max);
            CHEATS.prank(relayerAt(i));
            _committee.bond(MIN_BOND, key, "https://relayer.example");
        }
    }

    function bond(uint256 who, uint256 amount) external {
        address relayer = relayerAt(who);
        amount = bounded(amount, 0, _token.balanceOf(relayer));
        CHEATS.prank(relayer);
        _committee.bond(amount, "", "https://relayer.example");
    }

    /// @dev Seats the relayers whose bit is set and who may sit.
    function setCommittee(uint256 bits) external {
        address[] memory seats = new address[](RELAYERS);
        uint256 count = 0;
        for (uint256 i = 0; i < RELAYERS; ++i) {
            if ((bits >> i) & 1 == 1 && _canSit(relayerAt(i))) seats[count++] = relayerAt(i);
        }
        if (count == 0) return;
        assembly ("memory-safe") {
            mstore(seats, count)
        }
        CHEATS.prank(_timelock);
        _committee.setCommittee(seats);
    }

    function resign(uint256 who) external {
        CHEATS.prank(relayerAt(who));
        _committee.resign();
    }

    function vacateSeat(uint256 who) external {
        _committee.vacateSeat(relayerAt(who));
    }

    function requestBondRelease(uint256 who) external {
        CHEATS.prank(relayerAt(who));
        _committee.requestBondRelease();
    }

    function withdrawBond(uint256 who) external {
        CHEATS.prank(relayerAt(who));
        _committee.withdrawBond();
    }

    function donate(uint256 amount) external {
        amount = bounded(amount, 1, 1e18);
        ensure(_token.transfer(address(_committee), amount), "transfer");
        donated += amount;
    }

    function passTime(uint256 time) external {
        CHEATS.warp(block.timestamp + bounded(time, 1, 100));
    }

    /// @dev Ascending, as seats must be.
    function relayerAt(uint256 i) public pure returns (address) {
        return address(uint160(0xE0 + (i % RELAYERS)));
    }

    function _canSit(address relayer) private view returns (bool) {
        RelayerCommittee.Relayer memory record = _committee.relayerOf(relayer);
        return record.bond >= MIN_BOND && record.releaseAt == 0 && record.vacatableAt == 0;
    }
}

contract RelayerCommitteeTest is NetworkStack {
    CommitteeHandler private _handler;

    function setUp() public {
        _deployStack();
        _handler = new CommitteeHandler(_committee, _token);
        _true(_token.transfer(address(_handler), 10_000_000e18), "transfer");
        _handler.begin(_key(1));
        _target(address(_handler));
    }

    function invariant_bondsAreConserved() public view {
        uint256 bonds = 0;
        for (uint256 i = 0; i < _handler.RELAYERS(); ++i) {
            address relayer = _handler.relayerAt(i);
            bonds += _committee.relayerOf(relayer).bond;
            _equal(_committee.relayerOf(relayer).bond + _token.balanceOf(relayer), 500_000e18, "wealth of a relayer");
        }
        _equal(_committee.totalBonded(), bonds, "total bonded");
        _equal(_token.balanceOf(address(_committee)), bonds + _handler.donated(), "tokens held");
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

    /// @dev Uses no call of the DAO, and leaves nothing but donations behind.
    function invariant_allBondsCanLeave() public {
        uint256 snapshot = CHEATS.snapshotState();
        for (uint256 i = 0; i < _handler.RELAYERS(); ++i) {
            _leave(_handler.relayerAt(i));
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
        CHEATS.prank(relayer);
        _committee.withdrawBond();
    }

    function _requireBonded(uint32 version) private view {
        address[] memory members = _committee.membersOf(version);
        for (uint256 i = 0; i < members.length; ++i) {
            _true(_committee.relayerOf(members[i]).bond >= MIN_BOND, "bond of a member");
        }
    }
}
