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
  const seen = (received: number) => [{ ...perfectHeartbeats([7])[0]!, received }];

  it("takes the median of what members saw", () => {
    expect(mergeQuality([seen(10), seen(2), seen(10)]).get(7)?.byte).to.equal(255);
    expect(mergeQuality([seen(2), seen(2), seen(10)]).get(7)?.byte).to.equal(51);
  });

  it("takes the upper one of two", () => {
    expect(mergeQuality([seen(2), seen(10)]).get(7)?.byte).to.equal(255);
  });

  it("says what one heartbeat changes", () => {
    expect(mergeQuality([seen(10)]).get(7)?.step).to.equal(26);
  });

  it("leaves out nodes that nobody saw", () => {
    expect([...mergeQuality([[], []])]).to.deep.equal([]);
  });
});
