import type { Project } from "../project.ts";
import { readCode } from "./markdown.ts";

/** Asks a program of the repository for its help: arguments for Node without `--help` → status and text. */
export type ReadHelp = (args: string[]) => Promise<{ status: number; output: string }>;

const cli = "relayer/cli/pqmesh.ts";
const hardhat = "node_modules/.bin/hardhat";

/** A command as it stands in a document. */
interface FoundCommand {
  kind: "npm script" | "hardhat" | "node" | "pqmesh";
  /** Script, file, or nothing where the words say everything. */
  name: string;
  /** What follows on the command line. */
  words: string[];
}

const rest = String.raw`((?:\s+[^\s"'|&;)]+)*)`;
const commandStart = String.raw`(?:^|[&|;(]\s*|\b(?:npx|sudo|exec|time)\s+|[$"]\s*)`;

const finders: { kind: FoundCommand["kind"]; pattern: RegExp }[] = [
  { kind: "npm script", pattern: new RegExp(String.raw`\bnpm\s+(?:-\S+\s+)*run(?:\s+-\S+)*\s+([\w:.-]+)${rest}`, "g") },
  { kind: "npm script", pattern: new RegExp(String.raw`\bnpm\s+(?:-\S+\s+)*(start|test)\b${rest}`, "g") },
  { kind: "hardhat", pattern: new RegExp(String.raw`\bnpx\s+(hardhat)\b${rest}`, "g") },
  { kind: "node", pattern: new RegExp(String.raw`\bnode\s+(?:--?[\w=-]+\s+)*([\w./-]+\.(?:ts|js))\b${rest}`, "g") },
  { kind: "pqmesh", pattern: new RegExp(String.raw`${commandStart}(pqmesh)(?![\w./-])${rest}`, "g") },
];

function findCommands(text: string): FoundCommand[] {
  return finders.flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].map(([, name = "", words = ""]): FoundCommand => {
      const found = { kind, name, words: words.split(/\s+/).filter((word) => word !== "") };
      return kind === "node" && name.endsWith(cli) ? { ...found, kind: "pqmesh", name: "pqmesh" } : found;
    }),
  );
}

const isWord = (word: string | undefined): word is string => word !== undefined && /^[a-z][a-z0-9-]*$/.test(word);

/** Long options among the words that the help text does not list. */
function unknownOptions(words: string[], help: string): string[] {
  const options = words.flatMap((word) => /^--[a-z][a-z-]*/.exec(word)?.[0] ?? []);
  return options.filter((option) => !new RegExp(`${option}(?![\\w-])`).test(help)).map((option) => `option ${option}`);
}

/** Names of the subcommands that a help text of the CLI lists. */
function subcommands(help: string): string[] {
  const section = help.split(/^Commands:\n/m)[1]?.split(/\n\n/)[0] ?? "";
  return [...section.matchAll(/^ {2}([a-z][a-z0-9-]*)/gm)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "help");
}

/** Checks the commands that documents name against the scripts, files and programs that exist. */
class CommandChecker {
  readonly #project: Project;
  readonly #scripts: Record<string, string>;
  readonly #readHelp: ReadHelp;
  readonly #helpTexts = new Map<string, Promise<{ status: number; output: string }>>();

  constructor(project: Project, readHelp: ReadHelp) {
    this.#project = project;
    const { scripts } = JSON.parse(project.read("package.json")) as { scripts?: Record<string, string> };
    this.#scripts = scripts ?? {};
    this.#readHelp = readHelp;
  }

  #help(args: string[]): Promise<{ status: number; output: string }> {
    const key = args.join(" ");
    const text = this.#helpTexts.get(key) ?? this.#readHelp(args);
    this.#helpTexts.set(key, text);
    return text;
  }

  /** What about the command does not exist, if anything. */
  async problems({ kind, name, words }: FoundCommand): Promise<string[]> {
    if (kind === "npm script") return this.#npmScript(name, words);
    if (kind === "hardhat") return this.#hardhatTask(words);
    if (kind === "pqmesh") return this.#pqmesh(words);
    const path = name.replace(/^\.\//, "");
    return this.#project.files.includes(path) ? this.#scriptOptions(path, words) : [`file ${path}`];
  }

  async #npmScript(name: string, words: string[]): Promise<string[]> {
    if (/[A-Z]/.test(name)) return [];
    const script = this.#scripts[name];
    if (script === undefined) return [`script "${name}" in package.json`];
    const file = /node (\S+\.ts)[^&|]*$/.exec(script)?.[1];
    const options = words.includes("--") ? words.slice(words.indexOf("--") + 1) : [];
    return file ? this.#scriptOptions(file, options) : [];
  }

  /** Only programs that know `--help` are asked for it: the others would start to work. */
  async #scriptOptions(path: string, words: string[]): Promise<string[]> {
    const named = words.filter((word) => word.startsWith("--") && word !== "--");
    const { files, read } = this.#project;
    if (named.length === 0 || !files.includes(path) || !read(path).includes("--help")) return [];
    const { output } = await this.#help([path]);
    return unknownOptions(named, output).map((option) => `${option} of ${path}`);
  }

  async #hardhatTask(words: string[]): Promise<string[]> {
    const task = words.slice(0, 2).filter((word, index, both) => isWord(word) && both.slice(0, index).every(isWord));
    if (task.length === 0) return [];
    const { status } = await this.#help([hardhat, ...task]);
    return status === 0 ? [] : [`Hardhat task ${task.join(" ")}`];
  }

  async #pqmesh(words: string[]): Promise<string[]> {
    if (!this.#project.files.includes(cli)) return [`file ${cli}`];
    const path: string[] = [];
    let help = await this.#help([cli]);
    for (const word of words) {
      const known = subcommands(help.output);
      if (known.length === 0 || !isWord(word)) break;
      if (!known.includes(word)) return [`command pqmesh ${[...path, word].join(" ")}`];
      path.push(word);
      help = await this.#help([cli, ...path]);
    }
    const root = await this.#help([cli]);
    if (help.status !== 0) return [`working "${["pqmesh", ...path].join(" ")} --help" (status ${help.status})`];
    return unknownOptions(words, `${help.output}\n${root.output}`).map(
      (option) => `${option} of pqmesh ${path.join(" ")}`,
    );
  }
}

/** Commands in Markdown whose script, file, task, subcommand or option does not exist. */
export async function commandProblems(project: Project, readHelp: ReadHelp): Promise<string[]> {
  const checker = new CommandChecker(project, readHelp);
  const problems: string[] = [];
  for (const path of project.files.filter((file) => file.endsWith(".md"))) {
    for (const { text, line } of readCode(project.read(path))) {
      for (const command of findCommands(text)) {
        const missing = await checker.problems(command);
        problems.push(...missing.map((what) => `${path}:${line}: there is no ${what}`));
      }
    }
  }
  return problems;
}
