import { nodeDelegationAbi } from "@pqmesh/contracts/generated/node-delegation-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import type { Address } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { type PoolView, readPool } from "./pool-view.ts";

/** An unbonding of a delegator; MESH wei and Unix seconds. */
export interface UndelegationView {
  nodeIndex: number;
  id: number;
  amount: bigint;
  maturesAt: number;
}

/** What a wallet delegates to one node; amounts are MESH wei. */
export interface OwnDelegation {
  nodeIndex: number;
  shares: bigint;
  /** What the shares are worth now. */
  amount: bigint;
  /** What came out of it and is still in it, less what went in: rewards less slashes. */
  earned: bigint;
  pool: Omit<PoolView, "earned">;
  unbondings: UndelegationView[];
  /** Newest maturity that can be withdrawn now, Unix seconds; a proposed slash holds it back. */
  withdrawableUntil: number;
}

/** Reads what a wallet delegates, and what it is unbonding, from contract views and its own logs. */
export async function readOwnDelegations(access: ChainAccess, wallet: Address, now: number): Promise<OwnDelegation[]> {
  const flows = await readFlows(access, wallet);
  const all = await Promise.all([...flows].map(([node, flow]) => readOne(access, { node, flow, wallet, now })));
  return all.filter(({ shares, unbondings }) => shares > 0n || unbondings.length > 0);
}

/** MESH wei taken out of delegations less MESH wei put in, by node. */
async function readFlows({ client, config }: ChainAccess, wallet: Address): Promise<Map<number, bigint>> {
  const query = {
    address: config.contracts.NodeDelegation,
    abi: nodeDelegationAbi,
    args: { delegator: wallet },
    fromBlock: BigInt(config.startBlock),
    strict: true,
  } as const;
  const [put, taken, again] = await Promise.all([
    client.getContractEvents({ ...query, eventName: "Delegated" }),
    client.getContractEvents({ ...query, eventName: "Undelegated" }),
    client.getContractEvents({ ...query, eventName: "UndelegationCancelled" }),
  ]);
  const flows = new Map<number, bigint>();
  const add = (node: number, amount: bigint): void => void flows.set(node, (flows.get(node) ?? 0n) + amount);
  for (const { args } of [...put, ...again]) add(args.nodeIndex, -args.amount);
  for (const { args } of taken) add(args.nodeIndex, args.amount);
  return flows;
}

async function readOne(
  access: ChainAccess,
  { node, flow, wallet, now }: { node: number; flow: bigint; wallet: Address; now: number },
): Promise<OwnDelegation> {
  const { client, config } = access;
  const delegation = {
    address: config.contracts.NodeDelegation,
    abi: nodeDelegationAbi,
    args: [node, wallet],
  } as const;
  const staking = { address: config.contracts.NodeStaking, abi: nodeStakingAbi, args: [node] } as const;
  const [[shares, amount], undelegations, withdrawable, pool] = await Promise.all([
    client.readContract({ ...delegation, functionName: "delegationOf" }),
    client.readContract({ ...delegation, functionName: "undelegationsOf" }),
    client.readContract({ ...staking, functionName: "withdrawableUntil" }),
    readPool(access, node, now),
  ]);
  return {
    ...{ nodeIndex: node, shares, amount, pool, earned: amount + flow, withdrawableUntil: Number(withdrawable) },
    unbondings: undelegations.map(({ id, amount: worth, maturesAt }) => {
      return { nodeIndex: node, id, amount: worth, maturesAt: Number(maturesAt) };
    }),
  };
}
