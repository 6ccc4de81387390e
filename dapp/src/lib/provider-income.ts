import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import type { Address, Hex } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { epochStart } from "./epoch-schedule.ts";
import type { IndexerClient } from "./indexer-client.ts";
import { leasesOfListings, type LeaseView, readLeases } from "./lease-view.ts";
import { readToken, type TokenUnit } from "./token-amount.ts";

/** Entries asked for at once; graph-node's limit. */
const PAGE = 1_000;
const OF_LEASE = "fee transaction lease { number token listing { number } }";
const SETTLEMENTS = `query Settlements($where: LeaseSettlement_filter!) {
  page: leaseSettlements(first: ${PAGE}, orderBy: id, where: $where) { id from until toProvider ${OF_LEASE} }
}`;
const PAYMENTS = `query Payments($where: VoucherPayment_filter!) {
  page: voucherPayments(first: ${PAGE}, orderBy: id, where: $where) { id amount timestamp ${OF_LEASE} }
}`;

interface RawEntry {
  id: string;
  fee: string;
  transaction: Hex;
  lease: { number: string; token: Address; listing: { number: number } };
}

interface RawSettlement extends RawEntry {
  from: string;
  until: string;
  toProvider: string;
}

interface RawPayment extends RawEntry {
  amount: string;
  timestamp: string;
}

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

/** Reads what leases of listings paid their provider, oldest first: settlements and, of metered leases, vouchers. */
export async function incomeFromChain(access: ChainAccess, listings: readonly number[]): Promise<IncomeEntry[]> {
  const { client, config } = access;
  const leases = await readLeases(access, await leasesOfListings(access, listings));
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

/**
 * Reads what leases paid an operator, oldest first, from the indexer.
 *
 * @throws IndexerAwayError when there is no usable answer in time.
 */
export async function incomeFromIndexer(
  access: ChainAccess,
  indexer: IndexerClient,
  identityId: number,
): Promise<IncomeEntry[]> {
  const lease_ = { operator: String(identityId) };
  const [settlements, payments] = await Promise.all([
    allOf<RawSettlement>(indexer, SETTLEMENTS, { lease_: { ...lease_, isMetered: false }, toProvider_gt: "0" }),
    allOf<RawPayment>(indexer, PAYMENTS, { lease_, isToClient: false }),
  ]);
  const entries = [
    ...settlements.map(async (raw): Promise<IncomeEntry> => {
      const [from, until] = [Number(raw.from), Number(raw.until)];
      const [since, time] = [epochStart(access.config.epoch, from), epochStart(access.config.epoch, until)];
      return { ...(await entryOf(access, raw, raw.toProvider)), from, until, since, time };
    }),
    ...payments.map(async (raw): Promise<IncomeEntry> => {
      return { ...(await entryOf(access, raw, raw.amount)), time: Number(raw.timestamp) };
    }),
  ];
  return (await Promise.all(entries)).sort((a, b) => a.time - b.time);
}

async function allOf<T extends { id: string }>(
  indexer: IndexerClient,
  query: string,
  where: Record<string, unknown>,
): Promise<T[]> {
  const found: T[] = [];
  for (;;) {
    const after = found.at(-1)?.id ?? "";
    const { page } = await indexer.query<{ page: T[] }>(query, { where: { ...where, id_gt: after } });
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

async function entryOf(access: ChainAccess, raw: RawEntry, amount: string): Promise<Omit<IncomeEntry, "time">> {
  const { lease, fee, transaction } = raw;
  return {
    ...{ leaseId: Number(lease.number), listingId: lease.listing.number, unit: await readToken(access, lease.token) },
    ...{ amount: BigInt(amount), fee: BigInt(fee), transaction },
  };
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
