import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { caesarEmissionsAbi } from "@pqmesh/contracts/generated/caesar-emissions-abi";
import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { slashProposalsAbi } from "@pqmesh/contracts/generated/slash-proposals-abi";
import type { ContractName, NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Abi, Address, Hex } from "viem";
import { bytesToHex, encodeDeployData, encodeFunctionData, stringToHex } from "viem";
import { mlDsa65PublicKeyRaw } from "../../relayer/src/keystore/ml-dsa-65.ts";
import { arbiterBindings } from "../../scripts/deploy/arbiter-bindings.ts";
import { devnetParameters, type PqmeshParameters } from "../../scripts/deploy/parameters.ts";
import { ORDERINGS, parameterRows, RELATIONS } from "../../scripts/deploy/parameter-rows.ts";
import { horizonEpochs, type Windows } from "../../scripts/deploy/windows.ts";
import { type TestChain, testAccount } from "./anvil.ts";

const abis = {
  AttestationBridge: attestationBridgeAbi as Abi,
  CertificateRegistry: certificateRegistryAbi as Abi,
  MeshToken: meshTokenAbi as Abi,
  NetworkParameters: networkParametersAbi as Abi,
  NodeRegistry: nodeRegistryAbi as Abi,
  NodeStaking: nodeStakingAbi as Abi,
  RelayerCommittee: relayerCommitteeAbi as Abi,
  SlashProposals: slashProposalsAbi as Abi,
};

/** Contracts that tests call. */
type CalledContract = keyof typeof abis;

/** Stake of each node and bond of each relayer of a test network, MESH wei. */
const BONDED = 200_000n * 10n ** 18n;

/** A deployed network whose timelock, deployer and operator are account 0. */
export interface TestNetwork {
  config: NetworkConfig;
  chain: TestChain;
  /** Unix seconds at which an epoch starts. */
  epochStart(epoch: bigint | number): number;
  /** Calls a contract from an account, by default account 0. */
  call(contract: CalledContract, functionName: string, args: unknown[], from?: Address): Promise<void>;
}

/** Schedule of a test network. */
export interface TestSchedule {
  epochSeconds?: number;
  windows?: Windows;
  /** Timelock and deployer, account 0 unless given; the chain must let it send. */
  admin?: Address;
}

/** A relayer of a test network. */
export interface TestRelayer {
  address: Address;
  /** Index of its funded account. */
  accountIndex: number;
  mldsaKey: KeyObject;
  endpoint: string;
}

/** Deploys all contracts by plain transactions. Needs a compiled project (artifacts/). */
export async function deployTestNetwork(chain: TestChain, schedule: TestSchedule = {}): Promise<TestNetwork> {
  const { epochSeconds = 10, windows = { report: 2, commit: 2, challenge: 2, response: 2 } } = schedule;
  const { admin = testAccount(0).address } = schedule;
  const startBlock = (await chain.head()).number + 1;
  const genesis = (await chain.head()).timestamp;
  const parameters = tableOf(devnetParameters(rolesOf(admin), genesis, epochSeconds), epochSeconds, windows);
  const contracts = await deployContracts(chain, { admin, genesis, epochSeconds, windows, parameters });
  const config: NetworkConfig = {
    name: "test",
    chainId: Number(await chain.rpc<Hex>("eth_chainId")),
    rpcUrl: chain.url,
    indexerUrl: "http://127.0.0.1:1",
    relayers: [],
    epoch: { genesis, lengthSeconds: epochSeconds },
    startBlock,
    trustDomain: "pqmesh.test",
    contracts,
  };
  return networkOf(config, chain);
}

/** The network that a configuration describes, on a chain on which it is deployed. */
export function networkOf(config: NetworkConfig, chain: TestChain): TestNetwork {
  const { genesis, lengthSeconds } = config.epoch;
  return {
    config,
    chain,
    epochStart: (epoch) => genesis + Number(epoch) * lengthSeconds,
    async call(contract, functionName, args, from = testAccount(0).address) {
      const data = encodeFunctionData({ abi: abis[contract], functionName, args });
      await chain.send({ from, to: config.contracts[contract], data });
    },
  };
}

/** Registers and stakes nodes; they are active two epochs later. Node indices follow those registered before. */
export async function addNodes(network: TestNetwork, publicKeys: Uint8Array[]): Promise<void> {
  const { call, config } = network;
  const operator = testAccount(0).address;
  const identity = await network.chain.rpc<Hex>("eth_call", {
    to: config.contracts.NodeRegistry,
    data: encodeFunctionData({ abi: nodeRegistryAbi, functionName: "identityOf", args: [operator] }),
  });
  if (BigInt(identity) === 0n) {
    await call("NodeRegistry", "registerOperator", [operator, operator, bytesToHex(randomBytes(32))]);
    await approve(network, "NodeStaking", operator);
  }
  const first = Number(
    await network.chain.rpc<Hex>("eth_call", {
      to: config.contracts.NodeRegistry,
      data: encodeFunctionData({ abi: nodeRegistryAbi, functionName: "nodeCount" }),
    }),
  );
  for (const [i, key] of publicKeys.entries()) {
    await call("NodeRegistry", "registerNode", [bytesToHex(key), bytesToHex(new Uint8Array(32))]);
    await call("NodeStaking", "stake", [first + i, BONDED]);
  }
}

/** Raw ML-DSA-65 public keys of nodes that never sign. */
export function freshPublicKeys(count: number): Uint8Array[] {
  return Array.from({ length: count }, () => mlDsa65PublicKeyRaw(generateKeyPairSync("ml-dsa-65").publicKey));
}

/** Bonds relayers and seats them; the committee is in force two epochs later. Returns them in seat order. */
export async function seatCommittee(
  network: TestNetwork,
  relayers: { accountIndex: number; endpoint: string }[],
): Promise<TestRelayer[]> {
  const seated: TestRelayer[] = [];
  for (const { accountIndex, endpoint } of relayers) {
    const { address } = testAccount(accountIndex);
    const mldsaKey = generateKeyPairSync("ml-dsa-65").privateKey;
    await network.call("MeshToken", "transfer", [address, BONDED]);
    await approve(network, "RelayerCommittee", address);
    const args = [BONDED, bytesToHex(mlDsa65PublicKeyRaw(mldsaKey)), endpoint];
    await network.call("RelayerCommittee", "bond", args, address);
    seated.push({ address, accountIndex, mldsaKey, endpoint });
  }
  seated.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  await network.call("RelayerCommittee", "setCommittee", [seated.map(({ address }) => address)]);
  return seated;
}

/** Allows a build two epochs from now. */
export async function approveMeasurement(network: TestNetwork, measurement: Hex): Promise<void> {
  await network.call("AttestationBridge", "approveMeasurement", [measurement]);
}

async function approve(network: TestNetwork, spender: ContractName, owner: Address): Promise<void> {
  const args = [network.config.contracts[spender], 2n ** 255n];
  await network.call("MeshToken", "approve", args, owner);
}

function rolesOf(admin: Address): Parameters<typeof devnetParameters>[0] {
  return {
    interimProposer: admin,
    approver: admin,
    teamBeneficiary: admin,
    investorBeneficiary: admin,
    stablecoinMinter: admin,
  };
}

/** The devnet's table for the windows of this test. */
function tableOf(devnet: PqmeshParameters, epochSeconds: number, windows: Windows): PqmeshParameters {
  const horizonSeconds = horizonEpochs(windows) * epochSeconds;
  return { ...devnet, windows, rows: parameterRows("devnet", { epochSeconds, horizonSeconds }) };
}

interface DeploymentPlan {
  admin: Address;
  genesis: number;
  epochSeconds: number;
  windows: Windows;
  parameters: PqmeshParameters;
}

/** Names the token of the emissions, and staking and pools of the rewards. */
async function bindRewards(
  chain: TestChain,
  { admin, ...to }: Record<"admin" | "token" | "emissions" | "rewards" | "staking" | "delegation", Address>,
): Promise<void> {
  const bindToken = encodeFunctionData({ abi: caesarEmissionsAbi, functionName: "bindToken", args: [to.token] });
  await chain.send({ from: admin, to: to.emissions, data: bindToken });
  const args = [to.staking, to.delegation] as const;
  const data = encodeFunctionData({ abi: nodeRewardsAbi, functionName: "bindStaking", args });
  await chain.send({ from: admin, to: to.rewards, data });
}

async function deployContracts(chain: TestChain, plan: DeploymentPlan): Promise<NetworkConfig["contracts"]> {
  const { admin, genesis, epochSeconds, windows, parameters } = plan;
  const deploy = async (name: string, args: unknown[], path = `contracts/${name}.sol`) => {
    const { abi, bytecode } = readArtifact(path, name);
    const data = encodeDeployData({ abi, bytecode, args });
    return (await chain.send({ from: admin, data })).contractAddress;
  };
  const table = await deploy("NetworkParameters", [admin, rowsOf(parameters), orderings()]);
  const emissions = await deploy("CaesarEmissions", [admin, table, genesis, 16, 8_500]);
  const token = await deploy("MeshToken", [emissions, ...[2, 3].map((i) => testAccount(i).address), admin]);
  const verifier = await deploy("SLHDSASHA2128sVerifier", [], "contracts/pqc/SLHDSASHA2128sVerifier.sol");
  const core = await deploy("MLDSA65Core", [], "contracts/pqc/generated/MLDSA65Core.sol");
  const expander = await deploy("MLDSA65Expander", [], "contracts/pqc/generated/MLDSA65Expander.sol");
  const keyVerifier = await deploy("MLDSA65Verifier", [core, expander], "contracts/pqc/MLDSA65Verifier.sol");
  const keyRegistry = await deploy("MLDSA65KeyRegistry", [core, expander], "contracts/pqc/MLDSA65KeyRegistry.sol");
  const verifiers = await deploy(
    "MLDSA65Switch",
    [keyVerifier, keyRegistry, table, admin, genesis, epochSeconds],
    "contracts/pqc/MLDSA65Switch.sol",
  );
  const authorities = await deploy("CertificateAuthorities", [verifier, admin]);
  const certificates = await deploy("CertificateRegistry", [authorities, admin]);
  const registry = await deploy("NodeRegistry", [table, verifier, verifiers, certificates, genesis, epochSeconds]);
  const args = [registry] as const;
  const bindRegistry = encodeFunctionData({ abi: certificateRegistryAbi, functionName: "bindRegistry", args });
  await chain.send({ from: admin, to: certificates, data: bindRegistry });
  const committee = await deploy("RelayerCommittee", [token, table, admin, genesis, epochSeconds]);
  const bridge = await deploy("AttestationBridge", [
    {
      ...{ registry, committee, parameters: table, timelock: admin, epochGenesis: genesis, epochLength: epochSeconds },
      ...{ reportWindow: windows.report, commitWindow: windows.commit },
      ...{ challengeWindow: windows.challenge, responseWindow: windows.response },
    },
  ]);
  const rewards = await deploy("NodeRewards", [
    { token, emissions, bridge, registry, parameters: table, epochGenesis: genesis, epochLength: epochSeconds },
  ]);
  const links = { token, registry, parameters: table, rewards };
  const slashing = await deploy("NodeSlashing", [{ ...links, bridge, timelock: admin }, parameters.downtimeWindow]);
  const delegation = await deploy("NodeDelegation", [token, registry, table, rewards, slashing]);
  const identities = await deploy("AdmittedIdentities", [registry, admin]);
  const votes = await deploy("QuadraticVotes", [token, table, identities, admin]);
  const staking = await deploy("NodeStaking", [{ ...links, delegation, slashing, votes }]);
  const governed = { votes, mesh: token, parameters: table, emissions, staking, delegation };
  const vaults = { teamVesting: admin, investorVesting: admin };
  const governor = await deploy("MeshGovernor", [{ ...governed, ...vaults }, admin, admin]);
  const proposals = await deploy("SlashProposals", [token, table, slashing, genesis, epochSeconds]);
  const bind = encodeFunctionData({ abi: nodeRegistryAbi, functionName: "bindStaking", args: [staking] });
  for (const to of [registry, slashing, delegation, votes]) await chain.send({ from: admin, to, data: bind });
  await bindRewards(chain, { admin, token, emissions, rewards, staking, delegation });
  const disputes = await deploy("AttestationDisputes", [bridge, registry, committee, table, verifiers]);
  const offences = await deploy("MemberOffences", [bridge, disputes, committee, table, verifiers]);
  const fees = await deploy("CommitteeFees", [token, bridge, committee, disputes, table]);
  const nodeOffences = await deploy("NodeOffences", [bridge, registry, verifiers, slashing, table]);
  const selfAttestation = await deploy("SelfAttestation", [bridge, registry, verifiers]);
  const contracts = {
    ...{ MeshTimelock: admin, CaesarEmissions: emissions, TeamVesting: admin, InvestorVesting: admin },
    ...{ MeshToken: token, NetworkParameters: table, NodeRegistry: registry, NodeStaking: staking },
    ...{ NodeRewards: rewards, NodeDelegation: delegation, NodeSlashing: slashing, SlashProposals: proposals },
    ...{ CertificateAuthorities: authorities, CertificateRegistry: certificates },
    ...{ AdmittedIdentities: identities, QuadraticVotes: votes, MeshGovernor: governor },
    QuadraticRound: await deploy("QuadraticRound", [votes, table, admin]),
    PQAccountFactory: await deploy("PQAccountFactory", [keyRegistry]),
    ...{ RelayerCommittee: committee, AttestationBridge: bridge },
    ...{ MLDSA65Verifier: keyVerifier, MLDSA65KeyRegistry: keyRegistry, MLDSA65Switch: verifiers },
    ...{ AttestationDisputes: disputes, MemberOffences: offences, CommitteeFees: fees },
    ...{ NodeOffences: nodeOffences, SelfAttestation: selfAttestation },
    ...(await deployMarketplace(chain, deploy, { admin, bridge, registry, table })),
  };
  for (const binding of arbiterBindings(contracts)) await chain.send({ from: admin, ...binding });
  return contracts;
}

/** The contracts of the Node Marketplace, named to each other. */
async function deployMarketplace(
  chain: TestChain,
  deploy: (name: string, args: unknown[]) => Promise<Address>,
  { admin, bridge, registry, table }: Record<"admin" | "bridge" | "registry" | "table", Address>,
) {
  const listings = await deploy("NodeListings", [registry, bridge, table]);
  const settings = [bridge, registry, table, listings];
  const agreements = await deploy("LeaseAgreements", [...settings, admin]);
  const escrow = await deploy("LeaseEscrow", [...settings, agreements, admin]);
  const disputes = await deploy("LeaseDisputes", [escrow, registry, table, admin]);
  const vouchers = await deploy("LeaseVouchers", [escrow]);
  const bindEscrow = encodeFunctionData({ abi: nodeListingsAbi, functionName: "bindEscrow", args: [escrow] });
  await chain.send({ from: admin, to: listings, data: bindEscrow });
  const bind = encodeFunctionData({ abi: leaseEscrowAbi, functionName: "bind", args: [disputes, vouchers] });
  await chain.send({ from: admin, to: escrow, data: bind });
  return {
    ...{ NodeListings: listings, LeaseAgreements: agreements, LeaseEscrow: escrow },
    ...{ LeaseDisputes: disputes, LeaseVouchers: vouchers },
  };
}

function readArtifact(path: string, name: string): { abi: Abi; bytecode: Hex } {
  const file = join(import.meta.dirname, "../../artifacts", path, `${name}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as { abi: Abi; bytecode: Hex };
}

function rowsOf({ rows }: PqmeshParameters): object[] {
  return rows.map(({ id, value, min, max, notice }) => {
    return { id: idOf(id), value, pending: value, effectiveAt: 0n, min, max, notice: BigInt(notice) };
  });
}

function orderings(): object[] {
  return ORDERINGS.map(({ addends, relation, bound }) => {
    return { addends: addends.map(idOf), relation: RELATIONS.indexOf(relation), bound: idOf(bound) };
  });
}

function idOf(name: string): Hex {
  return stringToHex(name, { size: 32 });
}
