import { committeeFeesAbi } from "@pqmesh/contracts/generated/committee-fees-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { type Address, type Hex, isAddressEqual } from "viem";
import type { ChainAccess } from "./chain-source.ts";

/** A relayer that ever bonded; amounts are MESH wei, times Unix seconds. */
export interface CommitteeRelayer {
  address: Address;
  endpoint: string;
  bond: bigint;
  /** Fees that it was credited and has not withdrawn. */
  fees: bigint;
  /** Region that it was admitted for, 0 when none was stated. */
  region: number;
  /** Seat in the newest version; undefined when it has none. */
  seat?: number;
  /** Place in the queue, from 1, and when it can be seated. */
  queue?: { place: number; joinableAt: number };
  /** Its seat can be vacated from then on, because it resigned. */
  vacatableAt?: number;
  /** Its bond can leave from then on. */
  releaseAt?: number;
  /** Jailed until then. */
  frozenUntil?: number;
  isBarred: boolean;
}

/** A member that lost its seat. */
export interface ReplacedMember {
  relayer: Address;
  transaction: Hex;
}

/** The committee, who waits for it and what it is paid. */
export interface CommitteeView {
  version: number;
  fromEpoch: number;
  quorum: number;
  seatCount: number;
  relayers: CommitteeRelayer[];
  /** What is left to pay for reports, MESH wei. */
  reserve: bigint;
  totalBonded: bigint;
  /** Newest first. */
  replaced: ReplacedMember[];
}

/** Reads the newest committee, the queue and every relayer that ever bonded. */
export async function readCommittee(access: ChainAccess): Promise<CommitteeView> {
  const { client, config } = access;
  const committee = { address: config.contracts.RelayerCommittee, abi: relayerCommitteeAbi } as const;
  const fees = { address: config.contracts.CommitteeFees, abi: committeeFeesAbi } as const;
  const logs = { ...committee, fromBlock: BigInt(config.startBlock), strict: true } as const;
  const [version, queue, totalBonded, reserve, bonded, moved, unseated] = await Promise.all([
    client.readContract({ ...committee, functionName: "latestVersion" }),
    client.readContract({ ...committee, functionName: "candidates" }),
    client.readContract({ ...committee, functionName: "totalBonded" }),
    client.readContract({ ...fees, functionName: "reserve" }),
    client.getContractEvents({ ...logs, eventName: "RelayerBonded" }),
    client.getContractEvents({ ...logs, eventName: "EndpointSet" }),
    client.getContractEvents({ ...logs, eventName: "RelayerUnseated" }),
  ]);
  const seats = await readSeats(access, version);
  const endpoints = new Map<Address, string>();
  const order = <T extends { blockNumber: bigint; logIndex: number }>(a: T, b: T): number =>
    Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex;
  for (const { args } of [...bonded, ...moved].sort(order)) endpoints.set(args.relayer, args.endpoint);
  const relayers = await Promise.all(
    [...endpoints].map(async ([address, endpoint]): Promise<CommitteeRelayer> => {
      const seat = seats.members.findIndex((member) => isAddressEqual(member, address));
      const place = queue.findIndex(({ relayer }) => isAddressEqual(relayer, address));
      return {
        ...(await readRelayer(access, address)),
        endpoint,
        ...(seat >= 0 && { seat }),
        ...(place >= 0 && { queue: { place: place + 1, joinableAt: Number(queue[place]!.joinableAt) } }),
      };
    }),
  );
  return {
    ...{ version, fromEpoch: seats.fromEpoch, quorum: seats.quorum, seatCount: seats.members.length },
    ...{ relayers, reserve, totalBonded },
    replaced: unseated
      .map(({ args, transactionHash }) => ({ relayer: args.relayer, transaction: transactionHash }))
      .reverse(),
  };
}

async function readSeats(
  { client, config }: ChainAccess,
  version: number,
): Promise<{ members: readonly Address[]; fromEpoch: number; quorum: number }> {
  if (version === 0) return { members: [], fromEpoch: 0, quorum: 0 };
  const committee = { address: config.contracts.RelayerCommittee, abi: relayerCommitteeAbi, args: [version] } as const;
  const [members, fromEpoch, quorum] = await Promise.all([
    client.readContract({ ...committee, functionName: "membersOf" }),
    client.readContract({ ...committee, functionName: "activationOf" }),
    client.readContract({ ...committee, functionName: "quorumOf" }),
  ]);
  return { members, fromEpoch: Number(fromEpoch), quorum: Number(quorum) };
}

async function readRelayer(
  { client, config }: ChainAccess,
  address: Address,
): Promise<Omit<CommitteeRelayer, "endpoint">> {
  const committee = { address: config.contracts.RelayerCommittee, abi: relayerCommitteeAbi, args: [address] } as const;
  const [relayer, region, fees] = await Promise.all([
    client.readContract({ ...committee, functionName: "relayerOf" }),
    client.readContract({ ...committee, functionName: "regionOf" }),
    client.readContract({
      ...{ address: config.contracts.CommitteeFees, abi: committeeFeesAbi },
      ...{ functionName: "feesOf", args: [address] },
    }),
  ]);
  const { bond, isBarred, vacatableAt, releaseAt, frozenUntil } = relayer;
  return {
    ...{ address, bond, fees, region, isBarred },
    ...(vacatableAt > 0n && { vacatableAt: Number(vacatableAt) }),
    ...(releaseAt > 0n && { releaseAt: Number(releaseAt) }),
    ...(frozenUntil > 0n && { frozenUntil: Number(frozenUntil) }),
  };
}

/** A region with the seats that its relayers have. */
export interface RegionSeats {
  region: number;
  seats: number;
}

/** Seats by region, most first; region 0 was not stated and is not capped. */
export function seatsByRegion(relayers: readonly CommitteeRelayer[]): RegionSeats[] {
  const counts = new Map<number, number>();
  for (const { seat, region } of relayers) {
    if (seat !== undefined) counts.set(region, (counts.get(region) ?? 0) + 1);
  }
  return [...counts].map(([region, seats]) => ({ region, seats })).sort((a, b) => b.seats - a.seats);
}

/** Seats that relayers of one region may have of `seats`, one at least. */
export function regionCap(seats: number, regionBp: number): number {
  return Math.max(1, Math.floor((seats * regionBp) / 10_000));
}

/** What a relayer can do about its seat and bond. */
export type CommitteeAction =
  "resign" | "vacateSeat" | "dismiss" | "requestBondRelease" | "withdrawBond" | "withdrawFees";

/** What a wallet can do about a relayer now; `now` is chain time in Unix seconds. */
export function committeeActions(
  relayer: CommitteeRelayer,
  now: number,
  wallet: Address | undefined,
): CommitteeAction[] {
  if (!wallet) return [];
  const { seat, queue, vacatableAt, releaseAt, frozenUntil = 0, bond, fees } = relayer;
  const actions: CommitteeAction[] = [];
  const isOwn = isAddressEqual(relayer.address, wallet);
  if (seat !== undefined && vacatableAt !== undefined && vacatableAt <= now) actions.push("vacateSeat");
  if (!isOwn) return actions;
  if (seat !== undefined && vacatableAt === undefined) actions.push("resign");
  if (queue) actions.push("dismiss");
  if (seat === undefined && bond > 0n && releaseAt === undefined) actions.push("requestBondRelease");
  if (releaseAt !== undefined && releaseAt <= now && frozenUntil <= now && bond > 0n) actions.push("withdrawBond");
  if (fees > 0n) actions.push("withdrawFees");
  return actions;
}
