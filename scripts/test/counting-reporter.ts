import { writeFileSync } from "node:fs";
import Mocha from "mocha";
import type { MochaOptions, Runnable, Runner } from "mocha";

/** Results of one run of a test runner. */
export interface TestCounts {
  passed: number;
  /** Tests that exist but did not run. */
  skipped: number;
  /** Each test or hook that failed, and why, in the order in which they ran. */
  failures: { title: string; reason: string }[];
  /** What each random test of Solidity went through, one line for each. */
  invariants?: string[];
}

/**
 * Mocha's usual `spec` output; in addition counts and failures are written as JSON to the file named by the reporter
 * option `counts`. Mocha loads reporters by their default export.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    const { counts } = options.reporterOptions as { counts: string };
    const failures: TestCounts["failures"] = [];
    runner.on(Mocha.Runner.constants.EVENT_TEST_FAIL, (test: Runnable, error: unknown) => {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      failures.push({ title: test.fullTitle(), reason });
    });
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, pending } = this.stats;
      const result: TestCounts = { passed: passes, skipped: pending, failures };
      writeFileSync(counts, JSON.stringify(result));
    });
  }
}
