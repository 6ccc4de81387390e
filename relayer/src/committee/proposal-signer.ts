import { hashReport, type Report } from "@pqmesh/contracts/protocol/report";
import type { Address, Hex } from "viem";
import type { CommitteeMember, CommitteeRecord } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { PeerOf } from "./committee-peer.ts";
import type { CommitteeStore } from "./committee-store.ts";
import type { LeafVault } from "./leaf-vault.ts";
import { areSignaturesOf, type MemberKeys, signWithBoth } from "./member-signatures.ts";
import type { MemberSignatures, Proposal } from "./messages.ts";
import { ProposalRefused } from "./proposal-refused.ts";
import type { ProtectionLog } from "./protection-log.ts";
import type { QualityPanel } from "./quality-panel.ts";
import type { RoundSchedule } from "./round-schedule.ts";
import { checkBeacon, checkContent, checkLeafList, checkPlace } from "./verify-proposal.ts";

/** What {@link ProposalSigner} needs. */
export interface SignerOptions {
  chain: ChainFollower;
  schedule: RoundSchedule;
  vault: LeafVault;
  panel: QualityPanel;
  protection: ProtectionLog;
  store: CommitteeStore;
  keys: MemberKeys;
  peerOf: PeerOf;
  /** Reports of one epoch that are kept of one leader at most; its further proposals are refused. */
  statementLimit: number;
}

/** Proposals that one leader may make in one round; an honest one makes one, and repeats it at most. */
const MAX_PROPOSALS = 4;
/** Share of a round that fetching leaves and heartbeats may take. */
const FETCH_SHARE = 0.3;

/** A member's part in a round: looks at a proposal from all sides, then signs it once. */
export class ProposalSigner {
  readonly #options: SignerOptions;
  /** By round of a shard, while its epoch can be reported. */
  readonly #proposals = new Map<string, { epoch: bigint; count: number }>();
  readonly #startedAtMs: number;

  constructor(options: SignerOptions) {
    this.#options = options;
    this.#startedAtMs = options.chain.nowMs();
  }

  /**
   * Verifies an own proposal, or another leader's, records it in the protection log and signs it; a proposal signed before
   * gets the same answer.
   *
   * @param led The leader and its signatures, where another member leads.
   * @throws ProposalRefused saying why it is not signed.
   */
  async sign(proposal: Proposal, led?: { proposer: Address; signatures: MemberSignatures }): Promise<MemberSignatures> {
    const { chain, store, protection, keys } = this.#options;
    const { report } = proposal;
    const proposer = led?.proposer ?? keys.account.address;
    const committee = chain.committeeAt(report.epoch);
    const seat = this.#seatIn(committee, report);
    this.#checkPlace(proposer, report, committee);
    const digest = hashReport({ chainId: chain.chainId, bridge: chain.bridge }, report);
    const known = store.signaturesOf(digest, seat);
    if (known) {
      protection.check(report, digest);
      return known;
    }
    this.#count(report);
    if (led) await this.#keepStatement(report, { digest, ...led });
    protection.check(report, digest);
    this.#refuseEarlierRound(report);
    await this.#verify(proposer, proposal, committee!);
    this.#checkPlace(proposer, report, chain.committeeAt(report.epoch));
    store.addProposal(digest, proposer, proposal);
    protection.record(report, digest);
    const signatures = await signWithBoth(keys, digest);
    store.addSignatures(digest, seat, signatures);
    return signatures;
  }

  /**
   * Keeps what the leader signed, whatever becomes of its proposal: two such reports of one round convict it.
   *
   * @throws ProposalRefused when the leader did not sign what it proposes, or so much is kept of it that nothing is added.
   */
  async #keepStatement(
    report: Report,
    { digest, proposer, signatures }: { digest: Hex; proposer: Address; signatures: MemberSignatures },
  ): Promise<void> {
    const { chain, store } = this.#options;
    const leader = chain.committeeAt(report.epoch)?.members.find(({ address }) => address === proposer);
    if (!leader || !(await areSignaturesOf(leader, digest, signatures))) {
      const place = `round ${report.round} of epoch ${report.epoch}`;
      throw new ProposalRefused("bad-leader-signature", `the leader of ${place} did not sign what it proposes`);
    }
    const { statementLimit } = this.#options;
    const statement = { report, mldsa: signatures.mldsaSignature };
    if (store.addStatement(digest, leader.seat, statement, statementLimit)) return;
    const sentence = `${statementLimit} reports of epoch ${report.epoch} are kept of its leader ${proposer}`;
    throw new ProposalRefused("too-many-statements", sentence);
  }

  /** An older disk would not know what was signed in rounds before this process started. */
  #refuseEarlierRound(report: Report): void {
    const { schedule, protection } = this.#options;
    const { epoch, round } = report;
    if (schedule.roundStartMs(epoch, round) >= this.#startedAtMs || protection.digestOf(report)) return;
    throw new ProposalRefused("protected-round", `round ${round} of epoch ${epoch} began before this member started`);
  }

  #seatIn(committee: CommitteeRecord | undefined, { epoch }: Report): number {
    const { address } = this.#options.keys.account;
    const member = committee?.members.find((candidate) => candidate.address === address);
    if (!member) throw new ProposalRefused("not-a-member", `${address} has no seat in the committee of epoch ${epoch}`);
    return member.seat;
  }

  #checkPlace(proposer: Address, report: Report, committee: CommitteeRecord | undefined): void {
    const { chain, schedule } = this.#options;
    const newest = chain.newestReportedEpoch(report.shard);
    const isReported = newest !== undefined && newest >= report.epoch;
    const hasNodes = chain.nodesOfShard(report.shard).length > 0;
    checkPlace(report, { proposer, committee, schedule, nowMs: chain.nowMs(), hasNodes, isReported });
  }

  async #verify(proposer: Address, proposal: Proposal, committee: CommitteeRecord): Promise<void> {
    const { chain, vault, panel, schedule, keys } = this.#options;
    const { report, leaves } = proposal;
    checkBeacon(report, chain.head().number, await this.#hashOf(report.beaconBlock));
    const activeNodes = vault.activeNodes(report);
    checkLeafList(proposal, activeNodes);
    const others = committee.members.filter(({ address }) => address !== keys.account.address);
    const timeoutMs = schedule.roundMs * FETCH_SHARE;
    const [quality] = await Promise.all([
      panel.gather(report, others.map(this.#options.peerOf), timeoutMs),
      vault.obtain(report, leaves, leaderFirst(others, proposer).map(this.#options.peerOf), timeoutMs),
    ]);
    checkContent(report, {
      activeNodes,
      leaves: vault.treeLeaves(report, leaves),
      held: vault.held(report),
      quality,
      degradedQuality: Number(chain.parameter("degradedQuality")),
    });
  }

  async #hashOf(block: bigint): Promise<Hex | undefined> {
    return this.#options.chain.blockHash(block).catch(() => undefined);
  }

  /** Every proposal can cost verifying its signatures, a place on the disk, and fetching and verifying a shard's leaves. */
  #count({ epoch, shard, round }: Report): void {
    const { schedule, chain } = this.#options;
    const nowMs = chain.nowMs();
    for (const [key, counted] of this.#proposals)
      if (schedule.isClosed(counted.epoch, nowMs)) this.#proposals.delete(key);
    const key = `${epoch}:${shard}:${round}`;
    const count = (this.#proposals.get(key)?.count ?? 0) + 1;
    this.#proposals.set(key, { epoch, count });
    if (count > MAX_PROPOSALS) {
      throw new ProposalRefused(
        "too-many-proposals",
        `round ${round} of epoch ${epoch} has had ${MAX_PROPOSALS} proposals`,
      );
    }
  }
}

function leaderFirst(members: readonly CommitteeMember[], leader: Address): CommitteeMember[] {
  return [...members].sort((a, b) => Number(b.address === leader) - Number(a.address === leader));
}
