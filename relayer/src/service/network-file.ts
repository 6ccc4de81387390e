import { readFileSync } from "node:fs";
import { fileFlaw, jsonFlaw } from "@pqmesh/contracts/protocol/file-flaws";
import { type NetworkConfig, parseNetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { ConfigError } from "./load-config.ts";

/** Reads the network.json of a deployment. @throws ConfigError naming the file and the first field that is wrong. */
export function readNetworkFile(file: string): NetworkConfig {
  try {
    return parseNetworkConfig(readJson(file));
  } catch (cause) {
    throw new ConfigError(`${file} is no network.json: ${(cause as Error).message.replace("network config: ", "")}`, {
      cause,
    });
  }
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(fileFlaw(cause), { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`it ${jsonFlaw(cause)}`, { cause });
  }
}
