import { existsSync } from "node:fs";
import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Command } from "commander";
import { type Abi, bytesToHex, createPublicClient, http, type PublicClient } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { readNetworkFile } from "../src/service/network-file.ts";
import { shownUrl } from "./failure.ts";
import { usageError } from "./output.ts";
import { keystorePassword, type PasswordOptions } from "./password.ts";

const RPC_TIMEOUT_MS = 10_000;
const DEFAULT_NETWORK = "data/devnet/network.json";

/** Options of every command that reads the chain. */
export interface NetworkOptions {
  network: string;
}

/** A deployment and a connection to its chain. */
export interface Session {
  network: NetworkConfig;
  client: PublicClient;
}

/** Adds `--network`. */
export function withNetwork(command: Command): Command {
  return command.option(
    "--network <file>",
    "network.json of the deployment; PQMESH_NETWORK sets another default",
    process.env.PQMESH_NETWORK ?? DEFAULT_NETWORK,
  );
}

/** Reads network.json and connects. @throws CliError when the file is wrong or the RPC is of another chain. */
export async function openNetwork({ network: file }: NetworkOptions): Promise<Session> {
  const network = readNetwork(file);
  const client = createPublicClient({ transport: chainTransport(network), pollingInterval: 500 });
  const chainId = await client.getChainId();
  if (chainId === network.chainId) return { network, client };
  const found = `the chain node ${shownUrl(network.rpcUrl)} is of chain ${chainId}`;
  throw usageError(`${found}, ${file} is for chain ${network.chainId}: nothing was sent`);
}

function readNetwork(file: string): NetworkConfig {
  try {
    return readNetworkFile(file);
  } catch (cause) {
    const isDefault = file === DEFAULT_NETWORK && !existsSync(file);
    const hint = isDefault
      ? "; that default exists only in a clone where npm start runs: name another with --network"
      : "";
    throw usageError(`${(cause as Error).message}${hint}`, cause);
  }
}

/** HTTP to the deployment's chain node. */
export function chainTransport({ rpcUrl }: NetworkConfig): ReturnType<typeof http> {
  return http(rpcUrl, { timeout: RPC_TIMEOUT_MS, retryCount: 1 });
}

/** Account of a wallet keystore. @throws CliError when it holds another kind of key. */
export async function openWallet(file: string, options: PasswordOptions): Promise<PrivateKeyAccount> {
  const { openKeystore, readKeystore } = await import("../src/keystore/keystore.ts");
  const { kind } = await readKeystore(file);
  if (kind !== "secp256k1") throw usageError(`${file} holds a ${kind} key, a wallet needs secp256k1`);
  const { secret } = await openKeystore(file, await keystorePassword(options));
  return privateKeyToAccount(bytesToHex(secret));
}

/** ABI of a contract together with every custom error of the system, so that nested reverts are decoded. */
export function withErrors<const T extends Abi>(abi: T): T {
  const own = new Set(abi.flatMap((item) => (item.type === "error" ? [item.name] : [])));
  return [...abi, ...(errorsAbi as Abi).filter((item) => item.type === "error" && !own.has(item.name))] as unknown as T;
}
