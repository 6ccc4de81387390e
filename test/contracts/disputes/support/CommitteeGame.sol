// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {AttestationBridge} from "../../../../contracts/AttestationBridge.sol";
import {AttestationDisputes} from "../../../../contracts/AttestationDisputes.sol";
import {IAttestationBridge} from "../../../../contracts/interfaces/IAttestationBridge.sol";
import {IAttestationDisputes} from "../../../../contracts/interfaces/IAttestationDisputes.sol";
import {IEvidence} from "../../../../contracts/interfaces/IEvidence.sol";
import {StatementHash} from "../../../../contracts/libraries/StatementHash.sol";
import {MemberOffences} from "../../../../contracts/MemberOffences.sol";
import {IMLDSASwitch} from "../../../../contracts/interfaces/IMLDSASwitch.sol";
import {ISelfAttestation} from "../../../../contracts/interfaces/ISelfAttestation.sol";
import {SelfAttestation} from "../../../../contracts/SelfAttestation.sol";
import {NetworkStack} from "../../support/NetworkStack.sol";
import {GameTree} from "./GameTree.sol";
import {ILeafGameCheats} from "./LeafGameHandler.sol";
import {gameSignature, SignatureOracle} from "./SignatureOracle.sol";

/// @notice Ten members, some dishonest, and any number of nodes that all attest in every epoch and put their hashes on chain.
/// @dev Everything about a leaf follows from report, node and kind, so that a report is a few slots.
abstract contract CommitteeGame is NetworkStack {
    /// @dev What a report has in the place of a node. Sound; a signature that is none; a hash of nothing; and attestations
    /// that the node did sign, but for another epoch, with a beacon that nobody recorded, with a sequence of zero, for a
    /// build that is not allowed, or in another node's name. Omitted: the node is named absent though it attested.
    enum Kind {
        Sound,
        Forged,
        Garbage,
        Replayed,
        Stale,
        Unnumbered,
        Unapproved,
        Borrowed,
        Omitted
    }

    /// @dev A report that was accepted.
    struct Made {
        IEvidence.ReportSummary summary;
        bytes32 digest;
        bytes kinds;
        bytes absent;
    }

    ILeafGameCheats internal constant CHAIN = ILeafGameCheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 internal constant SEATS = 10;
    uint64 internal constant WINDOW = 2;
    bytes32 internal constant BUILD = "build";

    AttestationBridge internal _bridge;
    AttestationDisputes internal _disputes;
    SelfAttestation internal _selfAttestation;
    MemberOffences internal _offences;
    uint32 internal _nodes;
    uint256[SEATS] internal _keys;
    mapping(address member => uint256) internal _seatOf;
    mapping(uint256 index => Made) internal _made;
    mapping(uint64 epoch => uint256 indexPlusOne) internal _madeFor;
    uint256 internal _madeCount;
    /// @dev What the contracts know too, kept here because the runner remembers every call of a schedule.
    mapping(uint64 epoch => bytes32) internal _beaconOf;
    bytes32 private _domainSeparator;

    receive() external payable {}

    function _deployGame(uint32 nodes) internal {
        _deployStack();
        IMLDSASwitch verifiers = IMLDSASwitch(address(new SignatureOracle()));
        _bridge = new AttestationBridge(
            AttestationBridge.Settings(
                _registry,
                _committee,
                _parameters,
                address(this),
                GENESIS,
                EPOCH_LENGTH,
                2,
                2,
                2,
                2
            )
        );
        _domainSeparator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("PQMesh"),
                keccak256("1"),
                block.chainid,
                _bridge
            )
        );
        _disputes = new AttestationDisputes(_bridge, _registry, _committee, _parameters, verifiers);
        _selfAttestation = new SelfAttestation(_bridge, _registry, verifiers);
        _offences = new MemberOffences(_bridge, _disputes, _committee, _parameters, verifiers);
        address[] memory arbiters = new address[](3);
        (arbiters[0], arbiters[1], arbiters[2]) = (address(_disputes), address(_selfAttestation), address(_offences));
        _bridge.bindArbiters(arbiters);
        _committee.bindArbiters(arbiters);
        _bridge.approveMeasurement(BUILD);
        _stakeNodes(nodes);
        _seatMembers();
        CHAIN.deal(address(this), 1_000_000 ether);
        for (uint256 i = 0; i < 12; ++i) _passEpoch(i > 8);
    }

    /// @dev Goes on by one epoch, in which a beacon is recorded and, when wanted, all nodes commit what they attest.
    function _passEpoch(bool doesCommit) internal {
        CHEATS.warp(block.timestamp + EPOCH_LENGTH);
        CHAIN.roll(block.number + 20);
        _bridge.recordBeacon(uint64(block.number) - 13);
        uint64 epoch = (uint64(block.timestamp) - GENESIS) / EPOCH_LENGTH;
        _beaconOf[epoch] = blockhash(block.number - 13);
        if (!doesCommit) return;
        for (uint32 node = 0; node < _nodes; ++node) {
            bytes32 digest = _digestOf(_attestationOf(node, epoch, Kind.Sound));
            _bridge.commitAttestation(node, epoch, digest);
        }
    }

    /// @dev Submits a report with these kinds of leaves, signed by the members in `willing`, and with forged signatures of those
    /// in `forged`; returns whether it was accepted and whether the willing ones are a quorum.
    function _report(
        uint64 epoch,
        bytes memory kinds,
        uint256 willing,
        uint256 forged
    ) internal returns (bool isAccepted, bool isQuorum) {
        Made memory made;
        made.kinds = kinds;
        made.absent = _omittedIn(kinds);
        IAttestationBridge.Report memory statement;
        CHAIN.roll(block.number + 20);
        statement.epoch = epoch;
        statement.committeeVersion = _committee.versionAt(epoch);
        statement.beaconBlock = uint64(block.number - 15);
        statement.beacon = blockhash(block.number - 15);
        statement.root = GameTree.rootOf(_leavesOf(kinds, epoch));
        statement.absent = made.absent;
        made.digest = _bridge.hashReport(statement);
        bytes memory signatures;
        uint256 given;
        (made.summary.signers, signatures, given) = _signed(epoch, made.digest, willing, forged);
        isQuorum = given >= _committee.quorumOf(statement.committeeVersion);
        try _bridge.submitReport(statement, made.summary.signers, signatures) {
            isAccepted = true;
            _keep(made, statement);
        } catch {}
    }

    function _claim(IEvidence judge, bytes32 evidence) internal {
        try judge.claimEvidence(keccak256(abi.encode(address(this), evidence, bytes32(0)))) {} catch {}
        CHAIN.roll(block.number + 2);
    }

    /// @dev Accuses the leaf of a node of a flaw, with the reports that its beacon could come from.
    function _prove(uint256 index, uint32 node, IAttestationDisputes.Flaw flaw) internal returns (bool isProven) {
        Made memory made = _made[index];
        Kind kind = Kind(uint8(made.kinds[node]));
        IAttestationDisputes.Leaf memory leaf;
        (leaf.position, leaf.nodeIndex, leaf.domain) = (node, node, _domainSeparator);
        leaf.attestation = _attestationOf(node, made.summary.epoch, kind);
        leaf.signature = _signatureOf(node, made.summary.epoch, kind);
        bytes32[] memory leaves = _leavesOf(made.kinds, made.summary.epoch);
        leaf.proof = GameTree.proofOf(leaves, node);
        IAttestationDisputes.Support memory support;
        support.key = _key(node);
        support.absent = made.absent;
        support.history = _historyOf(made.summary.epoch);
        _claim(_disputes, keccak256(abi.encode(made.digest, leaves[node])));
        try _disputes.proveInvalid(made.summary, leaf, flaw, support) {
            isProven = true;
        } catch {}
    }

    function _challenge(uint256 index, uint32 node) internal returns (uint256 id) {
        Made memory made = _made[index];
        uint256 bond = _disputes.challengeBond();
        try _disputes.challenge{value: bond}(made.summary, made.absent, node) returns (uint256 made_) {
            id = made_;
        } catch {}
    }

    /// @dev Answers a challenge as somebody, truthfully or not.
    function _respond(uint256 index, uint32 node, address by, uint256 seat) internal returns (bool isAnswered) {
        Made memory made = _made[index];
        uint64 epoch = made.summary.epoch;
        Kind kind = Kind(uint8(made.kinds[node]));
        uint256 id = _disputes.challengeAbout(node, epoch);
        bytes32[9] memory proof = GameTree.proofOf(_leavesOf(made.kinds, epoch), node);
        IAttestationBridge.Attestation memory attestation = _attestationOf(node, epoch, kind);
        bytes memory signature = _signatureOf(node, epoch, kind);
        CHEATS.prank(by);
        try _disputes.respond(id, seat, attestation, signature, proof) {
            isAnswered = true;
        } catch {}
    }

    /// @dev The node proves its own epoch by what it committed.
    function _selfAttest(uint32 node, uint64 epoch) internal returns (uint256 admitted) {
        IAttestationBridge.Attestation memory made = _attestationOf(node, epoch, Kind.Sound);
        ISelfAttestation.Run memory run;
        (run.nodeIndex, run.sequence, run.previous) = (node, made.sequence, made.previous);
        run.builds = new bytes32[](1);
        run.builds[0] = made.measurement;
        run.sources = new ISelfAttestation.Source[](1);
        (run.sources[0].epoch, run.sources[0].beacon) = (epoch - 1, made.beacon);
        run.chain = abi.encodePacked(
            abi.encodePacked(made.epoch, uint16(0), made.shares, made.cpuLoadBp, made.memoryUsedBp, made.storageUsedBp),
            abi.encodePacked(made.heartbeats, made.latencyMicros, made.space, made.stake, made.work, made.time)
        );
        run.key = _key(node);
        run.signature = _signatureOf(node, epoch, Kind.Sound);
        return _selfAttestation.selfAttest(run);
    }

    function _memberAt(uint64 epoch, uint256 seat) internal view returns (address member) {
        (, bytes memory packed) = _committee.committeeFor(epoch);
        assembly ("memory-safe") {
            member := shr(96, mload(add(add(packed, 32), mul(seat, 20))))
        }
    }

    function _attestationOf(
        uint32 node,
        uint64 epoch,
        Kind kind
    ) internal view returns (IAttestationBridge.Attestation memory attestation) {
        attestation.nodeIndex = kind == Kind.Borrowed ? node ^ 1 : node;
        attestation.epoch = kind == Kind.Replayed ? epoch - 1 : epoch;
        attestation.sequence = kind == Kind.Unnumbered ? 0 : 1;
        attestation.measurement = kind == Kind.Unapproved ? bytes32("other") : BUILD;
        attestation.beacon = kind == Kind.Stale ? bytes32("stale") : _beaconOf[attestation.epoch - 1];
        attestation.work = node;
    }

    function _signatureOf(uint32 node, uint64 epoch, Kind kind) internal view returns (bytes memory) {
        bytes32 digest = _digestOf(_attestationOf(node, epoch, kind));
        return gameSignature(kind == Kind.Forged ? bytes("wrong") : bytes("sound"), abi.encodePacked(digest));
    }

    function _leavesOf(bytes memory kinds, uint64 epoch) internal view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](kinds.length);
        for (uint32 node = 0; node < kinds.length; ++node) {
            Kind kind = Kind(uint8(kinds[node]));
            if (kind == Kind.Omitted) continue;
            bytes32 digest = _digestOf(_attestationOf(node, epoch, kind));
            bytes32 leaf = keccak256(abi.encode(node, digest, keccak256(_signatureOf(node, epoch, kind))));
            leaves[node] = kind == Kind.Garbage ? keccak256(abi.encode("garbage", node)) : leaf;
        }
    }

    function _omittedIn(bytes memory kinds) private pure returns (bytes memory list) {
        for (uint16 node = 0; node < kinds.length; ++node) {
            if (Kind(uint8(kinds[node])) == Kind.Omitted) list = abi.encodePacked(list, node);
        }
    }

    /// @dev A signature of a member, or one that is not: by another key, or of another statement that the member did sign.
    function _sign(uint256 member, bytes32 digest, bool isForged) internal view returns (bytes memory) {
        uint256 key = _keys[member];
        if (isForged && (uint256(digest) & 1 == 0 || _madeCount == 0)) key += 1_000;
        else if (isForged) digest = keccak256(abi.encode(_made[0].digest, digest));
        (uint8 v, bytes32 r, bytes32 s) = CHAIN.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _signed(
        uint64 epoch,
        bytes32 digest,
        uint256 willing,
        uint256 forged
    ) private view returns (uint256 signers, bytes memory signatures, uint256 given) {
        (, bytes memory packed) = _committee.committeeFor(epoch);
        for (uint256 i = 0; i < packed.length / 20; ++i) {
            uint256 member = _seatOf[_memberAt(epoch, i)];
            bool isWilling = (willing >> member) & 1 == 1;
            if (!isWilling && (forged >> member) & 1 == 0) continue;
            signatures = abi.encodePacked(signatures, _sign(member, digest, !isWilling));
            signers |= 1 << i;
            if (isWilling) ++given;
        }
    }

    function _keep(Made memory made, IAttestationBridge.Report memory statement) private {
        IEvidence.ReportSummary memory summary = made.summary;
        summary.epoch = statement.epoch;
        summary.committeeVersion = statement.committeeVersion;
        summary.beaconBlock = statement.beaconBlock;
        summary.beacon = statement.beacon;
        summary.root = statement.root;
        (summary.degradedHash, summary.qualityHash) = (keccak256(""), keccak256(""));
        summary.absentHash = keccak256(made.absent);
        _made[_madeCount] = made;
        _madeFor[statement.epoch] = ++_madeCount;
    }

    function _historyOf(uint64 epoch) private view returns (IEvidence.ReportSummary[] memory history) {
        history = new IEvidence.ReportSummary[](8);
        uint256 count = 0;
        for (uint64 past = epoch - 8; past < epoch; ++past) {
            if (_madeFor[past] != 0) history[count++] = _made[_madeFor[past] - 1].summary;
        }
        assembly ("memory-safe") {
            mstore(history, count)
        }
    }

    function _digestOf(IAttestationBridge.Attestation memory attestation) private view returns (bytes32) {
        bytes32 structHash = keccak256(abi.encode(StatementHash.ATTESTATION_TYPEHASH, attestation));
        return MessageHashUtils.toTypedDataHash(_domainSeparator, structHash);
    }

    function _stakeNodes(uint32 nodes) private {
        _nodes = nodes;
        _registry.registerOperator(address(this), address(this), bytes32(uint256(1)));
        _token.approve(address(_staking), nodes * MIN_STAKE);
        for (uint32 node = 0; node < nodes; ++node) {
            _registry.registerNode(_key(node), 0);
            _staking.stake(node, MIN_STAKE);
        }
    }

    function _seatMembers() private {
        address[] memory members = new address[](SEATS);
        for (uint256 i = 0; i < SEATS; ++i) {
            uint256 place = i;
            for (; place > 0 && CHAIN.addr(_keys[place - 1]) > CHAIN.addr(1_000 + i); --place)
                _keys[place] = _keys[place - 1];
            _keys[place] = 1_000 + i;
        }
        for (uint256 seat = 0; seat < SEATS; ++seat) {
            members[seat] = CHAIN.addr(_keys[seat]);
            _seatOf[members[seat]] = seat;
            _token.transfer(members[seat], MIN_BOND);
            CHEATS.prank(members[seat]);
            _token.approve(address(_committee), MIN_BOND);
            CHEATS.prank(members[seat]);
            _committee.bond(MIN_BOND, _key(1_000 + seat), "https://member.example");
        }
        _committee.setCommittee(members);
    }
}
