import { parse, visit } from "@solidity-parser/parser";
import type { ASTNode } from "@solidity-parser/parser/dist/src/ast-types.js";

interface Located {
  name?: string | null;
  range?: [number, number];
  loc?: { start: { line: number } };
}

/** The NatSpec comment that ends right before a position, without comment marks. */
function commentBefore(text: string, position: number): string {
  const before = text.slice(0, position).trimEnd();
  const block = before.endsWith("*/") ? before.slice(before.lastIndexOf("/*")) : undefined;
  const comment = block ?? /(?:(?<=^|\n)[ \t]*\/\/\/[^\n]*\n)+$/.exec(`${before}\n`)?.[0] ?? "";
  if (block && !block.startsWith("/**")) return "";
  return comment.replace(/^[ \t]*(?:\/\/\/|\/\*\*|\*\/|\*)[ \t]?/gm, "").trim();
}

const describes = /@(?:notice|dev|inheritdoc)\s+\S/;
const tagless = /^[^@\s]/;

function isDocumented(doc: string): boolean {
  return describes.test(doc) || tagless.test(doc);
}

/** Fields of a struct that neither an `@param` of the struct nor a comment of their own explains. */
function unexplainedFields(text: string, doc: string, members: Located[]): string[] {
  return members.flatMap(({ name, range }) => {
    if (!name || new RegExp(`@param ${name}\\s+\\S`).test(doc)) return [];
    return range && commentBefore(text, range[0]) !== "" ? [] : name;
  });
}

/**
 * Finds undocumented parts of a Solidity source: every function, event, error, struct and struct field of an
 * interface, and every public or external function of a contract (usually by `@inheritdoc`).
 */
export function undocumented(path: string, text: string): string[] {
  const failures: string[] = [];
  const require = (kind: string, node: Located): string => {
    const doc = commentBefore(text, node.range?.[0] ?? 0);
    const where = `${path}:${node.loc?.start.line ?? 0}: ${kind} ${node.name ?? ""}`.trimEnd();
    if (!isDocumented(doc)) failures.push(`${where} has no NatSpec`);
    return doc;
  };
  const requireStruct = (node: Located & { members: Located[] }): void => {
    const doc = require("struct", node);
    for (const field of unexplainedFields(text, doc, node.members)) {
      failures.push(`${path}:${node.loc?.start.line ?? 0}: field ${node.name ?? ""}.${field} has no NatSpec`);
    }
  };
  visit(parse(text, { loc: true, range: true }), {
    ContractDefinition(contract) {
      const onBoundary = contract.kind === "interface";
      if (onBoundary) require("interface", contract);
      for (const node of contract.subNodes as ASTNode[]) {
        if (node.type === "FunctionDefinition") {
          const reachable = node.visibility === "external" || node.visibility === "public";
          if (reachable && !node.isConstructor) require("function", node);
        } else if (!onBoundary) continue;
        else if (node.type === "EventDefinition") require("event", node);
        else if (node.type === "CustomErrorDefinition") require("error", node);
        else if (node.type === "StructDefinition") requireStruct(node);
      }
    },
  });
  return failures;
}
