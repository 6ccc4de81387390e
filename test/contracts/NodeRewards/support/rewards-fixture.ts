import { caesarEmissionsAbi } from "@pqmesh/contracts/generated/caesar-emissions-abi";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { connection, MESH, namedSigners } from "../../support/deployed-network.ts";
import { deployTable } from "../../support/parameter-table.ts";
import { typedContract } from "../../support/typed-contract.ts";

const { ethers, networkHelpers } = connection;

/** Seconds of an epoch. */
export const EPOCH_SECONDS = 60;
/** Epochs until an epoch is final. */
export const HORIZON = 8;
/** Epoch in which an interval without an end ends. */
export const FOREVER = 2n ** 64n - 1n;
/** Marks of the double of the bridge. */
export const MARK = { absent: 0, degraded: 1, unreported: 2 } as const;

/** Governed numbers of the fixture. */
export const POLICY = { degradedBp: 5_000n, unreportedBp: 4_000n, graceEpochs: 300n };

/** Stake of a node as the double of the staking contract keeps it. */
export interface Bonds {
  own: bigint;
  pool: bigint;
  commissionBp: number;
  isJailed: boolean;
}

/**
 * Emissions and rewards with nodes 0 to 3 of alice, bob, carol and mallory, on doubles of registry, bridge and staking.
 * It begins in the middle of epoch 255, so that word 1 is the first in which somebody can earn throughout.
 */
export async function rewardsOnDoubles() {
  const signers = await namedSigners();
  const { deployer, council, team, investor, alice, bob, carol, mallory } = signers;
  const genesis = await networkHelpers.time.latest();
  const bounds = { min: 1n, max: 100_000n };
  const { table: parameters, asTimelock } = await deployTable([
    { id: "emissionPaceBp", value: 10_000n, ...bounds },
    { id: "rewardDegradedBp", value: POLICY.degradedBp, ...bounds },
    { id: "rewardUnreportedBp", value: POLICY.unreportedBp, ...bounds },
    { id: "rewardGraceEpochs", value: POLICY.graceEpochs, ...bounds },
  ]);
  const caesar = await ethers.deployContract("CaesarEmissions", [council.address, parameters, genesis, 16, 8_500]);
  const token = await ethers.deployContract("MeshToken", [caesar, team.address, investor.address, council.address]);
  await caesar.bindToken(token);
  const registry = await ethers.deployContract("NodeRegistryDouble", [genesis, EPOCH_SECONDS]);
  const bridge = await ethers.deployContract("EpochMarksDouble", [registry, HORIZON]);
  await networkHelpers.time.increaseTo(genesis + 255 * EPOCH_SECONDS + EPOCH_SECONDS / 2);
  const settings = { token, emissions: caesar, bridge, registry, parameters };
  const deployed = await ethers.deployContract("NodeRewards", [
    { ...settings, epochGenesis: genesis, epochLength: EPOCH_SECONDS },
  ]);
  const stake = await ethers.deployContract("StakeDouble", [token, deployed]);
  await deployed.bindStaking(stake, stake);
  await caesar.connect(council).getFunction("setDistributor")(deployed);
  const owners = [alice, bob, carol, mallory];
  for (const [node, owner] of owners.entries()) {
    await registry.setOperator(node, owner.address);
    await registry.setIntervals(node, [{ from: 256, until: FOREVER }]);
  }
  return {
    ...signers,
    ...{ genesis, owners, deployer, registry, bridge, stake, parameters, parametersAsTimelock: asTimelock },
    token: typedContract(token, meshTokenAbi),
    emissions: typedContract(caesar, caesarEmissionsAbi),
    rewards: typedContract(deployed, nodeRewardsAbi),
  };
}

/** Rewards on doubles, for one test. */
export type RewardsFixture = Awaited<ReturnType<typeof rewardsOnDoubles>>;

/** Moves the chain to the middle of an epoch. */
export async function goToEpoch({ genesis }: RewardsFixture, epoch: number): Promise<void> {
  await networkHelpers.time.increaseTo(genesis + epoch * EPOCH_SECONDS + EPOCH_SECONDS / 2);
}

/** Gives a node stake of its operator, and what else a test says. */
export async function setBonds({ stake }: RewardsFixture, node: number, bonds: Partial<Bonds>): Promise<void> {
  await stake.setBonds(node, { own: 0n, pool: 0n, commissionBp: 0, isJailed: false, ...bonds });
}

/** Two nodes, of alice and bob, with 30,000 and 10,000 MESH from epoch 256 on. */
export async function twoNodes() {
  const fixture = await rewardsOnDoubles();
  await setBonds(fixture, 0, { own: 30_000n * MESH });
  await setBonds(fixture, 1, { own: 10_000n * MESH });
  return fixture;
}
