import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hex } from "viem";
import { createKeystore, writeKeystore } from "../../../relayer/src/keystore/keystore.ts";
import { PASSWORD, pqmesh } from "../../relayer/cli/support/run-pqmesh.ts";

/** scrypt's cheapest cost: this key guards nothing. */
const SCRYPT_COST = 2 ** 14;

/** A root key on a machine of its own: request file in, signature file out, signed by the real command line. */
export class OfflineRootKey {
  readonly publicKey: Hex;
  readonly #directory: string;
  #count = 0;

  private constructor(publicKey: Hex, directory: string) {
    this.publicKey = publicKey;
    this.#directory = directory;
  }

  /** Makes a key and its keystore. */
  static async create(): Promise<OfflineRootKey> {
    const directory = mkdtempSync(join(tmpdir(), "pqmesh-offline-"));
    const key = { kind: "slh-dsa-sha2-128s", purpose: "root", password: PASSWORD, scryptCost: SCRYPT_COST } as const;
    const keystore = await createKeystore(key);
    await writeKeystore(join(directory, "root.json"), keystore);
    return new OfflineRootKey(`0x${keystore.publicKey}`, directory);
  }

  /** Signs a request file; returns the path of the signature file. */
  async sign(request: string): Promise<string> {
    const number = ++this.#count;
    const [from, to] = ["order", "signed"].map((name) => join(this.#directory, `${name}-${number}.json`)) as [
      string,
      string,
    ];
    writeFileSync(from, readFileSync(request));
    const keystore = join(this.#directory, "root.json");
    const run = await pqmesh(["key", "sign", "--request", from, "--keystore", keystore, "--out", to, "--yes"]);
    if (run.status !== 0) throw new Error(`pqmesh key sign ended with ${run.status}: ${run.stdout}${run.stderr}`);
    return to;
  }

  /** Writes a changed copy of a signature file; returns its path. */
  altered(signed: string, change: (file: SignatureFile) => void): string {
    const file = JSON.parse(readFileSync(signed, "utf8")) as SignatureFile;
    change(file);
    const path = join(this.#directory, `altered-${++this.#count}.json`);
    writeFileSync(path, JSON.stringify(file));
    return path;
  }

  /** Removes its files. */
  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** The fields of a signature file that tests change. */
interface SignatureFile {
  chainId: number;
  signature: string;
  order: { amount: string };
}
