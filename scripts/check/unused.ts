import { lines, runTool } from "./run-tool.ts";
import type { CheckStep } from "./step.ts";

/** knip: files, exports and dependencies that nothing uses. */
export const unusedStep: CheckStep = {
  name: "unused",
  title: "no unused file, export or dependency (knip)",
  async run({ root }) {
    const { status, output } = await runTool(root, "knip", ["--no-progress", "--config", "scripts/check/knip.json"]);
    return { failures: status === 0 ? [] : lines(output) };
  },
};
