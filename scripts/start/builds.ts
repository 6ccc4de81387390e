import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runTree, type RunTreeOptions } from "./run-tree.ts";

/** Something compiled from sources of the repository, rebuilt only when they changed. */
interface Build {
  name: string;
  /** Files and folders, relative to the root, that it is made from. */
  inputs: string[];
  /** Folder, relative to the root, that it writes. */
  output: string;
  steps: { args: string[]; cwd: string }[];
}

/** Where Node keeps what it compiled of programs that run often. */
const COMPILE_CACHE = "node_modules/.cache/pqmesh";
/** Whatever does not hold up the deployment gives way to the compiler of the contracts; a busy machine must not starve it. */
const NICENESS_OF_OTHERS = 5;

const GRAPH = "node_modules/@graphprotocol/graph-cli/bin/run.js";
const VITE = "node_modules/vite/bin/vite.js";

const CONTRACTS: Build = {
  name: "contracts",
  inputs: ["contracts", "hardhat.config.ts", "package-lock.json"],
  output: "artifacts",
  steps: [{ args: ["scripts/start/compile-contracts.ts"], cwd: "." }],
};

const SUBGRAPH: Build = {
  name: "subgraph",
  inputs: [
    "indexer/subgraph/src",
    "indexer/subgraph/abis",
    "indexer/subgraph/schema.graphql",
    "indexer/subgraph/subgraph.yaml",
    "contracts/protocol/epoch-status-number.ts",
    "contracts/protocol/market-names.ts",
    "contracts/protocol/region-names.ts",
    "contracts/protocol/trust-score.ts",
  ],
  output: "indexer/subgraph/build",
  steps: [
    { args: [GRAPH, "codegen"], cwd: "indexer/subgraph" },
    { args: [GRAPH, "build"], cwd: "indexer/subgraph" },
  ],
};

const DAPP: Build = {
  name: "dApp",
  inputs: ["dapp", "contracts/protocol", "contracts/generated"],
  output: "dapp/dist",
  steps: [{ args: [VITE, "build", "--logLevel", "warn"], cwd: "dapp" }],
};

const SERVICES: Build = {
  name: "services",
  inputs: [
    "relayer",
    "indexer/engine",
    "contracts/protocol",
    "contracts/generated",
    "scripts/start/bundle-services.ts",
    "scripts/start/warm-up.ts",
    "package-lock.json",
  ],
  output: "relayer/dist",
  steps: [
    { args: ["scripts/start/bundle-services.ts"], cwd: "." },
    { args: ["scripts/start/warm-up.ts"], cwd: "." },
    { args: ["relayer/dist/pqmesh.js", "agent", "measure"], cwd: "." },
    { args: ["indexer/engine/main.ts", "--help"], cwd: "." },
  ],
};

/** Folders, relative to the root, that hold what was compiled; without them a start compiles everything. */
export const BUILD_OUTPUTS = [...[CONTRACTS, SUBGRAPH, DAPP, SERVICES].map(({ output }) => output), COMPILE_CACHE];

/** Environment of processes that many others resemble: what was compiled once is not compiled again. */
export function compileCacheEnvironment(root: string): { NODE_COMPILE_CACHE: string } {
  return { NODE_COMPILE_CACHE: path.join(root, COMPILE_CACHE) };
}

/** Compilations under way. */
export interface RunningBuilds {
  contracts: Promise<void>;
  /** Subgraph and compile cache of the services. */
  services: Promise<void>;
  /** Resolves at once when no dApp was asked for. */
  dapp: Promise<void>;
  /** Resolves once no compiler runs any more, whatever came of it. */
  ended: Promise<void>;
}

/** Starts to compile everything whose sources changed, until `signal`. The caller waits for each part when it needs it. */
export function startBuilds(root: string, { dapp }: { dapp: boolean }, signal: AbortSignal): RunningBuilds {
  const background = { signal, niceness: NICENESS_OF_OTHERS };
  const parts = {
    services: Promise.all([SUBGRAPH, SERVICES].map((build) => buildWhenStale(root, build, background))).then(
      () => undefined,
    ),
    dapp: dapp ? buildWhenStale(root, DAPP, background) : Promise.resolve(),
    contracts: buildWhenStale(root, CONTRACTS, { signal }),
  };
  const all = Object.values(parts);
  for (const part of all) part.catch(() => undefined);
  return { ...parts, ended: Promise.allSettled(all).then(() => undefined) };
}

/** Compiles the contracts when their sources changed: tests of everything else deploy what was compiled. */
export async function buildContracts(root: string): Promise<void> {
  await buildWhenStale(root, CONTRACTS, { signal: new AbortController().signal });
}

async function buildWhenStale(
  root: string,
  build: Build,
  how: Pick<RunTreeOptions, "signal" | "niceness">,
): Promise<void> {
  const stamp = path.join(root, build.output, ".inputs");
  const state = inputState(root, build.inputs);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === state) return;
  for (const { args, cwd } of build.steps) {
    const [script, ...rest] = args as [string, ...string[]];
    const env = { ...process.env, ...compileCacheEnvironment(root) };
    await runTree([path.join(root, script), ...rest], { ...how, cwd: path.join(root, cwd), env }).catch(
      (cause: Error) => {
        throw new Error(`the ${build.name} cannot be built: ${cause.message}`, { cause });
      },
    );
  }
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, state);
}

function inputState(root: string, inputs: string[]): string {
  const hash = createHash("sha256");
  for (const file of inputs.flatMap((input) => filesOf(path.join(root, input))).sort()) {
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(readFileSync(file))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesOf(at: string): string[] {
  if (statSync(at).isFile()) return [at];
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
    if (["node_modules", "dist", "generated", "build"].includes(entry.name) && !at.endsWith("contracts")) return [];
    return filesOf(path.join(at, entry.name));
  });
}
