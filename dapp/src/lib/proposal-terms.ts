import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { quadraticRoundAbi } from "@pqmesh/contracts/generated/quadratic-round-abi";
import { meshTimelockAbi } from "@pqmesh/contracts/generated/mesh-timelock-abi";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { type Address, erc20Abi } from "viem";
import type { DraftContext } from "./action-draft.ts";
import { isEmpty } from "./chain-problem.ts";
import type { ChainAccess } from "./chain-source.ts";
import { isCritical } from "./proposal-approval.ts";
import { readParameters } from "./network-parameters.ts";
import { readMarketTokens } from "./token-credits.ts";
import { readToken, type TokenUnit } from "./token-amount.ts";

/** Newest seasons that are looked at for those that have not begun. */
const LOOKED_AT = 12;

/** What holds for a proposal that is made now. Units have 9 decimals, MESH is wei, times are seconds. */
export interface ProposalTerms {
  /** Units that a proposer needs. */
  threshold: bigint;
  bond: bigint;
  votingDelay: number;
  votingPeriod: number;
  /** Between queueing and execution. */
  timelockDelay: number;
}

/** What actions are checked against, apart from the time of the proposal. */
export interface DraftFacts extends Pick<DraftContext, "contracts" | "parameters" | "tokens" | "treasury"> {
  terms: ProposalTerms;
  seasonCount: number;
  /** Seasons that have not begun, with the Unix seconds at which they begin. */
  comingSeasons: readonly { season: number; startsAt: number }[];
}

/** Reads what a new proposal is checked against, at chain time `now`. */
export async function readDraftFacts(access: ChainAccess, now: number): Promise<DraftFacts> {
  const { config } = access;
  const mesh: TokenUnit = { address: config.contracts.MeshToken, symbol: "MESH", decimals: 18 };
  const [parameters, market, terms, seasons] = await Promise.all([
    readParameters(access, now),
    readMarketTokens(access),
    readTerms(access),
    readSeasons(access, now),
  ]);
  const tokens = [mesh, ...market];
  const treasury = await readTreasury(access, tokens);
  return { contracts: config.contracts, parameters, tokens, treasury, terms, ...seasons };
}

/** What actions are checked against when the proposal is made at `madeAt` (Unix seconds). */
export function draftContext(
  { terms, seasonCount, comingSeasons, ...facts }: DraftFacts,
  madeAt: number,
  typedTokens: DraftContext["typedTokens"],
): DraftContext {
  const executableAt = madeAt + terms.votingDelay + terms.votingPeriod + terms.timelockDelay;
  const openSeasons = comingSeasons.filter(({ startsAt }) => startsAt > executableAt).map(({ season }) => season);
  return { ...facts, typedTokens, executableAt, nextSeason: seasonCount + 1, openSeasons };
}

async function readTerms({ client, config }: ChainAccess): Promise<ProposalTerms> {
  const governor = { address: config.contracts.MeshGovernor, abi: meshGovernorAbi } as const;
  const timelock = { address: config.contracts.MeshTimelock, abi: meshTimelockAbi } as const;
  const [threshold, bond, votingDelay, votingPeriod, timelockDelay] = await Promise.all([
    client.readContract({ ...governor, functionName: "proposalThreshold" }),
    client.readContract({ ...governor, functionName: "proposalBond" }),
    client.readContract({ ...governor, functionName: "votingDelay" }),
    client.readContract({ ...governor, functionName: "votingPeriod" }),
    client.readContract({ ...timelock, functionName: "getMinDelay" }).catch((error: unknown) => {
      // Where an account without code is the timelock, nothing delays it.
      if (isEmpty(error)) return 0n;
      throw error;
    }),
  ]);
  return {
    ...{ threshold, bond, votingDelay: Number(votingDelay), votingPeriod: Number(votingPeriod) },
    timelockDelay: Number(timelockDelay),
  };
}

async function readSeasons(
  { client, config }: ChainAccess,
  now: number,
): Promise<Pick<DraftFacts, "seasonCount" | "comingSeasons">> {
  const rounds = { address: config.contracts.QuadraticRound, abi: quadraticRoundAbi } as const;
  const seasonCount = await client.readContract({ ...rounds, functionName: "seasonCount" });
  const newest = Array.from({ length: Math.min(seasonCount, LOOKED_AT) }, (_, i) => seasonCount - i).reverse();
  const seasons = await Promise.all(
    newest.map(async (season) => {
      const { startsAt } = await client.readContract({ ...rounds, functionName: "seasonOf", args: [season] });
      return { season, startsAt };
    }),
  );
  return { seasonCount, comingSeasons: seasons.filter(({ startsAt }) => startsAt > now) };
}

async function readTreasury(
  { client, config }: ChainAccess,
  tokens: readonly TokenUnit[],
): Promise<Map<string, bigint>> {
  const treasury = config.contracts.MeshTimelock;
  const [coin, ...held] = await Promise.all([
    client.getBalance({ address: treasury }),
    ...tokens.map(({ address }) =>
      client.readContract({ address, abi: erc20Abi, functionName: "balanceOf", args: [treasury] }),
    ),
  ]);
  return new Map([["", coin], ...tokens.map(({ address }, i) => [address.toLowerCase(), held[i] ?? 0n] as const)]);
}

/** Tokens by address in lower case; undefined where there is none. */
export async function readTypedTokens(
  access: ChainAccess,
  addresses: readonly Address[],
): Promise<Map<string, TokenUnit | undefined>> {
  const units = await Promise.all(addresses.map((address) => readToken(access, address).catch(() => undefined)));
  return new Map(addresses.map((address, i) => [address.toLowerCase(), units[i]]));
}

/** Whether the timelock lets the approver approve any of the calls before it makes them. */
export async function needsApproval(access: ChainAccess, calls: readonly GovernanceCall[]): Promise<boolean> {
  const { MeshTimelock } = access.config.contracts;
  const critical = await Promise.all(calls.map((call) => isCritical(access, MeshTimelock, call)));
  return critical.includes(true);
}

/** What a wallet brings to a proposal. */
export interface ProposerStanding {
  /** Units that the governor counts for it. */
  units: bigint;
  /** MESH wei. */
  balance: bigint;
  allowance: bigint;
}

/** Reads what a wallet brings to a proposal. */
export async function readProposer({ client, config }: ChainAccess, wallet: Address): Promise<ProposerStanding> {
  const { MeshGovernor: governor, MeshToken } = config.contracts;
  const mesh = { address: MeshToken, abi: meshTokenAbi } as const;
  const { timestamp } = await client.getBlock();
  const [units, balance, allowance] = await Promise.all([
    client.readContract({
      ...{ address: governor, abi: meshGovernorAbi, functionName: "getVotes", args: [wallet, timestamp - 1n] },
    }),
    client.readContract({ ...mesh, functionName: "balanceOf", args: [wallet] }),
    client.readContract({ ...mesh, functionName: "allowance", args: [wallet, governor] }),
  ]);
  return { units, balance, allowance };
}
