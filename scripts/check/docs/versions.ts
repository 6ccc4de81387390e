import type { Project } from "../project.ts";
import { readCode, readProse } from "./markdown.ts";

/** How prose calls some packages. */
const otherNames: Record<string, string[]> = {
  "@foundry-rs/anvil-linux-amd64": ["anvil"],
  "@openzeppelin/contracts": ["OpenZeppelin Contracts", "OpenZeppelin"],
  solc: ["Solidity", "solc"],
  tailwindcss: ["Tailwind"],
};

/** Files that speak of versions that are not in use: history, and choices that were rejected. */
const mayNameOtherVersions = /(^|\/)(CHANGELOG|DECISIONS)\.md$/;

interface PackageJson {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** Version in use of every direct dependency of every workspace, by each of its names in lower case. */
function readVersions({ files, read }: Project): Map<string, string> {
  const versions = new Map<string, string>();
  for (const path of files.filter((file) => /(^|\/)package\.json$/.test(file))) {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(path)) as PackageJson;
    const direct = { ...dependencies, ...devDependencies, ...optionalDependencies };
    for (const [name, version] of Object.entries(direct)) {
      for (const called of [name, ...(otherNames[name] ?? [])]) versions.set(called.toLowerCase(), version);
    }
  }
  return versions;
}

/** `name x.y.z`, `name x.y`, `name x` and `name@x.y.z` in Markdown that do not agree with package.json. */
export function versionProblems(project: Project): string[] {
  const versions = readVersions(project);
  if (versions.size === 0) return [];
  const names = [...versions.keys()].sort((a, b) => b.length - a.length);
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const pattern = new RegExp(
    `(?<![\\w@/.-])(${escaped})(?:[\`*_]*\\s+v?|@)(\\d+(?:\\.\\d+){0,2})(?![\\w-]|\\.\\d)`,
    "gi",
  );
  const documents = project.files.filter((path) => path.endsWith(".md") && !mayNameOtherVersions.test(path));
  return documents.flatMap((path) => {
    const markdown = project.read(path);
    const blocks = readCode(markdown).filter(({ language }) => language !== "");
    return [...readProse(markdown), ...blocks].flatMap(({ text, line }) =>
      [...text.matchAll(pattern)].flatMap(([, name = "", named = ""]) => {
        const used = versions.get(name.toLowerCase()) ?? "";
        if (used === named || used.startsWith(`${named}.`)) return [];
        return [`${path}:${line}: names ${name} ${named}, package.json has ${used}`];
      }),
    );
  });
}
