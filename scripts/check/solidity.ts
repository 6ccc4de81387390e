import { undocumented } from "./natspec.ts";
import { lines, runTool } from "./run-tool.ts";
import type { CheckStep } from "./step.ts";

/** solhint over all Solidity, and NatSpec on everything a caller can see. */
export const solidityStep: CheckStep = {
  name: "solidity",
  title: "Solidity passes solhint (scripts/check/solhint.json); everything reachable has NatSpec",
  async run(project) {
    const { root, files } = project;
    const sources = files.filter((path) => path.endsWith(".sol"));
    if (sources.length === 0) return { failures: [] };
    const options = ["--config", "scripts/check/solhint.json", "--formatter", "unix", "--noPoster", "--disc"];
    const { status, output } = await runTool(root, "solhint", [...options, "--max-warnings", "0", ...sources]);
    const reachable = sources.filter((path) => path.startsWith("contracts/") && !path.startsWith("contracts/mocks/"));
    const silent = reachable.flatMap((path) => undocumented(path, project.read(path)));
    return { failures: [...(status === 0 ? [] : lines(output)), ...silent], note: `${sources.length} files` };
  },
};
