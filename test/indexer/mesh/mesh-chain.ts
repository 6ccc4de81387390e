import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { admittedIdentitiesAbi } from "@pqmesh/contracts/generated/admitted-identities-abi";
import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { caesarEmissionsAbi } from "@pqmesh/contracts/generated/caesar-emissions-abi";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { committeeFeesAbi } from "@pqmesh/contracts/generated/committee-fees-abi";
import { memberOffencesAbi } from "@pqmesh/contracts/generated/member-offences-abi";
import { leaseDisputesAbi } from "@pqmesh/contracts/generated/lease-disputes-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { leaseVouchersAbi } from "@pqmesh/contracts/generated/lease-vouchers-abi";
import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { meshTimelockAbi } from "@pqmesh/contracts/generated/mesh-timelock-abi";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { nodeDelegationAbi } from "@pqmesh/contracts/generated/node-delegation-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { nodeOffencesAbi } from "@pqmesh/contracts/generated/node-offences-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { nodeSlashingAbi } from "@pqmesh/contracts/generated/node-slashing-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { quadraticRoundAbi } from "@pqmesh/contracts/generated/quadratic-round-abi";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { selfAttestationAbi } from "@pqmesh/contracts/generated/self-attestation-abi";
import { slashProposalsAbi } from "@pqmesh/contracts/generated/slash-proposals-abi";
import { testStablecoinAbi } from "@pqmesh/contracts/generated/test-stablecoin-abi";
import { vestingVaultAbi } from "@pqmesh/contracts/generated/vesting-vault-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type Abi, type Address, decodeFunctionResult, encodeFunctionData, type Hex } from "viem";

import { startAnvil, testAccount } from "../../helpers/anvil.ts";
import type { TestChain } from "../../helpers/anvil.ts";
import { temporaryFolder } from "../fixture/temporary-folder.ts";

/** ABI of every contract that the subgraph reads, and of {@link NOT_INDEXED}. */
export const MESH_ABIS = {
  AdmittedIdentities: admittedIdentitiesAbi as Abi,
  AttestationBridge: attestationBridgeAbi as Abi,
  AttestationDisputes: attestationDisputesAbi as Abi,
  CaesarEmissions: caesarEmissionsAbi as Abi,
  CertificateRegistry: certificateRegistryAbi as Abi,
  CommitteeFees: committeeFeesAbi as Abi,
  InvestorVesting: vestingVaultAbi as Abi,
  LeaseDisputes: leaseDisputesAbi as Abi,
  LeaseEscrow: leaseEscrowAbi as Abi,
  LeaseVouchers: leaseVouchersAbi as Abi,
  MemberOffences: memberOffencesAbi as Abi,
  MeshGovernor: meshGovernorAbi as Abi,
  MeshTimelock: meshTimelockAbi as Abi,
  MeshToken: meshTokenAbi as Abi,
  NetworkParameters: networkParametersAbi as Abi,
  NodeDelegation: nodeDelegationAbi as Abi,
  NodeListings: nodeListingsAbi as Abi,
  NodeOffences: nodeOffencesAbi as Abi,
  NodeRegistry: nodeRegistryAbi as Abi,
  NodeRewards: nodeRewardsAbi as Abi,
  NodeSlashing: nodeSlashingAbi as Abi,
  NodeStaking: nodeStakingAbi as Abi,
  QuadraticRound: quadraticRoundAbi as Abi,
  QuadraticVotes: quadraticVotesAbi as Abi,
  RelayerCommittee: relayerCommitteeAbi as Abi,
  SelfAttestation: selfAttestationAbi as Abi,
  SlashProposals: slashProposalsAbi as Abi,
  TeamVesting: vestingVaultAbi as Abi,
  TestStablecoin: testStablecoinAbi as Abi,
};

/** Contracts of {@link MESH_ABIS} that are no data sources: tokens, and vouchers, whose payments the escrow tells. */
export const NOT_INDEXED = ["MeshToken", "TestStablecoin", "LeaseVouchers"];

/** Name of one of {@link MESH_ABIS}. */
export type MeshContract = keyof typeof MESH_ABIS;

/** Seconds of an epoch: longer than what happens within one takes on chain. */
const EPOCH_SECONDS = 240;
const BLOCKS_UNDER_BEACON = 14;
/** States that are kept: deeper than any reorg, and than what people and indexers ask about. */
const KEPT_STATES = 256;
/** Under the limit of a transaction, and enough for an ML-DSA-65 check. */
const GAS = "0xf00000";

const ROOT = resolve(import.meta.dirname, "../../..");
const run = promisify(execFile);

/** A call of a contract. */
export interface MeshCall {
  readonly from: Address;
  readonly value?: bigint;
}

/** The contracts of a devnet on a chain whose every account can send. */
export class MeshChain {
  readonly chain: TestChain;
  readonly network: Pick<NetworkConfig, "chainId" | "epoch" | "startBlock" | "contracts">;

  constructor(chain: TestChain, network: MeshChain["network"]) {
    this.chain = chain;
    this.network = network;
  }

  /** Starts anvil and deploys with the script that deploys a devnet. */
  static async start(): Promise<MeshChain> {
    const chain = await startAnvil({ states: KEPT_STATES });
    const file = join(temporaryFolder(), "deployment.json");
    const script = join(ROOT, "scripts/start/deploy-devnet.ts");
    const env = { ...process.env, PQMESH_RPC_URL: chain.url };
    await run(process.execPath, [script, `${EPOCH_SECONDS}`, file], { cwd: ROOT, env });
    const mesh = new MeshChain(chain, JSON.parse(readFileSync(file, "utf8")) as MeshChain["network"]);
    await chain.rpc("anvil_autoImpersonateAccount", true);
    await chain.rpc("anvil_setBalance", mesh.timelock, "0x8ac7230489e80000");
    return mesh;
  }

  /** What executes decisions of the DAO. */
  get timelock(): Address {
    return this.network.contracts.MeshTimelock;
  }

  /** Address and start block by data source of the subgraph, for both engines. */
  get overrides(): Record<string, { address: string; startBlock: number }> {
    const { contracts, startBlock } = this.network;
    const names = Object.keys(MESH_ABIS).filter((name) => !NOT_INDEXED.includes(name)) as MeshContract[];
    return Object.fromEntries(names.map((name) => [name, { address: contracts[name]!.toLowerCase(), startBlock }]));
  }

  /** Calls a function and waits for its block. @throws Error when it reverts. */
  async call(contract: MeshContract, functionName: string, args: unknown[], { from, value }: MeshCall): Promise<void> {
    const data = encodeFunctionData({ abi: MESH_ABIS[contract], functionName, args });
    const to = this.network.contracts[contract]!;
    await this.chain
      .send({ from, to, data, gas: GAS, ...(value !== undefined && { value }) })
      .catch((cause: unknown) => Promise.reject(new Error(`${functionName}: ${(cause as Error).message}`, { cause })));
  }

  /** Sends a call that may revert. */
  async attempt(contract: MeshContract, functionName: string, args: unknown[], from: Address): Promise<void> {
    const data = encodeFunctionData({ abi: MESH_ABIS[contract], functionName, args });
    await this.chain.rpc("eth_sendTransaction", { from, to: this.network.contracts[contract]!, data, gas: GAS });
  }

  /** Reads from a contract at the newest block. */
  async read<T>(contract: MeshContract, functionName: string, args: unknown[] = []): Promise<T> {
    const abi = MESH_ABIS[contract];
    const data = encodeFunctionData({ abi, functionName, args });
    const to = this.network.contracts[contract]!;
    const answer = await this.chain.rpc<Hex>("eth_call", { to, data }, "latest");
    return decodeFunctionResult({ abi, functionName, data: answer }) as T;
  }

  /** Calls as the timelock. */
  async decide(contract: MeshContract, functionName: string, args: unknown[]): Promise<void> {
    await this.call(contract, functionName, args, { from: this.timelock });
  }

  /** Mines a block that is more than this many seconds younger than the newest one. */
  async pass(seconds: number): Promise<void> {
    await this.chain.mineAt((await this.chain.head()).timestamp + seconds + 1);
  }

  /** By the newest block's time, as the contracts count epochs. */
  async currentEpoch(): Promise<number> {
    const { timestamp } = await this.chain.rpc<{ timestamp: Hex }>("eth_getBlockByNumber", "latest", false);
    const { genesis, lengthSeconds } = this.network.epoch;
    return Math.floor((Number(timestamp) - genesis) / lengthSeconds);
  }

  /** Moves to the beginning of an epoch and puts enough blocks on top of each other for a beacon. */
  async goToEpoch(epoch: number): Promise<void> {
    const { genesis, lengthSeconds } = this.network.epoch;
    await this.chain.mineAt(genesis + epoch * lengthSeconds + 1);
    await this.chain.mine(BLOCKS_UNDER_BEACON);
  }
}

/** A funded account that sends in these tests. */
export function accountOf(index: number): Address {
  return testAccount(index).address;
}
