import { expect } from "chai";
import { zeroHash } from "viem";
import { parseClaim } from "../../../dapp/src/lib/relayer-client.ts";
import { AttestingNode } from "../../helpers/attesting-node.ts";

const NODE = new AttestingNode(7, { chainId: 31_337, bridge: `0x${"b1".repeat(20)}` });
const { attestation, digest } = NODE.attest(5);
const REPORT = {
  epoch: "5",
  shard: 0,
  round: 1,
  committeeVersion: 1,
  beaconBlock: "90",
  beacon: zeroHash,
  root: zeroHash,
};

/** A relayer's answer: 64-bit numbers as decimal text. */
function answer(changes: object = {}): unknown {
  const wire = Object.entries(attestation).map(([name, value]) => [
    name,
    typeof value === "bigint" ? `${value}` : value,
  ]);
  return {
    attestation: Object.fromEntries(wire),
    ...{ digest, signature: "0x01", publicKey: null, proof: [zeroHash], signers: "15" },
    report: { ...REPORT, absent: "0x", degraded: "0x", quality: "0x" },
    ...changes,
  };
}

describe("parseClaim", () => {
  it("reads decimal text into the very statement that was signed", () => {
    const claim = parseClaim(answer());
    expect(claim.attestation).to.deep.equal(attestation);
    expect(claim.signers).to.equal(15n);
    expect(claim.report).to.include({ epoch: 5n, round: 1, beaconBlock: 90n });
    expect(claim).to.not.have.property("publicKey");
  });

  it("says that an epoch is not reported yet", () => {
    for (const missing of [{ report: null }, { proof: null }]) {
      expect(() => parseClaim(answer(missing))).to.throw("has not reported this epoch yet");
    }
  });

  it("names a field that is missing, and refuses malformed numbers", () => {
    expect(() => parseClaim(answer({ signature: undefined }))).to.throw("no signature");
    expect(() => parseClaim(answer({ signers: "many" }))).to.throw("malformed");
    expect(() => parseClaim(answer({ attestation: { ...attestation, cpuLoadBp: "high" } }))).to.throw("malformed");
    expect(() => parseClaim(null)).to.throw("no attestation");
  });
});
