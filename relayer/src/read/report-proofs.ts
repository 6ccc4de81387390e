import { ATTESTATION_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { attestationLeaf, ReportTree, SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { decodeIndexList } from "@pqmesh/contracts/protocol/report";
import type { Hex } from "viem";
import type { AcceptedReport } from "../chain/chain-view.ts";
import { Problem } from "../service/problem.ts";
import { type Rate, RateLimiter } from "../service/rate-limiter.ts";
import type { AttestationStore, HeldLeaf } from "../store/attestation-store.ts";
import type { ReportSource } from "./report-source.ts";

/** Trees kept in memory, about 0.1 MB each. */
const KEPT_TREES = 64;
/** Roots remembered for which leaves are missing. */
const KEPT_FAILURES = 256;
/** Hashing the leaves of a full shard takes about 40 ms: more trees than this are refused. */
const TREES: Rate = { perSecond: 4, burst: 8 };
/** The same for one address, so that it leaves some to the others. */
const TREES_OF_ADDRESS: Rate = { perSecond: 1, burst: 4 };

/** Merkle proofs of leaves in accepted reports, from the leaves that this relayer stores. */
export class ReportProofs {
  readonly #store: AttestationStore;
  readonly #reports: ReportSource;
  /** By root; oldest use first. */
  readonly #trees = new Map<Hex, ReportTree>();
  /** Roots that the leaves stored here did not make, with what was stored then; oldest first. */
  readonly #failed = new Map<Hex, string>();
  readonly #ofAddress: RateLimiter;
  readonly #ofAll: RateLimiter;

  constructor(store: AttestationStore, reports: ReportSource, now: () => number = () => performance.now()) {
    this.#store = store;
    this.#reports = reports;
    this.#ofAddress = new RateLimiter(TREES_OF_ADDRESS, now);
    this.#ofAll = new RateLimiter(TREES, now);
  }

  /** Digests that stand for nodes in a report: as its signers know them, else the leaves held here of nodes not absent. */
  leavesOf({ epoch, shard, root, absent }: AcceptedReport): HeldLeaf[] {
    const signed = this.#reports.reportOf(epoch, shard);
    if (signed?.report.root === root) return signed.leaves;
    const leftOut = new Set(decodeIndexList(absent));
    const held = this.#store.leavesOf(epoch, shard);
    return held.filter(({ nodeIndex }) => !leftOut.has(nodeIndex % SHARD_SIZE));
  }

  /**
   * The nine siblings of a node's leaf.
   *
   * @param asker Address that asks.
   * @returns Undefined when the leaves stored here do not make the report's root.
   * @throws Problem with status 429 when this address asked for too many trees, 503 when all together did.
   */
  proofOf(report: AcceptedReport, nodeIndex: number, asker: string): Hex[] | undefined {
    if (!this.#trees.has(report.root)) this.takeTurn(asker);
    return this.ownProofOf(report, nodeIndex);
  }

  /** The same without a limit, for this relayer's own answers. */
  ownProofOf(report: AcceptedReport, nodeIndex: number): Hex[] | undefined {
    const tree = this.#trees.get(report.root) ?? this.#tryBuild(report);
    if (!tree) return undefined;
    this.#trees.delete(report.root);
    this.#trees.set(report.root, tree);
    const oldest = this.#trees.keys().next().value;
    if (this.#trees.size > KEPT_TREES && oldest) this.#trees.delete(oldest);
    return tree.proof(nodeIndex % SHARD_SIZE);
  }

  /**
   * Counts a costly answer.
   *
   * @throws Problem with status 429 when this address asked for too many, 503 when all together did.
   */
  takeTurn(asker: string): void {
    const waitSeconds = this.#ofAddress.take(asker);
    if (waitSeconds > 0) {
      const detail = `one address may ask for ${TREES_OF_ADDRESS.perSecond} new proof a second`;
      throw new Problem(429, "too-many-proofs", `${detail}, try again in ${waitSeconds} s`, waitSeconds);
    }
    if (this.#ofAll.take("all") > 0) throw new Problem(503, "overloaded", "too many proofs were asked for", 1);
  }

  /** Builds a tree again only after something of its epoch was stored: a report with a lost leaf is asked for often. */
  #tryBuild(report: AcceptedReport): ReportTree | undefined {
    const { epoch, shard, root } = report;
    const isListed = this.#reports.reportOf(epoch, shard)?.report.root === root;
    const state = `${this.#store.changesOf(epoch)}:${isListed}`;
    if (this.#failed.get(root) === state) return undefined;
    const tree = this.#build(report);
    this.#failed.delete(root);
    if (tree.root === root) return tree;
    this.#failed.set(root, state);
    const oldest = this.#failed.keys().next().value;
    if (this.#failed.size > KEPT_FAILURES && oldest) this.#failed.delete(oldest);
    return undefined;
  }

  #build(report: AcceptedReport): ReportTree {
    const leaves = new Map<number, Hex>();
    for (const { nodeIndex, digest } of this.leavesOf(report)) {
      const wire = this.#store.wireOf(report.epoch, nodeIndex, digest);
      const signature = wire?.subarray(ATTESTATION_BYTES);
      if (signature) leaves.set(nodeIndex % SHARD_SIZE, attestationLeaf(nodeIndex, digest, signature));
    }
    return new ReportTree(leaves);
  }
}
