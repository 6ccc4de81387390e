import { ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { expect } from "chai";
import { type Hex, keccak256, numberToHex, zeroHash } from "viem";
import { buildReport, mergeQuality, type ReportInputs } from "../../../relayer/src/committee/report-builder.ts";
import { perfectHeartbeats } from "../../helpers/test-committee.ts";

const leafOf = (nodeIndex: number): Hex => keccak256(numberToHex(nodeIndex, { size: 4 }));

function inputs(changes: Partial<ReportInputs>): ReportInputs {
  return {
    ...{ epoch: 9n, shard: 1, round: 2, committeeVersion: 3, beaconBlock: 77n, beacon: zeroHash },
    activeNodes: [512, 513, 515],
    leaves: new Map([512, 513, 515].map((nodeIndex) => [nodeIndex, leafOf(nodeIndex)])),
    quality: new Map([512, 513, 515].map((nodeIndex) => [nodeIndex, 255])),
    degradedQuality: 204,
    ...changes,
  };
}

describe("buildReport", () => {
  it("commits to each leaf at its local index", () => {
    const { root } = buildReport(inputs({}));
    const tree = new ReportTree(new Map([512, 513, 515].map((nodeIndex) => [nodeIndex - 512, leafOf(nodeIndex)])));
    expect(root).to.equal(tree.root);
  });

  it("lists active nodes without a leaf as absent, with quality 0", () => {
    const report = buildReport(inputs({ leaves: new Map([[513, leafOf(513)]]) }));
    expect(report.absent, "absent").to.equal("0x00000003");
    expect(report.quality, "quality").to.equal("0x00ff0000");
  });

  it("lists attested nodes below the threshold as degraded", () => {
    const quality = new Map([
      [512, 203],
      [513, 204],
      [515, 205],
    ]);
    expect(buildReport(inputs({ quality })).degraded).to.equal("0x0000");
  });

  it("counts a node that nobody saw as quality 0", () => {
    const { quality, degraded } = buildReport(inputs({ quality: new Map() }));
    expect(quality, "quality").to.equal("0x00000000");
    expect(degraded, "degraded").to.equal("0x000000010003");
  });

  it("is empty for a shard without active nodes", () => {
    const report = buildReport(inputs({ activeNodes: [], leaves: new Map() }));
    expect(report).to.deep.include({
      absent: "0x",
      degraded: "0x",
      quality: "0x",
      root: new ReportTree(new Map()).root,
    });
  });

  it("gives the same report for the same inputs in any order", () => {
    const reversed = inputs({});
    const leaves = new Map([...reversed.leaves].reverse());
    expect(buildReport({ ...reversed, leaves, activeNodes: [515, 513, 512] })).to.deep.equal(buildReport(inputs({})));
  });
});

describe("mergeQuality", () => {
  const seen = (received: number, expected = 10) => [{ ...perfectHeartbeats([7])[0]!, received, expected }];
  const merge = (counts: number[], faults = 0) => {
    const [own = [], ...peers] = counts.map((received) => seen(received));
    return mergeQuality({ own, peers, faults }).get(7);
  };

  it("takes the median of what members saw", () => {
    expect(merge([10, 2, 10])?.byte).to.equal(255);
    expect(merge([2, 2, 10])?.byte).to.equal(51);
  });

  it("takes the upper one of two and accepts either", () => {
    expect(merge([2, 10])).to.deep.equal({ byte: 255, lowest: 51 - 58, highest: 255 + 58 });
  });

  it("tolerates what one heartbeat of its own row changes", () => {
    expect(merge([10])).to.deep.equal({ byte: 255, lowest: 255 - 32 - 26, highest: 255 + 32 + 26 });
  });

  it("takes no tolerance from the rows of peers", () => {
    const seenByPeers = mergeQuality({ own: seen(10), peers: [seen(1, 1), seen(10)], faults: 0 });
    expect(seenByPeers.get(7)?.lowest).to.equal(255 - 32 - 26);
  });

  it("caps the tolerance of a row with few expected heartbeats", () => {
    expect(mergeQuality({ own: seen(1, 1), peers: [], faults: 0 }).get(7)?.lowest).to.equal(255 - 32 - 64);
  });

  for (const honest of [2, 3]) {
    it(`gives a liar beside ${honest} honest rows no say`, () => {
      const rows = Array.from({ length: honest }, () => 9);
      const low = merge([...rows, 0], 1)!;
      const high = merge([...rows, 10], 1)!;
      expect(low, "whatever it says").to.deep.equal(high);
      expect(low.byte, "what the honest saw").to.equal(229);
    });
  }

  it("lets honest members accept each other when a liar tells each another story", () => {
    for (const told of [0, 10]) {
      for (const tellsLeader of [0, 10]) {
        const proposed = merge([9, tellsLeader], 1)!.byte;
        expect(proposed, `leader was told ${tellsLeader}`).to.be.at.least(merge([9, told], 1)!.lowest);
        expect(proposed, `leader was told ${tellsLeader}`).to.be.at.most(merge([9, told], 1)!.highest);
      }
    }
  });

  it("leaves out nodes that nobody saw", () => {
    expect([...mergeQuality({ own: [], peers: [[]], faults: 0 })]).to.deep.equal([]);
  });
});
