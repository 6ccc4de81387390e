import { attestationLeaf, ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { encodeIndexList } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import type { AcceptedReport } from "../../../relayer/src/chain/chain-view.ts";
import type { LeafSource } from "../../../relayer/src/disputes/leaf-source.ts";
import { type Inspection, ReportInspector } from "../../../relayer/src/disputes/report-inspector.ts";
import { AttestingNode, type MadeAttestation } from "../../helpers/attesting-node.ts";
import { FixedChainView } from "../../helpers/fixed-chain-view.ts";

const EPOCH = 100;

describe("ReportInspector", () => {
  let chain: FixedChainView;
  let leaves: MadeAttestation[];

  beforeEach(() => {
    chain = new FixedChainView({ epoch: EPOCH });
    leaves = [0, 1, 2, 513].map((index) => AttestingNode.registeredIn(chain, index).attest(EPOCH));
  });

  const leafOf = ({ attestation, signature }: MadeAttestation) => {
    return { nodeIndex: attestation.nodeIndex, attestation, signature };
  };

  /** A report of shard 0 with these leaves by position. */
  const reportOf = (placed: readonly (MadeAttestation | undefined)[], absent: number[] = []): AcceptedReport => {
    const tree = new Map(
      placed.flatMap((leaf, position) => {
        if (!leaf) return [];
        return [[position, attestationLeaf(leaf.attestation.nodeIndex, leaf.digest, leaf.signature)] as const];
      }),
    );
    const root = new ReportTree(tree).root;
    return { shard: 0, epoch: BigInt(EPOCH), root, absent: encodeIndexList(absent) } as AcceptedReport;
  };

  const sourceOf = (served: readonly MadeAttestation[], changes: Partial<LeafSource> = {}): LeafSource => ({
    name: "one",
    isVerified: false,
    leavesOf: () => Promise.resolve(served.map(leafOf)),
    signaturesOf: () => Promise.resolve(new Map()),
    ...changes,
  });

  /** A source that never answers, and never lets go. */
  const stalling: LeafSource = sourceOf([], { leavesOf: () => new Promise(() => undefined) });

  /** What is found about a report of shard 0 with these leaves by position, when one relayer serves `served`. */
  const inspect = (
    placed: readonly (MadeAttestation | undefined)[],
    served: readonly MadeAttestation[],
    absent: number[] = [],
  ): Promise<Inspection> => new ReportInspector(chain, [sourceOf(served)]).inspect(reportOf(placed, absent));

  /** The same attestation with the signature of another one. */
  const forged = (index: number): MadeAttestation => {
    return { ...leaves[index]!, signature: leaves[(index + 1) % 3]!.signature };
  };

  const named = (found: Inspection) => {
    if (found.verdict !== "faulty") return found;
    return { flawed: found.flawed.map(({ nodeIndex, flaw }) => `${nodeIndex} ${flaw}`), missing: found.missing };
  };

  it("finds an honest report sound", async () => {
    expect(await inspect(leaves.slice(0, 3), leaves.slice(0, 3))).to.deep.equal({ verdict: "sound" });
    expect(await inspect(leaves.slice(0, 2), leaves.slice(0, 2), [2])).to.deep.equal({ verdict: "sound" });
  });

  it("misses the leaf of a node that the report claims to have attested", async () => {
    const found = await inspect(leaves.slice(0, 2), leaves.slice(0, 2));
    expect(named(found)).to.deep.equal({ flawed: [], missing: [2] });
  });

  it("misses it also behind a sound leaf of another shard in its position", async () => {
    const placed = [leaves[0], leaves[3], leaves[2]];
    const found = await inspect(placed, placed as MadeAttestation[]);
    expect(named(found)).to.deep.equal({ flawed: [], missing: [1] });
  });

  it("accuses no leaf that is not in the tree", async () => {
    const sound = leaves.slice(0, 3);
    expect(await inspect(sound, [forged(0), ...sound])).to.deep.equal({ verdict: "sound" });
    const found = await inspect([leaves[0], forged(1), leaves[2]], [forged(0), ...sound, forged(1)]);
    expect(named(found)).to.deep.equal({ flawed: ["1 signature"], missing: [] });
  });

  it("does not wait for a source that stalls when another one has the leaves", async () => {
    const sound = leaves.slice(0, 3);
    const inspector = new ReportInspector(chain, [stalling, stalling, sourceOf(sound)], 3_600_000);
    expect(await inspector.inspect(reportOf(sound))).to.deep.equal({ verdict: "sound" });
  });

  it("waits for all sources together once", async () => {
    const inspector = new ReportInspector(chain, [stalling, stalling, sourceOf(leaves.slice(0, 2))], 50);
    expect(await inspector.inspect(reportOf(leaves.slice(0, 3)))).to.deep.equal({ verdict: "withheld", suspects: [2] });
  });

  it("asks nobody for leaves that were verified before", async () => {
    const sound = leaves.slice(0, 3);
    let asked = 0;
    const other = sourceOf(sound, { leavesOf: () => Promise.resolve([]).finally(() => asked++) });
    const inspector = new ReportInspector(chain, [other, sourceOf(sound, { isVerified: true })]);
    expect(await inspector.inspect(reportOf(sound))).to.deep.equal({ verdict: "sound" });
    expect(asked, "others asked").to.equal(0);
  });
});
