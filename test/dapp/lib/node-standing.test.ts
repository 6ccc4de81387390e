import { expect } from "chai";
import type { NodeSummary } from "../../../dapp/src/lib/network-view.ts";
import { nodeStanding } from "../../../dapp/src/lib/node-standing.ts";

const NODE: NodeSummary = {
  nodeIndex: 3,
  identityId: 1,
  owner: `0x${"11".repeat(20)}`,
  stake: 1n,
  unbonding: 0n,
  exited: false,
  active: { from: 10 },
  last: { epoch: 99, status: "Attested", quality: 250 },
};

describe("nodeStanding", () => {
  const standing = (node: Partial<NodeSummary>, presence?: "live" | "silent" | "unknown") =>
    nodeStanding({ ...NODE, ...node }, presence, 100);

  it("is live when heartbeats arrive and the last report is good", () => {
    expect(standing({}, "live").standing).to.equal("live");
  });

  it("is silent before anything the chain says", () => {
    const found = standing({ last: { epoch: 99, status: "Absent" } }, "silent");
    expect(found.standing).to.equal("silent");
    expect(found.sentence).to.include("Absent in epoch 99");
  });

  it("is absent in the epoch of the last report", () => {
    const found = standing({ last: { epoch: 99, status: "Absent" } }, "live");
    expect(found).to.have.property("standing", "absent");
    expect(found.sentence).to.include("epoch 99");
  });

  it("forgets an absence that is long ago", () => {
    expect(standing({ last: { epoch: 90, status: "Absent" } }, "live").standing).to.equal("live");
  });

  it("tells degraded, starting, inactive and exited apart", () => {
    expect(standing({ last: { epoch: 99, status: "Degraded" } }, "live").standing).to.equal("degraded");
    expect(standing({ active: { from: 102 } }, "live").standing).to.equal("starting");
    expect(standing({ active: undefined }, "live").standing).to.equal("inactive");
    expect(standing({ active: { from: 1, until: 100 } }, "live").standing).to.equal("inactive");
    expect(standing({ exited: true, active: { from: 1, until: 100 } }).standing).to.equal("exited");
  });

  it("says whether stake or certificates keep it out", () => {
    const active = { from: 1, until: 100 };
    expect(standing({ active }).sentence).to.include("Not enough stake");
    expect(standing({ active, isBarred: true }).sentence).to.include("Barred by its certificates");
  });

  it("stays active until the end of an exit's last epoch", () => {
    expect(standing({ exited: true, active: { from: 1, until: 102 } }, "live").standing).to.equal("live");
  });

  it("does not call a node dead because no relayer answers", () => {
    expect(standing({}).standing).to.equal("unheard");
  });
});
