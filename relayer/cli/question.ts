import { createInterface } from "node:readline/promises";

/** Where a person can be asked. */
export interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream & { isTTY?: boolean };
}

/** This process's terminal; questions go to standard error, so that results can be piped. */
const ownTerminal: Terminal = { input: process.stdin, output: process.stderr };

/**
 * Asks a question that only the whole word "yes" affirms.
 *
 * @returns False also where nobody can be asked.
 */
export async function affirmed(question: string, { input, output }: Terminal = ownTerminal): Promise<boolean> {
  if (!input.isTTY || !output.isTTY) return false;
  const reader = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => reader.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([reader.question(`${question} Type yes: `), closed]);
    return answer.trim().toLowerCase() === "yes";
  } finally {
    reader.close();
  }
}
