import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { DEVNET_CHAIN_ID } from "@pqmesh/contracts/protocol/development-keys";
import { hexToBytes } from "viem";
import { createKeystore, writeKeystore } from "../../relayer/src/keystore/keystore.ts";
import { developmentAccount, privateKeyOf, type Role } from "../../scripts/start/accounts.ts";
import type { StartedNetwork } from "./devnet.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SCRYPT_COST = 2 ** 14;

/** How a command of `pqmesh` ended. */
export interface CommandResult {
  status: number | null;
  /** The last line of standard output, which is the one object that `--json` promises. */
  result: Record<string, unknown>;
}

/** The command line of one person at a running network, and the person's files. */
export class PqmeshFiles {
  readonly #network: StartedNetwork;

  constructor(network: StartedNetwork) {
    this.#network = network;
  }

  /** Path of one of the person's files. */
  file(name: string): string {
    return path.join(this.#network.dir, name);
  }

  /** Writes the keystore of a funded account of the devnet. */
  async wallet(name: string, role: Role, number = 0): Promise<string> {
    const secret = hexToBytes(privateKeyOf(developmentAccount(role, DEVNET_CHAIN_ID, number)));
    const password = readFileSync(this.#passwordFile, "utf8").trim();
    const options = { kind: "secp256k1", purpose: "wallet", secret, password, scryptCost: SCRYPT_COST } as const;
    await writeKeystore(this.file(name), await createKeystore(options));
    return this.file(name);
  }

  /** Runs a command with `--json`. */
  async run(...args: string[]): Promise<CommandResult> {
    const env = {
      ...process.env,
      PQMESH_NETWORK: path.join(this.#network.dir, "data/network.json"),
      PQMESH_PASSWORD_FILE: this.#passwordFile,
    };
    const child = spawn(process.execPath, ["relayer/cli/pqmesh.ts", "--json", ...args], {
      cwd: ROOT,
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const status = new Promise<number | null>((resolve) => child.once("close", resolve));
    const last = (await text(child.stdout)).trim().split("\n").at(-1)!;
    return { status: await status, result: JSON.parse(last) as Record<string, unknown> };
  }

  /** Runs a command that must succeed. */
  async ok(...args: string[]): Promise<Record<string, unknown>> {
    const { status, result } = await this.run(...args);
    if (status !== 0) throw new Error(`pqmesh ${args.join(" ")} ended with ${status}: ${JSON.stringify(result)}`);
    return result;
  }

  get #passwordFile(): string {
    return path.join(this.#network.dir, "data/password");
  }
}
