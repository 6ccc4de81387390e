import { ATTESTATION_BYTES, AttestationHasher, decodeSignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { Hex } from "viem";
import { bytesToHex } from "viem/utils";
import type { ChainView } from "../chain/chain-view.ts";
import { flawOf } from "../chain/leaf-flaw.ts";
import { verifyMlDsa65Async } from "../keystore/verify-ml-dsa-65.ts";
import type { AttestationStore, FetchedLeaf, HeldLeaf } from "../store/attestation-store.ts";
import { asBuffer, wireNodeIndex } from "../store/wire-fields.ts";
import type { CommitteePeer, EpochPlace } from "./committee-peer.ts";
import { checkPeerList } from "./peer-list.ts";
import { ProposalRefused } from "./proposal-refused.ts";
import { leafOfWire } from "./report-builder.ts";

/** What the vault needs of the relayer's store. */
export type LeafStore = Pick<AttestationStore, "leavesOf" | "wire" | "insertFetched">;

/** Peers that are asked for leaves at once; each answer has up to 1.8 MB. */
const PARALLEL_PEERS = 16;
/** Share of the time for a union that one peer may take while others wait for their turn. */
const PEER_SHARE = 0.5;

interface FetchSource {
  peer: CommitteePeer;
  timeoutMs: number;
  /** Monotonic time after which no more leaves are verified. */
  deadline?: number;
  /** Nodes whose leaf is still lacking; a node leaves it with its first sound leaf. */
  wanted?: Set<number>;
}

interface FetchResult {
  /** Nodes whose leaf is held now. */
  stored: Set<number>;
  /** What is wrong with the leaf of a node. */
  faults: Map<number, string>;
}

/** The leaves of a relayer, and how it gets, verifies and stores those it lacks. */
export class LeafVault {
  readonly #chain: ChainView;
  readonly #store: LeafStore;
  readonly #hasher: AttestationHasher;

  constructor(chain: ChainView, store: LeafStore) {
    this.#chain = chain;
    this.#store = store;
    this.#hasher = new AttestationHasher({ chainId: chain.chainId, bridge: chain.bridge });
  }

  /** Nodes of a shard that are active in an epoch. */
  activeNodes({ epoch, shard }: EpochPlace): number[] {
    return this.#chain.nodesOfShard(shard).filter((nodeIndex) => this.#chain.isActive(nodeIndex, epoch));
  }

  /** Leaves held of active nodes. */
  held({ epoch, shard }: EpochPlace): HeldLeaf[] {
    const leaves = this.#store.leavesOf(epoch, shard);
    return leaves.filter(({ nodeIndex }) => this.#chain.isActive(nodeIndex, epoch));
  }

  /** Wire forms of held leaves; those not held are left out. */
  wires({ epoch }: EpochPlace, nodeIndices: readonly number[]): Uint8Array[] {
    return nodeIndices.map((nodeIndex) => this.#store.wire(epoch, nodeIndex)).filter((wire) => wire !== undefined);
  }

  /** Tree leaves by node. @throws ProposalRefused `missing-leaf` when one is not held with this digest. */
  treeLeaves({ epoch }: EpochPlace, leaves: readonly HeldLeaf[]): Map<number, Hex> {
    return new Map(
      leaves.map(({ nodeIndex, digest }) => {
        const wire = this.#wireOf(epoch, nodeIndex, digest);
        if (!wire) throw new ProposalRefused("missing-leaf", `leaf ${digest} of node ${nodeIndex} is not held`);
        return [nodeIndex, leafOfWire(nodeIndex, digest, wire)];
      }),
    );
  }

  /**
   * Makes sure that leaves are held: fetches those that are not from the first peer that has them, verifies and
   * durably stores them.
   *
   * @throws ProposalRefused `bad-leaf` for one that does not verify, `missing-leaf` for one that nobody gave.
   */
  async obtain(
    place: EpochPlace,
    leaves: readonly HeldLeaf[],
    sources: readonly CommitteePeer[],
    timeoutMs: number,
  ): Promise<void> {
    let missing = leaves.filter(({ nodeIndex, digest }) => !this.#wireOf(place.epoch, nodeIndex, digest));
    for (const peer of sources) {
      if (missing.length === 0) return;
      const { stored, faults } = await this.#fetch(place, missing, { peer, timeoutMs });
      const [fault] = faults.values();
      if (fault) throw new ProposalRefused("bad-leaf", fault);
      missing = missing.filter(({ nodeIndex }) => !stored.has(nodeIndex));
    }
    const [first] = missing;
    if (first) throw new ProposalRefused("missing-leaf", `nobody gave leaf ${first.digest} of node ${first.nodeIndex}`);
  }

  /**
   * Brings together the leaves of all members: own ones, then for each other node the first one that verifies. Each peer
   * is asked once, for all it lists that is still lacking, several at a time, so that one that stalls or lists what it
   * does not have takes nothing from the others.
   *
   * @param lists What each peer says it holds; a list with a node twice, of another shard or not active is not used.
   * @param timeoutMs When the leaves that are there by then must do.
   */
  async union(
    place: EpochPlace,
    lists: readonly { peer: CommitteePeer; leaves: readonly HeldLeaf[] }[],
    timeoutMs: number,
  ): Promise<HeldLeaf[]> {
    const activeNodes = this.activeNodes(place);
    const own = new Set(this.held(place).map(({ nodeIndex }) => nodeIndex));
    const wanted = new Set(activeNodes.filter((nodeIndex) => !own.has(nodeIndex)));
    const deadline = performance.now() + timeoutMs;
    const queue = lists.filter(({ leaves }) => isSoundList(leaves, place, activeNodes));
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next && wanted.size > 0; next = queue.shift()) {
        const { peer } = next;
        const leaves = next.leaves.filter(({ nodeIndex }) => wanted.has(nodeIndex));
        const leftMs = deadline - performance.now();
        if (leftMs <= 0) return;
        const patienceMs = queue.length === 0 ? leftMs : Math.min(leftMs, timeoutMs * PEER_SHARE);
        if (leaves.length > 0) await this.#fetch(place, leaves, { peer, timeoutMs: patienceMs, deadline, wanted });
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL_PEERS, queue.length) }, work));
    return this.held(place);
  }

  /** Fetches leaves from one peer and stores those that verify; a peer that gives nothing is no fault of a leaf. */
  async #fetch(place: EpochPlace, leaves: readonly HeldLeaf[], source: FetchSource): Promise<FetchResult> {
    const { peer, timeoutMs, deadline = Infinity, wanted } = source;
    const nodeIndices = leaves.map(({ nodeIndex }) => nodeIndex);
    const wires = await peer.fetchLeaves(place, nodeIndices, timeoutMs).catch(() => undefined);
    const byNode = new Map(wires?.map((wire) => [wireNodeIndex(asBuffer(wire)), wire]));
    const faults = new Map<number, string>();
    const sound: (FetchedLeaf & { nodeIndex: number })[] = [];
    for (const { nodeIndex, digest } of leaves) {
      const wire = byNode.get(nodeIndex);
      if (!wire || bytesToHex(this.#hasher.digest(wire)) !== digest || wanted?.has(nodeIndex) === false) continue;
      if (performance.now() >= deadline) break;
      const unfit = this.#faultOf(place, wire);
      const fault =
        unfit ?? ((await this.#isSigned(place, wire, digest)) ? undefined : "its signature does not verify");
      if (fault) faults.set(nodeIndex, `leaf ${digest} of node ${nodeIndex}: ${fault}`);
      else if (wanted?.delete(nodeIndex) !== false) sound.push({ nodeIndex, digest, wire });
      if (fault && !unfit) break;
    }
    await this.#store.insertFetched(sound, Math.floor(this.#chain.nowMs()));
    return { stored: new Set(sound.map(({ nodeIndex }) => nodeIndex)), faults };
  }

  /** Why an attestation is no valid leaf of an epoch: what the chain decides, nothing about when it came. */
  #faultOf({ epoch, shard }: EpochPlace, wire: Uint8Array): string | undefined {
    const { attestation } = decodeSignedAttestation(wire);
    const { nodeIndex } = attestation;
    if (shardOf(nodeIndex) !== shard) return `it is of shard ${shardOf(nodeIndex)}`;
    return flawOf(this.#chain, { nodeIndex, epoch }, attestation)?.sentence;
  }

  async #isSigned({ epoch }: EpochPlace, wire: Uint8Array, digest: Hex): Promise<boolean> {
    const key = this.#chain.keyAt(wireNodeIndex(asBuffer(wire)), epoch);
    if (!key) return false;
    return verifyMlDsa65Async(key, Buffer.from(digest.slice(2), "hex"), wire.subarray(ATTESTATION_BYTES));
  }

  #wireOf(epoch: bigint, nodeIndex: number, digest: Hex): Uint8Array | undefined {
    const wire = this.#store.wire(epoch, nodeIndex);
    return wire && bytesToHex(this.#hasher.digest(wire)) === digest ? wire : undefined;
  }
}

function isSoundList(leaves: readonly HeldLeaf[], place: EpochPlace, activeNodes: readonly number[]): boolean {
  try {
    checkPeerList(leaves, place, activeNodes);
    return true;
  } catch {
    return false;
  }
}
