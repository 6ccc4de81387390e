import type { DeliveryKey } from "@pqmesh/contracts/protocol/delivery-key";
import { type LeaseStatus, LEASE_STATUSES } from "@pqmesh/contracts/protocol/lease-status";
import type { LeaseCredential } from "@pqmesh/contracts/protocol/sealed-credential";
import { type Address, type Hex, keccak256 } from "viem";
import type { LeaseClient } from "../src/delivery/lease-client.ts";
import { findEvents } from "./chain-history.ts";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { CliError } from "./output.ts";

/** A lease whose credential was opened. */
export interface DeliveredLease {
  leaseId: bigint;
  client: Address;
  status: LeaseStatus;
  credential: LeaseCredential;
}

/**
 * Finds what was delivered last for a lease and opens it.
 *
 * @throws CliError when nothing was delivered yet, or it was sealed for another key.
 */
export async function openDelivered(session: Session, leaseId: bigint, key: DeliveryKey): Promise<DeliveredLease> {
  const { network } = session;
  const escrow = contractOf(session, "LeaseEscrow");
  const [lease] = await session.client.readContract({ ...escrow, functionName: "leaseOf", args: [leaseId] });
  const status = LEASE_STATUSES[lease.status] ?? "None";
  const query = { contract: "LeaseEscrow", eventName: "CredentialDelivered", args: { leaseId } } as const;
  const last = (await findEvents<{ sealed_: Hex }>(session, query)).at(-1);
  if (!last) throw new CliError(`nothing was delivered for lease ${leaseId} yet; it is ${status}`);
  const { openCredential } = await import("@pqmesh/contracts/protocol/sealed-credential");
  const context = { chainId: network.chainId, escrow: escrow.address, leaseId, client: lease.client };
  try {
    const credential = openCredential(context, last.sealed_, key.seed);
    return { leaseId, client: lease.client, status, credential };
  } catch (cause) {
    throw new CliError(await whySealed(session, lease.client, key), undefined, { cause });
  }
}

/** Connects to the endpoint of a lease. */
export async function connectLease({ credential }: DeliveredLease, timeoutMs: number): Promise<LeaseClient> {
  const { LeaseClient } = await import("../src/delivery/lease-client.ts");
  return LeaseClient.of(credential, timeoutMs);
}

async function whySealed(session: Session, client: Address, { publicKey }: DeliveryKey): Promise<string> {
  const escrow = contractOf(session, "LeaseEscrow");
  const named = await session.client.readContract({ ...escrow, functionName: "deliveryKeyHashOf", args: [client] });
  return named === keccak256(publicKey)
    ? `what was delivered does not open with this key, although ${client} names it: the provider has to deliver again`
    : `this is not the key that ${client} names on chain (${named}): use that one, or name this one with lease key publish`;
}
