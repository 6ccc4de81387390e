import { allowanceSlot } from "@pqmesh/contracts/protocol/allowance-slot";
import { type Address, formatEther, type Hex, parseSignature, type StateOverride, toHex } from "viem";
import { contractOf } from "./contracts.ts";
import { CliError } from "./output.ts";
import type { WalletSession } from "./transaction.ts";

/** Life of a permit. */
const PERMIT_SECONDS = 3_600n;

/** Who may take how much of the wallet's MESH. */
export interface Allowance {
  spender: Address;
  wei: bigint;
}

/** A signed ERC-2612 permit. */
export interface Permit {
  deadline: bigint;
  v: number;
  r: Hex;
  s: Hex;
}

/** MESH of the wallet. */
export function balanceOf(session: WalletSession): Promise<bigint> {
  const token = contractOf(session, "MeshToken");
  return session.client.readContract({ ...token, functionName: "balanceOf", args: [session.account.address] });
}

/** Whether a contract may take an amount already. @throws CliError when the wallet holds less. */
export async function isAllowed(session: WalletSession, { spender, wei }: Allowance): Promise<boolean> {
  const request = { functionName: "allowance", args: [session.account.address, spender] } as const;
  const [allowance] = await Promise.all([
    session.client.readContract({ ...contractOf(session, "MeshToken"), ...request }),
    requireBalance(session, wei),
  ]);
  return allowance >= wei;
}

/** @throws CliError when the wallet holds less. */
export async function requireBalance(session: WalletSession, wei: bigint): Promise<void> {
  const balance = await balanceOf(session);
  if (balance >= wei) return;
  const { address } = session.account;
  throw new CliError(`wallet ${address} holds ${formatEther(balance)} MESH, ${formatEther(wei)} are needed`);
}

/** The call that approves an amount, and no more. */
export function approvalCall(session: WalletSession, { spender, wei }: Allowance) {
  return { ...contractOf(session, "MeshToken"), functionName: "approve", args: [spender, wei] } as const;
}

/** State in which a contract may already take an amount, so that what follows an approval can be simulated before it. */
export function allowanceOverride({ account, network }: WalletSession, { spender, wei }: Allowance): StateOverride {
  const slot = allowanceSlot(account.address, spender);
  return [{ address: network.contracts.MeshToken, stateDiff: [{ slot, value: toHex(wei, { size: 32 }) }] }];
}

/** Signs a permit that lets a contract take the amount, and no more, within the hour. */
export async function signPermit(session: WalletSession, { spender, wei }: Allowance): Promise<Permit> {
  const { client, account, network } = session;
  const token = contractOf(session, "MeshToken");
  const [{ timestamp }, nonce, [, name, version]] = await Promise.all([
    client.getBlock(),
    client.readContract({ ...token, functionName: "nonces", args: [account.address] }),
    client.readContract({ ...token, functionName: "eip712Domain" }),
  ]);
  const deadline = timestamp + PERMIT_SECONDS;
  const signature = await account.signTypedData({
    domain: { name, version, chainId: network.chainId, verifyingContract: token.address },
    types: {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "Permit",
    message: { owner: account.address, spender, value: wei, nonce, deadline },
  });
  const { r, s, yParity } = parseSignature(signature);
  return { deadline, v: 27 + yParity, r, s };
}
