import { decodeCalls } from "@pqmesh/contracts/protocol/decode-call";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import type { Command } from "commander";
import { zeroHash } from "viem";
import { EXIT_CODES } from "../../src/service/exit-codes.ts";
import { addressArgument } from "../arguments.ts";
import { callRows, previewBatch, previewRows } from "../batch-preview.ts";
import { readCallFacts } from "../call-facts.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { contractOf } from "../contracts.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { print, usageError } from "../output.ts";
import { isOperationId } from "../operation-id.ts";
import {
  approvalFigures,
  approvalOf,
  approvalText,
  type Operation,
  operationOf,
  pendingOperations,
  readOperation,
  scheduledOperation,
} from "../operation-state.ts";
import {
  findProposal,
  type MadeProposal,
  type ProposalStanding,
  readProposals,
  readStanding,
} from "../proposal-state.ts";
import { readDraft } from "../read-draft.ts";
import { descriptionRows, proposalFigures, proposalLine, proposalRows } from "../shown-proposal.ts";
import { readVoteWeight, weightReasons } from "../vote-weight.ts";
import { meshFigure, momentText, unitsFigure } from "../figures.ts";
import { addProposalApproveCommand } from "./proposal-approve.ts";
import { addProposalBallotCommand } from "./proposal-ballot.ts";
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
    .description("print all proposals, the newest first, and what the timelock has scheduled without one")
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
    .argument("[proposal]", "number of a proposal, or the first digits of it; or the id of an operation; or --file")
    .option("--file <file>", 'JSON: {"description", "calls": [{"target", "value", "calldata"}]}')
    .action(simulate);

  addProposalCreateCommands(proposal);
  addProposalStepCommands(proposal);
  addProposalBallotCommand(proposal);
  addProposalApproveCommand(proposal);
}

async function list(options: NetworkOptions, command: Command): Promise<void> {
  const session = await openNetwork(options);
  const made = (await readProposals(session)).reverse();
  const [standings, operations, now] = await Promise.all([
    Promise.all(made.map((one) => readStanding(session, one))),
    Promise.all(made.map((one) => operationOf(session, one))),
    chainTime(session),
  ]);
  const all = made.map((one, i) => ({ made: one, standing: standings[i]!, operation: operations[i]! }));
  const proposals = all.map((one) => {
    const figures = proposalFigures(one.made, one.standing, now);
    return { ...figures, ...nextStep(figures, one, now), operation: approvalFigures(one.operation, now) };
  });
  const ofProposals = new Set(operations.map(({ operationId }) => operationId));
  const others = (await pendingOperations(session)).filter(({ operationId }) => !ofProposals.has(operationId));
  const lines = all.map((one) => {
    const isWaiting = one.standing.state === "queued" && approvalOf(one.operation, now) === "waiting";
    return `${proposalLine(one.made, one.standing, now)}${isWaiting ? ", waits for the approver" : ""}`;
  });
  const rows = [...(lines.length > 0 ? lines : ["There is no proposal yet."]), ...operationRows(others, now)];
  print(command, { proposals, operations: others.map((one) => approvalFigures(one, now)) }, rows.join("\n"));
}

/** What can be done with a queued proposal depends on the approver. */
function nextStep(
  { next }: { next: string },
  { standing, operation }: { standing: ProposalStanding; operation: Operation },
  now: bigint,
): { next: string } {
  const isWaiting = standing.state === "queued" && approvalOf(operation, now) === "waiting";
  return { next: isWaiting ? "it waits for the approver (proposal approve)" : next };
}

function operationRows(operations: Operation[], now: bigint): string[] {
  if (operations.length === 0) return [];
  const rows = operations.map((one) => {
    const calls = one.calls.length === 1 ? "1 call" : `${one.calls.length} calls`;
    return `${one.operationId}  ${calls}, from ${momentText(one.readyAt, now)} on; it ${approvalText(one, now)}`;
  });
  return ["", "Scheduled with the timelock without a proposal (proposal simulate, approve):", ...rows];
}

async function show(text: string, options: ShowOptions, command: Command): Promise<void> {
  const session = await openNetwork(options);
  const made = await findProposal(session, text);
  const [standing, operation] = await Promise.all([readStanding(session, made), operationOf(session, made)]);
  const facts = await readCallFacts(session, await executableFrom(session, made));
  const [calls, now] = [decodeCalls(made.calls, facts), await chainTime(session)];
  const voter = options.voter === undefined ? null : await voterOf(session, options.voter, made);
  const rows = [
    ...proposalRows(made, standing, {
      now,
      ...nextStep(proposalFigures(made, standing, now), { standing, operation }, now),
    }),
    `Timelock: operation ${operation.operationId} ${approvalText(operation, now)}`,
    "",
    ...calls.flatMap((call, i) => callRows(call, `${i + 1}.`)),
    ...(voter
      ? [
          "",
          `Account ${voter.account}${voter.hasVoted ? ", which has voted" : ""}:`,
          ...voter.why.map((line) => `  ${line}`),
        ]
      : []),
  ];
  const figures = proposalFigures(made, standing, now);
  const shown = { ...figures, ...nextStep(figures, { standing, operation }, now) };
  print(command, { ...shown, operation: approvalFigures(operation, now), calls, voter }, rows.join("\n"));
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
  const { description, calls, executableAt, operation } = draft
    ? { ...draft, executableAt: undefined, operation: await readOperation(session, zeroHash, draft.calls) }
    : await simulated(session, text!);
  const preview = await previewBatch(session, calls, executableAt);
  const { facts: _, ...shown } = preview;
  const title = description === "" ? [] : [...descriptionRows(description), ""];
  const now = await chainTime(session);
  const rows = [...title, ...previewRows(preview), `Timelock: it ${approvalText(operation, now)}.`];
  print(command, { description, ...shown, operation: approvalFigures(operation, now) }, rows.join("\n"));
  if (!preview.run.succeeds) process.exitCode = EXIT_CODES.refuted;
}

interface Simulated {
  description: string;
  calls: GovernanceCall[];
  executableAt: bigint;
  operation: Operation;
}

/** The calls of a proposal, or of an operation that was scheduled without one. */
async function simulated(session: Session, text: string): Promise<Simulated> {
  if (isOperationId(text)) {
    const operation = await scheduledOperation(session, text);
    return { description: "", calls: operation.calls, executableAt: operation.readyAt, operation };
  }
  const made = await findProposal(session, text);
  const [executableAt, operation] = await Promise.all([executableFrom(session, made), operationOf(session, made)]);
  return { description: made.description, calls: made.calls, executableAt, operation };
}

/** When a proposal can be executed at the earliest, Unix seconds: told by the timelock, or voting and delay from now on. */
async function executableFrom(session: Session, made: MadeProposal): Promise<bigint> {
  const { executableAt, voteEnd } = await readStanding(session, made);
  if (executableAt > 0n) return executableAt;
  const timelock = contractOf(session, "MeshTimelock");
  const delay = await session.client.readContract({ ...timelock, functionName: "getMinDelay" });
  const now = await chainTime(session);
  return (voteEnd > now ? voteEnd : now) + delay;
}
