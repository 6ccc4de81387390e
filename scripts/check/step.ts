import type { Project } from "./project.ts";

/** Options every step of `npm run check` understands. */
export interface StepOptions {
  /** Repair what can be repaired mechanically (formatting, generated files, gas figures) instead of reporting it. */
  fix: boolean;
}

/** What a step found: one readable sentence for each failure, and an optional note that is shown also on success. */
export interface StepResult {
  failures: string[];
  note?: string;
}

/** One step of `npm run check`. */
export interface CheckStep {
  name: string;
  /** What the step makes sure of, in a few words, for `--help`. */
  title: string;
  /** Nothing runs beside it: it writes what later steps read, or reads what an earlier one wrote. */
  runsAlone?: true;
  run(project: Project, options: StepOptions): Promise<StepResult> | StepResult;
}
