import { relative } from "node:path";
import type { SolidityHooks } from "hardhat/types/hooks";
import type { HardhatPlugin } from "hardhat/types/plugins";
import { addBranchProbes } from "../test/branch-probes.ts";
import { MONEY_MOVING } from "../test/money-moving.ts";

/** Runs before Hardhat's own plugins, so that `next` returns what they have instrumented. */
const handlers: Partial<SolidityHooks> = {
  preprocessProjectFileBeforeBuilding: async (context, ...[name, path, content, version, next]) => {
    const instrumented = await next(context, name, path, content, version);
    const file = relative(context.config.paths.root, path).replaceAll("\\", "/");
    return MONEY_MOVING.includes(file) ? addBranchProbes(file, instrumented) : instrumented;
  },
};

/** Lets each branch of contracts that move money report itself in a run with --coverage, beside Hardhat's statements. */
export const branchCoverage: HardhatPlugin = {
  id: "pqmesh-branch-coverage",
  hookHandlers: { solidity: () => Promise.resolve({ default: () => Promise.resolve(handlers) }) },
};
