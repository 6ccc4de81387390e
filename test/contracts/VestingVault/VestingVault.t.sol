// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MeshToken} from "../../../contracts/MeshToken.sol";
import {VestingVault} from "../../../contracts/VestingVault.sol";
import {bounded, ensure, ICheats, SolidityTest} from "../support/SolidityTest.sol";

/// @notice Random releases, gifts, votes and changes of the owner over six years.
contract VestingHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 public constant OWNERS = 3;

    VestingVault private immutable _vault;
    MeshToken private immutable _token;

    uint256 public received;
    uint256 public releasedBefore;
    /// @dev True once less was released than before, or a stranger moved something.
    bool public hasFallen;
    bool public hasObeyedStranger;

    constructor(VestingVault vault, MeshToken token, uint256 granted) {
        _vault = vault;
        _token = token;
        received = granted;
    }

    function release() external {
        _vault.release(address(_token));
        uint256 released = _vault.released(address(_token));
        if (released < releasedBefore) hasFallen = true;
        releasedBefore = released;
    }

    function add(uint256 amount) external {
        amount = bounded(amount, 1, 1_000e18);
        ensure(_token.transfer(address(_vault), amount), "transfer");
        received += amount;
    }

    function transferOwnership(uint256 who, uint256 to) external {
        address sender = ownerAt(who);
        address owner = _vault.owner();
        CHEATS.prank(sender);
        try _vault.transferOwnership(ownerAt(to)) {
            if (sender != owner) hasObeyedStranger = true;
        } catch {}
    }

    function acceptOwnership(uint256 who) external {
        address sender = ownerAt(who);
        address pending = _vault.pendingOwner();
        CHEATS.prank(sender);
        try _vault.acceptOwnership() {
            if (sender != pending) hasObeyedStranger = true;
        } catch {}
    }

    function passTime(uint256 time) external {
        CHEATS.warp(block.timestamp + bounded(time, 1, 60 days));
    }

    function ownerAt(uint256 i) public pure returns (address) {
        return address(uint160(0xB0 + (i % OWNERS)));
    }
}

contract VestingVaultTest is SolidityTest {
    uint64 private constant START = 1_000_000;
    uint64 private constant CLIFF = 365 days;
    uint64 private constant DURATION = 4 * 365 days;
    uint256 private constant GRANTED = 200_000_000e18;

    MeshToken private _token;
    VestingVault private _vault;
    VestingHandler private _handler;

    function setUp() public {
        CHEATS.warp(START);
        _vault = new VestingVault(address(0xB0), START, CLIFF, DURATION);
        _token = new MeshToken(address(this), address(_vault), address(0xA2), address(0xA3));
        _handler = new VestingHandler(_vault, _token, GRANTED);
        _true(_token.transfer(address(_handler), 1_000_000e18), "transfer");
        _target(address(_handler));
    }

    function invariant_vestingIsConserved() public view {
        uint256 released = _vault.released(address(_token));
        _equal(_token.balanceOf(address(_vault)) + released, _handler.received(), "held and released");
        uint256 paid = 0;
        for (uint256 i = 0; i < _handler.OWNERS(); ++i) {
            paid += _token.balanceOf(_handler.ownerAt(i));
        }
        _equal(paid, released, "paid to its owners");
        _true(!_handler.hasFallen(), "released less than before");
    }

    /// @dev Nothing before the cliff, then never more than the part of the time that is over, and all of it at the end.
    function invariant_nothingVestsBeforeItsTime() public view {
        uint256 released = _vault.released(address(_token));
        if (block.timestamp < START + CLIFF)
            _equal(released + _vault.releasable(address(_token)), 0, "before the cliff");
        uint256 elapsed = block.timestamp - START;
        if (elapsed > DURATION) elapsed = DURATION;
        _true(released <= (_handler.received() * elapsed) / DURATION, "released more than vested");
        if (elapsed < DURATION) return;
        _equal(_vault.releasable(address(_token)), _token.balanceOf(address(_vault)), "all at the end");
    }

    function invariant_onlyItsOwnerGivesOrders() public view {
        _true(!_handler.hasObeyedStranger(), "a stranger gave an order");
        _true(_vault.owner() != address(0), "there is an owner");
    }

    /// @dev Proves that the random actions are not all turned away.
    function test_handlerReachesEveryAction() public {
        for (uint256 i = 0; i < 10; ++i) {
            _handler.passTime(50 days);
        }
        _handler.release();
        _true(_handler.releasedBefore() > 0, "released");
        _handler.add(5);
        _handler.transferOwnership(0, 1);
        _handler.transferOwnership(2, 2);
        _handler.acceptOwnership(2);
        _handler.acceptOwnership(1);
        _true(_vault.owner() == _handler.ownerAt(1), "owner");
    }
}
