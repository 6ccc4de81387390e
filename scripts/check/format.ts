import { isGenerated } from "./project.ts";
import { lines, runTool } from "./run-tool.ts";
import type { CheckStep } from "./step.ts";

const formatted = /\.(ts|tsx|js|sol|json|css|html)$/;

/** Prettier over every source file; Markdown is left to its authors. */
export const formatStep: CheckStep = {
  name: "format",
  title: "every source file is formatted by Prettier",
  async run({ root, files }, { fix }) {
    const paths = files.filter((path) => formatted.test(path) && !isGenerated(path));
    const { status, output } = await runTool(root, "prettier", [fix ? "--write" : "--list-different", ...paths]);
    if (status === 0) return { failures: [], note: `${paths.length} files` };
    return { failures: [...lines(output), "repair with: npm run check -- --only format --fix"] };
  },
};
