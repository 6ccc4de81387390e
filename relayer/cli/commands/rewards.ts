import type { Command } from "commander";
import { addressArgument, naturalArgument } from "../arguments.ts";
import { openNetwork, type NetworkOptions, type Session, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { meshFigure, meshText, momentText, timeFigure } from "../figures.ts";
import { withExample } from "../help.ts";
import { CliError, isJson, print } from "../output.ts";
import { namedOrOwnNodes } from "../own-nodes.ts";
import { claimsCsv, type PastClaim, pastClaims } from "../reward-history.ts";
import { type Earned, readEarned } from "../reward-words.ts";
import { isoTime } from "../iso-time.ts";
import { openWalletSession, type Preview, runCall, type WalletOptions, withWallet } from "../transaction.ts";

interface ClaimOptions extends WalletOptions {
  node?: string[];
  words?: string;
}

interface ShowOptions extends NetworkOptions {
  node?: string[];
  of?: string;
  csv?: boolean;
}

/** Adds `pqmesh rewards …`. */
export function addRewardsCommands(program: Command): void {
  const rewards = withExample(
    program.command("rewards").description("what nodes earn: claimed by anyone, paid to beneficiary and delegators"),
    "rewards show --node 3",
  );

  withExample(
    withNetwork(rewards.command("show")),
    "rewards show --node 3 4",
    "rewards show --of 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --csv",
  )
    .description("print what nodes can claim now, and what they claimed so far")
    .option("--node <nodeIndex...>", "nodes to look at")
    .option("--of <address>", "all nodes that a wallet operates")
    .option("--csv", "print the claims so far as CSV, and nothing else")
    .action(showRewards);

  withExample(
    withWallet(rewards.command("claim")),
    "rewards claim --node 3 4 --wallet any.json --dry-run",
    "rewards claim --wallet owner.json --yes",
  )
    .description("pay what nodes earned to their beneficiaries, and to the pools of their delegators; anyone may")
    .option("--node <nodeIndex...>", "nodes to claim for; default: all that the wallet operates")
    .option("--words <n>", "words of 256 epochs at most, for one node with a claim too large for one transaction")
    .action(claim);

  withExample(
    withWallet(rewards.command("claim-and-stake")),
    "rewards claim-and-stake --node 3 --wallet owner.json --yes",
  )
    .description("add what a node earned to its own stake; owner or hot wallet sends")
    .option("--node <nodeIndex...>", "the node; default: the only one that the wallet operates")
    .action(claimAndStake);
}

async function showRewards(options: ShowOptions, command: Command): Promise<void> {
  const wallet = options.of === undefined ? undefined : addressArgument("--of", options.of);
  const session = await openNetwork(options);
  const nodes = await namedOrOwnNodes(session, { named: options.node, ...(wallet && { wallet }) });
  const [earned, claims] = await Promise.all([
    Promise.all(nodes.map((nodeIndex) => readEarned(session, nodeIndex))),
    pastClaims(session, nodes),
  ]);
  const total = earned.reduce((sum, { claimable }) => sum + claimable, 0n);
  const claimed = claims.reduce((sum, { toOperator, toPool }) => sum + toOperator + toPool, 0n);
  if (options.csv === true && !isJson(command)) return console.log(claimsCsv(claims));
  const rows = [
    `${meshText(total)} can be claimed now; ${meshText(claimed)} were claimed so far.`,
    ...earned.flatMap(earnedRows),
    ...claims.map(claimRow),
  ];
  const result = {
    ...{ claimable: meshFigure(total), claimed: meshFigure(claimed) },
    nodes: earned.map(earnedFigures),
    claims: claims.map(({ time, toOperator, toPool, returned, ...claim }) => ({
      ...{ ...claim, time: isoTime(time) },
      ...{ toOperator: meshFigure(toOperator), toPool: meshFigure(toPool), returned: meshFigure(returned) },
    })),
  };
  print(command, result, rows.join("\n"));
}

function earnedRows({ nodeIndex, claimable, operatorAmount, poolAmount, returned, nextWordAt, now }: Earned): string[] {
  const unclosed = claimable - operatorAmount - poolAmount;
  const isSplit = operatorAmount + poolAmount > 0n;
  return [
    `Node ${nodeIndex}: ${meshText(claimable)} can be claimed; more comes at ${momentText(nextWordAt, now)}`,
    ...(isSplit
      ? [`  for the operator    ${meshText(operatorAmount)}`, `  for the delegators  ${meshText(poolAmount)}`]
      : []),
    ...(unclosed > 0n ? [`  of words that the claim itself closes, for both: ${meshText(unclosed)}`] : []),
    ...(returned > 0n ? [`  lost to absent, degraded or unreported epochs: ${meshText(returned)}`] : []),
  ];
}

function claimRow({ time, nodeIndex, fromEpoch, untilEpoch, toOperator, toPool }: PastClaim): string {
  const amounts = `${meshText(toOperator)} to the operator, ${meshText(toPool)} to delegators`;
  return `${isoTime(time)}  node ${nodeIndex}, epochs ${fromEpoch} to ${untilEpoch - 1n}: ${amounts}`;
}

function earnedFigures({ nodeIndex, claimable, operatorAmount, poolAmount, returned, fromWord, ...rest }: Earned) {
  return {
    ...{ nodeIndex, fromWord, claimable: meshFigure(claimable), operator: meshFigure(operatorAmount) },
    ...{ pool: meshFigure(poolAmount), returned: meshFigure(returned) },
    nextWord: timeFigure(rest.nextWordAt, rest.now),
  };
}

async function claim(options: ClaimOptions, command: Command): Promise<void> {
  const words = options.words === undefined ? undefined : naturalArgument("--words", options.words);
  const session = await openWalletSession(options);
  const nodes = await namedOrOwnNodes(session, { named: options.node, wallet: session.account.address });
  const [first] = nodes;
  if (words !== undefined && (nodes.length !== 1 || first === undefined)) {
    throw new CliError(`--words is for one node, these are ${nodes.length}; name it with --node`, 2);
  }
  const earned = await Promise.all(nodes.map((nodeIndex) => readEarned(session, nodeIndex)));
  const receivers = await Promise.all(nodes.map((nodeIndex) => beneficiaryOf(session, nodeIndex)));
  requireClaimable(earned);
  const call =
    words === undefined
      ? { functionName: "claim", args: [nodes] }
      : { functionName: "claimWords", args: [first, BigInt(words)] };
  await runCall(
    session,
    {
      ...{ contract: "NodeRewards", abi: ABIS.NodeRewards, ...call },
      sentence: `Claim the rewards of ${nodesText(nodes)}.`,
      after: (wei) => [
        `${meshText(wei as bigint)} are paid: the operator's part to its beneficiary, the rest to the delegators' pools.`,
      ],
      preview: (wei) => claimPreview(earned, { wei: wei as bigint, receivers }),
    },
    { options, command },
  );
}

async function claimAndStake(options: ClaimOptions, command: Command): Promise<void> {
  const session = await openWalletSession(options);
  const nodes = await namedOrOwnNodes(session, { named: options.node, wallet: session.account.address });
  const [nodeIndex, ...more] = nodes;
  if (nodeIndex === undefined || more.length > 0) {
    throw new CliError(`rewards of one node are staked at a time; say which of ${nodes.join(", ")} with --node`, 2);
  }
  const earned = await readEarned(session, nodeIndex);
  requireClaimable([earned]);
  await runCall(
    session,
    {
      ...{ contract: "NodeRewards", abi: ABIS.NodeRewards, functionName: "claimAndStake", args: [nodeIndex] },
      sentence: `Claim the rewards of node ${nodeIndex} and stake the operator's part.`,
      after: (wei) => [
        `${meshText(wei as bigint)} are claimed: the operator's part is bonded at node ${nodeIndex}, the rest is in the delegators' pool.`,
      ],
      preview: (wei) => ({
        ...claimPreview([earned], { wei: wei as bigint, receivers: ["the stake of the node"] }),
        unlocks: [`Stake leaves with "stake unbond ${nodeIndex}", after the unbonding period.`],
        risks: ["What is staked is slashable; what is claimed to the beneficiary is not."],
      }),
    },
    { options, command },
  );
}

function requireClaimable(earned: readonly Earned[]): void {
  if (earned.some(({ claimable, returned }) => claimable + returned > 0n)) return;
  const next = earned.map(({ nextWordAt }) => nextWordAt).sort((a, b) => (a < b ? -1 : 1))[0] ?? 0n;
  const when = momentText(next, earned[0]?.now ?? 0n);
  throw new CliError(
    `${nodesText(earned.map(({ nodeIndex }) => nodeIndex))} can claim nothing yet; look again at ${when}`,
  );
}

function claimPreview(
  earned: readonly Earned[],
  { wei, receivers }: { wei: bigint; receivers: readonly string[] },
): Preview {
  return {
    gets: earned.map((node, i) => claimSentence(node, receivers[i] ?? "")),
    figures: { total: meshFigure(wei), nodes: earned.map(earnedFigures), receivers },
  };
}

/** Who gets what of a claim; the split is known once the words are closed. */
function claimSentence({ nodeIndex, claimable, operatorAmount, poolAmount }: Earned, receiver: string): string {
  const isClosed = operatorAmount + poolAmount === claimable;
  const split = isClosed
    ? `${meshText(poolAmount)} to its delegators' pool, ${meshText(operatorAmount)}`
    : `${meshText(claimable)}: what its delegators earned to their pool, the rest`;
  return `Node ${nodeIndex}: ${split} to ${receiver}.`;
}

function beneficiaryOf(session: Session, nodeIndex: number): Promise<string> {
  const request = { functionName: "beneficiaryOf", args: [nodeIndex] } as const;
  return session.client.readContract({ ...contractOf(session, "NodeRegistry"), ...request });
}

function nodesText(nodes: readonly number[]): string {
  return nodes.length === 1 ? `node ${nodes[0]}` : `nodes ${nodes.join(", ")}`;
}
