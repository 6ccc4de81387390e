// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationBridge} from "../../../contracts/interfaces/IAttestationBridge.sol";
import {IAttestationDisputes} from "../../../contracts/interfaces/IAttestationDisputes.sol";
import {INetworkParameters} from "../../../contracts/interfaces/INetworkParameters.sol";
import {IRelayerCommittee} from "../../../contracts/interfaces/IRelayerCommittee.sol";
import {ParameterIds} from "../../../contracts/libraries/ParameterIds.sol";
import {CommitteeFees} from "../../../contracts/CommitteeFees.sol";
import {MeshToken} from "../../../contracts/MeshToken.sol";
import {NetworkParameters} from "../../../contracts/NetworkParameters.sol";
import {SolidityTest} from "../support/SolidityTest.sol";
import {FeesHandler, ReportsDouble} from "./FeesHandler.sol";

contract CommitteeFeesTest is SolidityTest {
    MeshToken private _token;
    CommitteeFees private _fees;
    ReportsDouble private _reports;
    FeesHandler private _handler;

    function setUp() public {
        CHEATS.warp(1_000_000);
        INetworkParameters.Parameter[] memory rows = new INetworkParameters.Parameter[](2);
        rows[0] = INetworkParameters.Parameter(ParameterIds.REPORT_FEE, 5e18, 5e18, 0, 1, 10e18, 20);
        rows[1] = INetworkParameters.Parameter(ParameterIds.COMMITTEE_SILENT_REPORTS, 2, 2, 0, 1, 100, 20);
        NetworkParameters parameters = new NetworkParameters(address(this), rows, new INetworkParameters.Ordering[](0));
        _token = new MeshToken(address(this), address(0xA1), address(0xA2), address(0xA3));
        _reports = new ReportsDouble();
        _fees = new CommitteeFees(
            _token,
            IAttestationBridge(address(_reports)),
            IRelayerCommittee(address(_reports)),
            IAttestationDisputes(address(_reports)),
            parameters
        );
        _handler = new FeesHandler(_fees, _reports, parameters, _token);
        _true(_token.transfer(address(_handler), 1_000_000e18), "transfer");
        _target(address(_handler));
    }

    function invariant_feesAreConserved() public view {
        uint256 owed = _fees.reserve();
        for (uint256 i = 0; i < _handler.MEMBERS(); ++i) {
            owed += _fees.feesOf(_handler.memberAt(i));
        }
        _equal(_token.balanceOf(address(_fees)), owed + _handler.donated(), "reserve and fees are what is held");
        _equal(_handler.funded(), owed + _handler.withdrawn(), "funded is reserve, fees and what was withdrawn");
    }

    function invariant_membersAreCreditedWhatTheyEarned() public view {
        for (uint256 i = 0; i < _handler.MEMBERS(); ++i) {
            address member = _handler.memberAt(i);
            _equal(_fees.feesOf(member), _handler.creditedTo(member), "fees of a member");
        }
    }

    function invariant_onlyFinalHonestReportsArePaidOnce() public view {
        _true(!_handler.hasPaidWrongly(), "a report that is not final, challenged, forged or not known was paid");
        _true(!_handler.hasOverpaid(), "a report was paid more than its fee");
    }

    function invariant_onlySilentMembersLoseTheirSeat() public view {
        _true(!_handler.hasUnseatedSigner(), "a member that signed lost its seat");
    }

    /// @dev Anybody's call suffices, and leaves nothing but the reserve behind.
    function invariant_allFeesCanLeave() public {
        uint256 snapshot = CHEATS.snapshotState();
        for (uint256 i = 0; i < _handler.MEMBERS(); ++i) {
            if (_fees.feesOf(_handler.memberAt(i)) > 0) _fees.withdraw(_handler.memberAt(i));
        }
        _equal(_token.balanceOf(address(_fees)), _fees.reserve() + _handler.donated(), "left");
        _true(CHEATS.revertToState(snapshot), "snapshot");
    }

    /// @dev Proves that the random actions are not all turned away.
    function test_handlerReachesEveryAction() public {
        _handler.fund(20e18);
        _handler.report(3, 2, 0, 0);
        _handler.report(3, 2, 0, 0);
        _handler.collect(0, 3);
        _equal(_handler.paidReports(), 0, "paid before they are final");
        _handler.finalize(0);
        _handler.collectUnknown(0, 7);
        _handler.collect(0, 3);
        _equal(_handler.paidReports(), 2, "paid");
        _handler.withdraw(1);
        _true(_handler.withdrawn() > 0, "withdrawn");
        for (uint256 i = 0; i < 6; ++i) {
            _handler.report(3, 1, 0, 0);
        }
        _handler.removeSilent(0, 7);
        _true(_reports.unseated() == address(0), "the first seat signed");
        _handler.removeSilent(3, 7);
        _true(_reports.unseated() == _handler.memberAt(3), "the fourth seat did not");
        _handler.proveForged(7, 0);
        _handler.finalize(0);
        _handler.collect(7, 1);
        _equal(_handler.paidReports(), 2, "forged ones are not paid");
        _handler.setFee(1);
        _handler.passTime(29);
        _handler.collect(2, 1);
        _equal(_handler.paidReports(), 3, "paid at another fee");
        _handler.donate(3);
        _handler.report(3, 1, 0, 0);
        _handler.challenge(0);
        _handler.finalize(0);
        _handler.collect(8, 1);
        _equal(_handler.paidReports(), 3, "challenged ones wait");
        _handler.endChallenge(8, 60);
        _handler.collect(8, 1);
        _equal(_handler.paidReports(), 4, "paid once the challenge has ended");
    }
}
