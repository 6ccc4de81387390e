import { countedWords } from "@pqmesh/contracts/protocol/exact-words";
import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import type { Command } from "commander";
import { addressArgument, identityArgument, naturalArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { momentText, timeFigure, unitsFigure, unitsText } from "../figures.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { CliError, print, usageError } from "../output.ts";
import { readBallot, readDiscardable, readRound, type Round } from "../round-state.ts";
import { descriptionRows } from "../shown-proposal.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";
import { readVoteWeight } from "../vote-weight.ts";

/** Most votes for one option. */
const MAX_VOTES = 65_535;

interface ShowOptions extends NetworkOptions {
  voter?: string;
}

/** Adds `pqmesh round …`. */
export function addRoundCommands(program: Command): void {
  const round = withExample(
    program
      .command("round")
      .description("rounds of voice credits: v votes for an option cost v² credits of your identity"),
    "round list",
    "round show 3 --voter 0xADDRESS",
  );

  withExample(withNetwork(round.command("list")), "round list --json")
    .description("print all rounds, the newest first")
    .action(list);

  withExample(withNetwork(round.command("show")), "round show 3", "round show 3 --voter 0xADDRESS")
    .description("print a round: its options in words, votes, times, and what is left of an account's credits")
    .argument("<roundId>", "number of the round (round list)")
    .option("--voter <address>", "say as well how this account has voted, and what it has left")
    .action(show);

  withExample(
    withWallet(round.command("vote")),
    "round vote 3 0=4 2=1 --wallet owner.json --dry-run",
    "round vote 3 0=0 --wallet owner.json --yes",
  )
    .description("give options of a round your votes, in place of those you gave them before; others keep theirs")
    .argument("<roundId>", "number of the round (round list)")
    .argument("<choices...>", "option=votes, for example 0=4; 0 votes take them back")
    .action(vote);

  withExample(withWallet(round.command("discard")), "round discard 3 4294967296 --wallet any.json --yes")
    .description("take the votes of an identity that is not certified any more out of an open round; anyone may")
    .argument("<roundId>", "number of the round (round list)")
    .argument("<identity>", "identity, as a whole number or hex (round show)")
    .action(discard);
}

async function list(options: NetworkOptions, command: Command): Promise<void> {
  const session = await openNetwork(options);
  const count = await session.client.readContract({
    ...contractOf(session, "QuadraticRound"),
    functionName: "roundCount",
  });
  const numbers = Array.from({ length: count }, (_, i) => count - i);
  const [rounds, now] = [await Promise.all(numbers.map((id) => readRound(session, id))), await chainTime(session)];
  const lines = rounds.map(({ roundId, season, state, kind, description, endsAt }) => {
    const title = visibleText(description.split("\n")[0] ?? "");
    return `${roundId}  ${state.padEnd(6)}  season ${season}, ${kind}: ${title}, until ${momentText(endsAt, now)}`;
  });
  print(command, { rounds: rounds.map((round) => figures(round, now)) }, lines.join("\n") || "There is no round yet.");
}

async function show(text: string, options: ShowOptions, command: Command): Promise<void> {
  const roundId = naturalArgument("roundId", text);
  const account = options.voter === undefined ? undefined : addressArgument("--voter", options.voter);
  const session = await openNetwork(options);
  const [round, now] = [await readRound(session, roundId), await chainTime(session)];
  const voter = account && {
    account,
    ...(await readBallot(session, round, (await readVoteWeight(session, account)).identity)),
  };
  const discardable = await readDiscardable(session, round);
  const rows = [
    `Round ${roundId} of season ${round.season}, ${round.state}: from ${momentText(round.startsAt, now)} until ${momentText(round.endsAt, now)}`,
    ...descriptionRows(round.description),
    `  ${round.credits} credits for each identity with ${unitsText(round.minUnits)} or more; an option needs ${countedWords(round.minVotes, "vote")}`,
    round.budget === null
      ? `  the ${round.winners === 1 ? "option with most votes wins" : `${round.winners} options with most votes win`}`
      : `  ${round.budget} are divided by votes`,
    ...round.options.map(({ option, sentence, votes }) => `  ${option}  ${countedWords(votes, "vote")}  ${sentence}`),
    ...(voter
      ? [`Account ${voter.account}: ${voter.spent} of ${round.credits} credits spent; votes ${voter.votes.join(", ")}`]
      : []),
    ...discardable.map(
      (identity) => `Identity ${identity} is not certified any more: anyone can take its votes out (round discard).`,
    ),
  ];
  print(command, { ...figures(round, now), voter: voter ?? null, discardable }, rows.join("\n"));
}

function figures({ startsAt, endsAt, minUnits, ...round }: Round, now: bigint) {
  const times = { startsAt: timeFigure(startsAt, now), endsAt: timeFigure(endsAt, now) };
  return { ...round, ...times, minUnits: unitsFigure(minUnits) };
}

async function vote(text: string, choices: string[], options: WalletOptions, command: Command): Promise<void> {
  const roundId = naturalArgument("roundId", text);
  const chosen = choices.map(choiceArgument).sort((a, b) => a.option - b.option);
  const session = await openWalletSession(options);
  const [round, now] = [await readRound(session, roundId), await chainTime(session)];
  requireOpen(round, now);
  requireOptions(chosen, round);
  const { identity } = await readVoteWeight(session, session.account.address);
  if (identity === 0n)
    throw new CliError(`wallet ${session.account.address} has no certified identity, so it has no credits`);
  const ballot = await readBallot(session, round, identity);
  const after = ballot.votes.map((votes, i) => BigInt(chosen.find(({ option }) => option === i)?.votes ?? votes));
  const spent = ballot.spent - costOf(ballot.votes) + costOf(after);
  if (spent > round.credits) {
    throw new CliError(
      `these votes cost ${costOf(after)} credits; with the season's other rounds that is ${spent} of ${round.credits}`,
    );
  }
  const paid = chosen.map(
    ({ option, votes }) =>
      `${countedWords(votes, "vote")} for option ${option} cost ${countedWords(votes ** 2, "credit")}: ${round.options[option]?.sentence}.`,
  );
  await runCall(
    session,
    {
      ...{ contract: "QuadraticRound", abi: ABIS.QuadraticRound, functionName: "vote", args: [roundId, chosen] },
      sentence: `Vote in round ${roundId} for ${chosen.length === 1 ? "one option" : `${chosen.length} options`}.`,
      after: () => [
        `${spent} of ${round.credits} credits of season ${round.season} are spent, ${ballot.spent} before.`,
      ],
      preview: () => ({
        gets: paid,
        unlocks: [
          `Until ${momentText(round.endsAt, now)} votes can be changed, and credits that come free be spent again.`,
        ],
        figures: { spentBefore: ballot.spent, spent, credits: round.credits, votes: after },
      }),
    },
    { options, command },
  );
}

async function discard(text: string, id: string, options: WalletOptions, command: Command): Promise<void> {
  const [roundId, identity] = [naturalArgument("roundId", text), identityArgument(id)];
  const session = await openWalletSession(options);
  const [round, now] = [await readRound(session, roundId), await chainTime(session)];
  requireOpen(round, now);
  const { votes } = await readBallot(session, round, identity);
  if (votes.every((count) => count === 0n)) {
    throw new CliError(`identity ${identity} has no votes in round ${roundId}`);
  }
  const taken = votes.flatMap((count, option) =>
    count > 0n ? [`Option ${option} loses ${countedWords(count, "vote")}.`] : [],
  );
  await runCall(
    session,
    {
      ...{ contract: "QuadraticRound", abi: ABIS.QuadraticRound, functionName: "discard", args: [roundId, identity] },
      sentence: `Take the votes of identity ${identity}, which is not certified any more, out of round ${roundId}.`,
      after: () => ["Its votes count no more; its credits of the season stay spent."],
      preview: () => ({ gets: taken, figures: { votes } }),
    },
    { options, command },
  );
}

function requireOpen({ roundId, state, startsAt, endsAt }: Round, now: bigint): void {
  if (state === "open") return;
  throw new CliError(
    `round ${roundId} is ${state}: votes count from ${momentText(startsAt, now)} until ${momentText(endsAt, now)}`,
  );
}

function choiceArgument(text: string): { option: number; votes: number } {
  const [, option = "", votes = ""] = /^([0-9]{1,3})=([0-9]{1,5})$/.exec(text) ?? [];
  if (option !== "" && Number(votes) <= MAX_VOTES) return { option: Number(option), votes: Number(votes) };
  throw usageError(
    `the choice "${text.slice(0, 40)}" must be option=votes, for example 0=4, with at most ${MAX_VOTES} votes`,
  );
}

function requireOptions(chosen: { option: number }[], { roundId, options }: Round): void {
  const missing = chosen.find(({ option }) => option >= options.length);
  if (missing)
    throw usageError(`round ${roundId} has options 0 to ${options.length - 1}, there is no option ${missing.option}`);
  const twice = chosen.find(({ option }, i) => chosen[i + 1]?.option === option);
  if (twice) throw usageError(`option ${twice.option} is named twice`);
}

function costOf(votes: readonly bigint[]): bigint {
  return votes.reduce((sum, count) => sum + count ** 2n, 0n);
}
