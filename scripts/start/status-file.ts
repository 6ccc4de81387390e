import { renameSync, writeFileSync } from "node:fs";

/** What `--json-status FILE` keeps current. */
export interface StartStatus {
  state: "starting" | "ready" | "stopping";
  /** Process id of `npm start` itself. */
  pid: number;
  chainId: number;
  urls: Record<string, string>;
  ports: Record<string, number>;
  contracts: Record<string, string>;
  /** Process ids by role. */
  pids: Record<string, number>;
  dataDir: string;
  logDir: string;
  /** Seconds from the start until everything ran and relayers heard every node; absent before. */
  secondsToFirstData?: number;
}

/** Writes the status atomically, so that a reader never sees half of it; does nothing without a file. */
export function writeStatus(file: string | undefined, status: StartStatus): void {
  if (file === undefined) return;
  writeFileSync(`${file}.part`, `${JSON.stringify(status, null, 2)}\n`);
  renameSync(`${file}.part`, file);
}
