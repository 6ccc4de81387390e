import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import type { Report } from "@pqmesh/contracts/protocol/report";
import { summarise } from "@pqmesh/contracts/protocol/report-summary";
import {
  type ContractEventName,
  createPublicClient,
  encodeFunctionData,
  type GetContractEventsReturnType,
  http,
} from "viem";
import type { AcceptedReport } from "../../relayer/src/chain/chain-view.ts";
import { testAccount } from "./anvil.ts";
import type { TestNetwork } from "./test-network.ts";

/** Account that challenges. */
const CHALLENGER = 20;

/** Name of an event of AttestationDisputes. */
export type DisputeEvent = ContractEventName<typeof attestationDisputesAbi>;

/** Challenges a node's leaf with a quarter more than the bond that is asked for; returns the number of the challenge. */
export async function challengeLeaf(
  network: TestNetwork,
  { accepted, nodeIndex }: { accepted: Report & Pick<AcceptedReport, "signers">; nodeIndex: number },
): Promise<bigint> {
  const to = network.config.contracts.AttestationDisputes;
  const client = createPublicClient({ transport: http(network.chain.url) });
  const contract = { address: to, abi: attestationDisputesAbi } as const;
  const bond = await client.readContract({ ...contract, functionName: "challengeBond" });
  // It follows the base fee, which may rise in a block before this transaction's.
  const value = (bond * 5n) / 4n;
  const { epoch, shard, round, committeeVersion, beaconBlock, beacon, root, absent, degraded, quality } = accepted;
  const report = { epoch, shard, round, committeeVersion, beaconBlock, beacon, root, absent, degraded, quality };
  const args = [summarise(report, accepted.signers), absent, nodeIndex] as const;
  const data = encodeFunctionData({ abi: attestationDisputesAbi, functionName: "challenge", args });
  await network.chain.send({ from: testAccount(CHALLENGER).address, to, data, value });
  return client.readContract({ ...contract, functionName: "challengeAbout", args: [nodeIndex, epoch] });
}

/** Events of one name that AttestationDisputes emitted on the current chain. */
export function disputeEvents<Name extends DisputeEvent>(
  { config, chain }: TestNetwork,
  eventName: Name,
): Promise<GetContractEventsReturnType<typeof attestationDisputesAbi, Name>> {
  const client = createPublicClient({ transport: http(chain.url), cacheTime: 0 });
  const address = config.contracts.AttestationDisputes;
  return client.getContractEvents({ address, abi: attestationDisputesAbi, eventName, fromBlock: 0n });
}

/** Successful transactions to AttestationDisputes that call a function, in the order of the chain. */
export async function disputeTransactions({ config, chain }: TestNetwork, selector: string): Promise<string[]> {
  const client = createPublicClient({ transport: http(chain.url), cacheTime: 0 });
  const found: string[] = [];
  for (let number = await client.getBlockNumber(); number > BigInt(config.startBlock); number--) {
    const { transactions } = await client.getBlock({ blockNumber: number, includeTransactions: true });
    const calls = transactions.filter(({ to, input }) => {
      return to?.toLowerCase() === config.contracts.AttestationDisputes.toLowerCase() && input.startsWith(selector);
    });
    found.unshift(...calls.map(({ from }) => from));
  }
  return found;
}
