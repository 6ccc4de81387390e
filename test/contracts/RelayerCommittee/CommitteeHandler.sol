// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRelayerCommittee} from "../../../contracts/interfaces/IRelayerCommittee.sol";
import {ParameterIds} from "../../../contracts/libraries/ParameterIds.sol";
import {MeshToken} from "../../../contracts/MeshToken.sol";
import {NetworkParameters} from "../../../contracts/NetworkParameters.sol";
import {RelayerCommittee} from "../../../contracts/RelayerCommittee.sol";
import {bounded, ensure, ICheats} from "../support/SolidityTest.sol";

/// @notice Random actions of six relayers, of an arbiter and of the DAO.
contract CommitteeHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 public constant RELAYERS = 6;
    uint256 public constant FUNDS = 500_000e18;
    uint256 private constant MIN_BOND = 100_000e18;

    RelayerCommittee private immutable _committee;
    NetworkParameters private immutable _parameters;
    MeshToken private immutable _token;
    address private immutable _timelock;

    uint256 public donated;
    uint256 public slashCount;
    /// @dev What slashes took from a relayer and no pardon gave back.
    mapping(address relayer => uint256) public lost;
    /// @dev Who lost how much by a slash.
    mapping(uint256 slashId => address[]) private _membersOf;
    mapping(uint256 slashId => uint256[]) private _amountsOf;
    /// @dev True once a relayer that gave up or lost its seat sat in the very next committee.
    bool public hasReturned;
    /// @dev True once a candidate took a seat above the cap of its region, before its time, or in jail.
    bool public hasSeatedWrongly;

    constructor(RelayerCommittee committee, NetworkParameters parameters, MeshToken token) {
        _committee = committee;
        _parameters = parameters;
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

    // Seats

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

    function admit(uint256 who, uint16 region) external {
        CHEATS.prank(_timelock);
        _committee.admit(relayerAt(who), region % 3);
    }

    function dismiss(uint256 who, bool isAsked) external {
        CHEATS.prank(isAsked ? relayerAt(who) : _timelock);
        _committee.dismiss(relayerAt(who));
    }

    function fillSeats() external {
        uint32 before = _committee.latestVersion();
        if (before == 0) return;
        address[] memory seated = _committee.membersOf(before);
        IRelayerCommittee.Candidate[] memory queue = _committee.candidates();
        _committee.fillSeats();
        address[] memory members = _committee.membersOf(before + 1);
        for (uint256 i = 0; i < queue.length; ++i) {
            address relayer = queue[i].relayer;
            bool isNew = isAmong(members, relayer) && !isAmong(seated, relayer);
            if (isNew && (queue[i].joinableAt > block.timestamp || !_fits(relayer, members))) hasSeatedWrongly = true;
        }
    }

    function setMaxSeats(uint256 seats) external {
        CHEATS.prank(_timelock);
        _parameters.set(ParameterIds.COMMITTEE_MAX_SEATS, bounded(seats, 1, RELAYERS));
    }

    function resign(uint256 who) external {
        CHEATS.prank(relayerAt(who));
        _committee.resign();
    }

    function vacateSeat(uint256 who) external {
        _committee.vacateSeat(relayerAt(who));
        _noteReturn(relayerAt(who));
    }

    function unseat(uint256 who) external {
        _committee.unseat(relayerAt(who));
        _noteReturn(relayerAt(who));
    }

    // Penalties

    function punish(uint256 bits, uint256 shareBp, bool isProven, bool isRewarded) external {
        address[] memory accused = new address[](2);
        (accused[0], accused[1]) = (relayerAt(bits), relayerAt(bits + 1 + ((bits >> 8) % (RELAYERS - 1))));
        uint256[] memory amounts = new uint256[](2);
        for (uint256 i = 0; i < 2; ++i) {
            amounts[i] = _committee.relayerOf(accused[i]).bond;
        }
        uint256 slashId = _committee.punish(
            IRelayerCommittee.Punishment({
                offence: "test",
                members: accused,
                shareBp: bounded(shareBp, 1, 10_000),
                reporter: isRewarded ? address(0xF1) : address(0),
                isProven: isProven
            })
        );
        for (uint256 i = 0; i < 2; ++i) {
            amounts[i] -= _committee.relayerOf(accused[i]).bond;
            lost[accused[i]] += amounts[i];
        }
        if (slashId == 0) return;
        slashCount = slashId;
        (_membersOf[slashId], _amountsOf[slashId]) = (accused, amounts);
    }

    function paySlash(uint256 slashId) external {
        if (slashCount == 0) return;
        _committee.paySlash(bounded(slashId, 1, slashCount));
    }

    function pardon(uint256 slashId) external {
        if (slashCount == 0) return;
        slashId = bounded(slashId, 1, slashCount);
        CHEATS.prank(_timelock);
        _committee.pardon(slashId, _membersOf[slashId], _amountsOf[slashId]);
        for (uint256 i = 0; i < _membersOf[slashId].length; ++i) {
            lost[_membersOf[slashId][i]] -= _amountsOf[slashId][i];
        }
    }

    // Exits

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

    function isAmong(address[] memory list, address wallet) public pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i] == wallet) return true;
        }
        return false;
    }

    function _noteReturn(address relayer) private {
        if (isAmong(_committee.membersOf(_committee.latestVersion()), relayer)) hasReturned = true;
    }

    /// @dev Whether a new member is sound and its region within its share of all seats.
    function _fits(address relayer, address[] memory members) private view returns (bool) {
        RelayerCommittee.Relayer memory record = _committee.relayerOf(relayer);
        if (record.bond < MIN_BOND || record.isBarred || record.frozenUntil > block.timestamp) return false;
        uint16 region = _committee.regionOf(relayer);
        if (region == 0) return true;
        uint256 most = _parameters.get(ParameterIds.COMMITTEE_MAX_SEATS);
        if (most < members.length) most = members.length;
        uint256 cap = (most * _parameters.get(ParameterIds.COMMITTEE_REGION_BP)) / 10_000;
        uint256 ofRegion = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            if (_committee.regionOf(members[i]) == region) ++ofRegion;
        }
        return ofRegion <= (cap == 0 ? 1 : cap);
    }

    function _canSit(address relayer) private view returns (bool) {
        RelayerCommittee.Relayer memory record = _committee.relayerOf(relayer);
        if (record.isBarred || record.frozenUntil > block.timestamp) return false;
        return record.bond >= MIN_BOND && record.releaseAt == 0 && record.vacatableAt == 0;
    }
}
