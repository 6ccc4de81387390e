import { ChainReader } from "../src/chain/chain-reader.ts";
import { ChainState } from "../src/chain/chain-state.ts";
import { FollowedCertificates } from "../src/chain/followed-certificates.ts";
import { createJsonRpcClient } from "../src/chain/json-rpc.ts";
import type { Session } from "./chain-session.ts";
import { usageError } from "./output.ts";

const RPC_TIMEOUT_MS = 10_000;

/** What the chain's events say at one block: nodes, certificates and authorities. */
export interface RecordedState {
  certificates: FollowedCertificates;
  nodes: ChainState["nodes"];
}

/**
 * Reads all events of the deployment up to a block.
 *
 * @param at Default: the newest block. @throws CliError when the chain has no such block of this deployment.
 */
export async function recordedState({ network }: Session, at?: bigint): Promise<RecordedState> {
  const { request } = createJsonRpcClient(network.rpcUrl, RPC_TIMEOUT_MS);
  const reader = new ChainReader(request, network);
  const newest = await reader.block("latest");
  const from = BigInt(network.startBlock);
  if (at !== undefined && (at < from || at > newest.number)) {
    throw usageError(`--block is ${at}, it must be from ${from} to ${newest.number}`);
  }
  const head = at === undefined ? newest : await reader.block(at);
  const state = new ChainState();
  const range = { from, to: head.number, passingFrom: head.number + 1n };
  await reader.eventsOfRange(range, (events) => events.forEach((event) => state.apply(event)));
  const certificates = new FollowedCertificates({
    chainId: network.chainId,
    registry: network.contracts.CertificateRegistry,
    book: () => state.certificates,
    head: () => head,
    nowMs: () => Number(head.timestamp) * 1_000,
  });
  return { certificates, nodes: state.nodes };
}
