import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeSlashingAbi } from "@pqmesh/contracts/generated/node-slashing-abi";
import { type Abi, type Hex, parseEventLogs, type RpcLog } from "viem";
import type { Session } from "./chain-session.ts";
import type { TrustEvent } from "./trust-replay.ts";

/** Blocks asked for at once; endpoints refuse longer ranges. */
const RANGE = 2_000n;
const ABIS = {
  NetworkParameters: networkParametersAbi,
  NodeRegistry: nodeRegistryAbi,
  AttestationBridge: attestationBridgeAbi,
  NodeSlashing: nodeSlashingAbi,
  NodeListings: nodeListingsAbi,
  LeaseEscrow: leaseEscrowAbi,
};
const CONTRACTS = Object.keys(ABIS) as (keyof typeof ABIS)[];
const ABI: Abi = Object.values(ABIS).flat();

type TimedLog = RpcLog & { blockTimestamp?: Hex };

/** Every event that decides about trust, in the order of the chain, up to a block. */
export async function* trustEvents({ client, network }: Session, untilBlock: bigint): AsyncGenerator<TrustEvent> {
  const address = CONTRACTS.map((name) => network.contracts[name]);
  for (let from = BigInt(network.startBlock); from <= untilBlock; from += RANGE) {
    const to = from + RANGE - 1n < untilBlock ? from + RANGE - 1n : untilBlock;
    const range = { address, fromBlock: `0x${from.toString(16)}` as const, toBlock: `0x${to.toString(16)}` as const };
    const logs: TimedLog[] = await client.request({ method: "eth_getLogs", params: [range] });
    for (const log of logs) {
      const [event] = parseEventLogs({ abi: ABI, logs: [log] });
      if (!event) continue;
      const { eventName, args } = event as unknown as { eventName: string; args: TrustEvent["args"] };
      yield { name: eventName, args, timestamp: await timeOf(client, log) };
    }
  }
}

/** Time of a log's block; chain nodes that do not tell it with the log are asked for the block. */
async function timeOf(client: Session["client"], { blockTimestamp, blockNumber }: TimedLog): Promise<bigint> {
  if (blockTimestamp !== undefined) return BigInt(blockTimestamp);
  const { timestamp } = await client.getBlock({ blockNumber: BigInt(blockNumber ?? 0) });
  return timestamp;
}
