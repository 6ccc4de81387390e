// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {Governed} from "./Governed.sol";
import {INetworkParameters} from "./interfaces/INetworkParameters.sol";
import {IQuadraticRound} from "./interfaces/IQuadraticRound.sol";
import {IQuadraticVotes} from "./interfaces/IQuadraticVotes.sol";
import {PackedCounts} from "./libraries/PackedCounts.sol";
import {ParameterIds} from "./libraries/ParameterIds.sol";

contract QuadraticRound is IQuadraticRound, Governed {
    using PackedCounts for mapping(uint256 => uint256);

    /// @notice Largest number of options of a round.
    uint256 public constant MAX_OPTIONS = 64;
    /// @dev v² credits are at most 2^32 - 1, so that v fits.
    uint256 private constant BALLOT_BITS = 16;
    uint256 private constant TALLY_BITS = 64;

    INetworkParameters private immutable _parameters;

    /// @inheritdoc IQuadraticRound
    IQuadraticVotes public immutable override votes;

    /// @inheritdoc IQuadraticRound
    uint32 public override seasonCount;

    /// @inheritdoc IQuadraticRound
    uint32 public override roundCount;

    mapping(uint32 seasonId => Season) private _seasons;
    mapping(uint32 roundId => RoundTerms) private _rounds;
    mapping(uint32 roundId => Option[]) private _options;
    mapping(uint32 roundId => mapping(uint256 word => uint256)) private _tallies;
    mapping(uint32 roundId => mapping(uint256 identity => mapping(uint256 word => uint256))) private _ballots;

    /// @inheritdoc IQuadraticRound
    mapping(uint32 seasonId => mapping(uint256 identity => uint256 credits)) public override spentOf;

    constructor(IQuadraticVotes votes_, INetworkParameters parameters, address timelock_) Governed(timelock_) {
        if (address(votes_) == address(0)) revert Governed_ZeroAddress("votes");
        if (address(parameters) == address(0)) revert Governed_ZeroAddress("parameters");
        votes = votes_;
        _parameters = parameters;
    }

    // The DAO

    /// @inheritdoc IQuadraticRound
    function openSeason(uint32 seasonId, Season calldata terms) external onlyTimelock {
        uint32 next = seasonCount + 1;
        if (seasonId != next) revert QuadraticRound_WrongSeason(seasonId, next);
        uint256 longest =
            Math.min(_parameters.get(ParameterIds.VOTE_UNLOCK_DELAY), _parameters.get(ParameterIds.UNBONDING_PERIOD)) +
                _parameters.get(ParameterIds.VOTE_AGE_RAMP);
        bool isSound = terms.startsAt > block.timestamp && terms.endsAt > terms.startsAt;
        if (!isSound || terms.endsAt - terms.startsAt > longest) {
            revert QuadraticRound_InvalidPeriod(terms.startsAt, terms.endsAt, longest);
        }
        if (terms.credits == 0) revert QuadraticRound_NoCredits();
        seasonCount = next;
        _seasons[next] = terms;
        emit SeasonOpened(next, terms.startsAt, terms.endsAt, terms.credits, terms.minUnits);
    }

    /// @inheritdoc IQuadraticRound
    function openRound(
        RoundTerms calldata terms,
        Option[] calldata options,
        string calldata description
    ) external onlyTimelock returns (uint32 roundId) {
        if (block.timestamp >= _seasons[terms.season].startsAt) revert QuadraticRound_SeasonNotOpen(terms.season);
        if (options.length < 2 || options.length > MAX_OPTIONS) {
            revert QuadraticRound_OptionCount(options.length, MAX_OPTIONS);
        }
        _requireTerms(terms);
        roundId = ++roundCount;
        _rounds[roundId] = terms;
        for (uint256 i = 0; i < options.length; ++i) {
            _requireOption(terms.kind, options[i], i);
            _options[roundId].push(options[i]);
        }
        emit RoundOpened(roundId, terms.season, terms, options, description);
    }

    // Identities

    /// @inheritdoc IQuadraticRound
    function vote(uint32 roundId, Choice[] calldata choices) external {
        uint32 seasonId = _requireRound(roundId);
        Season memory season = _requireNow(seasonId);
        uint256 identity = _requireVoter(season);
        uint256 optionCount = _options[roundId].length;
        uint256 spent = spentOf[seasonId][identity];
        uint256 next = 0;
        for (uint256 i = 0; i < choices.length; ++i) {
            uint256 option = choices[i].option;
            if (option < next || option >= optionCount) revert QuadraticRound_WrongOption(option, optionCount);
            next = option + 1;
            spent = _setVotes(roundId, identity, choices[i], spent);
        }
        if (spent > season.credits) revert QuadraticRound_TooFewCredits(spent, season.credits);
        spentOf[seasonId][identity] = spent;
        emit Voted(roundId, identity, msg.sender, choices, spent);
    }

    /// @inheritdoc IQuadraticRound
    function discard(uint32 roundId, uint256 identity) external {
        _requireNow(_requireRound(roundId));
        if (votes.gate().accountOf(identity) != address(0)) revert QuadraticRound_Certified(identity);
        uint256 optionCount = _options[roundId].length;
        for (uint256 i = 0; i < optionCount; ++i) {
            _setVotes(roundId, identity, Choice({option: uint8(i), votes: 0}), type(uint128).max);
        }
        emit BallotDiscarded(roundId, identity);
    }

    // Reads

    /// @inheritdoc IQuadraticRound
    function resultOf(
        uint32 roundId
    )
        external
        view
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas, string memory description)
    {
        uint48 endsAt = _seasons[_requireRound(roundId)].endsAt;
        if (block.timestamp < endsAt) revert QuadraticRound_NotOver(endsAt);
        RoundTerms memory terms = _rounds[roundId];
        (targets, calldatas) = terms.kind == RoundKind.Grants ? _grants(roundId, terms) : _priorities(roundId, terms);
        values = new uint256[](targets.length);
        description = string.concat("Result of quadratic round ", Strings.toString(roundId));
    }

    /// @inheritdoc IQuadraticRound
    function tallyOf(uint32 roundId) public view returns (uint256[] memory) {
        return _read(_tallies[roundId], roundId, TALLY_BITS);
    }

    /// @inheritdoc IQuadraticRound
    function ballotOf(uint32 roundId, uint256 identity) external view returns (uint256[] memory) {
        return _read(_ballots[roundId][identity], roundId, BALLOT_BITS);
    }

    /// @inheritdoc IQuadraticRound
    function seasonOf(uint32 seasonId) external view returns (Season memory) {
        return _seasons[seasonId];
    }

    /// @inheritdoc IQuadraticRound
    function roundOf(uint32 roundId) external view returns (RoundTerms memory) {
        _requireRound(roundId);
        return _rounds[roundId];
    }

    /// @inheritdoc IQuadraticRound
    function optionsOf(uint32 roundId) external view returns (Option[] memory) {
        _requireRound(roundId);
        return _options[roundId];
    }

    // Internal

    /// @dev Replaces an identity's votes for an option; returns the credits spent after it.
    function _setVotes(
        uint32 roundId,
        uint256 identity,
        Choice memory choice,
        uint256 spent
    ) private returns (uint256) {
        mapping(uint256 word => uint256) storage ballot = _ballots[roundId][identity];
        uint256 option = choice.option;
        uint256 given = choice.votes;
        uint256 before = ballot.countAt(option, BALLOT_BITS);
        if (given == before) return spent;
        ballot.set(option, BALLOT_BITS, given);
        mapping(uint256 word => uint256) storage tally = _tallies[roundId];
        tally.set(option, TALLY_BITS, tally.countAt(option, TALLY_BITS) + given - before);
        return spent + given * given - before * before;
    }

    function _requireRound(uint32 roundId) private view returns (uint32 seasonId) {
        seasonId = _rounds[roundId].season;
        if (seasonId == 0) revert QuadraticRound_UnknownRound(roundId);
    }

    function _requireNow(uint32 seasonId) private view returns (Season memory season) {
        season = _seasons[seasonId];
        if (block.timestamp < season.startsAt || block.timestamp >= season.endsAt) {
            revert QuadraticRound_NotNow(season.startsAt, season.endsAt);
        }
    }

    /// @dev Returns the caller's identity, which must be certified now, held since the season began and have its units.
    function _requireVoter(Season memory season) private view returns (uint256 identity) {
        identity = votes.gate().identityOf(msg.sender);
        if (identity == 0) revert QuadraticRound_NotCertified(msg.sender);
        IQuadraticVotes.Holding memory holding = votes.holdingOf(identity);
        if (holding.account != msg.sender || holding.since > season.startsAt) {
            revert QuadraticRound_HeldTooLate(identity, holding.since, season.startsAt);
        }
        if (holding.units < season.minUnits) revert QuadraticRound_TooFewUnits(holding.units, season.minUnits);
    }

    function _requireTerms(RoundTerms calldata terms) private pure {
        bool isGrants = terms.kind == RoundKind.Grants;
        if (terms.minVotes == 0) revert QuadraticRound_InvalidTerms("minVotes");
        if ((terms.winners == 0) != isGrants) revert QuadraticRound_InvalidTerms("winners");
        if ((address(terms.token) != address(0)) != isGrants) revert QuadraticRound_InvalidTerms("token");
        if ((terms.budget != 0) != isGrants) revert QuadraticRound_InvalidTerms("budget");
    }

    function _requireOption(RoundKind kind, Option calldata option, uint256 i) private pure {
        bool isGrant = option.most != 0 && option.data.length == 0;
        bool isCall = option.most == 0 && option.data.length >= 4;
        if (option.target == address(0) || !(kind == RoundKind.Grants ? isGrant : isCall)) {
            revert QuadraticRound_InvalidOption(i);
        }
    }

    function _read(
        mapping(uint256 word => uint256) storage words,
        uint32 roundId,
        uint256 bits
    ) private view returns (uint256[] memory counts) {
        _requireRound(roundId);
        counts = new uint256[](_options[roundId].length);
        for (uint256 i = 0; i < counts.length; ++i) {
            counts[i] = words.countAt(i, bits);
        }
    }

    /// @dev Transfers of grants: each option's part of the budget.
    function _grants(
        uint32 roundId,
        RoundTerms memory terms
    ) private view returns (address[] memory targets, bytes[] memory calldatas) {
        uint256[] memory tally = tallyOf(roundId);
        uint256 total = 0;
        for (uint256 i = 0; i < tally.length; ++i) {
            if (tally[i] < terms.minVotes) tally[i] = 0;
            total += tally[i];
        }
        targets = new address[](tally.length);
        calldatas = new bytes[](tally.length);
        uint256 count = 0;
        for (uint256 i = 0; i < tally.length; ++i) {
            if (tally[i] == 0) continue;
            Option storage option = _options[roundId][i];
            uint256 amount = Math.min(option.most, (terms.budget * tally[i]) / total);
            if (amount == 0) continue;
            targets[count] = address(terms.token);
            calldatas[count++] = abi.encodeCall(IERC20.transfer, (option.target, amount));
        }
        _shorten(targets, calldatas, count);
    }

    /// @dev Calls of the options with most votes.
    function _priorities(
        uint32 roundId,
        RoundTerms memory terms
    ) private view returns (address[] memory targets, bytes[] memory calldatas) {
        uint256[] memory tally = tallyOf(roundId);
        uint256 most = Math.min(terms.winners, tally.length);
        targets = new address[](most);
        calldatas = new bytes[](most);
        uint256 count = 0;
        for (; count < most; ++count) {
            uint256 best = _best(tally);
            if (tally[best] < terms.minVotes) break;
            tally[best] = 0;
            Option storage option = _options[roundId][best];
            targets[count] = option.target;
            calldatas[count] = option.data;
        }
        _shorten(targets, calldatas, count);
    }

    /// @dev Returns the first of the options with most votes.
    function _best(uint256[] memory tally) private pure returns (uint256 best) {
        for (uint256 i = 1; i < tally.length; ++i) {
            if (tally[i] > tally[best]) best = i;
        }
    }

    function _shorten(address[] memory targets, bytes[] memory calldatas, uint256 count) private pure {
        assembly ("memory-safe") {
            mstore(targets, count)
            mstore(calldatas, count)
        }
    }
}
