// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CaesarEmissions} from "../../../contracts/CaesarEmissions.sol";
import {INetworkParameters} from "../../../contracts/interfaces/INetworkParameters.sol";
import {ParameterIds} from "../../../contracts/libraries/ParameterIds.sol";
import {MeshToken} from "../../../contracts/MeshToken.sol";
import {NetworkParameters} from "../../../contracts/NetworkParameters.sol";
import {bounded, ICheats, SolidityTest} from "../support/SolidityTest.sol";

/// @notice Random accruals and payments over decades, by changing distributors and at changing paces.
contract EmissionsHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));

    CaesarEmissions private immutable _emissions;
    NetworkParameters private immutable _parameters;
    address private immutable _timelock;

    uint256 public paid;

    constructor(CaesarEmissions emissions, NetworkParameters parameters) {
        _emissions = emissions;
        _parameters = parameters;
        _timelock = msg.sender;
    }

    function accrue(uint256 back, uint64 worked) external {
        (uint64 accruedUntil, ) = _emissions.progress();
        if (_emissions.distributor() == address(0) || accruedUntil > block.timestamp) return;
        uint64 until = uint64(bounded(back, accruedUntil, block.timestamp));
        CHEATS.prank(_emissions.distributor());
        _emissions.accrue(until, worked);
    }

    function release(uint8 who, uint256 amount) external {
        address from = distributorAt(who);
        amount = bounded(amount, 0, _emissions.creditOf(from));
        CHEATS.prank(from);
        _emissions.release(address(0xE0), amount);
        paid += amount;
    }

    function setDistributor(uint8 who) external {
        CHEATS.prank(_timelock);
        _emissions.setDistributor(distributorAt(who));
    }

    function setPace(uint256 paceBp) external {
        CHEATS.prank(_timelock);
        _parameters.set(ParameterIds.EMISSION_PACE_BP, bounded(paceBp, 2_500, 10_000));
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

    NetworkParameters private _parameters;
    CaesarEmissions private _emissions;
    MeshToken private _token;
    EmissionsHandler private _handler;

    function setUp() public {
        CHEATS.warp(START);
        _parameters = _paceTable();
        _emissions = new CaesarEmissions(address(this), _parameters, START, 16, 8_500);
        _token = new MeshToken(address(_emissions), address(0xA1), address(0xA2), address(0xA3));
        _emissions.bindToken(address(_token));
        _handler = new EmissionsHandler(_emissions, _parameters);
        _target(address(_handler));
    }

    function invariant_supplyIsFixed() public view {
        _equal(_token.totalSupply(), SUPPLY, "supply");
    }

    function invariant_emissionsStayBelowTheCurveAndTheBucket() public view {
        uint256 ceiling = _emissions.emittedBy(uint64(block.timestamp));
        _true(_emissions.released() <= _emissions.emitted(), "released at most what was emitted");
        _true(_emissions.emitted() <= ceiling, "emitted at most what the curve does");
        _true(ceiling <= _emissions.bucket(), "the curve emits at most the bucket");
    }

    function invariant_bucketIsConserved() public view {
        uint256 credit = 0;
        for (uint256 i = 0; i < 3; ++i) {
            credit += _emissions.creditOf(_handler.distributorAt(i));
        }
        _equal(_emissions.emitted(), _handler.paid() + credit, "emitted");
        _equal(_emissions.released(), _handler.paid(), "released");
        _equal(_token.balanceOf(address(_emissions)) + _handler.paid(), _emissions.bucket(), "bucket");
        _equal(_token.balanceOf(address(0xE0)), _handler.paid(), "received");
    }

    /// @dev Proves that the random actions are not all turned away.
    function test_handlerReachesEveryAction() public {
        _handler.setDistributor(1);
        _handler.setPace(3_000);
        _handler.passTime(300 days);
        _handler.accrue(block.timestamp, 1_000_000);
        _handler.release(1, 1e18);
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
        CaesarEmissions emissions = new CaesarEmissions(address(this), _parameters, START, yearCount, decayBp);
        uint64 end = START + uint64(yearCount) * 365 days;
        _equal(emissions.emittedBy(end), emissions.bucket(), "at the end");
        _true(emissions.emittedBy(end - 1) <= emissions.bucket(), "before the end");
        uint256 firstYear = emissions.emittedBy(START + 365 days);
        _true((firstYear + 1) * yearCount >= emissions.bucket(), "no later year emits more than the first");
    }

    function _paceTable() private returns (NetworkParameters) {
        INetworkParameters.Parameter[] memory rows = new INetworkParameters.Parameter[](1);
        rows[0] = INetworkParameters.Parameter({
            id: ParameterIds.EMISSION_PACE_BP,
            value: 10_000,
            pending: 10_000,
            effectiveAt: 0,
            min: 2_500,
            max: 10_000,
            notice: 7 days
        });
        return new NetworkParameters(address(this), rows, new INetworkParameters.Ordering[](0));
    }
}
