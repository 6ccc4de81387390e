// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestationBridge} from "../../../../contracts/AttestationBridge.sol";
import {AttestationDisputes} from "../../../../contracts/AttestationDisputes.sol";
import {IAttestationBridge} from "../../../../contracts/interfaces/IAttestationBridge.sol";
import {IAttestationDisputes} from "../../../../contracts/interfaces/IAttestationDisputes.sol";
import {IEvidence} from "../../../../contracts/interfaces/IEvidence.sol";
import {IRelayerCommittee} from "../../../../contracts/interfaces/IRelayerCommittee.sol";
import {bounded, ICheats} from "../../support/SolidityTest.sol";
import {gameSignature} from "./SignatureOracle.sol";

/// @notice Further cheat codes: keys, blocks and balances.
interface ILeafGameCheats {
    /// @notice Signs a digest with a private key.
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    /// @notice Returns the address of a private key.
    function addr(uint256 privateKey) external pure returns (address);

    /// @notice Sets the block number.
    function roll(uint256 blockNumber) external;

    /// @notice Sets the balance of an account in wei.
    function deal(address account, uint256 amount) external;
}

/// @notice Random life of the leaf game about one node and ten members, of which more and more are dishonest. Honest members
/// sign sound leaves only, and answer every challenge about them before time passes.
contract LeafGameHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));
    ILeafGameCheats private constant CHAIN = ILeafGameCheats(address(CHEATS));
    uint256 private constant SEATS = 10;
    uint64 private constant WINDOW = 2;
    uint256 private constant SOUND = 0;
    uint256 private constant GARBAGE = 2;
    /// @notice Build that is allowed.
    bytes32 public constant BUILD = "build";

    /// @dev A report that was accepted. Kind: 0 sound leaf, 1 leaf with a forged signature, 2 root over garbage.
    struct Made {
        uint256 kind;
        IEvidence.ReportSummary summary;
        IAttestationBridge.Attestation attestation;
        bytes signature;
        bool isProven;
        uint256 challengeId;
    }

    AttestationBridge private _bridge;
    AttestationDisputes private _disputes;
    IRelayerCommittee private _committee;
    bytes private _nodeKey;
    Made[] private _made;
    uint256[SEATS] private _keys;
    mapping(address member => uint256) private _seatOf;

    /// @notice Seats below this one are dishonest: f, f + 1, a quorum or all of ten.
    uint256 public dishonest = 3;
    uint256 public proofs;
    uint256 public expired;
    uint256 public dismissed;
    uint256 public acceptedWithoutQuorum;
    uint256 public provenButAttested;
    uint256 public forgedButProofFailed;
    uint256 public withheldButAttested;
    uint256 public soundButProven;

    constructor() {
        for (uint256 i = 0; i < SEATS; ++i) {
            uint256 key = 1_000 + i;
            uint256 place = i;
            for (; place > 0 && CHAIN.addr(_keys[place - 1]) > CHAIN.addr(key); --place)
                _keys[place] = _keys[place - 1];
            _keys[place] = key;
        }
        for (uint256 i = 0; i < SEATS; ++i) _seatOf[memberAt(i)] = i;
    }

    /// @dev Only the first call counts, so that random ones do nothing.
    function begin(
        AttestationBridge bridge,
        AttestationDisputes disputes,
        IRelayerCommittee committee,
        bytes calldata nodeKey
    ) external {
        if (address(_bridge) != address(0)) return;
        (_bridge, _disputes, _committee, _nodeKey) = (bridge, disputes, committee, nodeKey);
        _pass(6);
    }

    /// @dev Ever more members become dishonest; none comes back.
    function corrupt(uint8 chance) external {
        if (chance >= 16) return;
        dishonest =
            dishonest == 3
                ? 4
                : dishonest == 4
                    ? 7
                    : 10;
    }

    function passTime(uint256 epochs) external {
        _answerAsHonestMembers();
        _pass(bounded(epochs, 1, 3));
    }

    /// @dev Reports the epoch whose turn it is. Everybody signs a sound leaf; of another one the dishonest members do.
    function report(uint256 kind, uint256 seed) public {
        kind %= 3;
        uint64 current = _bridge.currentEpoch();
        uint64 next = _bridge.nextEpoch(0);
        uint64 epoch = current > WINDOW && next < current - WINDOW ? current - WINDOW : next;
        if (epoch >= current) return;
        Made memory made = _leafOf(kind, epoch, seed);
        (IAttestationBridge.Report memory statement, uint256 needed) = _statementOf(made, epoch);
        (uint256 signers, uint256 given, bytes memory signatures) = _signAll(
            kind,
            epoch,
            _bridge.hashReport(statement)
        );
        made.summary.signers = signers;
        try _bridge.submitReport(statement, signers, signatures) {
            if (given < needed) ++acceptedWithoutQuorum;
            _made.push(made);
        } catch {}
    }

    function prove(uint256 index) external {
        if (_made.length == 0) return;
        Made storage made = _made[index % _made.length];
        if (made.kind == GARBAGE) return;
        bytes32 attestationHash = _bridge.hashAttestation(made.attestation);
        bytes32 leafHash = keccak256(abi.encode(uint32(0), attestationHash, keccak256(made.signature)));
        bytes32 evidence = keccak256(abi.encode(_digestOf(made), leafHash));
        try _disputes.claimEvidence(keccak256(abi.encode(address(this), evidence, bytes32(0)))) {} catch {}
        CHAIN.roll(block.number + 2);
        IAttestationDisputes.Leaf memory leaf;
        leaf.domain = _domain();
        leaf.attestation = made.attestation;
        leaf.signature = made.signature;
        IAttestationDisputes.Support memory support;
        support.key = _nodeKey;
        try _disputes.proveInvalid(made.summary, leaf, IAttestationDisputes.Flaw.Signature, support) {
            if (made.kind == SOUND) ++soundButProven;
            made.isProven = true;
            ++proofs;
            if (_attestsBeforeHorizon(made.summary.epoch)) ++provenButAttested;
        } catch {
            if (made.kind != SOUND && !made.isProven) ++forgedButProofFailed;
        }
    }

    function challenge(uint256 index) external {
        if (_made.length == 0) return;
        Made storage made = _made[index % _made.length];
        uint256 bond = _disputes.challengeBond();
        try _disputes.challenge{value: bond}(made.summary, "", 0) returns (uint256 id) {
            made.challengeId = id;
        } catch {}
    }

    /// @dev A dishonest member may show what it holds, too.
    function respond(uint256 index) external {
        if (_made.length == 0) return;
        _answer(_made[index % _made.length]);
    }

    function expire(uint256 index) external {
        if (_made.length == 0) return;
        Made storage made = _made[index % _made.length];
        try _disputes.expireChallenge(made.challengeId) {
            ++expired;
            if (_attestsBeforeHorizon(made.summary.epoch)) ++withheldButAttested;
        } catch {}
    }

    function dismiss(uint256 index) external {
        if (_made.length == 0) return;
        try _disputes.dismissChallenge(_made[index % _made.length].challengeId) {
            ++dismissed;
        } catch {}
    }

    function reports() external view returns (uint256) {
        return _made.length;
    }

    function isDishonest(uint256 seat) external view returns (bool) {
        return seat < dishonest;
    }

    function memberAt(uint256 seat) public view returns (address) {
        return CHAIN.addr(_keys[seat]);
    }

    /// @notice Returns the bonds of challenges under way and all credits.
    function weiOwed() external view returns (uint256 sum) {
        sum = _disputes.creditOf(address(this));
        for (uint256 seat = 0; seat < SEATS; ++seat) sum += _disputes.creditOf(memberAt(seat));
        for (uint256 i = 0; i < _made.length; ++i) {
            IAttestationDisputes.Challenge memory asked = _disputes.challengeOf(_made[i].challengeId);
            bool isUnderWay =
                asked.state == IAttestationDisputes.ChallengeState.Queued ||
                    asked.state == IAttestationDisputes.ChallengeState.Open ||
                    asked.state == IAttestationDisputes.ChallengeState.Answered;
            if (isUnderWay) sum += asked.bond;
        }
    }

    function _answerAsHonestMembers() private {
        for (uint256 i = 0; i < _made.length; ++i) {
            if (_made[i].kind == SOUND && dishonest < SEATS) _answer(_made[i]);
        }
    }

    /// @dev Answers by the last signer, which is honest when any is.
    function _answer(Made storage made) private {
        if (made.challengeId == 0 || made.kind == GARBAGE) return;
        (, bytes memory packed) = _committee.committeeFor(made.summary.epoch);
        uint256 seat = packed.length / 20;
        while (seat > 0 && (made.summary.signers >> (seat - 1)) & 1 == 0) --seat;
        bytes32[9] memory proof;
        CHEATS.prank(_memberIn(packed, seat - 1));
        try _disputes.respond(made.challengeId, seat - 1, made.attestation, made.signature, proof) {} catch {}
    }

    function _attestsBeforeHorizon(uint64 epoch) private view returns (bool) {
        return
            epoch >= _bridge.finalizedBefore() && _bridge.statusOf(0, epoch) == IAttestationBridge.EpochStatus.Attested;
    }

    function _leafOf(uint256 kind, uint64 epoch, uint256 seed) private view returns (Made memory made) {
        made.kind = kind;
        made.attestation.epoch = epoch;
        made.attestation.sequence = 1;
        made.attestation.measurement = BUILD;
        made.attestation.work = uint64(seed);
        bytes32 digest = _bridge.hashAttestation(made.attestation);
        made.signature = gameSignature(kind == SOUND ? bytes("sound") : bytes("wrong"), abi.encodePacked(digest));
    }

    /// @dev Tree with one leaf at position 0, whose siblings are all zero.
    function _statementOf(
        Made memory made,
        uint64 epoch
    ) private returns (IAttestationBridge.Report memory statement, uint256 needed) {
        bytes32 digest = _bridge.hashAttestation(made.attestation);
        bytes32 node = keccak256(abi.encode(uint32(0), digest, keccak256(made.signature)));
        if (made.kind == GARBAGE) node = keccak256("garbage");
        for (uint256 depth = 0; depth < 9; ++depth) node = keccak256(abi.encode(node, bytes32(0)));
        CHAIN.roll(block.number + 20);
        statement.epoch = epoch;
        statement.committeeVersion = _committee.versionAt(epoch);
        statement.beaconBlock = uint64(block.number - 15);
        statement.beacon = blockhash(block.number - 15);
        statement.root = node;
        needed = _committee.quorumOf(statement.committeeVersion);
        IEvidence.ReportSummary memory summary = made.summary;
        summary.epoch = epoch;
        summary.committeeVersion = statement.committeeVersion;
        summary.beaconBlock = statement.beaconBlock;
        summary.beacon = statement.beacon;
        summary.root = node;
        (summary.absentHash, summary.degradedHash, summary.qualityHash) = (keccak256(""), keccak256(""), keccak256(""));
    }

    function _signAll(
        uint256 kind,
        uint64 epoch,
        bytes32 digest
    ) private view returns (uint256 signers, uint256 given, bytes memory signatures) {
        (, bytes memory packed) = _committee.committeeFor(epoch);
        for (uint256 i = 0; i < packed.length / 20; ++i) {
            uint256 seat = _seatOf[_memberIn(packed, i)];
            if (kind != SOUND && seat >= dishonest) continue;
            (uint8 v, bytes32 r, bytes32 s) = CHAIN.sign(_keys[seat], digest);
            signatures = abi.encodePacked(signatures, r, s, v);
            signers |= 1 << i;
            ++given;
        }
    }

    function _digestOf(Made memory made) private view returns (bytes32) {
        IAttestationBridge.Report memory statement;
        statement.epoch = made.summary.epoch;
        statement.committeeVersion = made.summary.committeeVersion;
        statement.beaconBlock = made.summary.beaconBlock;
        statement.beacon = made.summary.beacon;
        statement.root = made.summary.root;
        return _bridge.hashReport(statement);
    }

    function _domain() private view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
        );
        return keccak256(abi.encode(typeHash, keccak256("PQMesh"), keccak256("1"), block.chainid, _bridge));
    }

    function _memberIn(bytes memory packed, uint256 seat) private pure returns (address member) {
        assembly ("memory-safe") {
            member := shr(96, mload(add(add(packed, 32), mul(seat, 20))))
        }
    }

    function _pass(uint256 epochs) private {
        CHEATS.warp(block.timestamp + epochs * 10);
        CHAIN.roll(block.number + epochs * 10);
    }
}
