import type { Command } from "commander";
import { parseEventLogs, type TransactionReceipt } from "viem";
import type { ChainFollower } from "../../src/chain/follow-chain.ts";
import { type DueLease, DueLeases } from "../../src/keeper/due-leases.ts";
import { LeaseReader } from "../../src/keeper/lease-reader.ts";
import { nextBatch, type SweepableLease } from "../../src/keeper/sweep-batch.ts";
import { sweepCall } from "../../src/keeper/sweep-intent.ts";
import { untilAborted } from "../../src/service/until-aborted.ts";
import { ABIS } from "../contracts.ts";
import { withChainView } from "../disputed-leaf.ts";
import { momentText } from "../figures.ts";
import { withExample } from "../help.ts";
import { CliError, isJson, print } from "../output.ts";
import { readToken, type Token, type TokenFigure, tokenFigure, tokenText } from "../tokens.ts";
import { openWalletSession, sendCall, type WalletOptions, type WalletSession, withWallet } from "../transaction.ts";

/** Adds `pqmesh janitor`. */
export function addJanitorCommand(program: Command): void {
  withExample(
    withWallet(program.command("janitor")),
    "janitor --wallet any.json --dry-run",
    "janitor --wallet any.json --yes",
    "janitor --watch --wallet any.json --yes",
  )
    .description("close leases that are over and earn the fees that their clients prepaid; anyone may")
    .option("--once", "look once and end; the default")
    .option("--watch", "look in each epoch until SIGINT or SIGTERM; with --json one object for each sweep")
    .option("--unpaid", "also close leases that pay nothing (yet): all of the fee returns to the client")
    .action(janitor);
}

interface JanitorOptions extends WalletOptions {
  once?: boolean;
  watch?: boolean;
  unpaid?: boolean;
}

/** A lease that can be closed, and what that pays. */
interface Job extends SweepableLease {
  token: Token;
  /** First epoch in which closing it pays. */
  paidFrom: bigint;
}

/** What is looked with. */
interface Rounds {
  session: WalletSession;
  options: JanitorOptions;
  chain: ChainFollower;
  due: DueLeases;
  reader: LeaseReader;
}

/** A sweep that was sent. */
interface Sweep {
  transaction: string;
  blockNumber: bigint;
  gasUsed: bigint;
  closed: bigint[];
  skipped: bigint[];
  earned: TokenFigure[];
}

/** Epochs of reports that the view needs: none, but events of one epoch are read anyway. */
const VIEW_EPOCHS = 1;

async function janitor(options: JanitorOptions, command: Command): Promise<void> {
  if (options.watch && options.once) throw new CliError("--watch and --once exclude each other", 2);
  const session = await openWalletSession(options);
  const work = async (chain: ChainFollower): Promise<void> => {
    const reader = new LeaseReader(chain.request, session.network);
    const rounds = { session, options, chain, reader, due: new DueLeases(chain, reader) };
    await (options.watch ? watch(rounds, command) : once(rounds, command));
  };
  await withChainView(session.network, work, VIEW_EPOCHS);
}

async function once(rounds: Rounds, command: Command): Promise<void> {
  const { chain, options } = rounds;
  const jobs = await findJobs(rounds);
  const openLeases = chain.leases.count;
  const wanted = wantedJobs(rounds, jobs);
  const sweeps = options.yes ? await sweepAll(rounds, wanted) : [];
  const leases = jobs.map((job) => jobFigures(job, chain));
  const rows = [
    `${openLeases} leases are open, ${jobs.length} of them can be closed by anyone.`,
    ...jobs.map((job) => jobText(job, chain)),
    ...sweeps.map(sweepText),
    ...(sweeps.some(({ earned }) => earned.length > 0) ? ["Take what you earned with credit withdraw."] : []),
    ...(jobs.length > wanted.length
      ? [`${jobs.length - wanted.length} pay nothing yet; --unpaid closes them, too.`]
      : []),
    ...(options.yes || wanted.length === 0 ? [] : ["Nothing was sent; repeat with --yes to sweep them."]),
  ];
  const epoch = epochOf(chain);
  print(command, { dryRun: !options.yes, epoch, openLeases, leases, sweeps }, rows.join("\n"));
}

/** Looks in each epoch until the process is told to end. */
async function watch(rounds: Rounds, command: Command): Promise<void> {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  if (!isJson(command)) console.log(`Watching ${rounds.chain.leases.count} open leases; Ctrl-C ends it.`);
  try {
    for (let lookedIn = -1n; !stopping.signal.aborted;) {
      const epoch = epochOf(rounds.chain);
      if (epoch !== lookedIn) {
        await round(rounds, command);
        lookedIn = epoch;
      }
      await untilAborted(nextHead(rounds.chain), stopping.signal).catch(() => undefined);
    }
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

/** One look of a watch. What fails once, for example an endpoint, may work in the next epoch. */
async function round(rounds: Rounds, command: Command): Promise<void> {
  try {
    const wanted = wantedJobs(rounds, await findJobs(rounds));
    if (!rounds.options.yes) {
      for (const job of wanted) print(command, jobFigures(job, rounds.chain), jobText(job, rounds.chain).trim());
      return;
    }
    for (const sweep of await sweepAll(rounds, wanted)) print(command, sweep, sweepText(sweep));
  } catch (error) {
    console.error(`epoch ${epochOf(rounds.chain)}: ${(error as Error).message.split("\n")[0]}`);
  }
}

function nextHead(chain: ChainFollower): Promise<void> {
  return new Promise((resolve) => chain.events.once("head", () => resolve()));
}

async function findJobs({ session, chain, due, reader }: Rounds): Promise<Job[]> {
  const delay = chain.parameter("janitorDelay");
  const janitorAddress = session.account.address;
  const found: Job[] = [];
  for (const each of await due.look(epochOf(chain))) {
    const { lease, dueSince } = each;
    const tried = await reader.trySweep(lease.leaseId, { janitor: janitorAddress, delay });
    if (tried.outcome !== "Closed" && tried.outcome !== "Settled") continue;
    const { token } = await reader.terms(lease.listingId, lease.version);
    found.push({ ...each, tried, token: await readToken(session, token), paidFrom: dueSince + delay });
  }
  return found;
}

function wantedJobs({ options, chain }: Rounds, jobs: readonly Job[]): Job[] {
  return jobs.filter((job) => options.unpaid === true || paysNow(job, chain));
}

function paysNow({ lease, paidFrom }: Job, chain: ChainFollower): boolean {
  return lease.janitorFee > 0n && epochOf(chain) >= paidFrom;
}

/** Sends sweeps one after the other. */
async function sweepAll({ session }: Rounds, jobs: readonly Job[]): Promise<Sweep[]> {
  const sweeps: Sweep[] = [];
  for (let rest = jobs; rest.length > 0;) {
    const { batch, gas, maxEpochs } = nextBatch(rest);
    rest = rest.slice(batch.length);
    const call = sweepCall(
      batch.map(({ lease }) => lease),
      maxEpochs,
    );
    const address = session.network.contracts.LeaseEscrow;
    const receipt = await sendCall(session, { address, ...call, abi: ABIS.LeaseEscrow, leastGas: gas });
    sweeps.push(sweepOf(receipt, jobs, session.account.address));
  }
  return sweeps;
}

/** What a sweep brought, from its events. */
function sweepOf({ logs, ...receipt }: TransactionReceipt, jobs: readonly Job[], janitorAddress: string): Sweep {
  const events = parseEventLogs({ abi: ABIS.LeaseEscrow, logs });
  const closed = events.flatMap((event) => (event.eventName === "LeaseClosed" ? [event.args] : []));
  const skipped = events.flatMap((event) => (event.eventName === "SweepSkipped" ? [event.args.leaseId] : []));
  const earned = new Map<Token, bigint>();
  for (const { leaseId, janitor: paid, janitorFee } of closed) {
    const token = jobs.find(({ lease }) => lease.leaseId === leaseId)?.token;
    if (!token || paid !== janitorAddress || janitorFee === 0n) continue;
    const known = [...earned.keys()].find(({ address }) => address === token.address) ?? token;
    earned.set(known, (earned.get(known) ?? 0n) + janitorFee);
  }
  return {
    ...{ transaction: receipt.transactionHash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed },
    ...{ closed: closed.map(({ leaseId }) => leaseId), skipped },
    earned: [...earned].map(([token, units]) => tokenFigure(units, token)),
  };
}

function epochOf(chain: ChainFollower): bigint {
  return chain.epochAt(chain.head().timestamp);
}

function jobFigures(job: Job, chain: ChainFollower) {
  const { lease, reason, dueSince, paidFrom, token, tried } = job;
  const fee = tokenFigure(lease.janitorFee, token);
  return { leaseId: lease.leaseId, reason, dueSince, fee, paidFrom, paysNow: paysNow(job, chain), gas: tried.gas };
}

/** What the end of a lease is called. */
const REASONS: Readonly<Record<DueLease["reason"], string>> = {
  NotAccepted: "was not accepted in time",
  Completed: "is completed",
  OutOfFunds: "is out of funds",
  EndedByClient: "was ended by its client",
  EndedByProvider: "was ended by its provider",
  Breached: "is breached",
};

function jobText(job: Job, chain: ChainFollower): string {
  const { lease, reason, dueSince, paidFrom, token } = job;
  const fee = tokenText(lease.janitorFee, token);
  const { timestamp } = chain.head();
  const paidAt = chain.epochGenesis + paidFrom * BigInt(chain.epochLengthSeconds);
  const pay = paysNow(job, chain) ? `pays ${fee}` : `pays ${fee} from ${momentText(paidAt, timestamp)} on`;
  return `  lease ${lease.leaseId} ${REASONS[reason]} since epoch ${dueSince}: ${pay}`;
}

function sweepText({ transaction, closed, skipped, earned, gasUsed }: Sweep): string {
  const brought = earned.length > 0 ? `earned ${earned.map(({ text }) => text).join(", ")}` : "earned nothing";
  const left = skipped.length > 0 ? `, passed over ${skipped.join(", ")}` : "";
  return `Closed ${closed.length > 0 ? closed.join(", ") : "no lease"}${left}: ${brought}, ${gasUsed} gas, ${transaction}`;
}
