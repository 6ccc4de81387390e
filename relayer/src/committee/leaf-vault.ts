import { ATTESTATION_BYTES, AttestationHasher, decodeSignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { Hex } from "viem";
import { bytesToHex } from "viem/utils";
import type { ChainView } from "../chain/chain-view.ts";
import { verifyMlDsa65Async } from "../keystore/verify-ml-dsa-65.ts";
import type { AttestationStore, FetchedLeaf, HeldLeaf } from "../store/attestation-store.ts";
import { asBuffer, wireNodeIndex } from "../store/wire-fields.ts";
import type { CommitteePeer, EpochPlace } from "./committee-peer.ts";
import { ProposalRefused } from "./proposal-refused.ts";
import { leafOfWire } from "./report-builder.ts";

/** What the vault needs of the relayer's store. */
export type LeafStore = Pick<AttestationStore, "leavesOf" | "wire" | "insertFetched">;

/** A leaf and who says it has it. */
interface Candidate extends HeldLeaf {
  peer: CommitteePeer;
}

interface FetchResult {
  peer: CommitteePeer;
  answered: boolean;
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
      const { stored, faults } = await this.#fetch(place, missing, peer, timeoutMs);
      const [fault] = faults.values();
      if (fault) throw new ProposalRefused("bad-leaf", fault);
      missing = missing.filter(({ nodeIndex }) => !stored.has(nodeIndex));
    }
    const [first] = missing;
    if (first) throw new ProposalRefused("missing-leaf", `nobody gave leaf ${first.digest} of node ${first.nodeIndex}`);
  }

  /**
   * Brings together the leaves of all members: own ones, then for each other node the first one that verifies.
   *
   * @param lists What each peer says it holds.
   */
  async union(
    place: EpochPlace,
    lists: readonly { peer: CommitteePeer; leaves: readonly HeldLeaf[] }[],
    timeoutMs: number,
  ): Promise<HeldLeaf[]> {
    const own = new Set(this.held(place).map(({ nodeIndex }) => nodeIndex));
    const wanted = new Set(this.activeNodes(place).filter((nodeIndex) => !own.has(nodeIndex)));
    const candidates = lists.flatMap(({ peer, leaves }) => leaves.map((leaf): Candidate => ({ ...leaf, peer })));
    let queue = candidates.filter(({ nodeIndex }) => wanted.has(nodeIndex));
    while (queue.length > 0) {
      const firsts = [...new Map(queue.toReversed().map((leaf) => [leaf.nodeIndex, leaf])).values()];
      const byPeer = Map.groupBy(firsts, ({ peer }) => peer);
      const fetches = [...byPeer].map(([peer, leaves]) => this.#fetch(place, leaves, peer, timeoutMs));
      const results = await Promise.all(fetches);
      const stored = new Set(results.flatMap((result) => [...result.stored]));
      const silent = new Set(results.filter(({ answered }) => !answered).map(({ peer }) => peer));
      const tried = new Set(firsts);
      queue = queue.filter((leaf) => !tried.has(leaf) && !stored.has(leaf.nodeIndex) && !silent.has(leaf.peer));
    }
    return this.held(place);
  }

  /** Fetches leaves from one peer and stores those that verify; a peer that gives nothing is no fault of a leaf. */
  async #fetch(
    place: EpochPlace,
    leaves: readonly HeldLeaf[],
    peer: CommitteePeer,
    timeoutMs: number,
  ): Promise<FetchResult> {
    const nodeIndices = leaves.map(({ nodeIndex }) => nodeIndex);
    const wires = await peer.fetchLeaves(place, nodeIndices, timeoutMs).catch(() => undefined);
    const byNode = new Map(wires?.map((wire) => [wireNodeIndex(asBuffer(wire)), wire]));
    const faults = new Map<number, string>();
    const sound: (FetchedLeaf & { nodeIndex: number })[] = [];
    for (const { nodeIndex, digest } of leaves) {
      const wire = byNode.get(nodeIndex);
      if (!wire || bytesToHex(this.#hasher.digest(wire)) !== digest) continue;
      const fault = await this.#faultOf(place, wire, digest);
      if (fault) faults.set(nodeIndex, `leaf ${digest} of node ${nodeIndex}: ${fault}`);
      else sound.push({ nodeIndex, digest, wire });
    }
    await this.#store.insertFetched(sound, Math.floor(this.#chain.nowMs()));
    return { peer, answered: wires !== undefined, stored: new Set(sound.map(({ nodeIndex }) => nodeIndex)), faults };
  }

  /** Why an attestation is no valid leaf of an epoch: everything the chain decides, nothing about when it came. */
  async #faultOf({ epoch, shard }: EpochPlace, wire: Uint8Array, digest: Hex): Promise<string | undefined> {
    const { attestation } = decodeSignedAttestation(wire);
    const { nodeIndex, measurement, beacon } = attestation;
    if (attestation.epoch !== epoch) return `it is for epoch ${attestation.epoch}`;
    if (shardOf(nodeIndex) !== shard) return `it is of shard ${shardOf(nodeIndex)}`;
    if (!this.#chain.isActive(nodeIndex, epoch)) return `the node is not active in epoch ${epoch}`;
    if (!this.#chain.isBeaconValid(shard, epoch, beacon)) return `beacon ${beacon} is not valid in epoch ${epoch}`;
    if (!this.#chain.isMeasurementApproved(measurement, epoch)) return `build ${measurement} is not approved`;
    const key = this.#chain.keyAt(nodeIndex, epoch);
    if (!key) return `the node has no key in epoch ${epoch}`;
    const signature = wire.subarray(ATTESTATION_BYTES);
    const isSigned = await verifyMlDsa65Async(key, Buffer.from(digest.slice(2), "hex"), signature);
    return isSigned ? undefined : "its signature does not verify";
  }

  #wireOf(epoch: bigint, nodeIndex: number, digest: Hex): Uint8Array | undefined {
    const wire = this.#store.wire(epoch, nodeIndex);
    return wire && bytesToHex(this.#hasher.digest(wire)) === digest ? wire : undefined;
  }
}
