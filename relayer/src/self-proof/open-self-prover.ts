import path from "node:path";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { AgentConfig } from "../agent/config.ts";
import type { Journal } from "../agent/journal.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { openDatabase } from "../store/database.ts";
import type { TransactionAccount } from "../submit/transaction-sender.ts";
import { HOT_WALLET_MIGRATIONS, HotWallet } from "./hot-wallet.ts";
import { createSelfProofMetrics } from "./self-proof-metrics.ts";
import { SelfProver } from "./self-prover.ts";

/** What {@link openSelfProver} needs. */
export interface SelfProverParts {
  config: Pick<AgentConfig, "nodeIndex" | "routes" | "relayers" | "wallet">;
  dataDir: string;
  network: NetworkConfig;
  chain: ChainFollower;
  journal: Journal;
  account: TransactionAccount | undefined;
  metrics: Registry;
  log: Logger;
}

/** A self-prover with its wallet and database. */
export interface OpenedProver {
  start(): void;
  health(): { ok: boolean; reasons: string[] };
  stop(): Promise<void>;
}

/** Opens what an agent needs to look after its own epochs; the wallet's transactions are in `wallet.sqlite`. */
export function openSelfProver(parts: SelfProverParts): OpenedProver {
  const { config, dataDir, network, chain, journal, account, metrics: registry, log } = parts;
  const { wallet: limits, nodeIndex, relayers } = config;
  const db = account && openDatabase(path.join(dataDir, "wallet.sqlite"), HOT_WALLET_MIGRATIONS);
  const wallet =
    db && account && limits
      ? new HotWallet({ ...limits, db, chain, account, lockDirectory: dataDir, log, registry })
      : undefined;
  const prover = new SelfProver({
    ...{ nodeIndex, chain, contracts: network.contracts, journal, wallet, log },
    routes: Math.min(config.routes, relayers.length),
    metrics: createSelfProofMetrics(registry),
  });
  return {
    start: () => prover.start(),
    health: () => wallet?.health() ?? { ok: true, reasons: [] },
    async stop() {
      await prover.stop();
      db?.close();
    },
  };
}
