import { LEASE_STATUSES, type LeaseStatus } from "@pqmesh/contracts/protocol/lease-status";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { type Address, type Hex, zeroAddress } from "viem";
import type { ChainAccess } from "./chain-source.ts";

/** Epochs that were settled together; amounts are smallest units of the lease's token. */
export interface Settlement {
  from: number;
  until: number;
  proven: number;
  missed: number;
  /** After the fee; of a metered lease what vouchers can draw on. */
  toProvider: bigint;
  fee: bigint;
  toClient: bigint;
  transaction: Hex;
}

/** How a lease ended. */
export interface Closing {
  status: LeaseStatus;
  toClient: bigint;
  /** Part of `toClient` that was the provider's bond. */
  bond: bigint;
  /** Who earned the prepaid fee by closing it. */
  janitor?: Address;
  janitorFee: bigint;
  transaction: Hex;
}

/** What happened to a lease, from the escrow's logs. */
export interface LeaseStory {
  opened: { epochs: number; balance: bigint; janitorFee: bigint; acceptBy: number; transaction: Hex };
  /** Oldest first. */
  settlements: Settlement[];
  /** Rent that was paid in after the opening. */
  toppedUp: bigint;
  closing?: Closing;
  /** Newest sealed credential. */
  sealed?: Hex;
  /** Vouchers and returns of a metered lease, fees included. */
  redeemed: bigint;
}

/** What settlements add up to. */
export interface SettledTotals {
  proven: number;
  missed: number;
  unreported: number;
  toProvider: bigint;
  fee: bigint;
  toClient: bigint;
}

/** Reads what happened to a lease. */
export async function readLeaseStory({ client, config }: ChainAccess, id: number): Promise<LeaseStory | undefined> {
  const logs = await client.getContractEvents({
    ...{ address: config.contracts.LeaseEscrow, abi: leaseEscrowAbi, args: { leaseId: BigInt(id) } },
    ...{ fromBlock: BigInt(config.startBlock), strict: true },
  });
  return storyOf(logs.filter(({ args }) => "leaseId" in args && args.leaseId === BigInt(id)) as LeaseLog[]);
}

/** A log of the escrow about a lease, as far as its story goes. */
export type LeaseLog = { transactionHash: Hex } & (
  | {
      eventName: "LeaseOpened";
      args: { epochs: number; balance: bigint; janitorFee: bigint; acceptBy: bigint };
    }
  | {
      eventName: "LeaseSettled";
      args: Record<"from" | "until" | "proven" | "missed" | "toProvider" | "fee" | "toClient", bigint>;
    }
  | { eventName: "LeaseToppedUp"; args: { amount: bigint } }
  | { eventName: "CredentialDelivered"; args: { sealed_: Hex } }
  | { eventName: "EarnedPaid"; args: { redeemed: bigint } }
  | {
      eventName: "LeaseClosed";
      args: { status: number; toClient: bigint; bond: bigint; janitor: Address; janitorFee: bigint };
    }
);

/** Tells the story of logs of one lease, oldest first. */
export function storyOf(logs: readonly LeaseLog[]): LeaseStory | undefined {
  let story: LeaseStory | undefined;
  for (const log of logs) {
    if (log.eventName === "LeaseOpened") {
      const { args, transactionHash: transaction } = log;
      const { epochs, balance, janitorFee } = args;
      const opened = { epochs, balance, janitorFee, acceptBy: Number(args.acceptBy), transaction };
      story = { opened, settlements: [], toppedUp: 0n, redeemed: 0n };
    } else if (story) addTo(story, log);
  }
  return story;
}

function addTo(story: LeaseStory, log: Exclude<LeaseLog, { eventName: "LeaseOpened" }>): void {
  const transaction = log.transactionHash;
  switch (log.eventName) {
    case "LeaseSettled": {
      const { from, until, proven, missed, toProvider, fee, toClient } = log.args;
      const counts = { from: Number(from), until: Number(until), proven: Number(proven), missed: Number(missed) };
      story.settlements.push({ ...counts, toProvider, fee, toClient, transaction });
      break;
    }
    case "LeaseToppedUp":
      story.toppedUp += log.args.amount;
      break;
    case "CredentialDelivered":
      story.sealed = log.args.sealed_;
      break;
    case "EarnedPaid":
      story.redeemed = log.args.redeemed;
      break;
    case "LeaseClosed": {
      const { status, toClient, bond, janitor, janitorFee } = log.args;
      const by = janitor === zeroAddress ? {} : { janitor };
      story.closing = { status: LEASE_STATUSES[status]!, toClient, bond, ...by, janitorFee, transaction };
    }
  }
}

/** What settlements add up to. */
export function settledTotals(settlements: readonly Settlement[]): SettledTotals {
  const totals: SettledTotals = { proven: 0, missed: 0, unreported: 0, toProvider: 0n, fee: 0n, toClient: 0n };
  for (const { from, until, proven, missed, toProvider, fee, toClient } of settlements) {
    totals.proven += proven;
    totals.missed += missed;
    totals.unreported += until - from - proven - missed;
    totals.toProvider += toProvider;
    totals.fee += fee;
    totals.toClient += toClient;
  }
  return totals;
}
