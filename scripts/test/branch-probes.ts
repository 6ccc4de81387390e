import { createHash } from "node:crypto";
import { parse, visit } from "@solidity-parser/parser";

/** One way that execution can take where a contract decides. */
export interface Branch {
  line: number;
  /** The condition, or `try` or `catch`. */
  text: string;
  /** What is missing when no test takes it. */
  missing: "never true" | "never false" | "never succeeds" | "never fails";
  /** What its probe reports, 32 bytes in hex. */
  tag: string;
}

/** A node of the syntax tree with its place in the text; the last character is part of it. */
interface Node {
  type: string;
  range?: [number, number];
  loc?: { start: { line: number } };
}

/** A text to put at a place; of two at one place, the one with the lower order comes first. */
interface Insertion {
  at: number;
  order: number;
  text: string;
}

/** Decisions of a source in the order in which they begin. */
interface Decisions {
  conditions: Node[];
  /** Blocks after `try` and `catch`. */
  clauses: { block: Node; succeeds: boolean }[];
}

function placeOf({ type, range, loc }: Node): { start: number; end: number; line: number } {
  if (!range || !loc) throw new Error(`The parser of Solidity gave no place for a node of type ${type}.`);
  return { start: range[0], end: range[1] + 1, line: loc.start.line };
}

/** Parts of a condition that `&&`, `||`, `!` and parentheses put together: both of each part are both of the whole. */
function partsOf(condition: Node): Node[] {
  const node = condition as Node & { operator?: string; left: Node; right: Node; subExpression: Node };
  const { components, isArray } = condition as { components?: Node[]; isArray?: boolean };
  if (node.type === "BinaryOperation" && (node.operator === "&&" || node.operator === "||")) {
    return [...partsOf(node.left), ...partsOf(node.right)];
  }
  if (node.type === "UnaryOperation" && node.operator === "!") return partsOf(node.subExpression);
  const [inner] = components ?? [];
  return node.type === "TupleExpression" && !isArray && inner ? partsOf(inner) : [condition];
}

function decisionsOf(source: string): Decisions {
  const parts = new Map<string, Node>();
  const clauses: Decisions["clauses"] = [];
  const add = (condition?: Node | null) => {
    for (const part of condition ? partsOf(condition) : []) parts.set(part.range?.join(" ") ?? "", part);
  };
  visit(parse(source, { loc: true, range: true }), {
    IfStatement: ({ condition }) => add(condition),
    Conditional: ({ condition }) => add(condition),
    WhileStatement: ({ condition }) => add(condition),
    DoWhileStatement: ({ condition }) => add(condition),
    ForStatement: ({ conditionExpression }) => add(conditionExpression),
    BinaryOperation: (node) => (node.operator === "&&" || node.operator === "||" ? add(node) : undefined),
    FunctionCall: ({ expression, arguments: [condition] }) =>
      expression.type === "Identifier" && expression.name === "require" ? add(condition) : undefined,
    TryStatement: ({ body, catchClauses }) => {
      clauses.push({ block: body, succeeds: true });
      for (const { body: block } of catchClauses) clauses.push({ block, succeeds: false });
    },
  });
  const conditions = [...parts.values()].sort((a, b) => placeOf(a).start - placeOf(b).start);
  return { conditions, clauses };
}

/** The tag of a decision; that of a condition is what it reports when false, and ends in 1 when true. */
function tagOf(file: string, kind: string, index: number): string {
  return `${createHash("sha256").update(`${file} ${kind} ${index}`).digest("hex").slice(0, -1)}0`;
}

/**
 * Lists the branches of a Solidity source: both outcomes of each condition of `if`, `?:`, `require` and loops and of each
 * operand of `&&` and `||`, and the blocks of `try` and `catch`. Assembly is left out.
 */
export function branchesOf(file: string, source: string): Branch[] {
  const { conditions, clauses } = decisionsOf(source);
  const ofConditions = conditions.flatMap((condition, index): Branch[] => {
    const { start, end, line } = placeOf(condition);
    const text = source.slice(start, end).replace(/\s+/g, " ");
    const tag = tagOf(file, "condition", index);
    return [
      { line, text, missing: "never true", tag: `${tag.slice(0, -1)}1` },
      { line, text, missing: "never false", tag },
    ];
  });
  const ofClauses = clauses.map(({ block, succeeds }, index): Branch => {
    const [text, missing] = succeeds ? (["try", "never succeeds"] as const) : (["catch", "never fails"] as const);
    return { line: placeOf(block).line, text, missing, tag: tagOf(file, "clause", index) };
  });
  return [...ofConditions, ...ofClauses];
}

/**
 * Adds probes to what Hardhat has instrumented for coverage, so that each branch reports its tag as statements report
 * theirs. Hardhat adds statements only: decisions stand in the order of the source.
 */
export function addBranchProbes(file: string, instrumented: string): string {
  const { conditions, clauses } = decisionsOf(instrumented);
  if (conditions.length + clauses.length === 0) return instrumented;
  const [, hit] = /\b(\w+\.sendHit)\(/.exec(instrumented) ?? [];
  if (!hit) throw new Error(`${file} was not instrumented: run Hardhat with --coverage.`);
  // A name of its own for each file: contracts may import each other as a whole.
  const probe = `branchProbe${tagOf(file, "probe", 0).slice(0, 8)}`;
  const insertions: Insertion[] = [];
  for (const [index, condition] of conditions.entries()) {
    const { start, end } = placeOf(condition);
    insertions.push({ at: start, order: 0, text: `${probe}(` });
    // Of conditions that end together, the inner one begins later and is closed first.
    insertions.push({ at: end, order: -start, text: `, 0x${tagOf(file, "condition", index)})` });
  }
  for (const [index, { block }] of clauses.entries()) {
    const text = ` ${hit}(0x${tagOf(file, "clause", index)});`;
    insertions.push({ at: placeOf(block).start + 1, order: 0, text });
  }
  const last = instrumented.length;
  const body = `${hit}(value ? tag + 1 : tag); return value;`;
  const definition = `\nfunction ${probe}(bool value, uint256 tag) pure returns (bool) { ${body} }\n`;
  insertions.push({ at: last, order: 0, text: definition });
  insertions.sort((a, b) => a.at - b.at || a.order - b.order);
  let from = 0;
  const pieces = insertions.map(({ at, text }) => {
    const piece = instrumented.slice(from, at) + text;
    from = at;
    return piece;
  });
  return pieces.join("");
}
