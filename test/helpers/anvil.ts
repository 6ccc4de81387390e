import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import type { Address, Hex } from "viem";
import { numberToHex } from "viem";
import { mnemonicToAccount, type HDAccount } from "viem/accounts";
import { endWithThisProcess } from "./end-with-this-process.ts";

/** Most gas of one transaction (EIP-7825). */
const TRANSACTION_GAS_CAP = 16_777_216n;

/** A chain node of a test. */
export interface TestChain {
  url: string;
  rpc<T = unknown>(method: string, ...params: unknown[]): Promise<T>;
  /** Mines empty or waiting blocks now. */
  mine(blocks?: number): Promise<void>;
  /** Mines one block whose timestamp is `seconds`. */
  mineAt(seconds: number): Promise<void>;
  head(): Promise<{ number: number; hash: Hex; timestamp: number }>;
  /** Replaces the newest blocks by empty ones; their transactions are gone, not back in the mempool. */
  reorg(depth: number): Promise<void>;
  /** Sends a transaction from a funded account and waits for success. `gas` is estimated unless given. */
  send(transaction: TestTransaction): Promise<{ contractAddress: Address }>;
  stop(): Promise<void>;
}

interface TestTransaction {
  from: Address;
  to?: Address;
  data?: Hex;
  value?: bigint;
  gas?: Hex;
}

/** How {@link startAnvil} runs the node. */
export interface AnvilOptions {
  /** Seconds between blocks; without it every transaction gets a block at once. */
  blockSeconds?: number;
  chainId?: number;
  /** Unix seconds of the genesis block; default one hour ago, so that tests can move time forward. */
  timestamp?: number;
  /** Newest states to keep, all in memory. Of those that anvil moves to the disk, which it does after some hundred blocks, it takes
   * none back whole in a reorg; without this, all can be asked for. */
  states?: number;
}

/** Accounts by index: a mnemonic is made slow to turn into keys on purpose. */
const accounts = new Map<number, HDAccount>();

/** A funded account of the test chain. */
export function testAccount(index: number): HDAccount {
  const known = accounts.get(index);
  if (known) return known;
  const mnemonic = "test test test test test test test test test test test junk";
  const account = mnemonicToAccount(mnemonic, { addressIndex: index });
  accounts.set(index, account);
  return account;
}

/** Starts anvil with Osaka rules on a free port. */
export async function startAnvil(options: AnvilOptions = {}): Promise<TestChain> {
  const { blockSeconds, states, chainId = 31_337, timestamp = Math.floor(Date.now() / 1_000) - 3_600 } = options;
  const args = ["--hardfork", "osaka", "--port", "0", "--accounts", "30", "--chain-id", `${chainId}`];
  if (states) args.push("--prune-history", `${states}`);
  if (blockSeconds) args.push("--block-time", `${blockSeconds}`);
  const child = spawn(binary(), [...args, "--timestamp", `${timestamp}`], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  endWithThisProcess(child);
  const url = await listeningUrl(child.stdout, exited);
  child.stdout.resume();
  letProcessEnd(child);
  return {
    ...connectChain(url),
    async stop() {
      child.ref();
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** A test that fails before it stops its chain must not wait for it for ever. */
function letProcessEnd(child: ChildProcessByStdio<null, Readable, null>): void {
  child.unref();
  (child.stdout as Socket).unref();
}

/** Speaks to a chain node that somebody else started. */
export function connectChain(url: string): TestChain {
  const rpc = rpcOf(url);
  const send: TestChain["send"] = (transaction) => sendAndWait(rpc, transaction);
  return { url, rpc, ...timeControls(rpc), send, stop: () => Promise.resolve() };
}

function binary(): string {
  const packageName = `@foundry-rs/anvil-${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  return join(dirname(manifest), "bin/anvil");
}

async function listeningUrl(output: NodeJS.ReadableStream, exited: Promise<void>): Promise<string> {
  const lines = createInterface({ input: output });
  const found = new Promise<string>((resolve) => {
    lines.on("line", (line) => {
      const match = /Listening on (\S+)/.exec(line);
      if (match) resolve(`http://${match[1]}`);
    });
  });
  const url = await Promise.race([found, exited]);
  lines.close();
  if (!url) throw new Error("anvil ended before it listened");
  return url;
}

function rpcOf(url: string): TestChain["rpc"] {
  return async <T>(method: string, ...params: unknown[]) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });
    const answer = (await response.json()) as { result: T; error?: { message: string; data?: unknown } };
    if (answer.error) throw new Error(`${method}: ${answer.error.message} ${JSON.stringify(answer.error.data ?? "")}`);
    return answer.result;
  };
}

function timeControls(rpc: TestChain["rpc"]): Pick<TestChain, "mine" | "mineAt" | "head" | "reorg"> {
  return {
    async mine(blocks = 1) {
      await rpc("anvil_mine", numberToHex(blocks));
    },
    async mineAt(seconds) {
      await rpc("evm_setNextBlockTimestamp", seconds);
      await rpc("evm_mine");
    },
    async head() {
      const block = await rpc<{ number: Hex; hash: Hex; timestamp: Hex }>("eth_getBlockByNumber", "latest", false);
      return { number: Number(block.number), hash: block.hash, timestamp: Number(block.timestamp) };
    },
    async reorg(depth) {
      await rpc("anvil_reorg", depth, []);
    },
  };
}

async function sendAndWait(
  rpc: TestChain["rpc"],
  { value, ...transaction }: Parameters<TestChain["send"]>[0],
): Promise<{ contractAddress: Address }> {
  const call = { ...transaction, ...(value && { value: numberToHex(value) }) };
  // As wallets do: what runs a second later, in another epoch, may take more than was estimated.
  const estimated = BigInt(await rpc<Hex>("eth_estimateGas", call));
  const allowed = estimated * 5n < TRANSACTION_GAS_CAP * 4n ? (estimated * 5n) / 4n : TRANSACTION_GAS_CAP;
  const hash = await rpc("eth_sendTransaction", { gas: numberToHex(allowed), ...call });
  for (;;) {
    const receipt = await rpc<{ status: Hex; contractAddress: Address } | null>("eth_getTransactionReceipt", hash);
    if (receipt?.status === "0x1") return receipt;
    if (receipt) throw new Error(`transaction ${String(hash)} reverted`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
