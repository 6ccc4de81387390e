import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import type { Address } from "viem";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { turnOf } from "../submit/member-turn.ts";
import type { Submitter } from "../submit/submitter.ts";
import { type DueLease, DueLeases } from "./due-leases.ts";
import { createKeeperMetrics, type KeeperMetrics } from "./keeper-metrics.ts";
import { LeaseReader } from "./lease-reader.ts";
import { nextBatch, type SweepableLease } from "./sweep-batch.ts";
import { SWEEP_PATIENCE_EPOCHS, sweepIntent } from "./sweep-intent.ts";

/** What {@link LeaseKeeper} needs. */
export interface LeaseKeeperOptions {
  chain: ChainFollower;
  /** Knows the kind of `sweepKind`. */
  submitter: Submitter;
  network: Pick<NetworkConfig, "contracts">;
  /** This relayer. */
  address: Address;
  log: Logger;
  /** Where metrics are registered. */
  registry?: Registry;
}

/** Epochs of one member's turn: enough for its transaction to be mined and seen. */
const TURN_EPOCHS = 2n;
/** Epochs after which a lease that fails is tried again at most; they double with each failure. */
const MAX_BACK_OFF_EPOCHS = 64n;
/** Epochs for which a lease that can be closed is left open, or leases are not looked at, before that is a fault. */
const STUCK_EPOCHS = 30n;
const BLIND_EPOCHS = 4n;

/** A lease that should be closed and cannot be. */
interface Failure {
  count: number;
  retryIn: bigint;
}

/**
 * The Janitor of a relayer: closes leases as soon as they can be closed, so that clients get back what is theirs with nobody
 * clicking. Members take turns, another one first for each epoch in which leases become due; those without a seat follow.
 * Each lease is tried on the chain's state alone before it is sent, so that one that fails costs nothing and holds up no other.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #metrics: KeeperMetrics;
  readonly #reader: LeaseReader;
  readonly #due: DueLeases;
  readonly #failures = new Map<bigint, Failure>();
  /** Leases in a sweep under way: how far they were settled, and the epoch in which they are looked at anew. */
  readonly #sent = new Map<bigint, { settledUntil: bigint | undefined; until: bigint }>();
  /** Epoch in which a lease was first seen to be sweepable. */
  readonly #waitingSince = new Map<bigint, bigint>();
  #lookedIn = -1n;
  #startedIn = 0n;
  #lastError: string | undefined;
  #looking: Promise<void> | undefined;
  #stopped = false;

  constructor(options: LeaseKeeperOptions) {
    const { chain, network, registry = new Registry() } = options;
    this.#options = options;
    this.#metrics = createKeeperMetrics(registry);
    this.#reader = new LeaseReader(chain.request, network);
    this.#due = new DueLeases(chain, this.#reader);
  }

  start(): void {
    this.#startedIn = this.#epoch();
    this.#options.chain.events.on("head", this.#onHead);
    this.#onHead();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#options.chain.events.off("head", this.#onHead);
    await this.#looking;
  }

  /** One sentence for each thing that keeps leases from being closed. */
  health(): { ok: boolean; reasons: string[] } {
    const epoch = this.#epoch();
    const reasons: string[] = [];
    const lookedIn = this.#lookedIn < 0n ? this.#startedIn : this.#lookedIn;
    if (epoch - lookedIn > BLIND_EPOCHS && this.#lastError !== undefined) {
      reasons.push(`leases were not looked at since epoch ${lookedIn}: ${this.#lastError}`);
    }
    const stuck = [...this.#waitingSince].filter(([, since]) => epoch - since > STUCK_EPOCHS).map(([id]) => id);
    if (stuck.length > 0) {
      reasons.push(`${stuck.length} leases can be closed for over ${STUCK_EPOCHS} epochs, first lease ${stuck[0]}`);
    }
    return { ok: reasons.length === 0, reasons };
  }

  readonly #onHead = (): void => {
    const epoch = this.#epoch();
    if (this.#looking || this.#stopped || epoch === this.#lookedIn) return;
    this.#looking = this.#look(epoch)
      .then(() => {
        this.#lookedIn = epoch;
        this.#lastError = undefined;
      })
      .catch((error: unknown) => {
        this.#lastError = (error as Error).message;
        this.#metrics.lookFailures.inc();
        this.#options.log.debug({ err: error }, "leases could not be looked at");
      })
      .finally(() => {
        this.#looking = undefined;
        // An epoch that began meanwhile is looked at without waiting for another block.
        if (this.#epoch() !== epoch) this.#onHead();
      });
  };

  async #look(epoch: bigint): Promise<void> {
    const { chain } = this.#options;
    this.#forgetClosed();
    const due = await this.#due.look(epoch);
    for (const [leaseId, reason] of this.#due.unreadable) {
      this.#options.log.warn({ leaseId: `${leaseId}`, reason }, "a lease could not be looked at");
    }
    this.#metrics.open.set(chain.leases.count);
    this.#metrics.due.set(due.length);
    const sweepable = await this.#tryAll(
      due.filter((each) => this.#isWanted(each, epoch)),
      epoch,
    );
    this.#metrics.failing.set(this.#failures.size);
    const own = sweepable.filter(({ dueSince }) => this.#isOwnTurn(dueSince, epoch));
    for (let rest = own; rest.length > 0;) {
      const { batch, ...how } = nextBatch(rest);
      this.#sweep(batch, { epoch, ...how });
      rest = rest.slice(batch.length);
    }
  }

  #sweep(batch: readonly SweepableLease[], how: { epoch: bigint; gas: bigint; maxEpochs: bigint }): void {
    const { epoch } = how;
    const { submitter, network, log } = this.#options;
    const leases = batch.map(({ lease }) => lease);
    if (this.#stopped || !submitter.submit(sweepIntent(network.contracts.LeaseEscrow, leases, how))) return;
    for (const { leaseId, term } of leases) {
      this.#sent.set(leaseId, { settledUntil: term?.settledUntil, until: epoch + SWEEP_PATIENCE_EPOCHS });
    }
    this.#metrics.sweeps.inc();
    this.#metrics.swept.inc(batch.length);
    const shown = batch.map(({ lease, reason, dueSince }) => `${lease.leaseId} ${reason} since ${dueSince}`);
    log.info({ leases: shown, epoch: `${epoch}` }, "sweeping leases");
  }

  /** Leases whose sweep would do something now; the others are left alone for a while. */
  async #tryAll(due: readonly DueLease[], epoch: bigint): Promise<SweepableLease[]> {
    const { chain, address } = this.#options;
    const delay = chain.parameter("janitorDelay");
    const sweepable: SweepableLease[] = [];
    for (const each of due) {
      const { leaseId } = each.lease;
      const tried = await this.#reader.trySweep(leaseId, { janitor: address, delay });
      if (tried.outcome === "Closed" || tried.outcome === "Settled") {
        sweepable.push({ ...each, tried });
        this.#failures.delete(leaseId);
        if (!this.#waitingSince.has(leaseId)) this.#waitingSince.set(leaseId, epoch);
      } else if (tried.outcome !== "AlreadyClosed") {
        this.#noteFailure(leaseId, epoch, tried.reason ?? tried.outcome);
      }
    }
    return sweepable;
  }

  #noteFailure(leaseId: bigint, epoch: bigint, reason: string): void {
    const count = (this.#failures.get(leaseId)?.count ?? 0) + 1;
    const wait = 2n ** BigInt(Math.min(count - 1, 6));
    this.#failures.set(leaseId, { count, retryIn: epoch + (wait < MAX_BACK_OFF_EPOCHS ? wait : MAX_BACK_OFF_EPOCHS) });
    this.#waitingSince.delete(leaseId);
    const { log } = this.#options;
    log[count === 1 ? "warn" : "debug"](
      { leaseId: `${leaseId}`, reason, count },
      "a lease that is over cannot be closed",
    );
  }

  #isWanted({ lease: { leaseId, term } }: DueLease, epoch: bigint): boolean {
    const sent = this.#sent.get(leaseId);
    const isUnderWay = sent !== undefined && sent.settledUntil === term?.settledUntil && epoch <= sent.until;
    return !isUnderWay && epoch >= (this.#failures.get(leaseId)?.retryIn ?? 0n);
  }

  #isOwnTurn(dueSince: bigint, epoch: bigint): boolean {
    const { chain, address } = this.#options;
    const turn = (epoch - dueSince) / TURN_EPOCHS;
    return turnOf(chain, { address, number: dueSince, turn }) !== undefined;
  }

  #forgetClosed(): void {
    const { leases } = this.#options.chain;
    for (const known of [this.#failures, this.#sent, this.#waitingSince]) {
      for (const leaseId of known.keys()) if (!leases.get(leaseId)) known.delete(leaseId);
    }
  }

  #epoch(): bigint {
    const { chain } = this.#options;
    return chain.epochAt(chain.head().timestamp);
  }
}
