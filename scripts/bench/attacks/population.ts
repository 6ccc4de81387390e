import { FREE_MESH, MESH, PEOPLE } from "./assumptions.ts";
import { seededRandom } from "./seeded.ts";
import { addressOf, ageAndSync, makeOperator, pay, type Stage } from "./stage.ts";
import { MaxUint256 } from "ethers";

/** Somebody honest: `weight` is units of the root of one MESH, or MESH of a holder. */
export interface Person {
  account: string;
  weight: number;
  /** Stake and locked MESH of an identity, free MESH of a holder. */
  mesh: number;
}

/** Who there is, after everything has aged. */
export interface Population {
  identities: Person[];
  holders: Person[];
  /** Units of all honest identities. */
  units: number;
}

const FIRST_NULLIFIER = 2n ** 32n;
const FOR_LONG = 2n ** 40n;

/** Sizes between two bounds whose logarithms are spread evenly, rounded. */
function sizes(count: number, [least, most]: [number, number], grain: number, random: () => number): number[] {
  return Array.from({ length: count }, () => Math.round((least * (most / least) ** random()) / grain) * grain);
}

async function addVoters(stage: Stage, locks: number[]): Promise<Person[]> {
  const { send, dao, QuadraticVotes, MeshToken, AdmittedIdentities } = stage;
  const accounts = locks.map((_, i) => addressOf(`voter ${i}`));
  const admissions = accounts.map((account, i) => [account, FIRST_NULLIFIER + BigInt(i), FOR_LONG]);
  await dao(AdmittedIdentities, "admitMany", [admissions]);
  for (const [i, account] of accounts.entries()) {
    await pay(stage, account, locks[i] ?? 0);
    await send(account, MeshToken, "approve", [await QuadraticVotes.getAddress(), MaxUint256]);
    await send(account, QuadraticVotes, "lock", [BigInt(locks[i] ?? 0) * MESH]);
  }
  return accounts.map((account, i) => ({ account, mesh: locks[i] ?? 0, weight: Math.sqrt(locks[i] ?? 0) }));
}

async function addHolders(stage: Stage, shares: number[]): Promise<Person[]> {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const holders: Person[] = [];
  for (const [i, share] of shares.entries()) {
    const mesh = Math.round((FREE_MESH * share) / total);
    const account = addressOf(`holder ${i}`);
    await pay(stage, account, mesh);
    await stage.send(account, stage.MeshToken, "delegate", [account]);
    holders.push({ account, mesh, weight: mesh });
  }
  return holders;
}

/** Makes everybody honest, and lets them age. */
export async function populate(stage: Stage, seed: number): Promise<Population> {
  const random = seededRandom(seed);
  const operators: Person[] = [];
  const synced: bigint[] = [];
  for (const [i, mesh] of sizes(PEOPLE.operators, [10_000, 160_000], 1_000, random).entries()) {
    const account = addressOf(`operator ${i}`);
    const { identity } = await makeOperator(stage, account, mesh);
    operators.push({ account, mesh, weight: Math.sqrt(mesh) });
    synced.push(identity);
  }
  const voters = await addVoters(stage, sizes(PEOPLE.voters, [500, 20_000], 100, random));
  const holders = await addHolders(stage, sizes(PEOPLE.holders, [1_000, 8_000], 1, random));
  await ageAndSync(stage, [...synced, ...voters.map((_, i) => FIRST_NULLIFIER + BigInt(i))]);
  const identities = [...operators, ...voters];
  return { identities, holders, units: identities.reduce((sum, { weight }) => sum + weight, 0) };
}
