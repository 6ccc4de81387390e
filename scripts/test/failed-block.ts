import type { TestCounts } from "./counting-reporter.ts";

/** What failed in which run, and why, to be said again at the end; nothing when all passed. */
export function failedBlock(runs: readonly { title: string; failures: TestCounts["failures"] }[]): string {
  const failures = runs.flatMap(({ title: run, failures: found }) =>
    found.map(({ title, reason }) => `${run}: ${title}\n${reason}`),
  );
  return failures.length === 0 ? "" : `\n━━ failed ${"━".repeat(20)}\n\n${failures.join("\n\n")}`;
}
