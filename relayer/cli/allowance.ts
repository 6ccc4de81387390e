import { allowanceSlot, allowanceSlots } from "@pqmesh/contracts/protocol/allowance-slot";
import { type Address, erc20Abi, formatUnits, type StateOverride, toHex } from "viem";
import { CliError } from "./output.ts";
import { meshToken, type Token, tokenText } from "./tokens.ts";
import type { WalletSession } from "./transaction.ts";

/** Who may take how much of the wallet's tokens. */
export interface Allowance {
  spender: Address;
  /** Smallest units. */
  wei: bigint;
  token: Token;
}

/** What the wallet has of a token; of MESH by default. */
export function balanceOf(session: WalletSession, token: Token = meshToken(session)): Promise<bigint> {
  const { client, account } = session;
  const request = { functionName: "balanceOf", args: [account.address] } as const;
  return client.readContract({ address: token.address, abi: erc20Abi, ...request });
}

/** Whether a contract may take an amount already. @throws CliError when the wallet holds less. */
export async function isAllowed(session: WalletSession, { spender, wei, token }: Allowance): Promise<boolean> {
  const [allowance] = await Promise.all([
    session.client.readContract(allowanceCall(session, { spender, token })),
    requireBalance(session, wei, token),
  ]);
  return allowance >= wei;
}

/** @throws CliError when the wallet holds less. */
export async function requireBalance(
  session: WalletSession,
  wei: bigint,
  token: Token = meshToken(session),
): Promise<void> {
  const balance = await balanceOf(session, token);
  if (balance >= wei) return;
  const { address } = session.account;
  throw new CliError(
    `wallet ${address} holds ${tokenText(balance, token)}, ${formatUnits(wei, token.decimals)} are needed`,
  );
}

/** The call that approves an amount, and no more. */
export function approvalCall({ spender, wei, token }: Allowance) {
  return { address: token.address, abi: erc20Abi, functionName: "approve", args: [spender, wei] } as const;
}

/**
 * State in which a contract may already take an amount, so that what follows an approval can be simulated before it.
 *
 * @returns undefined when it is not known where the token keeps its allowances.
 */
export async function allowanceOverride(
  session: WalletSession,
  allowance: Allowance,
): Promise<StateOverride | undefined> {
  const { spender, wei, token } = allowance;
  const { account, network, client } = session;
  const value = toHex(wei, { size: 32 });
  const overrideOf = (slot: `0x${string}`): StateOverride => [{ address: token.address, stateDiff: [{ slot, value }] }];
  if (token.address === network.contracts.MeshToken) return overrideOf(allowanceSlot(account.address, spender));
  const candidates = allowanceSlots(account.address, spender).map(overrideOf);
  const seen = await Promise.all(
    candidates.map((stateOverride) =>
      client.readContract({ ...allowanceCall(session, allowance), stateOverride }).catch(() => undefined),
    ),
  );
  return candidates[seen.indexOf(wei)];
}

function allowanceCall({ account }: WalletSession, { spender, token }: Pick<Allowance, "spender" | "token">) {
  const request = { functionName: "allowance", args: [account.address, spender] } as const;
  return { address: token.address, abi: erc20Abi, ...request } as const;
}
