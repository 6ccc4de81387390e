import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import type { Command } from "commander";
import { naturalArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { meshFigure, meshText, momentText, timeFigure } from "../figures.ts";
import { chainTime, governed } from "../governed.ts";
import { withExample } from "../help.ts";
import { print } from "../output.ts";
import { requireKnownNode } from "../require-known-node.ts";
import { readSlashes } from "../slash-state.ts";
import { runTimelockCall } from "../timelock-call.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

/** Adds `pqmesh jail show` and `pqmesh unjail`. */
export function addJailCommands(program: Command): void {
  const jail = withExample(
    program.command("jail").description("nodes that offended: inactive and without rewards for a while"),
    "jail show 3",
  );

  withExample(withNetwork(jail.command("show")), "jail show 3 --json")
    .description("print whether a node is jailed, until when, and what was taken of it")
    .argument("<nodeIndex>", "index of the node")
    .action(showJail);

  withExample(
    withWallet(program.command("unjail")),
    "unjail 3 --wallet any.json --dry-run",
    "unjail 3 --wallet any.json --yes",
  )
    .description("let a jailed node be active again, once its time is over; anyone may")
    .argument("<nodeIndex>", "index of the node")
    .option("--by-dao", "before its time: a proposer of the DAO's timelock sends")
    .action(unjail);
}

/** Jail of a node, and whether it is active without it. @throws Error when the node does not exist. */
async function readJail(session: Session, nodeIndex: number) {
  const { client } = session;
  const args = [nodeIndex] as const;
  await requireKnownNode(session, nodeIndex);
  const [until, bonded, minimum, now] = await Promise.all([
    client.readContract({ ...contractOf(session, "NodeSlashing"), functionName: "jailedUntil", args }),
    client.readContract({ ...contractOf(session, "NodeStaking"), functionName: "stakeOf", args }),
    governed(session, "minNodeStake"),
    chainTime(session),
  ]);
  return { until, bonded, minimum, now };
}

async function showJail(nodeText: string, options: NetworkOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const session = await openNetwork(options);
  const [{ until, bonded, minimum, now }, slashes] = await Promise.all([
    readJail(session, nodeIndex),
    readSlashes(session, nodeIndex),
  ]);
  const taken = slashes.reduce((sum, { ownPart, poolPart }) => sum + ownPart + poolPart, 0n);
  const isBarred = until === FOR_EVER;
  const result = {
    ...{
      nodeIndex,
      jailed: until > 0n,
      barred: isBarred,
      until: until > 0n && !isBarred ? timeFigure(until, now) : null,
    },
    ...{ slashes: slashes.length, taken: meshFigure(taken), bonded: meshFigure(bonded), minimum: meshFigure(minimum) },
  };
  const rows = [
    jailSentence(nodeIndex, until, now),
    `${slashes.length === 1 ? "One slash" : `${slashes.length} slashes`} took ${meshText(taken)} so far; ${meshText(bonded)} are bonded, the minimum is ${meshText(minimum)}.`,
  ];
  print(command, result, rows.join("\n"));
}

function jailSentence(nodeIndex: number, until: bigint, now: bigint): string {
  if (until === 0n) return `Node ${nodeIndex} is not jailed.`;
  if (until === FOR_EVER) return `Node ${nodeIndex} is barred for ever.`;
  if (until <= now)
    return `Node ${nodeIndex} is jailed, and its time is over: anyone can let it out (unjail ${nodeIndex}).`;
  return `Node ${nodeIndex} is jailed until ${momentText(until, now)}.`;
}

async function unjail(nodeText: string, options: WalletOptions & { byDao?: boolean }, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const session = await openWalletSession(options);
  const { bonded, minimum } = await readJail(session, nodeIndex);
  const isActive = bonded >= minimum;
  const run = options.byDao === true ? runTimelockCall : runCall;
  await run(
    session,
    {
      ...{ contract: "NodeSlashing", abi: ABIS.NodeSlashing, functionName: "unjail", args: [nodeIndex] },
      sentence: `Let node ${nodeIndex} be active again.`,
      after: () => [
        isActive
          ? `Node ${nodeIndex} is active two epochs later, and earns from the next epoch on.`
          : `Node ${nodeIndex} stays inactive: it needs ${meshText(minimum - bonded)} more stake (stake add ${nodeIndex}).`,
      ],
      preview: () => ({ figures: { bonded: meshFigure(bonded), minimum: meshFigure(minimum), activeAfter: isActive } }),
    },
    { options, command },
  );
}
