import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { memberOffencesAbi } from "@pqmesh/contracts/generated/member-offences-abi";
import type { Address, Hex } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import type { IndexerClient } from "./indexer-client.ts";
import { searchBack } from "./search-back.ts";

/** Kinds of offences; the first is one of all signers of a report together. */
export const OFFENCE_KINDS = ["ForgedReport", "Forgery", "Equivocation", "Omission"] as const;

/** Kind of an offence. */
export type OffenceKind = (typeof OFFENCE_KINDS)[number];

/** Funds that a punishment took, MESH wei. */
export interface SlashView {
  id: number;
  reporter?: Address;
  amount: bigint;
  /** Part for the reporter. */
  reward: bigint;
  /** Unix seconds from which anyone can pay them out. */
  payableAt: number;
  state: "Frozen" | "Paid" | "Pardoned";
}

/** What one member lost. */
export interface PunishedMember {
  relayer: Address;
  /** MESH wei. */
  amount: bigint;
  /** Unix seconds until which it is jailed. */
  frozenUntil: number;
}

/** An offence with what followed. */
export interface OffenceView {
  id: Hex;
  kind: OffenceKind;
  /** True when an ML-DSA-65 signature is among the evidence. */
  isProven: boolean;
  epoch?: number;
  /** Shard of the report that was forged. */
  shard?: number;
  reporter?: Address;
  members: PunishedMember[];
  slash?: SlashView;
  /** Unix seconds; undefined when only logs were read. */
  timestamp?: number;
  transaction: Hex;
}

/** What of the offences is asked for. */
export interface OffenceListing {
  kind: OffenceKind | "all";
  skip: number;
  count: number;
}

const QUERY = `query Offences($first: Int!, $skip: Int!, $where: Offence_filter!) {
  offences(first: $first, skip: $skip, orderBy: timestamp, orderDirection: desc, where: $where) {
    id kind isProven epoch reporter timestamp transaction
    report { shard }
    punishments { relayer { address } amount frozenUntil }
    slash { number reporter amount reward payableAt state }
  }
}`;

interface RawOffence {
  id: Hex;
  kind: OffenceKind;
  isProven: boolean;
  epoch: string;
  reporter: Address | null;
  timestamp: string;
  transaction: Hex;
  report: { shard: number } | null;
  punishments: { relayer: { address: Address }; amount: string; frozenUntil: string }[];
  slash: {
    number: string;
    reporter: Address | null;
    amount: string;
    reward: string;
    payableAt: string;
    state: SlashView["state"];
  } | null;
}

/** Reads offences from the indexer, newest first. */
export async function offencesFromIndexer(client: IndexerClient, listing: OffenceListing): Promise<OffenceView[]> {
  const { kind, skip, count } = listing;
  const where = kind === "all" ? {} : { kind };
  const data = await client.query<{ offences: RawOffence[] }>(QUERY, { first: count, skip, where });
  return data.offences.map(({ epoch, report, reporter, timestamp, punishments, slash, ...rest }) => ({
    ...{ ...rest, epoch: Number(epoch), timestamp: Number(timestamp) },
    ...(report && { shard: report.shard }),
    ...(reporter && { reporter }),
    members: punishments.map(({ relayer, amount, frozenUntil }) => {
      return { relayer: relayer.address, amount: BigInt(amount), frozenUntil: Number(frozenUntil) };
    }),
    ...(slash && { slash: toSlash(slash) }),
  }));
}

/** Reads offences from the chain's logs, newest first. */
export async function offencesFromChain(access: ChainAccess, listing: OffenceListing): Promise<OffenceView[]> {
  const { client, config } = access;
  const { RelayerCommittee, MemberOffences } = config.contracts;
  const { kind, skip, count } = listing;
  const punished = await searchBack(client, config.startBlock, {
    count: 8 * (skip + count),
    read: (range) =>
      client.getContractEvents({
        ...{ address: RelayerCommittee, abi: relayerCommitteeAbi, eventName: "RelayerPunished" },
        ...{ ...range, strict: true },
      }),
  });
  const grouped = Map.groupBy(punished, ({ args }) => args.offence);
  const all = await Promise.all(
    [...grouped].map(async ([offence, logs]): Promise<OffenceView> => {
      const query = { args: { offence }, fromBlock: BigInt(config.startBlock), strict: true } as const;
      const [frozen, convicted] = await Promise.all([
        client.getContractEvents({
          ...{ ...query, address: RelayerCommittee, abi: relayerCommitteeAbi, eventName: "SlashFrozen" },
        }),
        client.getContractEvents({
          ...{ address: MemberOffences, abi: memberOffencesAbi, eventName: "MemberConvicted" },
          ...{ args: { offenceId: offence }, fromBlock: query.fromBlock, strict: true },
        }),
      ]);
      const [first] = logs;
      const conviction = convicted[0]?.args;
      const slash = frozen[0] && (await slashFromChain(access, frozen[0].args));
      return {
        id: offence,
        kind: conviction ? OFFENCE_KINDS[1 + conviction.kind]! : "ForgedReport",
        isProven: first!.args.isProven,
        ...(conviction && { epoch: Number(conviction.epoch) }),
        ...(slash?.reporter && { reporter: slash.reporter }),
        members: logs.map(({ args }) => {
          return { relayer: args.relayer, amount: args.amount, frozenUntil: Number(args.frozenUntil) };
        }),
        ...(slash && { slash }),
        transaction: first!.transactionHash,
      };
    }),
  );
  return all.filter((offence) => kind === "all" || offence.kind === kind).slice(skip, skip + count);
}

async function slashFromChain(
  { client, config }: ChainAccess,
  frozen: { slashId: bigint; reporter: Address; amount: bigint; reward: bigint; payableAt: bigint },
): Promise<SlashView> {
  const { slashId, reporter, amount, reward, payableAt } = frozen;
  const committee = { address: config.contracts.RelayerCommittee, abi: relayerCommitteeAbi } as const;
  const [now, pardons] = await Promise.all([
    client.readContract({ ...committee, functionName: "slashOf", args: [slashId] }),
    client.getContractEvents({
      ...{ ...committee, eventName: "SlashPardoned", args: { slashId } },
      ...{ fromBlock: BigInt(config.startBlock), strict: true },
    }),
  ]);
  const settled = pardons.length > 0 ? "Pardoned" : "Paid";
  return {
    ...{ id: Number(slashId), amount, reward, payableAt: Number(payableAt) },
    ...(BigInt(reporter) > 0n && { reporter }),
    state: now.payableAt > 0n ? "Frozen" : settled,
  };
}

function toSlash({ number, reporter, amount, reward, payableAt, state }: NonNullable<RawOffence["slash"]>): SlashView {
  return {
    ...{ id: Number(number), amount: BigInt(amount), reward: BigInt(reward), payableAt: Number(payableAt), state },
    ...(reporter && { reporter }),
  };
}
