import { lines, runTool } from "./run-tool.ts";
import type { CheckStep } from "./step.ts";

/** ESLint with type information over all TypeScript. */
export const lintStep: CheckStep = {
  name: "lint",
  title: "TypeScript passes ESLint (eslint.config.js)",
  async run({ root }, { fix }) {
    const args = ["--max-warnings=0", "--format=stylish", ...(fix ? ["--fix"] : []), "."];
    const { status, output } = await runTool(root, "eslint", args);
    return { failures: status === 0 ? [] : lines(output) };
  },
};
