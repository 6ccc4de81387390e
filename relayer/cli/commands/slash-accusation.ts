import { readFileSync } from "node:fs";
import { fileFlaw } from "@pqmesh/contracts/protocol/file-flaws";
import type { Command } from "commander";
import { formatEther, keccak256 } from "viem";
import { hashArgument, naturalArgument, percentArgument } from "../arguments.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { durationText, meshFigure, momentText, percentText, timeFigure } from "../figures.ts";
import { governed } from "../governed.ts";
import { withExample } from "../help.ts";
import { CliError, usageError } from "../output.ts";
import { requireKnownNode } from "../require-known-node.ts";
import { readProposal, readSlashRules } from "../slash-state.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

const FULL_BP = 10_000n;

/** Adds `pqmesh slash propose`, `dispute` and `downtime`: what accuser and accused do. */
export function addSlashAccusationCommands(slash: Command): void {
  withExample(
    withWallet(slash.command("propose")),
    "slash propose 3 1200 --share 5 --evidence-file evidence.json --wallet any.json --dry-run",
    "slash propose 3 1200 --share 5 --evidence-file evidence.json --wallet any.json --yes",
  )
    .description("propose to slash a share of a node's stake for an offence, with a bond")
    .argument("<nodeIndex>", "index of the node")
    .argument("<epoch>", "epoch of the offence")
    .requiredOption("--share <percent>", "share of the stake at that time, for example 5")
    .option("--evidence <hash>", "keccak256 of what you publish as evidence")
    .option("--evidence-file <file>", "the evidence itself; its keccak256 is sent")
    .action(propose);

  withExample(withWallet(slash.command("dispute")), "slash dispute 1 --wallet owner.json --yes")
    .description("dispute a proposal with a bond of the same size; anyone may")
    .argument("<proposalId>", "number of the proposal (slash show)")
    .action(dispute);

  withExample(withWallet(slash.command("downtime")), "slash downtime 3 --wallet any.json --yes")
    .description("slash a node that was absent too often in a window of epochs; anyone may, once per window")
    .argument("<nodeIndex>", "index of the node")
    .argument("[window]", "number of the window; default: the newest one that is final")
    .action(slashDowntime);
}

interface ProposeOptions extends WalletOptions {
  share: string;
  evidence?: string;
  evidenceFile?: string;
}

function evidenceHash({ evidence, evidenceFile }: ProposeOptions) {
  if ((evidence === undefined) === (evidenceFile === undefined)) {
    throw usageError("name the evidence with either --evidence or --evidence-file");
  }
  if (evidence !== undefined) return hashArgument("--evidence", evidence);
  try {
    return keccak256(readFileSync(evidenceFile!));
  } catch (cause) {
    throw usageError(`${evidenceFile} cannot be read: ${fileFlaw(cause)}`, cause);
  }
}

async function propose(nodeText: string, epochText: string, options: ProposeOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const epoch = BigInt(naturalArgument("epoch", epochText));
  const shareBp = BigInt(percentArgument("--share", options.share));
  const evidence = evidenceHash(options);
  const session = await openWalletSession(options);
  await requireKnownNode(session, nodeIndex);
  const request = { functionName: "pinnedStake", args: [nodeIndex, epoch] } as const;
  const [rules, pinned] = await Promise.all([
    readSlashRules(session),
    session.client.readContract({ ...contractOf(session, "NodeSlashing"), ...request }),
  ]);
  const { bond, disputePeriod, vetoPeriod, now } = rules;
  const amount = (pinned * shareBp) / FULL_BP;
  const executableAt = now + disputePeriod + vetoPeriod;
  await runCall(
    session,
    {
      ...{ contract: "SlashProposals", abi: ABIS.SlashProposals, functionName: "propose", takes: bond },
      args: [nodeIndex, epoch, shareBp, evidence],
      sentence: `Propose to slash node ${nodeIndex} by ${percentText(shareBp)} of its stake in epoch ${epoch}.`,
      after: (id) => [
        `Proposal ${String(id)} is made with a bond of ${formatEther(bond)} MESH; publish the evidence ${evidence}.`,
        `Anyone can dispute it for ${durationText(disputePeriod)}; the DAO has ${durationText(vetoPeriod)} more to veto it.`,
        "Until it is decided, matured unbondings of the node and its delegators are held back.",
      ],
      preview: () => ({
        gets: ["Your bond back when it is executed, and the reporter's part of what is slashed."],
        unlocks: [`It can be executed from ${momentText(executableAt, now)} on (slash execute).`],
        risks: [
          `Your bond of ${formatEther(bond)} MESH is lost when the DAO vetoes it, or when you take it back disputed, and a quarter of it when you take it back undisputed or the DAO does not decide.`,
        ],
        figures: { takes: meshFigure(amount), bond: meshFigure(bond), executable: timeFigure(executableAt, now) },
      }),
    },
    { options, command },
  );
}

async function dispute(idText: string, options: WalletOptions, command: Command): Promise<void> {
  const proposalId = BigInt(naturalArgument("proposalId", idText));
  const session = await openWalletSession(options);
  const [proposal, { now }] = await Promise.all([readProposal(session, proposalId), readSlashRules(session)]);
  const { bond, vetoUntil, nodeIndex, amount } = proposal;
  await runCall(
    session,
    {
      ...{ contract: "SlashProposals", abi: ABIS.SlashProposals, functionName: "dispute", args: [proposalId] },
      takes: bond,
      sentence: `Dispute proposal ${proposalId} against node ${nodeIndex} with a bond of ${formatEther(bond)} MESH.`,
      after: () => [
        `The proposal takes nothing unless the DAO upholds it until ${momentText(vetoUntil, now)}.`,
        "When the DAO does not decide in time, anyone can let it lapse: your bond returns, and three quarters of the proposer's (slash lapse).",
      ],
      preview: () => ({
        gets: [
          "The proposer's bond beside your own when the DAO vetoes it instead of upholding it, or when the proposer takes it back.",
        ],
        unlocks: [
          `Your bond returns at ${momentText(vetoUntil, now)} at the latest, unless the DAO upholds the proposal.`,
        ],
        risks: [
          `Your bond of ${formatEther(bond)} MESH is lost when the DAO upholds the proposal: to the proposer once it is executed, to the treasury if the DAO vetoes it after all.`,
        ],
        figures: { bond: meshFigure(bond), protects: meshFigure(amount), decided: timeFigure(vetoUntil, now) },
      }),
    },
    { options, command },
  );
}

async function slashDowntime(
  nodeText: string,
  windowText: string | undefined,
  options: WalletOptions,
  command: Command,
): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const named = windowText === undefined ? undefined : BigInt(naturalArgument("window", windowText));
  const session = await openWalletSession(options);
  await requireKnownNode(session, nodeIndex);
  const { client } = session;
  const slashing = contractOf(session, "NodeSlashing");
  const [length, final, rewardBp] = await Promise.all([
    client.readContract({ ...slashing, functionName: "downtimeWindow" }),
    client.readContract({ ...contractOf(session, "AttestationBridge"), functionName: "finalizedBefore" }),
    governed(session, "slashReporterBp"),
  ]);
  const window = named ?? final / length - 1n;
  if (window < 0n) throw new CliError(`no window of ${length} epochs is final yet; epochs before ${final} are`);
  await runCall(
    session,
    {
      ...{ contract: "NodeSlashing", abi: ABIS.NodeSlashing, functionName: "slashDowntime", args: [nodeIndex, window] },
      sentence: `Slash node ${nodeIndex} for downtime in epochs ${window * length} to ${(window + 1n) * length - 1n}.`,
      after: (id) => [
        id === 0n
          ? `Node ${nodeIndex} is jailed; there was nothing to take.`
          : `Slash ${String(id)} is frozen; once the DAO's time to pardon is over, anyone pays it out (slash pay ${String(id)}).`,
        `Node ${nodeIndex} is jailed; afterwards anyone can let it out (unjail ${nodeIndex}).`,
      ],
      preview: () => ({
        gets: [`${percentText(rewardBp)} of what is taken, unless this wallet is a party of the node.`],
        figures: { window, fromEpoch: window * length, untilEpoch: (window + 1n) * length, reporterBp: rewardBp },
      }),
    },
    { options, command },
  );
}
