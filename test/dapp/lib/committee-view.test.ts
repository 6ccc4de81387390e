import { expect } from "chai";
import { committeeAddress } from "../../../dapp/src/lib/committee-address.ts";
import {
  committeeActions,
  type CommitteeRelayer,
  regionCap,
  seatsByRegion,
} from "../../../dapp/src/lib/committee-view.ts";
import { endpointProblem } from "../../../dapp/src/lib/relayer-endpoint.ts";

const OWN = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const STRANGER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const RELAYER: CommitteeRelayer = {
  ...{ address: OWN, endpoint: "https://a.example", bond: 9n, fees: 0n, region: 0, isBarred: false },
};

describe("committeeActions", () => {
  it("lets a member resign, and anyone vacate its seat after the notice", () => {
    const resigned = { ...RELAYER, seat: 2, vacatableAt: 100 };
    expect(committeeActions({ ...RELAYER, seat: 2 }, 0, OWN)).to.deep.equal(["resign"]);
    expect(committeeActions(resigned, 99, OWN)).to.deep.equal([]);
    expect(committeeActions(resigned, 100, STRANGER)).to.deep.equal(["vacateSeat"]);
  });

  it("lets a bond leave only without a seat, after the delay and out of jail", () => {
    expect(committeeActions(RELAYER, 0, OWN)).to.deep.equal(["requestBondRelease"]);
    expect(committeeActions({ ...RELAYER, releaseAt: 50 }, 49, OWN)).to.deep.equal([]);
    expect(committeeActions({ ...RELAYER, releaseAt: 50 }, 50, OWN)).to.deep.equal(["withdrawBond"]);
    expect(committeeActions({ ...RELAYER, releaseAt: 50, frozenUntil: 60 }, 50, OWN)).to.deep.equal([]);
  });

  it("offers queue and fees to the relayer itself alone", () => {
    const waiting = { ...RELAYER, fees: 3n, queue: { place: 1, joinableAt: 5 } };
    expect(committeeActions(waiting, 0, OWN)).to.deep.equal(["dismiss", "requestBondRelease", "withdrawFees"]);
    expect(committeeActions(waiting, 0, STRANGER)).to.deep.equal([]);
  });
});

describe("regions of the committee", () => {
  it("count seats alone, and cap at least at one", () => {
    const seated = [0, 7, 7].map((region, seat) => ({ ...RELAYER, region, seat }));
    expect(seatsByRegion([...seated, { ...RELAYER, region: 7 }])).to.deep.equal([
      { region: 7, seats: 2 },
      { region: 0, seats: 1 },
    ]);
    expect([regionCap(4, 3_333), regionCap(100, 3_333), regionCap(1, 1_000)]).to.deep.equal([1, 33, 1]);
  });
});

describe("endpointProblem", () => {
  it("takes URLs of at most 256 bytes", () => {
    expect(endpointProblem("https://relayer.example/v1")).to.equal(undefined);
    expect(endpointProblem("relayer.example")).to.include("https://");
    expect(endpointProblem(`https://relayer.example/${"a".repeat(240)}`)).to.include("at most 256");
  });
});

describe("committeeAddress", () => {
  it("is host and port, with that of the scheme", () => {
    expect(committeeAddress("https://127.0.0.1:9104")).to.equal("127.0.0.1:9104");
    expect(committeeAddress("https://relayer.example")).to.equal("relayer.example:443");
    expect(committeeAddress("http://relayer.example/")).to.equal("relayer.example:80");
    expect(committeeAddress("https://[::1]:9104/mesh")).to.equal("[::1]:9104/mesh");
  });

  it("leaves what is no URL of HTTP as it is", () => {
    for (const text of [
      "relayer.example",
      "wss://relayer.example/",
      "relayer.example:9120",
      "mailto:a@b.example",
      "",
    ]) {
      expect(committeeAddress(text)).to.equal(text);
    }
  });
});
