import { posix } from "node:path";
import ts from "typescript";
import type { Project } from "./project.ts";
import type { CheckStep } from "./step.ts";

const parts = ["indexer", "relayer", "dapp"];
const sharedFolders = ["contracts/generated/", "contracts/protocol/"];
const sharedPackages = ["@pqmesh/contracts/generated/", "@pqmesh/contracts/protocol/"];

interface Rule {
  applies(path: string): boolean;
  /** Why this import is refused, or nothing. */
  refuse(path: string, specifier: string, target: string | undefined): string | undefined;
}

const partOf = (path: string) => parts.find((part) => path.startsWith(`${part}/`));

const rules: Rule[] = [
  {
    applies: (path) => partOf(path) !== undefined,
    refuse(path, specifier, target) {
      const own = partOf(path) ?? "";
      const foreignPackage = specifier.startsWith("@pqmesh/") && !specifier.startsWith(`@pqmesh/${own}/`);
      const allowed = target
        ? [`${own}/`, ...sharedFolders].some((folder) => target.startsWith(folder))
        : !foreignPackage || sharedPackages.some((prefix) => specifier.startsWith(prefix));
      if (allowed) return;
      return `${own} may import only its own files, ${sharedPackages.join("*, ")}* and packages`;
    },
  },
  {
    applies: (path) => path.startsWith("contracts/protocol/"),
    refuse(_path, specifier, target) {
      const runsAnywhere = !specifier.startsWith("node:") && !specifier.startsWith("@pqmesh/");
      const allowed = target ? sharedFolders.some((folder) => target.startsWith(folder)) : runsAnywhere;
      if (!allowed) return "contracts/protocol runs in the browser too: only contracts/generated and packages";
    },
  },
  {
    applies: (path) => path.startsWith("contracts/generated/"),
    refuse(_path, _specifier, target) {
      if (target && !target.startsWith("contracts/generated/")) return "generated files import nothing of the project";
    },
  },
];

function refusals(path: string, specifier: string): string[] {
  const relative = specifier.startsWith(".");
  const target = relative ? posix.normalize(posix.join(posix.dirname(path), specifier)) : undefined;
  return rules.flatMap((rule) => (rule.applies(path) && rule.refuse(path, specifier, target)) || []);
}

/** Every import that crosses a border between the parts of the system. */
export function importFailures({ files, read }: Project): string[] {
  return files
    .filter((path) => /\.(ts|tsx)$/.test(path) && rules.some((rule) => rule.applies(path)))
    .flatMap((path) => {
      const { importedFiles } = ts.preProcessFile(read(path), true, true);
      return importedFiles.flatMap(({ fileName }) =>
        refusals(path, fileName).map((reason) => `${path} imports "${fileName}": ${reason}`),
      );
    });
}

/** indexer, relayer and dapp meet only at contracts/generated, contracts/protocol and over HTTP. */
export const importsStep: CheckStep = {
  name: "imports",
  title: "the TypeScript parts never import each other",
  run: (project) => ({ failures: importFailures(project) }),
};
