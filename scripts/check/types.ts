import { lines, runTool } from "./run-tool.ts";
import type { CheckStep } from "./step.ts";

/** Every folder with settings of its own; the mappings of the subgraph are AssemblyScript. */
const isProject = (path: string) => /(^|\/)tsconfig\.json$/.test(path) && !path.startsWith("indexer/subgraph/");

/** The TypeScript compiler over every project. */
export const typesStep: CheckStep = {
  name: "types",
  title: "the TypeScript compiler accepts every project",
  async run({ root, files }) {
    const present = files.filter(isProject);
    const failures: string[] = [];
    for (const path of present) {
      const { status, output } = await runTool(root, "tsc", ["--noEmit", "--pretty", "false", "-p", path]);
      if (status !== 0) failures.push(...lines(output));
    }
    return { failures, note: present.join(", ") };
  },
};
