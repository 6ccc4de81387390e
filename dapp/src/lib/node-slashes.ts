import { nodeSlashingAbi } from "@pqmesh/contracts/generated/node-slashing-abi";
import { type Address, type Hex, zeroAddress } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import type { IndexerClient } from "./indexer-client.ts";
import { searchBack } from "./search-back.ts";
import type { SlashListing } from "./slash-proposals.ts";

/** A slash of a node; amounts are MESH wei, times Unix seconds. */
export interface NodeSlashView {
  /** 0 when there was nothing to take. */
  id: number;
  nodeIndex: number;
  /** Undefined when only logs were read. */
  kind?: "Downtime" | "Equivocation" | "Proposed";
  reporter?: Address;
  ownPart: bigint;
  poolPart: bigint;
  reward: bigint;
  state: "Frozen" | "Paid" | "Pardoned" | "Empty";
  payableAt: number;
  timestamp?: number;
  transaction: Hex;
}

const QUERY = `query NodeSlashes($first: Int!, $skip: Int!, $where: NodeSlash_filter!) {
  nodeSlashes(first: $first, skip: $skip, orderBy: timestamp, orderDirection: desc, where: $where) {
    number node { nodeIndex } kind reporter ownPart poolPart reward state payableAt timestamp transaction
  }
}`;

interface RawSlash {
  number: string;
  node: { nodeIndex: number };
  kind: NonNullable<NodeSlashView["kind"]>;
  reporter: Address | null;
  ownPart: string;
  poolPart: string;
  reward: string;
  state: NodeSlashView["state"];
  payableAt: string;
  timestamp: string;
  transaction: Hex;
}

/** Reads slashes of nodes from the indexer, newest first. */
export async function nodeSlashesFromIndexer(
  client: IndexerClient,
  { nodes, skip, count }: SlashListing,
): Promise<NodeSlashView[]> {
  const where = nodes ? { node_in: nodes.map(String) } : {};
  const { nodeSlashes } = await client.query<{ nodeSlashes: RawSlash[] }>(QUERY, { first: count, skip, where });
  return nodeSlashes.map(({ number, node, kind, reporter, state, transaction, ...raw }) => ({
    ...{ id: Number(number), nodeIndex: node.nodeIndex, kind, state, transaction },
    ...(reporter && { reporter }),
    ...{ ownPart: BigInt(raw.ownPart), poolPart: BigInt(raw.poolPart), reward: BigInt(raw.reward) },
    ...{ payableAt: Number(raw.payableAt), timestamp: Number(raw.timestamp) },
  }));
}

/** Reads slashes of nodes from the chain's logs, newest first. */
export async function nodeSlashesFromChain(
  access: ChainAccess,
  { nodes, skip, count }: SlashListing,
): Promise<NodeSlashView[]> {
  const { client, config } = access;
  const slashing = { address: config.contracts.NodeSlashing, abi: nodeSlashingAbi } as const;
  const [found, pardons] = await Promise.all([
    searchBack(client, config.startBlock, {
      count: skip + count,
      read: (range) =>
        client.getContractEvents({
          ...{ ...slashing, eventName: "NodeSlashed" },
          ...(nodes && { args: { nodeIndex: [...nodes] } }),
          ...{ ...range, strict: true },
        }),
    }),
    client.getContractEvents({
      ...{ ...slashing, eventName: "NodeSlashPardoned", fromBlock: BigInt(config.startBlock), strict: true },
    }),
  ]);
  const pardoned = new Set(pardons.map(({ args }) => args.slashId));
  return Promise.all(
    found.slice(skip, skip + count).map(async ({ args, transactionHash }): Promise<NodeSlashView> => {
      const { slashId, nodeIndex, reporter, ownPart, poolPart, reward, payableAt } = args;
      const now = await client.readContract({ ...slashing, functionName: "slashOf", args: [slashId] });
      const settled = pardoned.has(slashId) ? "Pardoned" : "Paid";
      return {
        ...{ id: Number(slashId), nodeIndex, ownPart, poolPart, reward, payableAt: Number(payableAt) },
        ...(reporter !== zeroAddress && { reporter }),
        state: slashId === 0n ? "Empty" : now.payableAt > 0n ? "Frozen" : settled,
        transaction: transactionHash,
      };
    }),
  );
}
