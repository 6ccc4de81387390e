import path from "node:path";
import type { DataDir } from "./data-dir.ts";
import type { StartOptions } from "./options.ts";
import type { ProcessSpec } from "./supervisor.ts";

const CLI = "node relayer/cli/pqmesh.ts";

/** The relayer's process. */
export function relayerSpec(root: string, data: DataDir, i: number): ProcessSpec {
  return service(root, `relayer-${i}`, ["relayer", "run", "--config", path.join(data.relayer(i), "relayer.json")]);
}

/** The agent's process: the same program an operator runs on a server. */
export function agentSpec(root: string, data: DataDir, nodeIndex: number): ProcessSpec {
  return service(root, `agent-${nodeIndex}`, [
    "agent",
    "run",
    "--config",
    path.join(data.agent(nodeIndex), "agent.json"),
  ]);
}

/** The indexer's process. */
export function indexerSpec(root: string, data: DataDir): ProcessSpec {
  const args = ["indexer/engine/main.ts", "--config", path.join(data.indexer, "indexer.json")];
  const restartHint = ["node", ...args].join(" ");
  return { role: "indexer", args, cwd: root, vital: false, restartHint };
}

/** Ports of the relayers and agents, counted from `--service-port`. */
export function servicePorts({ servicePort }: StartOptions): {
  session: (relayer: number) => number;
  committee: (relayer: number) => number;
  read: (relayer: number) => number;
  agent: (nodeIndex: number) => number;
} {
  return {
    session: (relayer) => servicePort + relayer,
    committee: (relayer) => servicePort + 20 + relayer,
    read: (relayer) => servicePort + 40 + relayer,
    agent: (nodeIndex) => servicePort + 100 + nodeIndex,
  };
}

function service(root: string, role: string, args: string[]): ProcessSpec {
  return {
    role,
    args: [path.join(root, "relayer/cli/pqmesh.ts"), ...args],
    cwd: root,
    vital: false,
    restartHint: [CLI, ...args].join(" "),
  };
}
