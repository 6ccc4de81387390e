import { join } from "node:path";
import { buildContracts, startBuilds } from "../start/builds.ts";
import { runTree } from "../start/run-tree.ts";
import type { Compiled } from "./suites.ts";

const HARDHAT = "node_modules/hardhat/dist/src/cli.js";

/**
 * Compiles what tests need, as far as its sources changed, before any of them runs: of runs beside each other, none writes
 * what another one reads.
 */
export async function compileForTests(root: string, needs: ReadonlySet<Compiled>): Promise<void> {
  const { signal } = new AbortController();
  if (needs.has("network")) {
    const { contracts, services } = startBuilds(root, { dapp: false }, signal);
    await Promise.all([contracts, services]);
  } else if (needs.has("contracts")) await buildContracts(root);
  if (needs.has("Solidity tests")) {
    await runTree([join(root, HARDHAT), "build", "--quiet"], { cwd: root, env: process.env, signal });
  }
}
