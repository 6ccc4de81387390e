import { DISPUTE_OUTCOMES, type DisputeOutcome } from "@pqmesh/contracts/protocol/lease-status";
import { leaseDisputesAbi } from "@pqmesh/contracts/generated/lease-disputes-abi";
import { type Address, type Hex, zeroAddress } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { searchBack } from "./search-back.ts";

/** An open dispute of a lease; the bond is in smallest units of the lease's token. */
export interface OpenDispute {
  client: Address;
  /** Last Unix second in which it can be decided. */
  deadline: number;
  bond: bigint;
  /** Share that a side offered last. */
  offer?: { shareBp: number; isByClient: boolean };
}

/** A dispute that was opened some time. */
export interface DisputeRow {
  leaseId: number;
  client: Address;
  token: Address;
  bond: bigint;
  deadline: number;
  evidence: Hex;
  transaction: Hex;
  ended?: { outcome: DisputeOutcome; clientShareBp: number; bondTo: Address };
}

/** Outcomes in words. */
export const OUTCOME_WORDS: Readonly<Record<DisputeOutcome, string>> = {
  None: "Open",
  Agreed: "Both sides agreed",
  Ruled: "The arbitrator decided",
  Silent: "Nobody decided in time: the objective settlement stands",
  Withdrawn: "The client gave up: the objective settlement stands",
};

/** Reads the open dispute of a lease; undefined when it has none. */
export async function readOpenDispute(
  { client, config }: ChainAccess,
  leaseId: number,
): Promise<OpenDispute | undefined> {
  const disputes = { address: config.contracts.LeaseDisputes, abi: leaseDisputesAbi } as const;
  const found = await client.readContract({ ...disputes, functionName: "disputeOf", args: [BigInt(leaseId)] });
  if (found.client === zeroAddress) return undefined;
  return {
    ...{ client: found.client, deadline: Number(found.deadline), bond: found.bond },
    ...(found.hasOffer && { offer: { shareBp: found.offerBp, isByClient: found.isOfferByClient } }),
  };
}

/** What a dispute of a lease costs now, and who decides. */
export async function readDisputeTerms(
  { client, config }: ChainAccess,
  leaseId: number,
): Promise<{ bond: bigint; arbitrator: Address }> {
  const disputes = { address: config.contracts.LeaseDisputes, abi: leaseDisputesAbi } as const;
  const [bond, arbitrator] = await Promise.all([
    client.readContract({ ...disputes, functionName: "bondFor", args: [BigInt(leaseId)] }),
    client.readContract({ ...disputes, functionName: "arbitrator" }),
  ]);
  return { bond, arbitrator };
}

/** Reads who decides disputes. */
export function readArbitrator({ client, config }: ChainAccess): Promise<Address> {
  const disputes = { address: config.contracts.LeaseDisputes, abi: leaseDisputesAbi } as const;
  return client.readContract({ ...disputes, functionName: "arbitrator" });
}

/** Reads disputes from the contract's logs, newest first. */
export async function readDisputes({ client, config }: ChainAccess, count: number): Promise<DisputeRow[]> {
  const disputes = { address: config.contracts.LeaseDisputes, abi: leaseDisputesAbi } as const;
  const opened = await searchBack(client, config.startBlock, {
    count,
    read: (range) => client.getContractEvents({ ...disputes, eventName: "DisputeOpened", ...range, strict: true }),
  });
  const first = opened.at(-1);
  if (!first) return [];
  const ended = await client.getContractEvents({
    ...{ ...disputes, eventName: "DisputeEnded", args: { leaseId: opened.map(({ args }) => args.leaseId) } },
    ...{ fromBlock: first.blockNumber, strict: true },
  });
  const isAfter = (a: LogPlace, b: LogPlace): boolean => {
    return a.blockNumber > b.blockNumber || (a.blockNumber === b.blockNumber && a.logIndex > b.logIndex);
  };
  return opened.map((log) => {
    const { leaseId, deadline, ...args } = log.args;
    const end = ended.find((one) => one.args.leaseId === leaseId && isAfter(one, log));
    return {
      ...{ ...args, leaseId: Number(leaseId), deadline: Number(deadline), transaction: log.transactionHash },
      ...(end && {
        ended: {
          ...{ outcome: DISPUTE_OUTCOMES[end.args.outcome]!, clientShareBp: end.args.clientShareBp },
          bondTo: end.args.bondTo,
        },
      }),
    };
  });
}

interface LogPlace {
  blockNumber: bigint;
  logIndex: number;
}

/** What a wallet can do with a dispute. */
export type DisputeAction = "offer" | "accept" | "withdraw" | "rule" | "expire";

/** What a wallet can do with an open dispute; `now` is chain time in Unix seconds. */
export function disputeActions(
  { deadline, offer }: OpenDispute,
  { isClient, isProvider, isArbitrator }: DisputeRoles,
  now: number,
): DisputeAction[] {
  if (now > deadline) return ["expire"];
  const actions: DisputeAction[] = [];
  if (isClient || isProvider) {
    actions.push("offer");
    if (offer && offer.isByClient !== isClient) actions.push("accept");
  }
  if (isClient) actions.push("withdraw");
  if (isArbitrator) actions.push("rule");
  return actions;
}

/** What a wallet is to a dispute. */
export interface DisputeRoles {
  isClient: boolean;
  isProvider: boolean;
  isArbitrator: boolean;
}
