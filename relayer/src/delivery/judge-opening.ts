import type { LeaseTerms } from "./lease-reads.ts";
import type { OwnLease } from "./lease-book.ts";

/** What an agent does about a lease that waits for its provider. */
export type OpeningVerdict =
  | { action: "accept" }
  /** It will never be accepted, so the client gets its deposit back now. */
  | { action: "decline"; reason: string }
  /** It cannot be accepted now; the reason may pass until the time is over. */
  | { action: "wait"; reason: string };

/** What the agent knows beside the terms. */
export interface ProviderState {
  epoch: bigint;
  isNodeActive: boolean;
  /** Shares that the agent attests, packed. */
  shares: bigint;
  /** Bytes that the lease would get, and those that no lease has. */
  bytes: { wanted: number; free: number };
  acceptMetered: boolean;
  /** The client's: there, not on the chain, or nothing that a credential can be sealed for. */
  deliveryKey: "known" | "missing" | "malformed";
}

/** Judges a lease that was opened: exactly what the provider offers is accepted, when it can be delivered and answered for. */
export function judgeOpening(
  lease: Pick<OwnLease, "version" | "acceptBy">,
  terms: LeaseTerms,
  state: ProviderState,
): OpeningVerdict {
  const { epoch, bytes } = state;
  if (epoch > lease.acceptBy) return wait(`the time to accept passed with epoch ${lease.acceptBy}`);
  if (terms.isRetired) return decline("the listing is retired");
  if (terms.newestVersion !== lease.version) {
    return decline(
      `version ${lease.version} of the listing is not on offer any more, version ${terms.newestVersion} is`,
    );
  }
  if (terms.isMetered && !state.acceptMetered) return decline("metered leases are not accepted (leases.acceptMetered)");
  if (bytes.wanted > bytes.free) {
    return decline(`it needs ${bytes.wanted} bytes, ${bytes.free} of leases.maxBytes are free`);
  }
  if (state.deliveryKey === "malformed") return decline("the client's delivery key is no ML-KEM-768 encapsulation key");
  const [offered, own] = [shareOf(terms.capacity.offered, terms.kind), shareOf(state.shares, terms.kind)];
  const shown = shareOf(terms.capacity.attested, terms.kind);
  if (offered > own) return wait(`listings offer ${offered} bp of the resource, the agent attests ${own} bp`);
  if (offered > shown) return wait(`listings offer ${offered} bp of the resource, the chain was shown ${shown} bp`);
  if (!state.isNodeActive) return wait("the node is not active");
  const { needed, free } = terms.bond;
  if (free < needed) return wait(`the operator's free bond is ${free}, the lease locks ${needed}`);
  if (state.deliveryKey === "missing") return wait("the client's delivery key is not on the chain");
  return { action: "accept" };
}

function decline(reason: string): OpeningVerdict {
  return { action: "decline", reason };
}

function wait(reason: string): OpeningVerdict {
  return { action: "wait", reason };
}

/** Basis points of one resource in packed shares. */
function shareOf(packed: bigint, kind: number): number {
  return Number((packed >> BigInt(16 * kind)) & 0xffffn);
}
