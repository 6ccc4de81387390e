import { ReceiptTree, verifyReceiptPath } from "@pqmesh/contracts/protocol/merkle";
import { expect } from "chai";
import { hexToBytes } from "viem";
import { AttestationStore } from "../../../relayer/src/store/attestation-store.ts";
import { AttestingNode } from "../../helpers/attesting-node.ts";
import { groupOf, temporaryDirectory, type TemporaryDirectory } from "./stored-attestations.ts";

const DOMAIN = { chainId: 31_337, bridge: `0x${"b1".repeat(20)}` } as const;

describe("attestation store", () => {
  let directory: TemporaryDirectory;
  let store: AttestationStore;

  beforeEach(async () => {
    directory = temporaryDirectory();
    store = await AttestationStore.open({ file: directory.file("attestations.db") });
  });

  afterEach(async () => {
    await store.close();
    directory.remove();
  });

  async function reopen(): Promise<void> {
    await store.close();
    store = await AttestationStore.open({ file: directory.file("attestations.db") });
  }

  it("gives back what was stored, also after reopening", async () => {
    const made = new AttestingNode(3, DOMAIN).attest(7);
    await store.append([groupOf("leaf", [made])]);
    await reopen();
    expect(store.leavesOf(7n, 0), "leaves").to.deep.equal([{ nodeIndex: 3, digest: made.digest }]);
    expect(Buffer.from(store.wire(7n, 3)!).equals(made.wire), "wire").to.equal(true);
    expect(store.headOf(3), "head").to.deep.include({ sequence: 1, epoch: 7 });
    expect(Buffer.from(store.headWire(3)!).equals(made.wire), "wire of the head").to.equal(true);
  });

  it("lists leaves by shard and epoch only", async () => {
    const nodes = [511, 512, 1_023, 1_024].map((index) => new AttestingNode(index, DOMAIN));
    await store.append([
      groupOf(
        "leaf",
        nodes.map((node) => node.attest(7)),
      ),
    ]);
    await store.append([groupOf("leaf", [nodes[1]!.attest(8)])]);
    const indices = (epoch: bigint, shard: number): number[] =>
      store.leavesOf(epoch, shard).map(({ nodeIndex }) => nodeIndex);
    expect(indices(7n, 0)).to.deep.equal([511]);
    expect(indices(7n, 1)).to.deep.equal([512, 1_023]);
    expect(indices(7n, 2)).to.deep.equal([1_024]);
    expect(indices(8n, 1)).to.deep.equal([512]);
    expect(indices(9n, 1)).to.deep.equal([]);
  });

  it("keeps history out of the leaves", async () => {
    const made = new AttestingNode(3, DOMAIN).attest(7);
    await store.append([groupOf("history", [made])]);
    expect(store.leavesOf(7n, 0)).to.deep.equal([]);
    expect(store.wire(7n, 3)).to.equal(undefined);
    expect(store.held(7n, 3).map(({ digest, isLeaf }) => [digest, isLeaf])).to.deep.equal([[made.digest, false]]);
    expect(store.headOf(3)?.sequence, "history moves the head").to.equal(1);
  });

  it("stores the same attestation once", async () => {
    const made = new AttestingNode(3, DOMAIN).attest(7);
    await store.append([groupOf("leaf", [made])]);
    await store.append([groupOf("leaf", [made])]);
    await store.append([groupOf("history", [made])]);
    await store.insertFetched([made], 5);
    expect(store.held(7n, 3)).to.have.length(1);
  });

  it("makes a fetched rival the leaf and keeps both", async () => {
    const node = new AttestingNode(3, DOMAIN);
    const own = node.sign(node.statement(7));
    const rival = node.sign({ ...node.statement(7), work: 1n });
    await store.append([groupOf("leaf", [own])]);
    await store.insertFetched([rival], 5);
    expect(store.leavesOf(7n, 0)[0]?.digest, "leaf").to.equal(rival.digest);
    expect(store.held(7n, 3).map(({ digest }) => digest)).to.deep.equal([rival.digest, own.digest]);
    await store.insertFetched([own], 6);
    expect(store.leavesOf(7n, 0)[0]?.digest, "leaf after the other was fetched").to.equal(own.digest);
    expect(Buffer.from(store.wireOf(7n, 3, rival.digest)!).equals(rival.wire)).to.equal(true);
  });

  it("promotes fetched history to the leaf", async () => {
    const made = new AttestingNode(3, DOMAIN).attest(7);
    await store.append([groupOf("history", [made])]);
    await store.insertFetched([made], 5);
    expect(store.leavesOf(7n, 0)).to.deep.equal([{ nodeIndex: 3, digest: made.digest }]);
    expect(store.held(7n, 3)).to.have.length(1);
  });

  it("never lowers a head", async () => {
    const node = new AttestingNode(3, DOMAIN);
    const first = node.attest(7);
    const second = node.attest(8);
    await store.insertFetched([second], 5);
    await store.insertFetched([first], 6);
    expect(store.headOf(3)?.sequence).to.equal(2);
    await reopen();
    expect(store.headOf(3)?.sequence, "after reopening").to.equal(2);
  });

  it("knows heads after a crash, saved or not", async () => {
    const nodes = [1, 2].map((index) => new AttestingNode(index, DOMAIN));
    await store.append([groupOf("leaf", [nodes[0]!.attest(5), nodes[1]!.attest(5)])]);
    await store.saveHeads();
    await store.append([groupOf("leaf", [nodes[0]!.attest(6)])]);
    await store.append([groupOf("history", [nodes[0]!.attest(7)])]);
    await reopen();
    expect(store.headOf(1), "stored after the heads were saved").to.deep.include({ sequence: 3, epoch: 7 });
    expect(store.headOf(2), "saved").to.deep.include({ sequence: 1, epoch: 5 });
  });

  it("gives back receipts with a valid path", async () => {
    const made = [1, 2, 3].map((index) => new AttestingNode(index, DOMAIN).attest(7));
    const tree = new ReceiptTree(made.map(({ digest }) => hexToBytes(digest)));
    const receipt = { epoch: 7, root: hexToBytes(tree.root), signature: new Uint8Array(65).fill(9) };
    await store.append([{ ...groupOf("leaf", made), receipt }]);
    await reopen();
    made.forEach(({ digest }, i) => {
      const stored = store.receiptOf(7n, i + 1, digest)!;
      expect(verifyReceiptPath(tree.root, digest, stored), `path of ${i}`).to.equal(true);
      expect(stored).to.deep.include({ root: tree.root, index: i, size: 3, signature: `0x${"09".repeat(65)}` });
    });
    expect(store.receiptOf(7n, 1, made[1]!.digest), "receipt of another node").to.equal(undefined);
  });

  it("prunes old epochs but no head", async () => {
    const live = new AttestingNode(1, DOMAIN);
    const gone = new AttestingNode(2, DOMAIN);
    const last = gone.attest(5);
    await store.append([groupOf("leaf", [live.attest(5), last])]);
    await store.append([groupOf("leaf", [live.attest(6)])]);
    await store.append([groupOf("leaf", [live.attest(9)])]);
    await store.saveHeartbeats(5n, [heartbeats(1)]);
    await store.saveHeads();
    let removed = 0;
    for (let some = await store.prune(8n, 1); some > 0; some = await store.prune(8n, 1)) removed += some;
    expect(removed, "two attestations and a heartbeat row").to.equal(3);
    expect(store.held(5n, 1)).to.have.length(0);
    expect(store.held(9n, 1)).to.have.length(1);
    expect(Buffer.from(store.headWire(2)!).equals(last.wire), "head of the silent node").to.equal(true);
    expect(store.heartbeatsOf(5n, 0)).to.deep.equal([]);
  });

  it("pages through a node's attestations", async () => {
    const node = new AttestingNode(1, DOMAIN);
    for (const epoch of [3, 5, 6, 9]) await store.append([groupOf("leaf", [node.attest(epoch)])]);
    const first = store.attestationsOf(1, { beforeEpoch: 10n, limit: 3 });
    expect(first.attestations.map(({ epoch }) => epoch)).to.deep.equal([9n, 6n, 5n]);
    const second = store.attestationsOf(1, { beforeEpoch: first.nextBefore!, limit: 3 });
    expect(second.attestations.map(({ epoch }) => epoch)).to.deep.equal([3n]);
    expect(second.nextBefore).to.equal(undefined);
  });

  it("reads a page of a node by its index alone, however far apart its epochs are", async () => {
    await store.append([groupOf("leaf", [new AttestingNode(1, DOMAIN).attest(5)])]);
    await store.append([groupOf("leaf", [new AttestingNode(2, DOMAIN).attest(1_000_000)])]);
    const page = store.attestationsOf(1, { beforeEpoch: 2_000_000n, limit: 50 });
    expect(page.attestations.map(({ epoch }) => epoch)).to.deep.equal([5n]);
    expect(page.nextBefore, "nothing is left").to.equal(undefined);
  });

  it("keeps the newest heartbeat counts of an epoch", async () => {
    await store.saveHeartbeats(5n, [heartbeats(1), heartbeats(600)]);
    await store.saveHeartbeats(5n, [{ ...heartbeats(1), received: 4 }]);
    await reopen();
    expect(store.heartbeatsOf(5n, 0)).to.deep.equal([{ ...heartbeats(1), received: 4 }]);
    expect(store.heartbeatsOf(5n, 1)).to.deep.equal([heartbeats(600)]);
  });
});

function heartbeats(nodeIndex: number) {
  return {
    nodeIndex,
    received: 3,
    expected: 4,
    jitterMicros: 1_500,
    intervalMicros: 3_000_000,
    latencyMicros: 800,
    lastSeenMs: 12_345,
  };
}
