import path from "node:path";
import { parseArgs } from "node:util";

/** What `npm start` was asked to do. */
export interface StartOptions {
  nodes: number;
  operators: number;
  relayers: number;
  epochSeconds: number;
  host: string;
  chainPort: number;
  indexerPort: number;
  dappPort: number;
  servicePort: number;
  dataDir: string;
  keep: boolean;
  dapp: boolean;
  keeper: boolean;
  jsonStatus: string | undefined;
}

interface NumberOption {
  fallback: number;
  min: number;
  max: number;
  help: string;
}

const NUMBERS = {
  nodes: { fallback: 12, min: 1, max: 512, help: "nodes, each with an agent of its own" },
  operators: { fallback: 4, min: 1, max: 20, help: "operators that share the nodes, not more than there are nodes" },
  relayers: {
    fallback: 4,
    min: 1,
    max: 10,
    help: "relayers, each a process of its own; all of them are the committee",
  },
  epoch: { fallback: 10, min: 5, max: 3600, help: "length of an epoch in seconds" },
  "chain-port": { fallback: 8545, min: 1, max: 65_535, help: "port of the chain node" },
  "indexer-port": { fallback: 8600, min: 1, max: 65_535, help: "port of the indexer (GraphQL)" },
  "dapp-port": { fallback: 8080, min: 1, max: 65_535, help: "port of the dApp, network.json and the faucet" },
  "service-port": { fallback: 9100, min: 1, max: 64_000, help: "first port of relayers and agents" },
} as const satisfies Record<string, NumberOption>;

type NumberName = keyof typeof NUMBERS;

const FLAGS = {
  keep: "keep the chain and all data for the next start (uses anvil instead of the Hardhat node)",
  "no-dapp": "do not build and serve the dApp",
  "no-keeper": "relayers do not close leases that are over: try pqmesh janitor",
  help: "show this text",
} as const;

const TEXTS = {
  host: { value: "ADDRESS", help: "address that everything listens on (default 127.0.0.1)" },
  data: { value: "DIRECTORY", help: "directory of all state and logs (default data/devnet)" },
  "json-status": {
    value: "FILE",
    help: "keep this small JSON file current: state, URLs, ports, addresses, process ids",
  },
} as const;

/** Text of `npm start -- --help`. */
export function helpText(): string {
  const row = (name: string, text: string): string => `  --${name.padEnd(22)} ${text}`;
  return [
    "npm start -- [options]   brings up a whole PQMesh network on this machine",
    "",
    ...Object.entries(NUMBERS).map(([name, o]) =>
      row(`${name} N`, `${o.help} (${o.min} to ${o.max}, default ${o.fallback})`),
    ),
    ...Object.entries(TEXTS).map(([name, { value, help }]) => row(`${name} ${value}`, help)),
    ...Object.entries(FLAGS).map(([name, text]) => row(name, text)),
    "",
    "Ctrl-C stops every process it started.",
  ].join("\n");
}

/**
 * Reads the command line; undefined when help was asked for.
 *
 * @throws Error naming the option that is wrong and its limits.
 */
export function readOptions(args: string[], root: string): StartOptions | undefined {
  const given = parseOptions(args);
  if (given.help) return undefined;
  const number = (name: NumberName): number => readNumber(name, given[name] as string | undefined);
  const nodes = number("nodes");
  const options: StartOptions = {
    nodes,
    operators: given.operators === undefined ? Math.min(NUMBERS.operators.fallback, nodes) : number("operators"),
    relayers: number("relayers"),
    epochSeconds: number("epoch"),
    host: (given.host as string | undefined) ?? "127.0.0.1",
    chainPort: number("chain-port"),
    indexerPort: number("indexer-port"),
    dappPort: number("dapp-port"),
    servicePort: number("service-port"),
    dataDir: path.resolve(root, (given.data as string | undefined) ?? "data/devnet"),
    keep: given.keep === true,
    dapp: given["no-dapp"] !== true,
    keeper: given["no-keeper"] !== true,
    jsonStatus: given["json-status"] === undefined ? undefined : path.resolve(given["json-status"] as string),
  };
  if (options.operators > options.nodes) {
    throw new Error(`--operators is ${options.operators}, it must not exceed --nodes, which is ${nodes}`);
  }
  return options;
}

function parseOptions(args: string[]): Record<string, string | boolean | undefined> {
  const texts = [...Object.keys(NUMBERS), ...Object.keys(TEXTS)].map((name) => [name, { type: "string" as const }]);
  const flags = Object.keys(FLAGS).map((name) => [name, { type: "boolean" as const }]);
  const options = Object.fromEntries([...texts, ...flags]) as Record<string, { type: "string" | "boolean" }>;
  try {
    return parseArgs({ args, options }).values;
  } catch (cause) {
    const sentence = (cause as Error).message.split(". ")[0];
    throw new Error(`${sentence}; npm start -- --help lists the options`, { cause });
  }
}

function readNumber(name: NumberName, text: string | undefined): number {
  const { fallback, min, max } = NUMBERS[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`--${name} is "${text}", it must be a whole number from ${min} to ${max}`);
  }
  return value;
}
