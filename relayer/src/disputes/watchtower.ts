import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Logger } from "pino";
import type { Address, Hex } from "viem";
import { hexToBytes } from "viem/utils";
import type { AcceptedReport, CommitteeMember } from "../chain/chain-view.ts";
import type { ChallengeRecord } from "../chain/dispute-records.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { verifyMlDsa65Async } from "../keystore/verify-ml-dsa-65.ts";
import { untilAborted } from "../service/until-aborted.ts";
import type { Submitter } from "../submit/submitter.ts";
import { CasePursuit } from "./case-pursuit.ts";
import type { DisputeConstants } from "./dispute-constants.ts";
import type { DisputeMetrics } from "./dispute-metrics.ts";
import { forgeryOf, proveFlaw, proveForgery } from "./leaf-proof.ts";
import type { NodeFork } from "./equivocation-proof.ts";
import type { ForkSource } from "./fork-source.ts";
import { ForkWatch } from "./fork-watch.ts";
import type { LeafSource, ServedLeaf } from "./leaf-source.ts";
import type { LeafFlaw } from "../chain/leaf-flaw.ts";
import { ReportInspector } from "./report-inspector.ts";
import type { WatchStore } from "./watch-store.ts";

/** Who sends what a watchtower proves. */
export interface WatchActor {
  /** Knows the kinds of `disputeKinds`. */
  submitter: Submitter;
  /** Sender; rewards go there. */
  address: Address;
  /** Wei in bonds of own challenges at once at most. */
  bondBudgetWei: bigint;
}

/** What {@link Watchtower} needs. */
export interface WatchtowerOptions {
  chain: ChainFollower;
  contracts: NetworkConfig["contracts"];
  /** Who proves and challenges; undefined: it finds, counts and logs, and sends nothing. */
  actor: WatchActor | undefined;
  sources: readonly LeafSource[];
  /** Where equivocations are found; default: nowhere. */
  forks?: ForkSource | undefined;
  store: WatchStore;
  constants: DisputeConstants;
  metrics: DisputeMetrics;
  log: Logger;
}

/** Milliseconds between two looks. */
const LOOK_MS = 1_000;
/** Milliseconds after a report appeared until its leaves are asked for, and between two attempts at first. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
/** Reports whose leaves are asked for at once; those of a full shard take a few MB. */
const INSPECTED_AT_ONCE = 8;
/** Milliseconds in which all sources together must have given the signatures of a report. */
const SIGNATURES_MS = 10_000;

interface Waiting {
  report: AcceptedReport;
  pauseMs: number;
  dueAt: number;
}

/**
 * Recomputes every accepted report from the leaves that members serve, and every leaf that an answer shows, and looks for
 * nodes and members that signed twice. What is wrong is written down first, then proven; a leaf that nobody shows is
 * challenged in the second half of the time for it.
 */
export class Watchtower {
  readonly #options: WatchtowerOptions;
  readonly #inspector: ReportInspector;
  readonly #pursuit: CasePursuit;
  readonly #forks: ForkWatch;
  readonly #waiting = new Map<string, Waiting>();
  readonly #answersSeen = new Set<string>();
  /** Digests with a verdict, as far as they were looked up. */
  readonly #checked = new Set<string>();
  #prunedBefore = -1n;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(options: WatchtowerOptions) {
    this.#options = options;
    this.#inspector = new ReportInspector(options.chain, options.sources);
    this.#forks = new ForkWatch({ ...options, open: (found) => this.#open(found) });
    this.#pursuit = new CasePursuit(options);
  }

  start(): void {
    this.#options.chain.events.on("head", this.#look);
    this.#timer = setInterval(this.#look, LOOK_MS).unref();
    this.#look();
  }

  async stop(): Promise<void> {
    this.#options.chain.events.off("head", this.#look);
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Accuses a node of two attestations that exclude each other; the case is on disk when this resolves. */
  async accuseNode(fork: NodeFork): Promise<void> {
    await this.#forks.accuseNode(fork);
  }

  readonly #look = (): void => {
    this.#running ??= this.#pass()
      .catch((error: unknown) => this.#options.log.error({ err: error }, "watchtower could not finish its pass"))
      .finally(() => {
        this.#running = undefined;
      });
  };

  async #pass(): Promise<void> {
    this.#collect();
    await this.#inspectDue();
    for (const challenge of this.#options.chain.disputes.unresolved()) {
      // Asked again in the next pass; nothing else waits for one answer.
      await this.#checkAnswer(challenge).catch((error: unknown) => {
        this.#options.log.debug({ err: error, challenge: `${challenge.id}` }, "an answer could not be checked yet");
      });
    }
    await this.#accuseSigners();
    await this.#forks.look();
    await this.#pursuit.advance();
    this.#options.metrics.reportsWaiting.set(this.#waiting.size);
  }

  /** Several at once: one whose leaves are slow to come holds up none of the others. */
  async #inspectDue(): Promise<void> {
    const now = performance.now();
    const due = [...this.#waiting.values()].filter(({ dueAt }) => dueAt <= now);
    const work = async (): Promise<void> => {
      for (let next = due.shift(); next; next = due.shift()) await this.#inspect(next);
    };
    await Promise.all(Array.from({ length: Math.min(INSPECTED_AT_ONCE, due.length) }, work));
  }

  /** Takes up accepted reports that are not final, and drops those that a reorg removed. */
  #collect(): void {
    const { chain, store } = this.#options;
    const oldest = chain.currentEpoch() - chain.horizonEpochs;
    const current = new Map(chain.recentReports().map((report) => [report.digest as string, report]));
    for (const digest of this.#waiting.keys()) if (!current.has(digest)) this.#waiting.delete(digest);
    for (const [digest, report] of current) {
      if (report.epoch < oldest || this.#waiting.has(digest) || this.#isChecked(report)) continue;
      this.#waiting.set(digest, { report, pauseMs: FIRST_PAUSE_MS, dueAt: performance.now() + FIRST_PAUSE_MS });
    }
    if (oldest <= this.#prunedBefore) return;
    this.#prunedBefore = oldest;
    this.#checked.clear();
    store.prune(oldest - chain.horizonEpochs);
  }

  #isChecked({ digest }: AcceptedReport): boolean {
    if (!this.#checked.has(digest) && this.#options.store.verdictOf(digest)) this.#checked.add(digest);
    return this.#checked.has(digest);
  }

  async #inspect(waiting: Waiting): Promise<void> {
    const { store, metrics, log } = this.#options;
    const { report } = waiting;
    const found = await this.#inspector.inspect(report);
    if (found.verdict === "withheld") return this.#withheld(waiting, found.suspects);
    if (found.verdict === "faulty") {
      for (const leaf of found.flawed) this.#accuse(report, leaf);
      for (const node of found.missing) this.#suspect(report, node, "has no leaf in its tree");
    }
    store.setVerdict(report, found.verdict);
    metrics.reportsChecked.inc({ verdict: found.verdict });
    this.#waiting.delete(report.digest);
    log.debug({ epoch: `${report.epoch}`, shard: report.shard, verdict: found.verdict }, "report checked");
    return undefined;
  }

  /** Asks again until half of the time to challenge is over, then for the leaves themselves. */
  #withheld(waiting: Waiting, suspects: readonly number[]): void {
    const { report, pauseMs } = waiting;
    waiting.pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
    waiting.dueAt = performance.now() + Math.min(waiting.pauseMs, this.#options.chain.epochLengthSeconds * 500);
    const fromEpoch = report.epoch + 1n + this.#options.constants.challengeEpochs / 2n;
    if (this.#options.chain.currentEpoch() < fromEpoch) return;
    for (const nodeIndex of suspects) this.#suspect(report, nodeIndex, "has a leaf that nobody shows");
  }

  /** Asks on chain for a leaf that a report claims to have. */
  #suspect({ digest, epoch }: AcceptedReport, nodeIndex: number, what: string): void {
    this.#open({
      ...{ id: `withheld:${digest}:${nodeIndex}`, kind: "withheld-leaf", nodeIndex, proof: undefined },
      ...{ epoch, reportDigest: digest },
      sentence: `node ${nodeIndex}, which the report of epoch ${epoch} claims to have attested, ${what}`,
    });
  }

  #accuse(report: AcceptedReport, leaf: ServedLeaf & LeafFlaw & { proof: readonly Hex[] }): void {
    const { epoch, digest } = report;
    this.#open({
      ...{ id: `invalid:${digest}:${leaf.nodeIndex}`, kind: "invalid-leaf", nodeIndex: leaf.nodeIndex },
      ...{ epoch, reportDigest: digest, proof: proveFlaw(this.#options.chain, report, leaf) },
      sentence: `the leaf of node ${leaf.nodeIndex} in the report of epoch ${epoch} is not valid: ${leaf.sentence}`,
    });
  }

  #open(found: Parameters<WatchStore["add"]>[0]): void {
    if (this.#options.store.add(found)) this.#options.log.warn({ case: found.id }, found.sentence);
  }

  /** Checks a leaf that an answer shows, once. */
  async #checkAnswer(challenge: ChallengeRecord): Promise<void> {
    const { chain } = this.#options;
    const { id, answer, answeredAt, nodeIndex, epoch } = challenge;
    const name = `${id}:${answeredAt?.transactionHash}`;
    if (!answer || !answeredAt || this.#answersSeen.has(name)) return;
    const report = chain.acceptedReport(shardOf(nodeIndex), epoch);
    this.#answersSeen.add(name);
    if (report?.digest !== challenge.reportDigest) return;
    const { attestation, proof } = answer;
    const leaf = { nodeIndex, attestation, proof, signature: hexToBytes(answer.signature) };
    const flaw = await this.#inspector.leafFlaw(leaf, { epoch, isAbsent: false, isVerified: false });
    if (flaw) this.#accuse(report, { ...leaf, ...flaw });
  }

  /** Accuses each signer of a report that was proven forged, as far as its ML-DSA-65 signature is known. */
  async #accuseSigners(): Promise<void> {
    const { chain, sources } = this.#options;
    const forged = chain.disputes.forgedReports();
    for (const report of forged.size > 0 ? chain.recentReports() : []) {
      const left = forged.has(report.digest) ? this.#signersLeft(report) : [];
      const signal = AbortSignal.timeout(SIGNATURES_MS);
      const asked = (left.length > 0 ? sources : []).map(async (source) => {
        const given = untilAborted(source.signaturesOf(report, signal), signal);
        const signatures = await given.catch(() => new Map<number, Hex>());
        for (const member of left) await this.#accuseSigner(report, member, signatures.get(member.seat));
      });
      await Promise.all(asked);
    }
  }

  /** Signers of a report that are not accused of it yet. */
  #signersLeft({ epoch, signers, digest }: AcceptedReport): CommitteeMember[] {
    const { chain, store } = this.#options;
    const members = chain.committeeAt(epoch)?.members ?? [];
    return members.filter(({ seat, address }) => {
      return ((signers >> BigInt(seat)) & 1n) === 1n && !store.has(`forgery:${forgeryOf(digest, address)}`);
    });
  }

  /** Opens the case only with a signature that verifies: another one would stand in the place of the true one for ever. */
  async #accuseSigner(
    report: AcceptedReport,
    { address, mldsaKey }: CommitteeMember,
    signature: Hex | undefined,
  ): Promise<void> {
    if (!signature) return;
    const isSigned = await verifyMlDsa65Async(mldsaKey, hexToBytes(report.digest), hexToBytes(signature));
    if (!isSigned) return;
    const { offenceId, ...proof } = proveForgery(report, { member: address, key: mldsaKey, signature });
    this.#open({
      ...{ id: `forgery:${offenceId}`, kind: "forgery", nodeIndex: undefined, proof },
      ...{ epoch: report.epoch, reportDigest: report.digest },
      sentence: `relayer ${address} signed the forged report of epoch ${report.epoch} with ML-DSA-65`,
    });
  }
}
