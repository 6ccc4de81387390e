import { ratioBp } from "@pqmesh/contracts/protocol/trust-score";
import type { Command } from "commander";
import { z } from "zod";
import { naturalArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { CliError, print, refuted } from "../output.ts";
import { requireKnownNode } from "../require-known-node.ts";
import { isoTime } from "../iso-time.ts";
import { trustEvents } from "../trust-events.ts";
import { TrustReplay, type TrustState } from "../trust-replay.ts";

const INDEXER_TIMEOUT_MS = 10_000;
const PERCENT_BP = 100;

const indexedNode = z.object({
  attestedRatio: z.number(),
  behaviourRatio: z.number(),
  auditBp: z.number(),
  trustScore: z.number(),
});
const answer = z.object({
  data: z.object({ node: indexedNode.nullable(), _meta: z.object({ block: z.object({ number: z.number() }) }) }),
});

interface TrustOptions extends NetworkOptions {
  verify?: boolean;
  moves: string;
}

/** Adds `pqmesh trust NODE`. */
export function addTrustCommand(program: Command): void {
  withExample(withNetwork(program.command("trust")), "trust 3 --verify --json")
    .description("compute the Trust Score of a node from the chain alone, with its three inputs and why it moved")
    .argument("<nodeIndex>", "index of the node")
    .option("--verify", "compare with what the indexer says at the same block; exit code 3 when it differs")
    .option("--moves <n>", "newest moves of the score to print", "5")
    .action(showTrust);
}

async function showTrust(nodeText: string, options: TrustOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const count = naturalArgument("--moves", options.moves);
  const session = await openNetwork(options);
  await requireKnownNode(session, nodeIndex);
  const indexed = options.verify ? await askIndexer(session, nodeIndex) : null;
  const block = indexed ? BigInt(indexed._meta.block.number) : await session.client.getBlockNumber();
  const replay = new TrustReplay(nodeIndex);
  for await (const event of trustEvents(session, block)) replay.add(event);
  const { moves: allMoves, ...state } = replay.state;
  if (indexed) compare(state, indexed.node, { nodeIndex, block });
  const moves = count === 0 ? [] : allMoves.slice(-count);
  const result = { nodeIndex, block, ...state, verified: indexed !== null, moves };
  const rows = [
    `Trust Score of node ${nodeIndex} at block ${block}: ${percent(state.trustScore)}`,
    `  attested   ${percent(ratioBp(state.attestedRatio))}, weight ${percent(state.weights.attestedBp)}`,
    `  behaviour  ${percent(ratioBp(state.behaviourRatio))}, weight ${percent(state.weights.behaviourBp)}`,
    `  audit      ${percent(state.auditBp)}, weight ${percent(state.weights.auditBp)}: ${auditReason(state)}`,
    ...moves.map(
      (move) => `${isoTime(move.timestamp)}  ${percent(move.fromBp)} -> ${percent(move.toBp)}  ${move.cause}`,
    ),
    ...(indexed ? ["The indexer says the same."] : []),
  ];
  print(command, result, rows.join("\n"));
}

/** @throws CliError with the exit code of a refuted claim when index and chain differ. */
function compare(
  state: Omit<TrustState, "moves">,
  node: z.infer<typeof indexedNode> | null,
  { nodeIndex, block }: { nodeIndex: number; block: bigint },
): void {
  if (node === null) throw refuted(`the indexer does not know node ${nodeIndex} at block ${block}`);
  for (const field of ["attestedRatio", "behaviourRatio", "auditBp", "trustScore"] as const) {
    if (node[field] === state[field]) continue;
    throw refuted(
      `the indexer says ${field} ${node[field]} of node ${nodeIndex} at block ${block}, the chain says ${state[field]}`,
    );
  }
}

async function askIndexer({ network }: Session, nodeIndex: number): Promise<z.infer<typeof answer>["data"]> {
  const query = `{ node(id: "${nodeIndex}") { attestedRatio behaviourRatio auditBp trustScore } _meta { block { number } } }`;
  const url = `${network.indexerUrl.replace(/\/$/, "")}/graphql`;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(INDEXER_TIMEOUT_MS),
    });
    return answer.parse(await response.json()).data;
  } catch (cause) {
    throw new CliError(`the indexer ${url} gives no answer`, undefined, { cause });
  }
}

function auditReason({ slashes, breachedWords, isBarred }: Omit<TrustState, "moves">): string {
  if (isBarred) return "barred for ever";
  const breaches = breachedWords === 0 ? "" : `, leases breached in ${breachedWords} words of 256 epochs`;
  return `${slashes} ${slashes === 1 ? "slash" : "slashes"} not pardoned${breaches}`;
}

function percent(bp: number): string {
  return `${(bp / PERCENT_BP).toFixed(2)} %`;
}
