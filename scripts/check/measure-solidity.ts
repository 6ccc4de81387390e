import { parse, visit } from "@solidity-parser/parser";
import type { FunctionSize } from "./measure-typescript.ts";

/** Length and deepest nesting of one Solidity function or modifier. */
export interface SolidityFunctionSize extends FunctionSize {
  /** Branches, loops and `try` inside each other; an `else if` does not count twice, assembly does not count. */
  depth: number;
}

function deepestNesting(body: unknown): number {
  let depth = 0;
  let deepest = 0;
  const enter = () => {
    depth++;
    deepest = Math.max(deepest, depth);
  };
  const exit = () => void depth--;
  const continues = (branch: object, parent?: object) =>
    parent !== undefined && "falseBody" in parent && parent.falseBody === branch;
  visit(body, {
    IfStatement: (node, parent) => (continues(node, parent) ? undefined : enter()),
    "IfStatement:exit": (node, parent) => (continues(node, parent) ? undefined : exit()),
    ForStatement: enter,
    "ForStatement:exit": exit,
    WhileStatement: enter,
    "WhileStatement:exit": exit,
    DoWhileStatement: enter,
    "DoWhileStatement:exit": exit,
    TryStatement: enter,
    "TryStatement:exit": exit,
  });
  return deepest;
}

interface Callable {
  body?: unknown;
  loc?: { start: { line: number }; end: { line: number } };
}

/** Measures every function, constructor and modifier with a body in a Solidity source. */
export function measureSolidity(text: string): SolidityFunctionSize[] {
  const sizes: SolidityFunctionSize[] = [];
  const measure = (name: string, { body, loc }: Callable): void => {
    if (!body || !loc) return;
    const { start, end } = loc;
    const lines = end.line - start.line + 1;
    sizes.push({ name, line: start.line, lines, component: false, depth: deepestNesting(body) });
  };
  visit(parse(text, { loc: true }), {
    FunctionDefinition: (node) => measure(node.name ?? (node.isConstructor ? "constructor" : "fallback"), node),
    ModifierDefinition: (node) => measure(node.name, node),
  });
  return sizes;
}
