import path from "node:path";
import { createPublicClient, http, type PublicClient } from "viem";
import { DEVELOPMENT_MNEMONIC, DEVNET_CHAIN_ID, FUNDED_ACCOUNTS } from "@pqmesh/contracts/protocol/development-keys";
import type { ProcessSpec } from "./supervisor.ts";
import { waitFor } from "./wait-for.ts";

/** Seconds between blocks once the genesis state is laid. */
const BLOCK_SECONDS = 1;

/** Blocks that reports and submitters look back: a beacon's depth, and a confirmation's. */
const LOOK_BACK_BLOCKS = 16;

/** A JSON-RPC client of the chain node that can also set how blocks are mined. */
export type ChainNodeClient = PublicClient & {
  mine: (mode: "each-transaction" | "every-second") => Promise<void>;
  /** Mines what a loaded chain lacks: an EVM knows neither hashes nor states of blocks from before it was started. */
  mineOverGap: () => Promise<void>;
};

/** The chain node as a process: Hardhat's node, or anvil when the state must survive a restart. Both run Osaka rules. */
export function chainNodeSpec(
  root: string,
  { host, port, stateFile }: { host: string; port: number; stateFile: string | undefined },
): ProcessSpec {
  const common = { role: "chain", cwd: root, vital: true };
  if (stateFile === undefined) {
    const cli = path.join(root, "node_modules/hardhat/dist/src/cli.js");
    const config = path.join(import.meta.dirname, "chain.config.ts");
    return { ...common, args: [cli, "--config", config, "node", "--hostname", host, "--port", String(port)] };
  }
  const keeper = [path.join(import.meta.dirname, "kept-chain.ts"), anvilBinary(root), stateFile];
  const accounts = ["--accounts", String(FUNDED_ACCOUNTS), "--mnemonic", DEVELOPMENT_MNEMONIC];
  const chain = ["--hardfork", "osaka", "--chain-id", String(DEVNET_CHAIN_ID), "--silent"];
  const listen = ["--host", host, "--port", String(port)];
  return { ...common, args: [...keeper, `http://${host}:${port}`, ...listen, ...chain, ...accounts] };
}

/** Waits until the node answers and says the devnet's chain id. */
export async function connectChainNode(url: string, signal: AbortSignal): Promise<ChainNodeClient> {
  const client = createPublicClient({ transport: http(url, { retryCount: 0 }), pollingInterval: 100 });
  const chainId = await waitFor("the first answer of the chain node", () => client.getChainId(), {
    timeoutMs: 30_000,
    signal,
  });
  if (chainId !== DEVNET_CHAIN_ID) {
    throw new Error(`the chain node says chain id ${chainId}, the devnet is chain ${DEVNET_CHAIN_ID}`);
  }
  const request = client.request as (call: { method: string; params?: unknown[] }) => Promise<unknown>;
  await request({ method: "hardhat_setLoggingEnabled", params: [false] }).catch(() => undefined);
  const mine: ChainNodeClient["mine"] = async (mode) => {
    const interval = mode === "every-second" ? BLOCK_SECONDS : 0;
    const isAnvil = String(await request({ method: "web3_clientVersion" })).startsWith("anvil");
    await request({ method: "evm_setAutomine", params: [interval === 0] });
    await request({ method: "evm_setIntervalMining", params: [isAnvil ? interval : interval * 1000] });
  };
  const mineOverGap: ChainNodeClient["mineOverGap"] = async () => {
    const last = Number((await client.getBlock()).timestamp);
    const first = Math.max(last + BLOCK_SECONDS, Math.floor(Date.now() / 1_000) - LOOK_BACK_BLOCKS * BLOCK_SECONDS);
    for (let i = 0; i < LOOK_BACK_BLOCKS; i++) {
      await request({ method: "evm_setNextBlockTimestamp", params: [first + i * BLOCK_SECONDS] });
      await request({ method: "evm_mine", params: [] });
    }
  };
  return Object.assign(client, { mine, mineOverGap });
}

function anvilBinary(root: string): string {
  const platform = process.platform === "win32" ? "win32" : process.platform;
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return path.join(root, `node_modules/@foundry-rs/anvil-${platform}-${arch}/bin/anvil`);
}
