import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Reads files of a subgraph build and remembers what it read for the deployment's digest. */
export class BuildReader {
  readonly wasm = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #folder: string;
  readonly #contents = new Map<string, Buffer>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  text(path: string): string {
    return this.#read(path).toString("utf8");
  }

  module(path: string): void {
    this.wasm.set(path, new Uint8Array(this.#read(path)));
  }

  digest(overrides: string): string {
    const hash = createHash("sha256");
    for (const path of [...this.#contents.keys()].sort())
      hash.update(`${path}\0`).update(this.#read(path)).update("\0");
    return hash.update(overrides).digest("hex");
  }

  #read(path: string): Buffer {
    const known = this.#contents.get(path);
    if (known !== undefined) return known;
    const file = join(this.#folder, path);
    try {
      const content = readFileSync(file);
      this.#contents.set(path, content);
      return content;
    } catch (error) {
      throw new Error(`cannot read ${file} of the subgraph build; run \`graph build\` first`, { cause: error });
    }
  }
}
