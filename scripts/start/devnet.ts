import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { FastifyInstance } from "fastify";
import { developmentAccount } from "./accounts.ts";
import { announcement, count } from "./announcement.ts";
import { compileCacheEnvironment, startBuilds } from "./builds.ts";
import { authorityTerms, type DevnetCertificates, issueCertificates } from "./certificates.ts";
import { chainNodeSpec, type ChainNodeClient, connectChainNode } from "./chain-node.ts";
import { claimDataDir, type DataDir, noteComplete, prepareDataDir } from "./data-dir.ts";
import type { InstanceLock } from "../../relayer/src/instance-lock.ts";
import { measureBuild } from "../../relayer/src/agent/measurement.ts";
import { Faucet } from "./faucet.ts";
import { FirstVote } from "./first-vote.ts";
import { Genesis } from "./genesis.ts";
import { GenesisWallet } from "./genesis-wallet.ts";
import { type DevnetIdentities, makeIdentities } from "./identities.ts";
import { Market } from "./market.ts";
import { countLiveNodes, countReports, fetchJson } from "./observe.ts";
import type { StartOptions } from "./options.ts";
import { type PlannedPort, requireFreePorts } from "./ports.ts";
import { agentSpec, indexerSpec, relayerSpec, servicePorts } from "./processes.ts";
import { hostNames, writeServiceConfigs } from "./service-configs.ts";
import { startSite } from "./site.ts";
import { type StartStatus, writeStatus } from "./status-file.ts";
import { StepPrinter } from "./step-printer.ts";
import { type ProcessSpec, Supervisor } from "./supervisor.ts";
import { waitFor } from "./wait-for.ts";

const run = promisify(execFile);

/** How long the parts of a killed start may take to end before the next one gives up. */
const ENDING_MS = 10_000;

/** A deployment, and for a new one what is left to do once its agents run. */
interface PreparedNetwork {
  network: NetworkConfig;
  stakeNodes?: () => Promise<void>;
}

/** A network on this machine, from nothing to running, and back. */
export class Devnet {
  readonly #root: string;
  readonly #options: StartOptions;
  readonly #abort = new AbortController();
  readonly #startedAt = performance.now();
  readonly #urls: Record<"rpc" | "indexer" | "dapp", string>;
  readonly #steps = new StepPrinter(process.stdout);
  #supervisor: Supervisor | undefined;
  #site: FastifyInstance | undefined;
  #buildsEnded: Promise<void> | undefined;
  #lock: InstanceLock | undefined;
  /** Notes that what runs can be kept, once that is so. */
  #noteComplete: () => boolean = () => true;
  #status: StartStatus;
  #fail: (error: Error) => void = () => undefined;
  #stopping: Promise<void> | undefined;

  constructor(root: string, options: StartOptions) {
    this.#root = root;
    this.#options = options;
    const { host, chainPort, indexerPort, dappPort } = options;
    const url = (port: number): string => `http://${host}:${port}`;
    this.#urls = { rpc: url(chainPort), indexer: url(indexerPort), dapp: url(dappPort) };
    this.#status = {
      state: "starting",
      pid: process.pid,
      chainId: 31_337,
      urls: {},
      ports: {},
      contracts: {},
      pids: {},
      dataDir: options.dataDir,
      logDir: path.join(options.dataDir, "logs"),
    };
  }

  /** Brings everything up and watches it; rejects when the network cannot (go on to) run, else never settles. */
  async run(): Promise<void> {
    const broken = new Promise<never>((_, reject) => (this.#fail = reject));
    const up = this.#bringUp();
    await Promise.race([up, broken]);
    await broken;
  }

  /** Ends every process that was started. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopOnce();
    return this.#stopping;
  }

  async #stopOnce(): Promise<void> {
    const hasBegun = this.#buildsEnded !== undefined;
    if (hasBegun) console.log("\nStopping …");
    this.#note({ state: "stopping" });
    this.#abort.abort(new Error("stopped"));
    await this.#buildsEnded;
    await this.#site?.close();
    await this.#supervisor?.stopAll();
    this.#noteComplete();
    this.#lock?.release();
    if (hasBegun) console.log("Everything that was started has ended.");
  }

  async #bringUp(): Promise<void> {
    const { options, ports } = { options: this.#options, ports: plannedPorts(this.#options) };
    const { lock, wasKilled } = claimDataDir(options);
    this.#lock = lock;
    await requireFreePorts(options.host, ports, wasKilled ? ENDING_MS : 0);
    const data = prepareDataDir(options);
    this.#supervisor = new Supervisor(data.logs, smallProcessEnvironment(this.#root), (spec, sentence) =>
      this.#partEnded(spec, sentence),
    );
    const portsByPart = Object.fromEntries(ports.map(({ part, port }) => [part, port]));
    this.#note({ ports: portsByPart });
    const builds = startBuilds(this.#root, options, this.#abort.signal);
    this.#buildsEnded = builds.ended;
    const identities = data.kept ? undefined : this.#makeIdentities();
    const [client] = await Promise.all([
      this.#step("starting the chain node", () => this.#startChain(data)),
      this.#step("compiling the contracts (only when they changed)", () => builds.contracts),
    ]);
    const { network, stakeNodes }: PreparedNetwork = identities
      ? await this.#newNetwork(data, { client, identities })
      : await this.#keptNetwork(data.kept!, client);
    await client.mine("every-second");
    this.#note({ contracts: network.contracts });
    await this.#step("building the subgraph", () => builds.services);
    const services = `the indexer, ${count(options.relayers, "relayer")} and ${count(options.nodes, "agent")}`;
    await this.#step(`starting ${services}`, () => this.#startServices(data, network));
    if (options.dapp) await this.#step("building the dApp", () => builds.dapp);
    await this.#startSite(data, network);
    await this.#step("waiting for live nodes", () => this.#waitForLiveNodes(network));
    if (stakeNodes) await this.#step("staking the nodes: they are active in two epochs", stakeNodes);
    if (options.keep && !data.kept) this.#completeWhenSaved(data);
    this.#announce(network);
    const life = stakeNodes ? this.#bringToLife(network) : Promise.resolve();
    await Promise.all([this.#watchForFirstReport(network), life]);
  }

  async #startChain(data: DataDir): Promise<ChainNodeClient> {
    const { host, chainPort: port, keep } = this.#options;
    this.#start(chainNodeSpec(this.#root, { host, port, stateFile: keep ? data.chainState : undefined }));
    return connectChainNode(this.#urls.rpc, this.#abort.signal);
  }

  /** Nodes are staked when their agents run, so that no node of a fresh devnet is absent in its first epochs. */
  async #newNetwork(
    data: DataDir,
    { client, identities }: { client: ChainNodeClient; identities: Promise<DevnetIdentities> },
  ): Promise<PreparedNetwork> {
    const network = await this.#step("deploying the contracts", () => this.#deploy(data));
    const made = await identities;
    const certificates = await this.#step("writing keystores, certificates and configurations", async () => {
      const issued = await issueCertificates(made, network, hostNames(this.#options.host));
      writeServiceConfigs({
        ...{ root: this.#root, options: this.#options, data, network },
        ...{ identities: made, certificates: issued },
      });
      return issued;
    });
    const genesis = new Genesis(network, client);
    const view = genesisView(made, certificates, network);
    await this.#step("laying the genesis state", () => genesis.lay(view));
    return { network, stakeNodes: () => genesis.stakeNodes(view) };
  }

  /** Begins while the contracts are compiled; who awaits it learns of a failure. */
  #makeIdentities(): Promise<DevnetIdentities> {
    const identities = this.#step("making keys and the certificate authority", () => makeIdentities(this.#options));
    identities.catch(() => undefined);
    return identities;
  }

  /** A chain from an earlier start goes on; the agents' build may be another by now. */
  async #keptNetwork(network: NetworkConfig, client: ChainNodeClient): Promise<PreparedNetwork> {
    await this.#step("going on with the kept chain", () => client.mineOverGap());
    const isNew = await new Genesis(network, client).approveBuild(measureBuild());
    if (isNew) this.#steps.say("  ✓ approving the changed agents' build: they attest again in two epochs");
    return { network };
  }

  #completeWhenSaved(data: DataDir): void {
    const laidAt = Date.now();
    this.#noteComplete = () => noteComplete(data, this.#options, laidAt);
    const saved = (): Promise<true | undefined> => Promise.resolve(this.#noteComplete() || undefined);
    waitFor("a saved state of the chain", saved, { signal: this.#abort.signal }).catch((error: Error) => {
      if (!this.#abort.signal.aborted) console.error(`${error.message}: this network cannot be kept`);
    });
  }

  async #deploy(data: DataDir): Promise<NetworkConfig> {
    const { epochSeconds, relayers, host } = this.#options;
    const file = path.join(data.root, "deployment.json");
    const script = path.join(this.#root, "scripts/start/deploy-devnet.ts");
    const env = { ...process.env, PQMESH_RPC_URL: this.#urls.rpc };
    await run(process.execPath, [script, String(epochSeconds), file], {
      cwd: this.#root,
      env,
      signal: this.#abort.signal,
    });
    const deployment = JSON.parse(readFileSync(file, "utf8")) as Pick<
      NetworkConfig,
      "chainId" | "epoch" | "startBlock" | "contracts"
    >;
    const { read, session } = servicePorts(this.#options);
    const network: NetworkConfig = {
      name: "PQMesh devnet",
      ...deployment,
      rpcUrl: this.#urls.rpc,
      indexerUrl: this.#urls.indexer,
      relayers: Array.from({ length: relayers }, (_, i) => ({
        address: developmentAccount("relayer", deployment.chainId, i).address,
        url: `http://${host}:${read(i)}`,
        session: `${host}:${session(i)}`,
      })),
      faucetUrl: `${this.#urls.dapp}/faucet`,
      trustDomain: "devnet.pqmesh",
    };
    mkdirSync(data.root, { recursive: true });
    writeFileSync(data.network, `${JSON.stringify(network, null, 2)}\n`);
    return network;
  }

  async #startServices(data: DataDir, network: NetworkConfig): Promise<void> {
    const { relayers, nodes } = this.#options;
    for (let i = 0; i < relayers; i++) this.#start(relayerSpec(this.#root, data, i));
    this.#start(indexerSpec(this.#root, data));
    for (let i = 0; i < nodes; i++) this.#start(agentSpec(this.#root, data, i));
    const healths = [...network.relayers.map(({ url }) => url), network.indexerUrl];
    await Promise.all(
      healths.map((url) =>
        waitFor(`an answer of ${url}/health`, () => fetchJson(`${url}/health`), {
          timeoutMs: 60_000,
          signal: this.#abort.signal,
        }),
      ),
    );
  }

  async #startSite(data: DataDir, network: NetworkConfig): Promise<void> {
    const { host, dappPort, dapp } = this.#options;
    const faucetWallet = new GenesisWallet(developmentAccount("faucet", network.chainId), network.rpcUrl);
    this.#site = await startSite({
      host,
      port: dappPort,
      network,
      faucet: new Faucet(faucetWallet, network.contracts),
      dist: dapp ? path.join(this.#root, "dapp/dist") : undefined,
      logFile: path.join(data.logs, "site.log"),
    });
  }

  async #waitForLiveNodes(network: NetworkConfig): Promise<void> {
    const { nodes } = this.#options;
    const enough = async (): Promise<true | undefined> => ((await countLiveNodes(network)) >= nodes ? true : undefined);
    await waitFor(`live heartbeats of ${nodes} nodes`, enough, {
      timeoutMs: 90_000,
      everyMs: 500,
      signal: this.#abort.signal,
    });
  }

  async #watchForFirstReport(network: NetworkConfig): Promise<void> {
    const seen = async (): Promise<true | undefined> => ((await countReports(network)) > 0 ? true : undefined);
    const timeoutMs = 20 * this.#options.epochSeconds * 1_000;
    await waitFor("the first report on chain", seen, { timeoutMs, everyMs: 1_000, signal: this.#abort.signal });
    console.log(`First report on chain and in the indexer after ${this.#elapsed()} s.`);
  }

  /** A market, then a vote: both are made with the operators' wallets. */
  async #bringToLife(network: NetworkConfig): Promise<void> {
    const { signal } = this.#abort;
    await this.#attempt("The market was not opened", () => new Market(network, this.#options).open(signal));
    await this.#attempt("There is no first vote", () =>
      new FirstVote(network, this.#options).open(this.#urls.dapp, signal),
    );
  }

  /** Says what came of something without which the network is whole: a failure ends nothing. */
  async #attempt(failure: string, work: () => Promise<string>): Promise<void> {
    try {
      console.log(await work());
    } catch (error) {
      if (!this.#abort.signal.aborted) console.error(`${failure}: ${(error as Error).message}`);
    }
  }

  #announce(network: NetworkConfig): void {
    const seconds = Number(this.#elapsed());
    const { dapp, ...urls } = this.#urls;
    const relayers = Object.fromEntries(network.relayers.map(({ url }, i) => [`relayer-${i}`, url]));
    this.#note({
      state: "ready",
      urls: { ...urls, ...(this.#options.dapp && { dapp }), ...relayers },
      secondsToFirstData: seconds,
    });
    console.log(announcement({ options: this.#options, network, urls: this.#urls, seconds }));
  }

  #start(spec: ProcessSpec): void {
    this.#supervisor!.start(spec);
    this.#note({});
  }

  #partEnded(spec: ProcessSpec, sentence: string): void {
    this.#note({});
    if (spec.vital) this.#fail(new Error(sentence));
    else this.#steps.say(`${sentence}${spec.restartHint ? `\n  Bring it back with: ${spec.restartHint}` : ""}`);
  }

  async #step<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.#abort.signal.throwIfAborted();
    return this.#steps.run(what, work);
  }

  #note(change: Partial<StartStatus>): void {
    this.#status = { ...this.#status, ...change, pids: this.#supervisor?.pids() ?? {} };
    writeStatus(this.#options.jsonStatus, this.#status);
  }

  #elapsed(): string {
    return ((performance.now() - this.#startedAt) / 1000).toFixed(1);
  }
}

function genesisView(
  identities: DevnetIdentities,
  { issuances }: DevnetCertificates,
  { chainId }: NetworkConfig,
): Parameters<Genesis["lay"]>[0] {
  const { operators, nodes, relayers, measurement } = identities;
  return {
    authority: authorityTerms(identities, developmentAccount("relayer", chainId).address),
    certificates: issuances,
    operatorRootKeys: operators.map(({ rootPublicKey }) => rootPublicKey),
    nodes: nodes.map(({ operator, attestationPublicKey }) => ({ operator, attestationKey: attestationPublicKey })),
    relayers: relayers.map(({ mldsaPublicKey, endpoint }) => ({ mldsaKey: mldsaPublicKey, endpoint })),
    measurement,
  };
}

/** Many processes share this machine: little memory for short-lived objects, and nothing is compiled twice. */
function smallProcessEnvironment(root: string): Record<string, string> {
  return { ...compileCacheEnvironment(root), NODE_OPTIONS: "--max-semi-space-size=1", MALLOC_ARENA_MAX: "1" };
}

function plannedPorts(options: StartOptions): PlannedPort[] {
  const ports = servicePorts(options);
  const planned: PlannedPort[] = [
    { port: options.chainPort, part: "chain", option: "chain-port" },
    { port: options.indexerPort, part: "indexer", option: "indexer-port" },
    { port: options.dappPort, part: options.dapp ? "dapp" : "faucet", option: "dapp-port" },
  ];
  for (let i = 0; i < options.relayers; i++) {
    planned.push(
      { port: ports.session(i), part: `relayer-${i}-session`, option: "service-port" },
      { port: ports.committee(i), part: `relayer-${i}-committee`, option: "service-port" },
      { port: ports.read(i), part: `relayer-${i}-read`, option: "service-port" },
    );
  }
  for (let i = 0; i < options.nodes; i++) {
    planned.push({ port: ports.agent(i), part: `agent-${i}`, option: "service-port" });
  }
  for (let i = 0; i < options.operators; i++) {
    planned.push({ port: ports.lease(i), part: `agent-${i}-leases`, option: "service-port" });
  }
  return planned;
}
