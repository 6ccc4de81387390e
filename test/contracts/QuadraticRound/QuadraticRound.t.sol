// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INetworkParameters} from "../../../contracts/interfaces/INetworkParameters.sol";
import {IQuadraticRound} from "../../../contracts/interfaces/IQuadraticRound.sol";
import {IQuadraticVotes} from "../../../contracts/interfaces/IQuadraticVotes.sol";
import {NetworkParameters} from "../../../contracts/NetworkParameters.sol";
import {QuadraticRound} from "../../../contracts/QuadraticRound.sol";
import {bounded, ICheats, SolidityTest} from "../support/SolidityTest.sol";

/// @notice Certificates and units by decree: what a round sees of QuadraticVotes and of its gate.
contract VotersDouble {
    mapping(address account => uint256 identity) public identityOf;
    mapping(uint256 identity => address account) public accountOf;

    /// @notice Gives an identity to an account and takes it from the one before; the zero address revokes it.
    function move(uint256 identity, address account) external {
        delete identityOf[accountOf[identity]];
        accountOf[identity] = account;
        if (account != address(0)) identityOf[account] = identity;
    }

    function gate() external view returns (address) {
        return address(this);
    }

    function holdingOf(uint256 identity) external view returns (IQuadraticVotes.Holding memory) {
        return IQuadraticVotes.Holding({account: accountOf[identity], since: 1, units: 1e9});
    }
}

/// @notice Identities that vote, move to other accounts, are revoked and admitted again, at random.
contract RoundHandler {
    ICheats private constant CHEATS = ICheats(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint256 public constant IDENTITIES = 5;
    uint32 public constant ROUNDS = 2;
    uint256 public constant OPTIONS = 20;

    QuadraticRound private immutable _rounds;
    VotersDouble private immutable _voters;

    uint256 public voted;
    uint256 public refused;
    mapping(uint256 identity => bool) public wasDiscarded;
    uint160 private _accounts = 0x1000;

    constructor(QuadraticRound rounds, VotersDouble voters) {
        _rounds = rounds;
        _voters = voters;
        for (uint256 i = 0; i < IDENTITIES; ++i) {
            _voters.move(identityAt(i), address(++_accounts));
        }
    }

    function vote(uint256 who, uint256 round, uint256 first, uint256 second, uint256 seed) external {
        IQuadraticRound.Choice[] memory choices = new IQuadraticRound.Choice[](2);
        choices[0] = _choice(first % (OPTIONS / 2), seed);
        choices[1] = _choice(OPTIONS / 2 + (second % (OPTIONS / 2)), seed >> 16);
        CHEATS.prank(_voters.accountOf(identityAt(who)));
        try _rounds.vote(_roundAt(round), choices) {
            ++voted;
        } catch {
            ++refused;
        }
    }

    function move(uint256 who) external {
        _voters.move(identityAt(who), address(++_accounts));
    }

    function revoke(uint256 who, uint256 round) external {
        uint256 identity = identityAt(who);
        _voters.move(identity, address(0));
        _rounds.discard(_roundAt(round), identity);
        wasDiscarded[identity] = true;
        _voters.move(identity, address(++_accounts));
    }

    function identityAt(uint256 i) public pure returns (uint256) {
        return (1 << 32) + (i % IDENTITIES);
    }

    function _roundAt(uint256 i) private pure returns (uint32) {
        return uint32(1 + (i % ROUNDS));
    }

    function _choice(uint256 option, uint256 seed) private pure returns (IQuadraticRound.Choice memory) {
        return IQuadraticRound.Choice({option: uint8(option), votes: uint16(bounded(seed & 0xffff, 0, 9))});
    }
}

contract QuadraticRoundTest is SolidityTest {
    uint48 private constant START = 1_000;
    uint48 private constant END = 2_000;
    uint32 private constant CREDITS = 100;
    uint96 private constant BUDGET = 1_000_003;

    QuadraticRound private _rounds;
    VotersDouble private _voters;
    RoundHandler private _handler;

    function setUp() public {
        CHEATS.warp(500);
        _voters = new VotersDouble();
        INetworkParameters.Parameter[] memory rows = new INetworkParameters.Parameter[](3);
        rows[0] = _row("voteUnlockDelay");
        rows[1] = _row("unbondingPeriod");
        rows[2] = _row("voteAgeRamp");
        NetworkParameters table = new NetworkParameters(address(this), rows, new INetworkParameters.Ordering[](0));
        _rounds = new QuadraticRound(IQuadraticVotes(address(_voters)), table, address(this));
        _rounds.openSeason(1, IQuadraticRound.Season(START, END, CREDITS, 1));
        _open(IQuadraticRound.RoundKind.Grants);
        _open(IQuadraticRound.RoundKind.Priorities);
        CHEATS.warp(START);
        _handler = new RoundHandler(_rounds, _voters);
        _target(address(_handler));
    }

    /// @notice Tallies are the sums of the ballots, option by option.
    function invariant_talliesAreTheSumOfTheBallots() public view {
        for (uint32 round = 1; round <= _handler.ROUNDS(); ++round) {
            uint256[] memory tally = _rounds.tallyOf(round);
            for (uint256 i = 0; i < _handler.IDENTITIES(); ++i) {
                uint256[] memory ballot = _rounds.ballotOf(round, _handler.identityAt(i));
                for (uint256 option = 0; option < tally.length; ++option) {
                    tally[option] -= ballot[option];
                }
            }
            for (uint256 option = 0; option < tally.length; ++option) {
                _equal(tally[option], 0, "votes of nobody");
            }
        }
    }

    /// @notice An identity's votes cost their squares, whatever accounts it had, and never more than its credits.
    function invariant_votesCostTheirSquare() public view {
        for (uint256 i = 0; i < _handler.IDENTITIES(); ++i) {
            uint256 identity = _handler.identityAt(i);
            uint256 cost = 0;
            for (uint32 round = 1; round <= _handler.ROUNDS(); ++round) {
                uint256[] memory ballot = _rounds.ballotOf(round, identity);
                for (uint256 option = 0; option < ballot.length; ++option) {
                    cost += ballot[option] ** 2;
                }
            }
            uint256 spent = _rounds.spentOf(1, identity);
            _true(spent <= CREDITS, "no more than the credits");
            if (_handler.wasDiscarded(identity)) _true(cost <= spent, "discarded votes stay paid");
            else _equal(cost, spent, "squares");
        }
    }

    /// @notice Whatever was voted, grants never exceed the budget.
    function invariant_grantsStayWithinTheBudget() public {
        uint256 snapshot = CHEATS.snapshotState();
        CHEATS.warp(END);
        (, , bytes[] memory calldatas, ) = _rounds.resultOf(1);
        uint256 paid = 0;
        for (uint256 i = 0; i < calldatas.length; ++i) {
            paid += _amountOf(calldatas[i]);
        }
        _true(paid <= BUDGET, "budget");
        _true(CHEATS.revertToState(snapshot), "back in the season");
    }

    /// @notice An identity has one budget for all rounds of a season.
    function test_oneBudgetForAllRounds(uint8 first, uint8 second) public {
        uint256 a = bounded(first, 0, 10);
        uint256 b = bounded(second, 0, 10);
        address account = address(0xa11ce);
        _voters.move(77, account);
        CHEATS.prank(account);
        _rounds.vote(1, _one(0, a));
        CHEATS.prank(account);
        (bool isDone, ) = address(_rounds).call(abi.encodeCall(_rounds.vote, (2, _one(0, b))));
        _true(isDone == (a * a + b * b <= CREDITS), "one budget for both rounds");
    }

    function _open(IQuadraticRound.RoundKind kind) private {
        bool isGrants = kind == IQuadraticRound.RoundKind.Grants;
        IQuadraticRound.Option[] memory options = new IQuadraticRound.Option[](20);
        for (uint256 i = 0; i < options.length; ++i) {
            options[i] = IQuadraticRound.Option({
                target: address(uint160(0x2000 + i)),
                most: isGrants ? uint96(BUDGET) : 0,
                data: isGrants ? bytes("") : abi.encodePacked(uint32(i))
            });
        }
        IQuadraticRound.RoundTerms memory terms = IQuadraticRound.RoundTerms({
            season: 1,
            kind: kind,
            winners: isGrants ? 0 : 3,
            minVotes: 1,
            token: IERC20(isGrants ? address(0x3000) : address(0)),
            budget: isGrants ? BUDGET : 0
        });
        _rounds.openRound(terms, options, "");
    }

    function _one(uint8 option, uint256 votes) private pure returns (IQuadraticRound.Choice[] memory choices) {
        choices = new IQuadraticRound.Choice[](1);
        choices[0] = IQuadraticRound.Choice({option: option, votes: uint16(votes)});
    }

    /// @dev Second argument of a transfer.
    function _amountOf(bytes memory transfer) private pure returns (uint256 amount) {
        assembly ("memory-safe") {
            amount := mload(add(transfer, 0x44))
        }
    }

    function _row(bytes32 id) private pure returns (INetworkParameters.Parameter memory) {
        return INetworkParameters.Parameter(id, 1_000, 1_000, 0, 1, 1_000, 0);
    }
}
