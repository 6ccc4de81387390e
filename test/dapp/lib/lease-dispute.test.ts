import { expect } from "chai";
import { disputeActions } from "../../../dapp/src/lib/lease-dispute.ts";

const NOBODY = { isClient: false, isProvider: false, isArbitrator: false };
const dispute = { client: "0x0000000000000000000000000000000000000c11", deadline: 100, bond: 1n } as const;

describe("disputeActions", () => {
  it("lets both sides offer, and the client give up", () => {
    expect(disputeActions(dispute, { ...NOBODY, isClient: true }, 100)).to.deep.equal(["offer", "withdraw"]);
    expect(disputeActions(dispute, { ...NOBODY, isProvider: true }, 100)).to.deep.equal(["offer"]);
  });

  it("lets the other side alone agree", () => {
    const offered = { ...dispute, offer: { shareBp: 5_000, isByClient: true } };
    expect(disputeActions(offered, { ...NOBODY, isProvider: true }, 50)).to.include("accept");
    expect(disputeActions(offered, { ...NOBODY, isClient: true }, 50)).not.to.include("accept");
  });

  it("lets the arbitrator alone decide", () => {
    expect(disputeActions(dispute, { ...NOBODY, isArbitrator: true }, 50)).to.deep.equal(["rule"]);
    expect(disputeActions(dispute, NOBODY, 50)).to.deep.equal([]);
  });

  it("lets anyone end it after the deadline, and nothing else", () => {
    for (const roles of [NOBODY, { isClient: true, isProvider: true, isArbitrator: true }]) {
      expect(disputeActions(dispute, roles, 101)).to.deep.equal(["expire"]);
    }
  });
});
