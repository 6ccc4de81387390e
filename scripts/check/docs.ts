import { commandProblems } from "./docs/commands.ts";
import { pathProblems } from "./docs/paths.ts";
import { versionProblems } from "./docs/versions.ts";
import type { Project } from "./project.ts";
import { runProgram } from "./run-tool.ts";
import type { CheckStep } from "./step.ts";

const mostLinesOfRootReadme = 120;
const mostLinesOfFolderReadme = 40;

/** README files that are too long to be read. */
export function lengthProblems({ files, read }: Project): string[] {
  return files
    .filter((path) => /(^|\/)README\.md$/.test(path))
    .flatMap((path) => {
      const most = path === "README.md" ? mostLinesOfRootReadme : mostLinesOfFolderReadme;
      const count = read(path).trimEnd().split("\n").length;
      return count > most ? [`${path}: ${count} lines, at most ${most} are allowed`] : [];
    });
}

/** Everything the documentation names must exist: prose rots unless something reads it. */
export const docsStep: CheckStep = {
  name: "docs",
  title: "commands, options, paths, links and versions in Markdown exist; READMEs are short",
  async run(project) {
    const help = (args: string[]) => runProgram(process.execPath, [...args, "--help"], project.root);
    const failures = [
      ...lengthProblems(project),
      ...pathProblems(project),
      ...versionProblems(project),
      ...(await commandProblems(project, help)),
    ];
    return { failures, note: `${project.files.filter((path) => path.endsWith(".md")).length} Markdown files` };
  },
};
