// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestationBridge} from "../../../contracts/AttestationBridge.sol";
import {IAttestationBridge} from "../../../contracts/interfaces/IAttestationBridge.sol";
import {INetworkParameters} from "../../../contracts/interfaces/INetworkParameters.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IRelayerCommittee} from "../../../contracts/interfaces/IRelayerCommittee.sol";
import {NodeRegistryDouble} from "../../../contracts/mocks/NodeRegistryDouble.sol";
import {RelayerCommitteeDouble} from "../../../contracts/mocks/RelayerCommitteeDouble.sol";
import {SolidityTest} from "../support/SolidityTest.sol";
import {BridgeHandler, IChainCheats} from "./support/BridgeHandler.sol";

contract AttestationBridgeTest is SolidityTest {
    uint64 private constant GENESIS = 1_000_000;
    uint64 private constant EPOCH_LENGTH = 10;
    /// @dev Epochs that are compared one by one after each call.
    uint64 private constant RECENT = 6;

    AttestationBridge private _bridge;
    BridgeHandler private _handler;

    function setUp() public {
        CHEATS.warp(GENESIS);
        IChainCheats(address(CHEATS)).roll(100);
        NodeRegistryDouble registry = new NodeRegistryDouble(GENESIS, EPOCH_LENGTH);
        RelayerCommitteeDouble committee = new RelayerCommitteeDouble(GENESIS, EPOCH_LENGTH);
        registry.setNodeCount(1_024);
        _bridge = new AttestationBridge(
            AttestationBridge.Settings({
                registry: INodeRegistry(address(registry)),
                committee: IRelayerCommittee(address(committee)),
                parameters: INetworkParameters(address(registry)),
                timelock: address(this),
                epochGenesis: GENESIS,
                epochLength: EPOCH_LENGTH,
                reportWindow: 2,
                commitWindow: 2,
                challengeWindow: 2,
                responseWindow: 2
            })
        );
        _handler = new BridgeHandler(_bridge, registry, committee);
        _target(address(_handler));
    }

    function invariant_nothingIsAcceptedWithoutQuorum() public view {
        _equal(_handler.acceptedForgeries(), 0, "reports accepted with two thirds or less");
    }

    function invariant_oneReportPerEpochAndShardInOrder() public view {
        _equal(_handler.acceptedOutOfTurn(), 0, "reports accepted out of turn");
        for (uint32 shard = 0; shard < 2; ++shard) {
            uint64 next = _bridge.nextEpoch(shard);
            for (uint64 epoch = next > RECENT ? next - RECENT : 0; epoch < next + RECENT; ++epoch) {
                uint256 accepted = _handler.accepted(shard, epoch);
                _true(accepted <= (epoch < next ? 1 : 0), "reports of an epoch");
                bytes32 commitment = _bridge.reportCommitment(shard, epoch);
                _true(commitment == _handler.commitments(shard, epoch), "commitment of the first report");
            }
        }
    }

    function invariant_countsAddUpToTheRange() public view {
        uint64 current = _bridge.currentEpoch();
        if (current == 0) return;
        for (uint256 i = 0; i < 5; ++i) {
            uint32 node = _handler.nodes(i);
            uint64 middle = current / 2;
            IAttestationBridge.Uptime memory whole = _bridge.uptime(node, 0, current);
            _equal(_total(whole), current, "epochs of the range");
            if (middle == 0) continue;
            IAttestationBridge.Uptime memory left = _bridge.uptime(node, 0, middle);
            IAttestationBridge.Uptime memory right = _bridge.uptime(node, middle, current);
            _equal(left.attested + right.attested, whole.attested, "attested in halves");
            _equal(left.absent + right.absent, whole.absent, "absent in halves");
            _equal(left.degraded + right.degraded, whole.degraded, "degraded in halves");
            _equal(left.unreported + right.unreported, whole.unreported, "unreported in halves");
            _equal(left.pending + right.pending, whole.pending, "pending in halves");
        }
    }

    function invariant_statusIsWhatWasReported() public view {
        uint64 current = _bridge.currentEpoch();
        for (uint256 i = 0; i < 5; ++i) {
            uint32 node = _handler.nodes(i);
            for (uint64 epoch = current > RECENT ? current - RECENT : 0; epoch < current + 3; ++epoch) {
                IAttestationBridge.EpochStatus status = _bridge.statusOf(node, epoch);
                _equal(uint8(status), uint8(_handler.expectedStatus(node, epoch)), "status");
                if (epoch >= current) continue;
                _equal(_countOf(_bridge.uptime(node, epoch, epoch + 1), status), 1, "count of the status");
            }
        }
    }

    /// @dev Whatever happened before, an honest quorum can report both shards as soon as an epoch has ended.
    function invariant_noShardIsEverStuck() public {
        _equal(_handler.refusedInTurn(), 0, "honest reports refused");
        uint256 snapshot = CHEATS.snapshotState();
        for (uint256 shard = 0; shard < 2; ++shard) {
            _true(_handler.canReport(shard), "the next report is accepted");
        }
        _true(CHEATS.revertToState(snapshot), "snapshot");
    }

    /// @dev Proves that the random actions are not all turned away.
    function test_handlerReachesEveryAction() public {
        _handler.passTime(24);
        _handler.report(0, 5, 6);
        _handler.reportAnyEpoch(0, 0, 1);
        _equal(_handler.acceptedReports(), 1, "a report was accepted, its repetition was not");
        for (uint8 trick = 0; trick < 4; ++trick) {
            _handler.reportWithoutQuorum(0, trick);
        }
        _equal(_handler.forgeries(), 4, "forgeries tried");
        _handler.seatCommittee(6, 0);
        _handler.toggle(0);
        _handler.passOutage(400, 0);
        _handler.markUnreported(0, 7);
        _handler.report(0, 2, 1);
        _handler.report(1, 1, 2);
        _equal(_handler.acceptedReports(), 3, "reports of a new committee were accepted");
        _handler.toggle(0);
        _equal(_handler.refusedInTurn(), 0, "honest reports refused");
    }

    function _total(IAttestationBridge.Uptime memory counts) private pure returns (uint256) {
        return
            uint256(counts.attested) +
            counts.absent +
            counts.degraded +
            counts.unreported +
            counts.pending +
            counts.inactive;
    }

    function _countOf(
        IAttestationBridge.Uptime memory counts,
        IAttestationBridge.EpochStatus status
    ) private pure returns (uint64) {
        if (status == IAttestationBridge.EpochStatus.Inactive) return counts.inactive;
        if (status == IAttestationBridge.EpochStatus.Pending) return counts.pending;
        if (status == IAttestationBridge.EpochStatus.Attested) return counts.attested;
        if (status == IAttestationBridge.EpochStatus.Absent) return counts.absent;
        if (status == IAttestationBridge.EpochStatus.Degraded) return counts.degraded;
        return counts.unreported;
    }
}
