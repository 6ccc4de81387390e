import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { EPOCH_STATUSES } from "@pqmesh/contracts/protocol/epoch-status";
import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { Command } from "commander";
import { formatEther, type PublicClient } from "viem";
import { naturalArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, withErrors, withNetwork } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { print } from "../output.ts";
import { requireKnownNode } from "../require-known-node.ts";

const RELAYER_TIMEOUT_MS = 3_000;

/** Adds `pqmesh network …` and `pqmesh node …`: everything is read from the chain, live states from the relayers. */
export function addNetworkCommands(program: Command): void {
  const network = withExample(program.command("network").description("the network as a whole"), "network status");
  withExample(withNetwork(network.command("status")), "network status --network data/devnet/network.json --json")
    .description("print epoch, committee, stake and what the relayers see")
    .action(showStatus);

  const node = withExample(program.command("node").description("nodes: keys, activity and uptime"), "node show 3");
  withExample(withNetwork(node.command("show")), "node show 3 --epochs 1000 --json")
    .description("print a node and its uptime over the last epochs")
    .argument("<nodeIndex>", "index of the node")
    .option("--epochs <n>", "epochs to look back", "256")
    .action(showNode);
}

async function showStatus(options: NetworkOptions, command: Command): Promise<void> {
  const { network, client } = await openNetwork(options);
  const { NodeRegistry, NodeStaking, RelayerCommittee, AttestationBridge } = network.contracts;
  const [block, epoch, nodes, staked, version, nextEpoch] = await Promise.all([
    client.getBlock(),
    client.readContract({ address: NodeRegistry, abi: nodeRegistryAbi, functionName: "currentEpoch" }),
    client.readContract({ address: NodeRegistry, abi: nodeRegistryAbi, functionName: "nodeCount" }),
    client.readContract({ address: NodeStaking, abi: nodeStakingAbi, functionName: "totalHeld" }),
    client.readContract({ address: RelayerCommittee, abi: relayerCommitteeAbi, functionName: "latestVersion" }),
    client.readContract({
      address: AttestationBridge,
      abi: attestationBridgeAbi,
      functionName: "nextEpoch",
      args: [0],
    }),
  ]);
  const heard = await Promise.all(network.relayers.map(({ address, url }) => askRelayer(address, url)));
  const liveNodes = new Set(heard.flatMap(({ live }) => live)).size;
  const relayers = heard.map(({ live, ...relayer }) => ({
    ...relayer,
    liveSessions: relayer.error ? null : live.length,
  }));
  const result = {
    block: block.number,
    epoch,
    nodes,
    liveNodes,
    staked,
    committeeVersion: version,
    nextEpoch,
    relayers,
  };
  const rows = [
    `block ${block.number}, epoch ${epoch}, next epoch to report in shard 0: ${nextEpoch}`,
    `${liveNodes} of ${nodes} nodes live, ${formatEther(staked)} MESH staked, committee version ${version}`,
    ...relayers.map(relayerRow),
    "(A node holds sessions with up to three relayers: it is live when any of them hears it.)",
  ];
  print(command, result, rows.join("\n"));
}

/** What a relayer said when it was asked. */
interface HeardRelayer {
  address: string;
  url: string;
  /** Nodes that it hears. */
  live: number[];
  /** Why it gave no answer. */
  error?: string;
}

function relayerRow({
  address,
  url,
  liveSessions,
  error,
}: Omit<HeardRelayer, "live"> & { liveSessions: number | null }) {
  return `relayer ${address} ${url}: ${error ? `no answer (${error})` : `live sessions with ${liveSessions} nodes`}`;
}

async function askRelayer(address: string, url: string): Promise<HeardRelayer> {
  try {
    const response = await fetch(`${url}/v1/nodes`, { signal: AbortSignal.timeout(RELAYER_TIMEOUT_MS) });
    if (!response.ok) return { address, url, live: [], error: `HTTP status ${response.status}` };
    const { nodes } = (await response.json()) as { nodes: { nodeIndex: number; state: string }[] };
    return { address, url, live: nodes.flatMap(({ nodeIndex, state }) => (state === "live" ? [nodeIndex] : [])) };
  } catch (error) {
    return { address, url, live: [], error: (error as Error).message };
  }
}

async function showNode(
  nodeText: string,
  options: NetworkOptions & { epochs: string },
  command: Command,
): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const session = await openNetwork(options);
  await requireKnownNode(session, nodeIndex);
  const { network, client } = session;
  const registry = { address: network.contracts.NodeRegistry, abi: withErrors(nodeRegistryAbi) };
  const [node, isBarred, did, intervals, stake] = await Promise.all([
    client.readContract({ ...registry, functionName: "nodeOf", args: [nodeIndex] }),
    client.readContract({ ...registry, functionName: "isBarred", args: [nodeIndex] }),
    client.readContract({ ...registry, functionName: "did", args: [nodeIndex] }),
    client.readContract({ ...registry, functionName: "intervalsOf", args: [nodeIndex] }),
    client.readContract({
      address: network.contracts.NodeStaking,
      abi: nodeStakingAbi,
      functionName: "stakeOf",
      args: [nodeIndex],
    }),
  ]);
  const uptime = await readUptime({ network, client }, nodeIndex, naturalArgument("--epochs", options.epochs));
  const rows = [
    did,
    `operator ${node.identityId}, shard ${shardOf(nodeIndex)}, ${node.exited ? "exited" : "registered"}, stake ${formatEther(stake)} MESH`,
    `key ${node.keyHash}, ${node.rotations} rotations`,
    `active ${intervals.map(({ from, until }) => `[${from}, ${until === FOR_EVER ? "open" : until})`).join(" ") || "never"}`,
    ...(isBarred
      ? ["barred: its certificate is revoked or on hold (did resolve); the next one, or its release, lifts that"]
      : []),
    `last epoch ${uptime.lastEpoch}: ${uptime.lastStatus}`,
    ...Object.entries(uptime.counts).map(([status, count]) => `${status.padEnd(10)} ${count}`),
  ];
  const shown = intervals.map(({ from, until }) => ({ from, until: until === FOR_EVER ? null : until }));
  print(command, { nodeIndex, did, ...node, isBarred, intervals: shown, stake, uptime }, rows.join("\n"));
}

async function readUptime(
  { network, client }: { network: NetworkConfig; client: PublicClient },
  nodeIndex: number,
  epochs: number,
): Promise<{ counts: Record<string, bigint>; lastEpoch: bigint; lastStatus: string }> {
  const bridge = { address: network.contracts.AttestationBridge, abi: attestationBridgeAbi };
  const shard = shardOf(nodeIndex);
  const [current, next] = await Promise.all([
    client.readContract({ ...bridge, functionName: "currentEpoch" }),
    client.readContract({ ...bridge, functionName: "nextEpoch", args: [shard] }),
  ]);
  const from = current > BigInt(epochs) ? current - BigInt(epochs) : 0n;
  const lastEpoch = next > 0n ? next - 1n : 0n;
  const counts =
    from < current
      ? await client.readContract({ ...bridge, functionName: "uptime", args: [nodeIndex, from, current] })
      : {};
  const last = await client.readContract({ ...bridge, functionName: "statusOf", args: [nodeIndex, lastEpoch] });
  return { counts: { ...counts }, lastEpoch, lastStatus: EPOCH_STATUSES[last]?.toLowerCase() ?? String(last) };
}
