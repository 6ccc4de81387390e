// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CaesarEmissions} from "../../../contracts/CaesarEmissions.sol";
import {IAttestationBridge} from "../../../contracts/interfaces/IAttestationBridge.sol";
import {INetworkParameters} from "../../../contracts/interfaces/INetworkParameters.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {INodeRewards} from "../../../contracts/interfaces/INodeRewards.sol";
import {ParameterIds} from "../../../contracts/libraries/ParameterIds.sol";
import {MeshToken} from "../../../contracts/MeshToken.sol";
import {NodeRegistryDouble} from "../../../contracts/mocks/NodeRegistryDouble.sol";
import {StakeDouble} from "../../../contracts/mocks/StakeDouble.sol";
import {EpochMarksDouble} from "../../../contracts/mocks/EpochMarksDouble.sol";
import {NetworkParameters} from "../../../contracts/NetworkParameters.sol";
import {NodeRewards} from "../../../contracts/NodeRewards.sol";
import {bounded, ICheats, SolidityTest} from "../support/SolidityTest.sol";

/// @notice Random life of four nodes: stake, delegation, slashes, jail, absences, outages, exits and claims.
contract RewardsHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint32 public constant NODES = 4;
    uint64 private constant FOREVER = type(uint64).max;

    NodeRewards private immutable _rewards;
    StakeDouble private immutable _stake;
    EpochMarksDouble private immutable _uptime;
    NodeRegistryDouble private immutable _registry;

    uint256 public claimed;
    uint256 public claims;
    uint256 public refusedClaims;
    uint256 public refusedWeights;
    uint256 public highestAccumulated;
    bool public hasFallen;

    constructor(NodeRewards rewards, StakeDouble stake, EpochMarksDouble uptime, NodeRegistryDouble registry) {
        _rewards = rewards;
        _stake = stake;
        _uptime = uptime;
        _registry = registry;
    }

    function setBonds(uint32 node, uint96 own, uint96 pool, uint16 commissionBp, bool isJailed) external {
        own = uint96(bounded(own, 0, 50_000_000e18));
        pool = pool % 3 == 0 ? 0 : uint96(bounded(pool, 0, 50_000_000e18));
        StakeDouble.Bonds memory bonds = StakeDouble.Bonds(own, pool, commissionBp % 10_001, isJailed);
        uint256 before = received();
        try _stake.setBonds(node % NODES, bonds) {
            claimed += received() - before;
        } catch {
            ++refusedWeights;
        }
    }

    /// @dev A slash takes a part of stake and pool alike.
    function slash(uint32 node, uint256 bp) external {
        bp = bounded(bp, 1, 10_000);
        (uint96 own, uint96 pool, uint16 commissionBp, ) = _stake.bondsOf(node % NODES);
        own -= uint96((uint256(own) * bp) / 10_000);
        pool -= uint96((uint256(pool) * bp) / 10_000);
        uint256 before = received();
        _stake.setBonds(node % NODES, StakeDouble.Bonds(own, pool, commissionBp, true));
        claimed += received() - before;
    }

    /// @dev What operators and pools were paid.
    function received() public view returns (uint256 sum) {
        sum = _stake.token().balanceOf(address(_stake));
        for (uint32 node = 0; node < NODES; ++node) {
            sum += _stake.token().balanceOf(address(uint160(0xB0 + node)));
        }
    }

    /// @dev Epochs before the current one that are not final yet.
    function mark(uint32 node, uint256 back, uint256 count, uint8 kind) external {
        uint64 current = _rewards.currentEpoch();
        uint64 from = current - uint64(bounded(back, 1, 8));
        uint64 until = from + uint64(bounded(count, 1, 8));
        _uptime.markRange(node % NODES, from, until < current ? until : current, kind % 3);
    }

    function setInterval(uint32 node, uint256 length) external {
        INodeRegistry.Interval[] memory intervals = new INodeRegistry.Interval[](1);
        uint64 from = _rewards.currentEpoch() + 2;
        intervals[0] = INodeRegistry.Interval(from, length % 2 == 0 ? FOREVER : from + uint64(length % 900));
        _registry.setIntervals(node % NODES, intervals);
    }

    function passTime(uint256 epochs) external {
        CHEATS.warp(block.timestamp + bounded(epochs, 1, 700) * 10 - 5);
    }

    function closeWords(uint256 count) external {
        _rewards.closeWords(count % 5);
        uint64 closed = _rewards.closedUntil();
        uint256 accumulated = closed == 0 ? 0 : _rewards.wordReward(closed - 1).accumulated;
        if (accumulated < highestAccumulated) hasFallen = true;
        highestAccumulated = accumulated;
    }

    function claim(uint32 node) external {
        uint32[] memory nodes = new uint32[](2);
        (nodes[0], nodes[1]) = (node % NODES, (node + 1) % NODES);
        try _rewards.claim(nodes) returns (uint256 amount) {
            claimed += amount;
            ++claims;
        } catch {
            ++refusedClaims;
        }
    }

    function claimWords(uint32 node, uint64 words) external {
        claimed += _rewards.claimWords(node % NODES, words % 4);
    }

    function claimAndStake(uint32 node) external {
        CHEATS.prank(address(uint160(0xB0 + (node % NODES))));
        claimed += _rewards.claimAndStake(node % NODES);
    }
}

contract NodeRewardsTest is SolidityTest {
    uint64 private constant GENESIS = 1_000_000;
    uint64 private constant EPOCH_LENGTH = 10;
    uint64 private constant HORIZON = 8;

    MeshToken private _token;
    CaesarEmissions private _emissions;
    NodeRewards private _rewards;
    StakeDouble private _stake;
    NodeRegistryDouble private _registry;
    RewardsHandler private _handler;

    function setUp() public {
        CHEATS.warp(GENESIS);
        NetworkParameters parameters = new NetworkParameters(
            address(this),
            _rows(),
            new INetworkParameters.Ordering[](0)
        );
        _emissions = new CaesarEmissions(address(this), parameters, GENESIS, 16, 8_500);
        _token = new MeshToken(address(_emissions), address(0xA1), address(0xA2), address(0xA3));
        _emissions.bindToken(address(_token));
        _registry = new NodeRegistryDouble(GENESIS, EPOCH_LENGTH);
        EpochMarksDouble uptime = new EpochMarksDouble(INodeRegistry(address(_registry)), HORIZON);
        CHEATS.warp(GENESIS + 100 * EPOCH_LENGTH);
        _rewards = new NodeRewards(
            NodeRewards.Settings({
                token: _token,
                emissions: _emissions,
                bridge: IAttestationBridge(address(uptime)),
                registry: INodeRegistry(address(_registry)),
                parameters: parameters,
                epochGenesis: GENESIS,
                epochLength: EPOCH_LENGTH
            })
        );
        _stake = new StakeDouble(_token, _rewards);
        _rewards.bindStaking(address(_stake), address(_stake));
        _emissions.setDistributor(address(_rewards));
        _handler = new RewardsHandler(_rewards, _stake, uptime, _registry);
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            _registry.setOperator(node, address(uint160(0xB0 + node)));
            INodeRegistry.Interval[] memory intervals = new INodeRegistry.Interval[](1);
            intervals[0] = INodeRegistry.Interval(101, type(uint64).max);
            _registry.setIntervals(node, intervals);
        }
        _target(address(_handler));
    }

    function invariant_rewardsNeverExceedEmissions() public view {
        uint256 owed = _rewards.recyclable();
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            INodeRewards.Preview memory preview = _rewards.preview(node);
            owed += preview.operatorAmount + preview.poolAmount + preview.returned;
        }
        _true(owed <= _token.balanceOf(address(_rewards)), "owed at most what is held");
    }

    function invariant_rewardsAreConserved() public view {
        uint256 held = _token.balanceOf(address(_rewards));
        _equal(_emissions.emitted(), _handler.claimed() + held, "emitted is claimed or held");
        _equal(_emissions.creditOf(address(_rewards)), 0, "nothing stays with the emissions");
        _equal(_handler.received(), _handler.claimed(), "received");
    }

    function invariant_emissionsStayBelowTheCurve() public view {
        _true(
            _emissions.emitted() <= _emissions.emittedBy(uint64(block.timestamp)),
            "emitted at most what the curve does"
        );
    }

    function invariant_accumulatorNeverFalls() public view {
        _true(!_handler.hasFallen(), "accumulator");
        uint64 closed = _rewards.closedUntil();
        for (uint64 word = 1; word < closed; ++word) {
            INodeRewards.WordReward memory reward = _rewards.wordReward(word);
            uint256 before = _rewards.wordReward(word - 1).accumulated;
            _equal(reward.accumulated, before + reward.perMesh, "accumulator is the sum of its words");
        }
    }

    function invariant_totalWeightIsTheSumOfTheNodes() public view {
        uint256 sum = 0;
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            (uint96 weight, ) = _rewards.weightAt(node, _rewards.currentEpoch() + 1);
            sum += weight;
            (uint96 own, uint96 pool, , bool isJailed) = _stake.bondsOf(node);
            _equal(weight, isJailed ? 0 : ((uint256(own) + pool) / 1e18) * 1e18, "weight of a node");
        }
        _equal(_rewards.totalWeight(), sum, "total weight");
    }

    function invariant_nothingIsRefused() public view {
        _equal(_handler.refusedClaims(), 0, "claims refused");
        _equal(_handler.refusedWeights(), 0, "weights refused");
    }

    /// @dev However the words were claimed, what is left at the end is rounding: a few wei for each MESH of weight and word.
    function invariant_everythingEmittedReachesNodesOrReturns() public {
        uint256 snapshot = CHEATS.snapshotState();
        CHEATS.warp(block.timestamp + 600 * EPOCH_LENGTH);
        _rewards.closeWords(1_000);
        for (uint32 node = 0; node < _handler.NODES(); ++node) {
            _rewards.claimWords(node, 1_000);
        }
        uint256 left = _token.balanceOf(address(_rewards)) - _rewards.recyclable();
        uint256 open = 0;
        for (uint64 word = (_rewards.currentEpoch() - HORIZON) >> 8; word < _rewards.closedUntil(); ++word) {
            open += _rewards.wordReward(word).perMesh;
        }
        _true(left <= _roundingBound() + open * 1e9, "left over");
        _true(CHEATS.revertToState(snapshot), "snapshot");
    }

    /// @dev Proves that the random actions are not all turned away.
    function test_handlerReachesEveryAction() public {
        _handler.setBonds(0, 10_000e18, 20_000e18 + 1, 1_000, false);
        _handler.setBonds(1, 10_000e18, 0, 0, false);
        _handler.passTime(300);
        _handler.mark(0, 8, 8, 0);
        _handler.mark(1, 4, 2, 2);
        _handler.passTime(300);
        _handler.closeWords(1);
        _handler.claim(0);
        _true(_handler.claimed() > 0, "claimed");
        _true(_rewards.recyclable() > 0, "returned");
        _handler.slash(0, 10_000);
        _handler.passTime(600);
        uint256 before = _handler.claimed();
        _handler.claimAndStake(1);
        _handler.claimWords(0, 3);
        _true(_handler.claimed() > before, "claimed and staked");
        _handler.setInterval(1, 3);
    }

    function _roundingBound() private view returns (uint256) {
        return (uint256(_rewards.closedUntil()) + 1) * 1e15;
    }

    function _rows() private pure returns (INetworkParameters.Parameter[] memory rows) {
        rows = new INetworkParameters.Parameter[](4);
        rows[0] = _row(ParameterIds.EMISSION_PACE_BP, 10_000);
        rows[1] = _row(ParameterIds.REWARD_DEGRADED_BP, 5_000);
        rows[2] = _row(ParameterIds.REWARD_UNREPORTED_BP, 5_000);
        rows[3] = _row(ParameterIds.REWARD_GRACE_EPOCHS, 300);
    }

    function _row(bytes32 id, uint256 value) private pure returns (INetworkParameters.Parameter memory) {
        return
            INetworkParameters.Parameter({
                id: id,
                value: value,
                pending: value,
                effectiveAt: 0,
                min: 1,
                max: 100_000,
                notice: 20
            });
    }
}
