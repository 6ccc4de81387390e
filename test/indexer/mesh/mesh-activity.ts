import { encodeIndexList } from "@pqmesh/contracts/protocol/report";
import { parseEther, toHex } from "viem";

import type { Random } from "../fixture/random-activity.ts";
import { accountOf, type MeshChain } from "./mesh-chain.ts";
import { certifyAtRandom } from "./mesh-certificates.ts";
import { punishInError } from "./mesh-economy.ts";
import { governAtRandom } from "./mesh-governance.ts";
import { BOB, CAROL, MALLORY, type MeshPeople } from "./mesh-people.ts";
import { makeMeshReport, postMeshReport } from "./mesh-reports.ts";

/** The node with delegators of both kinds, in the pool and unbonding. */
const POOLED = 1;
/** The owner of the nodes at the end of the history; it may have changed back by a reorg. */
const OWNERS = [accountOf(5), MALLORY];

/** Sends calls that people make, as far as the chain lets them: most succeed, some revert. */
export async function actOnMesh(mesh: MeshChain, people: MeshPeople, random: Random, acts: number): Promise<void> {
  for (let i = 0; i < acts; i++) {
    await actOnce(mesh, people, random);
    for (let j = 0; j < 2; j++) await governAtRandom(mesh, random);
    await certifyAtRandom(mesh, random);
  }
}

async function actOnce(mesh: MeshChain, { members }: MeshPeople, random: Random): Promise<void> {
  const node = random(4);
  const amount = parseEther(`${1 + random(300)}`);
  const relayer = members[random(2)]![random(4)]!.address;
  for (const from of OWNERS) {
    switch (random(12)) {
      case 0:
        await mesh.attempt("NodeStaking", "stake", [node, amount], from);
        break;
      case 1:
        await mesh.attempt("NodeStaking", "requestUnbond", [node, amount], from);
        break;
      case 2:
        await mesh.attempt("NodeRegistry", "setOperatorWallet", [1, accountOf(random(20))], from);
        break;
      case 3:
        await mesh.attempt("NodeRegistry", "proposeBeneficiary", [1, accountOf(random(20))], from);
        break;
      case 4:
        await mesh.attempt("RelayerCommittee", "setEndpoint", [`https://relayer-${random(99)}.example`], relayer);
        break;
      case 5: {
        const epoch = BigInt(await mesh.currentEpoch());
        const hash = toHex(random(1_000_000), { size: 32 });
        await mesh.attempt("AttestationBridge", "commitAttestation", [node, epoch, hash], from);
        break;
      }
      case 6:
        await mesh.attempt("RelayerCommittee", "admit", [relayer, random(3)], mesh.timelock);
        break;
      case 7:
      case 8:
      case 9:
      case 10:
        await delegateOnce(mesh, random, { node, amount });
        break;
      default:
        await mesh.attempt("RelayerCommittee", "paySlash", [BigInt(1 + random(4))], MALLORY);
    }
  }
}

/** Delegators, reporters and whoever claims. */
async function delegateOnce(
  mesh: MeshChain,
  random: Random,
  { node, amount }: { node: number; amount: bigint },
): Promise<void> {
  const from = random(2) === 0 ? BOB : CAROL;
  await mesh.attempt("NodeDelegation", "delegate", [node, amount, 0n], from);
  await mesh.attempt("NodeDelegation", "undelegate", [node, amount * 300n, 0n], from);
  if (random(2) === 0) await mesh.attempt("NodeDelegation", "withdrawDelegation", [node, from, 5n], MALLORY);
  if (random(2) === 0) await punishInError(mesh, POOLED, amount);
  if (random(3) === 0) await mesh.attempt("NodeRewards", "claim", [[node, 3 - node]], from);
  const epoch = BigInt((await mesh.currentEpoch()) - 1);
  const evidence = toHex(random(1_000_000), { size: 32 });
  if (random(3) === 0) await mesh.attempt("SlashProposals", "propose", [node, epoch, 100n, evidence], from);
  const proposal = BigInt(4 + random(6));
  await mesh.attempt("SlashProposals", random(2) === 0 ? "execute" : "cancel", [proposal], from);
}

/** Reports the epoch that is due, without leaves: everybody is absent or degraded by chance. */
export async function reportAtRandom(mesh: MeshChain, people: MeshPeople, random: Random): Promise<void> {
  const epoch = (await mesh.currentEpoch()) + 1;
  await mesh.goToEpoch(epoch);
  const due = Number(await mesh.read<bigint>("AttestationBridge", "nextEpoch", [0]));
  const plan = { epoch: Math.max(due, epoch - 2), leaves: new Map(), degraded: random(2) === 0 ? [random(4)] : [] };
  const { report } = await makeMeshReport(mesh, plan);
  if (report.absent === encodeIndexList([])) throw new Error("a report without leaves names nobody absent");
  await postMeshReport(mesh, people, plan);
}
