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

  /** What is found about a report of shard 0 with these leaves by position, when one relayer serves `served`. */
  const inspect = (
    placed: readonly (MadeAttestation | undefined)[],
    served: readonly MadeAttestation[],
    absent: number[] = [],
  ): Promise<Inspection> => {
    const tree = new Map(
      placed.flatMap((leaf, position) => {
        if (!leaf) return [];
        return [[position, attestationLeaf(leaf.attestation.nodeIndex, leaf.digest, leaf.signature)] as const];
      }),
    );
    const root = new ReportTree(tree).root;
    const report = { shard: 0, epoch: BigInt(EPOCH), root, absent: encodeIndexList(absent) } as AcceptedReport;
    const source: LeafSource = {
      name: "one",
      isVerified: false,
      leavesOf: () => Promise.resolve(served.map(leafOf)),
      signaturesOf: () => Promise.resolve(new Map()),
    };
    return new ReportInspector(chain, [source]).inspect(report);
  };

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
});
