import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { ROOT_OPERATIONS } from "@pqmesh/contracts/protocol/root-order";
import type { Hex } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import type { IndexerClient } from "./indexer-client.ts";

/** Something that happened to lock or root key. */
export interface LockEvent {
  kind: "Locked" | "Unlocked" | "UnlockRequested" | "OrderExecuted" | "RootKeyChanged";
  /** The order, the new root key, or the time from which an unlock can be completed (Unix seconds). */
  detail?: string;
  /** Unix seconds; undefined when only logs were read. */
  timestamp?: number;
  transaction: Hex;
}

const QUERY = `query LockHistory($id: ID!) {
  operator(id: $id) {
    rootKeyChanges(first: 100, orderBy: timestamp, orderDirection: desc) { newRootKey timestamp transaction }
    quantumLock {
      history(first: 100, orderBy: timestamp, orderDirection: desc) { kind unlockAt timestamp transaction }
      orders(first: 100, orderBy: nonce, orderDirection: desc) { operation timestamp transaction }
    }
  }
}`;

interface Dated {
  timestamp: string;
  transaction: Hex;
}

/** Reads what happened to lock and root key from the indexer, newest first. */
export async function lockHistoryFromIndexer(client: IndexerClient, identityId: number): Promise<LockEvent[]> {
  const { operator } = await client.query<{
    operator: {
      rootKeyChanges: (Dated & { newRootKey: Hex })[];
      quantumLock: {
        history: (Dated & { kind: "Locked" | "Unlocked" | "UnlockRequested"; unlockAt: string | null })[];
        orders: (Dated & { operation: string })[];
      };
    } | null;
  }>(QUERY, { id: String(identityId) });
  if (!operator) return [];
  const { rootKeyChanges, quantumLock } = operator;
  const dated = <T extends Dated>({ timestamp, transaction }: T) => ({ timestamp: Number(timestamp), transaction });
  const events: LockEvent[] = [
    ...quantumLock.history.map((one) => ({
      ...{ kind: one.kind, ...dated(one) },
      ...(one.unlockAt !== null && { detail: one.unlockAt }),
    })),
    ...quantumLock.orders.map((one) => ({ kind: "OrderExecuted" as const, detail: one.operation, ...dated(one) })),
    ...rootKeyChanges.map((one) => ({ kind: "RootKeyChanged" as const, detail: one.newRootKey, ...dated(one) })),
  ];
  return events.sort((a, b) => (b.timestamp ?? 0) - (a.timestamp ?? 0));
}

/** Reads what happened to lock and root key from the chain's logs, newest first. */
export async function lockHistoryFromChain({ client, config }: ChainAccess, identityId: number): Promise<LockEvent[]> {
  const query = {
    address: config.contracts.NodeRegistry,
    abi: nodeRegistryAbi,
    args: { identityId },
    fromBlock: BigInt(config.startBlock),
    strict: true,
  } as const;
  const [set, requested, orders, keys] = await Promise.all([
    client.getContractEvents({ ...query, eventName: "QuantumLockSet" }),
    client.getContractEvents({ ...query, eventName: "UnlockRequested" }),
    client.getContractEvents({ ...query, eventName: "RootOrderExecuted" }),
    client.getContractEvents({ ...query, eventName: "RootKeyChanged" }),
  ]);
  type Placed = LockEvent & { blockNumber: bigint };
  const place = (event: Omit<LockEvent, "transaction">, log: { transactionHash: Hex; blockNumber: bigint }): Placed => {
    return { ...event, transaction: log.transactionHash, blockNumber: log.blockNumber };
  };
  const events = [
    ...set.map((log) => place({ kind: log.args.locked ? "Locked" : "Unlocked" }, log)),
    ...requested.map((log) => place({ kind: "UnlockRequested", detail: String(log.args.unlockAt) }, log)),
    ...orders.map((log) => place({ kind: "OrderExecuted", detail: ROOT_OPERATIONS[log.args.operation]! }, log)),
    ...keys.map((log) => place({ kind: "RootKeyChanged", detail: log.args.newRootKey }, log)),
  ];
  return events.sort((a, b) => Number(b.blockNumber - a.blockNumber)).map(({ blockNumber: _, ...event }) => event);
}
