import { formatCallsFile, type ProposalDraft } from "@pqmesh/contracts/protocol/calls-file";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { shortId } from "@pqmesh/contracts/protocol/proposal-id";
import type { Command } from "commander";
import { naturalArgument, readTextFile } from "../arguments.ts";
import { callRows, previewBatch } from "../batch-preview.ts";
import type { Session } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { meshFigure, meshText, momentText, percentText, timeFigure, unitsText } from "../figures.ts";
import { chainTime, governed } from "../governed.ts";
import { withExample } from "../help.ts";
import { writeNewFile } from "../new-file.ts";
import { CliError, print, usageError } from "../output.ts";
import { admitVoterCall, allowTokenCall, parameterCall, paymentCall, roundDraft } from "../proposal-templates.ts";
import { openWalletSession, runCall, type WalletOptions, type WalletSession, withWallet } from "../transaction.ts";
import { readVoteWeight, weightReasons } from "../vote-weight.ts";
import { readDraft } from "../read-draft.ts";

/** Longest description: it is published with the proposal and paid for by the byte. */
const MAX_DESCRIPTION = 20_000;

interface CreateOptions extends WalletOptions {
  description?: string;
  descriptionFile?: string;
  out?: string;
  allowFailing?: boolean;
}

/** Adds `pqmesh proposal create …`. */
export function addProposalCreateCommands(proposal: Command): void {
  const create = withExample(
    proposal
      .command("create")
      .description(
        "propose to the DAO, from a template or from raw calls; without --yes it only says what would happen",
      ),
    'proposal create payment 0xADDRESS "500 MESH" --description "Audit" --wallet owner.json --dry-run',
  );

  withExample(
    withCreate(create.command("parameter")),
    'proposal create parameter minNodeStake "12000 MESH" --description "Raise the minimum stake" --wallet owner.json --dry-run',
  )
    .description("change a governed number")
    .argument("<name>", "name of the number (parameters)")
    .argument("<value>", 'in its unit: "12000 MESH", "7 d", "2.5 %", or a whole number')
    .action((name: string, value: string, options: CreateOptions, command: Command) =>
      run({ options, command }, (session) => parameterCall(session, name, value)),
    );

  withExample(
    withCreate(create.command("payment")),
    'proposal create payment 0xADDRESS "500 MESH" --description "Audit of the bridge" --wallet owner.json --yes',
  )
    .description("pay out of the treasury")
    .argument("<to>", "account that is paid")
    .argument("<amount>", "in the token's own decimals, for example 500")
    .option("--token <address>", "token that is paid, or ETH for the chain's coin; default: MESH")
    .action((to: string, amount: string, options: CreateOptions & { token?: string }, command: Command) =>
      run({ options, command }, (session) => paymentCall(session, { to, amount, token: options.token })),
    );

  withExample(
    withCreate(create.command("allow-token")),
    "proposal create allow-token 0xTOKEN --janitor-fee 0.5 --min-deposit 5 --description-file why.md --wallet owner.json --yes",
  )
    .description("let leases and bonds be in a token")
    .argument("<token>", "address of the token")
    .requiredOption("--janitor-fee <amount>", "what each lease prepays for being closed")
    .requiredOption("--min-deposit <amount>", "least deposit of a lease")
    .action((token: string, options: CreateOptions & { janitorFee: string; minDeposit: string }, command: Command) =>
      run({ options, command }, (session) => allowTokenCall(session, { token, ...options })),
    );

  withExample(
    withCreate(create.command("admit-voter")),
    'proposal create admit-voter 0xADDRESS --identity 0xNULLIFIER --days 365 --description "A voter" --wallet owner.json --yes',
  )
    .description("admit a voter to the identity house, or move one to another account")
    .argument("<account>", "account that votes")
    .requiredOption("--identity <number>", "the person's nullifier, the same for ever: a number or hex, at least 2^32")
    .requiredOption("--days <days>", "days after which the admission ends")
    .action((account: string, options: CreateOptions & { identity: string; days: string }, command: Command) =>
      run({ options, command }, (session) => admitVoterCall(session, { account, ...options })),
    );

  withExample(withCreate(create.command("calls")), "proposal create calls calls.json --wallet owner.json --dry-run")
    .description("propose raw calls from a file")
    .argument("<file>", 'JSON: {"description", "calls": [{"target", "value", "calldata"}]}')
    .action((file: string, options: CreateOptions, command: Command) => {
      const draft = readDraft(file);
      return run({ options, command }, () => Promise.resolve(draft));
    });

  withExample(withCreate(create.command("round")), "proposal create round 3 --wallet owner.json --dry-run")
    .description("propose what a round of voice credits decided for, once it is over")
    .argument("<roundId>", "number of the round (round list)")
    .action((text: string, options: CreateOptions, command: Command) =>
      run({ options, command }, (session) => roundDraft(session, naturalArgument("roundId", text))),
    );
}

function withCreate(command: Command): Command {
  return withWallet(command)
    .option("--description <text>", "why; the first line is the title")
    .option("--description-file <file>", "the same from a file (Markdown)")
    .option("--out <file>", "write the calls to a file for others to read, and send nothing")
    .option("--allow-failing", "propose even if the calls would fail if they were executed now");
}

async function run(
  { options, command }: { options: CreateOptions; command: Command },
  plan: (session: Session) => Promise<GovernanceCall | ProposalDraft>,
): Promise<void> {
  const session = await openWalletSession(options);
  const planned = await plan(session);
  const { calls, description } = "calls" in planned ? planned : { calls: [planned], description: "" };
  const draft = { description: descriptionOf(options, description), calls };
  if (options.out === undefined) return propose(session, draft, { options, command });
  writeNewFile(options.out, formatCallsFile(draft));
  const text = `${options.out} written; look at it with "proposal simulate --file ${options.out}".`;
  print(command, { file: options.out, ...draft }, text);
}

function descriptionOf({ description, descriptionFile }: CreateOptions, described: string): string {
  if (description !== undefined && descriptionFile !== undefined) {
    throw usageError("name the description with either --description or --description-file");
  }
  const text = (descriptionFile === undefined ? (description ?? described) : readTextFile(descriptionFile)).trim();
  if (text === "") throw usageError("the description is empty: say why with --description or --description-file");
  if (text.length <= MAX_DESCRIPTION) return text;
  throw usageError(`the description has ${text.length} characters, at most ${MAX_DESCRIPTION} are allowed`);
}

/** Proposes, so that nobody else can make the same proposal first and cancel it. */
async function propose(
  session: WalletSession,
  { description, calls }: ProposalDraft,
  { options, command }: { options: CreateOptions; command: Command },
): Promise<void> {
  const now = await chainTime(session);
  await requireThreshold(session, now);
  const batch = await previewBatch(session, calls);
  const failing = batch.run.calls.findIndex(({ succeeds }) => !succeeds);
  if (failing >= 0 && options.allowFailing !== true) {
    const why = batch.run.calls[failing]?.revert?.text ?? "";
    throw new CliError(
      `call ${failing + 1} would fail if it were executed now (${why}); --allow-failing proposes it all the same`,
    );
  }
  const governor = contractOf(session, "MeshGovernor");
  const [delay, period, bond, vetoBp] = await Promise.all([
    session.client.readContract({ ...governor, functionName: "votingDelay" }),
    session.client.readContract({ ...governor, functionName: "votingPeriod" }),
    session.client.readContract({ ...governor, functionName: "proposalBond" }),
    governed(session, "vetoQuorumBp"),
  ]);
  const [voteStart, voteEnd] = [now + delay, now + delay + period];
  const text = `${description}\n\n#proposer=${session.account.address}`;
  await runCall(
    session,
    {
      ...{ contract: "MeshGovernor", abi: ABIS.MeshGovernor, functionName: "propose", takes: bond },
      args: [calls.map(({ target }) => target), calls.map(({ value }) => value), calls.map(({ data }) => data), text],
      sentence: `Propose ${calls.length === 1 ? "one call" : `${calls.length} calls`} to the DAO with a bond of ${meshText(bond)}.`,
      after: (id) => [`It is proposal ${String(id)}; "proposal show ${shortId(id as bigint)}" prints it.`],
      preview: () => ({
        gets: [
          ...batch.calls.flatMap((call, i) => callRows(call, `${i + 1}.`)),
          failing >= 0 ? "Executed now, it would FAIL." : `Executed now, it would succeed (run by ${batch.way}).`,
        ],
        unlocks: [
          `Voting from ${momentText(voteStart, now)} until ${momentText(voteEnd, now)}; the bond returns after it.`,
        ],
        risks: [`The bond is burnt when ${percentText(vetoBp)} of all units, and more than those for, are against.`],
        figures: {
          ...{ bond: meshFigure(bond), voteStart: timeFigure(voteStart, now), voteEnd: timeFigure(voteEnd, now) },
          ...{ way: batch.way, run: batch.run, calls: batch.calls },
        },
      }),
    },
    { options, command },
  );
}

async function requireThreshold(session: WalletSession, now: bigint): Promise<void> {
  const governor = contractOf(session, "MeshGovernor");
  const threshold = await session.client.readContract({ ...governor, functionName: "proposalThreshold" });
  const weight = await readVoteWeight(session, session.account.address, now - 1n);
  if (weight.units >= threshold) return;
  const [why = ""] = await weightReasons(session, weight);
  throw new CliError(`a proposer needs ${unitsText(threshold)}, this wallet has ${unitsText(weight.units)}. ${why}`);
}
