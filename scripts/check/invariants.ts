import { posix } from "node:path";
import type { PlantedBug } from "../test/planted-bug.ts";
import { BUG_FINDERS, PLANTED_BUGS } from "../test/planted-bug-list.ts";
import type { Project } from "./project.ts";
import type { CheckStep } from "./step.ts";

const folder = "test/contracts";
const listPath = `${folder}/INVARIANTS.md`;

interface Invariant {
  number: number;
  text: string;
}

/** Numbered entries: `1. …`, `## 1. …` or a table row `| 1 | …`, each with the lines up to the next one. */
function readInvariants(markdown: string): Invariant[] {
  const invariants: Invariant[] = [];
  for (const line of markdown.split("\n")) {
    const start = /^(?:#+ |\| ?)?\*{0,2}(\d+)(?:\.| \||:)/.exec(line);
    if (start) invariants.push({ number: Number(start[1]), text: line });
    else if (/^#/.test(line)) invariants.push({ number: Number.NaN, text: "" });
    else {
      const current = invariants.at(-1);
      if (current) current.text += `\n${line}`;
    }
  }
  return invariants.filter(({ number }) => !Number.isNaN(number));
}

/** Markdown links whose text is a test title and whose target is the file of that test. */
function testLinks(text: string): { title: string; target: string }[] {
  const links = text.matchAll(/\[([^\]]+)\]\(([^)\s#]+\.(?:ts|sol))(?:#[^)]*)?\)/g);
  return [...links].map(([, title = "", target = ""]) => ({ title: title.replaceAll("`", ""), target }));
}

/** Each numbered invariant must link at least one existing test by its exact title, or say that it is not built yet. */
export function invariantFailures(project: Project): string[] {
  if (!project.files.includes(listPath)) {
    return project.files.some((path) => path.startsWith(`${folder}/`)) ? [`${listPath} is missing`] : [];
  }
  const invariants = readInvariants(project.read(listPath));
  if (invariants.length === 0) return [`${listPath}: lists no numbered invariant`];
  return invariants.flatMap(({ number, text }, index) => {
    const failures = number === index + 1 ? [] : [`${listPath}: invariant ${index + 1} is numbered ${number}`];
    const links = testLinks(text);
    if (links.length === 0 && !text.includes("not built yet")) {
      failures.push(`${listPath}: invariant ${number} links no test; write [test title](path/of/the.test.ts)`);
    }
    for (const { title, target } of links) {
      const path = posix.normalize(posix.join(folder, target));
      if (!project.files.includes(path)) failures.push(`${listPath}: invariant ${number}: there is no file ${path}`);
      else if (!project.read(path).includes(title)) {
        failures.push(`${listPath}: invariant ${number}: ${path} has no test called "${title}"`);
      }
    }
    return failures;
  });
}

/** Each leaf ("it should …") of a `.tree` must be the text of a test or a comment in a test beside it. */
export function treeFailures(project: Project): string[] {
  const trees = project.files.filter((path) => path.startsWith(`${folder}/`) && path.endsWith(".tree"));
  return trees.flatMap((path) => {
    const beside = `${posix.dirname(path)}/`;
    const tests = project.files
      .filter((file) => file.startsWith(beside) && /\.(test\.ts|t\.sol)$/.test(file))
      .map((file) => project.read(file))
      .join("\n");
    return project
      .read(path)
      .split("\n")
      .flatMap((line) => /^[\s│├└─]*it (.+?)\s*$/.exec(line)?.[1] ?? [])
      .filter((leaf) => !tests.includes(leaf))
      .map((leaf) => `${path}: no test beside it says "${leaf}"`);
  });
}

/** Each planted bug must still fit the contract that it changes, and name tests that exist. */
export function plantedBugFailures(
  project: Project,
  bugs: PlantedBug[] = PLANTED_BUGS,
  finders: Record<string, string[]> = BUG_FINDERS,
): string[] {
  const textOf = (path: string): string => (project.files.includes(path) ? project.read(path) : "");
  return bugs.flatMap(({ bug, file, from, found }) => {
    const times = textOf(`contracts/${file}`).split(from).length - 1;
    const missing = found.filter((name) => {
      const [suite = "", test = ""] = name.split(".");
      return !(finders[suite] ?? []).some((path) => textOf(`${folder}/${path}`).includes(`function ${test}(`));
    });
    const failures = missing.map((name) => `the planted bug "${bug}": there is no test ${name}`);
    if (times === 1) return failures;
    return [...failures, `the planted bug "${bug}": contracts/${file} has its text ${times} times, not once`];
  });
}

/** The list of invariants, the behaviour trees and the planted bugs against the tests and contracts that exist. */
export const invariantsStep: CheckStep = {
  name: "invariants",
  title: "every numbered invariant and every leaf of a .tree has its test, every planted bug its place",
  run: (project) => ({
    failures: [...invariantFailures(project), ...treeFailures(project), ...plantedBugFailures(project)],
  }),
};
