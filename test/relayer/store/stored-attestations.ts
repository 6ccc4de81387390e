import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { hexToBytes } from "viem";
import type { AppendGroup, AppendMode } from "../../../relayer/src/store/store-write.ts";
import type { MadeAttestation } from "../../helpers/attesting-node.ts";

/** A directory that is deleted after the test. */
export interface TemporaryDirectory {
  path: string;
  file(name: string): string;
  remove(): void;
}

/** Makes a directory for one test. */
export function temporaryDirectory(): TemporaryDirectory {
  const directory = mkdtempSync(path.join(tmpdir(), "pqmesh-test-"));
  return {
    path: directory,
    file: (name) => path.join(directory, name),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Packs attestations as the store takes them. */
export function groupOf(mode: AppendMode, made: MadeAttestation[], receivedMs = 1_000): AppendGroup {
  return { mode, items: made.map(({ wire, digest }) => ({ wire, digest: hexToBytes(digest) })), receivedMs };
}
