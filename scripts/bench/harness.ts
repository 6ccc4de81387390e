import { availableParallelism, cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";

/** The machine a benchmark ran on. */
export interface Machine {
  cores: number;
  memory_gb: number;
  cpu: string;
}

/** One line of a benchmark's table. */
export interface BenchRow {
  label: string;
  value: number;
  unit: string;
  /** The limit as a person reads it, for example `<= 200`; left out when nothing is required. */
  limit?: string;
  /** True when the value keeps the limit. */
  ok?: boolean;
}

/** What a benchmark hands back. */
export interface BenchResult {
  rows: BenchRow[];
  /** Figures by the names that tools rely on, alone or in groups. */
  metrics: Record<string, number | Record<string, number>>;
  /** Sentences below the table. */
  notes?: string[];
}

/** An option of a benchmark beside `--json` and `--help`. */
export interface BenchOption {
  type: "string";
  default: string;
  /** For `--help`. */
  description: string;
}

/** A benchmark: `npm run bench:NAME`. */
export interface Bench {
  name: string;
  /** One sentence for `--help` and the heading. */
  title: string;
  options?: Record<string, BenchOption>;
  /** Receives the value of every option in `options`. */
  run(options: Record<string, string>): Promise<BenchResult>;
}

/** Describes the machine: usable cores, memory in GiB to one decimal, CPU model. */
export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    memory_gb: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
  };
}

/** Formats rows as a table: label, value, unit, limit and whether it is kept. */
export function formatTable(rows: readonly BenchRow[]): string {
  const cells = rows.map(({ label, value, unit, limit, ok }) => [
    label,
    value.toLocaleString("en", { maximumFractionDigits: 2 }),
    unit,
    limit ?? "",
    ok === undefined ? "" : ok ? "ok" : "MISSED",
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) => row.map((cell, i) => (i === 1 ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

/**
 * Runs a benchmark from the command line: a table for people and, with `--json`, one JSON object as the last line.
 * Sets exit status 1 when a limit is missed.
 */
export async function runBench(bench: Bench): Promise<void> {
  const { json, help, ...options } = parseArgs({
    options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" }, ...bench.options },
  }).values;
  if (help) {
    console.log(helpText(bench));
    return;
  }
  const machine = describeMachine();
  console.log(`${bench.title}\n${machine.cores} cores, ${machine.memory_gb} GiB, ${machine.cpu}\n`);
  const { rows, metrics, notes = [] } = await bench.run(options);
  console.log([formatTable(rows), ...notes].join("\n"));
  if (json) console.log(JSON.stringify({ bench: bench.name, machine, metrics }));
  if (rows.some(({ ok }) => ok === false)) process.exitCode = 1;
}

function helpText({ name, title, options = {} }: Bench): string {
  const own = Object.entries(options).map(([option, { description, default: value }]) => [
    `--${option} N`,
    `${description} (default ${value})`,
  ]);
  const lines = [...own, ["--json", "print the figures as one JSON object on the last line"]];
  const described = lines.map(([option = "", text = ""]) => `  ${option.padEnd(14)}${text}`);
  return [`npm run bench:${name} -- [options]`, "", title, ...described].join("\n");
}
