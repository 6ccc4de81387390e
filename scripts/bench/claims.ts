import { AbiCoder, type ContractTransactionResponse, keccak256, toBeHex } from "ethers";
import { deployMesh, goToEpoch, type MeshDeployment, registerNodes, seatCommittee } from "./mesh-deployment.ts";
import { submitReport } from "./submit-report.ts";

/** First epoch that is reported. */
const FIRST_EPOCH = 30;
/** Words of 256 epochs of a minute in 30 days, and in one. */
const MONTH_WORDS = 169;
const DAY_WORDS = 6;
const ABSENCES = 20;
/** Storage slots of the bridge that can hold the progress of shards. */
const MOST_SLOTS = 64;

/** Gas of claims of a node without delegators, to a wallet that holds MESH and has not delegated its votes. */
export interface ClaimFigures {
  oneDay: number;
  thirtyDays: number;
  /** Closing one word, which the first claim after it does. */
  closedWord: number;
}

/**
 * Makes the shard look as if every epoch up to `next` had been reported with nothing wrong, which is what such reports
 * leave behind apart from their commitments.
 *
 * @throws Error when the bridge stores its progress in another way.
 */
export async function skipReports({ connection, bridge }: MeshDeployment, next: number): Promise<void> {
  const { provider } = connection.ethers;
  const address = await bridge.getAddress();
  const current = (await bridge.nextEpoch(0)) as bigint;
  for (let slot = 0; slot < MOST_SLOTS; slot++) {
    const key = keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [0, slot]));
    const word = BigInt(await provider.getStorage(address, key));
    if (word === 0n || word >> 64n !== current) continue;
    const value = toBeHex((BigInt(next) << 64n) | (word & (2n ** 64n - 1n)), 32);
    await connection.networkHelpers.setStorageAt(address, key, value);
    return;
  }
  throw new Error("no slot holds the progress of the shard");
}

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sending).wait();
  return Number(receipt?.gasUsed ?? 0n);
}

/** Claims of a node that was absent 20 times in a month, each time in another word, and of a healthy day after it. */
export async function measureClaims(): Promise<ClaimFigures> {
  const mesh = await deployMesh();
  const { rewards } = mesh;
  await registerNodes(mesh, 2);
  const members = await seatCommittee(mesh, 4);
  const report = (epoch: number, absent: number[]) =>
    submitReport(mesh, { epoch, members, signatures: members.length, absent });
  await report(FIRST_EPOCH, []);
  const claim = () => gasOf(rewards.claim([0]) as Promise<ContractTransactionResponse>);
  const goToWord = async (word: number) => {
    await skipReports(mesh, word * 256 + 20);
    await goToEpoch(mesh, word * 256 + 20);
    await gasOf(rewards.closeWords(1_000) as Promise<ContractTransactionResponse>);
  };
  await goToWord(1);
  await claim();
  for (let i = 0; i < ABSENCES; i++) {
    const epoch = 256 * (3 + i * 8) + 100;
    await skipReports(mesh, epoch);
    await report(epoch, [0]);
  }
  await goToWord(1 + MONTH_WORDS);
  const thirtyDays = await claim();
  await goToWord(1 + MONTH_WORDS + DAY_WORDS);
  const oneDay = await claim();
  await skipReports(mesh, (2 + MONTH_WORDS + DAY_WORDS) * 256 + 20);
  await goToEpoch(mesh, (2 + MONTH_WORDS + DAY_WORDS) * 256 + 20);
  const closedWord = await gasOf(rewards.closeWords(1) as Promise<ContractTransactionResponse>);
  return { oneDay, thirtyDays, closedWord };
}
