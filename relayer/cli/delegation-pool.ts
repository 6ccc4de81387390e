import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import type { Address } from "viem";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { durationText, momentText, percentText } from "./figures.ts";
import { chainTime, governed } from "./governed.ts";
import { requireKnownNode } from "./require-known-node.ts";

/** The pool of a node as one delegator sees it. Amounts are MESH wei, times Unix seconds. */
export interface NodePool {
  nodeIndex: number;
  assets: bigint;
  shares: bigint;
  own: { shares: bigint; amount: bigint };
  commission: { bp: number; nextBp: number; nextFrom: bigint };
  unbondingPeriod: bigint;
  isEligible: boolean;
  /** Until when the node is jailed; 0 when it is not. */
  jailedUntil: bigint;
  isHeld: boolean;
  /** Until when a slash can be given back to the pool, and nobody joins it; 0 when there was none. */
  pardonableUntil: bigint;
  now: bigint;
}

/** Reads the pool of a node. @throws Error when the node does not exist. */
export async function readNodePool(session: Session, nodeIndex: number, delegator: Address): Promise<NodePool> {
  const { client } = session;
  const delegation = contractOf(session, "NodeDelegation");
  const staking = contractOf(session, "NodeStaking");
  const args = [nodeIndex] as const;
  await requireKnownNode(session, nodeIndex);
  const [pool, own, commission, pardonableUntil, stake, jailedUntil, unbondingPeriod, now] = await Promise.all([
    client.readContract({ ...delegation, functionName: "poolOf", args }),
    client.readContract({ ...delegation, functionName: "delegationOf", args: [nodeIndex, delegator] }),
    client.readContract({ ...delegation, functionName: "commissionOf", args }),
    client.readContract({ ...delegation, functionName: "pardonableUntil", args }),
    client.readContract({ ...staking, functionName: "nodeStakeOf", args }),
    client.readContract({ ...contractOf(session, "NodeSlashing"), functionName: "jailedUntil", args }),
    governed(session, "unbondingPeriod"),
    chainTime(session),
  ]);
  return {
    ...{ nodeIndex, assets: pool.assets, shares: pool.shares, own: { shares: own[0], amount: own[1] } },
    ...{ commission: commissionNow(commission, now), unbondingPeriod, jailedUntil, now },
    ...{ isEligible: stake.eligible, isHeld: stake.held, pardonableUntil },
  };
}

/** The commission in force at a time, and the raise that is pending then. */
export function commissionNow({ bp, nextBp, nextFrom }: NodePool["commission"], now: bigint): NodePool["commission"] {
  const isRaised = nextFrom !== 0n && nextFrom <= now;
  return isRaised ? { bp: nextBp, nextBp: 0, nextFrom: 0n } : { bp, nextBp, nextFrom };
}

/** A part of a pool as people read it. */
export function poolShareText(bp: bigint): string {
  return bp === 0n ? "less than 0.01 %" : percentText(bp);
}

/** When what is undelegated now can be withdrawn. */
export function unbondingPreview({ unbondingPeriod, now }: NodePool): string {
  const at = momentText(now + unbondingPeriod, now);
  return `${durationText(unbondingPeriod)} after it is undelegated; if that were now, ${at}.`;
}

/** What a delegator of a node risks, in sentences. */
export function delegationRisks(pool: NodePool): string[] {
  const { nodeIndex, isEligible, jailedUntil, pardonableUntil, isHeld, now } = pool;
  const { bp, nextBp, nextFrom } = pool.commission;
  return [
    "Every slash of the node takes from its delegators pro rata, also from what is unbonding.",
    `The operator can raise its commission above ${percentText(bp)} after a delay; only a cut is at once.`,
    ...(nextFrom > 0n ? [`Its commission rises to ${percentText(nextBp)} at ${momentText(nextFrom, now)}.`] : []),
    ...(jailedUntil > 0n ? [jailRisk(nodeIndex, jailedUntil, now)] : []),
    ...(!isEligible && jailedUntil === 0n
      ? [`Node ${nodeIndex} is below its minimum stake or has exited: it earns nothing now.`]
      : []),
    ...(pardonableUntil > now
      ? [`A slash can still be given back: until ${momentText(pardonableUntil, now)} nobody can join the pool.`]
      : []),
    ...(isHeld ? ["A slash of this node is proposed: matured unbondings may be held back until it is decided."] : []),
  ];
}

/** What a delegator gives up by withdrawing now. */
export function withdrawalRisks({ nodeIndex, pardonableUntil, now }: NodePool): string[] {
  if (pardonableUntil <= now) return [];
  const until = momentText(pardonableUntil, now);
  return [
    `A slash of node ${nodeIndex} can be given back until ${until}: what is withdrawn before then gets nothing of it.`,
  ];
}

function jailRisk(nodeIndex: number, until: bigint, now: bigint): string {
  return until === FOR_EVER
    ? `Node ${nodeIndex} is barred for ever: it will never earn again.`
    : `Node ${nodeIndex} is jailed until ${momentText(until, now)}: it earns nothing.`;
}
