import { quadraticRoundAbi } from "@pqmesh/contracts/generated/quadratic-round-abi";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { type Address, type Hex, zeroAddress } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { type NetworkServices, readEither } from "./network-services.ts";
import { searchBack } from "./search-back.ts";
import { readToken, type TokenUnit } from "./token-amount.ts";

/** A season of voice credits. Times are Unix seconds. */
export interface SeasonView {
  season: number;
  startsAt: number;
  endsAt: number;
  /** Of every identity, for all rounds of the season together. */
  credits: number;
  /** Units that an identity must have, 9 decimals. */
  minUnits: bigint;
}

/** What can be voted for in a round. */
export interface RoundOption {
  target: Address;
  /** Largest grant, smallest units; 0 for priorities. */
  most: bigint;
  /** Call of a priority; empty for grants. */
  data: Hex;
  votes: bigint;
}

/** A round as it stands. */
export interface RoundView {
  id: number;
  season: SeasonView;
  kind: "grants" | "priorities";
  /** Options that win; 0 for grants, of which all with enough votes do. */
  winners: number;
  minVotes: number;
  /** Of grants. */
  unit?: TokenUnit;
  /** What is divided among grants, smallest units. */
  budget: bigint;
  /** In the DAO's words; empty when neither index nor logs tell. */
  description: string;
  options: RoundOption[];
}

/** Where a round stands at a time. */
export type RoundState = "coming" | "open" | "over";

/** Where a season, and each of its rounds, stands at `now` (Unix seconds). */
export function roundState({ startsAt, endsAt }: SeasonView, now: number): RoundState {
  return now < startsAt ? "coming" : now < endsAt ? "open" : "over";
}

/** First line of what a round is about. */
export function roundTitle({ id, description }: Pick<RoundView, "id" | "description">): string {
  return (
    description
      .split("\n")[0]
      ?.replace(/^#+\s*/, "")
      .trim() || `Round ${id}`
  );
}

/** Numbers of the newest season and round. */
export interface RoundCounts {
  seasons: number;
  rounds: number;
}

/** How many seasons and rounds there are. */
export async function readRoundCounts({ client, config }: ChainAccess): Promise<RoundCounts> {
  const contract = contractOf(config);
  const [seasons, rounds] = await Promise.all([
    client.readContract({ ...contract, functionName: "seasonCount" }),
    client.readContract({ ...contract, functionName: "roundCount" }),
  ]);
  return { seasons, rounds };
}

/** Reads seasons by their numbers. */
export function readSeasons({ client, config }: ChainAccess, numbers: readonly number[]): Promise<SeasonView[]> {
  return Promise.all(
    numbers.map(async (season) => {
      const found = await client.readContract({ ...contractOf(config), functionName: "seasonOf", args: [season] });
      return { season, ...found, minUnits: BigInt(found.minUnits) };
    }),
  );
}

/** Reads rounds by their numbers: all but their descriptions from the chain. */
export async function readRounds(services: NetworkServices, ids: readonly number[]): Promise<RoundView[]> {
  const descriptions = await readDescriptions(services, ids);
  return Promise.all(ids.map((id) => readRound(services, id, descriptions.get(id) ?? "")));
}

async function readRound(access: ChainAccess, id: number, description: string): Promise<RoundView> {
  const { client, config } = access;
  const contract = contractOf(config);
  const [terms, options, tally] = await Promise.all([
    client.readContract({ ...contract, functionName: "roundOf", args: [id] }),
    client.readContract({ ...contract, functionName: "optionsOf", args: [id] }),
    client.readContract({ ...contract, functionName: "tallyOf", args: [id] }),
  ]);
  const [[season], unit] = await Promise.all([
    readSeasons(access, [terms.season]),
    terms.token === zeroAddress ? undefined : readToken(access, terms.token),
  ]);
  return {
    ...{ id, season: season!, kind: terms.kind === 0 ? "grants" : "priorities", description },
    ...{ winners: terms.winners, minVotes: terms.minVotes, budget: terms.budget },
    ...(unit && { unit }),
    options: options.map((option, i) => ({ ...option, votes: tally[i] ?? 0n })),
  };
}

const DESCRIPTIONS = `query RoundDescriptions($numbers: [Int!]!) {
  rounds(first: 100, where: { number_in: $numbers }) { number description }
}`;

function readDescriptions(services: NetworkServices, ids: readonly number[]): Promise<Map<number, string>> {
  return readEither(services, {
    async fromIndexer() {
      const { rounds } = await services.indexer.query<{ rounds: { number: number; description: string }[] }>(
        DESCRIPTIONS,
        { numbers: ids },
      );
      return new Map(rounds.map(({ number, description }) => [number, description]));
    },
    async fromChain() {
      const { client, config } = services;
      const logs = await searchBack(client, config.startBlock, {
        count: ids.length,
        read: (range) =>
          client.getContractEvents({
            ...{ ...contractOf(config), eventName: "RoundOpened", args: { roundId: [...ids] } },
            ...{ ...range, strict: true },
          }),
      });
      return new Map(logs.map(({ args }) => [args.roundId, args.description]));
    },
  });
}

/** Calls that a round decided for, and how the proposal is called. @throws when its season is not over. */
export async function readRoundResult(
  { client, config }: ChainAccess,
  id: number,
): Promise<{ calls: GovernanceCall[]; description: string }> {
  const [targets, values, data, description] = await client.readContract({
    ...{ ...contractOf(config), functionName: "resultOf" },
    args: [id],
  });
  const calls = targets.map((target, i) => ({ target, value: values[i] ?? 0n, data: data[i] ?? ("0x" as const) }));
  return { calls, description };
}

function contractOf({ contracts }: ChainAccess["config"]) {
  return { address: contracts.QuadraticRound, abi: quadraticRoundAbi } as const;
}
