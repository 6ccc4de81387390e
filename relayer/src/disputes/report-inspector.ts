import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import { attestationLeaf, ReportTree, SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { decodeIndexList, shardOf } from "@pqmesh/contracts/protocol/report";
import type { Hex } from "viem";
import { hexToBytes } from "viem/utils";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { flawOf, type LeafFlaw } from "../chain/leaf-flaw.ts";
import { verifyMlDsa65Async } from "../keystore/verify-ml-dsa-65.ts";
import { untilAborted } from "../service/until-aborted.ts";
import type { LeafSource, ServedLeaf } from "./leaf-source.ts";

/** A leaf of a report that is not valid. */
export interface FlawedLeaf extends ServedLeaf, LeafFlaw {
  /** Hash of the leaf in the tree. */
  leafHash: Hex;
  /** Nine siblings from the leaf up. */
  proof: Hex[];
}

/** What was found about a report. */
export type Inspection =
  | { verdict: "sound" }
  /** Its leaves are known: some are not valid, or the tree has none of nodes that the report claims to have attested. */
  | { verdict: "faulty"; flawed: FlawedLeaf[]; missing: number[] }
  /** Nobody gave leaves that make its root; `suspects` are the nodes without a sound attestation, or else one of them all. */
  | { verdict: "withheld"; suspects: number[] };

/** Milliseconds in which all sources together must have answered about one report. */
const PATIENCE_MS = 10_000;

/** What a source gave, judged leaf by leaf. */
interface Served {
  leaves: readonly ServedLeaf[];
  found: ReadonlyMap<ServedLeaf, LeafFlaw>;
  tree: ReportTree;
}

type Rules = Pick<ChainFollower, "chainId" | "bridge" | "nodesOfShard"> & Parameters<typeof flawOf>[0];

/** Recomputes accepted reports from their leaves. */
export class ReportInspector {
  readonly #chain: Rules;
  readonly #sources: readonly LeafSource[];
  readonly #patienceMs: number;

  /** @param patienceMs Milliseconds in which all sources together must have answered about one report. */
  constructor(chain: Rules, sources: readonly LeafSource[], patienceMs = PATIENCE_MS) {
    this.#chain = chain;
    this.#sources = sources;
    this.#patienceMs = patienceMs;
  }

  /**
   * Asks for the leaves of a report: first who verified them before, then all others at once. The first ones that make the
   * root are judged; who has not answered in time is waited for no longer.
   */
  async inspect(report: AcceptedReport): Promise<Inspection> {
    const attested = new Set<number>();
    const whole =
      (await this.#firstWhole(report, { isVerified: true, attested })) ??
      (await this.#firstWhole(report, { isVerified: false, attested }));
    if (whole) return this.#verdict(report, whole);
    const claimed = this.#claimed(report);
    const unseen = claimed.filter((nodeIndex) => !attested.has(nodeIndex));
    return { verdict: "withheld", suspects: unseen.length > 0 ? unseen : claimed.slice(0, 1) };
  }

  /** The first answer that makes the root; nodes with a sound leaf in any other one are added to `attested`. */
  async #firstWhole(
    report: AcceptedReport,
    { isVerified, attested }: { isVerified: boolean; attested: Set<number> },
  ): Promise<Served | undefined> {
    const stop = new AbortController();
    const late = AbortSignal.timeout(this.#patienceMs);
    const asked = this.#sources.filter((source) => source.isVerified === isVerified);
    const answers = asked.map(async (source) => {
      const served = await this.#ask(source, report, { late, stop: stop.signal });
      if (served.tree.root === report.root) return served;
      for (const leaf of served.leaves) if (!served.found.has(leaf)) attested.add(leaf.nodeIndex);
      throw new Error(`the leaves of ${source.name} do not make the root`);
    });
    try {
      return await Promise.any(answers);
    } catch {
      return undefined;
    } finally {
      stop.abort();
    }
  }

  /** @throws Error when there is no answer before it is late, or another source was first. */
  async #ask(
    source: LeafSource,
    report: AcceptedReport,
    { late, stop }: { late: AbortSignal; stop: AbortSignal },
  ): Promise<Served> {
    const signal = AbortSignal.any([late, stop]);
    const served = await untilAborted(source.leavesOf(report, signal), signal);
    const byPosition = new Map(served.map((leaf) => [leaf.nodeIndex % SHARD_SIZE, leaf]));
    const tree = new ReportTree(new Map([...byPosition].map(([position, leaf]) => [position, this.#hashOf(leaf)])));
    // Of several leaves of a position only one is in the tree, and one of another shard stands for no node of this one:
    // accusing them would be proving what nobody can prove.
    const leaves = [...byPosition.values()].filter(({ nodeIndex }) => shardOf(nodeIndex) === report.shard);
    return { leaves, tree, found: await this.#flaws(report, leaves, { isVerified: source.isVerified, stop }) };
  }

  /** Judges a report of which the whole tree is known. */
  #verdict(report: AcceptedReport, { leaves, found, tree }: Served): Inspection {
    const shown = new Set(leaves.map(({ nodeIndex }) => nodeIndex));
    const missing = this.#claimed(report).filter((nodeIndex) => !shown.has(nodeIndex));
    const flawed = [...found].map(([leaf, flaw]) => {
      return { ...leaf, ...flaw, leafHash: this.#hashOf(leaf), proof: tree.proof(leaf.nodeIndex % SHARD_SIZE) };
    });
    return flawed.length + missing.length === 0 ? { verdict: "sound" } : { verdict: "faulty", flawed, missing };
  }

  /** Nodes that a report claims to have attested. */
  #claimed({ shard, epoch, absent }: AcceptedReport): number[] {
    const leftOut = new Set(decodeIndexList(absent));
    return this.#chain
      .nodesOfShard(shard)
      .filter((node) => this.#chain.isActive(node, epoch) && !leftOut.has(node % SHARD_SIZE));
  }

  async #flaws(
    report: AcceptedReport,
    leaves: readonly ServedLeaf[],
    { isVerified, stop }: { isVerified: boolean; stop: AbortSignal },
  ): Promise<Map<ServedLeaf, LeafFlaw>> {
    const absent = new Set(decodeIndexList(report.absent));
    const found = new Map<ServedLeaf, LeafFlaw>();
    for (const leaf of leaves) {
      stop.throwIfAborted();
      const flaw = await this.leafFlaw(leaf, {
        epoch: report.epoch,
        isAbsent: absent.has(leaf.nodeIndex % SHARD_SIZE),
        isVerified,
      });
      if (flaw) found.set(leaf, flaw);
    }
    return found;
  }

  /** Why a leaf is not valid for its node in an epoch, its signature included unless that was verified before. */
  async leafFlaw(
    { nodeIndex, attestation, signature }: ServedLeaf,
    { epoch, isAbsent, isVerified }: { epoch: bigint; isAbsent: boolean; isVerified: boolean },
  ): Promise<LeafFlaw | undefined> {
    if (isAbsent) return { flaw: "absent", sentence: "the report names the node absent" };
    const flaw = flawOf(this.#chain, { nodeIndex, epoch }, attestation);
    const key = this.#chain.keyAt(nodeIndex, epoch);
    if (flaw || isVerified || !key) return flaw;
    const digest = hexToBytes(hashAttestation(this.#chain, attestation));
    const isSigned = await verifyMlDsa65Async(key, Buffer.from(digest), signature);
    return isSigned ? undefined : { flaw: "signature", sentence: "its signature does not verify" };
  }

  #hashOf({ nodeIndex, attestation, signature }: ServedLeaf): Hex {
    const { chainId, bridge } = this.#chain;
    return attestationLeaf(nodeIndex, hashAttestation({ chainId, bridge }, attestation), signature);
  }
}
