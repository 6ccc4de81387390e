import { refuseDevelopmentKeys } from "@pqmesh/contracts/protocol/development-keys";
import { bytesToHex } from "viem";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { ConfigError } from "../service/load-config.ts";
import { openKeystore } from "./keystore.ts";

/**
 * Opens the wallet that a service sends with.
 *
 * @param field Where the configuration names the file, for errors.
 * @throws ConfigError when the file holds another key, or a public development key and the chain is none of development.
 */
export async function openWallet(
  file: string,
  { field, password, chainId }: { field: string; password: string; chainId: number },
): Promise<PrivateKeyAccount> {
  const { kind, purpose, secret } = await openKeystore(file, password);
  if (kind !== "secp256k1" || purpose !== "wallet") {
    throw new ConfigError(`${field} holds a ${kind} key for ${purpose}, not a secp256k1 key for wallet`);
  }
  const account = privateKeyToAccount(bytesToHex(secret));
  refuseDevelopmentKeys(chainId, { [field]: account.address });
  return account;
}
