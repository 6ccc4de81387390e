import { admittedIdentitiesAbi } from "@pqmesh/contracts/generated/admitted-identities-abi";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { caesarEmissionsAbi } from "@pqmesh/contracts/generated/caesar-emissions-abi";
import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { committeeFeesAbi } from "@pqmesh/contracts/generated/committee-fees-abi";
import { memberOffencesAbi } from "@pqmesh/contracts/generated/member-offences-abi";
import { nodeOffencesAbi } from "@pqmesh/contracts/generated/node-offences-abi";
import { leaseDisputesAbi } from "@pqmesh/contracts/generated/lease-disputes-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { leaseVouchersAbi } from "@pqmesh/contracts/generated/lease-vouchers-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { mldsa65KeyRegistryAbi } from "@pqmesh/contracts/generated/mldsa65-key-registry-abi";
import { mldsa65SwitchAbi } from "@pqmesh/contracts/generated/mldsa65-switch-abi";
import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { nodeDelegationAbi } from "@pqmesh/contracts/generated/node-delegation-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { nodeSlashingAbi } from "@pqmesh/contracts/generated/node-slashing-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { selfAttestationAbi } from "@pqmesh/contracts/generated/self-attestation-abi";
import { slashProposalsAbi } from "@pqmesh/contracts/generated/slash-proposals-abi";
import { testStablecoinAbi } from "@pqmesh/contracts/generated/test-stablecoin-abi";
import { meshTimelockAbi } from "@pqmesh/contracts/generated/mesh-timelock-abi";
import { vestingVaultAbi } from "@pqmesh/contracts/generated/vesting-vault-abi";
import { encodeBytes32String } from "ethers";
import { network } from "hardhat";
import type { Address } from "viem";
import { arbiterBindings } from "../../../scripts/deploy/arbiter-bindings.ts";
import { governorRoles } from "../../../scripts/deploy/governor-roles.ts";
import { deployPqmesh } from "../../../scripts/deploy/deploy.ts";
import { devnetParameters, type PqmeshParameters } from "../../../scripts/deploy/parameters.ts";
import { typedContract } from "./typed-contract.ts";

/** One in-process chain for all contract tests; every test starts from a snapshot of it. */
export const connection = await network.create();

const { ethers, networkHelpers } = connection;
const loadFixture = networkHelpers.loadFixture.bind(networkHelpers);

/**
 * Takes a snapshot up a second after it was taken. By itself, the chain goes on as much later as the tests in between took:
 * what a test reads before its first block would be true on a quick machine only.
 */
networkHelpers.loadFixture = async <T>(fixture: Parameters<typeof loadFixture<T>>[0]): Promise<T> => {
  const data = await loadFixture(fixture);
  await networkHelpers.time.setNextBlockTimestamp((await networkHelpers.time.latest()) + 1);
  return data;
};

/** One MESH in wei. */
export const MESH = 10n ** 18n;

/** Smallest stake of an active node in the test network. */
export const MIN_STAKE = 10_000n * MESH;

/** Smallest bond of a committee member in the test network. */
export const MIN_BOND = 100_000n * MESH;

/** Seconds of an epoch in the test network. */
export const EPOCH_SECONDS = 10;

/** The test accounts by role. */
export async function namedSigners() {
  const [deployer, council, faucet, team, investor, alice, bob, carol, mallory, ...others] = await ethers.getSigners();
  if (!deployer || !council || !faucet || !team || !investor || !alice || !bob || !carol || !mallory) {
    throw new Error("the test chain has too few accounts");
  }
  const approver = others.at(-1)!;
  return { deployer, council, approver, faucet, team, investor, alice, bob, carol, mallory, others };
}

/** Parameters of the test network, from the newest block on. */
export async function testParameters(epochSeconds = EPOCH_SECONDS): Promise<PqmeshParameters> {
  const { council, approver, faucet, team, investor } = await namedSigners();
  const roles = {
    interimProposer: council.address as Address,
    approver: approver.address as Address,
    teamBeneficiary: team.address as Address,
    investorBeneficiary: investor.address as Address,
    stablecoinMinter: faucet.address as Address,
  };
  return devnetParameters(roles, await networkHelpers.time.latest(), epochSeconds);
}

/** A complete deployment whose MESH treasury has funded the actors, and a signer that acts as the timelock. */
export function deployedNetwork() {
  return networkWithEpochs(EPOCH_SECONDS);
}

/** The same with epochs of another length, in seconds. */
export async function networkWithEpochs(epochSeconds: number) {
  const signers = await namedSigners();
  const deployment = await deployPqmesh({ connection, parameters: await testParameters(epochSeconds) });
  const { instances } = deployment;
  if (!instances.TestStablecoin) throw new Error("a devnet deployment has a test stablecoin");
  const contracts = {
    timelock: typedContract(instances.MeshTimelock, meshTimelockAbi),
    token: typedContract(instances.MeshToken, meshTokenAbi),
    emissions: typedContract(instances.CaesarEmissions, caesarEmissionsAbi),
    teamVesting: typedContract(instances.TeamVesting, vestingVaultAbi),
    investorVesting: typedContract(instances.InvestorVesting, vestingVaultAbi),
    parameters: typedContract(instances.NetworkParameters, networkParametersAbi),
    registry: typedContract(instances.NodeRegistry, nodeRegistryAbi),
    staking: typedContract(instances.NodeStaking, nodeStakingAbi),
    delegation: typedContract(instances.NodeDelegation, nodeDelegationAbi),
    rewards: typedContract(instances.NodeRewards, nodeRewardsAbi),
    slashing: typedContract(instances.NodeSlashing, nodeSlashingAbi),
    proposals: typedContract(instances.SlashProposals, slashProposalsAbi),
    certificates: typedContract(instances.CertificateRegistry, certificateRegistryAbi),
    identities: typedContract(instances.AdmittedIdentities, admittedIdentitiesAbi),
    votes: typedContract(instances.QuadraticVotes, quadraticVotesAbi),
    governor: typedContract(instances.MeshGovernor, meshGovernorAbi),
    committee: typedContract(instances.RelayerCommittee, relayerCommitteeAbi),
    bridge: typedContract(instances.AttestationBridge, attestationBridgeAbi),
    expandedKeys: typedContract(instances.MLDSA65KeyRegistry, mldsa65KeyRegistryAbi),
    verifiers: typedContract(instances.MLDSA65Switch, mldsa65SwitchAbi),
    disputes: typedContract(instances.AttestationDisputes, attestationDisputesAbi),
    offences: typedContract(instances.MemberOffences, memberOffencesAbi),
    fees: typedContract(instances.CommitteeFees, committeeFeesAbi),
    nodeOffences: typedContract(instances.NodeOffences, nodeOffencesAbi),
    selfAttestation: typedContract(instances.SelfAttestation, selfAttestationAbi),
    listings: typedContract(instances.NodeListings, nodeListingsAbi),
    escrow: typedContract(instances.LeaseEscrow, leaseEscrowAbi),
    leaseDisputes: typedContract(instances.LeaseDisputes, leaseDisputesAbi),
    vouchers: typedContract(instances.LeaseVouchers, leaseVouchersAbi),
    stablecoin: typedContract(instances.TestStablecoin, testStablecoinAbi),
  };
  const timelockSigner = await ethers.getImpersonatedSigner(await contracts.timelock.getAddress());
  await networkHelpers.setBalance(timelockSigner.address, 10n ** 21n);
  for (const call of [...arbiterBindings(deployment.contracts), ...governorRoles(deployment.contracts)])
    await timelockSigner.sendTransaction(call);
  const { token } = contracts;
  for (const actor of [signers.alice, signers.bob, signers.carol, signers.mallory, ...signers.others]) {
    await token.connect(timelockSigner).transfer(actor.address, 1_000_000n * MESH);
    await token.connect(actor).approve(await contracts.staking.getAddress(), ethers.MaxUint256);
    for (const spender of [contracts.delegation, contracts.proposals, contracts.committee, contracts.votes]) {
      await token.connect(actor).approve(await spender.getAddress(), ethers.MaxUint256);
    }
  }
  return { ...contracts, ...signers, timelockSigner, deployment };
}

/** A deployed network for one test. */
export type DeployedNetwork = Awaited<ReturnType<typeof deployedNetwork>>;

/** Changes a governed number and waits until the change is in force. */
export async function setParameter(
  { parameters, timelockSigner }: DeployedNetwork,
  id: string,
  value: bigint,
): Promise<void> {
  const key = encodeBytes32String(id);
  await parameters.connect(timelockSigner).set(key, value);
  const row = (await parameters.parameter(key)) as { effectiveAt: bigint };
  await networkHelpers.time.increaseTo(row.effectiveAt);
}

/** Moves the chain to the first second of the epoch that lies `count` epochs after the current one. */
export async function passEpochs({ registry }: DeployedNetwork, count: number): Promise<void> {
  const current = (await registry.currentEpoch()) as bigint;
  await networkHelpers.time.increaseTo((await registry.epochStart(current + BigInt(count))) as bigint);
}
