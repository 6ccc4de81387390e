import type { Project } from "./project.ts";
import type { CheckStep } from "./step.ts";

const mostRootEntries = 20;
const vagueFolders = new Set(["utils", "util", "common", "misc"]);
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(ts|tsx)$/;
/** Tests of contracts are named after the contract or the function they describe. */
const contractTest = /^test\/contracts\/.+\.ts$/;
const contractTestName = /^[A-Za-z0-9]+([-.][A-Za-z0-9]+)*\.ts$/;

function rootEntryFailures(files: string[]): string[] {
  const entries = new Set(files.map((path) => path.split("/")[0] ?? path));
  if (entries.size <= mostRootEntries) return [];
  return [`the root has ${entries.size} entries, at most ${mostRootEntries} are allowed: ${[...entries].join(" ")}`];
}

function nameFailures(path: string): string[] {
  const folders = path.split("/").slice(0, -1);
  const name = path.split("/").at(-1) ?? path;
  const vague = folders.filter((folder) => vagueFolders.has(folder));
  const failures = vague.map((folder) => `${path}: a folder "${folder}" says nothing about what is inside`);
  if (/\.(ts|tsx)$/.test(name)) {
    const pattern = contractTest.test(path) ? contractTestName : kebabCase;
    if (!pattern.test(name)) failures.push(`${path}: TypeScript files are named in kebab-case`);
  }
  return failures;
}

/** Where files may lie and what they may be called. */
export function layoutFailures({ files }: Project): string[] {
  return [...rootEntryFailures(files), ...files.flatMap(nameFailures)];
}

/** Root entries, folder names and file names. */
export const layoutStep: CheckStep = {
  name: "layout",
  title: `at most ${mostRootEntries} root entries, no catch-all folders, kebab-case file names`,
  run: (project) => ({ failures: [...new Set(layoutFailures(project))] }),
};
