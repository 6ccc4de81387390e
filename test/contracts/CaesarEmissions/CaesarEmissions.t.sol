// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CaesarEmissions} from "../../../contracts/CaesarEmissions.sol";
import {MeshToken} from "../../../contracts/MeshToken.sol";
import {bounded, ICheats, SolidityTest} from "../support/SolidityTest.sol";

/// @notice Random releases over decades, to changing distributors.
contract EmissionsHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));

    CaesarEmissions private immutable _emissions;
    address private immutable _timelock;

    uint256 public paid;

    constructor(CaesarEmissions emissions) {
        _emissions = emissions;
        _timelock = msg.sender;
    }

    function release() external {
        if (_emissions.distributor() != address(0)) paid += _emissions.release();
    }

    function setDistributor(uint8 who) external {
        CHEATS.prank(_timelock);
        _emissions.setDistributor(distributorAt(who));
    }

    function passTime(uint256 time) external {
        CHEATS.warp(block.timestamp + bounded(time, 1, 400 days));
    }

    function distributorAt(uint256 i) public pure returns (address) {
        return address(uint160(0xD0 + (i % 3)));
    }
}

contract CaesarEmissionsTest is SolidityTest {
    uint64 private constant START = 1_000_000;
    uint256 private constant SUPPLY = 1_000_000_000e18;

    CaesarEmissions private _emissions;
    MeshToken private _token;
    EmissionsHandler private _handler;

    function setUp() public {
        CHEATS.warp(START);
        _emissions = new CaesarEmissions(address(this), START, 16, 8_500);
        _token = new MeshToken(address(_emissions), address(0xA1), address(0xA2), address(0xA3));
        _emissions.bindToken(address(_token));
        _handler = new EmissionsHandler(_emissions);
        _target(address(_handler));
    }

    function invariant_supplyIsFixed() public view {
        _equal(_token.totalSupply(), SUPPLY, "supply");
    }

    function invariant_emissionsStayBelowTheCurveAndTheBucket() public view {
        uint256 emitted = _emissions.emittedBy(uint64(block.timestamp));
        _true(_emissions.released() <= emitted, "released at most what was emitted");
        _true(emitted <= _emissions.bucket(), "emitted at most the bucket");
    }

    function invariant_bucketIsConserved() public view {
        _equal(_emissions.released(), _handler.paid(), "released");
        _equal(_token.balanceOf(address(_emissions)) + _handler.paid(), _emissions.bucket(), "bucket");
        uint256 received = 0;
        for (uint256 i = 0; i < 3; ++i) {
            received += _token.balanceOf(_handler.distributorAt(i));
        }
        _equal(received, _handler.paid(), "received by distributors");
    }

    /// @dev Proves that the random actions are not all turned away.
    function test_handlerReachesEveryAction() public {
        _handler.setDistributor(1);
        _handler.passTime(300 days);
        _handler.release();
        _true(_handler.paid() > 0, "paid");
    }

    function test_curveNeverFalls(uint64 first, uint64 second) public view {
        (uint64 earlier, uint64 later) = first < second ? (first, second) : (second, first);
        _true(_emissions.emittedBy(earlier) <= _emissions.emittedBy(later), "monotone");
        _true(_emissions.emittedBy(later) <= _emissions.bucket(), "bucket");
    }

    function test_anyCurveEmitsTheBucketExactly(uint256 yearCount, uint256 decayBp) public {
        yearCount = bounded(yearCount, 1, 20);
        decayBp = bounded(decayBp, 1, 10_000);
        CaesarEmissions emissions = new CaesarEmissions(address(this), START, yearCount, decayBp);
        uint64 end = START + uint64(yearCount) * 365 days;
        _equal(emissions.emittedBy(end), emissions.bucket(), "at the end");
        _true(emissions.emittedBy(end - 1) <= emissions.bucket(), "before the end");
        uint256 firstYear = emissions.emittedBy(START + 365 days);
        _true((firstYear + 1) * yearCount >= emissions.bucket(), "no later year emits more than the first");
    }
}
