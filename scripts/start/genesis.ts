import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { meshTimelockAbi } from "@pqmesh/contracts/generated/mesh-timelock-abi";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { testStablecoinAbi } from "@pqmesh/contracts/generated/test-stablecoin-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import {
  type Address,
  bytesToHex,
  encodeFunctionData,
  type Hex,
  maxUint256,
  parseEther,
  parseUnits,
  zeroHash,
} from "viem";
import { arbiterBindings } from "../deploy/arbiter-bindings.ts";
import { governorRoles } from "../deploy/governor-roles.ts";
import { developmentAccount, type Role } from "./accounts.ts";
import type { authorityTerms, Issuance } from "./certificates.ts";
import type { ChainNodeClient } from "./chain-node.ts";
import { type Call, GenesisWallet } from "./genesis-wallet.ts";
import { ROOT_AUTHORITY } from "./identities.ts";
import { waitFor } from "./wait-for.ts";

/** MESH that the treasury pays to each kind of participant at genesis, and what they bond or stake of it. */
const GENESIS_GRANTS = {
  faucet: parseEther("20000000"),
  operator: parseEther("1000000"),
  relayer: parseEther("200000"),
  client: parseEther("50000"),
  holder: parseEther("250000"),
} as const;

const STAKE_PER_NODE = parseEther("20000");
/** Stablecoin that clients rent with and operators answer for breaches with, of which each puts up a tenth at genesis. */
const STABLECOIN_GRANT = parseUnits("100000", 6);
/** What every lease prepays for a sweep, and the least deposit: half a test dollar, and a thousandth of one. */
const STABLECOIN_RULE = { isAllowed: true, janitorFee: 500_000n, minDeposit: 1_000n };
/** An epoch that no deployment reaches: what is approved then is approved for good. */
const FAR_EPOCH = 2n ** 63n;
/** Certificates recorded by one call. */
const CERTIFICATES_AT_ONCE = 50;
/** Accounts of people who are no operators. */
export const BYSTANDERS = { client: 3, holder: 5 } as const;

/** Public keys of a participant made for the devnet. */
export interface GenesisIdentities {
  /** Root key of each operator, 32 bytes. */
  operatorRootKeys: Hex[];
  /** Raw attestation key of each node, in order of node index, with the operator that owns it. */
  nodes: { operator: number; attestationKey: Uint8Array }[];
  /** Raw ML-DSA-65 key and public URL of each relayer. */
  relayers: { mldsaKey: Uint8Array; endpoint: string }[];
  /** Measurement of the agent build that may attest. */
  measurement: Hex;
  /** The root authority, whose account is the first relayer's. */
  authority: ReturnType<typeof authorityTerms>;
  /** Certificates of operators, nodes and relayers. */
  certificates: Issuance[];
}

/** Lays the genesis state through the same calls that people would send: grants, operators, nodes, stake, committee. */
export class Genesis {
  readonly #network: NetworkConfig;
  readonly #client: ChainNodeClient;

  constructor(network: NetworkConfig, client: ChainNodeClient) {
    this.#network = network;
    this.#client = client;
  }

  /** Runs every step but the nodes' stake. @throws Error naming the call that failed. */
  async lay(identities: GenesisIdentities): Promise<void> {
    const { contracts } = this.#network;
    const bindings: Call[] = [...arbiterBindings(contracts), ...governorRoles(contracts)];
    const approval = this.#approveMeasurement(identities.measurement);
    const decisions = [...bindings, approval, this.#allowStablecoin(), this.#admitAuthority(identities)];
    await this.#executeByTimelock([...this.#grants(identities), ...decisions]);
    await this.#registerOperators(identities);
    await this.#fundMarket(identities.operatorRootKeys.length);
    await this.#recordCertificates(identities);
    const members = await this.#bondRelayers(identities);
    await this.#executeByTimelock([this.#seat(members), this.#setGate()]);
  }

  /** Stakes every node: it is active two epochs later, and absent from then on unless its agent runs. */
  async stakeNodes({ operatorRootKeys, nodes }: GenesisIdentities): Promise<void> {
    const wallets = operatorRootKeys.map((_, i) => this.#wallet("operator", i));
    await inParallel(wallets, async (wallet, operator) => {
      const own = nodes.flatMap((node, index) => (node.operator === operator ? [index] : []));
      await wallet.sendAll(own.map((index) => this.#stake(index)));
    });
  }

  /** Puts a build on the allow-list unless it is there; true when it was not. It may attest two epochs later. */
  async approveBuild(measurement: Hex): Promise<boolean> {
    const isApproved = await this.#client.readContract({
      address: this.#network.contracts.AttestationBridge,
      abi: attestationBridgeAbi,
      functionName: "isMeasurementApproved",
      args: [measurement, FAR_EPOCH],
    });
    if (!isApproved) await this.#executeByTimelock([this.#approveMeasurement(measurement)]);
    return !isApproved;
  }

  #wallet(role: Role, number = 0): GenesisWallet {
    return new GenesisWallet(developmentAccount(role, this.#network.chainId, number), this.#network.rpcUrl);
  }

  #grants({ operatorRootKeys, relayers }: GenesisIdentities): Call[] {
    const pay = (role: keyof typeof GENESIS_GRANTS, count: number): Call[] =>
      Array.from({ length: count }, (_, i) => {
        const to = developmentAccount(role, this.#network.chainId, i).address;
        const args = [to, GENESIS_GRANTS[role]] as const;
        return this.#mesh(encodeFunctionData({ abi: meshTokenAbi, functionName: "transfer", args }));
      });
    return [
      ...pay("faucet", 1),
      ...pay("operator", operatorRootKeys.length),
      ...pay("relayer", relayers.length),
      ...pay("client", BYSTANDERS.client),
      ...pay("holder", BYSTANDERS.holder),
    ];
  }

  #mesh(data: Hex): Call {
    return { to: this.#network.contracts.MeshToken, data };
  }

  #approveMeasurement(measurement: Hex): Call {
    const data = encodeFunctionData({
      abi: attestationBridgeAbi,
      functionName: "approveMeasurement",
      args: [measurement],
    });
    return { to: this.#network.contracts.AttestationBridge, data };
  }

  #seat(members: Address[]): Call {
    const data = encodeFunctionData({ abi: relayerCommitteeAbi, functionName: "setCommittee", args: [members] });
    return { to: this.#network.contracts.RelayerCommittee, data };
  }

  /** One after the other: the n-th operator is identity n in every devnet. */
  async #registerOperators({ operatorRootKeys, nodes }: GenesisIdentities): Promise<void> {
    const { NodeRegistry, NodeStaking } = this.#network.contracts;
    const wallets = operatorRootKeys.map((_, i) => this.#wallet("operator", i));
    const zero: Address = "0x0000000000000000000000000000000000000000";
    for (const [i, wallet] of wallets.entries()) {
      const hotWallet = developmentAccount("agent", this.#network.chainId, i).address;
      const args = [hotWallet, zero, operatorRootKeys[i]!] as const;
      const register = encodeFunctionData({ abi: nodeRegistryAbi, functionName: "registerOperator", args });
      await wallet.sendAll([{ to: NodeRegistry, data: register }]);
    }
    await inParallel(wallets, async (wallet) => void (await wallet.sendAll([this.#approve(NodeStaking)])));
    for (const { operator, attestationKey } of nodes) {
      const args = [bytesToHex(attestationKey), zeroHash] as const;
      const data = encodeFunctionData({ abi: nodeRegistryAbi, functionName: "registerNode", args });
      await wallets[operator]!.sendAll([{ to: NodeRegistry, data }]);
    }
  }

  #admitAuthority({ authority }: GenesisIdentities): Call {
    const data = encodeFunctionData({ abi: certificateRegistryAbi, functionName: "admitRoot", args: [authority] });
    return { to: this.#network.contracts.CertificateRegistry, data };
  }

  async #recordCertificates({ certificates }: GenesisIdentities): Promise<void> {
    const to = this.#network.contracts.CertificateRegistry;
    const batches = Math.ceil(certificates.length / CERTIFICATES_AT_ONCE);
    const calls = Array.from({ length: batches }, (_, i) => {
      const batch = certificates.slice(i * CERTIFICATES_AT_ONCE, (i + 1) * CERTIFICATES_AT_ONCE);
      const args = [ROOT_AUTHORITY, batch] as const;
      return { to, data: encodeFunctionData({ abi: certificateRegistryAbi, functionName: "issueMany", args }) };
    });
    await this.#wallet("relayer").sendAll(calls);
  }

  /** From now on certificates decide who votes: the interim gate was for a network without an authority. */
  #setGate(): Call {
    const { QuadraticVotes, CertificateRegistry } = this.#network.contracts;
    const args = [CertificateRegistry] as const;
    return { to: QuadraticVotes, data: encodeFunctionData({ abi: quadraticVotesAbi, functionName: "setGate", args }) };
  }

  #allowStablecoin(): Call {
    const args = [this.#stablecoin(), STABLECOIN_RULE] as const;
    const data = encodeFunctionData({ abi: leaseEscrowAbi, functionName: "setTokenRule", args });
    return { to: this.#network.contracts.LeaseEscrow, data };
  }

  /** Stablecoin for operators and clients, and the bond with which each operator answers for breaches. */
  async #fundMarket(operators: number): Promise<void> {
    const [to, { LeaseEscrow: escrow }] = [this.#stablecoin(), this.#network.contracts];
    const holders = [
      ...Array.from({ length: operators }, (_, i) => ["operator", i] as const),
      ...Array.from({ length: BYSTANDERS.client }, (_, i) => ["client", i] as const),
    ];
    const mints = holders.map(([role, i]) => {
      const args = [developmentAccount(role, this.#network.chainId, i).address, STABLECOIN_GRANT] as const;
      return { to, data: encodeFunctionData({ abi: testStablecoinAbi, functionName: "mint", args }) };
    });
    await this.#wallet("faucet").sendAll(mints);
    const wallets = Array.from({ length: operators }, (_, i) => this.#wallet("operator", i));
    await inParallel(wallets, async (wallet, i) => {
      const bond = STABLECOIN_GRANT / 10n;
      const allowance = [escrow, bond] as const;
      const approve = encodeFunctionData({ abi: testStablecoinAbi, functionName: "approve", args: allowance });
      const args = [i + 1, to, bond, "0x"] as const;
      const deposit = encodeFunctionData({ abi: leaseEscrowAbi, functionName: "depositBond", args });
      await wallet.sendAll([
        { to, data: approve },
        { to: escrow, data: deposit },
      ]);
    });
  }

  #stablecoin(): Address {
    const { TestStablecoin } = this.#network.contracts;
    if (!TestStablecoin) throw new Error("a devnet has a test stablecoin");
    return TestStablecoin;
  }

  #stake(nodeIndex: number): Call {
    const args = [nodeIndex, STAKE_PER_NODE] as const;
    return {
      to: this.#network.contracts.NodeStaking,
      data: encodeFunctionData({ abi: nodeStakingAbi, functionName: "stake", args }),
    };
  }

  #approve(spender: Address): Call {
    return this.#mesh(encodeFunctionData({ abi: meshTokenAbi, functionName: "approve", args: [spender, maxUint256] }));
  }

  async #bondRelayers({ relayers }: GenesisIdentities): Promise<Address[]> {
    const { RelayerCommittee } = this.#network.contracts;
    const wallets = relayers.map((_, i) => this.#wallet("relayer", i));
    await inParallel(wallets, async (wallet, i) => {
      const { mldsaKey, endpoint } = relayers[i]!;
      const args = [GENESIS_GRANTS.relayer / 2n, bytesToHex(mldsaKey), endpoint] as const;
      const bond = encodeFunctionData({ abi: relayerCommitteeAbi, functionName: "bond", args });
      await wallet.sendAll([this.#approve(RelayerCommittee), { to: RelayerCommittee, data: bond }]);
    });
    return wallets.map(({ account }) => account.address).sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  }

  /** Schedules calls, has them approved as critical ones must be, and executes them. */
  async #executeByTimelock(calls: Call[]): Promise<void> {
    const [to, abi] = [this.#network.contracts.MeshTimelock, meshTimelockAbi];
    const council = this.#wallet("council");
    const delay = await this.#client.readContract({ address: to, abi, functionName: "getMinDelay" });
    const batch = [
      calls.map((c) => c.to),
      calls.map(() => 0n),
      calls.map((c) => c.data ?? "0x"),
      zeroHash,
      zeroHash,
    ] as const;
    const read = { address: to, abi, functionName: "hashOperationBatch", args: batch } as const;
    const id = await this.#client.readContract(read);
    const schedule = encodeFunctionData({ abi, functionName: "scheduleBatch", args: [...batch, delay] });
    await council.sendAll([{ to, data: schedule }]);
    const approve = encodeFunctionData({ abi, functionName: "approve", args: [id] });
    await this.#wallet("approver").sendAll([{ to, data: approve }]);
    await this.#passTime(delay);
    await council.sendAll([{ to, data: encodeFunctionData({ abi, functionName: "executeBatch", args: batch }) }]);
  }

  async #passTime(seconds: bigint): Promise<void> {
    const start = (await this.#client.getBlock()).timestamp;
    const request = this.#client.request as (call: { method: string; params: unknown[] }) => Promise<unknown>;
    await waitFor("the delay of the timelock", async () => {
      await request({ method: "evm_mine", params: [] });
      return (await this.#client.getBlock()).timestamp >= start + seconds ? true : undefined;
    });
  }
}

async function inParallel<T>(items: T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  await Promise.all(items.map(work));
}
