import type { TestCounts } from "./counting-reporter.ts";

/** What Hardhat's Solidity runner knows about one test; only random ones count runs, and only invariants count calls. */
interface SolidityTestResult {
  name: string;
  status: "Success" | "Failure" | "Skipped";
  /** Why it failed. */
  reason?: string;
  kind: { runs?: bigint; calls?: bigint; reverts?: bigint };
}

/** What Hardhat's Solidity runner knows about all test contracts. */
export interface SolidityResults {
  suiteResults: { id: { name: string }; testResults: SolidityTestResult[] }[];
}

/** What the tests of Solidity came to. */
export function countsOf(results: SolidityResults): TestCounts {
  const statuses = results.suiteResults.flatMap(({ testResults }) => testResults.map(({ status }) => status));
  const count = (wanted: string) => statuses.filter((status) => status === wanted).length;
  return {
    passed: count("Success"),
    skipped: count("Skipped"),
    failures: failuresOf(results),
    invariants: invariantLines(results),
  };
}

/**
 * One line for each random test: runs, random actions in all of them, and how many were turned away. A fuzz test is one
 * action in each run, and fails when it is turned away.
 */
function invariantLines({ suiteResults }: SolidityResults): string[] {
  return suiteResults.flatMap(({ id, testResults }) =>
    testResults.flatMap(({ name, status, kind: { runs, calls = runs, reverts = 0n } }) => {
      if (runs === undefined) return [];
      const counts = `runs ${runs}, calls ${calls}, reverts ${reverts}`;
      return `${id.name}.${name.replace(/\(.*/, "")}: ${counts}${status === "Failure" ? ", FAILED" : ""}`;
    }),
  );
}

function failuresOf({ suiteResults }: SolidityResults): TestCounts["failures"] {
  return suiteResults.flatMap(({ id, testResults }) =>
    testResults
      .filter(({ status }) => status === "Failure")
      .map(({ name, reason = "no reason given" }) => ({ title: `${id.name}.${name}`, reason })),
  );
}
