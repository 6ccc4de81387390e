import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import type { Address, Hex } from "viem";
import { encodeFunctionData, keccak256 } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Intent, IntentKind, Verdict } from "../submit/intent.ts";
import type { LeaseBook, OwnLease } from "./lease-book.ts";

const ACCEPT = "accept-lease";
const DECLINE = "decline-lease";
const DELIVER = "deliver-lease";

type NamedLease = Pick<OwnLease, "leaseId" | "client">;

/** The intent to accept a lease and to deliver its credential with it. */
export function acceptIntent(escrow: Address, lease: NamedLease, sealed: Hex): Intent {
  const args = [lease.leaseId, sealed] as const;
  const data = encodeFunctionData({ abi: leaseEscrowAbi, functionName: "accept", args });
  return { kind: ACCEPT, key: nameOf(lease), to: escrow, data };
}

/** The intent to refuse a lease. */
export function declineIntent(escrow: Address, lease: NamedLease): Intent {
  const data = encodeFunctionData({ abi: leaseEscrowAbi, functionName: "decline", args: [lease.leaseId] });
  return { kind: DECLINE, key: nameOf(lease), to: escrow, data };
}

/** The intent to deliver a credential for a lease that is active, after those that were delivered before. */
export function deliverIntent(escrow: Address, lease: OwnLease, sealed: Hex): Intent {
  const args = [lease.leaseId, sealed] as const;
  const data = encodeFunctionData({ abi: leaseEscrowAbi, functionName: "deliver", args });
  return { kind: DELIVER, key: `${nameOf(lease)}:${keccak256(sealed)}:${lease.deliveries.length}`, to: escrow, data };
}

/** Names the intent to accept a lease. */
export function acceptingIntent(lease: NamedLease): Pick<Intent, "kind" | "key"> {
  return { kind: ACCEPT, key: nameOf(lease) };
}

/** The intents of which one at most is open for a lease that waits for its provider. */
export function openingIntents(lease: NamedLease): Pick<Intent, "kind" | "key">[] {
  return [ACCEPT, DECLINE].map((kind) => ({ kind, key: nameOf(lease) }));
}

/** Judges the three kinds of intents by what the chain says of the lease. */
export function leaseKinds(chain: Pick<ChainFollower, "head" | "epochAt">, book: LeaseBook): IntentKind[] {
  const kind = (name: string, judge: (lease: OwnLease, ...rest: string[]) => Verdict): IntentKind => ({
    name,
    judge(key) {
      if (!book.isLoaded) return { state: "wanted" };
      const [leaseId = "", client, ...rest] = key.split(":");
      const lease = book.lease(BigInt(leaseId));
      const isGone = lease?.client.toLowerCase() !== client;
      return isGone ? { state: "void", reason: "the lease is not on the chain any more" } : judge(lease!, ...rest);
    },
  });
  return [
    kind(ACCEPT, (lease) => {
      if (lease.accepted) return { state: "achieved", ...lease.accepted };
      if (lease.closed) return { state: "void", reason: "the lease was closed without being accepted" };
      if (chain.epochAt(chain.head().timestamp) <= lease.acceptBy) return { state: "wanted" };
      return { state: "void", reason: `the time to accept passed with epoch ${lease.acceptBy}` };
    }),
    kind(DECLINE, (lease) => {
      if (lease.closed) return { state: "achieved", ...lease.closed };
      return lease.accepted ? { state: "void", reason: "the lease was accepted" } : { state: "wanted" };
    }),
    kind(DELIVER, (lease, hash, earlier) => {
      const place = lease.deliveries.slice(Number(earlier)).find((delivery) => delivery.hash === hash);
      if (place) return { state: "achieved", ...place };
      return lease.closed ? { state: "void", reason: "the lease is closed" } : { state: "wanted" };
    }),
  ];
}

function nameOf({ leaseId, client }: NamedLease): string {
  return `${leaseId}:${client.toLowerCase()}`;
}
