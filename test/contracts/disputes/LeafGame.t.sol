// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttestationBridge} from "../../../contracts/AttestationBridge.sol";
import {AttestationDisputes} from "../../../contracts/AttestationDisputes.sol";
import {IMLDSASwitch} from "../../../contracts/interfaces/IMLDSASwitch.sol";
import {NetworkStack} from "../support/NetworkStack.sol";
import {ILeafGameCheats, LeafGameHandler} from "./support/LeafGameHandler.sol";
import {SignatureOracle} from "./support/SignatureOracle.sol";

/// @notice Invariant 4 under random schedules: a committee of ten of which f, f + 1, a quorum or all are dishonest reports
/// sound, forged and unknown leaves; provers, challengers and members act late, twice or not at all.
/// @dev Signatures are judged by {SignatureOracle} instead of ML-DSA-65, which takes seconds here; real signatures are in
/// proveInvalid.test.ts.
contract LeafGameTest is NetworkStack {
    LeafGameHandler private _handler;
    AttestationDisputes private _disputes;
    AttestationBridge private _bridge;

    function setUp() public {
        _deployStack();
        _handler = new LeafGameHandler();
        SignatureOracle oracle = new SignatureOracle();
        _bridge = new AttestationBridge(
            AttestationBridge.Settings({
                registry: _registry,
                committee: _committee,
                parameters: _parameters,
                timelock: address(this),
                epochGenesis: GENESIS,
                epochLength: EPOCH_LENGTH,
                reportWindow: 2,
                commitWindow: 2,
                challengeWindow: 2,
                responseWindow: 2
            })
        );
        _disputes = new AttestationDisputes(_bridge, _registry, _committee, _parameters, IMLDSASwitch(address(oracle)));
        address[] memory arbiters = new address[](1);
        arbiters[0] = address(_disputes);
        _bridge.bindArbiters(arbiters);
        _committee.bindArbiters(arbiters);
        _bridge.approveMeasurement(_handler.BUILD());
        _stakeNode();
        _seatMembers();
        ILeafGameCheats(address(CHEATS)).deal(address(_handler), 1_000_000 ether);
        _handler.begin(_bridge, _disputes, _committee, _key(1));
        _target(address(_handler));
    }

    /// @dev A leaf that no node signed and that somebody held against the committee attests nothing before the horizon.
    function invariant_livenessCannotBeForged() public view {
        _equal(_handler.provenButAttested(), 0, "forged leaves that were proven in time and still attest");
        _equal(_handler.forgedButProofFailed(), 0, "proofs of forged leaves that were refused");
        _equal(_handler.withheldButAttested(), 0, "withheld leaves that were challenged in time and still attest");
    }

    /// @dev Honest members sign only what they verified, and one of them answers in time what it signed.
    function invariant_honestSignersAreNeverSlashed() public view {
        for (uint256 seat = 0; seat < 10; ++seat) {
            if (_handler.isDishonest(seat)) continue;
            _equal(_committee.relayerOf(_handler.memberAt(seat)).bond, MIN_BOND, "bond of an honest member");
        }
    }

    function invariant_honestSignersAreNeverJailed() public view {
        for (uint256 seat = 0; seat < 10; ++seat) {
            if (_handler.isDishonest(seat)) continue;
            _equal(_committee.relayerOf(_handler.memberAt(seat)).frozenUntil, 0, "jail of an honest member");
        }
    }

    function invariant_soundLeavesAreNeverProvenInvalid() public view {
        _equal(_handler.soundButProven(), 0, "sound leaves that were proven invalid");
        _equal(_handler.acceptedWithoutQuorum(), 0, "reports accepted with two thirds or less");
    }

    /// @dev Wei held are the bonds of challenges under way and the credits; MESH held are bonds and frozen funds.
    function invariant_disputesOweWhatTheyHold() public view {
        _equal(address(_disputes).balance, _handler.weiOwed(), "wei");
        uint256 owed = _committee.totalBonded() + _committee.totalFrozen();
        _equal(_token.balanceOf(address(_committee)), owed, "MESH");
    }

    function test_handlerReachesEveryAction() public {
        _handler.report(0, 7);
        for (uint256 i = 0; i < 2; ++i) _handler.corrupt(0);
        _handler.report(1, 7);
        _handler.prove(1);
        _handler.prove(0);
        _handler.passTime(1);
        _handler.report(2, 9);
        _handler.report(0, 6);
        _handler.challenge(2);
        _handler.challenge(3);
        _handler.passTime(3);
        _handler.expire(2);
        _handler.dismiss(3);
        _equal(_handler.reports(), 4, "reports");
        _equal(_handler.proofs(), 1, "proofs");
        _equal(_handler.expired(), 1, "expired challenges");
        _equal(_handler.dismissed(), 1, "dismissed challenges");
    }

    function _stakeNode() private {
        _registry.registerOperator(address(this), address(this), bytes32(uint256(1)));
        uint32 node = _registry.registerNode(_key(1), 0);
        _token.approve(address(_staking), MIN_STAKE);
        _staking.stake(node, MIN_STAKE);
    }

    function _seatMembers() private {
        address[] memory members = new address[](10);
        for (uint256 seat = 0; seat < 10; ++seat) {
            members[seat] = _handler.memberAt(seat);
            _token.transfer(members[seat], MIN_BOND);
            CHEATS.prank(members[seat]);
            _token.approve(address(_committee), MIN_BOND);
            CHEATS.prank(members[seat]);
            _committee.bond(MIN_BOND, _key(100 + seat), "https://member.example");
        }
        _committee.setCommittee(members);
    }
}
