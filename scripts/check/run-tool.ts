import { spawn } from "node:child_process";
import { join } from "node:path";

/** Exit status and everything a program printed. */
export interface ToolResult {
  /** Exit status; 1 when the program was ended by a signal. */
  status: number;
  stdout: string;
  /** Standard output and standard error together, in the order of arrival, trimmed. */
  output: string;
}

/** Runs a program without a shell and without a terminal and collects what it prints. */
export function runProgram(command: string, args: string[], cwd: string): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" };
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    child.on("error", (cause) => reject(new Error(`${command} could not be started`, { cause })));
    child.on("close", (code) => resolve({ status: code ?? 1, stdout, output: output.trim() }));
  });
}

/** Runs a command of an installed package (a name in `node_modules/.bin`) with the Node that runs this process. */
export function runTool(root: string, name: string, args: string[]): Promise<ToolResult> {
  return runProgram(process.execPath, [join(root, "node_modules/.bin", name), ...args], root);
}

/** The non-empty lines of a text, for steps that report a tool's own messages. */
export function lines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
