import type { EpochStatus } from "@pqmesh/contracts/protocol/epoch-status";
import type { Address, Hex } from "viem";
import type { IndexerClient } from "./indexer-client.ts";
import type {
  EpochInterval,
  NetworkOverview,
  NodeDetail,
  NodeSummary,
  RelayerSummary,
  ReportSummary,
  StakeChange,
} from "./network-view.ts";
import { reportFilter, type ReportListing, REPORTS_PER_PAGE } from "./report-listing.ts";
import { epochHistory, EPOCHS_PER_PAGE, reportedCells, type UptimePage } from "./uptime-history.ts";

/** Epochs that the picture of a node shows. */
export const HISTORY_EPOCHS = 360;

/** Nodes asked for at once; graph-node's limit is 1,000. */
const PAGE = 1_000;

const REPORT_FIELDS =
  "epoch shard round root digest signerCount submitter attestedCount absentCount degradedCount timestamp transaction";

const NODE_FIELDS = `nodeIndex stake unbonding exited certificateBarFrom activeFrom activeUntil lastEpoch lastStatus lastQuality trustScore
  attestedCount absentCount degradedCount operator { identityId owner }`;

const OVERVIEW = `query Overview($reports: Int!) {
  network(id: "pqmesh") { operatorCount nodeCount reportCount totalStaked totalUnbonding totalBonded committeeVersion }
  reports(first: $reports, orderBy: epoch, orderDirection: desc) { ${REPORT_FIELDS} }
  relayers(first: 100, orderBy: seat) { address endpoint bond seat }
}`;

const REPORTS = `query Reports($first: Int!, $skip: Int!, $where: Report_filter!) {
  reports(first: $first, skip: $skip, orderBy: epoch, orderDirection: desc, where: $where) { ${REPORT_FIELDS} }
}`;

const NODES = `query Nodes($after: Int!) {
  nodes(first: ${PAGE}, orderBy: nodeIndex, where: { nodeIndex_gt: $after }) { ${NODE_FIELDS} }
}`;

const NODE = `query Node($id: ID!, $shard: Int!, $pages: [Int!]!, $fromEpoch: BigInt!) {
  node(id: $id) {
    ${NODE_FIELDS} metadata registeredAt attestedRatio behaviourRatio auditBp
    owner: operator { owner operatorWallet beneficiary rootKey }
    keys(orderBy: fromEpoch) { keyHash publicKey fromEpoch transaction }
    intervals(orderBy: fromEpoch) { fromEpoch untilEpoch }
    uptimePages(where: { page_in: $pages }) { page statuses qualities }
    stakeChanges(first: 100, orderBy: timestamp, orderDirection: desc) { kind amount stakeAfter timestamp transaction }
  }
  unreportedRanges(first: 1000, where: { shard: $shard, toEpoch_gte: $fromEpoch }) { fromEpoch toEpoch }
}`;

interface RawReport {
  epoch: string;
  shard: number;
  round: number;
  root: Hex;
  digest: Hex;
  signerCount: number;
  submitter: Address;
  attestedCount: number;
  absentCount: number;
  degradedCount: number;
  timestamp: string;
  transaction: Hex;
}

interface RawNode {
  nodeIndex: number;
  stake: string;
  unbonding: string;
  exited: boolean;
  certificateBarFrom: string | null;
  activeFrom: string | null;
  activeUntil: string | null;
  lastEpoch: string | null;
  lastStatus: EpochStatus | null;
  lastQuality: number;
  trustScore: number;
  attestedCount: string;
  absentCount: string;
  degradedCount: string;
  operator: { identityId: number; owner: Address };
}

interface RawNodeDetail extends RawNode {
  metadata: Hex;
  registeredAt: string;
  attestedRatio: number;
  behaviourRatio: number;
  auditBp: number;
  owner: { owner: Address; operatorWallet: Address; beneficiary: Address; rootKey: Hex };
  keys: { keyHash: Hex; publicKey: Hex; fromEpoch: string; transaction: Hex }[];
  intervals: { fromEpoch: string; untilEpoch: string | null }[];
  uptimePages: UptimePage[];
  stakeChanges: {
    kind: StakeChange["kind"];
    amount: string;
    stakeAfter: string;
    timestamp: string;
    transaction: Hex;
  }[];
}

/** Reads the network's totals, newest reports and relayers from the indexer. */
export async function overviewFromIndexer(client: IndexerClient, reports: number): Promise<NetworkOverview> {
  const data = await client.query<{
    network: {
      operatorCount: number;
      nodeCount: number;
      reportCount: number;
      totalStaked: string;
      totalUnbonding: string;
      totalBonded: string;
      committeeVersion: number;
    } | null;
    reports: RawReport[];
    relayers: { address: Address; endpoint: string; bond: string; seat: number | null }[];
  }>(OVERVIEW, { reports });
  const { network } = data;
  return {
    operatorCount: network?.operatorCount ?? 0,
    nodeCount: network?.nodeCount ?? 0,
    reportCount: network?.reportCount ?? 0,
    totalStaked: BigInt(network?.totalStaked ?? 0),
    totalUnbonding: BigInt(network?.totalUnbonding ?? 0),
    totalBonded: BigInt(network?.totalBonded ?? 0),
    committeeVersion: network?.committeeVersion ?? 0,
    reports: data.reports.map(toReport),
    relayers: data.relayers.map(({ seat, bond, ...rest }): RelayerSummary => ({
      ...rest,
      bond: BigInt(bond),
      ...(seat !== null && { seat }),
    })),
  };
}

/** Reads a page of reports from the indexer, newest first, and one more to tell whether there is another page. */
export async function reportsFromIndexer(client: IndexerClient, listing: ReportListing): Promise<ReportSummary[]> {
  const skip = (listing.page - 1) * REPORTS_PER_PAGE;
  const variables = { first: REPORTS_PER_PAGE + 1, skip, where: reportFilter(listing) };
  const data = await client.query<{ reports: RawReport[] }>(REPORTS, variables);
  return data.reports.map(toReport);
}

/** Reads every node from the indexer, in order of node index. */
export async function nodesFromIndexer(client: IndexerClient): Promise<NodeSummary[]> {
  const nodes: NodeSummary[] = [];
  for (;;) {
    const after = nodes.at(-1)?.nodeIndex ?? -1;
    const page = await client.query<{ nodes: RawNode[] }>(NODES, { after });
    nodes.push(...page.nodes.map(toNode));
    if (page.nodes.length < PAGE) return nodes;
  }
}

/** What a node's page needs to know about time. */
export interface HistoryWindow {
  /** Running epoch. */
  epoch: number;
  /** First epoch that can still be reported. */
  reportableFrom: number;
}

/** Reads one node from the indexer; undefined when it does not exist. */
export async function nodeFromIndexer(
  client: IndexerClient,
  nodeIndex: number,
  { epoch, reportableFrom }: HistoryWindow,
): Promise<NodeDetail | undefined> {
  const from = Math.max(0, epoch - HISTORY_EPOCHS + 1);
  const pages = pagesBetween(from, epoch);
  const variables = { id: String(nodeIndex), shard: Math.floor(nodeIndex / 512), pages, fromEpoch: String(from) };
  const data = await client.query<{
    node: RawNodeDetail | null;
    unreportedRanges: { fromEpoch: string; toEpoch: string }[];
  }>(NODE, variables);
  if (!data.node) return undefined;
  const { node } = data;
  const intervals = node.intervals.map((i) => toInterval(i.fromEpoch, i.untilEpoch));
  const unreported = data.unreportedRanges.map((r) => ({ from: Number(r.fromEpoch), to: Number(r.toEpoch) }));
  return {
    ...toNode(node),
    ...node.owner,
    registeredAt: Number(node.registeredAt),
    metadata: node.metadata,
    keys: node.keys.map((key) => ({ ...key, fromEpoch: Number(key.fromEpoch) })),
    intervals,
    trust: { attestedRatio: node.attestedRatio, behaviourRatio: node.behaviourRatio, auditBp: node.auditBp },
    history: epochHistory(reportedCells(node.uptimePages), { from, to: epoch, intervals, unreported, reportableFrom }),
    stakeChanges: node.stakeChanges.map((change) => ({
      ...change,
      amount: BigInt(change.amount),
      stakeAfter: BigInt(change.stakeAfter),
      timestamp: Number(change.timestamp),
    })),
  };
}

/** Identity whose hot wallet this is, by the indexer; undefined when none. */
export async function identityOfHotWallet(client: IndexerClient, wallet: Address): Promise<number | undefined> {
  const query = `query HotWallet($wallet: Bytes!) { operators(first: 1, where: { operatorWallet: $wallet }) { identityId } }`;
  const data = await client.query<{ operators: { identityId: number }[] }>(query, { wallet: wallet.toLowerCase() });
  return data.operators[0]?.identityId;
}

function pagesBetween(from: number, to: number): number[] {
  const first = Math.floor(from / EPOCHS_PER_PAGE);
  return Array.from({ length: Math.floor(to / EPOCHS_PER_PAGE) - first + 1 }, (_, i) => first + i);
}

function toReport(raw: RawReport): ReportSummary {
  const { attestedCount, absentCount, degradedCount, ...rest } = raw;
  return {
    ...rest,
    epoch: Number(raw.epoch),
    timestamp: Number(raw.timestamp),
    attested: attestedCount,
    absent: absentCount,
    degraded: degradedCount,
  };
}

function toNode(raw: RawNode): NodeSummary {
  const { lastEpoch, lastStatus } = raw;
  return {
    nodeIndex: raw.nodeIndex,
    identityId: raw.operator.identityId,
    owner: raw.operator.owner,
    stake: BigInt(raw.stake),
    unbonding: BigInt(raw.unbonding),
    exited: raw.exited,
    isBarred: raw.certificateBarFrom !== null,
    trustScore: raw.trustScore,
    counts: {
      attested: Number(raw.attestedCount),
      absent: Number(raw.absentCount),
      degraded: Number(raw.degradedCount),
    },
    ...(raw.activeFrom !== null && { active: toInterval(raw.activeFrom, raw.activeUntil) }),
    ...(lastEpoch !== null &&
      lastStatus !== null && { last: { epoch: Number(lastEpoch), status: lastStatus, quality: raw.lastQuality } }),
  };
}

function toInterval(from: string, until: string | null): EpochInterval {
  return { from: Number(from), ...(until !== null && { until: Number(until) }) };
}
