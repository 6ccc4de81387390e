import { type CallFacts, parameterValueWords } from "@pqmesh/contracts/protocol/call-words";
import { type DecodedCall, decodeCalls } from "@pqmesh/contracts/protocol/decode-call";
import {
  type BalanceChange,
  type DryCall,
  type DryRun,
  dryRun,
  NoSimulation,
} from "@pqmesh/contracts/protocol/dry-run";
import { coinWords, momentWords, unitsWords } from "@pqmesh/contracts/protocol/exact-words";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import type { ChainAccess } from "./chain-source.ts";
import { explainError, explainNamed } from "./error-sentences.ts";
import { readParameters } from "./network-parameters.ts";
import { readMarketTokens } from "./token-credits.ts";

/** What a batch of calls says, and what it would do if the timelock executed it now. */
export interface CallPreview {
  calls: DecodedCall[];
  /** What the chain node made of it, or the sentence that says why it was not run. */
  run: CallRun | { problem: string };
}

/** What the chain node made of a batch. */
export interface CallRun {
  /** Place of the first call that fails, from 0; a batch with one is not executed at all. */
  failsAt: number | undefined;
  calls: RunCall[];
  parameters: ValueChange[];
  /** What the treasury has of each token. */
  balances: ValueChange[];
  /** Block on whose state it was run. */
  block: bigint;
}

/** What the chain node made of a call. */
export interface RunCall {
  gasUsed: bigint;
  /** Why it would be refused; absent when it would succeed. */
  refusal?: string;
  /** Events that would come, each in one line. */
  events: string[];
}

/** A value before and after, with units. */
export interface ValueChange {
  name: string;
  before: string;
  after: string;
  /** From when on, where that is not at once. */
  from?: string;
}

/**
 * Decodes a batch, and lets the chain node run it as the timelock where it can. Nothing is sent.
 *
 * @param executableAt When the calls can be executed at the earliest, Unix seconds.
 */
export async function previewCalls(
  access: ChainAccess,
  calls: readonly GovernanceCall[],
  executableAt?: bigint,
): Promise<CallPreview> {
  const facts = await readCallFacts(access, executableAt);
  return { calls: decodeCalls(calls, facts), run: await tryRun(access, calls, facts) };
}

/** What calls say, without running them. @param time Beside calls that are past no present value is told. */
export async function decodeOnly(
  access: ChainAccess,
  calls: readonly GovernanceCall[],
  time: "present" | "past",
): Promise<DecodedCall[]> {
  const { parameters, ...lasting } = await readCallFacts(access);
  return decodeCalls(calls, time === "past" || !parameters ? lasting : { ...lasting, parameters });
}

async function tryRun(
  { client }: ChainAccess,
  calls: readonly GovernanceCall[],
  facts: CallFacts,
): Promise<CallPreview["run"]> {
  try {
    return describeRun(await dryRun(client, calls, facts), facts);
  } catch (error) {
    const why =
      error instanceof NoSimulation
        ? "The chain node of this site has no eth_simulateV1. The command line runs them on a fork: pqmesh proposal simulate."
        : explainError(error).sentence;
    return { problem: `The calls were decoded but not run. ${why}` };
  }
}

/** What sentences about calls need of the chain: governed numbers, and the tokens of the treasury. */
async function readCallFacts(access: ChainAccess, executableAt?: bigint): Promise<CallFacts> {
  const { client, config } = access;
  const [{ timestamp }, tokens] = await Promise.all([client.getBlock(), readMarketTokens(access)]);
  const rows = await readParameters(access, Number(timestamp));
  const mesh = { address: config.contracts.MeshToken, symbol: "MESH", decimals: 18 };
  return {
    contracts: config.contracts,
    parameters: new Map([...rows].map(([name, row]) => [name, { ...row, notice: BigInt(row.notice) }])),
    tokens: new Map(
      [mesh, ...tokens].map(({ address, symbol, decimals }) => {
        return [address.toLowerCase(), { symbol: visibleText(symbol), decimals }];
      }),
    ),
    ...(executableAt !== undefined && { executableAt }),
  };
}

/** Puts a dry run into words. */
export function describeRun({ calls, parameters, balances, block }: DryRun, facts: CallFacts): CallRun {
  const failsAt = calls.findIndex(({ succeeds }) => !succeeds);
  return {
    failsAt: failsAt < 0 ? undefined : failsAt,
    calls: calls.map(describeCall),
    parameters: parameters.map(({ name, before, after, effectiveAt }) => ({
      name,
      ...{ before: parameterValueWords(name, before), after: parameterValueWords(name, after) },
      from: momentWords(effectiveAt),
    })),
    balances: balances.map((change) => describeBalance(change, facts)),
    block: block.number,
  };
}

function describeCall({ gasUsed, revert, events }: DryCall): RunCall {
  const named = revert?.name ? explainNamed(revert.name, revert.args) : revert?.text;
  return { gasUsed, ...(revert && { refusal: visibleText(named ?? "") }), events: events.map(({ text }) => text) };
}

function describeBalance({ token, before, after }: BalanceChange, { tokens }: CallFacts): ValueChange {
  const known = token === null ? undefined : tokens?.get(token);
  const words = known ? (units: bigint) => unitsWords(units, known) : coinWords;
  return { name: known?.symbol ?? "ETH", before: words(before), after: words(after) };
}
