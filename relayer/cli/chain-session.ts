import { readFileSync } from "node:fs";
import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { type NetworkConfig, parseNetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Command } from "commander";
import {
  type Abi,
  type Address,
  BaseError,
  bytesToHex,
  ContractFunctionRevertedError,
  createPublicClient,
  createWalletClient,
  type Hex,
  http,
  type PublicClient,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { CliError, EXIT_CODES } from "./output.ts";

/** Options of every command that reads the chain. */
export interface NetworkOptions {
  network: string;
}

/** Options of every command that sends a transaction. */
export interface WalletOptions extends NetworkOptions {
  wallet: string;
  yes?: boolean;
}

/** One call that a command would send. */
export interface PlannedCall {
  address: Address;
  abi: Abi;
  functionName: string;
  args: readonly unknown[];
  /** What it does, in one sentence. */
  sentence: string;
}

/** Adds `--network`. */
export function withNetwork(command: Command): Command {
  return command.option(
    "--network <file>",
    "network.json of the deployment",
    process.env.PQMESH_NETWORK ?? "data/devnet/network.json",
  );
}

/** Adds `--network`, `--wallet` and `--yes`. */
export function withWallet(command: Command): Command {
  return withNetwork(command)
    .requiredOption("--wallet <file>", "keystore of the wallet that sends (key create --for wallet)")
    .option("--yes", "send; without it, only simulate and say what would happen");
}

/** Reads network.json and connects. @throws CliError when the file is wrong or the RPC is of another chain. */
export async function openNetwork({
  network: file,
}: NetworkOptions): Promise<{ network: NetworkConfig; client: PublicClient }> {
  let network: NetworkConfig;
  try {
    network = parseNetworkConfig(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new CliError(`${file} is no network.json: ${(cause as Error).message}`, EXIT_CODES.usage, { cause });
  }
  const client = createPublicClient({ transport: http(network.rpcUrl), pollingInterval: 500 });
  const chainId = await client.getChainId();
  if (chainId !== network.chainId)
    throw new CliError(`${network.rpcUrl} is of chain ${chainId}, ${file} says ${network.chainId}`);
  return { network, client };
}

/** Simulates calls one after the other and, with `--yes`, sends each and waits until it is mined. */
export async function runCalls(
  options: WalletOptions,
  { client, network, calls }: { client: PublicClient; network: NetworkConfig; calls: PlannedCall[] },
): Promise<{ sent: Hex[]; sentences: string[] }> {
  const account = await openWallet(options.wallet);
  const wallet = createWalletClient({ account, transport: http(network.rpcUrl) });
  const sent: Hex[] = [];
  for (const { sentence: _, ...call } of calls) {
    const isFirst = sent.length === 0;
    if (options.yes !== true && !isFirst) break;
    const { request } = await client.simulateContract({ ...call, account }).catch(asSentence);
    if (options.yes !== true) break;
    const hash = await wallet.writeContract({ ...request, chain: null } as Parameters<typeof wallet.writeContract>[0]);
    const receipt = await client.waitForTransactionReceipt({ hash });
    if (receipt.status !== "success") throw new CliError(`transaction ${hash} was mined but reverted`);
    sent.push(hash);
  }
  return { sent, sentences: calls.map(({ sentence }) => sentence) };
}

/** Text of what was or would be sent. */
export function describeCalls({ sent, sentences }: { sent: Hex[]; sentences: string[] }): string {
  if (sent.length === 0) return `Would do (repeat with --yes):\n${sentences.map((s) => `  ${s}`).join("\n")}`;
  return sentences.map((s, i) => `${s}\n  transaction ${sent[i] ?? "not sent"}`).join("\n");
}

/** Address of a wallet keystore. */
export async function openWallet(file: string): Promise<ReturnType<typeof privateKeyToAccount>> {
  const [{ openKeystore }, { readPassword }] = await Promise.all([
    import("../src/keystore/keystore.ts"),
    import("../src/keystore/password.ts"),
  ]);
  const { kind, secret } = await openKeystore(file, await readPassword());
  if (kind !== "secp256k1")
    throw new CliError(`${file} holds a ${kind} key, a wallet needs secp256k1`, EXIT_CODES.usage);
  return privateKeyToAccount(bytesToHex(secret));
}

/** ABI of a contract together with every custom error of the system, so that nested reverts are decoded. */
export function withErrors(abi: Abi): Abi {
  const own = new Set(abi.flatMap((item) => (item.type === "error" ? [item.name] : [])));
  return [...abi, ...(errorsAbi as Abi).filter((item) => item.type === "error" && !own.has(item.name))];
}

function asSentence(error: unknown): never {
  const reverted =
    error instanceof BaseError ? error.walk((e) => e instanceof ContractFunctionRevertedError) : undefined;
  if (reverted instanceof ContractFunctionRevertedError && reverted.data) {
    const { errorName, args = [] } = reverted.data;
    throw new CliError(`the contract refuses: ${errorName}(${args.map(String).join(", ")})`, EXIT_CODES.failure, {
      cause: error,
    });
  }
  throw new CliError(error instanceof BaseError ? error.shortMessage : String(error), EXIT_CODES.failure, {
    cause: error,
  });
}
