import type { Address } from "viem";
import type { ChainEvent, ChainEventArgs } from "./chain-events.ts";
import type { ChainPlace } from "./dispute-records.ts";
import { setWithUndo, type Undo } from "./undo.ts";

/** Blocks for which it is known where a lease was closed; no supported reorg reaches deeper. */
const KEPT_BLOCKS = 1_024n;

/** A lease that is not closed, as its events tell it. */
export interface OpenLease {
  leaseId: bigint;
  listingId: number;
  version: number;
  client: Address;
  /** Rent of an epoch, smallest units of the token. */
  rate: bigint;
  /** Rent that is paid in and not settled, smallest units. */
  balance: bigint;
  /** What the client prepaid for a sweep, smallest units. */
  janitorFee: bigint;
  /** Last epoch in which the provider can accept. */
  acceptBy: bigint;
  /** Undefined while the provider has not accepted. */
  term: LeaseTerm | undefined;
  /** Where it was settled last. */
  settledAt: ChainPlace | undefined;
}

/** Epochs of a lease that the provider accepted. */
export interface LeaseTerm {
  /** First epoch that is paid. */
  start: bigint;
  /** First epoch after the agreed term. */
  end: bigint;
  /** First epoch that is not settled. */
  settledUntil: bigint;
  /** Settled epochs in which the node was absent, degraded or inactive. */
  missed: bigint;
  /** First epoch after the lease by notice. */
  noticeEnd: bigint | undefined;
  isNoticeByProvider: boolean;
  /** True while a dispute holds settlement. */
  isDisputed: boolean;
}

/** Leases that are open, and where others were closed, from the events of the LeaseEscrow. */
export class LeaseRecords {
  readonly #open = new Map<bigint, OpenLease>();
  readonly #closed = new Map<bigint, ChainPlace>();

  get(leaseId: bigint): OpenLease | undefined {
    return this.#open.get(leaseId);
  }

  /** Every open lease, in the order of opening. */
  open(): IterableIterator<OpenLease> {
    return this.#open.values();
  }

  /** Number of open leases. */
  get count(): number {
    return this.#open.size;
  }

  /** Where a lease was closed, as far as the view keeps it. */
  closedAt(leaseId: bigint): ChainPlace | undefined {
    return this.#closed.get(leaseId);
  }

  /** Forgets where leases were closed long ago. @param head Newest block. */
  forgetBefore(head: bigint): void {
    for (const [leaseId, { blockNumber }] of this.#closed) {
      if (blockNumber + KEPT_BLOCKS < head) this.#closed.delete(leaseId);
    }
  }

  apply(event: ChainEvent): Undo | undefined {
    switch (event.eventName) {
      case "LeaseOpened":
        return this.#begin(event.args);
      case "LeaseAccepted":
        return this.#accept(event.args);
      case "LeaseToppedUp":
        return this.#change(event.args.leaseId, (lease) => ({ ...lease, balance: event.args.balance }));
      case "LeaseExtended":
        return this.#changeTerm(event.args.leaseId, { end: event.args.end });
      case "NoticeGiven": {
        const { leaseId, noticeEnd, isByProvider } = event.args;
        return this.#changeTerm(leaseId, { noticeEnd, isNoticeByProvider: isByProvider });
      }
      case "LeaseDisputeSet":
        return this.#changeTerm(event.args.leaseId, { isDisputed: event.args.isDisputed });
      case "LeaseSettled":
        return this.#settle(event.args, placeOf(event));
      case "LeaseClosed":
        return this.#close(event.args.leaseId, placeOf(event));
      default:
        return undefined;
    }
  }

  #begin(args: ChainEventArgs<"LeaseOpened">): Undo {
    const { leaseId, listingId, version, client, rate, balance, janitorFee, acceptBy } = args;
    const lease = { leaseId, listingId, version, client, rate, balance, janitorFee, acceptBy };
    return setWithUndo(this.#open, leaseId, { ...lease, term: undefined, settledAt: undefined });
  }

  #accept({ leaseId, start, end }: ChainEventArgs<"LeaseAccepted">): Undo {
    const begun = { missed: 0n, noticeEnd: undefined, isNoticeByProvider: false, isDisputed: false };
    return this.#change(leaseId, (lease) => ({ ...lease, term: { start, end, settledUntil: start, ...begun } }));
  }

  #settle({ leaseId, from, until, missed }: ChainEventArgs<"LeaseSettled">, settledAt: ChainPlace): Undo {
    return this.#change(leaseId, (lease) => {
      const term = termOf(lease);
      const balance = lease.balance - (until - from) * lease.rate;
      return { ...lease, balance, settledAt, term: { ...term, settledUntil: until, missed: term.missed + missed } };
    });
  }

  #close(leaseId: bigint, place: ChainPlace): Undo {
    const lease = this.#known(leaseId);
    const undoClosed = setWithUndo(this.#closed, leaseId, place);
    this.#open.delete(leaseId);
    return () => {
      this.#open.set(leaseId, lease);
      undoClosed();
    };
  }

  #changeTerm(leaseId: bigint, changes: Partial<LeaseTerm>): Undo {
    return this.#change(leaseId, (lease) => ({ ...lease, term: { ...termOf(lease), ...changes } }));
  }

  #change(leaseId: bigint, change: (lease: OpenLease) => OpenLease): Undo {
    return setWithUndo(this.#open, leaseId, change(this.#known(leaseId)));
  }

  #known(leaseId: bigint): OpenLease {
    const lease = this.#open.get(leaseId);
    if (!lease) throw new Error(`chain has an event of lease ${leaseId} while it is not open`);
    return lease;
  }
}

function termOf({ leaseId, term }: OpenLease): LeaseTerm {
  if (!term) throw new Error(`chain has an event of lease ${leaseId} before it was accepted`);
  return term;
}

function placeOf({ blockNumber, transactionHash }: ChainEvent): ChainPlace {
  return { blockNumber, transactionHash };
}
