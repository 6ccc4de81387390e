import type { Project } from "../../scripts/check/project.ts";

/** A project that lives in memory: texts by path. */
export function projectOf(texts: Record<string, string>): Project {
  const read = (path: string): string => {
    const text = texts[path];
    if (text === undefined) throw new Error(`The test's project has no file ${path}`);
    return text;
  };
  return { root: "nowhere", files: Object.keys(texts).sort(), read };
}
