import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The repository as the checkers see it: its files, without anything git ignores. */
export interface Project {
  root: string;
  /** Paths relative to the root with `/`, sorted; tracked files and new ones that are not ignored. */
  files: string[];
  /** Text of one of `files`. */
  read: (path: string) => string;
}

/** Root folder of this repository. */
const repositoryRoot = resolve(import.meta.dirname, "../..");

/**
 * Lists the files of the repository through git.
 * @throws when the folder is not a git checkout: without git nobody can tell sources from build output.
 */
export function openProject(root: string = repositoryRoot): Project {
  const listing = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const listed = new Set(listing.split("\0").filter((path) => path !== ""));
  const files = [...listed].filter((path) => existsSync(join(root, path))).sort();
  return { root, files, read: (path) => readFileSync(join(root, path), "utf8") };
}

const writtenByPrograms = [/^contracts\/generated\//, /^package-lock\.json$/, /(^|\/)vectors\//];

/** True for files that a program writes: style and size limits do not apply to them. */
export function isGenerated(path: string): boolean {
  return writtenByPrograms.some((pattern) => pattern.test(path));
}
