import { shardOf } from "@pqmesh/contracts/protocol/report";
import { pino } from "pino";
import type { AcceptedReport } from "../src/chain/chain-view.ts";
import { type ChainFollower, followChain, VIEW_EPOCHS } from "../src/chain/follow-chain.ts";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { naturalArgument } from "./arguments.ts";
import { CliError } from "./output.ts";

/** A node in an epoch, as given on the command line. */
export interface LeafName {
  nodeIndex: number;
  epoch: bigint;
}

/** Reads `<nodeIndex> <epoch>`. */
export function leafArguments(nodeText: string, epochText: string): LeafName {
  return { nodeIndex: naturalArgument("nodeIndex", nodeText), epoch: BigInt(naturalArgument("epoch", epochText)) };
}

/** Runs `work` with a view of the whole network, built from the chain. @param retainEpochs Epochs of reports that it has. */
export async function withChainView<T>(
  network: NetworkConfig,
  work: (chain: ChainFollower) => Promise<T>,
  retainEpochs = VIEW_EPOCHS,
): Promise<T> {
  const log = pino({ level: "silent" });
  const chain = await followChain({ rpcUrls: [network.rpcUrl], network, log, retainEpochs });
  try {
    return await work(chain);
  } finally {
    await chain.stop();
  }
}

/** The accepted report about a node in an epoch. @throws CliError when there is none. */
export function reportAbout(chain: ChainFollower, { nodeIndex, epoch }: LeafName): AcceptedReport {
  return reportOf(chain, shardOf(nodeIndex), epoch);
}

/** The accepted report of a shard in an epoch. @throws CliError that says which are known, when this one is not. */
export function reportOf(chain: ChainFollower, shard: number, epoch: bigint): AcceptedReport {
  const report = chain.acceptedReport(shard, epoch);
  if (report) return report;
  const lastShard = Math.max(-1, ...chain.shards());
  if (shard > lastShard) {
    const known = lastShard < 0 ? "no node is registered yet" : `the last one with a node is ${lastShard}`;
    throw new CliError(`shard ${shard} has no nodes and no reports; ${known}`);
  }
  const epochs = chain.recentReports().flatMap((kept) => (kept.shard === shard ? [kept.epoch] : []));
  throw new CliError(`no report of epoch ${epoch} and shard ${shard} is known; ${knownReports(epochs)}`);
}

/** Which epochs have a report, of those that the view keeps: there may be gaps, and older reports. */
function knownReports(epochs: readonly bigint[]): string {
  const kept = `of the last ${VIEW_EPOCHS.toLocaleString("en")} epochs`;
  const sorted = epochs.toSorted((a, b) => (a < b ? -1 : 1));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined) return `${kept} none has one`;
  return first === last
    ? `${kept} only ${first} has one`
    : `${kept} ${epochs.length} have one, the first ${first}, the last ${last}`;
}
