import type { Logger } from "pino";
import type { ChainFollower } from "../chain/follow-chain.ts";
import {
  memberOffenceOf,
  type MemberFork,
  type NodeFork,
  nodeOffenceOf,
  proveMemberFork,
  proveNodeFork,
} from "./equivocation-proof.ts";
import type { ForkSource } from "./fork-source.ts";
import type { WatchCase, WatchStore } from "./watch-store.ts";

/** What {@link ForkWatch} needs. */
export interface ForkWatchOptions {
  chain: ChainFollower;
  forks?: ForkSource | undefined;
  store: WatchStore;
  /** Writes a case down, unless it is known. */
  open(found: WatchCase): void;
  log: Logger;
}

/** Name of the cursor over stored attestations. */
const CURSOR = "attestations";
/** Milliseconds between two looks. */
const LOOK_MS = 5_000;

/** Looks for nodes and members that signed two statements where an honest one signs one. */
export class ForkWatch {
  readonly #options: ForkWatchOptions;
  #dueAt = 0;

  constructor(options: ForkWatchOptions) {
    this.#options = options;
  }

  /** Goes on where the last look ended, also the one of an earlier process. */
  async look(): Promise<void> {
    const { forks, store, chain } = this.#options;
    if (!forks || performance.now() < this.#dueAt) return;
    const from = store.cursor(CURSOR);
    const { forks: found, cursor } = forks.nodeForks(from);
    for (const fork of found) await this.accuseNode(fork);
    const isNew = cursor !== undefined && (cursor.position !== from?.position || cursor.mark !== from.mark);
    if (isNew) store.setCursor(CURSOR, cursor);
    const oldest = chain.currentEpoch() - chain.horizonEpochs;
    for (const fork of forks.memberForks(oldest > 0n ? oldest : 0n)) await this.#accuseMember(fork);
    if (!isNew) this.#dueAt = performance.now() + LOOK_MS;
  }

  /** Writes a case down for a fork that the chain would convict. */
  async accuseNode(fork: NodeFork): Promise<void> {
    const { chain, store, open } = this.#options;
    const id = `node:${nodeOffenceOf(fork)}`;
    if (store.has(id)) return;
    const proof = await proveNodeFork(chain, fork);
    if (!proof) return;
    const [{ attestation: first }, { attestation: second }] = fork;
    const { nodeIndex } = first;
    const what = first.epoch === second.epoch ? `of epoch ${first.epoch}` : `with sequence ${first.sequence}`;
    const epoch = first.epoch < second.epoch ? first.epoch : second.epoch;
    open({
      ...{ id, kind: "node-equivocation", epoch, nodeIndex, reportDigest: undefined, proof },
      sentence: `node ${nodeIndex} signed two attestations ${what}`,
    });
  }

  async #accuseMember({ seat, signed }: MemberFork): Promise<void> {
    const { chain, store, open } = this.#options;
    const { epoch, shard, round } = signed[0].report;
    const member = chain.committeeAt(epoch)?.members[seat];
    if (!member) return;
    const id = `member:${memberOffenceOf(signed[0].report, member.address)}`;
    if (store.has(id)) return;
    const proof = await proveMemberFork(chain, member, signed);
    if (!proof) return;
    open({
      ...{ id, kind: "member-equivocation", epoch, nodeIndex: undefined, reportDigest: undefined, proof },
      sentence: `relayer ${member.address} signed two reports of shard ${shard} in round ${round} of epoch ${epoch}`,
    });
  }
}
