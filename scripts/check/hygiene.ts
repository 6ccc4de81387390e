import { statSync } from "node:fs";
import { join } from "node:path";
import { suites } from "../test/suites.ts";
import type { Project } from "./project.ts";
import type { CheckStep } from "./step.ts";

const largestFileBytes = 1024 * 1024;
const textFile =
  /\.(ts|tsx|js|sol|md|json|ya?ml|graphql|css|html|tree|svg|sh|txt)$|(^|\/)\.[a-z]+(rc|ignore)?$|^\.ci\//;

interface Ban {
  pattern: RegExp;
  reason: string;
  /** Paths the ban applies to; all text files when absent. */
  where?: RegExp;
}

// The patterns are written so that they do not find themselves.
const bans: Ban[] = [
  {
    pattern: /(?<![\w.~}<>*-])\/(?:(?:work|farm|root|Users)\/[\w.]|home\/[a-z]+\/|tmp(?![\w-]))/,
    reason: "is an absolute path of one machine; ask os.tmpdir() or resolve from import.meta.dirname",
  },
  { pattern: /\/\/registry[.]|registry[.]npmjs|"resolved": ?"http/, reason: "names a package registry" },
  { pattern: /\b(?:TO[D]O|FIX[M]E)\b/, reason: "is an open end; finish it or write an issue" },
  {
    pattern: /\.(?:only|skip)\(|\bx(?:it|describe)\(/,
    reason: "narrows or switches off tests",
    where: /^test\/.*\.tsx?$/,
  },
];

/** Lines that must not be committed. */
export function bannedLines(project: Project): string[] {
  return project.files
    .filter((path) => textFile.test(path))
    .flatMap((path) => {
      const active = bans.filter(({ where }) => where?.test(path) ?? true);
      const found: string[] = [];
      for (const [index, line] of project.read(path).split("\n").entries()) {
        for (const { pattern, reason } of active) {
          const match = pattern.exec(line);
          if (match) found.push(`${path}:${index + 1}: "${match[0]}" ${reason}`);
        }
      }
      return found;
    });
}

/** Test files that no suite of `npm test` would ever run. */
export function orphanTests(project: Project): string[] {
  const runs = suites.flatMap((suite) => suite.runs);
  return project.files
    .filter((path) => /^test\/.*\.(test\.tsx?|t\.sol)$/.test(path))
    .filter((path) => !runs.some(({ owns }) => owns.test(path)))
    .map((path) => `${path}: no suite of npm test runs this file (scripts/test/suites.ts)`);
}

function largeFiles({ root, files }: Project): string[] {
  return files
    .map((path) => ({ path, bytes: statSync(join(root, path)).size }))
    .filter(({ bytes }) => bytes > largestFileBytes)
    .map(({ path, bytes }) => `${path}: ${bytes} bytes, at most ${largestFileBytes} are allowed`);
}

/** What must never be committed. */
export const hygieneStep: CheckStep = {
  name: "hygiene",
  title: "no machine paths, registry hosts, open ends, narrowed or orphaned tests, large files",
  run: (project) => ({ failures: [...bannedLines(project), ...orphanTests(project), ...largeFiles(project)] }),
};
