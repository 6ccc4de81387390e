import { type Address, parseEther, stringToHex, zeroAddress } from "viem";

import type { MeshChain } from "./mesh-chain.ts";
import { ADA, ADAS, BEN, BENS, DORA, DORAS, EMIL, EMILS, HOLDER, NEXT_BEN, OWNER, OWNERS } from "./mesh-voters.ts";

const [GRANTS, PRIORITIES] = [0, 1];
/** The round of priorities of the last season. */
export const LAST_ROUND = 3;
const EVERYTHING = 2n ** 256n - 1n;
const FOR_EVER = 2 ** 40;
/** MESH that each voter locks, and the holder delegates. */
const LOCKS = [
  [ADA, 90_000n],
  [BEN, 40_000n],
  [DORA, 10_000n],
  [EMIL, 2_500n],
] as const;
const HELD = parseEther("50000000");

/** Voters are admitted and lock; units come after the ramp. A holder delegates MESH to itself and pays for syncs. */
export async function admitVoters(mesh: MeshChain): Promise<void> {
  const { QuadraticVotes, MeshGovernor } = mesh.network.contracts;
  const now = (await mesh.chain.head()).timestamp;
  const admissions = [
    { account: ADA, nullifier: ADAS, expiresAt: FOR_EVER },
    { account: BEN, nullifier: BENS, expiresAt: FOR_EVER },
    { account: DORA, nullifier: DORAS, expiresAt: now + 6_000 },
  ];
  await mesh.decide("AdmittedIdentities", "admitMany", [admissions]);
  await mesh.decide("AdmittedIdentities", "admit", [EMIL, EMILS, FOR_EVER]);
  for (const [from, amount] of LOCKS) {
    await mesh.decide("MeshToken", "transfer", [from, parseEther(`${2n * amount}`)]);
    await mesh.call("MeshToken", "approve", [QuadraticVotes, EVERYTHING], { from });
    await mesh.call("QuadraticVotes", "lock", [parseEther(`${amount}`)], { from });
  }
  await mesh.decide("MeshToken", "transfer", [HOLDER, HELD]);
  await mesh.call("MeshToken", "delegate", [HOLDER], { from: HOLDER });
  await mesh.call("MeshToken", "approve", [QuadraticVotes, EVERYTHING], { from: HOLDER });
  await mesh.call("QuadraticVotes", "fundSyncRewards", [parseEther("5")], { from: HOLDER });
  await mesh.call("MeshToken", "approve", [MeshGovernor, EVERYTHING], { from: ADA });
  await syncAll(mesh);
  await mesh.pass(2 * (await secondsOf(mesh, "voteAgeRamp")));
  await syncAll(mesh);
}

/** Ben's votes go to Ada and come back, Emil's go to the operator and on to Dora; Ben takes some MESH out. */
export async function delegateVotes(mesh: MeshChain): Promise<void> {
  await mesh.call("QuadraticVotes", "delegate", [ADA], { from: BEN });
  await mesh.call("QuadraticVotes", "delegate", [zeroAddress], { from: BEN });
  await mesh.call("QuadraticVotes", "delegate", [OWNER], { from: EMIL });
  await mesh.call("QuadraticVotes", "delegate", [DORA], { from: EMIL });
  await mesh.call("QuadraticVotes", "requestUnlock", [parseEther("1000")], { from: BEN });
  await mesh.call("QuadraticVotes", "requestUnlock", [parseEther("500")], { from: BEN });
  await mesh.call("QuadraticVotes", "lock", [parseEther("10")], { from: ADA });
}

/** A season with a round of each kind: votes are given, changed, taken back, and taken out. */
export async function spendCredits(mesh: MeshChain): Promise<void> {
  const startsAt = (await mesh.chain.head()).timestamp + 120;
  const season = { startsAt, endsAt: startsAt + 900, credits: 400, minUnits: 10n ** 9n };
  await mesh.decide("QuadraticRound", "openSeason", [1, season]);
  await openRounds(mesh);
  await mesh.chain.mineAt(startsAt + 1);
  const vote = (from: Address, round: number, ...choices: [number, number][]) =>
    mesh.call("QuadraticRound", "vote", [round, choices.map(([option, votes]) => ({ option, votes }))], { from });
  await vote(ADA, 1, [0, 3], [2, 10]);
  await vote(BEN, 1, [0, 4], [1, 4]);
  await vote(EMIL, 1, [1, 7], [2, 2]);
  await vote(ADA, 1, [0, 5], [1, 1], [2, 0]);
  await vote(ADA, 2, [1, 15]);
  await vote(BEN, 2, [0, 2]);
  await vote(BEN, 2, [0, 0]);
  await mesh.decide("AdmittedIdentities", "revoke", [EMILS]);
  await mesh.call("QuadraticRound", "discard", [1, EMILS], { from: HOLDER });
  await mesh.call("QuadraticRound", "discard", [2, EMILS], { from: HOLDER });
}

async function openRounds(mesh: MeshChain): Promise<void> {
  const { MeshToken } = mesh.network.contracts;
  const grants = { season: 1, kind: GRANTS, winners: 0, minVotes: 2, token: MeshToken, budget: parseEther("1000") };
  const asked = [BEN, DORA, EMIL].map((target, i) => ({ target, most: parseEther(`${300 * (i + 1)}`), data: "0x" }));
  await mesh.decide("QuadraticRound", "openRound", [grants, asked, "Grants\nfor three"]);
  await openPriorities(mesh, 1);
}

async function openPriorities(mesh: MeshChain, season: number): Promise<void> {
  const { NetworkParameters } = mesh.network.contracts;
  const priorities = { season, kind: PRIORITIES, winners: 1, minVotes: 1, token: zeroAddress, budget: 0n };
  const calls = ["0x01020304", "0x0102030405"].map((data) => ({ target: NetworkParameters, most: 0n, data }));
  await mesh.decide("QuadraticRound", "openRound", [priorities, calls, ""]);
}

/** A season whose credits can be spent from the next minute on. */
export async function openLastSeason(mesh: MeshChain): Promise<void> {
  const startsAt = (await mesh.chain.head()).timestamp + 60;
  const season = { startsAt, endsAt: startsAt + 960, credits: 400, minUnits: 0n };
  await mesh.decide("QuadraticRound", "openSeason", [2, season]);
  await openPriorities(mesh, 2);
}

/** Ben moves to another wallet, Dora's time passes, Emil loses his units, the operator is suspended for a while; Ben withdraws. */
export async function moveIdentities(mesh: MeshChain): Promise<void> {
  await mesh.decide("AdmittedIdentities", "admit", [NEXT_BEN, BENS, FOR_EVER]);
  await mesh.decide("AdmittedIdentities", "suspend", [Number(OWNERS)]);
  const { expiresAt } = await mesh.read<{ expiresAt: number }>("AdmittedIdentities", "admissionOf", [DORAS]);
  await mesh.chain.mineAt(Math.max(Number(expiresAt), (await mesh.chain.head()).timestamp + 1));
  await syncAll(mesh);
  await mesh.decide("AdmittedIdentities", "release", [Number(OWNERS)]);
  await mesh.call("QuadraticVotes", "sync", [OWNERS], { from: HOLDER });
  await mesh.call("QuadraticVotes", "withdraw", [], { from: BEN });
}

async function syncAll(mesh: MeshChain): Promise<void> {
  await mesh.call("QuadraticVotes", "syncMany", [[OWNERS, ADAS, BENS, DORAS, EMILS]], { from: HOLDER });
}

/** Value of a governed number of seconds. */
async function secondsOf(mesh: MeshChain, name: string): Promise<number> {
  return Number(await mesh.read<bigint>("NetworkParameters", "get", [stringToHex(name, { size: 32 })]));
}
