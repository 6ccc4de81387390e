import { expect } from "chai";
import { judgeOpening, type ProviderState } from "../../../relayer/src/delivery/judge-opening.ts";
import type { LeaseTerms } from "../../../relayer/src/delivery/lease-reads.ts";

const MEMORY = 2;
const share = (bp: bigint): bigint => bp << 32n;

const LEASE = { version: 3, acceptBy: 20n };
const TERMS: LeaseTerms = {
  ...{ newestVersion: 3, isRetired: false, isMetered: false, kind: MEMORY },
  capacity: { offered: share(4_000n), attested: share(4_000n) },
  bond: { needed: 100n, free: 100n },
};
const STATE: ProviderState = {
  ...{ epoch: 20n, isNodeActive: true, shares: share(4_000n), acceptMetered: false, deliveryKey: "known" },
  bytes: { wanted: 10, free: 10 },
};

describe("judgeOpening", () => {
  const judge = (terms: Partial<LeaseTerms> = {}, state: Partial<ProviderState> = {}) =>
    judgeOpening(LEASE, { ...TERMS, ...terms }, { ...STATE, ...state });

  it("accepts at the very bounds of what is offered", () => {
    expect(judge()).to.deep.equal({ action: "accept" });
  });

  const declined: [string, Partial<LeaseTerms>, Partial<ProviderState>][] = [
    ["the listing is retired", { isRetired: true }, {}],
    ["version 3 of the listing is not on offer any more, version 4 is", { newestVersion: 4 }, {}],
    ["metered leases are not accepted (leases.acceptMetered)", { isMetered: true }, {}],
    ["it needs 11 bytes, 10 of leases.maxBytes are free", {}, { bytes: { wanted: 11, free: 10 } }],
    ["the client's delivery key is no ML-KEM-768 encapsulation key", {}, { deliveryKey: "malformed" }],
  ];
  for (const [reason, terms, state] of declined) {
    it(`declines: ${reason}`, () => {
      expect(judge(terms, state)).to.deep.equal({ action: "decline", reason });
    });
  }

  const offered = { capacity: { offered: share(4_001n), attested: share(4_000n) } };
  const waiting: [string, Partial<LeaseTerms>, Partial<ProviderState>][] = [
    ["the time to accept passed with epoch 20", { isRetired: true }, { epoch: 21n }],
    ["listings offer 4001 bp of the resource, the agent attests 4000 bp", offered, {}],
    ["listings offer 4001 bp of the resource, the chain was shown 4000 bp", offered, { shares: share(9_000n) }],
    ["the node is not active", {}, { isNodeActive: false }],
    ["the operator's free bond is 99, the lease locks 100", { bond: { needed: 100n, free: 99n } }, {}],
    ["the client's delivery key is not on the chain", {}, { deliveryKey: "missing" }],
  ];
  for (const [reason, terms, state] of waiting) {
    it(`waits: ${reason}`, () => {
      expect(judge(terms, state)).to.deep.equal({ action: "wait", reason });
    });
  }

  it("accepts metered leases when it is told to", () => {
    expect(judge({ isMetered: true }, { acceptMetered: true })).to.deep.equal({ action: "accept" });
  });
});
