import { writeFileSync } from "node:fs";
import Mocha from "mocha";
import type { MochaOptions, Runner } from "mocha";

/** Results of one run of a test runner. */
export interface TestCounts {
  passed: number;
  failed: number;
  /** Tests that exist but did not run. */
  skipped: number;
  /** What each random test of Solidity went through, one line for each. */
  invariants?: string[];
}

/**
 * Mocha's usual `spec` output; in addition the counts are written as JSON to the file named by the reporter option
 * `counts`. Mocha loads reporters by their default export.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    const { counts } = options.reporterOptions as { counts: string };
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      const result: TestCounts = { passed: passes, failed: failures, skipped: pending };
      writeFileSync(counts, JSON.stringify(result));
    });
  }
}
