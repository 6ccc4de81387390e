import { shardOf } from "@pqmesh/contracts/protocol/report";
import { pino } from "pino";
import type { AcceptedReport } from "../src/chain/chain-view.ts";
import { type ChainFollower, followChain } from "../src/chain/follow-chain.ts";
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

/** Runs `work` with a view of the whole network, built from the chain. */
export async function withChainView<T>(network: NetworkConfig, work: (chain: ChainFollower) => Promise<T>): Promise<T> {
  const log = pino({ level: "silent" });
  const chain = await followChain({ rpcUrls: [network.rpcUrl], network, log });
  try {
    return await work(chain);
  } finally {
    await chain.stop();
  }
}

/** The accepted report about a node in an epoch. @throws CliError when there is none. */
export function reportAbout(chain: ChainFollower, { nodeIndex, epoch }: LeafName): AcceptedReport {
  const report = chain.acceptedReport(shardOf(nodeIndex), epoch);
  if (report) return report;
  throw new CliError(`no report of epoch ${epoch} and shard ${shardOf(nodeIndex)} is on the chain`);
}
