import { readFileSync } from "node:fs";
import { type NetworkConfig, parseNetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { ConfigError } from "./load-config.ts";

/** Reads the network.json of a deployment. @throws ConfigError naming the file and the first field that is wrong. */
export function readNetworkFile(file: string): NetworkConfig {
  try {
    return parseNetworkConfig(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new ConfigError(`network ${file} cannot be used`, { cause });
  }
}
