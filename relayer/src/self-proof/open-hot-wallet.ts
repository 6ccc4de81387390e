import path from "node:path";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { AgentConfig } from "../agent/config.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { openDatabase } from "../store/database.ts";
import type { IntentKind } from "../submit/intent.ts";
import type { TransactionAccount } from "../submit/transaction-sender.ts";
import { HOT_WALLET_MIGRATIONS, HotWallet } from "./hot-wallet.ts";

/** What {@link openHotWallet} needs. */
export interface HotWalletParts {
  config: Pick<AgentConfig, "wallet">;
  dataDir: string;
  chain: ChainFollower;
  account: TransactionAccount | undefined;
  /** Kinds of intents beside those that defend the node's epochs. */
  kinds?: readonly IntentKind[];
  metrics: Registry;
  log: Logger;
}

/** A wallet with its database. */
export interface OpenedWallet {
  wallet: HotWallet;
  /** Stops sending and closes the database. */
  close(): Promise<void>;
}

/** Opens the wallet of an agent, undefined where none is configured; its transactions are in `wallet.sqlite`. */
export function openHotWallet(parts: HotWalletParts): OpenedWallet | undefined {
  const { config, dataDir, chain, account, kinds = [], metrics: registry, log } = parts;
  if (!account || !config.wallet) return undefined;
  const db = openDatabase(path.join(dataDir, "wallet.sqlite"), HOT_WALLET_MIGRATIONS);
  const options = { db, chain, account, lockDirectory: dataDir, kinds, log, registry };
  const wallet = new HotWallet({ ...config.wallet, ...options });
  return {
    wallet,
    async close() {
      await wallet.stop();
      db.close();
    },
  };
}
