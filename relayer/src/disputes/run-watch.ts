import path from "node:path";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Registry } from "prom-client";
import type { PrivateKeyAccount } from "viem/accounts";
import { type ChainFollower, followChain } from "../chain/follow-chain.ts";
import { lockInstance } from "../instance-lock.ts";
import { openWallet } from "../keystore/open-wallet.ts";
import { PASSWORD_FILE_VARIABLE, readPassword } from "../keystore/password.ts";
import { Health } from "../service/health.ts";
import { createHttpService, serveVitals } from "../service/http-service.ts";
import { besideConfig, loadConfig } from "../service/load-config.ts";
import { createLogger, type Logger, logHealth } from "../service/logger.ts";
import { createMetrics } from "../service/metrics.ts";
import { readNetworkFile } from "../service/network-file.ts";
import type { RunningService } from "../service/run-service.ts";
import { Teardown } from "../service/teardown.ts";
import { openDatabase } from "../store/database.ts";
import { OUTBOX_MIGRATIONS } from "../submit/outbox-store.ts";
import { createSubmitter } from "../submit/submitter.ts";
import { VERSION } from "../version.ts";
import { disputeKinds } from "./create-disputes.ts";
import { readDisputeConstants } from "./dispute-constants.ts";
import { createDisputeMetrics } from "./dispute-metrics.ts";
import { DisputeSettler } from "./dispute-settler.ts";
import { servedLeaves } from "./leaf-source.ts";
import { type WatchConfig, watchConfigSchema } from "./watch-config.ts";
import { WATCH_MIGRATIONS, WatchStore } from "./watch-store.ts";
import { type WatchActor, Watchtower } from "./watchtower.ts";

/** Milliseconds between two looks at the chain's health. */
const HEALTH_CHECK_MS = 1_000;

interface Base {
  config: WatchConfig;
  network: NetworkConfig;
  dataDir: string;
  account: PrivateKeyAccount | undefined;
  chain: ChainFollower;
  metrics: Registry;
  log: Logger;
  teardown: Teardown;
}

/**
 * Starts a watchtower that belongs to no relayer: anyone may run one.
 *
 * @throws Error in one sentence when the configuration, the wallet, the chain or the database is wrong.
 */
export async function startWatch(configFile: string, stopping?: AbortSignal): Promise<RunningService> {
  const config = loadConfig(configFile, watchConfigSchema);
  const at = (named: string): string => besideConfig(configFile, named);
  const network = readNetworkFile(at(config.network));
  const account = await openAccount(config, { at, network });
  const dataDir = at(config.dataDir);
  const teardown = new Teardown();
  const lock = lockInstance(dataDir, "watchtower");
  teardown.defer(() => lock.release());
  try {
    const log = createLogger({ name: "watchtower", level: config.log.level });
    const chain = await followChain({
      ...{ rpcUrls: config.rpcUrls ?? [network.rpcUrl], network, log },
      ...(stopping && { signal: stopping }),
    });
    teardown.defer(() => chain.stop());
    return await run({ config, network, dataDir, account, chain, metrics: createMetrics("watchtower"), log, teardown });
  } catch (error) {
    await teardown.run().catch(() => undefined);
    throw error;
  }
}

async function openAccount(
  { watch, walletKeystore, passwordFile }: WatchConfig,
  { at, network }: { at: (named: string) => string; network: NetworkConfig },
): Promise<PrivateKeyAccount | undefined> {
  if (watch !== "act" || walletKeystore === undefined) return undefined;
  const password = await readPassword(
    passwordFile === undefined ? process.env : { [PASSWORD_FILE_VARIABLE]: at(passwordFile) },
  );
  return openWallet(at(walletKeystore), { field: "walletKeystore", password, chainId: network.chainId });
}

async function run(base: Base): Promise<RunningService> {
  const { config, network, dataDir, chain, metrics, log, teardown } = base;
  const db = openDatabase(path.join(dataDir, "watchtower.db"), [...OUTBOX_MIGRATIONS, ...WATCH_MIGRATIONS]);
  teardown.defer(() => db.close());
  const { contracts } = network;
  const actor = openActor(base, db);
  const urls = config.relayerUrls ?? network.relayers.map(({ url }) => url);
  const watchtower = new Watchtower({
    ...{ chain, contracts, actor, log },
    sources: urls.map(servedLeaves),
    store: new WatchStore(db),
    constants: await readDisputeConstants(chain, contracts.AttestationDisputes),
    metrics: createDisputeMetrics(metrics),
  });
  teardown.defer(() => watchtower.stop());
  watchtower.start();
  await serve(base);
  log.info({ watch: config.watch, sender: actor?.address, relayers: urls, version: VERSION }, "watchtower runs");
  const stop = async (): Promise<void> => {
    await teardown.run();
    log.info("watchtower stopped");
  };
  return { stop, failed: new Promise(() => undefined) };
}

function openActor(base: Base, db: ReturnType<typeof openDatabase>): WatchActor | undefined {
  const { account, config, network, dataDir, chain, metrics, log, teardown } = base;
  if (!account) return undefined;
  const submitter = createSubmitter({
    ...{ db, chain, account, log, kinds: disputeKinds(chain), lockDirectory: dataDir, registry: metrics },
  });
  teardown.defer(() => submitter.stop());
  const { address } = account;
  const settler = new DisputeSettler({ chain, submitter, contracts: network.contracts, address, isForAll: true, log });
  teardown.defer(() => settler.stop());
  settler.start();
  return { submitter, address, bondBudgetWei: config.bondBudgetWei };
}

async function serve({ config, chain, metrics, log, teardown }: Base): Promise<void> {
  const health = new Health();
  logHealth(health, log);
  const look = setInterval(() => {
    const { ok, reasons } = chain.health();
    if (ok) health.restore("chain");
    else health.degrade("chain", reasons.join("; "));
  }, HEALTH_CHECK_MS);
  teardown.defer(() => clearInterval(look));
  if (!config.listen) return;
  const app = createHttpService({ log, bodyLimit: 1_024, places: "there are /health and /metrics" });
  serveVitals(app, { version: VERSION, health, metrics });
  teardown.defer(() => app.close());
  await app.listen(config.listen);
}
