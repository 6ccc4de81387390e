import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { expect } from "chai";
import { toFunctionSelector } from "viem";
import type { Report } from "@pqmesh/contracts/protocol/report";
import { startAnvil, type TestChain } from "../../helpers/anvil.ts";
import { AttestingNode, MEASUREMENT } from "../../helpers/attesting-node.ts";
import { challengeLeaf, disputeEvents, disputeTransactions } from "../../helpers/dispute-calls.ts";
import { freePorts, type RelayerPorts, testAuthorityOf, writeRelayerFiles } from "../../helpers/relayer-files.ts";
import {
  addNodes,
  approveMeasurement,
  deployTestNetwork,
  seatCommittee,
  type TestNetwork,
  type TestRelayer,
} from "../../helpers/test-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../store/stored-attestations.ts";
import { TestAgent } from "./test-agent.ts";

const PQMESH = path.resolve(import.meta.dirname, "../../../relayer/cli/pqmesh.ts");
/** Long enough for a relayer to start again on a busy machine while an answer is due. */
const EPOCH_SECONDS = 40;
const RESPOND = toFunctionSelector(
  attestationDisputesAbi.find((item) => item.type === "function" && item.name === "respond")!,
);

describe("challenged relayer", function () {
  this.timeout(120_000);

  let chain: TestChain;
  let network: TestNetwork;
  let directory: TemporaryDirectory;
  let ports: RelayerPorts;
  let config: string;
  let relayer: ChildProcess;
  let agent: TestAgent;

  before(async () => {
    directory = temporaryDirectory();
    ports = await freePorts();
    chain = await startAnvil();
    network = await deployTestNetwork(chain, { epochSeconds: EPOCH_SECONDS });
    const endpoint = `https://127.0.0.1:${ports.committee}`;
    const [seated] = (await seatCommittee(network, [{ accountIndex: 10, endpoint }])) as [TestRelayer];
    await approveMeasurement(network, MEASUREMENT);
    const domain = { chainId: network.config.chainId, bridge: network.config.contracts.AttestationBridge };
    const node = new AttestingNode(0, domain);
    await addNodes(network, [node.publicKey]);
    await chain.mine(16);
    const { genesis } = network.config.epoch;
    const epoch = Math.floor(((await chain.head()).timestamp - genesis) / EPOCH_SECONDS);
    await chain.mineAt(network.epochStart(epoch + 4));
    await chain.rpc("evm_setIntervalMining", 1);
    const authority = await testAuthorityOf(network);
    config = await writeRelayerFiles({ directory: directory.path, network, relayer: seated, authority, ports });
    relayer = await start();
    const target = { port: ports.session, relayer: seated.address };
    agent = await TestAgent.open({ node, network, authority, target });
  });

  after(async () => {
    await agent?.close();
    relayer?.kill("SIGKILL");
    await chain?.stop();
    directory?.remove();
  });

  async function start(): Promise<ChildProcess> {
    const child = spawn(process.execPath, [PQMESH, "relayer", "run", "--config", config], { stdio: "ignore" });
    const isHealthy = async () => (await get("/health"))?.ok ?? false;
    await waitUntil("the relayer is healthy", isHealthy, 30_000);
    return child;
  }

  async function toNextEpoch(): Promise<void> {
    const { genesis } = network.config.epoch;
    const epoch = Math.floor(((await chain.head()).timestamp - genesis) / EPOCH_SECONDS);
    await chain.mineAt(network.epochStart(epoch + 1) + 1);
  }

  const get = (where: string) => fetch(`http://127.0.0.1:${ports.read}${where}`).catch(() => undefined);
  const waiting = async () => Number(await chain.rpc("eth_getBlockTransactionCountByNumber", "pending"));

  it("answers once, though it is killed between sending and mining", async () => {
    await toNextEpoch();
    const { epoch } = await agent.attestNow();
    await toNextEpoch();
    const reported = async () => (await get(`/v1/reports/${epoch}/0`))?.ok ?? false;
    await waitUntil("the report is accepted", reported, 60_000);
    const { report, accepted } = (await (await get(`/v1/reports/${epoch}/0`))!.json()) as {
      report: Omit<Report, "epoch" | "beaconBlock"> & { epoch: string; beaconBlock: string };
      accepted: { signers: string };
    };
    const numbers = { epoch: BigInt(report.epoch), beaconBlock: BigInt(report.beaconBlock) };
    const challenged = { ...report, ...numbers, signers: BigInt(accepted.signers) };
    await challengeLeaf(network, { accepted: challenged, nodeIndex: 0 });
    await chain.rpc("evm_setIntervalMining", 0);
    await waitUntil("the answer is in the mempool", async () => (await waiting()) > 0, 30_000);
    relayer.kill("SIGKILL");
    await once(relayer, "exit");
    expect(await disputeEvents(network, "ChallengeAnswered"), "not mined yet").to.have.length(0);
    relayer = await start();
    await chain.rpc("evm_setIntervalMining", 1);
    await waitUntil(
      "it is answered",
      async () => (await disputeEvents(network, "ChallengeAnswered")).length === 1,
      30_000,
    );
    const { number } = await chain.head();
    await waitUntil("five more blocks", async () => (await chain.head()).number > number + 5, 20_000);
    expect(await disputeTransactions(network, RESPOND), "answers on the chain").to.have.length(1);
    const text = await (await get("/metrics"))!.text();
    expect(text).to.match(/^pqmesh_disputes_unanswered_challenges(\{.*\})? 0$/m);
    expect(text).to.match(/^pqmesh_disputes_unanswerable_challenges(\{.*\})? 0$/m);
  });
});
