// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IQuadraticVotes} from "./IQuadraticVotes.sol";

/// @notice Rounds in which identities spend voice credits on options: v votes for an option cost v² credits.
/// @dev Every identity has the same credits for a season and divides them among all its rounds. A result is a list of calls for a
/// proposal of the governor: nothing is paid or changed unless that proposal passes as well.
/// Safety: credits belong to the identity, whatever account holds it, and an identity needs units of {IQuadraticVotes}. A season
/// is no longer than MESH needs to leave stake or lock and to age with another identity, so that none stands for two in one season.
interface IQuadraticRound {
    /// @notice What a round decides: how a budget is divided, or which calls are to be made.
    enum RoundKind {
        Grants,
        Priorities
    }

    /// @notice When credits can be spent, and by whom.
    /// @param startsAt Unix time in seconds from which credits can be spent. Identities count that are held since then or before.
    /// @param endsAt Unix time in seconds from which they cannot be spent any more.
    /// @param credits Voice credits of every identity.
    /// @param minUnits Units that an identity must have to spend them.
    struct Season {
        uint48 startsAt;
        uint48 endsAt;
        uint32 credits;
        uint48 minUnits;
    }

    /// @notice What a round is about.
    /// @param season Number of its season.
    /// @param kind What it decides.
    /// @param winners Largest number of options whose calls are the result; 0 for grants.
    /// @param minVotes Votes that an option must have to be in the result; one at least.
    /// @param token Token of the grants; the zero address for priorities.
    /// @param budget What is divided among grants, in smallest units of the token; 0 for priorities.
    struct RoundTerms {
        uint32 season;
        RoundKind kind;
        uint8 winners;
        uint32 minVotes;
        IERC20 token;
        uint96 budget;
    }

    /// @notice What can be voted for.
    /// @param target Receiver of a grant; contract that is called for a priority.
    /// @param most Largest grant that is asked for, in smallest units of the token; 0 for priorities.
    /// @param data Call for a priority; empty for grants.
    struct Option {
        address target;
        uint96 most;
        bytes data;
    }

    /// @notice Votes for an option, in place of those that the identity gave it before.
    /// @param option Index of the option.
    /// @param votes Votes; 0 takes them back.
    struct Choice {
        uint8 option;
        uint16 votes;
    }

    /// @notice Emitted when the timelock opens a season.
    event SeasonOpened(uint32 indexed seasonId, uint48 startsAt, uint48 endsAt, uint32 credits, uint48 minUnits);

    /// @notice Emitted when the timelock adds a round to a season. `description` says in words what the options are.
    event RoundOpened(
        uint32 indexed roundId,
        uint32 indexed seasonId,
        RoundTerms terms,
        Option[] options,
        string description
    );

    /// @notice Emitted when an identity votes. `spent` are its credits that are spent in the season after it.
    event Voted(
        uint32 indexed roundId,
        uint256 indexed identity,
        address indexed account,
        Choice[] choices,
        uint256 spent
    );

    /// @notice Emitted when the votes of an identity are taken out of an open round, because it is not certified any more.
    event BallotDiscarded(uint32 indexed roundId, uint256 indexed identity);

    /// @notice Thrown when a season is opened under another number than the next one.
    error QuadraticRound_WrongSeason(uint32 seasonId, uint32 next);

    /// @notice Thrown when a season would not begin in the future, or last for no time or more than `longest` seconds.
    error QuadraticRound_InvalidPeriod(uint48 startsAt, uint48 endsAt, uint256 longest);

    /// @notice Thrown when a season would give no credits.
    error QuadraticRound_NoCredits();

    /// @notice Thrown when a season does not exist, or has begun so that rounds cannot be added.
    error QuadraticRound_SeasonNotOpen(uint32 seasonId);

    /// @notice Thrown when a round has fewer than two options or more than `max`.
    error QuadraticRound_OptionCount(uint256 count, uint256 max);

    /// @notice Thrown when terms of a round do not fit its kind; `field` names the one.
    error QuadraticRound_InvalidTerms(string field);

    /// @notice Thrown when an option does not fit the round's kind.
    error QuadraticRound_InvalidOption(uint256 option);

    /// @notice Thrown when a round does not exist.
    error QuadraticRound_UnknownRound(uint32 roundId);

    /// @notice Thrown when somebody votes before or after the season.
    error QuadraticRound_NotNow(uint48 startsAt, uint48 endsAt);

    /// @notice Thrown when a result is asked for before the season's end (Unix seconds).
    error QuadraticRound_NotOver(uint48 endsAt);

    /// @notice Thrown when the caller has no certified identity.
    error QuadraticRound_NotCertified(address account);

    /// @notice Thrown when the caller does not hold its identity since the season began (Unix seconds), or was never synced.
    error QuadraticRound_HeldTooLate(uint256 identity, uint48 since, uint48 startsAt);

    /// @notice Thrown when an identity has fewer units than the season asks for.
    error QuadraticRound_TooFewUnits(uint256 units, uint256 minUnits);

    /// @notice Thrown when options are not in rising order, or one does not exist.
    error QuadraticRound_WrongOption(uint256 option, uint256 optionCount);

    /// @notice Thrown when an identity would spend more credits than it has.
    error QuadraticRound_TooFewCredits(uint256 cost, uint256 credits);

    /// @notice Thrown when votes of an identity are discarded that is certified.
    error QuadraticRound_Certified(uint256 identity);

    /// @notice Opens the next season. Timelock only (GovernanceOp).
    /// @param seasonId Number of the season, {seasonCount} + 1, so that rounds in the same proposal can name it.
    function openSeason(uint32 seasonId, Season calldata terms) external;

    /// @notice Adds a round to a season that has not begun. Timelock only (GovernanceOp).
    /// @dev Warning: a receiver of a grant, and a call of a priority, should be read by everybody before credits are spent.
    function openRound(
        RoundTerms calldata terms,
        Option[] calldata options,
        string calldata description
    ) external returns (uint32 roundId);

    /// @notice Gives options of a round the caller's votes, in place of earlier ones; others keep theirs.
    /// @param choices Options in rising order. What all votes of the season cost may not exceed its credits.
    function vote(uint32 roundId, Choice[] calldata choices) external;

    /// @notice Takes the votes of an identity that is not certified any more out of an open round. Anyone.
    /// @dev Its credits stay spent.
    function discard(uint32 roundId, uint256 identity) external;

    /// @notice Returns the calls that a round decided for, to be proposed to the governor, once its season is over.
    /// @dev Grants: the budget in proportion to votes among options with `minVotes`, none above what it asks for, rounded down; the rest stays
    /// in the treasury. Priorities: the options with most votes, those with the lower index first among equals. May be no calls.
    function resultOf(
        uint32 roundId
    )
        external
        view
        returns (
            address[] memory targets,
            uint256[] memory values,
            bytes[] memory calldatas,
            string memory description
        );

    /// @notice Returns the votes of every option.
    function tallyOf(uint32 roundId) external view returns (uint256[] memory);

    /// @notice Returns the votes that an identity gave to every option.
    function ballotOf(uint32 roundId, uint256 identity) external view returns (uint256[] memory);

    /// @notice Returns the credits that an identity has spent in a season.
    function spentOf(uint32 seasonId, uint256 identity) external view returns (uint256);

    /// @notice Returns a season.
    function seasonOf(uint32 seasonId) external view returns (Season memory);

    /// @notice Returns the terms of a round.
    function roundOf(uint32 roundId) external view returns (RoundTerms memory);

    /// @notice Returns the options of a round.
    function optionsOf(uint32 roundId) external view returns (Option[] memory);

    /// @notice Returns how many seasons there were; the newest has this number.
    function seasonCount() external view returns (uint32);

    /// @notice Returns how many rounds there were; the newest has this number.
    function roundCount() external view returns (uint32);

    /// @notice Returns where identities and their units come from.
    function votes() external view returns (IQuadraticVotes);
}
