import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import { type Address, type Hex, zeroHash } from "viem";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { revertName } from "./failure.ts";
import { meshText, momentText } from "./figures.ts";
import { chainTime, governed } from "./governed.ts";

/** Where a relayer stands on its way to a seat and back. */
export type Standing =
  "unknown" | "bonded" | "queued" | "seated" | "resigned" | "unseated" | "releasing" | "released" | "jailed" | "barred";

/** A relayer with its place. Amounts are MESH wei, times Unix seconds, 0 when they do not apply. */
export interface RelayerState {
  address: Address;
  standing: Standing;
  bond: bigint;
  mldsaKeyHash: Hex;
  /** Place in the queue from 1 on; 0 when it does not wait. */
  queuePosition: number;
  joinableAt: bigint;
  vacatableAt: bigint;
  releaseAt: bigint;
  frozenUntil: bigint;
  /** Newest committee that seats it; 0 when none ever did. */
  lastVersion: number;
  fees: bigint;
}

/** The committee in force, the newest one, and who waits. */
export interface CommitteeState {
  version: number;
  members: readonly Address[];
  quorum: bigint;
  latestVersion: number;
  latestMembers: readonly Address[];
  latestFrom: bigint;
  queue: readonly { relayer: Address; joinableAt: bigint }[];
  now: bigint;
}

/** Reads the committee. */
export async function readCommittee(session: Session): Promise<CommitteeState> {
  const { client } = session;
  const committee = contractOf(session, "RelayerCommittee");
  const [epoch, latestVersion, queue, now] = await Promise.all([
    client.readContract({ ...committee, functionName: "currentEpoch" }),
    client.readContract({ ...committee, functionName: "latestVersion" }),
    client.readContract({ ...committee, functionName: "candidates" }),
    chainTime(session),
  ]);
  if (latestVersion === 0) {
    const nobody = { version: 0, members: [], quorum: 0n, latestVersion, latestMembers: [], latestFrom: 0n };
    return { ...nobody, queue, now };
  }
  const [latestMembers, latestFrom] = await Promise.all([
    client.readContract({ ...committee, functionName: "membersOf", args: [latestVersion] }),
    client.readContract({ ...committee, functionName: "activationOf", args: [latestVersion] }),
  ]);
  const version = await client.readContract({ ...committee, functionName: "versionAt", args: [epoch] }).catch(() => 0);
  const [members, quorum] =
    version === 0
      ? [[], 0n]
      : await Promise.all([
          client.readContract({ ...committee, functionName: "membersOf", args: [version] }),
          client.readContract({ ...committee, functionName: "quorumOf", args: [version] }),
        ]);
  return { version, members, quorum, latestVersion, latestMembers, latestFrom, queue, now };
}

/** Reads a relayer; one that the chain does not know has the standing "unknown". */
export async function readRelayer(
  session: Session,
  address: Address,
  { latestVersion, version, queue, now }: CommitteeState,
): Promise<RelayerState> {
  const { client } = session;
  const [relayer, fees] = await Promise.all([
    recordOf(session, address),
    client.readContract({ ...contractOf(session, "CommitteeFees"), functionName: "feesOf", args: [address] }),
  ]);
  const place = queue.findIndex((candidate) => candidate.relayer === address);
  const { isBarred, ...rest } = relayer;
  const standing = standingOf({ ...rest, isBarred, isQueued: place >= 0, latestVersion, version, now });
  return { address, ...rest, standing, queuePosition: place + 1, joinableAt: queue[place]?.joinableAt ?? 0n, fees };
}

/** What the chain keeps about a relayer; nothing but zeros for one that it does not know. */
async function recordOf(session: Session, address: Address) {
  const request = { functionName: "relayerOf", args: [address] } as const;
  try {
    return await session.client.readContract({ ...contractOf(session, "RelayerCommittee"), ...request });
  } catch (error) {
    if (revertName(error) !== "RelayerCommittee_UnknownRelayer") throw error;
    const times = { frozenUntil: 0n, releaseAt: 0n, vacatableAt: 0n };
    return { ...times, bond: 0n, isBarred: false, mldsaKeyHash: zeroHash, lastVersion: 0 };
  }
}

interface Circumstances extends Omit<RelayerState, "address" | "standing" | "queuePosition" | "joinableAt" | "fees"> {
  isBarred: boolean;
  isQueued: boolean;
  latestVersion: number;
  version: number;
  now: bigint;
}

function standingOf(of: Circumstances): Standing {
  if (of.mldsaKeyHash === zeroHash) return "unknown";
  if (of.releaseAt > 0n) return of.releaseAt <= of.now ? "released" : "releasing";
  if (of.lastVersion > 0 && of.lastVersion === of.latestVersion) return of.vacatableAt > 0n ? "resigned" : "seated";
  if (of.lastVersion > 0 && of.lastVersion >= of.version) return "unseated";
  if (of.isQueued) return "queued";
  if (of.isBarred) return "barred";
  return of.frozenUntil > of.now ? "jailed" : "bonded";
}

/** What is true of a relayer, and what comes next, in one sentence. */
export function standingText(relayer: RelayerState, now: bigint): string {
  const { standing, bond, queuePosition, joinableAt, vacatableAt, releaseAt, frozenUntil } = relayer;
  const sentences: Record<Standing, string> = {
    unknown: "is not a relayer of this network (committee join).",
    bonded: `has a bond of ${meshText(bond)} and no seat: the DAO admits it to the queue (committee admit).`,
    queued: `waits for a seat at place ${queuePosition}, from ${momentText(joinableAt, now)} on (committee join).`,
    seated: `has a seat and a bond of ${meshText(bond)}.`,
    resigned: `has resigned; its seat can be vacated from ${momentText(vacatableAt, now)} on (committee exit).`,
    unseated: "has lost its seat, but the committee in force still counts on it: wait for the next one.",
    releasing: `gets its bond of ${meshText(bond)} from ${momentText(releaseAt, now)} on (committee withdraw).`,
    released: `can withdraw its bond of ${meshText(bond)} now (committee withdraw).`,
    jailed: `is jailed until ${momentText(frozenUntil, now)}: it takes no seat, and its bond cannot leave.`,
    barred: `is barred for ever; its bond of ${meshText(bond)} can leave (committee exit).`,
  };
  const frozen = frozenUntil > now && frozenUntil < FOR_EVER && standing !== "jailed";
  return sentences[standing] + (frozen ? ` Its bond is frozen until ${momentText(frozenUntil, now)}.` : "");
}

/** What membership costs, pays and takes in time. Amounts are MESH wei, delays seconds. */
export async function readTerms(session: Session) {
  const { client } = session;
  const [bond, maxSeats, joinDelay, resignNotice, releaseDelay, fee, reserve] = await Promise.all([
    governed(session, "committeeBond"),
    governed(session, "committeeMaxSeats"),
    governed(session, "committeeJoinDelay"),
    governed(session, "committeeResignNotice"),
    governed(session, "committeeReleaseDelay"),
    governed(session, "reportFee"),
    client.readContract({ ...contractOf(session, "CommitteeFees"), functionName: "reserve" }),
  ]);
  return { bond, maxSeats, joinDelay, resignNotice, releaseDelay, fee, reserve };
}
