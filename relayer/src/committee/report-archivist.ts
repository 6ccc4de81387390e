import { SHARD_SIZE, ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { hashReport, leaderSeat } from "@pqmesh/contracts/protocol/report";
import type { Logger } from "pino";
import type { Address } from "viem";
import type { AcceptedReport, CommitteeRecord } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { CommitteePeer, PeerOf } from "./committee-peer.ts";
import type { CommitteeStore } from "./committee-store.ts";
import type { LeafVault } from "./leaf-vault.ts";
import { areSignaturesOf } from "./member-signatures.ts";
import type { SignedReport } from "./messages.ts";

/** What {@link ReportArchivist} needs. */
export interface ArchivistOptions {
  chain: ChainFollower;
  vault: LeafVault;
  store: CommitteeStore;
  address: Address;
  peerOf: PeerOf;
  /** Milliseconds after a report appeared until peers are asked for it. */
  delayMs: number;
  log: Logger;
}

/** A report of which something may be missing. */
interface Wanted {
  accepted: AcceptedReport;
  /** Milliseconds waited since it appeared, or since the last attempt. */
  pauseMs: number;
  /** Monotonic time of the next attempt. */
  dueAt: number;
}

/** Milliseconds in which a peer must answer. */
const TIMEOUT_MS = 5_000;
/** Longest time between two attempts, milliseconds. */
const LONGEST_PAUSE_MS = 30_000;

/**
 * Completes what this member holds of accepted reports: the report, all leaves and both kinds of every signature, so
 * that anyone can be shown the proof of an epoch, and of who signed it, when other members are gone.
 */
export class ReportArchivist {
  readonly #options: ArchivistOptions;
  #queue: Wanted[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;
  #stopped = false;

  constructor(options: ArchivistOptions) {
    this.#options = options;
  }

  /** Reports of which something may be missing. */
  get waiting(): number {
    return this.#queue.length + (this.#isBusy ? 1 : 0);
  }

  /** Begins with the reports that are not final yet. */
  start(): void {
    const { chain } = this.#options;
    const oldest = chain.currentEpoch() - chain.horizonEpochs;
    for (const accepted of chain.recentReports()) if (accepted.epoch >= oldest) this.#enqueue(accepted);
    chain.events.on("report", this.#add);
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#options.chain.events.off("report", this.#add);
    clearTimeout(this.#timer);
  }

  readonly #add = (accepted: AcceptedReport): void => {
    this.#enqueue(accepted);
    this.#schedule();
  };

  #enqueue(accepted: AcceptedReport): void {
    const { delayMs } = this.#options;
    this.#queue.push({ accepted, pauseMs: delayMs, dueAt: performance.now() + delayMs });
  }

  /** One report after the other, each some time after it appeared. */
  #schedule(): void {
    if (this.#stopped || this.#timer || this.#queue.length === 0) return;
    const dueAt = Math.min(...this.#queue.map((wanted) => wanted.dueAt));
    this.#timer = setTimeout(
      () => {
        this.#isBusy = true;
        void this.#completeDue().finally(() => {
          this.#isBusy = false;
          this.#timer = undefined;
          this.#schedule();
        });
      },
      Math.max(0, dueAt - performance.now()),
    );
  }

  async #completeDue(): Promise<void> {
    const now = performance.now();
    const due = this.#queue.filter(({ dueAt }) => dueAt <= now);
    this.#queue = this.#queue.filter(({ dueAt }) => dueAt > now);
    for (const wanted of due) {
      if (this.#stopped) return;
      const isDone = await this.complete(wanted.accepted).catch((error: unknown) => {
        this.#options.log.warn(
          { err: error, epoch: wanted.accepted.epoch.toString() },
          "report could not be completed",
        );
        return false;
      });
      if (!isDone) this.#tryLater(wanted);
    }
  }

  /** After the horizon no member has to keep what is missing. */
  #tryLater({ accepted, pauseMs }: Wanted): void {
    const { chain, log } = this.#options;
    if (accepted.epoch < chain.currentEpoch() - chain.horizonEpochs) {
      log.warn(
        { epoch: accepted.epoch.toString(), shard: accepted.shard },
        "report is past the horizon and incomplete",
      );
      return;
    }
    const longer = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
    this.#queue.push({ accepted, pauseMs: longer, dueAt: performance.now() + longer });
  }

  /** Asks the signers for what is missing. @returns true when nothing is, or the report is not to be completed. */
  async complete(accepted: AcceptedReport): Promise<boolean> {
    const { chain, address, peerOf, log } = this.#options;
    const committee = chain.committeeAt(accepted.epoch);
    if (committee?.version !== accepted.committeeVersion) return true;
    if (chain.acceptedReport(accepted.shard, accepted.epoch)?.digest !== accepted.digest) return true;
    const signers = committee.members.filter(({ seat }) => ((accepted.signers >> BigInt(seat)) & 1n) === 1n);
    for (const member of signers.filter((candidate) => candidate.address !== address)) {
      if (this.#isComplete(accepted, signers.length)) return true;
      const peer = peerOf(member);
      const offered = await peer.signedReport(accepted, TIMEOUT_MS).catch(() => undefined);
      if (!offered) continue;
      await this.#take(offered, accepted, { committee, peer }).catch((error: Error) => {
        log.debug({ peer: peer.address, reason: error.message }, "what a member offered of a report is no use");
      });
    }
    return this.#isComplete(accepted, signers.length);
  }

  #isComplete({ digest, epoch, shard }: AcceptedReport, signers: number): boolean {
    const known = this.#options.store.signedReport(digest);
    if (!known || known.signatures.length < signers) return false;
    const held = new Set(this.#options.vault.held({ epoch, shard }).map((leaf) => leaf.digest));
    return known.leaves.every((leaf) => held.has(leaf.digest));
  }

  /** Stores what a peer offers as far as it fits the report on chain. */
  async #take(
    { report, leaves, signatures }: SignedReport,
    accepted: AcceptedReport,
    { committee, peer }: { committee: CommitteeRecord; peer: CommitteePeer },
  ): Promise<void> {
    const { chain, vault, store } = this.#options;
    if (hashReport({ chainId: chain.chainId, bridge: chain.bridge }, report) !== accepted.digest) return;
    await vault.obtain(accepted, leaves, [peer], TIMEOUT_MS);
    const tree = [...vault.treeLeaves(accepted, leaves)].map(([node, leaf]) => [node % SHARD_SIZE, leaf] as const);
    if (new ReportTree(new Map(tree)).root !== accepted.root) return;
    const leader = leaderSeat(report.epoch, report.shard, report.round, committee.members.length);
    store.addProposal(accepted.digest, committee.members[leader]!.address, { report, leaves });
    for (const { seat, ...both } of signatures) {
      const member = committee.members[seat];
      if (member && (await areSignaturesOf(member, accepted.digest, both)))
        store.addSignatures(accepted.digest, seat, both);
    }
  }
}
