import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { hashCertificateRequest } from "@pqmesh/contracts/protocol/certificate-request";
import { Gauge, type Registry } from "prom-client";
import { bytesToHex, decodeFunctionResult, encodeFunctionData, type Hex, hexToBytes, keccak256 } from "viem";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { openRenewal } from "../renewal/open-renewal.ts";
import { Health } from "../service/health.ts";
import { createHttpService, serveVitals } from "../service/http-service.ts";
import { createLogger, type Logger, logHealth } from "../service/logger.ts";
import { createMetrics } from "../service/metrics.ts";
import { ownCertificate } from "../service/own-certificate.ts";
import { RevocationFeed } from "../service/revocation-feed.ts";
import type { RunningService } from "../service/run-service.ts";
import { recordedPeers } from "../pki/recorded-peers.ts";
import { VERSION } from "../version.ts";
import type { Delivery } from "../delivery/open-delivery.ts";
import { openHotWallet } from "../self-proof/open-hot-wallet.ts";
import { openSelfProver } from "../self-proof/open-self-prover.ts";
import { Agent } from "./agent.ts";
import { packShares } from "./config.ts";
import { measureBuild } from "./measurement.ts";
import { openAgent, type OpenedAgent } from "./open-agent.ts";
import { followNode, ownSignatures } from "./own-keys.ts";
import type { RelayerTarget } from "./route.ts";

/** Fails health when no relayer took a session for this long. */
const HEALTH_CHECK_MS = 2_000;

/**
 * Starts an agent: opens its state for this process alone, follows the chain, speaks to its relayers.
 *
 * @throws Error in one sentence when the configuration, a key, the chain or the registration is wrong.
 */
export async function startAgent(configFile: string, stopping?: AbortSignal): Promise<RunningService> {
  const opened = await openAgent(configFile);
  const { config } = opened;
  const log = createLogger({ name: `agent-${config.nodeIndex}`, level: config.log.level });
  let chain: ChainFollower | undefined;
  try {
    chain = await followNode(opened, log, stopping);
    requireRegisteredKey(opened, chain);
    opened.credentials.consult(recordedPeers(chain.certificates, opened.network.trustDomain));
    return await runAgent(opened, chain, log);
  } catch (error) {
    await chain?.stop();
    opened.close();
    throw error;
  }
}

async function runAgent(opened: OpenedAgent, chain: ChainFollower, log: Logger): Promise<RunningService> {
  const { config } = opened;
  const { promise: failed, resolve: onFatal } = Promise.withResolvers<Error>();
  const measurement = measureBuild();
  const health = new Health();
  logHealth(health, log);
  const agent = new Agent({
    ...opened,
    nodeIndex: config.nodeIndex,
    agentVersion: VERSION,
    measurement,
    shares: packShares(config.shares),
    storageShareBp: config.shares.storage,
    heartbeatMs: config.heartbeatMs,
    chain,
    relayers: config.relayers as RelayerTarget[],
    routes: config.routes,
    isOwnSignature: ownSignatures(opened, chain),
    readStake: () => readStake(opened, chain),
    journalEntries: config.journalEntries,
    log,
    onFatal: (sentence) => onFatal(new Error(sentence)),
  });
  const metrics = createMetrics("agent");
  const delivery = await openLeases(opened, chain, log);
  const purse = openHotWallet({ ...opened, chain, metrics, log, ...(delivery && { kinds: delivery.kinds }) });
  const prover = openSelfProver({ ...opened, chain, metrics, log, wallet: purse?.wallet });
  const keeper = purse && delivery?.start(purse.wallet);
  const revocation = openRevocationFeed(opened, chain, log);
  const renewal = openNodeRenewal(opened, chain, log);
  const certificate = ownCertificate({ credentials: opened.credentials, chain });
  const parts = { chain, certificate, wallet: purse?.wallet, leases: keeper, revocation, renewal };
  const judge = (): void => judgeHealth(agent, parts, health);
  const watch = setInterval(judge, HEALTH_CHECK_MS);
  const closeVitals = await serveAgentVitals(opened, { agent, health, metrics, log });
  revocation.start();
  renewal?.start();
  agent.start();
  prover.start();
  log.info({ nodeIndex: config.nodeIndex, measurement, sequence: String(agent.figures().sequence) }, "agent runs");
  const stop = async (): Promise<void> => {
    clearInterval(watch);
    await agent.stop();
    await revocation.stop();
    await renewal?.stop();
    await prover.stop();
    await keeper?.stop();
    await purse?.close();
    await chain.stop();
    await closeVitals();
    opened.close();
    log.info("agent stopped");
  };
  return { stop, failed };
}

/** The renewal of the node's certificate, when its configuration names an authority to ask. */
function openNodeRenewal({ config, credentials, renewals, keys }: OpenedAgent, chain: ChainFollower, log: Logger) {
  if (!config.renewal || !renewals) return undefined;
  return openRenewal(config.renewal, {
    ...{ credentials, chain, log, store: renewals },
    holder: { kind: "node", subject: BigInt(config.nodeIndex) },
    sign(request) {
      const registered = chain.keyAt(config.nodeIndex, chain.currentEpoch());
      const signer = keys.find(({ publicKey }) => registered && Buffer.from(publicKey).equals(registered));
      if (!signer) throw new Error("no keystore holds the attestation key that is in force");
      return Promise.resolve(bytesToHex(signer.sign(hexToBytes(hashCertificateRequest(chain.certificates, request)))));
    },
  });
}

function requireRegisteredKey({ config, keys }: OpenedAgent, chain: ChainFollower): void {
  const node = chain.node(config.nodeIndex);
  if (!node)
    throw new Error(
      `node ${config.nodeIndex} is not registered at ${chain.chainId}: register it, then start the agent`,
    );
  const held = keys.map(({ publicKey }) => keccak256(publicKey));
  if (node.keys.some(({ keyHash }) => held.includes(keyHash))) return;
  const registered = node.keys.at(-1)?.keyHash;
  throw new Error(
    `the keystore holds key ${held.join(" and ")}, but node ${config.nodeIndex} is registered with ${registered}`,
  );
}

async function readStake({ network, config }: OpenedAgent, chain: ChainFollower): Promise<bigint> {
  const data = encodeFunctionData({ abi: nodeStakingAbi, functionName: "stakeOf", args: [config.nodeIndex] });
  const call = { to: network.contracts.NodeStaking, data };
  const result = (await chain.request("eth_call", [call, "latest"])) as Hex;
  return decodeFunctionResult({ abi: nodeStakingAbi, functionName: "stakeOf", data: result });
}

/** The serving of leases where it is configured; its code is loaded only then. */
async function openLeases(opened: OpenedAgent, chain: ChainFollower, log: Logger): Promise<Delivery | undefined> {
  const { leases, shares } = opened.config;
  if (!leases) return undefined;
  const { openDelivery } = await import("../delivery/open-delivery.ts");
  return openDelivery({ ...opened, leases, shares: packShares(shares), chain, log });
}

function openRevocationFeed({ config, credentials }: OpenedAgent, chain: ChainFollower, log: Logger): RevocationFeed {
  const { crlUrls: urls, crlSeconds } = config.tls;
  const changedAt = (): bigint => chain.certificates.changedAt();
  return new RevocationFeed({ urls, credentials, changedAt, everyMs: crlSeconds * 1_000, log });
}

/** A part that says how it is doing. */
interface Healthy {
  health(): { ok: boolean; reasons: string[] };
}

function judgeHealth(agent: Agent, parts: Record<string, Healthy | undefined>, health: Health): void {
  const { routes } = agent.figures();
  if (routes === 0) health.degrade("relayers", "no relayer has a session with this agent");
  else health.restore("relayers");
  for (const [name, part] of Object.entries(parts)) {
    const { ok, reasons } = part?.health() ?? { ok: true, reasons: [] };
    if (ok) health.restore(name);
    else health.degrade(name, reasons.join("; "));
  }
}

async function serveAgentVitals(
  { config }: OpenedAgent,
  { agent, health, metrics, log }: { agent: Agent; health: Health; metrics: Registry; log: Logger },
): Promise<() => Promise<void>> {
  registerFigures(metrics, agent);
  const app = createHttpService({ log, bodyLimit: 1_024, places: "there are /health and /metrics" });
  serveVitals(app, { version: VERSION, health, metrics });
  await app.listen(config.listen);
  return () => app.close();
}

function registerFigures(registry: Registry, agent: Agent): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect: function collect() {
        this.set(read());
      },
    });
  };
  gauge("pqmesh_agent_routes", "Relayers with a live session", () => agent.figures().routes);
  gauge("pqmesh_agent_sequence", "Newest attestation signed", () => Number(agent.figures().sequence));
  gauge("pqmesh_agent_last_epoch", "Epoch of the newest attestation", () => Number(agent.figures().lastEpoch ?? -1n));
  gauge("pqmesh_agent_receipts", "Receipts held for the newest attestation", () => agent.figures().receipts);
  gauge("pqmesh_agent_heartbeats", "Heartbeats since the start", () => agent.figures().heartbeats);
}
