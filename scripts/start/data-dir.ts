import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type NetworkConfig, parseNetworkConfig } from "@pqmesh/contracts/protocol/network-config";
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

/** The options that make one devnet different from another; a kept one must be continued with the same. */
type Shape = Pick<
  StartOptions,
  "nodes" | "operators" | "relayers" | "epochSeconds" | "chainPort" | "servicePort" | "host"
>;

/**
 * Prepares the data directory: empties an earlier devnet, or keeps it with `--keep`.
 *
 * @throws Error when the directory holds something else, or a kept devnet of another shape.
 */
export function prepareDataDir(options: StartOptions): DataDir {
  const { dataDir: root, keep } = options;
  const marker = path.join(root, MARKER);
  if (existsSync(root) && readdirSync(root).length > 0 && !existsSync(marker)) {
    throw new Error(`${root} holds files that are no devnet's: choose another directory with --data`);
  }
  const canKeep =
    keep && existsSync(path.join(root, "network.json")) && existsSync(path.join(root, "chain-state.json"));
  if (canKeep) requireSameShape(JSON.parse(readFileSync(marker, "utf8")) as Shape, options);
  else rmSync(root, { recursive: true, force: true });
  mkdirSync(path.join(root, "logs"), { recursive: true });
  writeFileSync(marker, JSON.stringify(shapeOf(options)));
  const network = path.join(root, "network.json");
  return {
    root,
    logs: path.join(root, "logs"),
    chainState: path.join(root, "chain-state.json"),
    network,
    authority: path.join(root, "authority"),
    indexer: path.join(root, "indexer"),
    relayer: (i) => path.join(root, `relayers/${i}`),
    agent: (nodeIndex) => path.join(root, `agents/${nodeIndex}`),
    kept: canKeep ? parseNetworkConfig(JSON.parse(readFileSync(network, "utf8"))) : undefined,
  };
}

function shapeOf({ nodes, operators, relayers, epochSeconds, chainPort, servicePort, host }: StartOptions): Shape {
  return { nodes, operators, relayers, epochSeconds, chainPort, servicePort, host };
}

function requireSameShape(kept: Shape, options: StartOptions): void {
  const asked = shapeOf(options);
  const names = Object.keys(asked) as (keyof Shape)[];
  const other = names.find((name) => kept[name] !== asked[name]);
  if (other === undefined) return;
  throw new Error(
    `the kept devnet in ${options.dataDir} has ${other} ${kept[other]}, not ${asked[other]}: start it with the same, or without --keep`,
  );
}
