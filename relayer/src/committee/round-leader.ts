import { setTimeout as delay } from "node:timers/promises";
import { REORG_DEPTH } from "@pqmesh/contracts/protocol/reorg-depth";
import { hashReport, quorumOf, type Report } from "@pqmesh/contracts/protocol/report";
import type { Logger } from "pino";
import type { Address, Hex } from "viem";
import type { CommitteeMember, CommitteeRecord } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { gapIntents, nextEpochOf } from "../submit/gap-intent.ts";
import { reportIntent } from "../submit/report-intent.ts";
import type { Submitter } from "../submit/submitter.ts";
import type { CommitteeMetrics } from "./committee-metrics.ts";
import type { CommitteePeer, EpochPlace, PeerOf } from "./committee-peer.ts";
import type { CommitteeStore } from "./committee-store.ts";
import type { LeafVault } from "./leaf-vault.ts";
import { areSignaturesOf } from "./member-signatures.ts";
import type { MemberSignatures, Proposal, SignedProposal } from "./messages.ts";
import { PeerRefusal } from "./peer-client.ts";
import type { RefusalReason } from "./proposal-refused.ts";
import type { ProposalSigner } from "./proposal-signer.ts";
import type { QualityPanel } from "./quality-panel.ts";
import { buildReport, qualityBytes } from "./report-builder.ts";
import type { RoundSchedule } from "./round-schedule.ts";

/** What {@link RoundLeader} needs. */
export interface LeaderOptions {
  chain: ChainFollower;
  schedule: RoundSchedule;
  vault: LeafVault;
  panel: QualityPanel;
  signer: ProposalSigner;
  store: CommitteeStore;
  submitter: Submitter;
  address: Address;
  peerOf: PeerOf;
  metrics: CommitteeMetrics;
  log: Logger;
}

/** A round to lead. */
export interface Round extends EpochPlace {
  round: number;
  committee: CommitteeRecord;
}

/** Blocks on top of a beacon: two more than asked for, so that members two blocks behind accept it. */
const BEACON_DEPTH = REORG_DEPTH + 2n;
/** Share of a round for asking what members hold, and again for fetching it. */
const GATHER_SHARE = 0.3;
/** Share of a round for collecting signatures at least, even when the round has become late. */
const COLLECT_SHARE = 0.5;
/** Share of a round to wait for the other signatures once the quorum is there. */
const GRACE_SHARE = 0.1;
const NOT_BEGUN: RefusalReason = "round-not-begun";
/** Pause in milliseconds before a member that is a block behind is asked again. */
const BEHIND_PAUSE_MS = 150;

/** Leads rounds: gathers leaves, builds the report, collects signatures and hands the report to the submitter. */
export class RoundLeader {
  readonly #options: LeaderOptions;

  constructor(options: LeaderOptions) {
    this.#options = options;
  }

  /** Leads one round. Resolves when the report is handed over, or there is no quorum. */
  async lead(place: Round): Promise<void> {
    const { metrics, submitter, log, chain, store, schedule } = this.#options;
    const { epoch, shard, round, committee } = place;
    const proposal = await this.#prepare(place);
    const digest = hashReport({ chainId: chain.chainId, bridge: chain.bridge }, proposal.report);
    const collected = await this.#collect(place, proposal, digest);
    for (const [seat, signatures] of collected) store.addSignatures(digest, seat, signatures);
    const quorum = quorumOf(committee.members.length);
    const context = { epoch: epoch.toString(), shard, round, signatures: collected.size, quorum };
    metrics.silentPeers.set(committee.members.length - collected.size);
    if (collected.size < quorum) {
      metrics.roundsLed.inc({ outcome: "no-quorum" });
      log.warn(context, "round ended without a quorum");
      return;
    }
    metrics.roundsLed.inc({ outcome: "quorum" });
    metrics.secondsToQuorum.observe(Math.max(0, chain.nowMs() - schedule.roundStartMs(epoch, round)) / 1_000);
    log.info({ ...context, leaves: proposal.leaves.length }, "report has its quorum");
    const ecdsa = new Map([...collected].map(([seat, { ecdsaSignature }]) => [seat, ecdsaSignature]));
    const next = await nextEpochOf(chain, shard).catch(() => epoch);
    for (const gap of gapIntents(chain.bridge, shard, { next, epoch })) submitter.submit(gap);
    submitter.submit(reportIntent(chain.bridge, proposal.report, ecdsa));
  }

  /** The report of this round: as it was stored when this process led the round before it was restarted, or a new one. */
  async #prepare(place: Round): Promise<Proposal> {
    const { signer, store, address } = this.#options;
    const stored = store.proposalOf(place, address);
    const proposal = stored ?? (await this.#build(place));
    if (!stored) await signer.sign(proposal);
    return proposal;
  }

  async #build(place: Round): Promise<Proposal> {
    const { chain, vault, panel, schedule } = this.#options;
    const { epoch, shard, round, committee } = place;
    const timeoutMs = schedule.roundMs * GATHER_SHARE;
    const peers = this.#others(committee).map(this.#options.peerOf);
    const [quality, lists] = await Promise.all([
      panel.gather(place, peers, timeoutMs),
      Promise.all(peers.map((peer) => this.#listOf(peer, place, timeoutMs))),
    ]);
    const leaves = await vault.union(place, lists, timeoutMs);
    const report = buildReport({
      ...{ epoch, shard, round, committeeVersion: committee.version },
      ...(await this.#chooseBeacon()),
      activeNodes: vault.activeNodes(place),
      leaves: vault.treeLeaves(place, leaves),
      quality: qualityBytes(quality),
      degradedQuality: Number(chain.parameter("degradedQuality")),
    });
    return { report, leaves };
  }

  async #listOf(peer: CommitteePeer, place: EpochPlace, timeoutMs: number) {
    const leaves = await peer.leaves(place, timeoutMs).catch((error: Error) => {
      this.#options.log.debug({ peer: peer.address, reason: error.message }, "member gave no list of leaves");
      return [];
    });
    return { peer, leaves };
  }

  async #chooseBeacon(): Promise<Pick<Report, "beaconBlock" | "beacon">> {
    const { chain } = this.#options;
    const beaconBlock = chain.head().number - BEACON_DEPTH;
    const beacon = await chain.blockHash(beaconBlock);
    if (!beacon) throw new Error(`the chain is too short for a beacon: its head is block ${chain.head().number}`);
    return { beaconBlock, beacon };
  }

  /** Own signatures and those of the others that verify; ends early some time after the quorum is there. */
  async #collect(place: Round, proposal: Proposal, digest: Hex): Promise<Map<number, MemberSignatures>> {
    const { schedule, chain, signer, address } = this.#options;
    const { epoch, round, committee } = place;
    const leftMs = schedule.roundStartMs(epoch, round + 1) - chain.nowMs();
    const timeoutMs = Math.max(leftMs, schedule.roundMs * COLLECT_SHARE);
    const own = committee.members.find((member) => member.address === address)!;
    const signatures = await signer.sign(proposal);
    const collected = new Map([[own.seat, signatures]]);
    const quorum = quorumOf(committee.members.length);
    const graceMs = schedule.roundMs * GRACE_SHARE;
    const { promise: enough, resolve } = Promise.withResolvers<void>();
    const asks = this.#others(committee).map(async (member) => {
      const given = await this.#ask(member, { ...proposal, signatures }, { digest, timeoutMs });
      if (given) collected.set(member.seat, given);
      if (collected.size === quorum) setTimeout(resolve, graceMs).unref();
    });
    await Promise.race([enough, Promise.all(asks)]);
    return collected;
  }

  async #ask(
    member: CommitteeMember,
    proposal: SignedProposal,
    { digest, timeoutMs }: { digest: Hex; timeoutMs: number },
  ): Promise<MemberSignatures | undefined> {
    const { log, peerOf } = this.#options;
    try {
      const signatures = await proposeWhenBegun(peerOf(member), proposal, timeoutMs);
      if (await areSignaturesOf(member, digest, signatures)) return signatures;
      throw new Error("its signatures do not verify");
    } catch (error) {
      const { epoch, round } = proposal.report;
      const reason = (error as Error).message;
      log.warn({ member: member.address, epoch: epoch.toString(), round, reason }, "member did not sign");
      return undefined;
    }
  }

  #others(committee: CommitteeRecord): CommitteeMember[] {
    return committee.members.filter(({ address }) => address !== this.#options.address);
  }
}

/**
 * Proposes, and again while the member answers that the round has not begun: its view of the chain is a block behind.
 * A member refuses so before it counts or fetches anything, thus asking again is free for both.
 */
export async function proposeWhenBegun(
  peer: Pick<CommitteePeer, "propose">,
  proposal: SignedProposal,
  timeoutMs: number,
): Promise<MemberSignatures> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await peer.propose(proposal, deadline - performance.now());
    } catch (error) {
      const isBehind = error instanceof PeerRefusal && error.type === NOT_BEGUN;
      if (!isBehind || performance.now() + BEHIND_PAUSE_MS >= deadline) throw error;
      await delay(BEHIND_PAUSE_MS);
    }
  }
}
