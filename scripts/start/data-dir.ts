import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type NetworkConfig, parseNetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type InstanceLock, lockInstance } from "../../relayer/src/instance-lock.ts";
import type { StartOptions } from "./options.ts";

/** Paths of a devnet's state. */
export interface DataDir {
  root: string;
  logs: string;
  /** State of the chain node; used with `--keep` only. */
  chainState: string;
  network: string;
  authority: string;
  indexer: string;
  relayer(i: number): string;
  agent(nodeIndex: number): string;
  /** What is kept from an earlier run with `--keep`, undefined when there is nothing. */
  kept: NetworkConfig | undefined;
}

const MARKER = ".pqmesh-devnet.json";

/** Files of `lockInstance`; the holder's file stays behind when its process is killed. */
const LOCK_FILES = { lock: "instance.lock", holder: "instance.pid" } as const;

/** The options that make one devnet different from another; a kept one must be continued with the same. */
type Shape = Pick<
  StartOptions,
  | "nodes"
  | "operators"
  | "relayers"
  | "epochSeconds"
  | "chainPort"
  | "indexerPort"
  | "dappPort"
  | "servicePort"
  | "host"
>;

/** What the marker file says. */
interface Marker extends Shape {
  /** True once a state of the chain that holds the whole genesis is on disk. */
  complete: boolean;
}

/** A data directory that this process alone uses. */
export interface ClaimedDataDir {
  lock: InstanceLock;
  /** True when an earlier start was killed: what it started may still be ending. */
  wasKilled: boolean;
}

/**
 * Takes the data directory for this process alone and changes nothing else in it.
 *
 * @throws Error when the directory holds something else.
 * @throws InstanceLockedError naming the start that uses the directory.
 */
export function claimDataDir({ dataDir: root }: StartOptions): ClaimedDataDir {
  const isDevnet = existsSync(path.join(root, MARKER));
  if (!isDevnet && existsSync(root) && readdirSync(root).length > 0) {
    throw new Error(`${root} holds files that are no devnet's: choose another directory with --data`);
  }
  mkdirSync(root, { recursive: true });
  if (!isDevnet) writeFileSync(path.join(root, MARKER), "{}");
  const wasKilled = existsSync(path.join(root, LOCK_FILES.holder));
  return { lock: lockInstance(root, "npm start"), wasKilled };
}

/**
 * Prepares a claimed data directory: empties an earlier devnet, or keeps it with `--keep`.
 *
 * @throws Error when the kept devnet has another shape.
 */
export function prepareDataDir(options: StartOptions): DataDir {
  const { dataDir: root, keep } = options;
  const network = path.join(root, "network.json");
  const chainState = path.join(root, "chain-state.json");
  const marker = JSON.parse(readFileSync(path.join(root, MARKER), "utf8")) as Partial<Marker>;
  const canKeep = keep && marker.complete === true && existsSync(network) && existsSync(chainState);
  if (canKeep) requireSameShape(marker, options);
  else {
    writeMarker(root, { ...shapeOf(options), complete: false });
    const stays: string[] = [MARKER, ...Object.values(LOCK_FILES)];
    for (const name of readdirSync(root)) {
      if (!stays.includes(name)) rmSync(path.join(root, name), { recursive: true, force: true });
    }
  }
  mkdirSync(path.join(root, "logs"), { recursive: true });
  return {
    root,
    logs: path.join(root, "logs"),
    chainState,
    network,
    authority: path.join(root, "authority"),
    indexer: path.join(root, "indexer"),
    relayer: (i) => path.join(root, `relayers/${i}`),
    agent: (nodeIndex) => path.join(root, `agents/${nodeIndex}`),
    kept: canKeep ? parseNetworkConfig(JSON.parse(readFileSync(network, "utf8"))) : undefined,
  };
}

/** Notes that the devnet can be kept, if a state of the chain saved after `genesisLaidAt` is on disk; true when it is. */
export function noteComplete({ root, chainState }: DataDir, options: StartOptions, genesisLaidAt: number): boolean {
  const saved = statSync(chainState, { throwIfNoEntry: false });
  if (!saved || saved.mtimeMs <= genesisLaidAt) return false;
  writeMarker(root, { ...shapeOf(options), complete: true });
  return true;
}

function writeMarker(root: string, marker: Marker): void {
  const file = path.join(root, MARKER);
  writeFileSync(`${file}.part`, JSON.stringify(marker));
  renameSync(`${file}.part`, file);
}

function shapeOf(options: StartOptions): Shape {
  const { nodes, operators, relayers, epochSeconds, chainPort, indexerPort, dappPort, servicePort, host } = options;
  return { nodes, operators, relayers, epochSeconds, chainPort, indexerPort, dappPort, servicePort, host };
}

function requireSameShape(kept: Partial<Shape>, options: StartOptions): void {
  const asked = shapeOf(options);
  const names = Object.keys(asked) as (keyof Shape)[];
  const other = names.find((name) => kept[name] !== asked[name]);
  if (other === undefined) return;
  throw new Error(
    `the kept devnet in ${options.dataDir} has ${other} ${kept[other]}, not ${asked[other]}: start it with the same, or without --keep`,
  );
}
