import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { Logger } from "pino";
import { type ChainFollower, followChain } from "../chain/follow-chain.ts";
import { verifyMlDsa65 } from "../keystore/verify-ml-dsa-65.ts";
import type { OpenedAgent } from "./open-agent.ts";
import type { HeadJudge } from "./provenance-guard.ts";

/** Epochs of which the agent knows the reports: more than any horizon, so that it can prove its own. */
const RETAINED_EPOCHS = 2_048;

/** Follows the chain as far as one node needs it. @throws Error in one sentence when no endpoint serves this deployment. */
export function followNode(
  { config, network, account }: OpenedAgent,
  log: Logger,
  signal?: AbortSignal,
): Promise<ChainFollower> {
  return followChain({
    ...(signal && { signal }),
    rpcUrls: config.rpcUrls,
    network,
    log,
    pollMs: Math.max(1_000, network.epoch.lengthSeconds * 50),
    scope: { nodeIndex: config.nodeIndex, shard: shardOf(config.nodeIndex), withDisputes: account !== undefined },
    retainEpochs: RETAINED_EPOCHS,
  });
}

/**
 * Tells whether a signature is by a key of the keystores or by any key that the chain ever had for this node: a head may be
 * signed by one that was rotated since.
 */
export function ownSignatures({ keys: own, config }: OpenedAgent, chain: ChainFollower): HeadJudge["isOwnSignature"] {
  return (digest, signature) => {
    const registered = chain.node(config.nodeIndex)?.keys ?? [];
    return [...own, ...registered].some(({ publicKey }) => verifyMlDsa65(publicKey, digest, signature));
  };
}
