import { decodeCalls } from "@pqmesh/contracts/protocol/decode-call";
import type { Command } from "commander";
import { EXIT_CODES } from "../../src/service/exit-codes.ts";
import { addressArgument } from "../arguments.ts";
import { callRows, previewBatch, previewRows } from "../batch-preview.ts";
import { readCallFacts } from "../call-facts.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { contractOf } from "../contracts.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { print, usageError } from "../output.ts";
import { findProposal, type MadeProposal, readProposals, readStanding } from "../proposal-state.ts";
import { readDraft } from "../read-draft.ts";
import { descriptionRows, proposalFigures, proposalLine, proposalRows } from "../shown-proposal.ts";
import { readVoteWeight, weightReasons } from "../vote-weight.ts";
import { meshFigure, unitsFigure } from "../figures.ts";
import { addProposalCreateCommands } from "./proposal-create.ts";
import { addProposalStepCommands } from "./proposal-steps.ts";

interface SimulateOptions extends NetworkOptions {
  file?: string;
}

interface ShowOptions extends NetworkOptions {
  voter?: string;
}

/** Adds `pqmesh proposal …`. */
export function addProposalCommands(program: Command): void {
  const proposal = withExample(
    program
      .command("proposal")
      .description("proposals of the DAO: what they do, how they stand, and every step of one"),
    "proposal list",
    "proposal simulate --file calls.json",
  );

  withExample(withNetwork(proposal.command("list")), "proposal list", "proposal list --json")
    .description("print all proposals, the newest first")
    .action(list);

  withExample(withNetwork(proposal.command("show")), "proposal show 48120", "proposal show 48120 --voter 0xADDRESS")
    .description("print a proposal: its calls in words, both houses, quorum, times and bond")
    .argument("<proposal>", "its number, or the first digits of it (proposal list)")
    .option("--voter <address>", "say as well what this account weighs in it, and why")
    .action(show);

  withExample(
    withNetwork(proposal.command("simulate")),
    "proposal simulate 48120",
    "proposal simulate --file calls.json --json",
  )
    .description("say what the calls of a proposal mean, and run them as the timelock without sending anything")
    .argument("[proposal]", "number of a proposal, or the first digits of it; or --file")
    .option("--file <file>", 'JSON: {"description", "calls": [{"target", "value", "calldata"}]}')
    .action(simulate);

  addProposalCreateCommands(proposal);
  addProposalStepCommands(proposal);
}

async function list(options: NetworkOptions, command: Command): Promise<void> {
  const session = await openNetwork(options);
  const made = (await readProposals(session)).reverse();
  const [standings, now] = await Promise.all([
    Promise.all(made.map((one) => readStanding(session, one))),
    chainTime(session),
  ]);
  const proposals = made.map((one, i) => proposalFigures(one, standings[i]!, now));
  const lines = made.map((one, i) => proposalLine(one, standings[i]!, now));
  print(command, { proposals }, lines.join("\n") || "There is no proposal yet.");
}

async function show(text: string, options: ShowOptions, command: Command): Promise<void> {
  const session = await openNetwork(options);
  const made = await findProposal(session, text);
  const standing = await readStanding(session, made);
  const facts = await readCallFacts(session, await executableFrom(session, made));
  const [calls, now] = [decodeCalls(made.calls, facts), await chainTime(session)];
  const voter = options.voter === undefined ? null : await voterOf(session, options.voter, made);
  const rows = [
    ...proposalRows(made, standing, now),
    ...calls.flatMap((call, i) => callRows(call, `${i + 1}.`)),
    ...(voter
      ? [
          "",
          `Account ${voter.account}${voter.hasVoted ? ", which has voted" : ""}:`,
          ...voter.why.map((line) => `  ${line}`),
        ]
      : []),
  ];
  print(command, { ...proposalFigures(made, standing, now), calls, voter }, rows.join("\n"));
}

async function voterOf(session: Session, text: string, { proposalId, voteStart }: MadeProposal) {
  const account = addressArgument("--voter", text);
  const snapshot = voteStart < (await chainTime(session)) ? voteStart : undefined;
  const weight = await readVoteWeight(session, account, snapshot);
  const request = { functionName: "hasVoted", args: [proposalId, account] } as const;
  const hasVoted = await session.client.readContract({ ...contractOf(session, "MeshGovernor"), ...request });
  const why = await weightReasons(session, weight, snapshot);
  return { account, hasVoted, units: unitsFigure(weight.units), tokens: meshFigure(weight.tokens), why };
}

async function simulate(text: string | undefined, options: SimulateOptions, command: Command): Promise<void> {
  if ((text === undefined) === (options.file === undefined)) {
    throw usageError("name a proposal or a file with --file, one of the two");
  }
  const draft = options.file === undefined ? undefined : readDraft(options.file);
  const session = await openNetwork(options);
  const made = draft ? undefined : await findProposal(session, text!);
  const { description, calls } = made ?? draft!;
  const preview = await previewBatch(session, calls, made && (await executableFrom(session, made)));
  const { facts: _, ...shown } = preview;
  const title = description === "" ? [] : [...descriptionRows(description), ""];
  print(command, { description, ...shown }, [...title, ...previewRows(preview)].join("\n"));
  if (!preview.run.succeeds) process.exitCode = EXIT_CODES.refuted;
}

/** When a proposal can be executed at the earliest, Unix seconds: told by the timelock, or voting and delay from now on. */
async function executableFrom(session: Session, made: MadeProposal): Promise<bigint> {
  const { executableAt, voteEnd } = await readStanding(session, made);
  if (executableAt > 0n) return executableAt;
  const timelock = contractOf(session, "TimelockController");
  const delay = await session.client.readContract({ ...timelock, functionName: "getMinDelay" });
  const now = await chainTime(session);
  return (voteEnd > now ? voteEnd : now) + delay;
}
