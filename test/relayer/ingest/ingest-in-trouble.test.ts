import { expect } from "chai";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import { AttestingNode } from "../../helpers/attesting-node.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { IngestRig, nameOf, RecordingSource } from "./ingest-rig.ts";

const EPOCH = 100;

describe("ingest in trouble", () => {
  let rig: IngestRig;

  afterEach(() => rig.close());

  it("refuses when the disk is full and goes on after pruning", async () => {
    rig = await IngestRig.open({ maxBytes: 30 * 4_096 });
    const node = AttestingNode.registeredIn(rig.chain, 5);
    let epoch = EPOCH;
    let outcome = "receipt";
    let lost = node.attest(epoch);
    for (; outcome === "receipt" && epoch < EPOCH + 50; epoch++) {
      rig.chain.goTo(epoch, 0.1);
      if (epoch > EPOCH) lost = node.attest(epoch);
      outcome = await rig.send(lost);
    }
    expect(outcome).to.equal("storage-unavailable");
    expect(rig.health.reasons.join(), "health").to.match(/attestation store: takes no attestations: .*full/);
    expect(rig.store.headOf(5)?.sequence, "head of what is stored").to.equal(Number(lost.attestation.sequence) - 1);
    await rig.store.prune(BigInt(epoch - 1), 1_000);
    expect(await rig.send(lost), "the same one again").to.equal("receipt");
    expect(rig.health.reasons, "healthy again").to.deep.equal([]);
  });

  it("refuses while the database is locked and goes on after it", async () => {
    rig = await IngestRig.open({ lockTimeoutMs: 50 });
    const node = AttestingNode.registeredIn(rig.chain, 5);
    const locker = openDatabase(rig.directory.file("attestations.db"), []);
    locker.exec("BEGIN IMMEDIATE");
    const made = node.attest(EPOCH);
    expect(await rig.send(made), "while locked").to.equal("storage-unavailable");
    expect(await rig.send(made), "still locked").to.equal("storage-unavailable");
    locker.exec("ROLLBACK");
    locker.close();
    expect(await rig.send(made), "after the lock").to.equal("receipt");
  });

  it("tells a failure of its own apart from one of the store", async () => {
    rig = await IngestRig.open({});
    const node = AttestingNode.registeredIn(rig.chain, 5);
    rig.chain.keyAt = () => {
      throw new Error("no view of the chain");
    };
    expect(await rig.send(node.attest(EPOCH))).to.equal("internal-error");
  });

  it("stores nothing that follows what was not stored", async () => {
    rig = await IngestRig.open({ lockTimeoutMs: 50, limits: { maxBatch: 1 } });
    const node = AttestingNode.registeredIn(rig.chain, 5);
    const made = [EPOCH - 2, EPOCH - 1, EPOCH].map((epoch) => node.attest(epoch));
    const locker = openDatabase(rig.directory.file("attestations.db"), []);
    locker.exec("BEGIN IMMEDIATE");
    const source = new RecordingSource(5);
    for (const { wire } of made) rig.ingest.offer(source, wire);
    await waitUntil("the first is refused", () => source.outcomes.length > 0);
    locker.exec("ROLLBACK");
    locker.close();
    await waitUntil("all have an outcome", () => source.outcomes.length === 3);
    expect(source.outcomes.map(nameOf)).to.deep.equal(Array(3).fill("storage-unavailable"));
    expect(rig.store.headOf(5), "nothing is held").to.equal(undefined);
    for (const { wire } of made) rig.ingest.offer(source, wire);
    await waitUntil("all have an outcome", () => source.outcomes.length === 6);
    expect(source.outcomes.slice(3).map(nameOf)).to.deep.equal(["stored", "stored", "receipt"]);
  });

  it("refuses as overloaded what it cannot hold", async () => {
    rig = await IngestRig.open({ limits: { maxPending: 3 } });
    const nodes = [1, 2, 3, 4, 5].map((index) => AttestingNode.registeredIn(rig.chain, index));
    const made = nodes.map((node) => node.attest(EPOCH));
    const sources = nodes.map(({ nodeIndex }) => new RecordingSource(nodeIndex));
    sources.forEach((source, i) => rig.ingest.offer(source, made[i]!.wire));
    await waitUntil("all have an outcome", () => sources.every(({ outcomes }) => outcomes.length > 0));
    const names = sources.map(({ outcomes }) => nameOf(outcomes[0]!));
    expect(names).to.deep.equal(["receipt", "receipt", "receipt", "overloaded", "overloaded"]);
    expect(await rig.send(made[4]!), "sent again").to.equal("receipt");
  });

  it("puts many nodes' attestations into few transactions", async () => {
    rig = await IngestRig.open({ limits: { commitIntervalMs: 100 } });
    const nodes = Array.from({ length: 32 }, (_, index) => AttestingNode.registeredIn(rig.chain, index));
    const receipts = await Promise.all(nodes.map((node) => rig.receiptFor(node.attest(EPOCH))));
    const roots = new Set(receipts.map(({ proof }) => ("batch" in proof ? proof.batch.tree.root : "")));
    expect(roots.size, "signed batches").to.be.within(1, 3);
  });
});
