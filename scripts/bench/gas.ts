/** Gas of everyday transactions of stake economy, marketplace, governance and certificates: `npm run bench:gas`. */
import hre from "hardhat";
import { type BenchResult, runBench } from "./harness.ts";
import { measureCertificates } from "./certificates.ts";
import { measureClaims } from "./claims.ts";
import { measureGovernance } from "./governance.ts";
import { leaseMetrics, measureLeases } from "./leases.ts";
import { measureRounds } from "./rounds.ts";
import { deployEconomy, type EconomyStage } from "./economy-stage.ts";

/** What a figure is compared with, and what it must not exceed. */
interface Measured {
  key: string;
  label: string;
  limit: number;
  measure: (stage: EconomyStage) => Promise<number>;
}

const SCENARIOS: Measured[] = [
  {
    key: "stake_more",
    label: "stake more (best public figure: 95,257)",
    limit: 95_000,
    measure: ({ stakeMore }) => stakeMore(),
  },
  {
    key: "request_unbond",
    label: "request an unbonding (public budget: 300,000)",
    limit: 75_000,
    measure: ({ requestUnbond }) => requestUnbond(),
  },
  {
    key: "delegate",
    label: "delegate (no public figure with shares)",
    limit: 110_000,
    measure: ({ delegate }) => delegate(),
  },
  {
    key: "withdraw",
    label: "withdraw a matured unbonding (best public figure: 99,138)",
    limit: 75_000,
    measure: ({ withdraw }) => withdraw(),
  },
];

/** Extra gas of a change of stake that lowers the units of a voting operator. */
async function votesExtra({ connection, instances, operator, send, requestUnbond }: EconomyStage): Promise<number> {
  const { networkHelpers } = connection;
  await networkHelpers.time.increase(30 * 86_400);
  const state = await networkHelpers.takeSnapshot();
  const plain = await requestUnbond();
  await state.restore();
  await send(instances.QuadraticVotes, operator, "sync", [1n]);
  return (await requestUnbond()) - plain;
}

function rowOf(label: string, value: number, limit: number): BenchResult["rows"][number] {
  return { label, value, unit: "gas", limit: `<= ${limit.toLocaleString("en")}`, ok: value <= limit };
}

async function addLeases(rows: BenchResult["rows"], metrics: Record<string, number>): Promise<void> {
  const figures = await measureLeases();
  const { open, oneDay, thirtyDays, swept, voucher } = figures;
  rows.push(rowOf("open a lease", open, 150_000));
  rows.push(rowOf("settle a day of a lease", oneDay, 90_000));
  rows.push(rowOf("settle 30 days of a lease with 20 absences", thirtyDays, 160_000));
  rows.push(rowOf("close an overdue lease, each of 20 in a sweep", swept, 45_000));
  rows.push(rowOf("redeem a voucher", voucher, 70_000));
  Object.assign(metrics, leaseMetrics(figures));
}

async function addGovernance(rows: BenchResult["rows"], metrics: Record<string, number>): Promise<void> {
  const gas = await measureGovernance();
  rows.push(rowOf("propose one call, with bond (stock governor without: 70,484)", gas.propose, 170_000));
  rows.push(rowOf("cast the first vote of a proposal in two houses (one house: 83,294)", gas.voteFirst, 115_000));
  rows.push(rowOf("cast a further vote (one house: 66,194)", gas.voteNext, 100_000));
  rows.push(rowOf("cast a vote by signature, the voter's first (one house: 97,805)", gas.voteBySignature, 130_000));
  rows.push(rowOf("cast a vote by ML-DSA-65 signature", gas.votePostQuantum, gas.postQuantumCheck + 200_000));
  rows.push(rowOf("queue a proposal (stock governor: 144,807)", gas.queue, 165_000));
  rows.push(rowOf("execute a payment of the treasury (stock governor: 108,912)", gas.execute, 135_000));
  const votes = { cast_vote_first: gas.voteFirst, cast_vote_next: gas.voteNext };
  const signed = { cast_vote_by_sig: gas.voteBySignature, cast_vote_pq: gas.votePostQuantum };
  Object.assign(metrics, { propose_1: gas.propose, ...votes, ...signed, queue_1: gas.queue, execute_1: gas.execute });
}

async function addRounds(rows: BenchResult["rows"], metrics: Record<string, number>): Promise<void> {
  const gas = await measureRounds();
  rows.push(rowOf("open a round of ten grants", gas.open, 450_000));
  rows.push(rowOf("vote for three options of a round", gas.voteFirst, 165_000));
  rows.push(rowOf("change two of them", gas.change, 90_000));
  rows.push(rowOf("read the result of a round", gas.result, 70_000));
  const votes = { round_vote: gas.voteFirst, round_change: gas.change };
  Object.assign(metrics, { round_open: gas.open, ...votes, round_result: gas.result });
}

async function addCertificates(rows: BenchResult["rows"], metrics: Record<string, number>): Promise<void> {
  const gas = await measureCertificates();
  rows.push(rowOf("issue a node's certificate", gas.issue, 120_000));
  rows.push({ label: "issue an operator's certificate, which votes", value: gas.issueOperator, unit: "gas" });
  rows.push({ label: "issue a voter's first certificate", value: gas.issueVoter, unit: "gas" });
  rows.push(rowOf("issue a node's certificate, each of 50", gas.issueEach, 60_000));
  rows.push(rowOf("revoke an operator's certificate", gas.revoke, 55_000));
  rows.push({ label: "revoke a node's certificate, which ends what it earns", value: gas.revokeNode, unit: "gas" });
  rows.push(rowOf("revoke a node's certificate, each of 50", gas.revokeEach, 28_000));
  rows.push(rowOf("read the status of a certificate at depth 3", gas.status, 15_000));
  rows.push(rowOf("verify an inclusion in a log of 2^20 entries", gas.inclusion, 20_000));
  rows.push(rowOf("revoke in an emergency, by an SLH-DSA key", gas.emergency, 1_000_000));
  const batches = { issue_each_50: gas.issueEach, revoke_each_50: gas.revokeEach };
  const views = { status_depth_3: gas.status, inclusion_depth_20: gas.inclusion };
  const kinds = { issue_operator: gas.issueOperator, issue_voter: gas.issueVoter, revoke_node: gas.revokeNode };
  const rest = { issue: gas.issue, revoke: gas.revoke, emergency_revoke_tx: gas.emergency };
  Object.assign(metrics, { ...rest, ...kinds, ...batches, ...views });
}

async function run(): Promise<BenchResult> {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const stage = await deployEconomy();
  const rows: BenchResult["rows"] = [];
  const metrics: Record<string, number> = {};
  for (const { key, label, limit, measure } of SCENARIOS) {
    const value = await measure(stage);
    metrics[key] = value;
    rows.push(rowOf(label, value, limit));
  }
  const extra = await votesExtra(stage);
  metrics["stake_with_votes_extra"] = extra;
  rows.push(rowOf("change of stake that lowers votes, extra", extra, 85_000));
  const { oneDay, thirtyDays, closedWord } = await measureClaims();
  rows.push(rowOf("claim a day (best public figure: 159,165)", oneDay, 90_000));
  rows.push(rowOf("claim 30 days with 20 absences (no public figure)", thirtyDays, 220_000));
  rows.push({ label: "close a word of 256 epochs, once for all nodes", value: closedWord, unit: "gas" });
  Object.assign(metrics, { claim_1_day: oneDay, claim_30_days: thirtyDays });
  await addLeases(rows, metrics);
  await addGovernance(rows, metrics);
  await addRounds(rows, metrics);
  await addCertificates(rows, metrics);
  return {
    rows,
    metrics,
    notes: [
      "A node's first change in a word of 256 epochs costs about 50,000 more: it opens the word's slots.",
      "The first unbonding of anybody in seven days costs 19,000 more: it reads the parameters in force.",
      "Whole transactions. Slots were written before, wallets have not delegated their votes, and no permit comes along.",
      "Public figures: withtally/staker gas report of October 2024 and ssv-network budgets.",
    ],
  };
}

await runBench({ name: "gas", title: "Gas of stake economy, leases, governance and certificates", run });
