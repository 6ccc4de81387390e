import { ATTESTATION_BYTES, decodeSignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { Logger } from "pino";
import type { Address, Hex } from "viem";
import { bytesToHex } from "viem/utils";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChallengeRecord } from "../chain/dispute-records.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { ReportProofs } from "../read/report-proofs.ts";
import type { AttestationStore } from "../store/attestation-store.ts";
import type { Submitter } from "../submit/submitter.ts";
import { type LeafAnswer, respondIntent, respondIntentId } from "./challenge-intents.ts";
import type { DisputeMetrics } from "./dispute-metrics.ts";

/** What {@link ChallengeResponder} needs. */
export interface ResponderOptions {
  chain: ChainFollower;
  /** Knows the kinds of `challengeKinds`. */
  submitter: Submitter;
  /** AttestationDisputes. */
  disputes: Address;
  /** This relayer. */
  address: Address;
  store: Pick<AttestationStore, "wireOf">;
  proofs: Pick<ReportProofs, "leavesOf" | "ownProofOf">;
  /** Fetches what is missing of a report from the other signers, verifies and stores it. */
  complete(report: AcceptedReport): Promise<boolean>;
  /** Seconds in which an open challenge must be answered. */
  answerSeconds: bigint;
  metrics: DisputeMetrics;
  log: Logger;
}

/** Share of the time to answer over which the signers' turns are spread; then each of them answers. */
const TURNS_SHARE = 0.25;
/** Milliseconds between two looks. */
const LOOK_MS = 500;
/** Milliseconds until an answer that could not be made is tried again. */
const RETRY_MS = 1_000;

/**
 * Answers every challenge of a report that this relayer signed, as soon as it is seen and also while it waits in the queue:
 * silence costs all signers a share of their bonds. The signers take turns, another one first for each challenge, so that
 * one transaction is sent; whoever comes later finds the answer on chain, or in the mempool, and sends none.
 */
export class ChallengeResponder {
  readonly #options: ResponderOptions;
  /** Monotonic time of the next attempt, by challenge. */
  readonly #dueAt = new Map<bigint, number>();
  readonly #busy = new Set<bigint>();
  readonly #unanswerable = new Map<bigint, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ResponderOptions) {
    this.#options = options;
  }

  /** Looks at each head, and between them: turns come and leaves arrive also when the chain rests. */
  start(): void {
    this.#options.chain.events.on("head", this.#look);
    this.#timer = setInterval(this.#look, LOOK_MS).unref();
    this.#look();
  }

  stop(): void {
    this.#options.chain.events.off("head", this.#look);
    clearInterval(this.#timer);
  }

  /** Not well while a challenge cannot be answered. */
  health(): { ok: boolean; reasons: string[] } {
    const reasons = [...this.#unanswerable.values()];
    return { ok: reasons.length === 0, reasons };
  }

  readonly #look = (): void => {
    const waiting = this.#options.chain.disputes.unresolved().filter((made) => this.#seatOf(made) !== undefined);
    const unanswered = waiting.filter((challenge) => this.#isAnswerable(challenge));
    this.#options.metrics.unanswered.set(unanswered.length);
    this.#forgetAllBut(new Set(unanswered.map(({ id }) => id)));
    for (const challenge of unanswered) {
      if (!this.#busy.has(challenge.id) && this.#isDue(challenge)) void this.#answer(challenge);
    }
  };

  #forgetAllBut(ids: ReadonlySet<bigint>): void {
    for (const id of this.#dueAt.keys()) if (!ids.has(id)) this.#dueAt.delete(id);
    for (const id of this.#unanswerable.keys()) if (!ids.has(id)) this.#unanswerable.delete(id);
    this.#options.metrics.unanswerable.set(this.#unanswerable.size);
  }

  #isAnswerable({ state, until }: ChallengeRecord): boolean {
    return state === "queued" || (state === "open" && this.#options.chain.head().timestamp < until);
  }

  /** Seat with which this relayer signed the challenged report. */
  #seatOf({ epoch, signers }: ChallengeRecord): number | undefined {
    const { chain, address } = this.#options;
    const seat = chain.committeeAt(epoch)?.members.find((member) => member.address === address)?.seat;
    return seat !== undefined && isBitSet(signers, seat) ? seat : undefined;
  }

  #isDue(challenge: ChallengeRecord): boolean {
    const { id, state, until } = challenge;
    const { chain, answerSeconds, submitter } = this.#options;
    if (submitter.isOpen(respondIntentId(challenge))) return false;
    const now = performance.now();
    const dueAt = this.#dueAt.get(id) ?? now + this.#turnMs(challenge);
    this.#dueAt.set(id, dueAt);
    const isLate = state === "open" && chain.nowMs() > (Number(until) - Number(answerSeconds) / 2) * 1_000;
    return now >= dueAt || (isLate && !this.#unanswerable.has(id));
  }

  #turnMs(challenge: ChallengeRecord): number {
    const seat = this.#seatOf(challenge) ?? 0;
    const seats = Array.from({ length: 256 }, (_, i) => i).filter((i) => isBitSet(challenge.signers, i));
    const place = (seats.indexOf(seat) + Number(challenge.id % BigInt(seats.length))) % seats.length;
    return (place * TURNS_SHARE * Number(this.#options.answerSeconds) * 1_000) / seats.length;
  }

  async #answer(challenge: ChallengeRecord): Promise<void> {
    const { submitter, disputes, log, metrics } = this.#options;
    const { id, nodeIndex, epoch } = challenge;
    this.#busy.add(id);
    try {
      const answer = await this.#build(challenge);
      this.#unanswerable.delete(id);
      log.warn({ challenge: `${id}`, nodeIndex, epoch: `${epoch}` }, "answering a challenge");
      if (submitter.submit(respondIntent(disputes, challenge, answer))) metrics.answers.inc();
    } catch (error) {
      const sentence = `challenge ${id} of node ${nodeIndex} in epoch ${epoch} cannot be answered: ${(error as Error).message}`;
      if (!this.#unanswerable.has(id)) log.error({ challenge: `${id}`, until: `${challenge.until}` }, sentence);
      this.#unanswerable.set(id, sentence);
      this.#dueAt.set(id, performance.now() + RETRY_MS);
    } finally {
      this.#busy.delete(id);
      metrics.unanswerable.set(this.#unanswerable.size);
    }
  }

  /** @throws Error saying what is missing. */
  async #build(challenge: ChallengeRecord): Promise<LeafAnswer> {
    const { chain, complete } = this.#options;
    const { nodeIndex, epoch, reportDigest } = challenge;
    const report = chain.acceptedReport(shardOf(nodeIndex), epoch);
    if (report?.digest !== reportDigest) throw new Error("its report is not in the view of the chain");
    const held = this.#held(report, challenge);
    if (held) return held;
    await complete(report);
    const fetched = this.#held(report, challenge);
    if (fetched) return fetched;
    throw new Error("neither this relayer nor any other signer that answers has all leaves of the report");
  }

  #held(report: AcceptedReport, challenge: ChallengeRecord): LeafAnswer | undefined {
    const { proofs, store } = this.#options;
    const { nodeIndex, epoch } = challenge;
    const digest = proofs.leavesOf(report).find((leaf) => leaf.nodeIndex === nodeIndex)?.digest;
    const wire = digest && store.wireOf(epoch, nodeIndex, digest);
    const proof: Hex[] | undefined = wire && proofs.ownProofOf(report, nodeIndex);
    if (!wire || !proof) return undefined;
    const { attestation } = decodeSignedAttestation(wire);
    const signature = bytesToHex(wire.subarray(ATTESTATION_BYTES));
    return { seat: this.#seatOf(challenge) ?? 0, attestation, signature, proof };
  }
}

function isBitSet(bits: bigint, index: number): boolean {
  return ((bits >> BigInt(index)) & 1n) === 1n;
}
