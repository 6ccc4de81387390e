import { spawn } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";

import { waitUntil } from "../../helpers/wait-until.ts";
import { temporaryFolder } from "../fixture/temporary-folder.ts";
import { startIpfsStandIn } from "./ipfs-stand-in.ts";
import { freePort, startPostgres } from "./postgres-server.ts";
import { endWithThisProcess } from "../../helpers/end-with-this-process.ts";

/** Answer of a GraphQL endpoint. */
export interface GraphqlAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** The real graph-node with one subgraph. */
export interface GraphNode {
  /** Answers a query as any client would get it. */
  query(query: string): Promise<GraphqlAnswer>;
  /** Waits until the block with this hash is indexed. */
  reach(head: { readonly number: number; readonly hash: string }, timeout?: number): Promise<void>;
  stop(): Promise<void>;
}

/** What {@link startGraphNode} indexes. */
export interface GraphNodeOptions {
  readonly chainUrl: string;
  /** Folder that `graph build` wrote. */
  readonly subgraph: string;
  /** Address and start block by data source, as in an indexer config. */
  readonly overrides: Readonly<Record<string, { readonly address?: string; readonly startBlock?: number }>>;
}

interface Manifest {
  readonly dataSources: { name: string; network: string; source: { address?: string; startBlock?: number } }[];
}

const HEAD = "{ _meta { block { number hash } } }";
/** Settings that let graph-node follow a chain with a block every few milliseconds as fast as it can. */
const SETTINGS = {
  ETHEREUM_POLLING_INTERVAL: "50",
  ETHEREUM_REORG_THRESHOLD: "64",
  GRAPH_LOG: "warn",
  GRAPH_STORE_WRITE_BATCH_DURATION: "0",
};

/** The processor and system for which npm has a graph-node. */
export function hasGraphNode(): boolean {
  return process.platform === "linux" && process.arch === "x64";
}

/** Starts PostgreSQL and graph-node (`gnd dev`) on a chain; resolves when the subgraph answers. */
export async function startGraphNode(options: GraphNodeOptions): Promise<GraphNode> {
  const { manifest, network } = copyBuild(options);
  const postgres = await startPostgres();
  const ipfs = await startIpfsStandIn();
  const ports = await Promise.all(Array.from({ length: 4 }, freePort));
  const [http, indexNode, admin, metrics] = ports;
  const child = spawn(
    binary(),
    [
      ...["dev", "--manifests", `${manifest}:.`, "--postgres-url", postgres.url, "--ipfs", ipfs.url],
      ...["--ethereum-rpc", `${network}:archive:${options.chainUrl}`, "--http-port", `${http}`],
      ...["--index-node-port", `${indexNode}`, "--admin-port", `${admin}`, "--metrics-port", `${metrics}`],
    ],
    { env: { ...process.env, ...SETTINGS }, stdio: ["ignore", "pipe", "pipe"], cwd: dirname(manifest) },
  );
  const output = collectOutput(child.stdout, child.stderr);
  endWithThisProcess(child);
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = `http://127.0.0.1:${http}/subgraphs/name/subgraph-0`;
  const node: GraphNode = {
    query: (query) => post(url, query),
    async reach({ number, hash }, timeout = 60_000) {
      const what = `graph-node reaches block ${number}`;
      await waitUntil(what, async () => (await headHash(url)) === hash, timeout).catch((error: unknown) => {
        throw new Error(`${(error as Error).message}\n${output()}`, { cause: error });
      });
    },
    async stop() {
      child.kill("SIGKILL");
      await exited;
      await postgres.stop();
      await ipfs.stop();
    },
  };
  return node;
}

/** graph-node takes addresses from the manifest alone, so it gets a copy of the build with those of the test chain. */
function copyBuild({ subgraph, overrides }: GraphNodeOptions): { manifest: string; network: string } {
  const folder = temporaryFolder();
  cpSync(subgraph, folder, { recursive: true });
  const manifest = join(folder, "subgraph.yaml");
  const content = parse(readFileSync(manifest, "utf8")) as Manifest;
  for (const source of content.dataSources) Object.assign(source.source, overrides[source.name]);
  // What graph-node forgets, and when, is its own affair; queries about the past are compared within the undo window.
  writeFileSync(manifest, stringify({ ...content, indexerHints: { prune: "never" } }));
  return { manifest, network: content.dataSources[0]?.network ?? "" };
}

function binary(): string {
  const manifest = createRequire(import.meta.url).resolve("@graphprotocol/gnd-linux-x64/package.json");
  return join(dirname(manifest), "bin/gnd");
}

async function post(url: string, query: string): Promise<GraphqlAnswer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as GraphqlAnswer;
}

async function headHash(url: string): Promise<string | undefined> {
  try {
    const { data } = await post(url, HEAD);
    const meta = data?.["_meta"] as { block: { hash: string } } | undefined;
    return meta?.block.hash;
  } catch {
    return undefined;
  }
}

/** Keeps the last lines for error messages. */
function collectOutput(...streams: NodeJS.ReadableStream[]): () => string {
  let text = "";
  for (const stream of streams) {
    stream.on("data", (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-8_000);
    });
  }
  return () => text;
}
