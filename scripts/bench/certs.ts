// npm run bench:certs: time to issue, verify, renew and revoke certificates, and until a revoked peer is refused.
import hre from "hardhat";
import { measureRefusal } from "./certs/live-refusal.ts";
import { measureService } from "./certs/service-figures.ts";
import { type BenchResult, type BenchRow, runBench } from "./harness.ts";
import { percentile95 } from "./index/query-figures.ts";

const MEDIAN_LIMIT_MS = 35;
const P95_LIMIT_MS = 50;
const LIST_LIMIT_MS = 2_000;
const REFUSAL_LIMIT_SECONDS = 5;

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return rounded(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function medianRow(label: string, value: number): BenchRow {
  return { label, value, unit: "ms", limit: `<= ${MEDIAN_LIMIT_MS}`, ok: value <= MEDIAN_LIMIT_MS };
}

async function run({ samples = "" }: Record<string, string>): Promise<BenchResult> {
  const count = Number(samples);
  if (!Number.isInteger(count) || count < 20)
    throw new Error(`--samples is ${samples}, it must be a whole number from 20 on`);
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const times = await measureService(count);
  const [issue, verify, renew, revoke] = [times.issue, times.verify, times.renew, times.revoke].map(median);
  const p95 = rounded(Math.max(...[times.issue, times.verify, times.renew, times.revoke].map(percentile95)));
  const list = median(times.list);
  const live = await measureRefusal();
  const refusal = rounded(live.toRefusal);
  return {
    rows: [
      medianRow("issue: from the request over HTTP to the certificate, median", issue),
      medianRow("verify: chain, names, lists and record, median", verify),
      medianRow("renew: new key, request over HTTP, certificate in use, median", renew),
      medianRow("revoke: record, new list signed and in use, median", revoke),
      {
        label: "the slowest of the four, p95",
        value: p95,
        unit: "ms",
        limit: `< ${P95_LIMIT_MS}`,
        ok: p95 < P95_LIMIT_MS,
      },
      {
        label: "revocation list of 100,000 entries",
        value: list,
        unit: "ms",
        limit: `<= ${LIST_LIMIT_MS}`,
        ok: list <= LIST_LIMIT_MS,
      },
      { label: "the same, size", value: rounded(times.listBytes / 1_000), unit: "kB" },
      {
        ...{ label: "from the mined revocation to a refused handshake", value: refusal, unit: "s" },
        ...{ limit: `<= ${REFUSAL_LIMIT_SECONDS}`, ok: refusal <= REFUSAL_LIMIT_SECONDS },
      },
      { label: "the same to the served revocation list", value: rounded(live.toList), unit: "s" },
      { label: "revocation sent to refused handshake, with its block", value: rounded(live.withBlock), unit: "s" },
      { label: "issue with its block: from the request to the record", value: rounded(live.issueWithBlock), unit: "s" },
    ],
    metrics: {
      issue_ms: issue,
      verify_ms: verify,
      renew_ms: renew,
      revoke_ms: revoke,
      p95_ms: p95,
      crl_100k_ms: list,
      revocation_to_refusal_seconds: refusal,
    },
  };
}

await runBench({
  name: "certs",
  title: "Certificates: issue, verify, renew, revoke, and refusal of a revoked peer",
  options: { samples: { type: "string", default: "200", description: "certificates that are issued and revoked" } },
  run,
});
