import { SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { REORG_DEPTH } from "@pqmesh/contracts/protocol/reorg-depth";
import { leaderSeat, type Report, shardOf } from "@pqmesh/contracts/protocol/report";
import type { Address, Hex } from "viem";
import { hexToBytes } from "viem/utils";
import type { CommitteeRecord } from "../chain/chain-view.ts";
import type { HeldLeaf } from "../store/attestation-store.ts";
import type { Proposal } from "./messages.ts";
import { ProposalRefused, type RefusalReason } from "./proposal-refused.ts";
import { buildReport, type SeenQuality } from "./report-builder.ts";
import type { RoundSchedule } from "./round-schedule.ts";

/** Blocks on top of a beacon at most, so that a leader cannot stretch "signed after". */
const BEACON_MAX_DEPTH = 64n;

/** What a member knows about the place of a proposal in the schedule. */
export interface ProposalPlace {
  proposer: Address;
  committee: CommitteeRecord | undefined;
  schedule: RoundSchedule;
  nowMs: number;
  /** True when a node of the shard was ever registered. */
  hasNodes: boolean;
  isReported: boolean;
}

/** Checks that need nothing but the schedule: who proposes, and whether it is time. @throws ProposalRefused */
export function checkPlace(report: Report, place: ProposalPlace): void {
  const { proposer, committee, schedule, nowMs, hasNodes, isReported } = place;
  const { epoch, shard, round } = report;
  if (!committee || report.committeeVersion !== committee.version) {
    refuse("wrong-committee", `committee version is ${report.committeeVersion}, in force is ${committee?.version}`);
  }
  if (!hasNodes) refuse("unknown-shard", `shard ${shard} has no nodes`);
  const leader = committee.members[leaderSeat(epoch, shard, round, committee.members.length)]?.address;
  if (leader !== proposer)
    refuse("not-leader", `round ${round} of epoch ${epoch} is led by ${leader}, not ${proposer}`);
  if (!schedule.hasBegun(epoch, round, nowMs))
    refuse("round-not-begun", `round ${round} of epoch ${epoch} has not begun`);
  if (schedule.isClosed(epoch, nowMs)) refuse("epoch-closed", `the report window of epoch ${epoch} has closed`);
  if (isReported) refuse("already-reported", `epoch ${epoch} of shard ${shard} is already reported on chain`);
}

/** Checks a beacon against the member's own chain. @throws ProposalRefused */
export function checkBeacon({ beaconBlock, beacon }: Report, head: bigint, hash: Hex | undefined): void {
  const depth = head - beaconBlock;
  if (depth < REORG_DEPTH || depth > BEACON_MAX_DEPTH) {
    const allowed = `${REORG_DEPTH} to ${BEACON_MAX_DEPTH}`;
    refuse("wrong-beacon", `beacon block ${beaconBlock} is ${depth} blocks below head ${head}, allowed are ${allowed}`);
  }
  if (hash !== beacon) refuse("wrong-beacon", `block ${beaconBlock} has hash ${hash}, not ${beacon}`);
}

/** Checks the list of leaves: ascending nodes of the shard that are active in the epoch. @throws ProposalRefused */
export function checkLeafList({ report, leaves }: Proposal, activeNodes: readonly number[]): void {
  const active = new Set(activeNodes);
  leaves.forEach(({ nodeIndex }, i) => {
    if (shardOf(nodeIndex) !== report.shard) refuse("bad-leaf", `node ${nodeIndex} is of shard ${shardOf(nodeIndex)}`);
    if (!active.has(nodeIndex)) refuse("bad-leaf", `node ${nodeIndex} is not active in epoch ${report.epoch}`);
    if (i > 0 && nodeIndex <= leaves[i - 1]!.nodeIndex) refuse("bad-leaf", "leaves are not in ascending order");
  });
}

/** What a member compares a report with. */
export interface MemberView {
  activeNodes: readonly number[];
  /** Leaf of each node of the proposal, computed from the verified attestation. */
  leaves: ReadonlyMap<number, Hex>;
  /** Leaves that the member held before the proposal came. */
  held: readonly HeldLeaf[];
  /** The member's own view of quality; nodes it cannot see are not in it. */
  quality: ReadonlyMap<number, SeenQuality>;
  degradedQuality: number;
}

/** Computes the report again from the leaves and compares. @throws ProposalRefused naming what differs. */
export function checkContent(report: Report, view: MemberView): void {
  const { activeNodes, leaves, degradedQuality } = view;
  const proposed = hexToBytes(report.quality);
  const quality = new Map(activeNodes.map((nodeIndex) => [nodeIndex, proposed[nodeIndex % SHARD_SIZE] ?? 0]));
  const expected = buildReport({ ...report, activeNodes, leaves, quality, degradedQuality });
  if (report.root !== expected.root) refuse("wrong-root", `root is ${report.root}, the leaves give ${expected.root}`);
  const silenced = view.held.find(({ nodeIndex }) => activeNodes.includes(nodeIndex) && !leaves.has(nodeIndex));
  if (silenced) refuse("wrong-absent", `node ${silenced.nodeIndex} is absent in the report but attested`);
  if (report.absent !== expected.absent)
    refuse("wrong-absent", "the list of absent nodes is not the nodes without a leaf");
  if (report.quality !== expected.quality) refuse("wrong-quality", "quality has a byte for a node that did not attest");
  if (report.degraded !== expected.degraded)
    refuse("wrong-degraded", "the list of degraded nodes is not what quality says");
  for (const nodeIndex of leaves.keys()) {
    const seen = view.quality.get(nodeIndex);
    const claimed = quality.get(nodeIndex)!;
    if (seen && (claimed < seen.lowest || claimed > seen.highest)) {
      const accepted = `accepted is ${seen.lowest} to ${seen.highest}`;
      refuse("wrong-quality", `quality of node ${nodeIndex} is ${claimed}, seen was ${seen.byte}, ${accepted}`);
    }
  }
}

function refuse(reason: RefusalReason, message: string): never {
  throw new ProposalRefused(reason, message);
}
