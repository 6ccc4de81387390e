import {
  atLeast,
  DEFAULT_SLIPPAGE_BP,
  sharesForDown,
  sharesForUp,
  worthOf,
} from "@pqmesh/contracts/protocol/share-price";
import type { Command } from "commander";
import { formatEther, maxUint256 } from "viem";
import { balanceOf } from "../allowance.ts";
import { meshArgument, naturalArgument, percentArgument } from "../arguments.ts";
import { ABIS } from "../contracts.ts";
import { delegationRisks, type NodePool, poolShareText, readNodePool, unbondingPreview } from "../delegation-pool.ts";
import { meshFigure, meshText, momentText, percentText, timeFigure } from "../figures.ts";
import { withExample } from "../help.ts";
import { CliError } from "../output.ts";
import { openWalletSession, type Preview, runCall, type WalletOptions, withWallet } from "../transaction.ts";

const FULL_BP = 10_000n;

interface DelegateOptions extends WalletOptions {
  slippage: string;
}

/** Adds `pqmesh delegate` and `pqmesh undelegate`. */
export function addDelegateCommands(program: Command): void {
  withExample(
    withSlippage(withWallet(program.command("delegate"))),
    "delegate 3 500 --wallet holder.json --dry-run",
    "delegate 3 max --wallet holder.json --yes",
  )
    .description("delegate MESH to a node in one transaction: you share what it earns and what it is slashed")
    .argument("<nodeIndex>", "index of the node")
    .argument("<amount>", 'MESH, for example 500 or "0.5 MESH", or "max": all that the wallet has')
    .action(delegate);

  withExample(
    withSlippage(withWallet(program.command("undelegate"))),
    "undelegate 3 100 --wallet holder.json --dry-run",
    "undelegate 3 all --wallet holder.json --yes",
  )
    .description("start to unbond what you delegated to a node")
    .argument("<nodeIndex>", "index of the node")
    .argument("<amount>", 'MESH, or "all"')
    .action(undelegate);
}

function withSlippage(command: Command): Command {
  const usual = String(DEFAULT_SLIPPAGE_BP / 100);
  return command.option("--slippage <percent>", "how much worse the price may be when the call is mined", usual);
}

async function delegate(nodeText: string, amount: string, options: DelegateOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const asked = meshArgument(amount, { allowAll: true });
  const slippageBp = percentArgument("--slippage", options.slippage);
  const session = await openWalletSession(options);
  const wei = asked === maxUint256 ? await balanceOf(session) : asked;
  const pool = await readNodePool(session, nodeIndex, session.account.address);
  const args = [nodeIndex, wei, atLeast(sharesForDown(wei, pool), slippageBp)] as const;
  await runCall(
    session,
    {
      ...{ contract: "NodeDelegation", abi: ABIS.NodeDelegation, functionName: "delegate", args, takes: wei },
      withPermit: (permit) => ({ functionName: "delegateWithPermit", args: [...args, permit] }),
      sentence: `Delegate ${formatEther(wei)} MESH to node ${nodeIndex}.`,
      after: () => [
        `You have ${meshText(pool.own.amount + wei)} at node ${nodeIndex}, ${meshText(pool.own.amount)} before.`,
        "It counts for rewards from the next epoch on.",
      ],
      preview: (shares) => delegatePreview(pool, { wei, shares: shares as bigint }),
    },
    { options, command },
  );
}

function delegatePreview(pool: NodePool, { wei, shares }: { wei: bigint; shares: bigint }): Preview {
  const after = { assets: pool.assets + wei, shares: pool.shares + shares };
  const owned = pool.own.shares + shares;
  const bp = after.shares === 0n ? 0n : (owned * FULL_BP) / after.shares;
  return {
    gets: [
      `${meshText(worthOf(shares, after))} worth of the node's pool (${shares} shares).`,
      `${poolShareText(bp)} of what its delegators earn, after a commission of ${percentText(pool.commission.bp)}.`,
    ],
    unlocks: [unbondingPreview(pool)],
    risks: delegationRisks(pool),
    figures: {
      ...{ amount: meshFigure(wei), shares, poolShareBp: bp, commissionBp: pool.commission.bp },
      ...{ unbondingSeconds: pool.unbondingPeriod, unbondingDays: Number(pool.unbondingPeriod) / 86_400 },
    },
  };
}

async function undelegate(nodeText: string, amount: string, options: DelegateOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const asked = meshArgument(amount, { allowAll: true });
  const slippageBp = percentArgument("--slippage", options.slippage);
  const session = await openWalletSession(options);
  const pool = await readNodePool(session, nodeIndex, session.account.address);
  const { own } = pool;
  if (own.shares === 0n) {
    throw new CliError(`wallet ${session.account.address} has nothing delegated to node ${nodeIndex}`);
  }
  const isAll = asked === maxUint256;
  if (!isAll && asked > own.amount) {
    throw new CliError(
      `${formatEther(asked)} MESH were asked for, ${formatEther(own.amount)} are delegated; say "all"`,
    );
  }
  const shares = isAll ? maxUint256 : sharesFor(asked, pool);
  const worth = isAll ? own.amount : asked;
  const maturesAt = pool.now + pool.unbondingPeriod;
  await runCall(
    session,
    {
      ...{ contract: "NodeDelegation", abi: ABIS.NodeDelegation, functionName: "undelegate" },
      args: [nodeIndex, shares, atLeast(worth, slippageBp)],
      sentence: `Start to unbond ${meshText(worth)} delegated to node ${nodeIndex}.`,
      after: (id) => [
        `Unbonding ${String(id)} holds ${meshText(worth)}; it earns nothing any more.`,
        `${meshText(own.amount - worth)} stay delegated to node ${nodeIndex}.`,
        `It is paid to this wallet by "delegation withdraw ${nodeIndex}"; until then "delegation cancel ${nodeIndex} ${String(id)}" delegates it again.`,
      ],
      preview: () => ({
        gets: [`${meshText(worth)}, less what slashes take until it is withdrawn.`],
        unlocks: [momentText(maturesAt, pool.now)],
        risks: [
          "What is unbonding stays slashable, and a proposed slash can hold it back for a while.",
          `Rewards that were not claimed yet are not in it: "rewards claim --node ${nodeIndex}" first, anyone may.`,
        ],
        figures: { amount: meshFigure(worth), matures: timeFigure(maturesAt, pool.now) },
      }),
    },
    { options, command },
  );
}

/** Shares that are worth an amount, rounded up, at most all that the wallet has. */
function sharesFor(wei: bigint, pool: NodePool): bigint {
  const shares = sharesForUp(wei, pool);
  return shares < pool.own.shares ? shares : pool.own.shares;
}
