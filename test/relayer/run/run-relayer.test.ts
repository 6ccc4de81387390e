import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { attestationLeaf, verifyReportLeaf } from "@pqmesh/contracts/protocol/merkle";
import { expect } from "chai";
import { type Hex, hexToBytes } from "viem";
import type { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { attestationShape, nodesShape, reportShape } from "../../../relayer/src/read/shapes.ts";
import { startAnvil, type TestChain } from "../../helpers/anvil.ts";
import { AttestingNode, MEASUREMENT } from "../../helpers/attesting-node.ts";
import { freePorts, type RelayerPorts, testAuthorityOf, writeRelayerFiles } from "../../helpers/relayer-files.ts";
import {
  addNodes,
  approveMeasurement,
  deployTestNetwork,
  seatCommittee,
  type TestNetwork,
} from "../../helpers/test-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../store/stored-attestations.ts";
import { TestAgent } from "./test-agent.ts";

const PQMESH = path.resolve(import.meta.dirname, "../../../relayer/cli/pqmesh.js");
const EPOCH_SECONDS = 5;
const NODES = [0, 1];

/** A relayer in a process of its own. */
interface Running {
  child: ChildProcess;
  /** Everything it wrote. */
  output: { out: string; err: string };
  ended: Promise<number | null>;
}

describe("relayer program", () => {
  let chain: TestChain;
  let network: TestNetwork;
  let authority: CertificateAuthority;
  let directory: TemporaryDirectory;
  let ports: RelayerPorts;
  let config: string;
  let relayer: Running;
  let agents: TestAgent[];

  before(async function () {
    this.timeout(60_000);
    directory = temporaryDirectory();
    ports = await freePorts();
    chain = await startAnvil();
    network = await deployTestNetwork(chain, { epochSeconds: EPOCH_SECONDS });
    const endpoint = `https://127.0.0.1:${ports.committee}`;
    const [seated] = await seatCommittee(network, [{ accountIndex: 10, endpoint }]);
    await approveMeasurement(network, MEASUREMENT);
    const domain = { chainId: network.config.chainId, bridge: network.config.contracts.AttestationBridge };
    const nodes = NODES.map((nodeIndex) => new AttestingNode(nodeIndex, domain));
    await addNodes(
      network,
      nodes.map(({ publicKey }) => publicKey),
    );
    await chain.mine(16);
    const { genesis } = network.config.epoch;
    const epoch = Math.floor(((await chain.head()).timestamp - genesis) / EPOCH_SECONDS);
    await chain.mineAt(network.epochStart(epoch + 4));
    await chain.rpc("evm_setIntervalMining", 1);
    authority = await testAuthorityOf(network);
    config = await writeRelayerFiles({ directory: directory.path, network, relayer: seated!, authority, ports });
    relayer = await start();
    const target = { port: ports.session, relayer: seated!.address };
    agents = await Promise.all(nodes.map((node) => TestAgent.open({ node, network, authority, target })));
  });

  after(async () => {
    for (const agent of agents ?? []) await agent.close();
    relayer?.child.kill("SIGKILL");
    await chain?.stop();
    directory?.remove();
  });

  function spawnRelayer(): Running {
    const child = spawn(process.execPath, [PQMESH, "relayer", "run", "--config", config], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { out: "", err: "" };
    child.stdout.on("data", (chunk: Buffer) => (output.out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output.err += chunk.toString()));
    return { child, output, ended: once(child, "close").then(([code]) => code as number | null) };
  }

  async function start(): Promise<Running> {
    const running = spawnRelayer();
    await waitUntil(
      "the relayer is healthy",
      async () => {
        if (running.child.exitCode !== null) throw new Error(`the relayer ended: ${running.output.err}`);
        return (await fetch(`http://127.0.0.1:${ports.read}/health`).catch(() => undefined))?.ok ?? false;
      },
      20_000,
    );
    return running;
  }

  async function get(where: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${ports.read}${where}`);
    return response.ok ? response.json() : undefined;
  }

  it("takes attestations and gets them reported", async function () {
    this.timeout(60_000);
    const attested = await Promise.all(agents.map((agent) => agent.attestNow()));
    const { epoch } = attested[0]!;
    await waitUntil("the report is accepted", async () => (await get(`/v1/reports/${epoch}/0`)) !== undefined, 30_000);
    const { report, signatures } = reportShape.parse(await get(`/v1/reports/${epoch}/0`));
    expect(report.absent, "nobody is absent").to.equal("0x");
    expect(signatures, "signed by the one seat").to.have.length(1);
    for (const { nodeIndex, digest } of attested) {
      const answer = attestationShape.parse(await get(`/v1/attestations/${epoch}/${nodeIndex}`));
      const leaf = attestationLeaf(nodeIndex, answer.digest as Hex, hexToBytes(answer.signature as Hex));
      expect(answer.digest, "digest").to.equal(digest);
      expect(verifyReportLeaf(report.root as Hex, nodeIndex, leaf, answer.proof as Hex[]), "proof").to.equal(true);
    }
  });

  it("hears heartbeats", async () => {
    const read = async () => nodesShape.parse(await get("/v1/nodes")).nodes;
    expect((await read()).map(({ nodeIndex, state }) => [nodeIndex, state])).to.deep.equal(
      NODES.map((i) => [i, "live"]),
    );
    await agents[0]!.attestNow();
    await waitUntil("the latency is as signed", async () => (await read())[0]!.latencyMicros === 900);
  });

  it("needs little memory", () => {
    const residentKb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${relayer.child.pid}/status`, "utf8"))![1]);
    expect(residentKb / 1_024, "MB").to.be.lessThan(280);
  });

  it("lets no second process into its data directory", async () => {
    const second = spawnRelayer();
    expect(await second.ended).to.equal(1);
    expect(second.output.err)
      .to.match(/^relayer: .*process \d+/)
      .and.to.have.lengthOf.lessThan(400);
  });

  it("loses nothing to kill -9", async function () {
    this.timeout(60_000);
    const before = await agents[0]!.attestNow();
    relayer.child.kill("SIGKILL");
    await relayer.ended;
    relayer = await start();
    for (const agent of agents) await agent.reconnect();
    expect(agents[0]!.welcome?.head, "head").to.deep.include({ digest: before.digest, epoch: `${before.epoch}` });
    const answer = attestationShape.parse(await get(`/v1/attestations/${before.epoch}/0`));
    expect(answer.digest).to.equal(before.digest);
    const next = await agents[0]!.attestNow();
    expect(next.epoch > before.epoch, "goes on in a later epoch").to.equal(true);
  });

  it("stops within 5 s of SIGTERM", async () => {
    const start = performance.now();
    relayer.child.kill("SIGTERM");
    expect(await relayer.ended, relayer.output.err).to.equal(0);
    expect(performance.now() - start, "ms").to.be.lessThan(5_000);
    expect(relayer.output.out).to.match(/relayer stopped/);
  });

  it("names a wrong field of its configuration", async () => {
    const child = spawn(process.execPath, [PQMESH, "relayer", "run", "--config", directory.file("ca.pem")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let text = "";
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const [code] = (await once(child, "close")) as [number];
    expect(code).to.equal(2);
    expect(text).to.match(/^relayer: config .*ca\.pem is not /);
  });
});
