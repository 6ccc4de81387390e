import { SIGNED_ATTESTATION_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { statementTypes } from "@pqmesh/contracts/protocol/eip712";
import { expect } from "chai";
import { fieldOffset } from "../../../relayer/src/store/wire-fields.ts";
import { AttestingNode, BEACON, MEASUREMENT } from "../../helpers/attesting-node.ts";
import { describeWire, flipBit, IngestRig, nameOf } from "./ingest-rig.ts";

const EPOCH = 100;

describe("admission of attestations", () => {
  let rig: IngestRig;
  let node: AttestingNode;

  beforeEach(async () => {
    rig = await IngestRig.open();
    node = AttestingNode.registeredIn(rig.chain, 5);
  });

  afterEach(() => rig.close());

  it("gives a receipt that an agent can check", async () => {
    const made = node.attest(EPOCH);
    const receipt = await rig.receiptFor(made);
    expect(receipt).to.deep.include({ nodeIndex: 5, epoch: EPOCH, sequence: 1 });
    expect(rig.store.leavesOf(BigInt(EPOCH), 0)).to.deep.equal([{ nodeIndex: 5, digest: made.digest }]);
  });

  it("refuses bodies that are too short or too long", async () => {
    const { wire } = node.attest(EPOCH);
    for (const length of [0, 1, 181, 182, SIGNED_ATTESTATION_BYTES - 1]) {
      expect(nameOf(await rig.offer(wire.subarray(0, length), 5)), `${length} bytes`).to.equal("wrong-length");
    }
    const long = Buffer.concat([wire, Buffer.alloc(1)]);
    expect(nameOf(await rig.offer(long, 5)), "one byte too long").to.equal("wrong-length");
  });

  it("refuses another node's attestation", async () => {
    const other = AttestingNode.registeredIn(rig.chain, 6);
    expect(nameOf(await rig.offer(other.attest(EPOCH).wire, 5))).to.equal("wrong-node");
  });

  it("refuses a node that is not registered", async () => {
    expect(await rig.send(new AttestingNode(77, rig.chain).attest(EPOCH))).to.equal("unknown-node");
  });

  it("refuses a node outside its active range", async () => {
    rig.chain.nodes.get(5)!.intervals = [{ from: 101n, until: undefined }];
    expect(await rig.send(node.attest(EPOCH)), "before it").to.equal("node-inactive");
    rig.chain.nodes.get(5)!.intervals = [{ from: 0n, until: 100n }];
    expect(await rig.send(node.attest(EPOCH)), "after it").to.equal("node-inactive");
  });

  it("refuses epochs that have not begun", async () => {
    expect(await rig.send(node.attest(EPOCH + 1))).to.equal("wrong-epoch");
  });

  it("takes what comes a little early from a node that is ahead", async () => {
    rig.chain.goTo(EPOCH - 1, 0.799);
    expect(await rig.send(node.sign(node.statement(EPOCH))), "2.01 s before it begins").to.equal("wrong-epoch");
    rig.chain.goTo(EPOCH - 1, 0.801);
    expect(await rig.send(node.sign(node.statement(EPOCH))), "1.99 s before it begins").to.equal("receipt");
  });

  it("refuses epochs that are long over", async () => {
    expect(await rig.send(node.attest(EPOCH - 1, {})), "just over").to.equal("stored");
    rig.chain.goTo(1_000, 0.1);
    expect(await rig.send(node.attest(1_000 - 257)), "257 epochs").to.equal("epoch-closed");
    expect(await rig.send(node.attest(1_000 - 256)), "256 epochs").to.equal("stored");
  });

  it("refuses an epoch that is not after the last one", async () => {
    expect(await rig.send(node.attest(EPOCH))).to.equal("receipt");
    expect(await rig.send(node.attest(EPOCH)), "same epoch").to.equal("wrong-epoch");
  });

  it("refuses beacons that the epoch may not carry", async () => {
    expect(await rig.send(node.attest(EPOCH, { beacon: `0x${"ab".repeat(32)}` })), "unknown").to.equal("wrong-beacon");
    rig.chain.beacons.set(BEACON, { from: 0n, until: 100n });
    expect(await rig.send(node.attest(EPOCH)), "too old").to.equal("wrong-beacon");
  });

  it("refuses builds that are not approved", async () => {
    const changes = { measurement: `0x${"66".repeat(32)}` } as const;
    expect(await rig.send(node.attest(EPOCH, changes)), "unknown").to.equal("unapproved-measurement");
    rig.chain.measurements.set(MEASUREMENT, 101n);
    expect(await rig.send(node.attest(EPOCH)), "not yet approved").to.equal("unapproved-measurement");
  });

  it("refuses a signature for another chain or contract", async () => {
    const { chainId, bridge } = rig.chain;
    const statement = node.statement(EPOCH);
    const otherChain = node.sign(statement, { chainId: chainId + 1, bridge });
    const otherContract = node.sign(statement, { chainId, bridge: `0x${"cc".repeat(20)}` });
    expect(await rig.send(otherChain), "chain").to.equal("bad-signature");
    expect(await rig.send(otherContract), "contract").to.equal("bad-signature");
  });

  it("refuses the old key after a rotation", async () => {
    const rotated = new AttestingNode(5, rig.chain, "rotated");
    rig.chain.nodes.get(5)!.keys.push({ fromEpoch: 101n, keyHash: BEACON, publicKey: rotated.publicKey });
    expect(await rig.send(node.attest(EPOCH)), "old key in its last epoch").to.equal("receipt");
    rig.chain.goTo(101, 0.1);
    const statement = node.statement(101);
    expect(await rig.send(node.sign(statement)), "old key").to.equal("bad-signature");
    expect(await rig.send(rotated.sign(statement)), "new key").to.equal("receipt");
  });

  it("refuses a node whose key anyone could sign for", async () => {
    const degenerate = new Uint8Array(node.publicKey).fill(0, 32);
    rig.chain.addNode(5, degenerate);
    expect(await rig.send(node.attest(EPOCH))).to.equal("bad-signature");
  });

  for (const { name } of statementTypes.Attestation) {
    it(`refuses a flipped bit in ${name}`, async () => {
      const { wire } = node.attest(EPOCH);
      const bit = fieldOffset(name) * 8 + 3;
      const flipped = flipBit(wire, bit);
      const outcome = nameOf(await rig.offer(flipped, 5));
      expect(outcome, describeWire(flipped)).to.equal(REFUSAL_OF_FLIPPED[name] ?? "bad-signature");
      expect(rig.store.headOf(5), "nothing is stored").to.equal(undefined);
    });
  }

  it("refuses a statement that has no place in any provenance chain", async () => {
    const first = node.statement(EPOCH);
    const unsound = [
      { ...first, sequence: 0n },
      { ...first, sequence: 2n },
      { ...first, previous: BEACON },
    ];
    for (const statement of unsound) {
      expect(await rig.send(node.sign(statement)), `sequence ${statement.sequence}`).to.equal("wrong-previous");
    }
    expect(await rig.send(node.sign(first)), "the first of a chain").to.equal("receipt");
  });

  it("refuses a flipped bit anywhere in the signature", async () => {
    const { wire } = node.attest(EPOCH);
    const signatureBits = (SIGNED_ATTESTATION_BYTES - 182) * 8;
    for (let i = 0; i < 64; i++) {
      const bit = 182 * 8 + Math.floor((i * (signatureBits - 1)) / 63);
      expect(nameOf(await rig.offer(flipBit(wire, bit), 5)), `bit ${bit}`).to.equal("bad-signature");
    }
    expect(nameOf(await rig.offer(wire, 5)), "unchanged").to.equal("receipt");
  });
});

/** Fields whose change is noticed before the signature is looked at. */
const REFUSAL_OF_FLIPPED: Record<string, string> = {
  previous: "wrong-previous",
  nodeIndex: "wrong-node",
  epoch: "wrong-epoch",
  sequence: "sequence-gap",
  beacon: "wrong-beacon",
  measurement: "unapproved-measurement",
};
