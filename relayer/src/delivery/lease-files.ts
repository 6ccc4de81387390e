import { createHash, randomBytes } from "node:crypto";
import type { ReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Problem } from "../service/problem.ts";

/** Bounds of the files of one lease. */
export interface FileLimits {
  /** Bytes of all files together. */
  quotaBytes: number;
  /** Bytes of one file. */
  maxFileBytes: number;
  maxFiles: number;
}

/** A file that a client stored. */
export interface StoredFile {
  name: string;
  bytes: number;
}

/** Letters, digits, dot, underscore and hyphen; never first a dot, so that no name leaves its folder or hides. */
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

const FILES = "files";
const DRAFTS = "drafts";

/** The files of one lease in a folder of its own: each is whole or absent, and together they stay within the quota. */
export class LeaseFiles {
  readonly #folder: string;
  readonly #limits: FileLimits;
  /** Bytes by name. */
  readonly #sizes: Map<string, number>;
  /** Bytes and number of uploads under way. */
  #pendingBytes = 0;
  #pending = 0;

  private constructor(folder: string, limits: FileLimits, sizes: Map<string, number>) {
    this.#folder = folder;
    this.#limits = limits;
    this.#sizes = sizes;
  }

  /** Opens the folder of a lease, made when it is absent; what an upload that was cut left behind is removed. */
  static async open(folder: string, limits: FileLimits): Promise<LeaseFiles> {
    await rm(path.join(folder, DRAFTS), { recursive: true, force: true });
    for (const part of [FILES, DRAFTS]) await mkdir(path.join(folder, part), { recursive: true, mode: 0o700 });
    const sizes = new Map<string, number>();
    for (const name of await readdir(path.join(folder, FILES))) {
      sizes.set(name, (await stat(path.join(folder, FILES, name))).size);
    }
    return new LeaseFiles(folder, limits, sizes);
  }

  get limits(): Readonly<FileLimits> {
    return this.#limits;
  }

  get usedBytes(): number {
    return [...this.#sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Files in the order of their names. */
  list(): StoredFile[] {
    return [...this.#sizes].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Stores a file, in place of one of that name. The old one counts until the new one is whole.
   *
   * @param bytes Length that was announced; the body must have it.
   * @returns SHA-256 of the file in hex.
   * @throws Problem when the name, the length or the quota forbids it; nothing changes then.
   */
  async put(name: string, body: AsyncIterable<Uint8Array>, bytes: number): Promise<string> {
    requireName(name);
    this.#requireRoom(name, bytes);
    this.#pendingBytes += bytes;
    this.#pending += 1;
    const draft = path.join(this.#folder, DRAFTS, randomBytes(12).toString("hex"));
    try {
      const digest = await writeDraft(draft, body, bytes);
      await rename(draft, this.#pathOf(name));
      await syncFolder(path.join(this.#folder, FILES));
      this.#sizes.set(name, bytes);
      return digest;
    } finally {
      this.#pendingBytes -= bytes;
      this.#pending -= 1;
      await rm(draft, { force: true });
    }
  }

  /** @throws Problem when there is no such file. */
  async read(name: string): Promise<{ stream: ReadStream; bytes: number }> {
    this.#requireFile(name);
    const file = await open(this.#pathOf(name), "r");
    return { stream: file.createReadStream(), bytes: (await file.stat()).size };
  }

  /** @throws Problem when there is no such file. */
  async remove(name: string): Promise<void> {
    this.#requireFile(name);
    this.#sizes.delete(name);
    await rm(this.#pathOf(name), { force: true });
  }

  #requireRoom(name: string, bytes: number): void {
    const { quotaBytes, maxFileBytes, maxFiles } = this.#limits;
    if (bytes > maxFileBytes) {
      throw new Problem(413, "file-too-large", `the file has ${bytes} bytes, at most ${maxFileBytes} are stored`);
    }
    const free = quotaBytes - this.usedBytes - this.#pendingBytes;
    if (bytes > free) {
      throw new Problem(507, "quota-exceeded", `the file has ${bytes} bytes, ${free} of ${quotaBytes} are free`);
    }
    if (!this.#sizes.has(name) && this.#sizes.size + this.#pending >= maxFiles) {
      throw new Problem(507, "too-many-files", `a lease holds at most ${maxFiles} files`);
    }
  }

  #requireFile(name: string): void {
    requireName(name);
    if (!this.#sizes.has(name)) throw new Problem(404, "no-such-file", `there is no file "${name}"`);
  }

  #pathOf(name: string): string {
    return path.join(this.#folder, FILES, name);
  }
}

function requireName(name: string): void {
  if (NAME.test(name)) return;
  const rule = "1 to 128 letters, digits, dots, underscores and hyphens, the first no dot";
  throw new Problem(400, "bad-name", `the name of a file is ${rule}`);
}

async function writeDraft(draft: string, body: AsyncIterable<Uint8Array>, bytes: number): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(draft, "wx", 0o600);
  let written = 0;
  try {
    for await (const part of body) {
      written += part.length;
      if (written > bytes) break;
      hash.update(part);
      await file.writeFile(part);
    }
    if (written !== bytes) {
      throw new Problem(400, "wrong-length", `the body has not the ${bytes} bytes that were announced`);
    }
    await file.sync();
    return hash.digest("hex");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    throw new Problem(507, "disk-full", "the endpoint's disk is full");
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
