import type { Command } from "commander";
import { naturalArgument, percentArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { commissionNow } from "../delegation-pool.ts";
import { durationText, momentText, percentText, timeFigure } from "../figures.ts";
import { chainTime, governed } from "../governed.ts";
import { withExample } from "../help.ts";
import { print } from "../output.ts";
import { requireKnownNode } from "../require-known-node.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

/** Adds `pqmesh commission …`. */
export function addCommissionCommands(program: Command): void {
  const commission = withExample(
    program.command("commission").description("the operator's part of what the delegators of a node earn"),
    "commission show 3",
  );

  withExample(withNetwork(commission.command("show")), "commission show 3 --json")
    .description("print the commission of a node, a raise that is pending, and the largest allowed")
    .argument("<nodeIndex>", "index of the node")
    .action(showCommission);

  withExample(
    withWallet(commission.command("set")),
    "commission set 3 5 --wallet owner.json --dry-run",
    'commission set 3 "2.5 %" --wallet owner.json --yes',
  )
    .description("set the commission of a node: a cut at once, a raise after the delay; owner or hot wallet sends")
    .argument("<nodeIndex>", "index of the node")
    .argument("<percent>", 'for example 5, "2.5 %" or "250 bp"')
    .action(setCommission);
}

/** Commission of a node with the limits that the DAO set. @throws Error when the node does not exist. */
async function readCommission(session: Session, nodeIndex: number) {
  const { client } = session;
  const args = [nodeIndex] as const;
  await requireKnownNode(session, nodeIndex);
  const [stored, maxBp, raiseDelay, now] = await Promise.all([
    client.readContract({ ...contractOf(session, "NodeDelegation"), functionName: "commissionOf", args }),
    governed(session, "maxCommissionBp"),
    governed(session, "commissionRaiseDelay"),
    chainTime(session),
  ]);
  return { ...commissionNow(stored, now), maxBp, raiseDelay, now };
}

async function showCommission(nodeText: string, options: NetworkOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const { bp, nextBp, nextFrom, maxBp, raiseDelay, now } = await readCommission(await openNetwork(options), nodeIndex);
  const raise = nextFrom === 0n ? null : { bp: nextBp, from: timeFigure(nextFrom, now) };
  const rows = [
    `Node ${nodeIndex} keeps ${percentText(bp)} of what its delegators earn; the DAO allows ${percentText(maxBp)}.`,
    raise
      ? `It rises to ${percentText(nextBp)} at ${momentText(nextFrom, now)}.`
      : `No raise is pending; one would take ${durationText(raiseDelay)}.`,
  ];
  const result = { nodeIndex, commissionBp: bp, raise, maxCommissionBp: maxBp, raiseDelaySeconds: raiseDelay };
  print(command, result, rows.join("\n"));
}

async function setCommission(
  nodeText: string,
  percent: string,
  options: WalletOptions,
  command: Command,
): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const nextBp = percentArgument("percent", percent);
  const session = await openWalletSession(options);
  const { bp, nextFrom, raiseDelay, now } = await readCommission(session, nodeIndex);
  const isRaise = nextBp > bp;
  const from = isRaise ? now + raiseDelay : now;
  const replaced = nextFrom === 0n ? [] : ["The raise that was pending is replaced; its delay begins anew."];
  await runCall(
    session,
    {
      ...{ contract: "NodeDelegation", abi: ABIS.NodeDelegation, functionName: "setCommission" },
      args: [nodeIndex, nextBp],
      sentence: `Set the commission of node ${nodeIndex} from ${percentText(bp)} to ${percentText(nextBp)}.`,
      after: () => [
        isRaise
          ? `Node ${nodeIndex} keeps ${percentText(bp)} until ${momentText(from, now)}, and ${percentText(nextBp)} from then on.`
          : `Node ${nodeIndex} keeps ${percentText(nextBp)} of what its delegators earn, at once.`,
        ...replaced,
      ],
      preview: () => ({
        ...(isRaise && {
          unlocks: [`The raise holds from ${momentText(from, now)} on; a cut before then replaces it.`],
        }),
        risks: [
          "It counts for every reward that is claimed while it is in force, also for epochs before it.",
          ...(isRaise ? ["Delegators see the raise at once and can leave before it counts."] : []),
        ],
        figures: { fromBp: bp, toBp: nextBp, inForce: timeFigure(from, now) },
      }),
    },
    { options, command },
  );
}
