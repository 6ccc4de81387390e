import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import type { Command } from "commander";
import { formatEther, maxUint256 } from "viem";
import { balanceOf, requireBalance } from "../allowance.ts";
import { meshArgument, naturalArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withErrors, withNetwork } from "../chain-session.ts";
import { contractOf } from "../contracts.ts";
import { durationText, meshFigure, momentText, timeFigure } from "../figures.ts";
import { chainTime, governed } from "../governed.ts";
import { withExample } from "../help.ts";
import { CliError, print } from "../output.ts";
import { requireKnownNode } from "../require-known-node.ts";
import { isoTime } from "../iso-time.ts";
import {
  openWalletSession,
  type PlannedCall,
  runCall,
  type WalletOptions,
  type WalletSession,
  withWallet,
} from "../transaction.ts";

/** Unbondings paid in one transaction: the most that a node can have, `NodeStaking.maxUnbondings`. */
const MAX_WITHDRAWN = 32n;

/** Adds `pqmesh stake …`. */
export function addStakeCommands(program: Command): void {
  const stake = withExample(program.command("stake").description("stake of nodes, in MESH"), "stake show 3");

  withExample(
    withWallet(stake.command("add")),
    "stake add 3 20000 --wallet owner.json --dry-run",
    "stake add 7 500 --operator 2 --wallet any.json --yes",
  )
    .description("add stake to a node in one transaction; with --operator to a node of somebody else")
    .argument("<nodeIndex>", "index of the node")
    .argument("<amount>", 'MESH, for example 20000 or "0.5 MESH", or "max": all that the wallet has')
    .option("--operator <identityId>", "the operator that gets the stake, when the node is not the wallet's own")
    .action(addStake);

  withExample(
    withWallet(stake.command("unbond")),
    "stake unbond 3 500 --wallet owner.json --dry-run",
    "stake unbond 3 all --wallet owner.json --yes",
  )
    .description("start to unbond stake of a node; owner or hot wallet sends")
    .argument("<nodeIndex>", "index of the node")
    .argument("<amount>", 'MESH, or "all"')
    .action(unbond);

  withExample(withWallet(stake.command("cancel")), "stake cancel 3 0 --wallet owner.json --yes")
    .description("bond an unbonding amount again; owner or hot wallet sends")
    .argument("<nodeIndex>", "index of the node")
    .argument("<unbondingId>", "number of the unbonding (stake show)")
    .action(cancel);

  withExample(withWallet(stake.command("withdraw")), "stake withdraw 3 --wallet owner.json --yes")
    .description("pay matured unbondings to the operator's beneficiary; anyone may")
    .argument("<nodeIndex>", "index of the node")
    .action(withdraw);

  withExample(withWallet(stake.command("deactivate")), "stake deactivate 3 --wallet any.json --yes")
    .description("deactivate a node whose stake is below a raised minimum; anyone may")
    .argument("<nodeIndex>", "index of the node")
    .action(deactivate);

  withExample(withNetwork(stake.command("show")), "stake show 3 --json")
    .description("print stake and unbondings of a node")
    .argument("<nodeIndex>", "index of the node")
    .action(showStake);
}

interface AddOptions extends WalletOptions {
  operator?: string;
}

async function addStake(nodeText: string, amount: string, options: AddOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const asked = meshArgument(amount, { allowAll: true });
  const receiver = options.operator === undefined ? undefined : naturalArgument("--operator", options.operator);
  const session = await openWalletSession(options);
  const before = await readStake(session, nodeIndex);
  const wei = asked === maxUint256 ? await balanceOf(session) : asked;
  await requireBalance(session, wei);
  const isOwn = await requireReceiver(session, { nodeIndex, receiver, owner: before.identityId });
  const [unbondingPeriod, minimum] = await Promise.all([
    governed(session, "unbondingPeriod"),
    governed(session, "minNodeStake"),
  ]);
  const after = before.bonded + wei;
  await sendToStaking(
    session,
    { options, command },
    {
      ...{ functionName: "stake", args: [nodeIndex, wei], takes: wei },
      withPermit: ({ deadline, v, r, s }) => ({
        functionName: "stakeWithPermit",
        args: [nodeIndex, wei, deadline, v, r, s],
      }),
      sentence: `Stake ${formatEther(wei)} MESH on node ${nodeIndex}${isOwn ? "" : ` of identity ${before.identityId}`}.`,
      after: () => [
        `Node ${nodeIndex} has ${formatEther(after)} MESH bonded, ${formatEther(before.bonded)} before.`,
        ...activation({ before: before.bonded, after, minimum }),
        "Stake leaves only to the operator's beneficiary, after the unbonding period.",
      ],
      preview: () => ({
        gets: [
          isOwn
            ? `Rewards for ${formatEther(wei)} MESH more.`
            : "Nothing: the stake and its rewards are the operator's.",
        ],
        unlocks: [`${durationText(unbondingPeriod)} after it is unbonded (stake unbond ${nodeIndex}).`],
        risks: [
          "Stake is slashed for signing two attestations of one epoch, for long downtime, and by what the DAO lets pass.",
          ...(isOwn ? [] : ["You cannot take it back: it leaves only to that operator's beneficiary."]),
        ],
        figures: {
          ...{ amount: meshFigure(wei), bondedAfter: meshFigure(after), minimum: meshFigure(minimum) },
          ...{ identityId: before.identityId, isOwn, unbondingSeconds: unbondingPeriod },
        },
      }),
    },
  );
}

/** What a new stake means for being active. */
function activation({ before, after, minimum }: Record<"before" | "after" | "minimum", bigint>): string[] {
  if (after < minimum) {
    return [
      `It stays inactive: ${formatEther(minimum - after)} MESH are missing to the minimum of ${formatEther(minimum)}.`,
    ];
  }
  return before < minimum ? ["It has the minimum stake now and is active two epochs later, unless it is jailed."] : [];
}

interface Receiver {
  nodeIndex: number;
  /** Identity given with `--operator`. */
  receiver: number | undefined;
  /** Identity to which the node belongs. */
  owner: number;
}

/** Whether the wallet stakes for itself. @throws CliError when it would stake for another without saying so. */
async function requireReceiver(session: WalletSession, { nodeIndex, receiver, owner }: Receiver): Promise<boolean> {
  const { address } = session.account;
  const request = { functionName: "isOperator", args: [nodeIndex, address] } as const;
  const isOwn = await session.client.readContract({ ...contractOf(session, "NodeRegistry"), ...request });
  if (receiver !== undefined && receiver !== owner) {
    throw new CliError(`node ${nodeIndex} belongs to identity ${owner}, not to ${receiver} as --operator says`);
  }
  if (isOwn || receiver === owner) return isOwn;
  const loss = `what you stake on it leaves only to that operator's beneficiary`;
  throw new CliError(
    `node ${nodeIndex} belongs to identity ${owner}, not to this wallet: ${loss}; say --operator ${owner} if you mean it`,
  );
}

async function unbond(nodeText: string, amount: string, options: WalletOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const wei = meshArgument(amount, { allowAll: true });
  const session = await openWalletSession(options);
  const [{ bonded }, period, now] = await Promise.all([
    readStake(session, nodeIndex),
    governed(session, "unbondingPeriod"),
    chainTime(session),
  ]);
  const taken = wei === maxUint256 ? bonded : wei;
  const free = now + period;
  await sendToStaking(
    session,
    { options, command },
    {
      functionName: "requestUnbond",
      args: [nodeIndex, wei],
      sentence: `Start to unbond ${formatEther(taken)} MESH of node ${nodeIndex}.`,
      after: (id) => [
        `Unbonding ${String(id)} holds ${formatEther(taken)} MESH; it can be withdrawn from about ${isoTime(free)} on.`,
        `Node ${nodeIndex} has ${formatEther(bonded - taken)} MESH bonded${bonded === taken ? " and goes inactive two epochs later" : ""}.`,
        "The unbonding amount stays slashable until it is withdrawn.",
      ],
      preview: () => ({
        gets: [`${formatEther(taken)} MESH for the operator's beneficiary, less what slashes take until then.`],
        unlocks: [momentText(free, now)],
        risks: [
          "It earns nothing from the next epoch on, and a proposed slash can hold it back for a while.",
          ...(bonded === taken ? ["The node goes inactive; its delegators earn nothing either."] : []),
        ],
        figures: { amount: meshFigure(taken), matures: timeFigure(free, now), bondedAfter: meshFigure(bonded - taken) },
      }),
    },
  );
}

async function cancel(nodeText: string, idText: string, options: WalletOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const unbondingId = naturalArgument("unbondingId", idText);
  const session = await openWalletSession(options);
  const { bonded, unbondings } = await readStake(session, nodeIndex);
  const amount = unbondings.find(({ id }) => id === unbondingId)?.amount ?? 0n;
  await sendToStaking(
    session,
    { options, command },
    {
      functionName: "cancelUnbond",
      args: [nodeIndex, unbondingId],
      sentence: `Bond unbonding ${unbondingId} of node ${nodeIndex} again.`,
      after: () => [`Node ${nodeIndex} has ${formatEther(bonded + amount)} MESH bonded.`],
    },
  );
}

async function withdraw(nodeText: string, options: WalletOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const session = await openWalletSession(options);
  await requireKnownNode(session, nodeIndex);
  await sendToStaking(
    session,
    { options, command },
    {
      functionName: "withdraw",
      args: [nodeIndex, MAX_WITHDRAWN],
      sentence: `Pay the matured unbondings of node ${nodeIndex}.`,
      after: (wei) => [`${formatEther(wei as bigint)} MESH are with the beneficiary of the node's operator.`],
    },
  );
}

async function deactivate(nodeText: string, options: WalletOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const session = await openWalletSession(options);
  await requireKnownNode(session, nodeIndex);
  await sendToStaking(
    session,
    { options, command },
    {
      functionName: "deactivateBelowMinimum",
      args: [nodeIndex],
      sentence: `Deactivate node ${nodeIndex}, whose stake is below the minimum.`,
      after: () => [`Node ${nodeIndex} is inactive two epochs later, until its stake reaches the minimum again.`],
    },
  );
}

async function sendToStaking(
  session: WalletSession,
  target: { options: WalletOptions; command: Command },
  plan: Omit<PlannedCall, "contract" | "abi">,
): Promise<void> {
  await runCall(session, { contract: "NodeStaking", abi: nodeStakingAbi, ...plan }, target);
}

async function showStake(nodeText: string, options: NetworkOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const { bonded, unbondings } = await readStake(await openNetwork(options), nodeIndex);
  const rows = unbondings.map(
    ({ id, amount, maturesAt }) => `unbonding ${id}: ${formatEther(amount)} MESH, free from ${isoTime(maturesAt)}`,
  );
  print(command, { nodeIndex, bonded, unbondings }, [`bonded ${formatEther(bonded)} MESH`, ...rows].join("\n"));
}

/** Stake of a node. @throws Error when the node does not exist. */
async function readStake(session: Session, nodeIndex: number) {
  await requireKnownNode(session, nodeIndex);
  const { network, client } = session;
  const registry = { address: network.contracts.NodeRegistry, abi: withErrors(nodeRegistryAbi) };
  const contract = {
    address: network.contracts.NodeStaking,
    abi: withErrors(nodeStakingAbi),
    args: [nodeIndex],
  } as const;
  const [bonded, unbondings, [identityId]] = await Promise.all([
    client.readContract({ ...contract, functionName: "stakeOf" }),
    client.readContract({ ...contract, functionName: "unbondingsOf" }),
    client.readContract({ ...registry, functionName: "ownershipOf", args: [nodeIndex] }),
  ]);
  return { bonded, unbondings, identityId };
}
