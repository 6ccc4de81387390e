// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INetworkParameters} from "../../../contracts/interfaces/INetworkParameters.sol";
import {NetworkParameters} from "../../../contracts/NetworkParameters.sol";
import {bounded, ICheats, SolidityTest} from "../support/SolidityTest.sol";

/// @notice A DAO that changes everything it can, at random.
contract ParametersHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));

    NetworkParameters private immutable _parameters;
    address private immutable _timelock;

    uint256 public accepted;

    constructor(NetworkParameters parameters) {
        _parameters = parameters;
        _timelock = msg.sender;
    }

    function set(uint256 which, uint256 value) external {
        CHEATS.prank(_timelock);
        _parameters.set(idAt(which), bounded(value, 0, 120));
        ++accepted;
    }

    function setTwo(uint256 first, uint256 second, uint256 value, uint256 otherValue) external {
        INetworkParameters.Change[] memory changes = new INetworkParameters.Change[](2);
        changes[0] = INetworkParameters.Change({id: idAt(first), value: bounded(value, 0, 120)});
        changes[1] = INetworkParameters.Change({id: idAt(second), value: bounded(otherValue, 0, 120)});
        CHEATS.prank(_timelock);
        _parameters.setMany(changes);
        ++accepted;
    }

    /// @dev Moves weight from one side to the other, which is the only way to change a fixed sum.
    function shiftWeight(uint256 left) external {
        INetworkParameters.Change[] memory changes = new INetworkParameters.Change[](2);
        changes[0] = INetworkParameters.Change({id: idAt(3), value: bounded(left, 1, 99)});
        changes[1] = INetworkParameters.Change({id: idAt(4), value: 100 - changes[0].value});
        CHEATS.prank(_timelock);
        _parameters.setMany(changes);
        ++accepted;
    }

    function passTime(uint256 time) external {
        CHEATS.warp(block.timestamp + bounded(time, 1, 40));
    }

    function idAt(uint256 i) public pure returns (bytes32) {
        bytes32[6] memory ids = [bytes32("a"), "b", "c", "left", "right", "total"];
        return ids[i % 6];
    }
}

contract NetworkParametersTest is SolidityTest {
    NetworkParameters private _parameters;
    ParametersHandler private _handler;

    function setUp() public {
        CHEATS.warp(1_000_000);
        INetworkParameters.Parameter[] memory rows = new INetworkParameters.Parameter[](6);
        rows[0] = _row("a", 10, 1, 20);
        rows[1] = _row("b", 20, 1, 50);
        rows[2] = _row("c", 60, 1, 70);
        rows[3] = _row("left", 40, 1, 30);
        rows[4] = _row("right", 60, 1, 30);
        rows[5] = _row("total", 100, 100, 0);
        INetworkParameters.Ordering[] memory orderings = new INetworkParameters.Ordering[](2);
        orderings[0] = _ordering("a", "b", INetworkParameters.Relation.Below, "c");
        orderings[1] = _ordering("left", "right", INetworkParameters.Relation.Equal, "total");
        _parameters = new NetworkParameters(address(this), rows, orderings);
        _handler = new ParametersHandler(_parameters);
        _target(address(_handler));
    }

    function invariant_valuesStayWithinTheirBounds() public view {
        INetworkParameters.Parameter[] memory rows = _parameters.all();
        for (uint256 i = 0; i < rows.length; ++i) {
            uint256 value = _parameters.get(rows[i].id);
            _true(value >= rows[i].min && value <= rows[i].max, "value in force");
            _true(rows[i].pending >= rows[i].min && rows[i].pending <= rows[i].max, "pending value");
        }
    }

    /// @dev Time passes at random between changes, so this also covers pending values as they come into force.
    function invariant_orderingsHoldAtEveryMoment() public view {
        _true(_parameters.get("a") + _parameters.get("b") < _parameters.get("c"), "a + b < c");
        _equal(_parameters.get("left") + _parameters.get("right"), _parameters.get("total"), "left + right");
    }

    /// @dev Proves that the random actions are not all turned away.
    function test_handlerReachesEveryAction() public {
        _handler.set(0, 12);
        _handler.setTwo(0, 1, 13, 14);
        _handler.shiftWeight(7);
        _equal(_handler.accepted(), 3, "accepted");
        _handler.passTime(39);
        _equal(_parameters.get("left"), 8, "weight");
    }

    function test_sumsNeverReachTheirBound(uint256 a, uint256 b) public {
        a = bounded(a, 1, 100);
        b = bounded(b, 1, 100);
        INetworkParameters.Change[] memory changes = new INetworkParameters.Change[](2);
        changes[0] = INetworkParameters.Change({id: "a", value: a});
        changes[1] = INetworkParameters.Change({id: "b", value: b});
        bool alone = a + 20 < 60;
        try _parameters.setMany(changes) {
            _true(alone && a + b < 60, "accepted only below the bound at both moments");
        } catch {
            _true(!alone || a + b >= 60, "refused only when a moment breaks the ordering");
        }
    }

    function _row(
        bytes32 id,
        uint256 value,
        uint256 min,
        uint64 notice
    ) private pure returns (INetworkParameters.Parameter memory) {
        return
            INetworkParameters.Parameter({
                id: id,
                value: value,
                pending: value,
                effectiveAt: 0,
                min: min,
                max: 100,
                notice: notice
            });
    }

    function _ordering(
        bytes32 first,
        bytes32 second,
        INetworkParameters.Relation relation,
        bytes32 bound
    ) private pure returns (INetworkParameters.Ordering memory) {
        bytes32[] memory addends = new bytes32[](2);
        (addends[0], addends[1]) = (first, second);
        return INetworkParameters.Ordering({addends: addends, relation: relation, bound: bound});
    }
}
