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

/** Milliseconds in which a peer must answer. */
const TIMEOUT_MS = 5_000;

/**
 * Completes what this member holds of accepted reports: the report, all leaves and both kinds of every signature, so
 * that anyone can be shown the proof of an epoch, and of who signed it, when other members are gone.
 */
export class ReportArchivist {
  readonly #options: ArchivistOptions;
  readonly #queue: AcceptedReport[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: ArchivistOptions) {
    this.#options = options;
  }

  /** Begins with the reports that are not final yet. */
  start(): void {
    const { chain } = this.#options;
    const oldest = chain.currentEpoch() - chain.horizonEpochs;
    this.#queue.push(...chain.recentReports().filter(({ epoch }) => epoch >= oldest));
    chain.events.on("report", this.#add);
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#options.chain.events.off("report", this.#add);
    clearTimeout(this.#timer);
  }

  readonly #add = (accepted: AcceptedReport): void => {
    this.#queue.push(accepted);
    this.#schedule();
  };

  /** One report after the other, each some time after it appeared. */
  #schedule(): void {
    if (this.#stopped || this.#timer || this.#queue.length === 0) return;
    this.#timer = setTimeout(() => {
      void this.#completeAll().finally(() => {
        this.#timer = undefined;
        this.#schedule();
      });
    }, this.#options.delayMs);
  }

  async #completeAll(): Promise<void> {
    for (const accepted of this.#queue.splice(0)) {
      if (this.#stopped) return;
      await this.#complete(accepted).catch((error: unknown) => {
        this.#options.log.warn({ err: error, epoch: accepted.epoch.toString() }, "report could not be completed");
      });
    }
  }

  async #complete(accepted: AcceptedReport): Promise<void> {
    const { chain, address, peerOf } = this.#options;
    const committee = chain.committeeAt(accepted.epoch);
    if (committee?.version !== accepted.committeeVersion) return;
    if (chain.acceptedReport(accepted.shard, accepted.epoch)?.digest !== accepted.digest) return;
    const signers = committee.members.filter(({ seat }) => ((accepted.signers >> BigInt(seat)) & 1n) === 1n);
    for (const member of signers.filter((candidate) => candidate.address !== address)) {
      if (this.#isComplete(accepted, signers.length)) return;
      const peer = peerOf(member);
      const offered = await peer.signedReport(accepted, TIMEOUT_MS).catch(() => undefined);
      if (offered) await this.#take(offered, accepted, { committee, peer });
    }
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
