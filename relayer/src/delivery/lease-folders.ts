import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { CredentialContext } from "@pqmesh/contracts/protocol/sealed-credential";
import { type FileLimits, LeaseFiles } from "./lease-files.ts";

/** File in the folder of a lease that ended: chain time at which that was seen first, Unix seconds. */
const ENDED = "ended";

/** Folders of leases: kept for a while after the end, so that a lease that a reorg brings back finds its files. */
export class LeaseFolders {
  readonly #root: string;
  readonly #keepSeconds: bigint;

  constructor(dataDir: string, keepSeconds: number) {
    this.#root = path.join(dataDir, "leases");
    this.#keepSeconds = BigInt(keepSeconds);
  }

  /** Opens the files of a lease that is served. */
  async open(lease: Pick<CredentialContext, "leaseId" | "client">, limits: FileLimits): Promise<LeaseFiles> {
    const folder = path.join(this.#root, folderOf(lease));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rm(path.join(folder, ENDED), { force: true });
    return LeaseFiles.open(folder, limits);
  }

  /**
   * Removes folders of leases that ended long enough ago.
   *
   * @param kept Leases that have not ended.
   * @param now Chain time, Unix seconds.
   */
  async clear(kept: readonly Pick<CredentialContext, "leaseId" | "client">[], now: bigint): Promise<void> {
    const names = new Set(kept.map(folderOf));
    for (const name of await readdir(this.#root).catch(() => [])) {
      if (!names.has(name)) await this.#age(path.join(this.#root, name), now);
    }
  }

  async #age(folder: string, now: bigint): Promise<void> {
    const mark = path.join(folder, ENDED);
    const endedAt = await readFile(mark, "utf8").catch(() => undefined);
    if (endedAt === undefined) await writeFile(mark, `${now}`, { mode: 0o600 });
    else if (now >= BigInt(endedAt) + this.#keepSeconds) await rm(folder, { recursive: true, force: true });
  }
}

/** A reorg can give the number of a lease to another client, whose files must not be these. */
function folderOf({ leaseId, client }: Pick<CredentialContext, "leaseId" | "client">): string {
  return `${leaseId}-${client.toLowerCase()}`;
}
