import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { allowanceSlot } from "@pqmesh/contracts/protocol/allowance-slot";
import { type Address, type Hex, parseSignature, toHex } from "viem";
import { formatMeshExact } from "./format.ts";
import type { ChainClient } from "./network-chain.ts";
import { type CallStep, callStep, type ContractCall, type NextCall, type TransactionStep } from "./transaction-plan.ts";

/** Seconds of chain time for which a permit is valid. */
const PERMIT_SECONDS = 1_800n;

/** MESH that a contract takes from a wallet; amounts are MESH wei. */
export interface MeshSpending {
  client: ChainClient;
  token: Address;
  /** Contract that takes it. */
  spender: Address;
  wallet: Address;
  amount: bigint;
  /** What the contract may take already. */
  allowance: bigint;
  /** How the contract gets the right to take the amount. */
  method: "permit" | "approve";
}

/** A signed ERC-2612 permit. */
export interface SignedPermit {
  deadline: bigint;
  v: number;
  r: Hex;
  s: Hex;
}

/** The calls that spend, with an allowance and with a permit. */
export interface SpendingCalls {
  label: string;
  plain: ContractCall;
  permitted: (permit: SignedPermit) => ContractCall;
}

/** Steps that spend MESH: at once when the allowance suffices, else with a permit or an approval of exactly the amount. */
export function spendSteps(spending: MeshSpending, calls: SpendingCalls): TransactionStep[] {
  if (spending.method === "approve" || spending.allowance >= spending.amount) {
    return approvedSteps(spending, callStep(calls.label, calls.plain));
  }
  let deadline = 0n;
  return [
    {
      kind: "sign",
      label: `Sign a permit for exactly ${formatMeshExact(spending.amount)} MESH`,
      async typedData() {
        const { token, spender, wallet, amount, client } = spending;
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
          message: { owner: wallet, spender, value: amount, nonce, deadline },
        };
      },
    },
    {
      kind: "call",
      label: calls.label,
      call([signature = "0x"]) {
        const { r, s, yParity } = parseSignature(signature);
        return calls.permitted({ deadline, v: 27 + yParity, r, s });
      },
    },
  ];
}

/** The step that spends, after an approval of exactly the amount when the allowance does not suffice. */
export function approvedSteps(
  { token, spender, amount, allowance }: Pick<MeshSpending, "token" | "spender" | "amount" | "allowance">,
  spend: CallStep,
): TransactionStep[] {
  if (allowance >= amount) return [spend];
  const approval = { address: token, abi: meshTokenAbi, functionName: "approve", args: [spender, amount] };
  const approve = callStep(`Approve exactly ${formatMeshExact(amount)} MESH`, approval);
  const value = toHex(amount, { size: 32 });
  const next = (from: Address): NextCall => ({
    call: spend.call([]),
    stateOverride: [{ address: token, stateDiff: [{ slot: allowanceSlot(from, spender), value }] }],
  });
  return [{ ...approve, next }, spend];
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
