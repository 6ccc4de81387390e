import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import type { Hex } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { epochStart } from "./epoch-schedule.ts";
import type { LeaseView } from "./lease-view.ts";
import type { TokenUnit } from "./token-amount.ts";

/** Rent that a lease paid its provider. */
export interface IncomeEntry {
  leaseId: number;
  listingId: number;
  unit: TokenUnit;
  /** Epochs `[from, until)` that it is for; of a voucher, none. */
  from?: number;
  until?: number;
  /** Unix seconds at which the first of them began. */
  since?: number;
  /** Unix seconds: end of the epochs, or the block of the voucher. */
  time: number;
  /** After the fee, smallest units. */
  amount: bigint;
  fee: bigint;
  transaction: Hex;
}

/** Numbers of the listings of an operator, newest first, from the contract's logs. */
export async function listingsOfOperator({ client, config }: ChainAccess, identityId: number): Promise<number[]> {
  const logs = await client.getContractEvents({
    ...{ address: config.contracts.NodeListings, abi: nodeListingsAbi, eventName: "ListingCreated" },
    ...{ args: { identityId }, fromBlock: BigInt(config.startBlock), strict: true },
  });
  return logs.map(({ args }) => args.listingId).reverse();
}

/** Reads what leases paid their provider, oldest first: settlements and, of metered leases, vouchers. */
export async function readIncome(
  { client, config }: ChainAccess,
  leases: readonly LeaseView[],
): Promise<IncomeEntry[]> {
  if (leases.length === 0) return [];
  const byId = new Map(leases.map((lease) => [BigInt(lease.id), lease]));
  const query = {
    ...{ address: config.contracts.LeaseEscrow, abi: leaseEscrowAbi, args: { leaseId: [...byId.keys()] } },
    fromBlock: BigInt(config.startBlock),
    strict: true,
  } as const;
  const [settled, paid] = await Promise.all([
    client.getContractEvents({ ...query, eventName: "LeaseSettled" }),
    client.getContractEvents({ ...query, eventName: "EarnedPaid" }),
  ]);
  const rent = settled
    .filter(({ args }) => args.toProvider > 0n && !byId.get(args.leaseId)!.isMetered)
    .map(({ args, transactionHash: transaction }): IncomeEntry => {
      const [from, until] = [Number(args.from), Number(args.until)];
      const [since, time] = [epochStart(config.epoch, from), epochStart(config.epoch, until)];
      return {
        ...ofLease(byId.get(args.leaseId)!),
        from,
        until,
        since,
        time,
        amount: args.toProvider,
        fee: args.fee,
        transaction,
      };
    });
  const isForClient = ({ args }: (typeof paid)[number]): boolean => {
    return args.account.toLowerCase() === byId.get(args.leaseId)!.client.toLowerCase() && args.fee === 0n;
  };
  const vouchers = paid
    .filter((log) => !isForClient(log))
    .map(async ({ args, blockNumber, transactionHash: transaction }): Promise<IncomeEntry> => {
      const { timestamp } = await client.getBlock({ blockNumber });
      const { amount, fee } = args;
      return { ...ofLease(byId.get(args.leaseId)!), time: Number(timestamp), amount, fee, transaction };
    });
  return [...rent, ...(await Promise.all(vouchers))].sort((a, b) => a.time - b.time);
}

/** Income in one token as it added up, for a chart that begins with nothing; whole tokens. */
export function incomeCurve(
  entries: readonly IncomeEntry[],
  { decimals }: TokenUnit,
): { times: number[]; sums: number[] } {
  const byTime = new Map<number, bigint>();
  const begin = entries[0]?.since;
  if (begin !== undefined) byTime.set(begin, 0n);
  let sum = 0n;
  for (const { time, amount } of entries) {
    sum += amount;
    byTime.set(time, sum);
  }
  return { times: [...byTime.keys()], sums: [...byTime.values()].map((total) => Number(total) / 10 ** decimals) };
}

function ofLease({ id, listingId, unit }: LeaseView): Pick<IncomeEntry, "leaseId" | "listingId" | "unit"> {
  return { leaseId: id, listingId, unit };
}
