import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { AgentConfig } from "../agent/config.ts";
import type { Journal } from "../agent/journal.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { HotWallet } from "./hot-wallet.ts";
import { createSelfProofMetrics } from "./self-proof-metrics.ts";
import { SelfProver } from "./self-prover.ts";

/** What {@link openSelfProver} needs. */
export interface SelfProverParts {
  config: Pick<AgentConfig, "nodeIndex" | "routes" | "relayers">;
  network: NetworkConfig;
  chain: ChainFollower;
  journal: Journal;
  wallet: HotWallet | undefined;
  metrics: Registry;
  log: Logger;
}

/** Opens what an agent needs to look after its own epochs. */
export function openSelfProver(parts: SelfProverParts): SelfProver {
  const { config, network, chain, journal, wallet, metrics: registry, log } = parts;
  const { nodeIndex, relayers } = config;
  return new SelfProver({
    ...{ nodeIndex, chain, contracts: network.contracts, journal, wallet, log },
    routes: Math.min(config.routes, relayers.length),
    metrics: createSelfProofMetrics(registry),
  });
}
