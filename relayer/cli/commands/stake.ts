import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import type { Command } from "commander";
import { formatEther, parseEther } from "viem";
import {
  describeCalls,
  openNetwork,
  openWallet,
  type PlannedCall,
  runCalls,
  type WalletOptions,
  withErrors,
  withNetwork,
  withWallet,
} from "../chain-session.ts";
import { CliError, EXIT_CODES, print } from "../output.ts";
import { naturalArgument } from "./operator.ts";

/** Adds `pqmesh stake …`. */
export function addStakeCommands(program: Command): void {
  const stake = program.command("stake").description("stake of nodes, in MESH");

  withWallet(stake.command("add"))
    .description("add stake to a node; anyone may")
    .argument("<nodeIndex>", "index of the node")
    .argument("<amount>", "MESH, for example 20000 or 0.5")
    .action(addStake);

  withWallet(stake.command("unbond"))
    .description("start to unbond stake of a node")
    .argument("<nodeIndex>", "index of the node")
    .argument("<amount>", "MESH")
    .action(unbond);

  withWallet(stake.command("cancel"))
    .description("bond an unbonding amount again")
    .argument("<nodeIndex>", "index of the node")
    .argument("<unbondingId>", "number of the unbonding (stake show)")
    .action(cancel);

  withWallet(stake.command("withdraw"))
    .description("pay matured unbondings to the operator's beneficiary")
    .argument("<nodeIndex>", "index of the node")
    .action(withdraw);

  withNetwork(stake.command("show"))
    .description("print stake and unbondings of a node")
    .argument("<nodeIndex>", "index of the node")
    .action(showStake);
}

async function addStake(nodeIndex: string, amount: string, options: WalletOptions, command: Command): Promise<void> {
  const { network, client } = await openNetwork(options);
  const { MeshToken, NodeStaking } = network.contracts;
  const wei = meshArgument(amount);
  const account = await openWallet(options.wallet);
  const allowance = await client.readContract({
    address: MeshToken,
    abi: meshTokenAbi,
    functionName: "allowance",
    args: [account.address, NodeStaking],
  });
  const approve: PlannedCall = {
    address: MeshToken,
    abi: withErrors(meshTokenAbi),
    functionName: "approve",
    args: [NodeStaking, wei],
    sentence: `Let the staking contract take ${formatEther(wei)} MESH.`,
  };
  const add = stakingCall(NodeStaking, {
    functionName: "stake",
    args: [naturalArgument("nodeIndex", nodeIndex), wei],
    sentence: `Stake ${formatEther(wei)} MESH on node ${nodeIndex}. It can leave only to the operator's beneficiary, after the unbonding period.`,
  });
  const outcome = await runCalls(options, { client, network, calls: allowance >= wei ? [add] : [approve, add] });
  print(command, outcome, describeCalls(outcome));
}

async function unbond(nodeIndex: string, amount: string, options: WalletOptions, command: Command): Promise<void> {
  const wei = meshArgument(amount);
  await sendToStaking(options, command, {
    functionName: "requestUnbond",
    args: [naturalArgument("nodeIndex", nodeIndex), wei],
    sentence: `Start to unbond ${formatEther(wei)} MESH of node ${nodeIndex}; it stays slashable until it is withdrawn.`,
  });
}

async function cancel(nodeIndex: string, unbondingId: string, options: WalletOptions, command: Command): Promise<void> {
  await sendToStaking(options, command, {
    functionName: "cancelUnbond",
    args: [naturalArgument("nodeIndex", nodeIndex), naturalArgument("unbondingId", unbondingId)],
    sentence: `Bond unbonding ${unbondingId} of node ${nodeIndex} again.`,
  });
}

async function withdraw(nodeIndex: string, options: WalletOptions, command: Command): Promise<void> {
  await sendToStaking(options, command, {
    functionName: "withdraw",
    args: [naturalArgument("nodeIndex", nodeIndex), 32n],
    sentence: `Pay the matured unbondings of node ${nodeIndex} to its operator's beneficiary.`,
  });
}

async function sendToStaking(
  options: WalletOptions,
  command: Command,
  call: { functionName: string; args: readonly unknown[]; sentence: string },
): Promise<void> {
  const { network, client } = await openNetwork(options);
  const outcome = await runCalls(options, {
    client,
    network,
    calls: [stakingCall(network.contracts.NodeStaking, call)],
  });
  print(command, outcome, describeCalls(outcome));
}

function stakingCall(
  address: PlannedCall["address"],
  call: { functionName: string; args: readonly unknown[]; sentence: string },
): PlannedCall {
  return { address, abi: withErrors(nodeStakingAbi), ...call };
}

async function showStake(nodeIndex: string, options: WalletOptions, command: Command): Promise<void> {
  const { network, client } = await openNetwork(options);
  const args = [naturalArgument("nodeIndex", nodeIndex)] as const;
  const contract = { address: network.contracts.NodeStaking, abi: nodeStakingAbi };
  const [bonded, unbondings] = await Promise.all([
    client.readContract({ ...contract, functionName: "stakeOf", args }),
    client.readContract({ ...contract, functionName: "unbondingsOf", args }),
  ]);
  const rows = unbondings.map(
    ({ id, amount, maturesAt }) =>
      `unbonding ${id}: ${formatEther(amount)} MESH, free from ${new Date(Number(maturesAt) * 1000).toISOString()}`,
  );
  print(
    command,
    { nodeIndex: args[0], bonded, unbondings },
    [`bonded ${formatEther(bonded)} MESH`, ...rows].join("\n"),
  );
}

function meshArgument(text: string): bigint {
  if (!/^[0-9]+(\.[0-9]{1,18})?$/.test(text)) {
    throw new CliError(`amount is "${text}", it must be a number of MESH with at most 18 decimals`, EXIT_CODES.usage);
  }
  return parseEther(text);
}
