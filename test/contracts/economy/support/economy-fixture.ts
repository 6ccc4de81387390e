import { caesarEmissionsAbi } from "@pqmesh/contracts/generated/caesar-emissions-abi";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { nodeDelegationAbi } from "@pqmesh/contracts/generated/node-delegation-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { nodeSlashingAbi } from "@pqmesh/contracts/generated/node-slashing-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { id, ZeroAddress } from "ethers";
import { attestationKey } from "../../support/attestation-key.ts";
import { connection, MESH, MIN_STAKE, namedSigners } from "../../support/deployed-network.ts";
import { deployTable } from "../../support/parameter-table.ts";
import { typedContract } from "../../support/typed-contract.ts";
import type { StakeRules } from "./stake-model.ts";

const { ethers, networkHelpers } = connection;

/** Seconds of an epoch. */
export const EPOCH_SECONDS = 60;
/** Epochs until an epoch is final. */
export const HORIZON = 8;
/** Epoch in which the contract of rewards is deployed. */
export const FIRST_EPOCH = 255;
/** Seconds between a decision of the DAO and its effect. */
export const NOTICE = 60;

/** Governed numbers of rewards. */
export const POLICY = { degradedBp: 5_000n, unreportedBp: 4_000n, graceEpochs: 300n };

/** Governed numbers of stake. */
export const STAKE_RULES: StakeRules = {
  minStake: MIN_STAKE,
  unbondingPeriod: 3_000,
  vetoPeriod: 900,
  jailPeriod: 1_200,
  commissionDelay: 1_500,
  reporterBp: 1_500n,
};

function governed(notices: Record<string, number>) {
  const { minStake, unbondingPeriod, vetoPeriod, jailPeriod, commissionDelay, reporterBp } = STAKE_RULES;
  const values: Record<string, bigint | number> = {
    ...{ minNodeStake: minStake, minStakeGrace: 60, unbondingPeriod, vetoPeriod, jailPeriod },
    ...{ commissionRaiseDelay: commissionDelay, maxCommissionBp: 5_000, slashReporterBp: reporterBp },
    ...{ disputePeriod: 900, slashBuffer: 60, slashDowntimeBp: 100, downtimeMaxAbsentBp: 5_000 },
    ...{ emissionPaceBp: 10_000, rewardDegradedBp: POLICY.degradedBp, rewardUnreportedBp: POLICY.unreportedBp },
    ...{ rewardGraceEpochs: POLICY.graceEpochs, ownerChangeDelay: 60, beneficiaryChangeDelay: 60 },
    voteAgeRamp: 600,
  };
  return deployTable(
    Object.entries(values).map(([name, value]) => {
      return { id: name, value: BigInt(value), min: 1n, max: 10n ** 28n, notice: notices[name] ?? NOTICE };
    }),
  );
}

/** Contracts that know each other's addresses, deployed and bound. */
async function deployEconomy(genesis: number, notices: Record<string, number>) {
  const { council, team, investor, alice } = await namedSigners();
  const { table: parameters, asTimelock } = await governed(notices);
  const caesar = await ethers.deployContract("CaesarEmissions", [alice.address, parameters, genesis, 16, 8_500]);
  const token = await ethers.deployContract("MeshToken", [caesar, team.address, investor.address, council.address]);
  await caesar.bindToken(token);
  const registryArgs = [parameters, token, token, ZeroAddress, genesis, EPOCH_SECONDS];
  const registry = await ethers.deployContract("NodeRegistry", registryArgs);
  const bridge = await ethers.deployContract("EpochMarksDouble", [registry, HORIZON]);
  await networkHelpers.time.increaseTo(genesis + FIRST_EPOCH * EPOCH_SECONDS + EPOCH_SECONDS / 2);
  const settings = { token, emissions: caesar, bridge, registry, parameters };
  const rewards = await ethers.deployContract("NodeRewards", [
    { ...settings, epochGenesis: genesis, epochLength: EPOCH_SECONDS },
  ]);
  const links = { token, registry, parameters, rewards };
  const slashing = await ethers.deployContract("NodeSlashing", [{ ...links, bridge, timelock: alice.address }, 16]);
  const delegation = await ethers.deployContract("NodeDelegation", [token, registry, parameters, rewards, slashing]);
  const gate = await ethers.deployContract("AdmittedIdentities", [registry, alice.address]);
  const votes = await ethers.deployContract("QuadraticVotes", [token, parameters, gate, alice.address]);
  const staking = await ethers.deployContract("NodeStaking", [{ ...links, delegation, slashing, votes }]);
  for (const bound of [registry, slashing, delegation, votes]) await bound.getFunction("bindStaking")(staking);
  await rewards.bindStaking(staking, delegation);
  await caesar.connect(alice).getFunction("setDistributor")(rewards);
  return {
    parametersAsTimelock: asTimelock,
    bridge,
    emissions: typedContract(caesar, caesarEmissionsAbi),
    token: typedContract(token, meshTokenAbi),
    registry: typedContract(registry, nodeRegistryAbi),
    rewards: typedContract(rewards, nodeRewardsAbi),
    slashing: typedContract(slashing, nodeSlashingAbi),
    delegation: typedContract(delegation, nodeDelegationAbi),
    staking: typedContract(staking, nodeStakingAbi),
  };
}

/**
 * The whole economy as it is deployed, with epochs as a test marks them: nodes 0 to 2 of bob, carol and mallory, three
 * delegators, a staker for all nodes, an arbiter and its reporter. The timelock, which is the treasury, is alice.
 */
export function economyOnMarks() {
  return economyWithNotices({});
}

/** The same with the notices of governed numbers that a test names, in seconds. */
export async function economyWithNotices(notices: Record<string, number>) {
  const { council, alice, bob, carol, mallory, others } = await namedSigners();
  const [one, two, three, staker, arbiter, reporter] = others;
  const genesis = await networkHelpers.time.latest();
  const economy = await deployEconomy(genesis, notices);
  const { registry, slashing, token, staking, delegation } = economy;
  const operators = [bob, carol, mallory];
  for (const [node, operator] of operators.entries()) {
    await registry.connect(operator).registerOperator(ZeroAddress, ZeroAddress, id(operator.address));
    await registry.connect(operator).registerNode(attestationKey(`node ${node}`), ethers.ZeroHash);
  }
  await slashing.connect(alice).bindArbiters([arbiter.address]);
  const delegators = [one, two, three];
  for (const wallet of [...delegators, staker]) {
    await token.connect(council).transfer(wallet.address, 40_000_000n * MESH);
    for (const spender of [staking, delegation]) {
      await token.connect(wallet).approve(await spender.getAddress(), ethers.MaxUint256);
    }
  }
  return { ...economy, genesis, operators, delegators, staker, arbiter, reporter, treasury: alice };
}

/** The economy, for one history. */
export type EconomyFixture = Awaited<ReturnType<typeof economyOnMarks>>;
