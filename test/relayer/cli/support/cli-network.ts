import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Abi, encodeDeployData, type Hex } from "viem";
import { createKeystore, openKeystore, writeKeystore } from "../../../../relayer/src/keystore/keystore.ts";
import type { KeyKind, KeyPurpose } from "../../../../relayer/src/keystore/key-kinds.ts";
import { testAccount } from "../../../helpers/anvil.ts";
import { startHardhatNode } from "../../../helpers/hardhat-node.ts";
import { deployTestNetwork, type TestNetwork } from "../../../helpers/test-network.ts";
import { runHere } from "./run-here.ts";
import { forbidInOutput, PASSWORD, pqmesh, type Run } from "./run-pqmesh.ts";

/** scrypt's cheapest cost: these keys guard nothing. */
const SCRYPT_COST = 2 ** 14;

/** A deployed network on a Hardhat node and a directory for the files of its operators. */
export interface CliNetwork extends TestNetwork {
  /** Path of a file in the directory. */
  file(name: string): string;
  /** Writes a keystore and returns its public key as hex; its secret may never be printed from then on. */
  keystore(name: string, kind: KeyKind, purpose: KeyPurpose, secret?: Uint8Array): Promise<string>;
  /** Runs a command with `--json` against this network. */
  run(...args: string[]): Promise<Run>;
  /** Runs a command that must succeed, with `--json`; returns what it printed. */
  ok<T = Outcome>(...args: string[]): Promise<T>;
  /** Moves the chain's time forward. */
  pass(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** What every sending command prints. */
export interface Outcome {
  dryRun: boolean;
  sentence: string;
  after: string[];
  preview?: { gets?: string[]; unlocks?: string[]; risks?: string[]; figures: Record<string, unknown> };
  approval?: { spender: string; wei: string; transaction: string | null };
  permit?: { spender: string; wei: string; signed: boolean };
  call: { from: string; contract: string; address: string; functionName: string; args: unknown[]; data: string };
  gas: string;
  maxCostWei: string;
  transaction: { hash: string; blockNumber: string; gasUsed: string } | null;
  events: { name: string; args: Record<string, unknown> }[];
}

/** Amount, cliff and length of the vaults of a test network, whose owner is account 0. */
export const VAULT = { wei: 1_000n * 10n ** 18n, cliffSeconds: 600n, lengthSeconds: 6_000n };

async function deployVaults({ chain, call }: TestNetwork) {
  const file = join(import.meta.dirname, "../../../../artifacts/contracts/VestingVault.sol/VestingVault.json");
  const { abi, bytecode } = JSON.parse(readFileSync(file, "utf8")) as { abi: Abi; bytecode: Hex };
  const from = testAccount(0).address;
  const deploy = async () => {
    const start = BigInt((await chain.head()).timestamp);
    const args = [from, start, VAULT.cliffSeconds, VAULT.lengthSeconds];
    const { contractAddress } = await chain.send({ from, data: encodeDeployData({ abi, bytecode, args }) });
    await call("MeshToken", "transfer", [contractAddress, VAULT.wei]);
    return contractAddress;
  };
  return { TeamVesting: await deploy(), InvestorVesting: await deploy() };
}

/**
 * Starts a Hardhat node, deploys all contracts and writes network.json and the wallet of account 0 (`owner.json`).
 *
 * @param isHere Whether commands run within this process: faster, for suites of many commands.
 */
export async function startCliNetwork({ isHere = false } = {}): Promise<CliNetwork> {
  const chain = await startHardhatNode();
  const network = await deployTestNetwork(chain);
  Object.assign(network.config.contracts, await deployVaults(network));
  return openCliNetwork(network, isHere);
}

/** A directory with network.json and the wallet of account 0 (`owner.json`), and commands that use it. */
export async function openCliNetwork(network: TestNetwork, isHere: boolean): Promise<CliNetwork> {
  const { chain } = network;
  const directory = mkdtempSync(join(tmpdir(), "pqmesh-cli-"));
  const file = (name: string): string => join(directory, name);
  writeFileSync(file("network.json"), JSON.stringify(network.config));
  const run: CliNetwork["run"] = (...args) =>
    isHere
      ? runHere(["--json", ...args], file("network.json"))
      : pqmesh(["--json", ...args], { PQMESH_NETWORK: file("network.json") });
  const started: CliNetwork = {
    ...network,
    file,
    run,
    async keystore(name, kind, purpose, secret) {
      const keystore = await createKeystore({ kind, purpose, secret, password: PASSWORD, scryptCost: SCRYPT_COST });
      await writeKeystore(file(name), keystore);
      const opened = await openKeystore(file(name), PASSWORD);
      forbidInOutput(Buffer.from(opened.secret).toString("hex"));
      return `0x${keystore.publicKey}`;
    },
    async ok<T>(...args: string[]) {
      const { status, stdout, stderr, json } = await run(...args);
      if (status !== 0) throw new Error(`pqmesh ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
      return json<T>();
    },
    async pass(seconds) {
      await chain.mineAt((await chain.head()).timestamp + seconds);
    },
    async stop() {
      await chain.stop();
      rmSync(directory, { recursive: true });
    },
  };
  await started.keystore("owner.json", "secp256k1", "wallet", testAccount(0).getHdKey().privateKey!);
  return started;
}
