import { worthOf } from "@pqmesh/contracts/protocol/share-price";
import type { Command } from "commander";
import { type Address, formatEther } from "viem";
import { addressArgument, naturalArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { delegatedNodes } from "../delegated-nodes.ts";
import { delegationRisks, type NodePool, poolShareText, readNodePool, withdrawalRisks } from "../delegation-pool.ts";
import { meshFigure, meshText, momentText, percentText, timeFigure } from "../figures.ts";
import { withExample } from "../help.ts";
import { CliError, print } from "../output.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

/** Unbondings paid in one transaction: more than a delegator can have at a node. */
const MAX_WITHDRAWN = 64n;

/** Adds `pqmesh delegation …`. */
export function addDelegationCommands(program: Command): void {
  const delegation = withExample(
    program.command("delegation").description("what holders delegate to nodes: shares, worth and unbondings"),
    "delegation show --delegator 0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  );

  withExample(
    withNetwork(delegation.command("show")),
    "delegation show 3",
    "delegation show --delegator 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --json",
  )
    .description("print the pool of a node, or everything that a wallet has delegated")
    .argument("[nodeIndex]", "index of the node; default: every node to which the wallet delegated")
    .option("--delegator <address>", "wallet of the delegator")
    .action(showDelegation);

  withExample(withWallet(delegation.command("withdraw")), "delegation withdraw 3 --wallet holder.json --yes")
    .description(
      "pay matured unbondings to their delegator; anyone may; while a slash can be given back, the delegator alone",
    )
    .argument("<nodeIndex>", "index of the node")
    .option("--delegator <address>", "the delegator that is paid; default: the wallet itself")
    .action(withdraw);

  withExample(withWallet(delegation.command("cancel")), "delegation cancel 3 0 --wallet holder.json --yes")
    .description("delegate an unbonding again, at any time before it is withdrawn")
    .argument("<nodeIndex>", "index of the node")
    .argument("<unbondingId>", "number of the unbonding (delegation show)")
    .action(cancel);
}

interface ShowOptions extends NetworkOptions {
  delegator?: string;
}

async function showDelegation(nodeText: string | undefined, options: ShowOptions, command: Command): Promise<void> {
  const wallet = options.delegator === undefined ? undefined : addressArgument("--delegator", options.delegator);
  const nodeIndex = nodeText === undefined ? undefined : naturalArgument("nodeIndex", nodeText);
  const session = await openNetwork(options);
  if (wallet) return showWallet(session, { wallet, nodeIndex }, command);
  if (nodeIndex === undefined) throw new CliError("say which node, or whose delegations: --delegator 0xADDRESS", 2);
  return showPool(session, nodeIndex, command);
}

async function showPool(session: Session, nodeIndex: number, command: Command): Promise<void> {
  const delegation = contractOf(session, "NodeDelegation");
  const [pool, unbonding] = await Promise.all([
    readNodePool(session, nodeIndex, delegation.address),
    session.client.readContract({ ...delegation, functionName: "unbondingPoolOf", args: [nodeIndex] }),
  ]);
  const { assets, shares, commission, isEligible, unbondingPeriod, pardonableUntil, now } = pool;
  const result = {
    ...{ nodeIndex, pool: meshFigure(assets), shares, unbonding: meshFigure(unbonding.assets) },
    ...{ commission, isEligible, unbondingSeconds: unbondingPeriod },
    pardonableUntil: pardonableUntil > now ? timeFigure(pardonableUntil, now) : null,
  };
  const rows = [
    `Node ${nodeIndex}: ${meshText(assets)} delegated, ${meshText(unbonding.assets)} unbonding`,
    `  commission ${percentText(commission.bp)} of what delegators earn`,
    ...delegationRisks(pool).map((line) => `  ${line}`),
  ];
  print(command, result, rows.join("\n"));
}

interface WalletQuery {
  wallet: Address;
  nodeIndex: number | undefined;
}

async function showWallet(session: Session, { wallet, nodeIndex }: WalletQuery, command: Command): Promise<void> {
  const nodes = nodeIndex === undefined ? await delegatedNodes(session, wallet) : [nodeIndex];
  const delegations = await Promise.all(nodes.map((node) => readDelegation(session, node, wallet)));
  const kept = delegations.filter(({ shares, unbondings }) => shares > 0n || unbondings.length > 0);
  const total = kept.reduce((sum, { amount }) => sum + amount.wei, 0n);
  const rows = kept.flatMap(({ nodeIndex: node, amount, pool, unbondings }) => [
    `Node ${node}: ${meshText(amount.wei)}, ${poolShareText(shareBp(pool))} of its pool, commission ${percentText(pool.commission.bp)}`,
    ...unbondings.map(
      ({ id, amount: part, matures }) =>
        `  unbonding ${id}: ${meshText(part.wei)}, free from ${momentText(matures.unixSeconds, pool.now)}`,
    ),
  ]);
  const head = kept.length > 0 ? `${wallet} has ${meshText(total)} delegated.` : `${wallet} has delegated nothing.`;
  const shown = kept.map(({ pool, ...delegation }) => ({ ...delegation, poolShareBp: shareBp(pool) }));
  print(command, { wallet, total: meshFigure(total), delegations: shown }, [head, ...rows].join("\n"));
}

function shareBp({ own, shares }: NodePool): bigint {
  return shares === 0n ? 0n : (own.shares * 10_000n) / shares;
}

/** What a wallet has at a node. */
async function readDelegation(session: Session, nodeIndex: number, wallet: Address) {
  const [pool, undelegations] = await Promise.all([
    readNodePool(session, nodeIndex, wallet),
    readUndelegations(session, nodeIndex, wallet),
  ]);
  const unbondings = undelegations.map(({ id, amount, maturesAt }) => {
    return { id, amount: meshFigure(amount), matures: timeFigure(maturesAt, pool.now) };
  });
  const { shares, amount } = pool.own;
  return { nodeIndex, shares, amount: meshFigure(amount), commission: pool.commission, unbondings, pool };
}

function readUndelegations(session: Session, nodeIndex: number, wallet: Address) {
  const request = { functionName: "undelegationsOf", args: [nodeIndex, wallet] } as const;
  return session.client.readContract({ ...contractOf(session, "NodeDelegation"), ...request });
}

async function withdraw(
  nodeText: string,
  options: WalletOptions & { delegator?: string },
  command: Command,
): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const named = options.delegator === undefined ? undefined : addressArgument("--delegator", options.delegator);
  const session = await openWalletSession(options);
  const delegator = named ?? session.account.address;
  const pool = await readNodePool(session, nodeIndex, delegator);
  await runCall(
    session,
    {
      ...{ contract: "NodeDelegation", abi: ABIS.NodeDelegation, functionName: "withdrawDelegation" },
      args: [nodeIndex, delegator, MAX_WITHDRAWN],
      sentence: `Pay the matured unbondings of ${delegator} at node ${nodeIndex}.`,
      after: (wei) => [`${meshText(wei as bigint)} are with ${delegator}.`],
      preview: (wei) => ({
        gets: [`${delegator === session.account.address ? "This wallet" : delegator} gets ${meshText(wei as bigint)}.`],
        risks: withdrawalRisks(pool),
        figures: { amount: meshFigure(wei as bigint), receiver: delegator },
      }),
    },
    { options, command },
  );
}

async function cancel(nodeText: string, idText: string, options: WalletOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const unbondingId = naturalArgument("unbondingId", idText);
  const session = await openWalletSession(options);
  const { address } = session.account;
  const [pool, undelegations] = await Promise.all([
    readNodePool(session, nodeIndex, address),
    readUndelegations(session, nodeIndex, address),
  ]);
  const amount = undelegations.find(({ id }) => id === unbondingId)?.amount ?? 0n;
  await runCall(
    session,
    {
      ...{ contract: "NodeDelegation", abi: ABIS.NodeDelegation, functionName: "cancelUndelegation" },
      args: [nodeIndex, unbondingId, 0n],
      sentence: `Delegate unbonding ${unbondingId} at node ${nodeIndex} again: ${formatEther(amount)} MESH.`,
      after: () => [
        `You have ${meshText(pool.own.amount + amount)} at node ${nodeIndex}; it earns from the next epoch on.`,
      ],
      preview: (shares) => ({
        gets: [`${String(shares)} shares, worth ${meshText(worthAfter(pool, amount, shares as bigint))} now.`],
        unlocks: ["Not before it is undelegated anew, with the whole unbonding period."],
        risks: delegationRisks(pool),
        figures: { amount: meshFigure(amount), shares },
      }),
    },
    { options, command },
  );
}

function worthAfter({ assets, shares }: NodePool, amount: bigint, bought: bigint): bigint {
  return worthOf(bought, { assets: assets + amount, shares: shares + bought });
}
