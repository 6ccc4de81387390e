import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const CONTRACTS = join(import.meta.dirname, "../../contracts");
/** Functions that only some accounts can call by who they are, not by what they have. */
const GUARDED = /\bonly(Timelock|Role|Governance|Guardian|Self)\b/;
/** What the documentation of a function says when the DAO can call it among others. */
const DOCUMENTED = /timelock (only|always)|timelock, or|arbitrator only/i;

interface Source {
  parents: string[];
  /** Functions that are privileged in this source. */
  privileged: string[];
}

function readSource(text: string, name: string): Source {
  const parents = new RegExp(`(?:contract|interface) ${name} is ([^{]+)\\{`).exec(text)?.[1] ?? "";
  const functions = text.matchAll(/((?:^ *\/\/\/.*\n)*) *function (\w+)\(([^;{]*)[;{]/gm);
  const privileged = [...functions]
    .filter(
      ([, notes = "", , head = ""]) => GUARDED.test(head) || DOCUMENTED.test(notes.replaceAll(/\n *\/\/\/ */g, " ")),
    )
    .map(([, , found = ""]) => found);
  return { parents: parents.split(",").map((parent) => parent.replace(/\(.*$/s, "").trim()), privileged };
}

const sources = new Map(
  globSync("{,interfaces/,pqc/,devnet/}*.sol", { cwd: CONTRACTS }).map((file) => {
    const name = basename(file, ".sol");
    return [name, readSource(readFileSync(join(CONTRACTS, file), "utf8"), name)];
  }),
);

/** Functions of a contract and of what it inherits that only the DAO, or the DAO among others, can call. */
export function privilegedFunctions(name: string): string[] {
  const source = sources.get(name);
  return source ? [...source.privileged, ...source.parents.flatMap(privilegedFunctions)] : [];
}
