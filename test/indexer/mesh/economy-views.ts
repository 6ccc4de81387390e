import { expect } from "chai";
import { type Address, type Hex, hexToString } from "viem";

import type { TestIndexer } from "../fixture/test-indexer.ts";
import type { MeshChain } from "./mesh-chain.ts";
import { BOB, CAROL } from "./mesh-people.ts";

const NODES = [0, 1, 2, 3];
const VIRTUAL_SHARES = 1_000n;

interface Pool {
  assets: bigint;
  shares: bigint;
  generation: number;
}

interface IndexedPool {
  assets: string;
  shares: string;
  generation: number;
  unbondingAssets: string;
  unbondingShares: string;
  unbondingGeneration: number;
  nextCommissionBp: number;
  commissionBp: number;
  commissionFrom: string;
  unbondings: { delegator: string; unbondingId: number; shares: string; maturesAt: string; state: string }[];
  delegations: { delegator: string; shares: string }[];
}

/** What shares of a pool are worth, as `DelegationPool` says. */
function worth(shares: bigint, assets: bigint, all: bigint): bigint {
  return (shares * (assets + 1n)) / (all + VIRTUAL_SHARES);
}

/** Pools, delegations and unbondings of delegators in the index are those of the contract. */
export async function comparePools(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  let held = 0n;
  for (const node of NODES) {
    const { delegationPool: pool } = indexer.query<{ delegationPool: IndexedPool }>(`{ delegationPool(id: "${node}") {
      assets shares generation unbondingAssets unbondingShares unbondingGeneration
      commissionBp nextCommissionBp commissionFrom delegations { delegator shares }
      unbondings(orderBy: unbondingId) { delegator unbondingId shares maturesAt state } } }`);
    const onChain = await mesh.read<Pool>("NodeDelegation", "poolOf", [node]);
    const unbonding = await mesh.read<Pool>("NodeDelegation", "unbondingPoolOf", [node]);
    const [assets, shares] = [BigInt(pool.assets), BigInt(pool.shares)];
    expect({ assets, shares, generation: pool.generation }, `pool ${node}`).to.deep.equal(onChain);
    const out = { assets: BigInt(pool.unbondingAssets), shares: BigInt(pool.unbondingShares) };
    expect({ ...out, generation: pool.unbondingGeneration }, `unbonding of pool ${node}`).to.deep.equal(unbonding);
    for (const delegator of [BOB, CAROL]) await compareDelegator(mesh, { node, delegator, pool });
    await compareCommission(mesh, node, pool);
    held += assets + out.assets;
  }
  const { network } = indexer.query<{ network: Record<string, string> }>(
    '{ network(id: "pqmesh") { totalDelegated totalUndelegating } }',
  );
  expect(BigInt(network["totalDelegated"]!) + BigInt(network["totalUndelegating"]!), "totals").to.equal(held);
  const { NodeDelegation } = mesh.network.contracts;
  expect(await mesh.read<bigint>("MeshToken", "balanceOf", [NodeDelegation]), "tokens held").to.equal(held);
}

async function compareDelegator(
  mesh: MeshChain,
  { node, delegator, pool }: { node: number; delegator: Address; pool: IndexedPool },
): Promise<void> {
  const isTheirs = (of: { delegator: string }) => of.delegator === delegator.toLowerCase();
  const shares = BigInt(pool.delegations.find(isTheirs)?.shares ?? 0);
  const onChain = await mesh.read<[bigint, bigint]>("NodeDelegation", "delegationOf", [node, delegator]);
  const amount = worth(shares, BigInt(pool.assets), BigInt(pool.shares));
  expect([shares, amount], `delegation to ${node}`).to.deep.equal(onChain);
  const pending = pool.unbondings.filter((of) => isTheirs(of) && of.state === "Pending");
  const indexed = pending.map(({ unbondingId, shares: part, maturesAt }) => ({
    id: unbondingId,
    amount: worth(BigInt(part), BigInt(pool.unbondingAssets), BigInt(pool.unbondingShares)),
    maturesAt: BigInt(maturesAt),
  }));
  const unbondings = await mesh.read<object[]>("NodeDelegation", "undelegationsOf", [node, delegator]);
  expect(indexed, `undelegations of ${node}`).to.deep.equal(unbondings);
}

async function compareCommission(mesh: MeshChain, node: number, pool: IndexedPool): Promise<void> {
  const { timestamp } = await mesh.chain.head();
  const isInForce = timestamp >= Number(pool.commissionFrom);
  const indexed = BigInt(isInForce ? pool.nextCommissionBp : pool.commissionBp);
  expect(indexed, `commission of ${node}`).to.equal(await mesh.read<bigint>("NodeDelegation", "commissionBp", [node]));
}

/** The operators' calendar of unlocks, weights, jails and words claimed are those of the contracts. */
export async function compareNodes(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  for (const index of NODES) {
    const { node } = indexer.query<{ node: Record<string, string | null> & { unbondings: Record<string, string>[] } }>(
      `{ node(id: "${index}") { stake weight jailedUntil claimedUntilWord
        unbondings(where: { state: Pending }, orderBy: unbondingId) { unbondingId amount maturesAt } } }`,
    );
    expect(BigInt(node["stake"]!), "stake").to.equal(await mesh.read<bigint>("NodeStaking", "stakeOf", [index]));
    const jailedUntil = await mesh.read<bigint>("NodeSlashing", "jailedUntil", [index]);
    expect(BigInt(node["jailedUntil"] ?? 0), `jail of ${index}`).to.equal(jailedUntil);
    const [weight] = await mesh.read<[bigint, boolean]>("NodeRewards", "weightAt", [index, 2n ** 32n]);
    expect(BigInt(node["weight"]!), `weight of ${index}`).to.equal(weight);
    const nextWord = await mesh.read<bigint>("NodeRewards", "nextWordOf", [index]);
    expect(BigInt(node["claimedUntilWord"] ?? 0), `words of ${index}`).to.equal(nextWord);
    const calendar = node.unbondings.map(({ unbondingId, amount, maturesAt }) => ({
      ...{ id: Number(unbondingId), amount: BigInt(amount!), maturesAt: BigInt(maturesAt!) },
    }));
    expect(calendar, `unbondings of ${index}`).to.deep.equal(
      await mesh.read<object[]>("NodeStaking", "unbondingsOf", [index]),
    );
  }
}

/** Accumulator, emissions, frozen funds, proposals, fees and queue are those of the contracts. */
export async function compareTotals(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { network, emissions } = indexer.query<{
    network: Record<string, string>;
    emissions: Record<string, string>;
  }>(`{
    network(id: "pqmesh") { totalSlashFrozen totalWeight recyclable rewardPerMesh feeReserve }
    emissions(id: "caesar") { emitted released left bucket accruedUntil clockBpSeconds } }`);
  const total = (name: string) => BigInt(network[name]!);
  expect(total("totalSlashFrozen"), "frozen").to.equal(await mesh.read<bigint>("NodeSlashing", "totalFrozen"));
  expect(total("totalWeight"), "weight").to.equal(await mesh.read<bigint>("NodeRewards", "totalWeight"));
  expect(total("recyclable"), "recyclable").to.equal(await mesh.read<bigint>("NodeRewards", "recyclable"));
  expect(total("feeReserve"), "reserve").to.equal(await mesh.read<bigint>("CommitteeFees", "reserve"));
  const closed = await mesh.read<bigint>("NodeRewards", "closedUntil");
  const word = await mesh.read<{ accumulated: bigint }>("NodeRewards", "wordReward", [closed - 1n]);
  expect(total("rewardPerMesh"), "accumulator").to.equal(word.accumulated);

  const emission = (name: string) => BigInt(emissions[name]!);
  const [emitted, released] = await Promise.all(
    ["emitted", "released"].map((name) => mesh.read<bigint>("CaesarEmissions", name)),
  );
  expect([emission("emitted"), emission("released")], "emissions").to.deep.equal([emitted, released]);
  expect(emission("left") + emission("emitted"), "bucket").to.equal(await mesh.read("CaesarEmissions", "bucket"));
  const progress = await mesh.read<[bigint, bigint]>("CaesarEmissions", "progress");
  expect([emission("accruedUntil"), emission("clockBpSeconds") / 10_000n], "clock").to.deep.equal(progress);
}

/** Curve of emissions and terms of both vaults are those of the contracts. */
export async function compareTerms(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { emissions, vestingVaults } = indexer.query<{
    emissions: { start: string; yearCount: number; decayBp: number };
    vestingVaults: Record<string, string>[];
  }>(`{ emissions(id: "caesar") { start yearCount decayBp } vestingVaults { id start cliff end } }`);
  const { start, yearCount, decayBp } = emissions;
  const curve = await mesh.read<[bigint, bigint, bigint]>("CaesarEmissions", "curve");
  expect([start, yearCount, decayBp].map(BigInt), "curve").to.deep.equal(curve);
  const vaults = ["TeamVesting", "InvestorVesting"] as const;
  const onChain = vaults.map(async (vault) => {
    const id = mesh.network.contracts[vault].toLowerCase();
    const [from, cliff, end] = await Promise.all(
      ["start", "cliff", "end"].map(async (view) => `${await mesh.read<bigint>(vault, view)}`),
    );
    return { id, start: from, cliff, end };
  });
  expect(vestingVaults, "vaults").to.have.deep.members(await Promise.all(onChain));
}

/** Fees of members and the queue for seats are those of the contracts. */
export async function compareCommittee(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { relayers } = indexer.query<{ relayers: Record<string, string | null>[] }>(
    "{ relayers(orderBy: queueNumber) { address region joinableAt fees } }",
  );
  for (const { address, region, fees } of relayers) {
    expect(BigInt(fees!), "fees").to.equal(await mesh.read<bigint>("CommitteeFees", "feesOf", [address]));
    expect(Number(region), "region").to.equal(await mesh.read<number>("RelayerCommittee", "regionOf", [address]));
  }
  const waiting = relayers.filter(({ joinableAt }) => joinableAt !== null);
  const queue = await mesh.read<{ relayer: Address; joinableAt: bigint }[]>("RelayerCommittee", "candidates");
  expect(waiting.map(({ address, joinableAt }) => [address, BigInt(joinableAt!)])).to.deep.equal(
    queue.map(({ relayer, joinableAt }) => [relayer.toLowerCase(), joinableAt]),
  );
}

/** Governed numbers and their changes to come are those of the table. */
export async function compareParameters(mesh: MeshChain, indexer: TestIndexer): Promise<void> {
  const { parameters } = indexer.query<{ parameters: Record<string, string>[] }>(
    "{ parameters(first: 1000) { id pending effectiveAt } }",
  );
  const rows = await mesh.read<{ id: Hex; pending: bigint; effectiveAt: bigint }[]>("NetworkParameters", "all");
  const onChain = rows.map(({ id, pending, effectiveAt }) => ({
    id: hexToString(id, { size: 32 }),
    pending: `${pending}`,
    effectiveAt: `${effectiveAt}`,
  }));
  expect(parameters).to.have.deep.members(onChain);
}
