import { expect } from "chai";
import { type Address, type Hex, zeroHash } from "viem";
import type { Proposal } from "../../../relayer/src/committee/messages.ts";
import { buildReport } from "../../../relayer/src/committee/report-builder.ts";
import { RoundSchedule } from "../../../relayer/src/committee/round-schedule.ts";
import {
  checkBeacon,
  checkContent,
  checkLeafList,
  checkPlace,
} from "../../../relayer/src/committee/verify-proposal.ts";

const HASH: Hex = `0x${"be".repeat(32)}`;
const leafOf = (nodeIndex: number): Hex => `0x${(nodeIndex + 1).toString(16).padStart(64, "0")}`;
const addressOf = (seat: number): Address => `0x${seat.toString(16).padStart(40, "0")}`;

const INPUTS = {
  ...{ epoch: 9n, shard: 0, round: 0, committeeVersion: 3, beaconBlock: 86n, beacon: HASH },
  activeNodes: [0, 1, 2],
  leaves: new Map([0, 1].map((nodeIndex) => [nodeIndex, leafOf(nodeIndex)])),
  quality: new Map([
    [0, 250],
    [1, 100],
  ]),
  degradedQuality: 204,
};
const REPORT = buildReport(INPUTS);
const held = (nodeIndices: number[]) => nodeIndices.map((nodeIndex) => ({ nodeIndex, digest: HASH }));

function reasonOf(check: () => void): string {
  try {
    check();
    return "none";
  } catch (error) {
    return (error as { reason: string }).reason;
  }
}

describe("checkPlace", () => {
  const schedule = new RoundSchedule({ epochGenesis: 0n, epochLengthSeconds: 10, reportWindowEpochs: 2n });
  const members = [0, 1, 2, 3].map((seat) => {
    return { seat, address: addressOf(seat), endpoint: "", mldsaKey: new Uint8Array() };
  });
  const committee = { version: 3, fromEpoch: 0n, members };
  const check = (changes: object) => {
    const place = { proposer: addressOf(1), committee, schedule, nowMs: 100_000, hasNodes: true, isReported: false };
    return reasonOf(() => checkPlace(REPORT, { ...place, ...changes }));
  };

  it("accepts the leader in its round", () => {
    expect(check({})).to.equal("none");
  });

  it("refuses everybody else, other committees and other times", () => {
    expect(check({ proposer: addressOf(2) }), "another member").to.equal("not-leader");
    expect(check({ committee: undefined }), "no committee").to.equal("wrong-committee");
    expect(check({ committee: { ...committee, version: 4 } }), "another committee").to.equal("wrong-committee");
    expect(check({ nowMs: 98_999 }), "too early").to.equal("round-not-begun");
    expect(check({ nowMs: 120_000 }), "too late").to.equal("epoch-closed");
    expect(check({ hasNodes: false }), "a shard without nodes").to.equal("unknown-shard");
    expect(check({ isReported: true }), "reported").to.equal("already-reported");
  });
});

describe("checkBeacon", () => {
  it("accepts blocks of this chain that are 12 to 64 deep", () => {
    for (const head of [98n, 150n]) expect(reasonOf(() => checkBeacon(REPORT, head, HASH))).to.equal("none");
    for (const head of [97n, 151n, 80n]) {
      expect(
        reasonOf(() => checkBeacon(REPORT, head, HASH)),
        `head ${head}`,
      ).to.equal("wrong-beacon");
    }
  });

  it("refuses the hash of another block", () => {
    expect(
      reasonOf(() => checkBeacon(REPORT, 100n, zeroHash)),
      "another hash",
    ).to.equal("wrong-beacon");
    expect(
      reasonOf(() => checkBeacon(REPORT, 100n, undefined)),
      "no such block",
    ).to.equal("wrong-beacon");
  });
});

describe("checkLeafList", () => {
  const check = (nodeIndices: number[]) => {
    const proposal: Proposal = { report: REPORT, leaves: held(nodeIndices) };
    return reasonOf(() => checkLeafList(proposal, [0, 1, 2]));
  };

  it("takes active nodes of the shard in ascending order", () => {
    expect(check([0, 2]), "in order").to.equal("none");
    expect(check([2, 0]), "out of order").to.equal("bad-leaf");
    expect(check([1, 1]), "twice").to.equal("bad-leaf");
    expect(check([3]), "not active").to.equal("bad-leaf");
    expect(check([512]), "another shard").to.equal("bad-leaf");
  });
});

describe("checkContent", () => {
  const seen = (lowest: number, highest: number) => ({ quality: new Map([[0, { byte: 250, lowest, highest }]]) });
  const view = { ...INPUTS, held: held([0, 1]), ...seen(250, 250) };
  const check = (report: object, changes: object = {}) => {
    return reasonOf(() => checkContent({ ...REPORT, ...report }, { ...view, ...changes }));
  };

  it("accepts what follows from the leaves", () => {
    expect(check({})).to.equal("none");
  });

  it("refuses what does not follow from the leaves", () => {
    expect(check({ root: zeroHash }), "root").to.equal("wrong-root");
    expect(check({ absent: "0x" }), "nobody absent").to.equal("wrong-absent");
    expect(check({ absent: "0x00010002" }), "too many absent").to.equal("wrong-absent");
    expect(check({ degraded: "0x" }), "nobody degraded").to.equal("wrong-degraded");
    expect(check({ degraded: "0x00000001" }), "too many degraded").to.equal("wrong-degraded");
    expect(check({ quality: "0xfa64ff" }), "quality of an absent node").to.equal("wrong-quality");
    expect(check({ quality: "0xfa64" }), "too few bytes").to.equal("wrong-quality");
    expect(check({ quality: "0xfa640000" }), "too many bytes").to.equal("wrong-quality");
  });

  it("refuses to call a node absent whose leaf is held", () => {
    expect(check({}, { held: held([0, 1, 2]) })).to.equal("wrong-absent");
  });

  it("tolerates small differences in quality, and nodes it cannot see", () => {
    expect(check({}, seen(200, 250)), "at the upper limit").to.equal("none");
    expect(check({}, seen(250, 255)), "at the lower limit").to.equal("none");
    expect(check({}, seen(200, 249)), "above the limit").to.equal("wrong-quality");
    expect(check({}, seen(251, 255)), "below the limit").to.equal("wrong-quality");
    expect(check({}, { quality: new Map() }), "seen by nobody").to.equal("none");
  });
});
