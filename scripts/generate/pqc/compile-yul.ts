import { createRequire } from "node:module";

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Record<
    string,
    Record<string, { readonly evm: { readonly deployedBytecode: { readonly object: string } } }>
  >;
}

const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };

/**
 * Compiles a Yul object that contains an object "runtime".
 *
 * @returns the runtime code as hex without prefix
 * @throws with the compiler's message if the source does not compile
 */
export function compileYul(name: string, source: string): string {
  const input = {
    language: "Yul",
    sources: { [name]: { content: source } },
    settings: {
      evmVersion: "osaka",
      optimizer: { enabled: true, runs: 10_000, details: { yul: true } },
      outputSelection: { "*": { "*": ["evm.deployedBytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as CompilerOutput;
  const errors = (output.errors ?? []).filter((e) => e.severity === "error");
  if (errors.length > 0) throw new Error(errors.map((e) => e.formattedMessage.slice(0, 2000)).join("\n"));
  const code = Object.values(output.contracts?.[name] ?? {})[0]?.evm.deployedBytecode.object;
  if (code === undefined || code === "") throw new Error(`${name} compiles to no code`);
  return code;
}

/**
 * Puts `parts` in the places of names in double braces.
 *
 * @throws if a name is not among the parts
 */
export function fillYul(source: string, parts: ReadonlyMap<string, string>): string {
  return source.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const part = parts.get(name);
    if (part === undefined) throw new Error(`nothing is known to fill in for ${name}`);
    return part;
  });
}
