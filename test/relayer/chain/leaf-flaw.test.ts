import { expect } from "chai";
import { zeroHash } from "viem";
import { flawOf } from "../../../relayer/src/chain/leaf-flaw.ts";
import { AttestingNode, MEASUREMENT } from "../../helpers/attesting-node.ts";
import { FixedChainView } from "../../helpers/fixed-chain-view.ts";

const EPOCH = 100;
const PLACE = { nodeIndex: 5, epoch: BigInt(EPOCH) };

describe("flawOf", () => {
  let chain: FixedChainView;
  let node: AttestingNode;

  beforeEach(() => {
    chain = new FixedChainView({ epoch: EPOCH });
    node = AttestingNode.registeredIn(chain, PLACE.nodeIndex);
  });

  const flaw = (changes: Partial<ReturnType<AttestingNode["statement"]>> = {}) => {
    return flawOf(chain, PLACE, { ...node.statement(EPOCH), ...changes })?.flaw;
  };

  it("finds nothing wrong with an honest attestation", () => {
    expect(flaw()).to.equal(undefined);
    expect(flaw({ sequence: 2n, previous: `0x${"11".repeat(32)}` })).to.equal(undefined);
  });

  it("names another node", () => expect(flaw({ nodeIndex: 6 })).to.equal("node"));

  it("names another epoch", () => expect(flaw({ epoch: 99n })).to.equal("epoch"));

  it("names a beacon that was not recorded", () => {
    expect(flaw({ beacon: `0x${"01".repeat(32)}` })).to.equal("beacon");
  });

  it("names a sequence of zero", () => expect(flaw({ sequence: 0n })).to.equal("sequence"));

  it("names a first attestation that follows another", () => {
    expect(flaw({ sequence: 1n, previous: `0x${"11".repeat(32)}` })).to.equal("sequence");
  });

  it("names a later attestation that follows none", () => {
    expect(flaw({ sequence: 2n, previous: zeroHash })).to.equal("sequence");
  });

  it("names a build that is not approved", () => {
    expect(flaw({ measurement: `0x${"01".repeat(32)}` })).to.equal("measurement");
    chain.measurements.set(MEASUREMENT, BigInt(EPOCH + 1));
    expect(flaw(), "approved later").to.equal("measurement");
  });

  it("names a node that is not active", () => {
    chain.node(PLACE.nodeIndex)!.intervals = [{ from: 0n, until: BigInt(EPOCH) }];
    expect(flaw()).to.equal("inactive");
  });

  it("names a node that does not exist", () => {
    chain.nodes.clear();
    expect(flaw()).to.equal("inactive");
  });
});
