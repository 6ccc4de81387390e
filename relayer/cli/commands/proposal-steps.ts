import { decodeCalls } from "@pqmesh/contracts/protocol/decode-call";
import { type Choice, SUPPORT } from "@pqmesh/contracts/protocol/ballot";
import { MAX_REASON } from "@pqmesh/contracts/protocol/ballot-reason";
import { governorArguments, shortId } from "@pqmesh/contracts/protocol/proposal-id";
import { type Command, Option } from "commander";
import { zeroAddress } from "viem";
import { readCallFacts } from "../call-facts.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { meshFigure, meshText, momentText, unitsFigure, unitsText } from "../figures.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { approvalOf, approvalText, operationOf } from "../operation-state.ts";
import { CliError, usageError } from "../output.ts";
import { findProposal, isVetoed, type MadeProposal, type ProposalStanding, readStanding } from "../proposal-state.ts";
import {
  openWalletSession,
  type PlannedCall,
  runCall,
  type WalletOptions,
  type WalletSession,
  withWallet,
} from "../transaction.ts";
import { readVoteWeight, weightReasons } from "../vote-weight.ts";
import { signBallot } from "./proposal-ballot.ts";

interface VoteOptions extends WalletOptions {
  reason?: string;
  signOnly?: string;
}

interface Step {
  session: WalletSession;
  made: MadeProposal;
  standing: ProposalStanding;
  now: bigint;
}

type Planned = Omit<PlannedCall, "contract" | "abi">;

/** Adds `vote`, `queue`, `execute`, `cancel` and `release-bond` to `pqmesh proposal`. */
export function addProposalStepCommands(proposal: Command): void {
  withExample(
    withWallet(proposal.command("vote")),
    "proposal vote 48120 for --wallet owner.json --dry-run",
    'proposal vote 48120 against --reason "too early" --wallet owner.json --yes',
  )
    .description("vote on a proposal in both houses; says your weight first and why it is that")
    .argument("<proposal>", "its number, or the first digits of it (proposal list)")
    .argument("<choice>", "for, against or abstain")
    .option("--reason <text>", "published with the vote")
    .addOption(
      new Option("--sign-only <file>", "sign the ballot into a new file that any wallet sends (submit-vote)").conflicts(
        ["reason", "yes"],
      ),
    )
    .action(async (id: string, choice: string, options: VoteOptions, command: Command) => {
      if (!isChoice(choice)) {
        throw usageError(`choice is "${choice.slice(0, 40)}", it must be for, against or abstain`);
      }
      if ((options.reason?.length ?? 0) > MAX_REASON) {
        throw usageError(`--reason has ${options.reason?.length} characters, at most ${MAX_REASON} are allowed`);
      }
      await vote({ id, choice }, options, command);
    });

  addStep(proposal, "queue", "queue a proposal that succeeded with the timelock; anyone may", planQueue);
  addStep(proposal, "execute", "execute a queued proposal whose delay is over; anyone may", planExecute);
  addStep(
    proposal,
    "cancel",
    "take an own proposal back before voting begins; the guardian may as long as it is there",
    planCancel,
  );
  addStep(
    proposal,
    "release-bond",
    "pay the bond of a proposal that is over back, or burn it; anyone may",
    planRelease,
  );
}

function addStep(proposal: Command, name: string, description: string, plan: (step: Step) => Promise<Planned>): void {
  withExample(withWallet(proposal.command(name)), `proposal ${name} 48120 --wallet any.json --yes`)
    .description(description)
    .argument("<proposal>", "its number, or the first digits of it (proposal list)")
    .action((id: string, options: WalletOptions, command: Command) => runStep({ id, options, command }, plan));
}

function isChoice(text: string): text is Choice {
  return text in SUPPORT;
}

async function vote(
  { id, choice }: { id: string; choice: Choice },
  options: VoteOptions,
  command: Command,
): Promise<void> {
  const { reason, signOnly } = options;
  if (signOnly === undefined) {
    return runStep({ id, options, command }, (step) => planVote(step, { choice, reason }));
  }
  const step = await readStep(id, options);
  await planVote(step, { choice, reason: undefined });
  const { session, made, standing } = step;
  await signBallot(session, { made, voteEnd: standing.voteEnd, choice }, { file: signOnly, command });
}

async function readStep(id: string, options: WalletOptions): Promise<Step> {
  const session = await openWalletSession(options);
  const made = await findProposal(session, id);
  const [standing, now] = await Promise.all([readStanding(session, made), chainTime(session)]);
  return { session, made, standing, now };
}

async function runStep(
  { id, options, command }: { id: string; options: WalletOptions; command: Command },
  plan: (step: Step) => Promise<Planned>,
): Promise<void> {
  const step = await readStep(id, options);
  const planned = await plan(step);
  await runCall(step.session, { contract: "MeshGovernor", abi: ABIS.MeshGovernor, ...planned }, { options, command });
}

function requireState({ made, standing, now }: Step, needed: ProposalStanding["state"][], action: string): void {
  const { state, voteEnd } = standing;
  if (needed.includes(state)) return;
  const times: Partial<Record<ProposalStanding["state"], string>> = {
    pending: `; voting begins at ${momentText(made.voteStart, now)}`,
    active: `; voting ends at ${momentText(voteEnd, now)}`,
  };
  throw new CliError(
    `proposal ${shortId(made.proposalId)} is ${state}${times[state] ?? ""}, so it cannot be ${action}`,
  );
}

async function planVote(
  step: Step,
  { choice, reason }: { choice: Choice; reason: string | undefined },
): Promise<Planned> {
  const { session, made, standing, now } = step;
  const support = SUPPORT[choice];
  const { proposalId, voteStart } = made;
  requireState(step, ["active"], "voted on");
  const account = session.account.address;
  const request = { functionName: "hasVoted", args: [proposalId, account] } as const;
  if (await session.client.readContract({ ...contractOf(session, "MeshGovernor"), ...request })) {
    throw new CliError(`wallet ${account} has voted on proposal ${shortId(proposalId)}; a vote cannot be changed`);
  }
  const weight = await readVoteWeight(session, account, voteStart);
  const why = await weightReasons(session, weight, voteStart);
  if (weight.units === 0n && weight.tokens === 0n) {
    throw new CliError(`wallet ${account} has no weight in this vote. ${why.join(" ")}`);
  }
  const [units, tokens] = [unitsText(weight.units), meshText(weight.tokens)];
  return {
    functionName: reason === undefined ? "castVote" : "castVoteWithReason",
    args: reason === undefined ? [proposalId, support] : [proposalId, support, reason],
    sentence: `Vote ${choice} proposal ${shortId(proposalId)} with ${units} and ${tokens}.`,
    after: () => [`Your vote counts ${units} in the identity house and ${tokens} in the token house.`],
    preview: () => ({
      gets: why,
      unlocks: [
        `Voting ends at ${momentText(standing.voteEnd, now)}; a turn of the outcome shortly before that prolongs it.`,
      ],
      risks: ["A vote cannot be changed or taken back."],
      figures: { units: unitsFigure(weight.units), tokens: meshFigure(weight.tokens), identity: weight.identity },
    }),
  };
}

async function planQueue(step: Step): Promise<Planned> {
  requireState(step, ["succeeded"], "queued");
  const { session, made, now } = step;
  const timelock = contractOf(session, "MeshTimelock");
  const delay = await session.client.readContract({ ...timelock, functionName: "getMinDelay" });
  const approval = approvalText(await operationOf(session, made), now);
  return {
    ...{ functionName: "queue", args: governorArguments(made) },
    sentence: `Queue proposal ${shortId(made.proposalId)} with the timelock.`,
    after: () => [
      `It can be executed from about ${momentText(now + delay, now)} on, by "proposal execute ${shortId(made.proposalId)}". It ${approval}.`,
    ],
  };
}

async function planExecute(step: Step): Promise<Planned> {
  requireState(step, ["queued"], "executed");
  const { session, made, standing, now } = step;
  if (standing.executableAt > now) {
    throw new CliError(`the proposal is queued; it can be executed from ${momentText(standing.executableAt, now)} on`);
  }
  const operation = await operationOf(session, made);
  if (approvalOf(operation, now) === "waiting") {
    throw new CliError(`proposal ${shortId(made.proposalId)} is queued and ${approvalText(operation, now)}`);
  }
  const calls = decodeCalls(made.calls, await readCallFacts(session, now));
  return {
    ...{ functionName: "execute", args: governorArguments(made) },
    sentence: `Execute the ${calls.length === 1 ? "call" : `${calls.length} calls`} of proposal ${shortId(made.proposalId)}.`,
    after: () => ["The timelock made its calls, all of them; changed numbers come into force after their notice."],
    preview: () => ({ gets: calls.map(({ sentence }) => `${sentence}.`), figures: { calls } }),
  };
}

async function planCancel(step: Step): Promise<Planned> {
  const { session, made } = step;
  const governor = contractOf(session, "MeshGovernor");
  const guardian = await session.client.readContract({ ...governor, functionName: "proposalGuardian" });
  const isGuardian = session.account.address === guardian && guardian !== zeroAddress;
  const isFree = isGuardian || guardian === zeroAddress;
  if (!isGuardian && session.account.address !== made.proposer) {
    throw new CliError(
      `only the proposer ${made.proposer} and the guardian can cancel proposal ${shortId(made.proposalId)}`,
    );
  }
  requireState(step, isFree ? ["pending", "active", "succeeded", "queued"] : ["pending"], "cancelled by this wallet");
  return {
    ...{ functionName: "cancel", args: governorArguments(made) },
    sentence: `Cancel proposal ${shortId(made.proposalId)} for good.`,
    after: () => [`Its bond is released by "proposal release-bond ${shortId(made.proposalId)}".`],
  };
}

function planRelease(step: Step): Promise<Planned> {
  const { made, standing } = step;
  const { bond } = standing.terms;
  requireState(step, ["cancelled", "defeated", "succeeded", "queued", "expired", "executed"], "rid of its bond");
  if (bond === 0n) throw new CliError(`proposal ${shortId(made.proposalId)} has no bond, or no longer`);
  return Promise.resolve({
    ...{ functionName: "releaseBond", args: [made.proposalId] },
    sentence: `Release the bond of ${meshText(bond)} of proposal ${shortId(made.proposalId)}.`,
    after: () => [
      isVetoed(standing)
        ? "It is burnt: the veto quorum was against the proposal. The emission pool keeps it for ever."
        : `The proposer ${made.proposer} has it back.`,
    ],
  });
}
