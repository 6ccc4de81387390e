import { EPOCH_STATUSES, type EpochStatus } from "@pqmesh/contracts/protocol/epoch-status";
import { isClosed, LEASE_STATUSES } from "@pqmesh/contracts/protocol/lease-status";
import { type Probe, type ProbedEpoch, probedEpochs } from "@pqmesh/contracts/protocol/probe-journal";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { readToken, type Token, tokenFigure, type TokenFigure, tokenText } from "./tokens.ts";

/** Where the rent of an epoch goes, or went. */
export type EpochPayment =
  | "before the lease"
  | "after the lease"
  | "provider"
  | "client"
  | "vouchers"
  /** Not settled: what would happen if the epoch stayed what it is. */
  | "provider, not settled"
  | "client, not settled"
  | "vouchers, not settled"
  | "open";

/** One epoch as the client saw it, beside what the committee says of it. */
export interface ComparedEpoch extends ProbedEpoch {
  committee: EpochStatus;
  payment: EpochPayment;
}

/** A journal beside the chain. */
export interface Comparison {
  leaseId: bigint;
  nodeIndex: number;
  /** Rent of an epoch. */
  rent: TokenFigure;
  /** Part of it that goes to the treasury when the provider earns it, basis points. */
  feeBp: number;
  epochs: ComparedEpoch[];
  /** Epochs that the committee calls attested, but in which no probe was served; a dispute can be about them. */
  attestedNotServed: number[];
  text: string;
}

interface LeaseFacts {
  start: number;
  end: number;
  settledUntil: number;
  isClosed: boolean;
  isPending: boolean;
  isMetered: boolean;
}

/** Puts what probes saw beside what the bridge says of the same epochs and what each of them paid. */
export async function compareProbes(session: Session, leaseId: bigint, probes: readonly Probe[]): Promise<Comparison> {
  const escrow = contractOf(session, "LeaseEscrow");
  const [[lease, record], [nodeIndex, rate, tokenAddress]] = await Promise.all([
    session.client.readContract({ ...escrow, functionName: "leaseOf", args: [leaseId] }),
    session.client.readContract({ ...escrow, functionName: "tenancyOf", args: [leaseId] }),
  ]);
  const token = await readToken(session, tokenAddress);
  const status = LEASE_STATUSES[lease.status] ?? "None";
  const noticeEnd = record.noticeEnd === 0 ? lease.end : Math.min(record.noticeEnd, lease.end);
  const facts: LeaseFacts = {
    ...{ start: lease.start, settledUntil: lease.settledUntil, isMetered: lease.isMetered },
    ...{ end: noticeEnd, isClosed: isClosed(status), isPending: status === "Pending" },
  };
  const epochs: ComparedEpoch[] = [];
  for (const seen of probedEpochs(probes)) {
    const committee = await statusOf(session, nodeIndex, seen.epoch);
    epochs.push({ ...seen, committee, payment: paymentOf(seen.epoch, committee, facts) });
  }
  const attestedNotServed = epochs.filter((epoch) => epoch.committee === "Attested" && epoch.served === 0);
  const compared = {
    ...{ leaseId, nodeIndex, rent: tokenFigure(rate, token), feeBp: lease.feeBp, epochs },
    attestedNotServed: attestedNotServed.map(({ epoch }) => epoch),
  };
  return { ...compared, text: textOf(compared, rate, token) };
}

async function statusOf(session: Session, nodeIndex: number, epoch: number): Promise<EpochStatus> {
  const bridge = contractOf(session, "AttestationBridge");
  const args = [nodeIndex, BigInt(epoch)] as const;
  const status = await session.client.readContract({ ...bridge, functionName: "statusOf", args });
  return EPOCH_STATUSES[status] ?? "Inactive";
}

function paymentOf(epoch: number, committee: EpochStatus, lease: LeaseFacts): EpochPayment {
  if (lease.isPending || epoch < lease.start) return "before the lease";
  const isOver = lease.isClosed ? epoch >= lease.settledUntil : epoch >= lease.end;
  if (isOver) return "after the lease";
  if (committee === "Pending") return "open";
  const receiver = committee !== "Attested" ? "client" : lease.isMetered ? "vouchers" : "provider";
  return epoch < lease.settledUntil ? receiver : `${receiver}, not settled`;
}

function textOf(compared: Omit<Comparison, "text">, rate: bigint, token: Token): string {
  const { leaseId, nodeIndex, feeBp, epochs, attestedNotServed } = compared;
  const rent = `${tokenText(rate, token)} an epoch`;
  const rows = epochs.map(({ epoch, served, probes, medianMilliseconds, committee, payment }) => {
    const time = medianMilliseconds === null ? "-" : `${medianMilliseconds.toFixed(1)} ms`;
    return `${String(epoch).padStart(8)}  ${`${served} of ${probes}`.padEnd(10)}  ${time.padEnd(10)}  ${committee.padEnd(10)}  ${payment}`;
  });
  const doubt = `${attestedNotServed.length} epochs are attested although no probe was served: ${attestedNotServed.join(", ")}`;
  return [
    `Lease ${leaseId} of node ${nodeIndex}: ${rent}, of which ${feeBp / 100} % go to the treasury when the provider earns it`,
    "   epoch  served      median      committee   rent goes to",
    ...(rows.length > 0 ? rows : ["no probes of this lease"]),
    ...(attestedNotServed.length > 0 ? [doubt] : []),
  ].join("\n");
}
