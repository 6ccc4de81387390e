import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import { SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { Address, Hex } from "viem";
import type { ChainClient } from "./network-chain.ts";
import { cellsFromReports, type ChainReport, readReports } from "./chain-reports.ts";
import { correctCells, correctionsFromChain } from "./epoch-corrections.ts";
import { HISTORY_EPOCHS, type HistoryWindow } from "./indexer-source.ts";
import type {
  EpochInterval,
  NetworkOverview,
  NodeDetail,
  NodeSummary,
  PublishedKey,
  RelayerSummary,
  ReportSummary,
} from "./network-view.ts";
import { fitsReportListing, type ReportListing, REPORTS_PER_PAGE } from "./report-listing.ts";
import { epochHistory, isActiveIn } from "./uptime-history.ts";

/** Nodes that are read one by one while the indexer is away: one shard. */
export const CHAIN_NODE_LIMIT = SHARD_SIZE;

/** Nodes whose active epochs are read to count reports; reports of shards beyond are not shown while the indexer is away. */
const COUNTED_NODES = 4 * SHARD_SIZE;
/** Reports that a search without the indexer looks at. */
const SEARCHED_REPORTS = 500;
/** Milliseconds for which active epochs are kept: they change two epochs ahead, and are many to read. */
const INTERVALS_MS = 15_000;

/** Where the chain is read. */
export interface ChainAccess {
  client: ChainClient;
  config: NetworkConfig;
}

/** Reads the network's totals, newest reports and relayers from contract views and logs. */
export async function overviewFromChain(access: ChainAccess, count: number): Promise<NetworkOverview> {
  const { client, config } = access;
  const { NodeRegistry, NodeStaking, RelayerCommittee } = config.contracts;
  const registry = { address: NodeRegistry, abi: nodeRegistryAbi } as const;
  const staking = { address: NodeStaking, abi: nodeStakingAbi } as const;
  const committee = { address: RelayerCommittee, abi: relayerCommitteeAbi } as const;
  const [operatorCount, nodeCount, totalStaked, totalBonded, committeeVersion, reports] = await Promise.all([
    client.readContract({ ...registry, functionName: "identityCount" }),
    client.readContract({ ...registry, functionName: "nodeCount" }),
    client.readContract({ ...staking, functionName: "totalHeld" }),
    client.readContract({ ...committee, functionName: "totalBonded" }),
    client.readContract({ ...committee, functionName: "latestVersion" }),
    readReports(client, config, { count }),
  ]);
  return {
    operatorCount,
    nodeCount,
    totalStaked,
    totalBonded,
    committeeVersion,
    reports: await countedReports(access, reports, nodeCount),
    relayers: await relayersFromChain(access, committeeVersion),
  };
}

/** Reads a page of the newest reports from logs, newest first, and one more to tell whether there is another page. */
export async function reportsFromChain(access: ChainAccess, listing: ReportListing): Promise<ReportSummary[]> {
  const { client, config } = access;
  const [nodeCount, reports] = await Promise.all([
    client.readContract({ address: config.contracts.NodeRegistry, abi: nodeRegistryAbi, functionName: "nodeCount" }),
    readReports(client, config, { count: SEARCHED_REPORTS, ...(listing.shard !== "all" && { shard: listing.shard }) }),
  ]);
  const skip = (listing.page - 1) * REPORTS_PER_PAGE;
  const fitting = (await countedReports(access, reports, nodeCount)).filter((one) => fitsReportListing(one, listing));
  return fitting.slice(skip, skip + REPORTS_PER_PAGE + 1);
}

/** Reads nodes from contract views, at most the first {@link CHAIN_NODE_LIMIT}. */
export async function nodesFromChain(access: ChainAccess): Promise<NodeSummary[]> {
  const { client, config } = access;
  const count = await client.readContract({
    address: config.contracts.NodeRegistry,
    abi: nodeRegistryAbi,
    functionName: "nodeCount",
  });
  const indices = Array.from({ length: Math.min(count, CHAIN_NODE_LIMIT) }, (_, i) => i);
  const shards = [...new Set(indices.map(shardOf))];
  const newest = await Promise.all(shards.map((shard) => readReports(client, config, { count: 1, shard })));
  const owners = new Map<number, Promise<OperatorView>>();
  return Promise.all(
    indices.map((index) => summaryFromChain(access, { index, report: newest[shardOf(index)]?.[0], owners })),
  );
}

/** Reads one node from contract views and logs; undefined when it does not exist. */
export async function nodeFromChain(
  access: ChainAccess,
  nodeIndex: number,
  { epoch, reportableFrom }: HistoryWindow,
): Promise<NodeDetail | undefined> {
  const { client, config } = access;
  const registry = { address: config.contracts.NodeRegistry, abi: nodeRegistryAbi } as const;
  if (nodeIndex >= (await client.readContract({ ...registry, functionName: "nodeCount" }))) return undefined;
  const shard = shardOf(nodeIndex);
  const [reports, intervals, keys, corrections] = await Promise.all([
    readReports(client, config, { count: HISTORY_EPOCHS, shard }),
    intervalsOf(access, nodeIndex),
    keysFromChain(access, nodeIndex),
    correctionsFromChain(access, nodeIndex),
  ]);
  const owners = new Map<number, Promise<OperatorView>>();
  const summary = await summaryFromChain(access, { index: nodeIndex, report: reports[0], owners });
  const operator = await operatorView(access, summary.identityId);
  const from = Math.max(0, epoch - HISTORY_EPOCHS + 1);
  const cells = correctCells(cellsFromReports(reports, nodeIndex % SHARD_SIZE), corrections);
  for (const cell of cells.keys()) if (!isActiveIn(intervals, cell)) cells.delete(cell);
  return {
    ...summary,
    ...operator,
    keys,
    intervals,
    history: epochHistory(cells, { from, to: epoch, intervals, unreported: [], reportableFrom }),
  };
}

/** Attestation keys that the registry published for a node, oldest first. */
export async function keysFromChain({ client, config }: ChainAccess, nodeIndex: number): Promise<PublishedKey[]> {
  const query = {
    address: config.contracts.NodeRegistry,
    abi: nodeRegistryAbi,
    args: { nodeIndex },
    fromBlock: BigInt(config.startBlock),
    strict: true,
  } as const;
  const [registered, rotated] = await Promise.all([
    client.getContractEvents({ ...query, eventName: "NodeRegistered" }),
    client.getContractEvents({ ...query, eventName: "AttestationKeyRotated" }),
  ]);
  const key = (keyHash: Hex, publicKey: Hex, fromEpoch: number, transaction: Hex): PublishedKey => {
    return { keyHash, publicKey, fromEpoch, transaction };
  };
  return [
    ...registered.map((log) => key(log.args.keyHash, log.args.attestationKey, 0, log.transactionHash)),
    ...rotated.map((log) =>
      key(log.args.newKeyHash, log.args.attestationKey, Number(log.args.fromEpoch), log.transactionHash),
    ),
  ];
}

interface OperatorView {
  owner: Address;
  operatorWallet: Address;
  beneficiary: Address;
  rootKey: Hex;
}

async function operatorView({ client, config }: ChainAccess, identityId: number): Promise<OperatorView> {
  const address = config.contracts.NodeRegistry;
  return client.readContract({ address, abi: nodeRegistryAbi, functionName: "operatorOf", args: [identityId] });
}

async function summaryFromChain(
  access: ChainAccess,
  wanted: { index: number; report: ChainReport | undefined; owners: Map<number, Promise<OperatorView>> },
): Promise<NodeSummary> {
  const { client, config } = access;
  const { index, report, owners } = wanted;
  const staking = { address: config.contracts.NodeStaking, abi: nodeStakingAbi, args: [index] } as const;
  const registry = { address: config.contracts.NodeRegistry, abi: nodeRegistryAbi, args: [index] } as const;
  const [node, isBarred, stake, unbondings, intervals] = await Promise.all([
    client.readContract({ ...registry, functionName: "nodeOf" }),
    client.readContract({ ...registry, functionName: "isBarred" }),
    client.readContract({ ...staking, functionName: "stakeOf" }),
    client.readContract({ ...staking, functionName: "unbondingsOf" }),
    intervalsOf(access, index),
  ]);
  const { identityId } = node;
  const operator = owners.get(identityId) ?? operatorView(access, identityId);
  owners.set(identityId, operator);
  const isReported = report && shardOf(index) === report.shard && isActiveIn(intervals, report.epoch);
  const last = isReported && cellsFromReports([report], index % SHARD_SIZE).get(report.epoch);
  const active = intervals.at(-1);
  return {
    nodeIndex: index,
    identityId,
    owner: (await operator).owner,
    stake,
    unbonding: unbondings.reduce((sum, { amount }) => sum + amount, 0n),
    exited: node.exited,
    isBarred,
    ...(active && { active }),
    ...(last && { last }),
  };
}

interface KeptIntervals {
  count: number;
  until: number;
  intervals: Promise<EpochInterval[][]>;
}

const kept = new WeakMap<ChainClient, KeptIntervals>();

/** What reports count, by the nodes that were active. */
async function countedReports(
  access: ChainAccess,
  reports: readonly ChainReport[],
  nodeCount: number,
): Promise<ReportSummary[]> {
  const intervals = await countedIntervals(access, Math.min(nodeCount, COUNTED_NODES));
  return reports
    .filter(({ shard }) => shard * SHARD_SIZE < COUNTED_NODES)
    .map((report) => summaryOf(report, intervals));
}

/** Active epochs of the first `count` nodes, read again only after a while or when there are more nodes. */
function countedIntervals(access: ChainAccess, count: number): Promise<EpochInterval[][]> {
  const known = kept.get(access.client);
  if (known?.count === count && performance.now() < known.until) return known.intervals;
  const intervals = Promise.all(Array.from({ length: count }, (_, index) => intervalsOf(access, index)));
  kept.set(access.client, { count, until: performance.now() + INTERVALS_MS, intervals });
  intervals.catch(() => kept.delete(access.client));
  return intervals;
}

async function intervalsOf({ client, config }: ChainAccess, nodeIndex: number): Promise<EpochInterval[]> {
  const intervals = await client.readContract({
    address: config.contracts.NodeRegistry,
    abi: nodeRegistryAbi,
    functionName: "intervalsOf",
    args: [nodeIndex],
  });
  return intervals.map(({ from, until }) => ({
    from: Number(from),
    ...(until !== FOR_EVER && { until: Number(until) }),
  }));
}

async function relayersFromChain({ client, config }: ChainAccess, version: number): Promise<RelayerSummary[]> {
  if (version === 0) return [];
  const committee = { address: config.contracts.RelayerCommittee, abi: relayerCommitteeAbi } as const;
  const members = await client.readContract({ ...committee, functionName: "membersOf", args: [version] });
  const endpoints = new Map(config.relayers.map(({ address, url }) => [address.toLowerCase(), url]));
  return Promise.all(
    members.map(async (address, seat) => {
      const { bond } = await client.readContract({ ...committee, functionName: "relayerOf", args: [address] });
      return { address, bond, seat, endpoint: endpoints.get(address.toLowerCase()) ?? "" };
    }),
  );
}

function summaryOf(report: ChainReport, intervals: readonly EpochInterval[][]): ReportSummary {
  const { absent, degraded, epoch, shard, round, root, digest, submitter, transaction } = report;
  const active = new Set<number>();
  intervals.slice(shard * SHARD_SIZE, (shard + 1) * SHARD_SIZE).forEach((list, local) => {
    if (isActiveIn(list, epoch)) active.add(local);
  });
  const gone = new Set(absent);
  const absentActive = absent.filter((index) => active.has(index));
  const degradedActive = degraded.filter((index) => active.has(index) && !gone.has(index));
  return {
    ...{ epoch, shard, round, root, digest, submitter, transaction },
    signerCount: report.signers.toString(2).replaceAll("0", "").length,
    attested: active.size - absentActive.length - degradedActive.length,
    absent: absentActive.length,
    degraded: degradedActive.length,
  };
}
