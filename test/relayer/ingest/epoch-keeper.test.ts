import { expect } from "chai";
import { EpochKeeper } from "../../../relayer/src/ingest/epoch-keeper.ts";
import { HeartbeatBook } from "../../../relayer/src/ingest/heartbeat-book.ts";
import { AttestingNode } from "../../helpers/attesting-node.ts";
import { groupOf } from "../store/stored-attestations.ts";
import { IngestRig } from "./ingest-rig.ts";

const EPOCH = 100;
const HEARTBEAT = { counter: 1, agentMicros: 0n, cpuLoadBp: 0, memoryUsedBp: 0, storageUsedBp: 0 };

describe("turn of epochs", () => {
  let rig: IngestRig;
  let book: HeartbeatBook;
  let keeper: EpochKeeper;

  beforeEach(async () => {
    rig = await IngestRig.open();
    book = new HeartbeatBook(rig.chain, 15_000);
    keeper = new EpochKeeper({
      chain: rig.chain,
      store: rig.store,
      heartbeats: book,
      retentionEpochs: 10,
      log: rig.log,
    });
  });

  afterEach(async () => {
    await keeper.stop();
    await rig.close();
  });

  async function turnTo(epoch: number): Promise<void> {
    rig.chain.goTo(epoch, 0.1);
    keeper.look();
    await keeper.settled();
  }

  it("stores the heartbeats of the epoch that ended", async () => {
    book.record(3, 1_000, HEARTBEAT);
    keeper.look();
    await keeper.settled();
    expect(rig.store.heartbeatsOf(BigInt(EPOCH), 0), "while it runs").to.deep.equal([]);
    await turnTo(EPOCH + 1);
    expect(rig.store.heartbeatsOf(BigInt(EPOCH), 0)).to.have.length(1);
    expect(rig.store.heartbeatsOf(BigInt(EPOCH), 0)[0]).to.deep.include({ nodeIndex: 3, received: 1 });
  });

  it("stores those of the running epoch when it stops", async () => {
    book.record(3, 1_000, HEARTBEAT);
    await keeper.stop();
    expect(rig.store.heartbeatsOf(BigInt(EPOCH), 0)).to.have.length(1);
  });

  it("forgets attestations beyond the retention", async () => {
    const node = new AttestingNode(1, rig.chain);
    for (const epoch of [EPOCH - 1, EPOCH, EPOCH + 1]) await rig.store.append([groupOf("leaf", [node.attest(epoch)])]);
    await turnTo(EPOCH + 10);
    expect(rig.store.held(BigInt(EPOCH - 1), 1), "eleven epochs old").to.deep.equal([]);
    expect(rig.store.held(BigInt(EPOCH), 1), "ten epochs old").to.have.length(1);
    await turnTo(EPOCH + 11);
    expect(rig.store.held(BigInt(EPOCH), 1), "then eleven").to.deep.equal([]);
    expect(rig.store.held(BigInt(EPOCH + 1), 1), "the head stays").to.have.length(1);
  });
});
