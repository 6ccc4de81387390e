// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestationBridge} from "../../../../contracts/AttestationBridge.sol";
import {IAttestationBridge} from "../../../../contracts/interfaces/IAttestationBridge.sol";
import {INodeRegistry} from "../../../../contracts/interfaces/INodeRegistry.sol";
import {NodeRegistryDouble} from "../../../../contracts/mocks/NodeRegistryDouble.sol";
import {RelayerCommitteeDouble} from "../../../../contracts/mocks/RelayerCommitteeDouble.sol";
import {bounded, ICheats} from "../../support/SolidityTest.sol";

/// @notice Further cheat codes: keys and block numbers.
interface IChainCheats {
    /// @notice Signs a digest with a private key.
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    /// @notice Returns the address of a private key.
    function addr(uint256 privateKey) external pure returns (address);

    /// @notice Sets the block number.
    function roll(uint256 blockNumber) external;
}

/// @notice Random life of a bridge with two shards: time, honest and dishonest reports, outages, joins and exits, new
/// committees of one to ten seats. Keeps its own plain record of what the bridge must say.
contract BridgeHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    IChainCheats private constant CHAIN = IChainCheats(address(CHEATS));
    uint64 private constant WINDOW = 2;
    uint256 private constant SHARD = 512;
    uint256 private constant FORGED_KEY = 987_654_321;
    uint64 private constant FOREVER = type(uint64).max;

    AttestationBridge private immutable _bridge;
    NodeRegistryDouble private immutable _registry;
    RelayerCommitteeDouble private immutable _committee;
    address private immutable _test;

    /// @dev A committee; the key of seat i is `firstKey + i`. Addresses need no order here.
    struct Seated {
        uint64 fromEpoch;
        uint256 firstKey;
        uint256 seats;
    }

    Seated[] private _seated;

    /// @notice Nodes whose statuses are recorded: edges of maps and shards.
    uint32[5] public nodes = [uint32(0), 255, 256, 511, 700];

    /// @notice Reports accepted for an epoch of a shard.
    mapping(uint256 shard => mapping(uint64 epoch => uint256)) public accepted;
    /// @notice Commitment of the accepted report.
    mapping(uint256 shard => mapping(uint64 epoch => bytes32)) public commitments;
    /// @notice Status that an accepted report gives a recorded node, whether or not it is active.
    mapping(uint32 node => mapping(uint64 epoch => IAttestationBridge.EpochStatus)) public reported;
    mapping(uint32 node => INodeRegistry.Interval[]) private _intervals;

    uint256 public acceptedReports;
    uint256 public forgeries;
    uint256 public acceptedForgeries;
    uint256 public acceptedOutOfTurn;
    uint256 public refusedInTurn;

    constructor(AttestationBridge bridge, NodeRegistryDouble registry, RelayerCommitteeDouble committee) {
        _bridge = bridge;
        _registry = registry;
        _committee = committee;
        _test = msg.sender;
        _seat(4, 0);
        for (uint256 i = 0; i < nodes.length; ++i) {
            _intervals[nodes[i]].push(INodeRegistry.Interval(0, FOREVER));
            registry.setIntervals(nodes[i], _intervals[nodes[i]]);
        }
    }

    function passTime(uint256 time) external {
        _pass(bounded(time, 1, 25));
    }

    /// @dev Rarely, the committee is silent for long.
    function passOutage(uint256 time, uint8 chance) external {
        if (chance < 32) _pass(bounded(time, 100, 6_000));
    }

    /// @dev An honest report of the epoch whose turn it is.
    function report(uint256 shard, uint256 absent, uint256 degraded) external {
        shard %= 2;
        uint64 epoch = turnOf(shard);
        if (epoch >= _bridge.currentEpoch()) return;
        if (!_submit(shard, epoch, [absent, degraded])) ++refusedInTurn;
    }

    /// @dev A fully signed report of any epoch near the present.
    function reportAnyEpoch(uint256 shard, uint256 offset, uint256 absent) external {
        shard %= 2;
        uint64 current = _bridge.currentEpoch();
        uint64 epoch = uint64(bounded(offset, current > 6 ? current - 6 : 0, current + 3));
        uint64 turn = turnOf(shard);
        bool isTurn = epoch == turn && epoch < current;
        bool ok = _submit(shard, epoch, [absent, 0]);
        if (ok && !isTurn) ++acceptedOutOfTurn;
        if (!ok && isTurn) ++refusedInTurn;
    }

    /// @dev One signature too few, and the missing one repeated, forged or left out.
    function reportWithoutQuorum(uint256 shard, uint8 trick) external {
        shard %= 2;
        uint64 epoch = turnOf(shard);
        IAttestationBridge.Report memory statement = _statement(shard, epoch, [uint256(0), 0]);
        bytes32 digest = _bridge.hashReport(statement);
        Seated memory members = _seatedIn(epoch);
        uint256 honest = quorumOf(members.seats) - 1;
        bytes memory signatures = _sign(digest, members.firstKey, honest);
        uint256 signers = (1 << honest) - 1;
        if (trick % 4 != 0) signers |= 1 << honest;
        if (trick % 4 == 1) signatures = bytes.concat(signatures, _signature(members.firstKey + honest + 1, digest));
        if (trick % 4 == 2) signatures = bytes.concat(signatures, _signature(FORGED_KEY, digest));
        if (trick % 4 == 3) signatures = bytes.concat(signatures, new bytes(65));
        if (_trySubmit(statement, signers, signatures)) ++acceptedForgeries;
        ++forgeries;
    }

    function markUnreported(uint256 shard, uint256 maxEpochs) external {
        shard %= 2;
        if (_bridge.nextEpoch(uint32(shard)) >= _firstOpen()) return;
        _bridge.markUnreported(uint32(shard), uint64(bounded(maxEpochs, 1, 400)));
    }

    function seatCommittee(uint256 seats, uint8 chance) external {
        if (chance < 64) _seat(bounded(seats, 1, 10), _bridge.currentEpoch() + 2);
    }

    /// @dev A node leaves or comes back, two epochs from now.
    function toggle(uint256 which) external {
        uint32 node = nodes[which % nodes.length];
        INodeRegistry.Interval[] storage intervals = _intervals[node];
        uint64 effect = _bridge.currentEpoch() + 2;
        INodeRegistry.Interval storage newest = intervals[intervals.length - 1];
        if (newest.until == FOREVER && newest.from < effect) newest.until = effect;
        else if (newest.until < effect) intervals.push(INodeRegistry.Interval(effect, FOREVER));
        else return;
        _registry.setIntervals(node, intervals);
    }

    /// @notice Proves, for the test only, that a shard is not stuck: reports the epoch whose turn it is, after waiting for one to end.
    function canReport(uint256 shard) external returns (bool) {
        if (msg.sender != _test) return false;
        if (turnOf(shard) >= _bridge.currentEpoch()) {
            CHEATS.warp(_bridge.epochStart(turnOf(shard) + 1));
        }
        return _submit(shard, turnOf(shard), [uint256(0), 0]);
    }

    /// @notice Returns the one epoch of a shard that a report may be about.
    function turnOf(uint256 shard) public view returns (uint64) {
        uint64 next = _bridge.nextEpoch(uint32(shard));
        uint64 open = _firstOpen();
        return next > open ? next : open;
    }

    /// @notice Returns the status that the plain record gives a recorded node.
    function expectedStatus(uint32 node, uint64 epoch) external view returns (IAttestationBridge.EpochStatus) {
        if (!_registry.isActive(node, epoch)) return IAttestationBridge.EpochStatus.Inactive;
        if (accepted[node / SHARD][epoch] != 0) return reported[node][epoch];
        return
            epoch < _firstOpen() ? IAttestationBridge.EpochStatus.Unreported : IAttestationBridge.EpochStatus.Pending;
    }

    function _pass(uint256 time) private {
        CHEATS.warp(block.timestamp + time);
        CHAIN.roll(block.number + 1 + time / 2);
    }

    function _firstOpen() private view returns (uint64) {
        uint64 current = _bridge.currentEpoch();
        return current > WINDOW ? current - WINDOW : 0;
    }

    /// @notice Returns the signatures that a committee must give.
    function quorumOf(uint256 seats) public pure returns (uint256) {
        return (2 * seats) / 3 + 1;
    }

    function _seat(uint256 seats, uint64 fromEpoch) private {
        uint256 firstKey = 1 + 100 * (_seated.length + 1);
        _seated.push(Seated(fromEpoch, firstKey, seats));
        address[] memory members = new address[](seats);
        for (uint256 i = 0; i < seats; ++i) {
            members[i] = CHAIN.addr(firstKey + i);
        }
        _committee.seat(fromEpoch, members);
    }

    function _seatedIn(uint64 epoch) private view returns (Seated memory) {
        return _seated[_versionIn(epoch) - 1];
    }

    function _versionIn(uint64 epoch) private view returns (uint32 version) {
        version = uint32(_seated.length);
        while (_seated[version - 1].fromEpoch > epoch) --version;
    }

    function _submit(uint256 shard, uint64 epoch, uint256[2] memory seeds) private returns (bool ok) {
        IAttestationBridge.Report memory statement = _statement(shard, epoch, seeds);
        bytes32 digest = _bridge.hashReport(statement);
        Seated memory members = _seatedIn(epoch);
        uint256 given = bounded(seeds[0], quorumOf(members.seats), members.seats);
        uint256 signers = (1 << given) - 1;
        ok = _trySubmit(statement, signers, _sign(digest, members.firstKey, given));
        if (!ok) return false;
        ++acceptedReports;
        ++accepted[shard][epoch];
        commitments[shard][epoch] = keccak256(abi.encode(digest, signers, statement.beacon));
        for (uint256 i = 0; i < nodes.length; ++i) {
            if (nodes[i] / SHARD == shard) reported[nodes[i]][epoch] = _statusIn(statement, nodes[i] % SHARD);
        }
    }

    function _trySubmit(
        IAttestationBridge.Report memory statement,
        uint256 signers,
        bytes memory signatures
    ) private returns (bool) {
        try _bridge.submitReport(statement, signers, signatures) {
            return true;
        } catch {
            return false;
        }
    }

    function _statement(
        uint256 shard,
        uint64 epoch,
        uint256[2] memory seeds
    ) private view returns (IAttestationBridge.Report memory) {
        uint64 beaconBlock = uint64(block.number - 12);
        return
            IAttestationBridge.Report({
                epoch: epoch,
                shard: uint32(shard),
                round: uint32(seeds[1] % 3),
                committeeVersion: _versionIn(epoch),
                beaconBlock: beaconBlock,
                beacon: blockhash(beaconBlock),
                root: keccak256(abi.encode(seeds)),
                absent: _list(seeds[0]),
                degraded: _list(seeds[1]),
                quality: new bytes(seeds[0] % 513)
            });
    }

    /// @dev Makes a list with holes, in half of the cases longer than what is kept node by node.
    function _list(uint256 seed) private pure returns (bytes memory list) {
        if (seed % 4 == 0) return "";
        uint256 step = seed % 4 == 1 ? 1 + (seed % 5) : 9 + (seed % 100);
        for (uint256 index = (seed >> 8) % 3; index < SHARD; index += step) {
            list = bytes.concat(list, bytes2(uint16(index)));
        }
    }

    function _sign(bytes32 digest, uint256 firstKey, uint256 given) private pure returns (bytes memory signatures) {
        for (uint256 i = 0; i < given; ++i) {
            signatures = bytes.concat(signatures, _signature(firstKey + i, digest));
        }
    }

    function _signature(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = CHAIN.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _statusIn(
        IAttestationBridge.Report memory statement,
        uint256 local
    ) private pure returns (IAttestationBridge.EpochStatus) {
        if (_names(statement.absent, local)) return IAttestationBridge.EpochStatus.Absent;
        if (_names(statement.degraded, local)) return IAttestationBridge.EpochStatus.Degraded;
        return IAttestationBridge.EpochStatus.Attested;
    }

    function _names(bytes memory list, uint256 local) private pure returns (bool) {
        for (uint256 i = 0; i < list.length; i += 2) {
            if ((uint256(uint8(list[i])) << 8) + uint8(list[i + 1]) == local) return true;
        }
        return false;
    }
}
