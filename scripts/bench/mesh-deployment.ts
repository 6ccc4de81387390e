import { hexlify, keccak256, parseEther, toUtf8Bytes, Wallet, ZeroAddress } from "ethers";
import { network } from "hardhat";

/** Seconds of an epoch in benchmarks: the default of the product. */
export const EPOCH_SECONDS = 60;
/** Epochs in which an epoch can be reported after its end. */
export const REPORT_WINDOW = 2;
/** Blocks between a beacon and the report that records it. */
const BEACON_DEPTH = 16n;

/** When chains of benchmarks begin: figures that depend on days are the same in every run. */
export const GENESIS_DATE = "2026-01-01T00:00:00Z";
const NODE_STAKE = parseEther("1000");
const RELAYER_BOND = parseEther("10000");

/** Rows that the contracts read, wide enough for every scenario. */
const parameterValues: Record<string, bigint> = {
  minNodeStake: NODE_STAKE,
  unbondingPeriod: 21n * 86_400n,
  minStakeGrace: 0n,
  ownerChangeDelay: 86_400n,
  beneficiaryChangeDelay: 86_400n,
  committeeMinSeats: 1n,
  committeeMaxSeats: 100n,
  committeeBond: RELAYER_BOND,
  committeeReleaseDelay: 86_400n,
  committeeResignNotice: 86_400n,
  emissionPaceBp: 10_000n,
  rewardDegradedBp: 5_000n,
  rewardUnreportedBp: 5_000n,
  rewardGraceEpochs: 10_080n,
  leaseFeeBp: 200n,
  janitorDelay: 0n,
  voucherWindow: 10_080n,
  leaseDisputePeriod: 604_800n,
  leaseDisputeBondEpochs: 60n,
  voteAgeRamp: 604_800n,
};

export type Connection = Awaited<ReturnType<typeof network.create>>;
export type MeshDeployment = Awaited<ReturnType<typeof deployMesh>>;

/** Pseudo-random bytes from a label, the same in every run; none of them is zero. */
export function seededBytes(label: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let offset = 0; offset < length; offset += 32) {
    const block = Buffer.from(keccak256(toUtf8Bytes(`${label} ${offset}`)).slice(2), "hex");
    bytes.set(block.subarray(0, Math.min(32, length - offset)), offset);
  }
  return bytes.map((byte) => byte || 1);
}

function toRow([name, value]: [string, bigint]): object {
  const id = hexlify(Buffer.from(name.padEnd(32, "\0")));
  return { id, value, pending: value, effectiveAt: 0, min: 0, max: parseEther("1000000"), notice: 0 };
}

/**
 * Deploys the real contracts on a fresh in-process chain. The first signer is the timelock and holds the treasury, so
 * that a scenario can do at once what the DAO does with delays.
 */
export async function deployMesh() {
  const connection = await network.create({ network: "default", override: { initialDate: GENESIS_DATE } });
  const { ethers, networkHelpers } = connection;
  const [deployer, ...others] = await ethers.getSigners();
  if (!deployer) throw new Error("the simulated network has no accounts");
  const genesis = await networkHelpers.time.latest();
  const schedule = [genesis, EPOCH_SECONDS] as const;
  const owner = deployer.address;
  const buckets = others.slice(0, 2).map(({ address }) => address);
  const parameters = await ethers.deployContract("NetworkParameters", [
    owner,
    Object.entries(parameterValues).map(toRow),
    [],
  ]);
  const emissions = await ethers.deployContract("CaesarEmissions", [owner, parameters, genesis, 16, 8_500]);
  const token = await ethers.deployContract("MeshToken", [emissions, ...buckets, owner]);
  await emissions.bindToken(token);
  const verifier = await ethers.deployContract("SLHDSASHA2128sVerifier");
  const keyHelpers = [await ethers.deployContract("MLDSA65Core"), await ethers.deployContract("MLDSA65Expander")];
  const keyVerifier = await ethers.deployContract("MLDSA65Verifier", keyHelpers);
  const registry = await ethers.deployContract("NodeRegistry", [
    parameters,
    verifier,
    keyVerifier,
    ZeroAddress,
    ...schedule,
  ]);
  const committee = await ethers.deployContract("RelayerCommittee", [token, parameters, owner, ...schedule]);
  const bridge = await ethers.deployContract("AttestationBridge", [
    {
      registry,
      committee,
      parameters,
      timelock: owner,
      epochGenesis: genesis,
      epochLength: EPOCH_SECONDS,
      reportWindow: REPORT_WINDOW,
      commitWindow: 2,
      challengeWindow: 2,
      responseWindow: 2,
    },
  ]);
  const rewards = await ethers.deployContract("NodeRewards", [
    { token, emissions, bridge, registry, parameters, epochGenesis: genesis, epochLength: EPOCH_SECONDS },
  ]);
  await emissions.setDistributor(rewards);
  const links = { token, registry, parameters, rewards };
  const slashing = await ethers.deployContract("NodeSlashing", [{ ...links, bridge, timelock: owner }, 1_440]);
  const delegation = await ethers.deployContract("NodeDelegation", [token, registry, parameters, rewards, slashing]);
  const gate = await ethers.deployContract("AdmittedIdentities", [registry, owner]);
  const votes = await ethers.deployContract("QuadraticVotes", [token, parameters, gate, owner]);
  const staking = await ethers.deployContract("NodeStaking", [{ ...links, delegation, slashing, votes }]);
  for (const contract of [registry, slashing, delegation, votes]) await contract.bindStaking(staking);
  await rewards.bindStaking(staking, delegation);
  const economy = { token, parameters, staking, delegation, rewards };
  return { connection, deployer, ...economy, registry, committee, bridge, genesis };
}

/** Bonds and seats relayers with keys of their own; returns them in seat order. */
export async function seatCommittee(mesh: MeshDeployment, seats: number): Promise<Wallet[]> {
  const { connection, token, committee } = mesh;
  const { provider } = connection.ethers;
  const members = Array.from({ length: seats }, (_, i) => new Wallet(keccak256(toUtf8Bytes(`relayer ${i}`)), provider));
  members.sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
  for (const member of members) {
    await connection.networkHelpers.setBalance(member.address, parseEther("1"));
    await token.transfer(member.address, RELAYER_BOND);
    await token.connect(member).getFunction("approve")(committee, RELAYER_BOND);
    const key = seededBytes(`key of ${member.address}`, 1952);
    await committee.connect(member).getFunction("bond")(RELAYER_BOND, key, "https://relayer.example");
  }
  await committee.setCommittee(members.map(({ address }) => address));
  return members;
}

/** Registers nodes of the deployer and stakes them with the minimum. */
export async function registerNodes({ registry, staking, token }: MeshDeployment, count: number): Promise<void> {
  await registry.registerOperator(ZeroAddress, ZeroAddress, seededBytes("root key", 32));
  await token.approve(staking, NODE_STAKE * BigInt(count));
  for (let node = 0; node < count; node++) {
    await registry.registerNode(seededBytes(`node ${node}`, 1952), seededBytes("metadata", 32));
    await staking.stake(node, NODE_STAKE);
  }
}

/** Goes to the middle of an epoch, with enough blocks before it for a beacon. */
export async function goToEpoch({ connection, genesis }: MeshDeployment, epoch: number): Promise<void> {
  const { time, mine } = connection.networkHelpers;
  await time.increaseTo(genesis + epoch * EPOCH_SECONDS + EPOCH_SECONDS / 2);
  await mine(Number(BEACON_DEPTH));
}

/** A block that is deep enough for a beacon, and its hash. */
export async function recentBeacon({ connection }: MeshDeployment): Promise<{ number: bigint; hash: string }> {
  const { provider } = connection.ethers;
  const number = BigInt(await provider.getBlockNumber()) - BEACON_DEPTH;
  const block = await provider.getBlock(number);
  if (!block?.hash) throw new Error(`block ${number} does not exist`);
  return { number, hash: block.hash };
}
