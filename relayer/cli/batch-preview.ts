import { parameterValueWords, type CallFacts } from "@pqmesh/contracts/protocol/call-words";
import { type DecodedCall, decodeCalls } from "@pqmesh/contracts/protocol/decode-call";
import { type DryCall, type DryRun, dryRun, NoSimulation } from "@pqmesh/contracts/protocol/dry-run";
import { coinWords, countWords, meshWords, momentWords, unitsWords } from "@pqmesh/contracts/protocol/exact-words";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { readCallFacts } from "./call-facts.ts";
import type { Session } from "./chain-session.ts";
import { refusalSentence } from "./contract-refusal.ts";
import { startForkedNode } from "./forked-node.ts";

/** How the calls were run: by the chain node, or by a fork of it on this machine. */
type Way = "eth_simulateV1 of the chain node" | "eth_simulateV1 of a fork of the chain node on this machine (anvil)";

/** What a batch of calls says and what it would do now. */
export interface BatchPreview {
  calls: DecodedCall[];
  way: Way;
  run: DryRun;
}

/** Decodes a batch and runs it as the timelock, without sending anything. */
export async function previewBatch(
  session: Session,
  calls: readonly GovernanceCall[],
  executableAt?: bigint,
): Promise<BatchPreview & { facts: CallFacts }> {
  const facts = await readCallFacts(session, executableAt);
  const decoded = decodeCalls(calls, facts);
  try {
    const run = await dryRun(session.client, calls, facts);
    return { facts, calls: decoded, way: "eth_simulateV1 of the chain node", run };
  } catch (error) {
    if (!(error instanceof NoSimulation)) throw error;
  }
  const fork = await startForkedNode(session.network);
  try {
    const run = await dryRun(fork.client, calls, facts);
    return { facts, calls: decoded, way: "eth_simulateV1 of a fork of the chain node on this machine (anvil)", run };
  } finally {
    await fork.stop();
  }
}

/** The preview as lines. */
export function previewRows({ calls, way, run, facts }: BatchPreview & { facts: CallFacts }): string[] {
  const rows = calls.flatMap((call, i) => [...callRows(call, `${i + 1}.`), ...resultRows(run.calls[i])]);
  return [
    ...rows,
    "",
    verdict(run),
    ...section("Governed numbers:", run.parameters.map(parameterRow)),
    ...section(
      "The treasury:",
      run.balances.map((change) => balanceRow(change, facts)).filter((row) => row !== ""),
    ),
    `Run by ${way}, as the timelock, on block ${run.block.number} at ${momentWords(run.block.timestamp)}. Nothing was sent.`,
  ];
}

/** What a call says, with all that it carries. */
export function callRows(call: DecodedCall, number: string, indent = ""): string[] {
  const inner = `${indent}   `;
  const width = Math.max(0, ...call.args.map(({ name }) => name.length));
  return [
    `${indent}${number} ${call.sentence}`,
    `${inner}to ${call.contract ? `${call.contract} ` : ""}${call.target}${call.signature ? `, ${call.signature}` : ""}`,
    ...call.args.map(({ name, text }) => `${inner}  ${name.padEnd(width)}  ${text}`),
    ...call.warnings.map((warning) => `${inner}WARNING: ${warning}`),
    ...call.calls.flatMap((one, i) => callRows(one, `${number}${i + 1}.`, inner)),
  ];
}

function resultRows(result: DryCall | undefined): string[] {
  if (!result) return [];
  const { succeeds, gasUsed, revert, events } = result;
  const why = revert?.name ? refusalSentence(revert.name, revert.args) : (revert?.text ?? "");
  return [
    succeeds ? `   would succeed, ${countWords(gasUsed)} gas` : `   WOULD REVERT: ${why}`,
    ...events.map(({ text }) => `     event ${text}`),
  ];
}

function verdict({ succeeds, calls }: DryRun): string {
  if (succeeds) return `Executed now, ${calls.length === 1 ? "the call" : `all ${calls.length} calls`} would succeed.`;
  const first = calls.findIndex((call) => !call.succeeds) + 1;
  return `Executed now, the whole would fail at call ${first}, and nothing of it would happen.`;
}

function parameterRow({ name, before, after, effectiveAt }: DryRun["parameters"][number]): string {
  const [from, to] = [parameterValueWords(name, before), parameterValueWords(name, after)];
  return `${name}  ${from} → ${to}, from ${momentWords(effectiveAt)} on`;
}

function balanceRow({ token, before, after }: DryRun["balances"][number], { tokens, contracts }: CallFacts): string {
  const known = token === null ? undefined : tokens?.get(token);
  const isMesh = token === contracts.MeshToken?.toLowerCase();
  const words = isMesh ? meshWords : known ? (units: bigint) => unitsWords(units, known) : coinWords;
  return before === after ? `${words(before)}, as before` : `${words(before)} → ${words(after)}`;
}

function section(title: string, lines: string[]): string[] {
  return lines.length > 0 ? [title, ...lines.map((line) => `  ${line}`)] : [];
}
