import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { type Address, parseSignature } from "viem";
import type { ChainClient } from "../lib/network-chain.ts";
import { formatMeshExact } from "../lib/format.ts";
import { stakeShortfall } from "../lib/stake-rules.ts";
import type { TransactionPlan, TransactionStep } from "../lib/transaction-plan.ts";

/** Seconds of chain time for which a permit is valid. */
const PERMIT_SECONDS = 1_800n;

/** What staking needs; amounts are MESH wei. */
export interface StakeInput {
  client: ChainClient;
  token: Address;
  staking: Address;
  wallet: Address;
  nodeIndex: number;
  amount: bigint;
  stakeBefore: bigint;
  minimum: bigint;
  allowance: bigint;
  /** How the staking contract gets the right to take the amount. */
  method: "permit" | "approve";
}

/** Stakes MESH for a node, with a permit in one transaction, or with an approval for wallets that cannot sign one. */
export function stakePlan(input: StakeInput): TransactionPlan {
  const { nodeIndex, amount, stakeBefore, minimum, wallet } = input;
  const stakeAfter = stakeBefore + amount;
  const shortfall = stakeShortfall(stakeAfter, minimum);
  const isTopUp = stakeBefore >= minimum;
  return {
    title: isTopUp ? `Top up node ${nodeIndex}` : `Stake node ${nodeIndex}`,
    summary: `Exactly ${formatMeshExact(amount)} MESH move from your wallet into the stake of node ${nodeIndex}, which then has ${formatMeshExact(stakeAfter)} MESH.`,
    facts: [
      { label: "From", value: wallet },
      { label: "Amount", value: `${formatMeshExact(amount)} MESH` },
      { label: "Stake after", value: `${formatMeshExact(stakeAfter)} MESH` },
      { label: "Minimum", value: `${formatMeshExact(minimum)} MESH` },
    ],
    ...(shortfall && { warning: shortfall }),
    steps: stepsOf(input),
    outcome: () =>
      shortfall ??
      (isTopUp
        ? "The stake is higher now."
        : "The node is staked. It becomes active two epochs from now; start its agent."),
  };
}

function stepsOf(input: StakeInput): TransactionStep[] {
  if (input.allowance >= input.amount) return [plainStake(input)];
  return input.method === "permit" ? permitSteps(input) : [approveStep(input), plainStake(input)];
}

function plainStake({ staking, nodeIndex, amount }: StakeInput): TransactionStep {
  return {
    kind: "call",
    label: "Stake",
    call: () => ({ address: staking, abi: nodeStakingAbi, functionName: "stake", args: [nodeIndex, amount] }),
  };
}

function approveStep({ token, staking, amount }: StakeInput): TransactionStep {
  return {
    kind: "call",
    label: `Approve exactly ${formatMeshExact(amount)} MESH`,
    call: () => ({ address: token, abi: meshTokenAbi, functionName: "approve", args: [staking, amount] }),
  };
}

function permitSteps(input: StakeInput): TransactionStep[] {
  const { client, token, staking, wallet, nodeIndex, amount } = input;
  let deadline = 0n;
  return [
    {
      kind: "sign",
      label: `Sign a permit for exactly ${formatMeshExact(amount)} MESH`,
      async typedData() {
        const [nonce, domain, block] = await Promise.all([
          client.readContract({ address: token, abi: meshTokenAbi, functionName: "nonces", args: [wallet] }),
          client.readContract({ address: token, abi: meshTokenAbi, functionName: "eip712Domain" }),
          client.getBlock(),
        ]);
        deadline = block.timestamp + PERMIT_SECONDS;
        const [, name, version, chainId, verifyingContract] = domain;
        return {
          domain: { name, version, chainId: Number(chainId), verifyingContract },
          types: PERMIT_TYPES,
          primaryType: "Permit",
          message: { owner: wallet, spender: staking, value: amount, nonce, deadline },
        };
      },
    },
    {
      kind: "call",
      label: "Stake",
      call([signature = "0x"]) {
        const { r, s, yParity } = parseSignature(signature);
        return {
          address: staking,
          abi: nodeStakingAbi,
          functionName: "stakeWithPermit",
          args: [nodeIndex, amount, deadline, 27 + yParity, r, s],
        };
      },
    },
  ];
}

const PERMIT_TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};
