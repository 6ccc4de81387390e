import { randomBytes } from "node:crypto";
import { link, mkdir, open, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { fileFlaw } from "@pqmesh/contracts/protocol/file-flaws";

const OTHERS_READ_OR_WRITE = 0o006;

/**
 * Reads a small file that holds a secret.
 *
 * @param what Word for the file in error messages.
 * @throws Error when it is missing, longer than `maxBytes`, or open to every user of the machine.
 */
export async function readPrivateFile(path: string, what: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path, "r").catch((error: unknown) => {
    throw new Error(`${what} ${path} cannot be opened: ${fileFlaw(error)}`);
  });
  try {
    const stats = await file.stat();
    const { mode, size } = stats;
    if (!stats.isFile()) throw new Error(`${what} ${path} is no file`);
    if (mode & OTHERS_READ_OR_WRITE) {
      const octal = (mode & 0o777).toString(8).padStart(4, "0");
      throw new Error(`${what} ${path} is open to every user (mode ${octal}): allow its owner only (chmod 600)`);
    }
    if (size > maxBytes) throw new Error(`${what} ${path} has ${size} bytes, over its limit of ${maxBytes}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/**
 * Writes a new file of mode 0600 that is either complete and on disk, or absent. Never replaces a file.
 *
 * @throws Error when something of that name exists.
 */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new Error(`${directory} cannot be made: ${fileFlaw(error)}`);
  });
  const draft = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  await writeSynced(draft, content)
    .then(() => link(draft, path))
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") throw new Error(`${path} exists already and is not overwritten`);
      throw new Error(`${path} cannot be written: ${fileFlaw(error)}`);
    })
    .finally(() => unlink(draft).catch(() => undefined));
  await syncDirectory(directory);
}

async function writeSynced(path: string, content: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(content, "utf8");
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
