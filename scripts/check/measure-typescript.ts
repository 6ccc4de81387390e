import ts from "typescript";

/** Length of one function, in lines from its first to its last. */
export interface FunctionSize {
  name: string;
  /** Line of the file on which the function starts, from 1. */
  line: number;
  lines: number;
  /** True for a React component, which may be longer: mark-up counts as lines. */
  component: boolean;
}

const testSuiteCallees = new Set(["describe", "context", "suite"]);

/** A callback such as the one of `describe`: a container of tests, not a function somebody has to hold in mind. */
function isTestSuiteBody(node: ts.Node): boolean {
  const call = node.parent;
  return ts.isCallExpression(call) && testSuiteCallees.has(call.expression.getText().split(".")[0] ?? "");
}

function nameOf(node: ts.FunctionLikeDeclaration): string {
  if (node.name) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return "constructor";
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText();
  if (ts.isCallExpression(parent)) return `callback of ${parent.expression.getText().slice(0, 40)}`;
  return "anonymous function";
}

function containsJsx(node: ts.Node): boolean {
  if (ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node)) return true;
  return ts.forEachChild(node, (child) => containsJsx(child) || undefined) ?? false;
}

/** Measures every function with a block body in a TypeScript source. */
export function measureTypeScript(path: string, text: string): FunctionSize[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const sizes: FunctionSize[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body && ts.isBlock(node.body) && !isTestSuiteBody(node)) {
      const first = lineOf(node.getStart(source));
      const name = nameOf(node);
      const component = /^[A-Z]/.test(name) && containsJsx(node.body);
      sizes.push({ name, line: first + 1, lines: lineOf(node.end) - first + 1, component });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return sizes;
}
