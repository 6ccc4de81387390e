import { type Address, type Hex, isAddress, keccak256, size, slice } from "viem";
import { addressArgument, readAttestationKeyFile } from "./arguments.ts";
import type { Session } from "./chain-session.ts";
import { ABIS, addressOf, contractOf } from "./contracts.ts";
import { CliError } from "./output.ts";

/** An account that obeys a post-quantum key. */
export interface PqAccount {
  account: Address;
  /** Keccak-256 of the raw key that it obeys now. */
  keyId: Hex;
  /** Number of its orders. */
  nonce: bigint;
}

/** The address that a text names: itself, or that of the account of the key in a file. */
export async function accountAddress(session: Session, text: string): Promise<{ account: Address; keyId: Hex | null }> {
  if (isAddress(text, { strict: false })) return { account: addressArgument("account", text), keyId: null };
  const keyId = keccak256(readAttestationKeyFile(text));
  const request = { functionName: "accountOf", args: [keyId] } as const;
  return {
    account: await session.client.readContract({ ...contractOf(session, "PQAccountFactory"), ...request }),
    keyId,
  };
}

/** Reads an account. @throws CliError when none is there, or it obeys another verifier than the network's registry of keys. */
export async function readPqAccount(session: Session, text: string): Promise<PqAccount> {
  const { account } = await accountAddress(session, text);
  if ((await session.client.getCode({ address: account })) === undefined) {
    throw new CliError(`account ${account} is not there yet (pq-account create)`);
  }
  const contract = { address: account, abi: ABIS.PQAccount } as const;
  const reads = [
    session.client.readContract({ ...contract, functionName: "signer" }),
    session.client.readContract({ ...contract, functionName: "nonce" }),
  ] as const;
  const [signer, nonce] = await Promise.all(reads).catch((cause: unknown) => {
    throw new CliError(`${account} is no account with a post-quantum key`, undefined, { cause });
  });
  const keys = addressOf(session.network, "MLDSA65KeyRegistry").toLowerCase();
  if (size(signer) !== 52 || slice(signer, 0, 20) !== keys) {
    throw new CliError(`account ${account} obeys another verifier than the registry of keys ${keys}: ${signer}`);
  }
  return { account, keyId: slice(signer, 20), nonce };
}
