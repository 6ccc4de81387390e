import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import type { Address, Hex } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import type { IndexerClient } from "./indexer-client.ts";
import { identityOfHotWallet } from "./indexer-source.ts";

/** An unbonding under way. */
export interface UnbondingView {
  nodeIndex: number;
  id: number;
  amount: bigint;
  /** Unix seconds. */
  maturesAt: number;
}

/** A node of the connected operator; amounts are read from the chain. */
export interface OwnNode {
  nodeIndex: number;
  stake: bigint;
  exited: boolean;
  unbondings: UnbondingView[];
  /** Newest maturity that can be withdrawn now, Unix seconds; a proposed slash holds it back. */
  withdrawableUntil?: number;
  /** Newest active interval. */
  active?: { from: number; until?: number };
}

/** What the connected wallet holds. */
export interface WalletBalances {
  eth: bigint;
  mesh: bigint;
  /** MESH wei that the staking contract may take without a permit. */
  allowance: bigint;
}

/** The operator that the connected wallet acts for. */
export interface OperatorAccount {
  identityId: number;
  owner: Address;
  operatorWallet: Address;
  beneficiary: Address;
  rootKey: Hex;
  nodes: OwnNode[];
}

/** True when the wallet owns the operator, false when it is only its hot wallet. */
export function isOwner(operator: OperatorAccount, wallet: Address): boolean {
  return operator.owner.toLowerCase() === wallet.toLowerCase();
}

/** Balances of a wallet, by RPC. */
export async function readBalances({ client, config }: ChainAccess, wallet: Address): Promise<WalletBalances> {
  const token = { address: config.contracts.MeshToken, abi: meshTokenAbi } as const;
  const [eth, mesh, allowance] = await Promise.all([
    client.getBalance({ address: wallet }),
    client.readContract({ ...token, functionName: "balanceOf", args: [wallet] }),
    client.readContract({ ...token, functionName: "allowance", args: [wallet, config.contracts.NodeStaking] }),
  ]);
  return { eth, mesh, allowance };
}

/** Identity that a wallet owns or is the hot wallet of; undefined when none. The chain decides, the indexer only hints. */
export async function readOperator(
  access: ChainAccess,
  indexer: IndexerClient,
  wallet: Address,
): Promise<OperatorAccount | undefined> {
  const registry = { address: access.config.contracts.NodeRegistry, abi: nodeRegistryAbi } as const;
  const owned = await access.client.readContract({ ...registry, functionName: "identityOf", args: [wallet] });
  const identityId = owned || (await hotWalletIdentity(access, indexer, wallet));
  if (!identityId) return undefined;
  const operator = await access.client.readContract({ ...registry, functionName: "operatorOf", args: [identityId] });
  const isHot = operator.operatorWallet.toLowerCase() === wallet.toLowerCase();
  if (!owned && !isHot) return undefined;
  const registered = await access.client.getContractEvents({
    ...registry,
    eventName: "NodeRegistered",
    args: { identityId },
    fromBlock: BigInt(access.config.startBlock),
    strict: true,
  });
  const nodes = await Promise.all(registered.map(({ args }) => readOwnNode(access, args.nodeIndex)));
  return { identityId, ...operator, nodes };
}

async function hotWalletIdentity(access: ChainAccess, indexer: IndexerClient, wallet: Address): Promise<number> {
  const hint = await identityOfHotWallet(indexer, wallet).catch(() => undefined);
  if (hint !== undefined) return hint;
  const query = {
    address: access.config.contracts.NodeRegistry,
    abi: nodeRegistryAbi,
    fromBlock: BigInt(access.config.startBlock),
    strict: true,
  } as const;
  const [registered, set] = await Promise.all([
    access.client.getContractEvents({ ...query, eventName: "OperatorRegistered" }),
    access.client.getContractEvents({ ...query, eventName: "OperatorWalletSet" }),
  ]);
  const named = [...set, ...registered].find(({ args }) => args.operatorWallet.toLowerCase() === wallet.toLowerCase());
  return named?.args.identityId ?? 0;
}

async function readOwnNode({ client, config }: ChainAccess, nodeIndex: number): Promise<OwnNode> {
  const staking = { address: config.contracts.NodeStaking, abi: nodeStakingAbi, args: [nodeIndex] } as const;
  const registry = { address: config.contracts.NodeRegistry, abi: nodeRegistryAbi, args: [nodeIndex] } as const;
  const [stake, unbondings, withdrawableUntil, { exited }, intervals] = await Promise.all([
    client.readContract({ ...staking, functionName: "stakeOf" }),
    client.readContract({ ...staking, functionName: "unbondingsOf" }),
    client.readContract({ ...staking, functionName: "withdrawableUntil" }),
    client.readContract({ ...registry, functionName: "nodeOf" }),
    client.readContract({ ...registry, functionName: "intervalsOf" }),
  ]);
  const newest = intervals.at(-1);
  return {
    nodeIndex,
    stake,
    exited,
    withdrawableUntil: Number(withdrawableUntil),
    unbondings: unbondings.map(({ id, amount, maturesAt }) => ({
      ...{ nodeIndex, id, amount },
      maturesAt: Number(maturesAt),
    })),
    ...(newest && {
      active: { from: Number(newest.from), ...(newest.until !== FOR_EVER && { until: Number(newest.until) }) },
    }),
  };
}
