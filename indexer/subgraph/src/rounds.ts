import { Address, BigInt, ethereum } from "@graphprotocol/graph-ts";
import { BallotDiscarded, RoundOpened, SeasonOpened, Voted } from "../generated/QuadraticRound/QuadraticRound";
import {
  Round,
  RoundBallot,
  RoundChoice,
  RoundOption,
  RoundVoteChange,
  Season,
  SeasonSpending,
} from "../generated/schema";
import { eventId } from "./entities";
import { loadGovernance, loadIdentity } from "./governance";

const ZERO = BigInt.zero();
const ROUND_KINDS = ["Grants", "Priorities"];

export function handleSeasonOpened(event: SeasonOpened): void {
  const season = new Season(event.params.seasonId.toString());
  season.number = event.params.seasonId.toI32();
  season.startsAt = event.params.startsAt;
  season.endsAt = event.params.endsAt;
  season.credits = event.params.credits;
  season.minUnits = event.params.minUnits;
  season.roundCount = 0;
  season.voterCount = 0;
  season.openedAt = event.block.timestamp;
  season.transaction = event.transaction.hash;
  season.save();
  const governance = loadGovernance();
  governance.seasonCount += 1;
  governance.save();
}

export function handleRoundOpened(event: RoundOpened): void {
  const season = Season.load(event.params.seasonId.toString())!;
  season.roundCount += 1;
  season.save();
  const terms = event.params.terms;
  const round = new Round(event.params.roundId.toString());
  round.number = event.params.roundId.toI32();
  round.season = season.id;
  round.kind = ROUND_KINDS[terms.kind];
  round.winners = terms.winners;
  round.minVotes = terms.minVotes;
  if (terms.token != Address.zero()) round.token = terms.token;
  round.budget = terms.budget;
  round.description = event.params.description;
  round.optionCount = event.params.options.length;
  round.totalVotes = ZERO;
  round.voterCount = 0;
  round.openedAt = event.block.timestamp;
  round.transaction = event.transaction.hash;
  round.save();
  recordOptions(round, event);
  const governance = loadGovernance();
  governance.roundCount += 1;
  governance.save();
}

export function handleRoundVoted(event: Voted): void {
  const round = mustLoadRound(event.params.roundId);
  const ballot = loadBallot(round, event.params.identity);
  ballot.account = event.params.account;
  ballot.isDiscarded = false;
  ballot.changedAt = event.block.timestamp;
  const choices = event.params.choices;
  const options: i32[] = [];
  const votes: i32[] = [];
  for (let i = 0; i < choices.length; i++) {
    setVotes(round, ballot, choices[i].option, BigInt.fromI32(choices[i].votes));
    options.push(choices[i].option);
    votes.push(choices[i].votes);
  }
  ballot.save();
  round.save();
  spend(round, ballot, event.params.spent);

  const change = voteChangeOf(ballot, event);
  change.account = event.params.account;
  change.isDiscard = false;
  change.options = options;
  change.votes = votes;
  change.spentAfter = event.params.spent;
  change.save();
}

export function handleBallotDiscarded(event: BallotDiscarded): void {
  const round = mustLoadRound(event.params.roundId);
  const ballot = RoundBallot.load(ballotKey(round, event.params.identity));
  if (ballot == null) return;
  for (let i = 0; i < round.optionCount; i++) setVotes(round, ballot, i, ZERO);
  ballot.isDiscarded = true;
  ballot.changedAt = event.block.timestamp;
  ballot.save();
  round.save();

  const change = voteChangeOf(ballot, event);
  change.isDiscard = true;
  change.options = [];
  change.votes = [];
  change.spentAfter = SeasonSpending.load(spendingKey(round, ballot))!.spent;
  change.save();
}

function mustLoadRound(roundId: BigInt): Round {
  return Round.load(roundId.toString())!;
}

function recordOptions(round: Round, event: RoundOpened): void {
  const options = event.params.options;
  for (let i = 0; i < options.length; i++) {
    const option = new RoundOption(optionKey(round, i));
    option.round = round.id;
    option.index = i;
    option.target = options[i].target;
    option.most = options[i].most;
    option.data = options[i].data;
    option.votes = ZERO;
    option.voterCount = 0;
    option.save();
  }
}

/** Counts the identity when this is its first ballot of the round; the caller saves round and ballot. */
function loadBallot(round: Round, nullifier: BigInt): RoundBallot {
  const id = ballotKey(round, nullifier);
  let ballot = RoundBallot.load(id);
  if (ballot == null) {
    const identity = loadIdentity(nullifier);
    identity.save();
    ballot = new RoundBallot(id);
    ballot.round = round.id;
    ballot.identity = identity.id;
    ballot.votes = ZERO;
    ballot.credits = ZERO;
    round.voterCount += 1;
  }
  return ballot;
}

/** Replaces an identity's votes for an option; the caller saves round and ballot. */
function setVotes(round: Round, ballot: RoundBallot, index: i32, votes: BigInt): void {
  const id = ballot.id + "-" + index.toString();
  let choice = RoundChoice.load(id);
  if (choice == null) {
    if (votes.isZero()) return;
    choice = new RoundChoice(id);
    choice.ballot = ballot.id;
    choice.option = optionKey(round, index);
    choice.votes = ZERO;
  }
  const before = choice.votes;
  choice.votes = votes;
  choice.save();

  const option = RoundOption.load(choice.option)!;
  option.votes = option.votes.plus(votes).minus(before);
  if (before.isZero() && !votes.isZero()) option.voterCount += 1;
  if (!before.isZero() && votes.isZero()) option.voterCount -= 1;
  option.save();

  round.totalVotes = round.totalVotes.plus(votes).minus(before);
  ballot.votes = ballot.votes.plus(votes).minus(before);
  ballot.credits = ballot.credits.plus(votes.times(votes)).minus(before.times(before));
}

function spend(round: Round, ballot: RoundBallot, spent: BigInt): void {
  const id = spendingKey(round, ballot);
  let spending = SeasonSpending.load(id);
  if (spending == null) {
    spending = new SeasonSpending(id);
    spending.season = round.season;
    spending.identity = ballot.identity;
    const season = Season.load(round.season)!;
    season.voterCount += 1;
    season.save();
  }
  spending.spent = spent;
  spending.save();
}

function voteChangeOf(ballot: RoundBallot, event: ethereum.Event): RoundVoteChange {
  const change = new RoundVoteChange(eventId(event));
  change.round = ballot.round;
  change.identity = ballot.identity;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  return change;
}

function optionKey(round: Round, index: i32): string {
  return round.id + "-" + index.toString();
}

function ballotKey(round: Round, identity: BigInt): string {
  return round.id + "-" + identity.toString();
}

function spendingKey(round: Round, ballot: RoundBallot): string {
  return round.season + "-" + ballot.identity;
}
