import { expect } from "chai";
import { zeroHash } from "viem";
import { parseAttestationClaim } from "@pqmesh/contracts/protocol/attestation-claim";
import { AttestingNode } from "../helpers/attesting-node.ts";

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

describe("parseAttestationClaim", () => {
  it("reads decimal text into the very statement that was signed", () => {
    const claim = parseAttestationClaim(answer());
    expect(claim.attestation).to.deep.equal(attestation);
    expect(claim.signers).to.equal(15n);
    expect(claim.report).to.include({ epoch: 5n, round: 1, beaconBlock: 90n });
    expect(claim).to.not.have.property("publicKey");
  });

  it("says that an epoch is not reported yet", () => {
    for (const missing of [{ report: null }, { proof: null }]) {
      expect(() => parseAttestationClaim(answer(missing))).to.throw("has not reported this epoch yet");
    }
  });

  it("names a field that is missing, and refuses malformed numbers", () => {
    expect(() => parseAttestationClaim(answer({ signature: undefined }))).to.throw("no signature");
    expect(() => parseAttestationClaim(answer({ signers: "many" }))).to.throw("malformed");
    expect(() => parseAttestationClaim(answer({ attestation: { ...attestation, cpuLoadBp: "high" } }))).to.throw(
      "malformed",
    );
    expect(() => parseAttestationClaim(null)).to.throw("no attestation");
  });

  it("names the field that is malformed", () => {
    const report = { ...REPORT, absent: "0x", degraded: "0x", quality: "0x" };
    const wrong: [object, string][] = [
      [{ signers: "-1" }, "signers is malformed"],
      [{ signature: "0x123" }, "signature is malformed"],
      [{ proof: [zeroHash, 7] }, "proof is malformed"],
      [{ proof: Array.from({ length: 10 }, () => zeroHash) }, "proof is malformed: it has more than 9 items"],
      [{ publicKey: "key" }, "publicKey is malformed"],
      [{ report: { ...report, root: undefined } }, "report.root is malformed"],
      [{ report: { ...report, shard: 1.5 } }, "report.shard is malformed"],
      [{ attestation: { ...attestation, nodeIndex: `${2n ** 60n}` } }, "attestation.nodeIndex is malformed"],
      [{ attestation: { ...attestation, epoch: "" } }, "attestation.epoch is malformed"],
    ];
    for (const [changes, sentence] of wrong) {
      expect(() => parseAttestationClaim(answer(changes)), sentence).to.throw(sentence);
    }
  });
});
