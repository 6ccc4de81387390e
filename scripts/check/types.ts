import { lines, runTool } from "./run-tool.ts";
import type { CheckStep } from "./step.ts";

const projects = ["tsconfig.json", "dapp/tsconfig.json"];

/** The TypeScript compiler over the services and over the dApp. */
export const typesStep: CheckStep = {
  name: "types",
  title: "the TypeScript compiler accepts every project",
  async run({ root, files }) {
    const present = projects.filter((path) => files.includes(path));
    const failures: string[] = [];
    for (const path of present) {
      const { status, output } = await runTool(root, "tsc", ["--noEmit", "--pretty", "false", "-p", path]);
      if (status !== 0) failures.push(...lines(output));
    }
    return { failures, note: present.join(", ") };
  },
};
