import { expect } from "chai";
import type { Address } from "viem";
import type { CommitteePeer } from "../../../relayer/src/committee/committee-peer.ts";
import { LeafVault } from "../../../relayer/src/committee/leaf-vault.ts";
import { leafListSchema } from "../../../relayer/src/committee/messages.ts";
import { AttestationStore, type HeldLeaf } from "../../../relayer/src/store/attestation-store.ts";
import { AttestingNode, type MadeAttestation } from "../../helpers/attesting-node.ts";
import { FixedChainView } from "../../helpers/fixed-chain-view.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../store/stored-attestations.ts";

const EPOCH = 100;
const PLACE = { epoch: BigInt(EPOCH), shard: 0 };
const NODES = [0, 1, 2];

interface Peer extends CommitteePeer {
  /** Nodes of each request for leaves. */
  readonly requests: number[][];
}

/** A peer that answers a request for leaves so. */
function peer(seat: number, answer: (nodeIndices: number[], timeoutMs: number) => Promise<Uint8Array[]>): Peer {
  const unused = () => Promise.reject(new Error("not part of this test"));
  const address: Address = `0x${String(seat).padStart(40, "0")}`;
  const requests: number[][] = [];
  return {
    ...{ address, requests, leaves: unused, heartbeats: unused, propose: unused, signedReport: unused },
    fetchLeaves(_place, nodeIndices, timeoutMs) {
      requests.push(nodeIndices);
      return answer(nodeIndices, timeoutMs);
    },
  };
}

/** Holds a request until its time is over, as a peer can that is to be waited for. */
function stall(_nodeIndices: number[], timeoutMs: number): Promise<Uint8Array[]> {
  return new Promise((_resolve, reject) => setTimeout(() => reject(new Error("timed out")), timeoutMs));
}

function listed(made: readonly MadeAttestation[]): HeldLeaf[] {
  return made.map(({ attestation: { nodeIndex }, digest }) => ({ nodeIndex, digest }));
}

describe("LeafVault.union", () => {
  let directory: TemporaryDirectory;
  let store: AttestationStore;
  let vault: LeafVault;
  let made: MadeAttestation[];

  beforeEach(async () => {
    directory = temporaryDirectory();
    store = await AttestationStore.open({ file: directory.file("attestations.db") });
    const chain = new FixedChainView({ epoch: EPOCH });
    made = NODES.map((index) => AttestingNode.registeredIn(chain, index).attest(EPOCH));
    vault = new LeafVault(chain, store);
  });

  afterEach(async () => {
    await store.close();
    directory.remove();
  });

  const honest = (seat: number) =>
    peer(seat, (nodeIndices) => Promise.resolve(nodeIndices.map((nodeIndex) => made[nodeIndex]!.wire)));

  async function nodesOfUnion(lists: { peer: CommitteePeer; leaves: HeldLeaf[] }[], timeoutMs = 1_000) {
    return (await vault.union(PLACE, lists, timeoutMs)).map(({ nodeIndex }) => nodeIndex);
  }

  it("fetches what peers list", async () => {
    const lists = [
      { peer: honest(1), leaves: listed(made.slice(0, 2)) },
      { peer: honest(2), leaves: listed(made.slice(1)) },
    ];
    expect(await nodesOfUnion(lists)).to.deep.equal(NODES);
  });

  it("does not wait for a peer that stalls before it asks the others", async () => {
    const staller = peer(1, stall);
    const lists = [
      { peer: staller, leaves: listed(made) },
      { peer: honest(2), leaves: listed(made) },
    ];
    expect(await nodesOfUnion(lists, 500)).to.deep.equal(NODES);
    expect(staller.requests.length, "requests to the peer that stalls").to.equal(1);
  });

  it("ends at its one deadline, however many peers stall", async () => {
    const lists = Array.from({ length: 40 }, (_, seat) => ({ peer: peer(seat, stall), leaves: listed(made) }));
    const start = performance.now();
    expect(await nodesOfUnion(lists, 300)).to.deep.equal([]);
    expect(performance.now() - start, "milliseconds").to.be.below(900);
  });

  it("asks a peer once that does not give what it listed", async () => {
    const liar = peer(1, () => Promise.resolve([]));
    expect(await nodesOfUnion([{ peer: liar, leaves: listed(made) }])).to.deep.equal([]);
    expect(liar.requests).to.deep.equal([NODES]);
  });

  it("asks nothing of a peer that lists a node twice, of another shard or not active", async () => {
    const [first] = listed(made);
    const foreign = [{ ...first!, nodeIndex: 512 }, { ...first!, nodeIndex: 3 }, { ...first! }];
    for (const extra of foreign) {
      const liar = honest(1);
      await nodesOfUnion([{ peer: liar, leaves: [first!, extra] }]);
      expect(liar.requests, `node ${extra.nodeIndex}`).to.deep.equal([]);
    }
  });

  it("takes a leaf from another peer when the first gives one that is not signed", async () => {
    const forged = Uint8Array.from(made[0]!.wire);
    forged[forged.length - 1]! ^= 1;
    const liar = peer(1, () => Promise.resolve([forged]));
    const lists = [
      { peer: liar, leaves: listed(made.slice(0, 1)) },
      { peer: honest(2), leaves: listed(made.slice(0, 1)) },
    ];
    expect(await nodesOfUnion(lists)).to.deep.equal([0]);
    expect(store.wire(PLACE.epoch, 0), "the leaf that is held").to.deep.equal(Uint8Array.from(made[0]!.wire));
  });
});

describe("leafListSchema", () => {
  it("refuses a node listed twice", () => {
    const digests = ["aa", "bb"].map((byte) => ({ nodeIndex: 0, digest: `0x${byte.repeat(32)}` }));
    expect(leafListSchema.safeParse({ leaves: digests.slice(1) }).success, "once").to.equal(true);
    expect(leafListSchema.safeParse({ leaves: digests }).success, "twice").to.equal(false);
  });
});
