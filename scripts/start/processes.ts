import path from "node:path";
import type { DataDir } from "./data-dir.ts";
import type { StartOptions } from "./options.ts";
import type { ProcessSpec } from "./supervisor.ts";

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
  const args = ["--config", path.join(data.indexer, "indexer.json")];
  const restartHint = commandLine(["indexer/engine/main.js", ...args]);
  return { role: "indexer", args: ["indexer/engine/main.ts", ...args], cwd: root, vital: false, restartHint };
}

/** Ports of the relayers and agents, counted from `--service-port`. */
export function servicePorts({ servicePort }: StartOptions): {
  session: (relayer: number) => number;
  committee: (relayer: number) => number;
  read: (relayer: number) => number;
  lease: (operator: number) => number;
  agent: (nodeIndex: number) => number;
} {
  return {
    session: (relayer) => servicePort + relayer,
    committee: (relayer) => servicePort + 20 + relayer,
    read: (relayer) => servicePort + 40 + relayer,
    lease: (operator) => servicePort + 60 + operator,
    agent: (nodeIndex) => servicePort + 100 + nodeIndex,
  };
}

function service(root: string, role: string, args: string[]): ProcessSpec {
  return {
    role,
    args: [path.join(root, "relayer/dist/pqmesh.js"), ...args],
    cwd: root,
    vital: false,
    restartHint: commandLine(["relayer/cli/pqmesh.js", ...args]),
  };
}

/**
 * A command that runs a program of the repository from its root, as it can be pasted.
 *
 * @param execPath Node that runs this process: one that npx fetched is not what `node` means in another terminal.
 */
export function commandLine(words: string[], execPath = process.execPath): string {
  const isFetched = execPath.split(path.sep).includes("_npx");
  const node = isFetched ? `npx -y -p node@${process.versions.node.split(".")[0]} node` : "node";
  return [
    node,
    ...words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)),
  ].join(" ");
}
