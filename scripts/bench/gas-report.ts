/**
 * Gas of everyday transactions, the same in every run: `node scripts/bench/gas-report.ts`. `npm run check` compares it
 * with test/contracts/gas.json.
 */
import type { Wallet } from "ethers";
import { id, parseEther, ZeroAddress } from "ethers";
import hre from "hardhat";
import type { BenchResult } from "./harness.ts";
import { runBench } from "./harness.ts";
import { leaseMetrics, measureLeases } from "./leases.ts";
import {
  deployMesh,
  goToEpoch,
  type MeshDeployment,
  recentBeacon,
  registerNodes,
  seatCommittee,
  seededBytes,
} from "./mesh-deployment.ts";
import { type ReportScenario, submitReport } from "./submit-report.ts";

/** A transaction as ethers hands it back. */
interface SentTransaction {
  wait(): Promise<{ gasUsed: bigint } | null>;
}

/** What scenarios work on: one deployment, shared in the order of the list. */
interface Stage {
  mesh: MeshDeployment;
  /** Relayers in seat order. */
  members: Wallet[];
}

type Scenario = [name: string, measure: (stage: Stage) => Promise<number>];

const NODES = 16;
const MINIMUM = parseEther("1000");
const UNBONDING_SECONDS = 22 * 86_400;
const FIRST_EPOCH = 30;

const nodesFrom = (start: number, count: number) => Array.from({ length: count }, (_, i) => start + i);

async function gasOf(sent: Promise<SentTransaction>): Promise<number> {
  const receipt = await (await sent).wait();
  if (!receipt) throw new Error("the transaction was not mined");
  return Number(receipt.gasUsed);
}

async function report({ mesh, members }: Stage, epoch: number, lists: Partial<ReportScenario> = {}): Promise<number> {
  const gas = await submitReport(mesh, { epoch, members, signatures: members.length, ...lists });
  return gas.withoutZeroBytes;
}

const operatorScenarios: Scenario[] = [
  ["MeshToken.transfer to a new holder", ({ mesh }) => gasOf(mesh.token.transfer(mesh.registry, 1n))],
  ["MeshToken.approve", ({ mesh }) => gasOf(mesh.token.approve(mesh.staking, 10n * MINIMUM))],
  [
    "NodeRegistry.registerOperator",
    async ({ mesh }) => {
      const [, , another] = await mesh.connection.ethers.getSigners();
      const registry = mesh.registry.connect(another) as typeof mesh.registry;
      return gasOf(registry.registerOperator(ZeroAddress, ZeroAddress, id("another root key")));
    },
  ],
  [
    "NodeRegistry.registerNode",
    ({ mesh }) => gasOf(mesh.registry.registerNode(seededBytes("one more node", 1952), seededBytes("metadata", 32))),
  ],
  ["NodeStaking.stake that activates a node", ({ mesh }) => gasOf(mesh.staking.stake(NODES, MINIMUM))],
  ["NodeStaking.stake on top", ({ mesh }) => gasOf(mesh.staking.stake(NODES, MINIMUM))],
  ["NodeStaking.requestUnbond, first", ({ mesh }) => gasOf(mesh.staking.requestUnbond(NODES, MINIMUM / 2n))],
  ["NodeStaking.requestUnbond, next", ({ mesh }) => gasOf(mesh.staking.requestUnbond(NODES, MINIMUM / 4n))],
  ["NodeStaking.cancelUnbond", ({ mesh }) => gasOf(mesh.staking.cancelUnbond(NODES, 1))],
];

const bridgeScenarios: Scenario[] = [
  ["AttestationBridge.approveMeasurement", ({ mesh }) => gasOf(mesh.bridge.approveMeasurement(id("agent build")))],
  ["AttestationBridge.submitReport, first of a shard", (stage) => report(stage, FIRST_EPOCH)],
  ["AttestationBridge.submitReport, all present", (stage) => report(stage, FIRST_EPOCH + 1)],
  ["AttestationBridge.submitReport, 5 absent", (stage) => report(stage, FIRST_EPOCH + 2, { absent: nodesFrom(0, 5) })],
  [
    "AttestationBridge.submitReport, same 5 absent again",
    (stage) => report(stage, FIRST_EPOCH + 3, { absent: nodesFrom(0, 5) }),
  ],
  [
    "AttestationBridge.submitReport, 5 absent and 5 degraded",
    (stage) => report(stage, FIRST_EPOCH + 4, { absent: nodesFrom(10, 5), degraded: nodesFrom(20, 5) }),
  ],
  [
    "AttestationBridge.submitReport, 64 absent",
    (stage) => report(stage, FIRST_EPOCH + 5, { absent: nodesFrom(100, 64) }),
  ],
  [
    "AttestationBridge.submitReport, 65 absent",
    (stage) => report(stage, FIRST_EPOCH + 6, { absent: nodesFrom(200, 65) }),
  ],
  [
    "AttestationBridge.submitReport, 512 absent",
    (stage) => report(stage, FIRST_EPOCH + 7, { absent: nodesFrom(0, 512) }),
  ],
  ["AttestationBridge.submitReport after 256 missed epochs", (stage) => report(stage, FIRST_EPOCH + 264)],
  [
    "AttestationBridge.commitAttestation",
    async ({ mesh }) => gasOf(mesh.bridge.commitAttestation(0, await mesh.bridge.currentEpoch(), id("attestation"))),
  ],
  [
    "AttestationBridge.recordBeacon",
    async ({ mesh }) => gasOf(mesh.bridge.recordBeacon((await recentBeacon(mesh)).number)),
  ],
  ["AttestationBridge.uptime of a node that was absent", ({ mesh }) => gasOfUptime(mesh, 0)],
  ["AttestationBridge.uptime of a healthy node", ({ mesh }) => gasOfUptime(mesh, 15)],
  [
    "AttestationBridge.markUnreported of 10,000 epochs",
    async ({ mesh }) => {
      await goToEpoch(mesh, 11_000);
      return gasOf(mesh.bridge.markUnreported(0, 10_000));
    },
  ],
];

const laterScenarios: Scenario[] = [
  [
    "NodeStaking.withdraw",
    async ({ mesh }) => {
      await mesh.connection.networkHelpers.time.increase(UNBONDING_SECONDS);
      return gasOf(mesh.staking.withdraw(NODES, 1));
    },
  ],
  ["NodeRegistry.exitNode", ({ mesh }) => gasOf(mesh.registry.exitNode(0))],
  ["RelayerCommittee.bond on top", ({ mesh, members }) => bondOnTop(mesh, members[0])],
  [
    "RelayerCommittee.setCommittee of 4",
    ({ mesh, members }) => gasOf(mesh.committee.setCommittee(members.map(({ address }) => address))),
  ],
];

async function gasOfUptime({ bridge }: MeshDeployment, node: number): Promise<number> {
  return Number(await bridge.uptime.estimateGas(node, FIRST_EPOCH, FIRST_EPOCH + 256));
}

async function bondOnTop({ token, committee }: MeshDeployment, member: Wallet): Promise<number> {
  await token.transfer(member.address, MINIMUM);
  await (token.connect(member) as typeof token).approve(committee, MINIMUM);
  const bonding = committee.connect(member) as typeof committee;
  return gasOf(bonding.bond(MINIMUM, "0x", "https://relayer.example"));
}

async function run(): Promise<BenchResult> {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const mesh = await deployMesh();
  await registerNodes(mesh, NODES);
  const stage = { mesh, members: await seatCommittee(mesh, 4) };
  const metrics: Record<string, number> = {};
  for (const [name, measure] of [...operatorScenarios, ...bridgeScenarios, ...laterScenarios]) {
    metrics[name] = await measure(stage);
  }
  for (const [name, gas] of Object.entries(leaseMetrics(await measureLeases()))) metrics[`LeaseEscrow, ${name}`] = gas;
  const rows = Object.entries(metrics).map(([label, value]) => ({ label, value, unit: "gas" }));
  return { rows, metrics };
}

await runBench({ name: "gas", title: "Gas of everyday transactions", run });
