import { posix } from "node:path";
import type { Project } from "../project.ts";
import { readAnchors, readCode, readLinks } from "./markdown.ts";

/** Endings that make a word a file of this repository even without a folder before it. */
const sourceEnding = /\.(ts|tsx|sol|md|tree|graphql)$/;

function expandBraces(token: string): string[] {
  const group = /\{([^{}]*)\}/.exec(token);
  if (!group) return [token];
  const [before, after] = [token.slice(0, group.index), token.slice(group.index + group[0].length)];
  return (group[1] ?? "").split(",").flatMap((choice) => expandBraces(before + choice + after));
}

function globToPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*\*\/?|\*/g, (stars) => {
    return stars === "*" ? "[^/]*" : ".*";
  });
  return new RegExp(`^${escaped}(?:/.*)?$`);
}

/** Knows which paths exist, seen from the root or from a folder. */
class PathIndex {
  readonly #files: string[];
  readonly #known: Set<string>;
  readonly #ignored: string[];
  readonly rootFolders: Set<string>;

  constructor({ files, read }: Project) {
    this.#files = files;
    this.#known = new Set(files);
    for (const path of files) {
      for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) this.#known.add(path.slice(0, at));
    }
    const ignore = files.includes(".gitignore") ? read(".gitignore") : "";
    this.#ignored = ignore.split("\n").filter((line) => line.endsWith("/"));
    this.rootFolders = new Set(files.filter((path) => path.includes("/")).map((path) => path.split("/")[0] ?? ""));
  }

  exists(path: string): boolean {
    if (path === "." || this.#known.has(path)) return true;
    if (!path.includes("*")) return false;
    const pattern = globToPattern(path);
    return this.#files.some((file) => pattern.test(file));
  }

  /** Written by programs at run time and kept out of git. */
  isIgnored(path: string): boolean {
    return this.#ignored.some((folder) => `/${path}/`.includes(`/${folder}`));
  }

  endsLike(path: string): boolean {
    const pattern = globToPattern(`**/${path}`);
    return this.#files.some((file) => file === path || pattern.test(file));
  }
}

/** The path a word of code names, if it names one of this repository. */
function pathIn(word: string, index: PathIndex): string | undefined {
  const value = word.split("=").at(-1) ?? word;
  const path = value
    .replace(/^[("'[]+|[)"'\],.;:]+$/g, "")
    .replace(/[#:].*$/, "")
    .replace(/^\.\//, "")
    .replace(/\/$/, "")
    .replace(/<[\w-]+>/g, "*");
  if (!/^[\w.@*-]+(?:\/[\w.@*-]+)*$/.test(path) || /^[-@]|^\.\.$/.test(path)) return undefined;
  const insideRoot = path.includes("/") && index.rootFolders.has(path.split("/")[0] ?? "");
  return insideRoot || (sourceEnding.test(path) && !path.startsWith("*.")) ? path : undefined;
}

function codePathProblems(file: string, project: Project, index: PathIndex): string[] {
  const folder = posix.dirname(file);
  return readCode(project.read(file)).flatMap(({ text, line, language }) => {
    if (/^(ts|tsx|typescript|solidity|json|js|graphql)$/.test(language)) return [];
    const words = text.split(/\s+/).flatMap(expandBraces);
    const paths = words.flatMap((word) => pathIn(word, index) ?? []);
    return paths
      .filter((path) => !index.isIgnored(path) && !index.exists(path) && !index.endsLike(path))
      .filter((path) => !index.exists(posix.normalize(posix.join(folder, path))))
      .map((path) => `${file}:${line}: there is no ${path}`);
  });
}

function linkProblems(file: string, project: Project, index: PathIndex): string[] {
  return readLinks(project.read(file)).flatMap(({ target, line }) => {
    const [path = "", anchor] = decodeURI(target).split("#");
    const folder = path.startsWith("/") ? "." : posix.dirname(file);
    const resolved = path === "" ? file : posix.normalize(posix.join(folder, path)).replace(/\/$/, "");
    if (!index.exists(resolved)) return [`${file}:${line}: the link ${target} leads nowhere`];
    if (!anchor || !resolved.endsWith(".md") || readAnchors(project.read(resolved)).has(anchor)) return [];
    return [`${file}:${line}: ${resolved} has no heading #${anchor}`];
  });
}

/** Links and paths in Markdown that lead to nothing in the repository. */
export function pathProblems(project: Project): string[] {
  const index = new PathIndex(project);
  return project.files
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) => [...linkProblems(path, project, index), ...codePathProblems(path, project, index)]);
}
