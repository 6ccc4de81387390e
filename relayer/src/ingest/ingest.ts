import { AttestationHasher, ATTESTATION_BYTES, SIGNED_ATTESTATION_BYTES } from "@pqmesh/contracts/protocol/attestation";
import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import { bytesToHex } from "viem";
import type { ChainView } from "../chain/chain-view.ts";
import type { Logger } from "../service/logger.ts";
import type { AttestationStore, NodeHead, StoredReceipt } from "../store/attestation-store.ts";
import { asBuffer, wireEpoch, wireNodeIndex, wireSequence } from "../store/wire-fields.ts";
import { Admission, type Admitted } from "./admission.ts";
import { GroupCommit } from "./group-commit.ts";
import type { IngestFigures } from "./ingest-figures.ts";
import type { IngestLimits } from "./ingest-limits.ts";
import { createKeccak256 } from "./keccak.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { ReceiptSigner, SignedBatch } from "./receipt-signer.ts";
import { SignatureVerifier } from "./signature-verifier.ts";

/** Where an attestation came from and where its outcome goes. */
export interface AttestationSource {
  /** Node that the session's certificate names. */
  readonly nodeIndex: number;
  onReceipt(receipt: SignedReceipt): void;
  onStored(stored: StoredPlace): void;
  onRefused(refusal: Refusal, wire: Buffer): void;
  /** Asks the sender to wait, or to go on. */
  hold(isHeld: boolean): void;
}

/** Which attestation an outcome is about. */
export interface StoredPlace {
  nodeIndex: number;
  epoch: number;
  sequence: number;
  digest: Uint8Array;
}

/** Receipt for one attestation: its place in a batch that was just signed, or as it was stored. */
export interface SignedReceipt extends StoredPlace {
  proof: { batch: SignedBatch; index: number } | { stored: StoredReceipt };
}

/** What ingest is made from. */
export interface IngestOptions {
  chain: ChainView;
  store: AttestationStore;
  signer: ReceiptSigner;
  domain: StatementDomain;
  figures: IngestFigures;
  log: Logger;
  limits: IngestLimits;
  /** Called for every attestation that became a leaf or history. */
  onAccepted?(place: StoredPlace, wire: Buffer): void;
  /** Called when a node signed an attestation that shares epoch or sequence with one that is held. */
  onFork?(held: Uint8Array, offered: Uint8Array): Promise<void>;
}

interface Offer {
  source: AttestationSource;
  wire: Buffer;
}

/** The attestations of one node on their way: one at a time up to the commit, so that each is checked against the last. */
interface Lane {
  offers: Offer[];
  held: Set<AttestationSource>;
  isRunning: boolean;
  /** Verified but not yet stored; undefined: the store knows the newest. */
  head: NodeHead | undefined;
  uncommitted: number;
  /** Raised when something of this lane could not be stored: whatever followed it is void. */
  generation: number;
}

/** Offers of one node that wait before its sender is asked to wait too, and at which it may go on. */
const HOLD_AT = 32;
const RELEASE_AT = 8;

const VIEW_POLL_MS = 100;

/**
 * Takes attestations from sessions: cheap checks, native signature verification, group commit, receipt. Nothing is
 * acknowledged before it is synced to disk, and no receipt leaves for an epoch that is over.
 */
export class Ingest {
  readonly #options: IngestOptions;
  readonly #admission: Admission;
  readonly #verifier: SignatureVerifier;
  readonly #hasher: AttestationHasher;
  readonly #commits: GroupCommit;
  readonly #lanes = new Map<number, Lane>();
  #pending = 0;

  constructor(options: IngestOptions) {
    const { chain, store, signer, domain, figures, limits } = options;
    this.#options = options;
    this.#admission = new Admission(chain, limits.historyEpochs);
    this.#verifier = new SignatureVerifier(limits.verifyConcurrency);
    this.#hasher = new AttestationHasher(domain, createKeccak256());
    this.#commits = new GroupCommit({
      store,
      signer,
      nowMs: () => chain.nowMs(),
      intervalMs: limits.commitIntervalMs,
      maxBatch: limits.maxBatch,
      onCommit: (outcome) => figures.onCommit(outcome),
    });
    figures.watchPending(() => this.#pending);
  }

  /** Takes the payload of an ATTESTATION frame; the outcome goes to the source, never by exception. */
  offer(source: AttestationSource, payload: Buffer): void {
    if (payload.length !== SIGNED_ATTESTATION_BYTES) {
      const message = `attestation has ${payload.length} bytes, expected ${SIGNED_ATTESTATION_BYTES}`;
      this.#refuse({ source, wire: payload }, refuse("wrong-length", message));
      return;
    }
    const offer = { source, wire: payload };
    const nodeIndex = wireNodeIndex(payload);
    if (nodeIndex !== source.nodeIndex) {
      const message = `attestation is of node ${nodeIndex}, the session's certificate names node ${source.nodeIndex}`;
      this.#refuse(offer, refuse("wrong-node", message));
    } else if (this.#pending >= this.#options.limits.maxPending) {
      const message = `${this.#pending} attestations wait, at most ${this.#options.limits.maxPending} may: send it again`;
      this.#refuse(offer, refuse("overloaded", message));
    } else {
      this.#enqueue(nodeIndex, offer);
    }
  }

  #enqueue(nodeIndex: number, offer: Offer): void {
    let lane = this.#lanes.get(nodeIndex);
    if (!lane) {
      lane = { offers: [], held: new Set(), isRunning: false, head: undefined, uncommitted: 0, generation: 0 };
      this.#lanes.set(nodeIndex, lane);
    }
    this.#pending += 1;
    lane.offers.push(offer);
    if (lane.offers.length >= HOLD_AT && !lane.held.has(offer.source)) {
      lane.held.add(offer.source);
      offer.source.hold(true);
    }
    if (!lane.isRunning) void this.#runLane(nodeIndex, lane);
  }

  async #runLane(nodeIndex: number, lane: Lane): Promise<void> {
    lane.isRunning = true;
    for (let offer = lane.offers.shift(); offer; offer = lane.offers.shift()) {
      try {
        await this.#process(nodeIndex, lane, offer);
      } catch (error) {
        this.#options.log.error({ err: error, nodeIndex }, "attestation could not be processed");
        this.#finish(offer, refuse("internal-error", "the relayer failed to process it, send it again"));
      }
      if (lane.offers.length <= RELEASE_AT) releaseHeld(lane);
    }
    lane.isRunning = false;
    this.#forgetIdle(nodeIndex, lane);
  }

  async #process(nodeIndex: number, lane: Lane, offer: Offer): Promise<void> {
    const { wire } = offer;
    const verdict = await this.#admit(nodeIndex, lane, wire);
    if ("code" in verdict) {
      if (verdict.code === "replayed-sequence") return this.#onRepeated(lane, offer, verdict);
      if (verdict.code === "wrong-epoch") await this.#findFork(offer.wire, this.#placeOf(offer.wire));
      return this.#finish(offer, verdict);
    }
    const digest = this.#hasher.digest(wire);
    const isValid = await this.#isSigned(nodeIndex, verdict.publicKey, digest, wire);
    const changed = isValid ? this.#admission.refuseSequence(wire, this.#headOf(nodeIndex, lane)) : undefined;
    if (!isValid) this.#finish(offer, refuse("bad-signature", "signature is not the node's over this attestation"));
    else if (changed) this.#finish(offer, changed);
    else this.#commit({ nodeIndex, lane, offer, mode: verdict.mode, digest });
    return undefined;
  }

  /** The node's view of the chain may have a newer report than this relayer's: an unknown beacon gets a little time. */
  async #admit(nodeIndex: number, lane: Lane, wire: Buffer): Promise<Admitted | Refusal> {
    const deadline = performance.now() + this.#options.limits.viewLagMs;
    for (;;) {
      const verdict = this.#admission.check(wire, this.#headOf(nodeIndex, lane));
      const mayChange = "code" in verdict && verdict.code === "wrong-beacon";
      if (!mayChange || performance.now() >= deadline) return verdict;
      await new Promise((resolve) => setTimeout(resolve, VIEW_POLL_MS));
    }
  }

  #commit(verified: { nodeIndex: number; lane: Lane; offer: Offer; mode: Admitted["mode"]; digest: Uint8Array }): void {
    const { nodeIndex, lane, offer, mode, digest } = verified;
    const epoch = wireEpoch(offer.wire);
    const place: StoredPlace = { nodeIndex, epoch, sequence: wireSequence(offer.wire), digest };
    const { generation } = lane;
    lane.head = { sequence: place.sequence, epoch, digest: asBuffer(digest) };
    lane.uncommitted += 1;
    this.#commits.add({
      mode,
      epoch,
      wire: offer.wire,
      digest,
      isStillWanted: () => lane.generation === generation,
      onStored: (receipt) => {
        this.#settleLane(nodeIndex, lane);
        this.#onStored(offer, place, receipt);
      },
      onFailed: (reason) => {
        if (lane.generation === generation) {
          lane.generation += 1;
          lane.head = undefined;
        }
        this.#settleLane(nodeIndex, lane);
        this.#finish(offer, refuse("storage-unavailable", `attestation was not stored, send it again: ${reason}`));
      },
    });
  }

  #onStored(offer: Offer, place: StoredPlace, receipt: { batch: SignedBatch; index: number } | undefined): void {
    this.#pending -= 1;
    this.#options.figures.onAccepted(receipt ? "leaf" : "history");
    this.#options.onAccepted?.(place, offer.wire);
    if (receipt && this.#admission.isEpochRunning(place.epoch)) {
      offer.source.onReceipt({ ...place, proof: receipt });
    } else {
      offer.source.onStored(place);
    }
  }

  /** A sequence that was taken before: the same attestation is acknowledged again, another one is a fork. */
  async #onRepeated(lane: Lane, offer: Offer, replayed: Refusal): Promise<void> {
    const { wire, source } = offer;
    while (lane.uncommitted > 0) await this.#commits.nextCommit();
    const place = this.#placeOf(wire);
    if (!this.#acknowledgeAgain(source, place)) {
      this.#finish(offer, (await this.#refuseFork(wire, place)) ?? replayed);
      return;
    }
    this.#pending -= 1;
    this.#options.figures.onAccepted("repeated");
  }

  #acknowledgeAgain(source: AttestationSource, place: StoredPlace): boolean {
    const { store } = this.#options;
    const digest = bytesToHex(place.digest);
    const epoch = BigInt(place.epoch);
    if (!store.held(epoch, place.nodeIndex).some((held) => held.digest === digest)) return false;
    const isRunning = this.#admission.isEpochRunning(place.epoch);
    const stored = isRunning ? store.receiptOf(epoch, place.nodeIndex, digest) : undefined;
    if (stored) source.onReceipt({ ...place, proof: { stored } });
    else source.onStored(place);
    return true;
  }

  /** Refuses a rival of the newest attestation as what it is; one of an older attestation is refused as a repetition. */
  async #refuseFork(wire: Buffer, place: StoredPlace): Promise<Refusal | undefined> {
    const found = await this.#findFork(wire, place);
    const { sequence } = place;
    if (!found || this.#options.store.headOf(place.nodeIndex)?.sequence !== sequence) return undefined;
    if (found === "unsigned") return refuse("bad-signature", "signature is not the node's over this attestation");
    return refuse("forked-sequence", `another attestation of sequence ${sequence} is held`, sequence + 1);
  }

  /** Looks whether another attestation is held in the place of this one, and whether the node signed this one too. */
  async #findFork(wire: Buffer, place: StoredPlace): Promise<"fork" | "unsigned" | undefined> {
    const { chain, store, log, onFork } = this.#options;
    const { nodeIndex, sequence, epoch, digest } = place;
    const rival = store.rivalOf(place, digest);
    const held = rival && store.wireOf(rival.epoch, nodeIndex, rival.digest);
    if (!rival || !held) return undefined;
    const publicKey = chain.keyAt(nodeIndex, BigInt(epoch));
    if (!publicKey || !(await this.#isSigned(nodeIndex, publicKey, digest, wire))) return "unsigned";
    const digests = { held: rival.digest, offered: bytesToHex(digest) };
    log.warn({ nodeIndex, sequence, epoch, ...digests }, "fork: node signed two attestations of one epoch or sequence");
    await onFork?.(held, wire);
    return "fork";
  }

  #placeOf(wire: Buffer): StoredPlace {
    const digest = this.#hasher.digest(wire);
    return { nodeIndex: wireNodeIndex(wire), epoch: wireEpoch(wire), sequence: wireSequence(wire), digest };
  }

  #isSigned(nodeIndex: number, publicKey: Uint8Array, digest: Uint8Array, wire: Buffer): Promise<boolean> {
    return this.#verifier.verify(nodeIndex, publicKey, digest, wire.subarray(ATTESTATION_BYTES));
  }

  #headOf(nodeIndex: number, lane: Lane): NodeHead | undefined {
    const stored = this.#options.store.headOf(nodeIndex);
    if (!lane.head) return stored;
    return stored && stored.sequence > lane.head.sequence ? stored : lane.head;
  }

  #settleLane(nodeIndex: number, lane: Lane): void {
    lane.uncommitted -= 1;
    if (lane.uncommitted === 0) lane.head = undefined;
    this.#forgetIdle(nodeIndex, lane);
  }

  #forgetIdle(nodeIndex: number, lane: Lane): void {
    if (lane.isRunning || lane.uncommitted > 0 || lane.offers.length > 0) return;
    if (this.#lanes.get(nodeIndex) === lane) this.#lanes.delete(nodeIndex);
  }

  #finish(offer: Offer, refusal: Refusal): void {
    this.#pending -= 1;
    this.#refuse(offer, refusal);
  }

  #refuse({ source, wire }: Offer, refusal: Refusal): void {
    this.#options.figures.onRefused(refusal.code);
    source.onRefused(refusal, wire);
  }
}

function releaseHeld(lane: Lane): void {
  for (const source of lane.held) source.hold(false);
  lane.held.clear();
}
