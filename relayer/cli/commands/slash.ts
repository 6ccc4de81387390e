import type { Command } from "commander";
import { naturalArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, withNetwork } from "../chain-session.ts";
import { ABIS } from "../contracts.ts";
import { meshFigure, meshText, momentText } from "../figures.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { print } from "../output.ts";
import { requireKnownNode } from "../require-known-node.ts";
import {
  type FrozenSlash,
  proposalFigures,
  proposalRows,
  readProposal,
  readProposals,
  readSlashes,
  type SlashProposal,
} from "../slash-state.ts";
import { runTimelockCall } from "../timelock-call.ts";
import {
  openWalletSession,
  type PlannedCall,
  runCall,
  type WalletOptions,
  type WalletSession,
  withWallet,
} from "../transaction.ts";
import { addSlashAccusationCommands } from "./slash-accusation.ts";

/** Adds `pqmesh slash …`. */
export function addSlashCommands(program: Command): void {
  const slash = withExample(
    program
      .command("slash")
      .description("slashes of nodes: proposed, disputed, decided by the DAO, executed by anyone"),
    "slash show --node 3",
  );

  withExample(withNetwork(slash.command("show")), "slash show 1", "slash show --node 3 --json")
    .description("print a proposal and what can be done with it, or all proposals and slashes")
    .argument("[proposalId]", "number of the proposal; default: all")
    .option("--node <nodeIndex>", "only those about a node")
    .action(showSlash);

  addSlashAccusationCommands(slash);
  addStep(
    slash,
    "cancel",
    "take your proposal back; a quarter of its bond is lost, all of it to a disputer",
    planCancel,
  );
  addStep(
    slash,
    "execute",
    "execute a proposal whose time has come, as far as the epoch's ceiling allows",
    planExecute,
  );
  addStep(slash, "lapse", "end a disputed proposal that the DAO did not decide in time; the bonds return", planLapse);
  addStep(slash, "veto", "end a proposal before it is executed; a proposer of the DAO's timelock sends", planVeto);
  addStep(slash, "uphold", "reject the dispute of a proposal; a proposer of the DAO's timelock sends", planUphold);

  withExample(withWallet(slash.command("pay")), "slash pay 1 --wallet any.json --yes")
    .description("pay out the frozen funds of a slash: a reward to its reporter, the rest to the treasury; anyone may")
    .argument("<slashId>", "number of the slash (slash show)")
    .action(paySlash);
}

type Planned = Omit<PlannedCall, "contract" | "abi" | "args"> & { byTimelock?: boolean };

function addStep(slash: Command, name: string, description: string, plan: (proposal: SlashProposal) => Planned): void {
  withExample(withWallet(slash.command(name)), `slash ${name} 1 --wallet any.json --yes`)
    .description(description)
    .argument("<proposalId>", "number of the proposal (slash show)")
    .action(async (idText: string, options: WalletOptions, command: Command) => {
      const proposalId = BigInt(naturalArgument("proposalId", idText));
      const session = await openWalletSession(options);
      const { byTimelock, ...planned } = plan(await readProposal(session, proposalId));
      const call = { contract: "SlashProposals", abi: ABIS.SlashProposals, args: [proposalId] } as const;
      const run = byTimelock === true ? runTimelockCall : runCall;
      await run(session, { ...call, ...planned }, { options, command });
    });
}

function planCancel({ proposalId, status, bond, disputer }: SlashProposal): Planned {
  const isDisputed = status === "disputed";
  const back = bond - bond / 4n;
  return {
    functionName: "cancel",
    sentence: `Take proposal ${proposalId} back.`,
    after: () => [
      isDisputed
        ? `Your bond of ${meshText(bond)} goes to the disputer ${disputer}.`
        : `${meshText(back)} of your bond return; a quarter goes to the treasury.`,
      "The node's matured unbondings are no longer held back by this proposal.",
    ],
    preview: () => ({
      gets: [
        isDisputed
          ? "Nothing: a disputed proposal costs its bond."
          : `${meshText(back)} of your bond; a quarter goes to the treasury.`,
      ],
      figures: { bond: meshFigure(bond), returns: meshFigure(isDisputed ? 0n : back) },
    }),
  };
}

function planExecute({ proposalId, nodeIndex, status, amount, bond, proposer }: SlashProposal): Planned {
  const paid =
    status === "upheld"
      ? `The proposer ${proposer} gets the disputer's bond of ${meshText(bond)}; its own returned when the dispute was rejected.`
      : `The proposer ${proposer} has its bond of ${meshText(bond)} back.`;
  return {
    functionName: "execute",
    sentence: `Execute proposal ${proposalId} against node ${nodeIndex}.`,
    after: (taken) => [
      `${meshText(taken as bigint)} of ${meshText(amount)} are taken of node ${nodeIndex} and its delegators, pro rata.`,
      ...((taken as bigint) < amount
        ? ["Was it the epoch's ceiling that stopped it, the rest follows in later ones: execute again."]
        : [paid]),
      "The node is jailed; reporter and treasury are paid at once.",
    ],
    preview: (taken) => ({ figures: { taken: meshFigure(taken as bigint), amount: meshFigure(amount) } }),
  };
}

function planLapse({ proposalId, bond }: SlashProposal): Planned {
  return {
    functionName: "lapse",
    sentence: `End proposal ${proposalId}, which the DAO did not decide in time.`,
    after: () => [
      `The disputer gets its bond of ${meshText(bond)} back, the proposer three quarters; the node keeps its stake.`,
    ],
  };
}

function planVeto(proposal: SlashProposal): Planned {
  const { proposalId, nodeIndex } = proposal;
  return {
    ...{ functionName: "veto", byTimelock: true },
    sentence: `Veto proposal ${proposalId} against node ${nodeIndex}.`,
    after: () => [`Proposal ${proposalId} takes nothing (more) of node ${nodeIndex}.`, vetoedBonds(proposal)],
  };
}

/** Where the bonds go that a vetoed proposal still holds. */
function vetoedBonds({ status, bond, proposer, disputer }: SlashProposal): string {
  const amount = meshText(bond);
  if (status === "upheld") {
    return `The disputer's bond of ${amount} goes to the treasury; the proposer has had its own back since the dispute was rejected.`;
  }
  return status === "disputed"
    ? `The proposer's bond of ${amount} goes to the disputer ${disputer}, whose own bond returns.`
    : `The bond of ${amount} of the proposer ${proposer} goes to the treasury.`;
}

function planUphold({ proposalId, nodeIndex, bond, proposer }: SlashProposal): Planned {
  return {
    ...{ functionName: "uphold", byTimelock: true },
    sentence: `Reject the dispute of proposal ${proposalId} against node ${nodeIndex}.`,
    after: () => [
      `The proposer ${proposer} has its bond of ${meshText(bond)} back.`,
      "The disputer's bond stays held: it is the proposer's once the proposal is executed, the treasury's if the DAO vetoes it after all.",
      "Anyone can execute the proposal once the veto time is over.",
    ],
  };
}

async function paySlash(idText: string, options: WalletOptions, command: Command): Promise<void> {
  const slashId = BigInt(naturalArgument("slashId", idText));
  const session = await openWalletSession(options);
  const { ownPart, poolPart, reporter, rewardBp } = await slashOf(session, slashId);
  const amount = ownPart + poolPart;
  const reward = (amount * BigInt(rewardBp)) / 10_000n;
  await runCall(
    session,
    {
      ...{ contract: "NodeSlashing", abi: ABIS.NodeSlashing, functionName: "paySlash", args: [slashId] },
      sentence: `Pay out the funds of slash ${slashId}.`,
      after: () => [
        ...(reward > 0n ? [`${meshText(reward)} are with the reporter ${reporter}.`] : []),
        `${meshText(amount - reward)} are with the treasury.`,
      ],
      preview: () => ({ figures: { toReporter: meshFigure(reward), toTreasury: meshFigure(amount - reward) } }),
    },
    { options, command },
  );
}

function slashOf({ client, network }: WalletSession, slashId: bigint) {
  const contract = { address: network.contracts.NodeSlashing, abi: ABIS.NodeSlashing };
  return client.readContract({ ...contract, functionName: "slashOf", args: [slashId] });
}

async function showSlash(
  idText: string | undefined,
  options: NetworkOptions & { node?: string },
  command: Command,
): Promise<void> {
  const proposalId = idText === undefined ? undefined : BigInt(naturalArgument("proposalId", idText));
  const nodeIndex = options.node === undefined ? undefined : naturalArgument("--node", options.node);
  const session = await openNetwork(options);
  if (nodeIndex !== undefined) await requireKnownNode(session, nodeIndex);
  const now = await chainTime(session);
  if (proposalId !== undefined) {
    const proposal = await readProposal(session, proposalId);
    return print(command, proposalFigures(proposal, now), proposalRows(proposal, now).join("\n"));
  }
  const [proposals, slashes] = await Promise.all([readProposals(session, nodeIndex), readSlashes(session, nodeIndex)]);
  const rows = [
    ...proposals.flatMap((proposal) => proposalRows(proposal, now)),
    ...slashes.map((slash) => slashRow(slash, now)),
  ];
  const none =
    nodeIndex === undefined ? "No slash was ever proposed." : `No slash of node ${nodeIndex} was ever proposed.`;
  const result = {
    proposals: proposals.map((proposal) => proposalFigures(proposal, now)),
    slashes: slashes.map(({ ownPart, poolPart, ...slash }) => {
      return { ...slash, ownPart: meshFigure(ownPart), poolPart: meshFigure(poolPart) };
    }),
  };
  print(command, result, rows.length > 0 ? rows.join("\n") : none);
}

function slashRow({ slashId, nodeIndex, ownPart, poolPart, payableAt }: FrozenSlash, now: bigint): string {
  const funds =
    payableAt === 0n ? "paid out or given back" : `frozen, can be paid out from ${momentText(payableAt, now)} on`;
  const parts = `${meshText(ownPart)} of its operator, ${meshText(poolPart)} of its delegators`;
  return `Slash ${slashId} of node ${nodeIndex}: ${parts}; ${funds}`;
}
