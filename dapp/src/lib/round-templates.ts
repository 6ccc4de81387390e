import { quadraticRoundAbi } from "@pqmesh/contracts/generated/quadratic-round-abi";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { type Address, type ContractFunctionArgs, encodeFunctionData, size, zeroAddress } from "viem";
import {
  type ActionDraft,
  type ActionField,
  type ActionKind,
  type ActionTemplate,
  type DraftContext,
  DraftProblem,
} from "./action-draft.ts";
import { addressOf, amountOf, choiceOf, durationOf, naturalOf, textOf, unitsOf } from "./action-field-values.ts";
import { formatDuration } from "./format.ts";
import { type NetworkParameterTable, parameterValue } from "./network-parameters.ts";
import type { TokenUnit } from "./token-amount.ts";

type ReadCall = (draft: ActionDraft, context: DraftContext) => GovernanceCall;
type OpenRound = ContractFunctionArgs<typeof quadraticRoundAbi, "nonpayable", "openRound">;

/** What `QuadraticRound` takes at most. */
export const MAX_OPTIONS = 64;
const MAX_UINT32 = 2n ** 32n - 1n;
const MAX_WINNERS = 255n;
/** Whole units that a uint48 holds, 9 decimals. */
const MAX_MIN_UNITS = 281_474n * 10n ** 9n;
/** Kinds of `IQuadraticRound.RoundKind`. */
const [GRANTS, PRIORITIES] = [0, 1];

const SEASON: ActionField = {
  ...{ name: "season", label: "Season" },
  choices: ({ openSeasons }) => openSeasons.map((season) => [String(season), `Season ${season}`] as const),
  hint: ({ openSeasons }) =>
    openSeasons.length > 0
      ? "A round is added before its season begins."
      : "No season is open that begins after this proposal. Add one to this proposal, above this action.",
};
const DESCRIPTION: ActionField = {
  ...{ name: "description", label: "What the round is about", isLong: true },
  hint: () => "Its first line is the title.",
};
const MIN_VOTES: ActionField = {
  ...{ name: "minVotes", label: "Votes that an option needs", placeholder: "1" },
  hint: () => "Options with fewer win nothing.",
};

/** Templates that open seasons and rounds. @param readCall Reads an option that is a call. */
export function roundTemplates(
  readCall: ReadCall,
): Record<"openSeason" | "openGrants" | "openPriorities" | "grant", ActionTemplate> {
  return {
    openSeason: {
      ...{ title: "Open a season of voice credits", group: "Rounds" },
      fields: [
        {
          ...{ name: "wait", label: "Begins how long after the earliest execution", placeholder: "3 d" },
          hint: () => "Time to execute the proposal; executed too late, it fails.",
        },
        { name: "length", label: "How long it lasts", placeholder: "7 d", hint: lengthHint },
        { name: "credits", label: "Voice credits of each identity", placeholder: "100" },
        {
          ...{ name: "minUnits", label: "Units that an identity needs", placeholder: "1" },
          hint: () => "1 MESH that is staked or locked gives 1 unit, 10,000 MESH give 100.",
        },
      ],
      read: readSeason,
    },
    openGrants: {
      ...{ title: "Open a round of grants", group: "Rounds" },
      fields: [
        SEASON,
        DESCRIPTION,
        {
          ...{ name: "token", label: "Token" },
          choices: ({ tokens }) => tokens.map(({ address, symbol }) => [address, symbol] as const),
        },
        { name: "budget", label: "Budget", hint: () => "Divided by votes; nothing is paid before another proposal." },
        MIN_VOTES,
      ],
      optionKinds: ["grant"],
      read: readGrants,
    },
    grant: {
      ...{ title: "Grant", group: "" },
      fields: [
        { name: "to", label: "Receiver", placeholder: "0x…" },
        { name: "most", label: "Asks for at most", placeholder: "0" },
      ],
      read() {
        throw new DraftProblem("to", "A grant is an option of a round.");
      },
    },
    openPriorities: {
      ...{ title: "Open a round of priorities", group: "Rounds" },
      fields: [SEASON, DESCRIPTION, { name: "winners", label: "How many options win", placeholder: "1" }, MIN_VOTES],
      optionKinds: PRIORITY_KINDS,
      read: (draft, context) => readPriorities(draft, context, readCall),
    },
  };
}

/** What an option of a round of priorities can be: calls that do not depend on the time at which they are made. */
const PRIORITY_KINDS: readonly ActionKind[] = ["parameter", "payment", "allowToken", "stopToken", "rawCall"];

/** Longest season in seconds: less than MESH needs to leave stake or lock and to count again. */
function longestSeason(parameters: NetworkParameterTable): number {
  const [unlock, unbond, ramp] = ["voteUnlockDelay", "unbondingPeriod", "voteAgeRamp"].map((name) =>
    Number(parameterValue(parameters, name)),
  ) as [number, number, number];
  return Math.min(unlock, unbond) + ramp;
}

function lengthHint({ parameters }: DraftContext): string {
  return `At most ${formatDuration(longestSeason(parameters))}, less than MESH needs to leave and to count again.`;
}

function readSeason({ fields }: ActionDraft, context: DraftContext): GovernanceCall {
  const startsAt = context.executableAt + durationOf(fields, "wait");
  const [length, longest] = [durationOf(fields, "length"), longestSeason(context.parameters)];
  if (startsAt === context.executableAt) throw new DraftProblem("wait", "Enter more than zero.");
  if (length === 0) throw new DraftProblem("length", "Enter more than zero.");
  if (length > longest) throw new DraftProblem("length", `It must be at most ${formatDuration(longest)}.`);
  const minUnits = unitsOf(fields, "minUnits");
  if (minUnits > MAX_MIN_UNITS) throw new DraftProblem("minUnits", "It must be at most 281,474 units.");
  const credits = Number(naturalOf(fields, "credits", { min: 1n, max: MAX_UINT32 }));
  const terms = { startsAt, endsAt: startsAt + length, credits, minUnits: Number(minUnits) };
  const data = encodeFunctionData({
    ...{ abi: quadraticRoundAbi, functionName: "openSeason" },
    args: [context.nextSeason, terms],
  });
  return { target: context.contracts.QuadraticRound, value: 0n, data };
}

function readGrants({ fields, options = [] }: ActionDraft, context: DraftContext): GovernanceCall {
  const common = readCommon(fields, context);
  const unit = context.tokens.find(({ address }) => address === textOf(fields, "token"));
  if (!unit) throw new DraftProblem("token", "Choose one.");
  const budget = amountOf(fields, "budget", { unit, bits: 96n });
  const terms = { ...common.terms, kind: GRANTS, winners: 0, token: unit.address, budget };
  return openRound(context, [terms, readOptions(options, (option) => readGrant(option, unit)), common.description]);
}

function readGrant({ fields }: ActionDraft, unit: TokenUnit): OpenRound[1][number] {
  return { target: addressOf(fields, "to"), most: amountOf(fields, "most", { unit, bits: 96n }), data: "0x" };
}

function readPriorities(
  { fields, options = [] }: ActionDraft,
  context: DraftContext,
  readCall: ReadCall,
): GovernanceCall {
  const common = readCommon(fields, context);
  const winners = Number(naturalOf(fields, "winners", { min: 1n, max: MAX_WINNERS }));
  const terms = { ...common.terms, kind: PRIORITIES, winners, token: zeroAddress as Address, budget: 0n };
  const read = (option: ActionDraft): OpenRound[1][number] => {
    const { target, value, data } = readCall(option, context);
    if (value > 0n || size(data) < 4) throw new DraftProblem("token", "An option cannot send ETH.");
    return { target, most: 0n, data };
  };
  return openRound(context, [terms, readOptions(options, read), common.description]);
}

function readCommon(fields: ActionDraft["fields"], { openSeasons }: DraftContext) {
  const choices = openSeasons.map((season) => [String(season), ""] as const);
  const season = Number(choiceOf(fields, "season", choices));
  const description = textOf(fields, "description");
  if (description === "") throw new DraftProblem("description", "Say what the options are.");
  return {
    description,
    terms: { season, minVotes: Number(naturalOf(fields, "minVotes", { min: 1n, max: MAX_UINT32 })) },
  };
}

/** Reads every option; a problem names its place. */
function readOptions(
  options: readonly ActionDraft[],
  read: (option: ActionDraft) => OpenRound[1][number],
): OpenRound[1] {
  if (options.length < 2) throw new DraftProblem("options", "A round needs at least two options.");
  if (options.length > MAX_OPTIONS) throw new DraftProblem("options", `A round has at most ${MAX_OPTIONS} options.`);
  return options.map((option, i) => {
    try {
      return read(option);
    } catch (error) {
      if (error instanceof DraftProblem) throw new DraftProblem(`options.${i}.${error.field}`, error.message);
      throw error;
    }
  });
}

function openRound({ contracts }: DraftContext, args: OpenRound): GovernanceCall {
  const data = encodeFunctionData({ abi: quadraticRoundAbi, functionName: "openRound", args });
  return { target: contracts.QuadraticRound, value: 0n, data };
}
