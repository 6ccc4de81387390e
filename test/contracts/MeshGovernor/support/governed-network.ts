import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { meshTimelockAbi } from "@pqmesh/contracts/generated/mesh-timelock-abi";
import { privilegeRows } from "@pqmesh/contracts/protocol/privileges";
import { timelockSalt } from "@pqmesh/contracts/protocol/timelock-salt";
import { encodeBytes32String, id, type Signer, ZeroAddress, ZeroHash } from "ethers";
import type { Address, Hex } from "viem";
import { ORDERINGS, parameterRows, RELATIONS } from "../../../../scripts/deploy/parameter-rows.ts";
import { connection, MESH, namedSigners } from "../../support/deployed-network.ts";
import { typedContract } from "../../support/typed-contract.ts";

const { ethers, networkHelpers } = connection;

/** One unit of the identity house: the root of one MESH. */
export const UNIT = 10n ** 9n;
/** Delay of the timelock, in seconds. */
export const TIMELOCK_DELAY = 172_800;
/** Seconds after it from which approvers can be replaced without approval. */
const REPLACEMENT_DELAY = 2_592_000;
/** Units of everybody in the identity house. */
export const ALL_UNITS = 1_000n * UNIT;
/** MESH that circulates freely: what the treasury has paid out. */
export const CIRCULATING = 40_000_000n * MESH;

/** How a ballot is cast. */
export const [AGAINST, FOR, ABSTAIN] = [0, 1, 2];
/** States of a proposal. */
export const [PENDING, ACTIVE, CANCELED, DEFEATED, SUCCEEDED, QUEUED, , EXECUTED] = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n];

async function deployParameters(timelock: string) {
  const rows = parameterRows("production", { epochSeconds: 60, horizonSeconds: 600 }).map((row) => {
    const { value, min, max } = row;
    return { id: encodeBytes32String(row.id), value, pending: value, effectiveAt: 0, min, max, notice: row.notice };
  });
  const orderings = ORDERINGS.map(({ addends, relation, bound }) => ({
    addends: addends.map(encodeBytes32String),
    relation: RELATIONS.indexOf(relation),
    bound: encodeBytes32String(bound),
  }));
  const table = await ethers.deployContract("NetworkParameters", [timelock, rows, orderings]);
  return typedContract(table, networkParametersAbi);
}

/**
 * A governor with production parameters, real token, timelock and parameter table, and units by decree. In the identity house
 * alice and bob have 100 units each, carol 200, dave 600. In the token house tom has 3, tina 6 and whale 30 of 40 million MESH.
 */
export async function governedNetwork() {
  const { deployer, council, approver, alice, bob, carol, mallory, others } = await namedSigners();
  const [emissions, staking, delegation, team, investors, dave, tom, tina, whale] = others;
  const roles = [council.address, approver.address, ZeroAddress];
  const timelockContract = await ethers.deployContract("MeshTimelock", [TIMELOCK_DELAY, REPLACEMENT_DELAY, ...roles]);
  const timelock = typedContract(timelockContract, meshTimelockAbi);
  const timelockAddress = await timelockContract.getAddress();
  const parameters = await deployParameters(timelockAddress);
  const shares = [emissions, team, investors].map(({ address }) => address);
  const token = typedContract(await ethers.deployContract("MeshToken", [...shares, timelockAddress]), meshTokenAbi);
  const votes = await ethers.deployContract("QuadraticVotesDouble");
  const links = {
    votes,
    mesh: await token.getAddress(),
    parameters: await parameters.getAddress(),
    emissions: emissions.address,
    staking: staking.address,
    delegation: delegation.address,
    teamVesting: team.address,
    investorVesting: investors.address,
  };
  const deployed = await ethers.deployContract("MeshGovernor", [links, timelockAddress, council.address]);
  const governor = typedContract(deployed, meshGovernorAbi);
  const governorAddress = await governor.getAddress();
  const timelockSigner = await ethers.getImpersonatedSigner(timelockAddress);
  await networkHelpers.setBalance(timelockSigner.address, 10n ** 21n);
  for (const role of ["PROPOSER_ROLE", "CANCELLER_ROLE"]) {
    await timelock.connect(timelockSigner).grantRole(id(role), governorAddress);
  }
  await timelock.setPrivileges(privilegeRows({ NetworkParameters: await parameters.getAddress() }));
  const people = { alice, bob, carol, dave, mallory, tom, tina, whale };
  const network = { governor, governorAddress, token, votes, parameters, timelock, timelockSigner, ...people };
  await endow(network);
  return { ...network, deployer, council, approver, links, holders: { emissions, staking, team } };
}

type Endowed = Pick<
  Awaited<ReturnType<typeof governedNetwork>>,
  "token" | "votes" | "timelockSigner" | "governorAddress" | "alice" | "bob" | "carol" | "dave" | "mallory"
> &
  Record<"tom" | "tina" | "whale", Signer & { address: string }>;

async function endow(network: Endowed): Promise<void> {
  const { token, votes, timelockSigner, governorAddress, alice, bob, carol, dave, mallory, tom, tina, whale } = network;
  const millions: [typeof tom, bigint][] = [
    [tom, 3_000_000n],
    [tina, 6_000_000n],
    [whale, 30_000_000n],
  ];
  for (const [holder, amount] of millions) {
    await token.connect(timelockSigner).transfer(holder.address, amount * MESH);
    await token.connect(holder).delegate(holder.address);
  }
  for (const proposer of [alice, bob, carol, mallory]) {
    await token.connect(timelockSigner).transfer(proposer.address, 250_000n * MESH);
    await token.connect(proposer).approve(governorAddress, ethers.MaxUint256);
  }
  for (const [voter, units] of [
    [alice, 100n],
    [bob, 100n],
    [carol, 200n],
    [dave, 600n],
  ] as const) {
    await votes.getFunction("setUnits")(voter.address, units * UNIT);
  }
  await networkHelpers.mine();
}

/** The network of a test. */
export type GovernedNetwork = Awaited<ReturnType<typeof governedNetwork>>;

/** A proposal as `propose` takes it, with what `queue` and `execute` need. */
export interface Draft {
  propose: [string[], bigint[], string[], string];
  act: [string[], bigint[], string[], string];
  proposalId: bigint;
}

/** A proposal that makes one call; it raises the bond of proposals unless told otherwise. */
export async function draftOf(
  { parameters, governor }: GovernedNetwork,
  description = "Raise the bond",
  call?: { to: string; data: string },
): Promise<Draft> {
  const raise = parameters.interface.encodeFunctionData("set", [encodeBytes32String("proposalBond"), 2_000n * MESH]);
  const { to, data } = call ?? { to: await parameters.getAddress(), data: raise };
  const calls: [string[], bigint[], string[]] = [[to], [0n], [data]];
  const proposalId = (await governor.hashProposal(...calls, id(description))) as bigint;
  return { propose: [...calls, description], act: [...calls, id(description)], proposalId };
}

/** Makes alice propose, and goes to the first second of voting. */
export async function openVote(network: GovernedNetwork, description?: string): Promise<Draft> {
  const draft = await draftOf(network, description);
  await network.governor.connect(network.alice).propose(...draft.propose);
  const snapshot = (await network.governor.proposalSnapshot(draft.proposalId)) as bigint;
  await networkHelpers.time.increaseTo(snapshot + 1n);
  return draft;
}

/** Casts ballots in order. */
export async function cast(
  { governor }: GovernedNetwork,
  proposalId: bigint,
  ballots: [Signer, number][],
): Promise<void> {
  for (const [voter, support] of ballots) await governor.connect(voter).castVote(proposalId, support);
}

/** Makes the second key approve what a proposal has queued. */
export async function approve(
  { timelock, governorAddress, approver }: GovernedNetwork,
  [targets, values, payloads, description]: Draft["act"],
): Promise<void> {
  const salt = timelockSalt(governorAddress as Address, description as Hex);
  const operation = (await timelock.hashOperationBatch(targets, values, payloads, ZeroHash, salt)) as string;
  await timelock.connect(approver).approve(operation);
}

/** Goes to the first second after voting. */
export async function closeVote({ governor }: GovernedNetwork, proposalId: bigint): Promise<void> {
  await networkHelpers.time.increaseTo(((await governor.proposalDeadline(proposalId)) as bigint) + 1n);
}
