import path from "node:path";
import { DEVELOPMENT_MNEMONIC } from "@pqmesh/contracts/protocol/development-keys";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { developmentAccount, type Role } from "./accounts.ts";
import { BYSTANDERS } from "./genesis.ts";
import type { StartOptions } from "./options.ts";

/** What is said when a network runs. */
export interface Announced {
  options: StartOptions;
  network: NetworkConfig;
  urls: Record<"rpc" | "indexer" | "dapp", string>;
  /** Seconds since the start. */
  seconds: number;
}

/** Text for people: where everything is, and whose accounts there are. */
export function announcement({ options, network, urls, seconds }: Announced): string {
  const { dapp, nodes, operators, relayers, dataDir } = options;
  const size = `${count(nodes, "node")} of ${count(operators, "operator")}, ${count(relayers, "relayer")}`;
  return [
    "",
    `The network runs: ${size}, epochs of ${network.epoch.lengthSeconds} s. Live data after ${seconds} s.`,
    "",
    dapp ? `  dApp       ${urls.dapp}` : "  dApp       off (--no-dapp)",
    `  GraphQL    ${urls.indexer}/graphql`,
    `  chain      ${urls.rpc}   (chain id ${network.chainId})`,
    `  relayers   ${network.relayers.map(({ url }) => url).join("  ")}`,
    `  faucet     POST ${network.faucetUrl} with {"address": "0x…"}`,
    `  settings   ${path.join(dataDir, "network.json")}`,
    `  logs       ${path.join(dataDir, "logs")}`,
    "",
    `  Accounts: import them into a wallet with the mnemonic`,
    `    ${DEVELOPMENT_MNEMONIC}`,
    "  It is public and worthless anywhere else: whatever is sent to these addresses on another chain is lost.",
    "",
    ...accountRows(options, network.chainId),
    "",
    "  Ctrl-C stops everything.",
    "",
  ].join("\n");
}

/** One row per account: its index under the mnemonic, its address, and who it is. Operator n has the n-th identity. */
function accountRows({ nodes, operators }: StartOptions, chainId: number): string[] {
  const row = (role: Role, number: number, who: string): string => {
    const account = developmentAccount(role, chainId, number);
    return `  ${String(account.getHdKey().index).padStart(5)}  ${account.address}  ${who}`;
  };
  const ownNodes = (operator: number): string => count(Math.ceil((nodes - operator) / operators), "node");
  const numbers = (length: number): number[] => Array.from({ length }, (_, i) => i);
  return [
    `  index  ${"address".padEnd(42)}  who`,
    ...numbers(operators).map((i) => row("operator", i, `operator ${i + 1} (identity ${i + 1}), ${ownNodes(i)}`)),
    ...numbers(BYSTANDERS.client).map((i) => row("client", i, `client ${i + 1}, no identity`)),
    ...numbers(BYSTANDERS.holder).map((i) => row("holder", i, `holder ${i + 1}, no identity`)),
    row("council", 0, "council: proposes to the timelock"),
    row("approver", 0, "approver: approves critical operations of the timelock"),
  ];
}

/** A number with its noun, in the plural where there is not one. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
