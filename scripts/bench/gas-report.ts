/**
 * Gas of everyday transactions, the same in every run: `node scripts/bench/gas-report.ts`. `npm run check` compares it
 * with test/contracts/gas.json.
 */
import { parseEther } from "ethers";
import hre from "hardhat";
import type { BenchResult } from "./harness.ts";
import { runBench } from "./harness.ts";
import { deployMesh, registerNodes, seatCommittee, seededBytes } from "./mesh-deployment.ts";
import type { MeshDeployment } from "./mesh-deployment.ts";
import { submitReport } from "./submit-report.ts";

/** A transaction as ethers hands it back. */
interface SentTransaction {
  wait(): Promise<{ gasUsed: bigint } | null>;
}

async function gasOf(sent: Promise<SentTransaction>): Promise<number> {
  const receipt = await (await sent).wait();
  if (!receipt) throw new Error("the transaction was not mined");
  return Number(receipt.gasUsed);
}

const firstReportedEpoch = 30;
const stakeAmount = parseEther("1000");

/** Name and measurement of every scenario; they run in this order on one deployment, and one line adds one. */
const scenarios: [name: string, measure: (mesh: MeshDeployment) => Promise<number>][] = [
  ["MeshToken.transfer to a new holder", ({ token, registry }) => gasOf(token.transfer(registry, 1n))],
  [
    "NodeRegistry.registerNode",
    ({ registry }) => gasOf(registry.registerNode(seededBytes("one more node", 1952), seededBytes("metadata", 32))),
  ],
  ["MeshToken.approve", ({ token, staking }) => gasOf(token.approve(staking, 2n * stakeAmount))],
  ["NodeStaking.stake that activates a node", ({ staking }) => gasOf(staking.stake(16, stakeAmount))],
  ["NodeStaking.stake on top", ({ staking }) => gasOf(staking.stake(16, stakeAmount))],
  ["NodeStaking.requestUnbond", ({ staking }) => gasOf(staking.requestUnbond(16, stakeAmount))],
  ["AttestationBridge.submitReport of 17 nodes, 4 of 4, first", (mesh) => report(mesh, firstReportedEpoch)],
  ["AttestationBridge.submitReport of 17 nodes, 4 of 4, next", (mesh) => report(mesh, firstReportedEpoch + 1)],
  [
    "AttestationBridge.submitReport of 17 nodes, 4 of 4, 2 absent",
    (mesh) => report(mesh, firstReportedEpoch + 2, [3, 11]),
  ],
  ["NodeRegistry.exitNode", ({ registry }) => gasOf(registry.exitNode(0))],
];

let members: Awaited<ReturnType<typeof seatCommittee>> = [];

function report(mesh: MeshDeployment, epoch: number, absent: number[] = []): Promise<number> {
  return submitReport(mesh, { epoch, members, signatures: members.length, absent });
}

async function run(): Promise<BenchResult> {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const mesh = await deployMesh();
  await registerNodes(mesh, 16);
  members = await seatCommittee(mesh, 4);
  const metrics: Record<string, number> = {};
  for (const [name, measure] of scenarios) metrics[name] = await measure(mesh);
  const rows = Object.entries(metrics).map(([label, value]) => ({ label, value, unit: "gas" }));
  return { rows, metrics };
}

await runBench({ name: "gas", title: "Gas of everyday transactions", run });
