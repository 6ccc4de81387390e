import { expect } from "chai";
import { type Hex, zeroHash } from "viem";
import { AttestingNode, type MadeAttestation } from "../../helpers/attesting-node.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { IngestRig, nameOf, RecordingSource, rootOf } from "./ingest-rig.ts";

const EPOCH = 100;

describe("provenance chain at the relayer", () => {
  let rig: IngestRig;
  let node: AttestingNode;

  beforeEach(async () => {
    rig = await IngestRig.open();
    node = AttestingNode.registeredIn(rig.chain, 5);
  });

  afterEach(() => rig.close());

  it("takes any first attestation of a node", async () => {
    expect(await rig.send(node.attest(EPOCH, { sequence: 41n, previous: `0x${"12".repeat(32)}` }))).to.equal("receipt");
    rig.chain.goTo(EPOCH + 1, 0.1);
    expect(await rig.send(node.attest(EPOCH + 1)), "the next one").to.equal("receipt");
    expect(rig.store.headOf(5)?.sequence).to.equal(42);
  });

  it("answers a gap with the sequence it expects", async () => {
    const [first, second, third] = chainOf(node, EPOCH - 2, 3);
    await rig.send(first);
    const outcome = await rig.offer(third.wire, 5);
    expect(outcome.kind === "refused" && outcome.refusal).to.deep.include({
      code: "sequence-gap",
      expectedSequence: 2,
    });
    expect(await rig.send(second), "the missing one is history").to.equal("stored");
    expect(await rig.send(third), "then the newest counts").to.equal("receipt");
  });

  it("refuses a wrong previous digest", async () => {
    await rig.send(node.attest(EPOCH - 1));
    const previous: Hex = `0x${"99".repeat(32)}`;
    expect(await rig.send(node.sign({ ...node.statement(EPOCH), previous })), "another digest").to.equal(
      "wrong-previous",
    );
    expect(await rig.send(node.sign({ ...node.statement(EPOCH), previous: zeroHash })), "none").to.equal(
      "wrong-previous",
    );
    expect(await rig.send(node.attest(EPOCH)), "the right one").to.equal("receipt");
  });

  it("refuses replayed sequences", async () => {
    const [first, second] = chainOf(node, EPOCH - 1, 2);
    await rig.send(first);
    await rig.send(second);
    const other = node.sign({ ...first.attestation, epoch: BigInt(EPOCH - 3), work: 9n });
    const outcome = await rig.offer(other.wire, 5);
    expect(outcome.kind === "refused" && outcome.refusal).to.deep.include({
      code: "replayed-sequence",
      expectedSequence: 3,
    });
  });

  it("logs and refuses a fork of the newest sequence", async () => {
    const held = node.sign(node.statement(EPOCH));
    const rival = node.sign({ ...node.statement(EPOCH), work: 1n });
    expect(await rig.send(held)).to.equal("receipt");
    expect(await rig.send(rival)).to.equal("forked-sequence");
    const line = rig.logLines.find(({ msg }) => String(msg).startsWith("fork"));
    expect(line).to.deep.include({ nodeIndex: 5, sequence: 1, held: held.digest, offered: rival.digest });
    expect(rig.store.held(BigInt(EPOCH), 5)).to.have.length(1);
  });

  it("hands over every pair that excludes each other", async () => {
    const [first, second] = chainOf(node, EPOCH - 1, 2);
    await rig.send(first);
    await rig.send(second);
    const older = node.sign({ ...first.attestation, work: 1n });
    const newest = node.sign({ ...second.attestation, work: 2n });
    const sameEpoch = node.sign({ ...node.statement(EPOCH), work: 3n });
    for (const rival of [older, newest, sameEpoch, first, second]) await rig.send(rival);
    const pairs = rig.forks.map((pair) => pair.map((wire) => Buffer.from(wire).toString("hex").slice(0, 1_000)));
    const hexOf = ({ wire }: MadeAttestation) => wire.toString("hex").slice(0, 1_000);
    expect(pairs).to.deep.equal([
      [hexOf(first), hexOf(older)],
      [hexOf(second), hexOf(newest)],
      [hexOf(second), hexOf(sameEpoch)],
    ]);
    expect(rig.store.headOf(5)?.digest.equals(Buffer.from(second.digest.slice(2), "hex")), "head").to.equal(true);
  });

  it("logs no fork that the node did not sign", async () => {
    const held = node.sign(node.statement(EPOCH));
    await rig.send(held);
    const forged = new AttestingNode(5, rig.chain, "somebody else").sign({ ...node.statement(EPOCH), work: 1n });
    expect(await rig.send(forged)).to.equal("bad-signature");
    expect(rig.logLines.filter(({ msg }) => String(msg).startsWith("fork"))).to.have.length(0);
    expect(rig.forks, "handed over").to.have.length(0);
  });

  it("acknowledges the same attestation again with the same receipt", async () => {
    const made = node.attest(EPOCH);
    const first = await rig.receiptFor(made);
    const second = await rig.receiptFor(made);
    expect(rootOf(second)).to.equal(rootOf(first));
    await rig.restart();
    expect(rootOf(await rig.receiptFor(made)), "after a restart").to.equal(rootOf(first));
    expect(rig.store.held(BigInt(EPOCH), 5), "stored once").to.have.length(1);
  });

  it("acknowledges one that is sent twice at once", async () => {
    const made = node.attest(EPOCH);
    const sources = [new RecordingSource(5), new RecordingSource(5)];
    for (const source of sources) rig.ingest.offer(source, made.wire);
    await waitUntil("both have an outcome", () => sources.every(({ outcomes }) => outcomes.length > 0));
    expect(sources.map(({ outcomes }) => nameOf(outcomes[0]!))).to.deep.equal(["receipt", "receipt"]);
    expect(rig.store.held(BigInt(EPOCH), 5)).to.have.length(1);
  });

  it("checks attestations that come together one after the other", async () => {
    const made = chainOf(node, EPOCH - 40, 41);
    const source = new RecordingSource(5);
    for (const { wire } of made) rig.ingest.offer(source, wire);
    await waitUntil("all have an outcome", () => source.outcomes.length === made.length);
    expect(new Set(source.outcomes.slice(0, 40).map(nameOf)), "history").to.deep.equal(new Set(["stored"]));
    expect(nameOf(source.outcomes[40]!), "the newest").to.equal("receipt");
    expect(source.holds, "the sender was slowed down").to.deep.equal([true, false]);
    expect(rig.store.headOf(5)?.sequence).to.equal(41);
  });

  it("lets a node go on after its head is forgotten", async () => {
    await rig.send(node.attest(EPOCH));
    rig.chain.goTo(1_000, 0.1);
    expect(
      await rig.send(node.sign({ ...node.statement(1_000), sequence: 1n, previous: zeroHash })),
      "never back",
    ).to.equal("forked-sequence");
    const [, , later] = chainOf(node, 998, 3);
    expect(await rig.send(later), "on from any newer sequence").to.equal("receipt");
  });

  it("raises the head by leaves that were fetched from peers", async () => {
    const [first, second, third] = chainOf(node, EPOCH - 2, 3);
    await rig.send(first);
    await rig.store.insertFetched([second], 1);
    expect(await rig.send(third)).to.equal("receipt");
  });
});

describe("epochs at the relayer", () => {
  let rig: IngestRig;
  let node: AttestingNode;

  beforeEach(async () => {
    rig = await IngestRig.open();
    node = AttestingNode.registeredIn(rig.chain, 5);
  });

  afterEach(() => rig.close());

  it("takes leaves until 95 % of the epoch", async () => {
    rig.chain.goTo(EPOCH, 0.9499);
    expect(await rig.send(node.attest(EPOCH)), "before").to.equal("receipt");
    rig.chain.goTo(EPOCH + 1, 0.9501);
    expect(await rig.send(node.attest(EPOCH + 1)), "after").to.equal("stored");
    expect(rig.store.leavesOf(BigInt(EPOCH + 1), 0), "no leaf").to.deep.equal([]);
    expect(rig.store.headOf(5)?.sequence, "but part of the chain").to.equal(2);
  });

  it("waits a little for a beacon that the node knows first", async () => {
    await rig.close();
    rig = await IngestRig.open({ limits: { viewLagMs: 5_000 } });
    node = AttestingNode.registeredIn(rig.chain, 5);
    const beacon: Hex = `0x${"ab".repeat(32)}`;
    const source = new RecordingSource(5);
    rig.ingest.offer(source, node.attest(EPOCH, { beacon }).wire);
    let turns = 0;
    await waitUntil("some time passes", () => ++turns >= 5);
    expect(source.outcomes, "nothing is decided yet").to.deep.equal([]);
    rig.chain.beacons.set(beacon, { from: 100n, until: undefined });
    await waitUntil("the attestation has an outcome", () => source.outcomes.length > 0);
    expect(nameOf(source.outcomes[0]!)).to.equal("receipt");
  });

  it("gives no receipt once the epoch is over", async () => {
    rig.chain.goTo(EPOCH, 0.94);
    const made = node.attest(EPOCH);
    const source = new RecordingSource(5);
    rig.ingest.offer(source, made.wire);
    rig.chain.goTo(EPOCH + 1, 0);
    await waitUntil("the attestation has an outcome", () => source.outcomes.length > 0);
    expect(nameOf(source.outcomes[0]!), "stored too late").to.equal("stored");
    expect(await rig.send(made), "asked again").to.equal("stored");
  });
});

function chainOf(
  node: AttestingNode,
  firstEpoch: number,
  length: number,
): [MadeAttestation, MadeAttestation, MadeAttestation] & MadeAttestation[] {
  return Array.from({ length }, (_, i) => node.attest(firstEpoch + i)) as [
    MadeAttestation,
    MadeAttestation,
    MadeAttestation,
  ];
}
