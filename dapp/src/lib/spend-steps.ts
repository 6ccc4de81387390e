import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { allowanceSlot } from "@pqmesh/contracts/protocol/allowance-slot";
import { type Address, encodeAbiParameters, type Hex, parseSignature, toHex } from "viem";
import { formatMeshExact } from "./format.ts";
import type { ChainClient } from "./network-chain.ts";
import { type CallStep, callStep, type ContractCall, type NextCall, type TransactionStep } from "./transaction-plan.ts";
import { formatTokenExact, type TokenUnit } from "./token-amount.ts";

/** Seconds of chain time for which a permit is valid. */
const PERMIT_SECONDS = 1_800n;

/** What a contract takes of a token from a wallet; amounts are smallest units of the token. */
export interface TokenSpending {
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
  /** How amounts are written; MESH when absent. */
  unit?: TokenUnit;
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

/** Steps that spend a token: at once when the allowance suffices, else with a permit or an approval of exactly the amount. */
export function spendSteps(spending: TokenSpending, calls: SpendingCalls): TransactionStep[] {
  if (spending.method === "approve" || spending.allowance >= spending.amount) {
    return approvedSteps(spending, callStep(calls.label, calls.plain));
  }
  let deadline = 0n;
  return [
    {
      kind: "sign",
      label: `Sign a permit for exactly ${amountWords(spending)}`,
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
  spending: Pick<TokenSpending, "token" | "spender" | "amount" | "allowance" | "unit">,
  spend: CallStep,
): TransactionStep[] {
  const { token, spender, amount, allowance } = spending;
  if (allowance >= amount) return [spend];
  const approval = { address: token, abi: meshTokenAbi, functionName: "approve", args: [spender, amount] };
  const approve = callStep(`Approve exactly ${amountWords(spending)}`, approval);
  const value = toHex(amount, { size: 32 });
  const next = (from: Address): NextCall => ({
    call: spend.call([]),
    stateOverride: [{ address: token, stateDiff: [{ slot: allowanceSlot(from, spender), value }] }],
  });
  return [{ ...approve, next }, spend];
}

/** A permit as the contracts of the marketplace take it. */
export function permitBytes({ deadline, v, r, s }: SignedPermit): Hex {
  const types = [{ type: "uint256" }, { type: "uint8" }, { type: "bytes32" }, { type: "bytes32" }] as const;
  return encodeAbiParameters(types, [deadline, v, r, s]);
}

function amountWords({ amount, unit }: Pick<TokenSpending, "amount" | "unit">): string {
  return unit ? formatTokenExact(amount, unit) : `${formatMeshExact(amount)} MESH`;
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
