import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import { attestationLeaf, ReportTree, SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { decodeIndexList, shardOf } from "@pqmesh/contracts/protocol/report";
import type { Hex } from "viem";
import { hexToBytes } from "viem/utils";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { flawOf, type LeafFlaw } from "../chain/leaf-flaw.ts";
import { verifyMlDsa65Async } from "../keystore/verify-ml-dsa-65.ts";
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

type Rules = Pick<ChainFollower, "chainId" | "bridge" | "nodesOfShard"> & Parameters<typeof flawOf>[0];

/** Recomputes accepted reports from their leaves. */
export class ReportInspector {
  readonly #chain: Rules;
  readonly #sources: readonly LeafSource[];

  /** @param sources In the order in which they are asked. */
  constructor(chain: Rules, sources: readonly LeafSource[]) {
    this.#chain = chain;
    this.#sources = sources;
  }

  /** Asks the sources one after the other until one gives leaves that make the root. */
  async inspect(report: AcceptedReport): Promise<Inspection> {
    const attested = new Set<number>();
    for (const source of this.#sources) {
      const served = await source.leavesOf(report).catch(() => undefined);
      if (!served) continue;
      const byPosition = new Map(served.map((leaf) => [leaf.nodeIndex % SHARD_SIZE, leaf]));
      const tree = new ReportTree(new Map([...byPosition].map(([position, leaf]) => [position, this.#hashOf(leaf)])));
      // Of several leaves of a position only one is in the tree, and one of another shard stands for no node of this one:
      // accusing them would be proving what nobody can prove.
      const leaves = [...byPosition.values()].filter(({ nodeIndex }) => shardOf(nodeIndex) === report.shard);
      const found = await this.#flaws(report, leaves, source.isVerified);
      if (tree.root === report.root) return this.#verdict(report, { leaves, found, tree });
      leaves.filter((leaf) => !found.has(leaf)).forEach(({ nodeIndex }) => attested.add(nodeIndex));
    }
    const claimed = this.#claimed(report);
    const unseen = claimed.filter((nodeIndex) => !attested.has(nodeIndex));
    return { verdict: "withheld", suspects: unseen.length > 0 ? unseen : claimed.slice(0, 1) };
  }

  /** Judges a report of which the whole tree is known. */
  #verdict(
    report: AcceptedReport,
    {
      leaves,
      found,
      tree,
    }: { leaves: readonly ServedLeaf[]; found: ReadonlyMap<ServedLeaf, LeafFlaw>; tree: ReportTree },
  ): Inspection {
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
    isVerified: boolean,
  ): Promise<Map<ServedLeaf, LeafFlaw>> {
    const absent = new Set(decodeIndexList(report.absent));
    const found = new Map<ServedLeaf, LeafFlaw>();
    for (const leaf of leaves) {
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
