import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import type { Command } from "commander";
import { formatEther, maxUint256, parseSignature } from "viem";
import { meshArgument, naturalArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withErrors, withNetwork } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { CliError, print } from "../output.ts";
import { isoTime, timeAfter } from "../time-after.ts";
import {
  openWalletSession,
  type PlannedCall,
  runCall,
  type WalletOptions,
  type WalletSession,
  withWallet,
} from "../transaction.ts";

/** Life of a permit for the staking contract. */
const PERMIT_SECONDS = 3_600n;
/** Unbondings paid in one transaction: the most that a node may ever have. */
const MAX_WITHDRAWN = 64n;

/** Adds `pqmesh stake …`. */
export function addStakeCommands(program: Command): void {
  const stake = withExample(program.command("stake").description("stake of nodes, in MESH"), "stake show 3");

  withExample(withWallet(stake.command("add")), "stake add 3 20000 --wallet owner.json --yes")
    .description("add stake to a node in one transaction; anyone may")
    .argument("<nodeIndex>", "index of the node")
    .argument("<amount>", "MESH, for example 20000 or 0.5")
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

async function addStake(nodeText: string, amount: string, options: WalletOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const wei = meshArgument(amount);
  const session = await openWalletSession(options);
  const before = await readStake(session, nodeIndex);
  const { functionName, args } = await stakeCall(session, nodeIndex, wei);
  await sendToStaking(
    session,
    { options, command },
    {
      ...{ functionName, args },
      sentence: `Stake ${formatEther(wei)} MESH on node ${nodeIndex}.`,
      after: () => [
        `Node ${nodeIndex} has ${formatEther(before.bonded + wei)} MESH bonded, ${formatEther(before.bonded)} before.`,
        "At the minimum stake or above, the node is active two epochs later.",
        "Stake leaves only to the operator's beneficiary, after the unbonding period.",
      ],
    },
  );
}

/** One call that stakes: plain when the contract may already take the amount, otherwise with a permit. */
async function stakeCall(
  session: WalletSession,
  nodeIndex: number,
  wei: bigint,
): Promise<Pick<PlannedCall, "functionName" | "args">> {
  const { client, account, network } = session;
  const token = { address: network.contracts.MeshToken, abi: withErrors(meshTokenAbi) };
  const spender = network.contracts.NodeStaking;
  const [balance, allowance] = await Promise.all([
    client.readContract({ ...token, functionName: "balanceOf", args: [account.address] }),
    client.readContract({ ...token, functionName: "allowance", args: [account.address, spender] }),
  ]);
  if (balance < wei) {
    const [has, needs] = [formatEther(balance), formatEther(wei)];
    throw new CliError(`wallet ${account.address} holds ${has} MESH, ${needs} are needed`);
  }
  if (allowance >= wei) return { functionName: "stake", args: [nodeIndex, wei] };
  const { timestamp } = await client.getBlock();
  const deadline = timestamp + PERMIT_SECONDS;
  const { r, s, yParity } = parseSignature(await signPermit(session, { wei, deadline }));
  return { functionName: "stakeWithPermit", args: [nodeIndex, wei, deadline, 27 + yParity, r, s] };
}

/** Signs an ERC-2612 permit that lets the staking contract take the amount, and no more. */
async function signPermit(
  { client, account, network }: WalletSession,
  { wei, deadline }: { wei: bigint; deadline: bigint },
) {
  const token = { address: network.contracts.MeshToken, abi: withErrors(meshTokenAbi) };
  const [nonce, [, name, version]] = await Promise.all([
    client.readContract({ ...token, functionName: "nonces", args: [account.address] }),
    client.readContract({ ...token, functionName: "eip712Domain" }),
  ]);
  return account.signTypedData({
    domain: { name, version, chainId: network.chainId, verifyingContract: token.address },
    types: {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "Permit",
    message: { owner: account.address, spender: network.contracts.NodeStaking, value: wei, nonce, deadline },
  });
}

async function unbond(nodeText: string, amount: string, options: WalletOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const wei = meshArgument(amount, { allowAll: true });
  const session = await openWalletSession(options);
  const [{ bonded }, free] = await Promise.all([readStake(session, nodeIndex), timeAfter(session, "unbondingPeriod")]);
  const taken = wei === maxUint256 ? bonded : wei;
  await sendToStaking(
    session,
    { options, command },
    {
      functionName: "requestUnbond",
      args: [nodeIndex, wei],
      sentence: `Start to unbond ${formatEther(taken)} MESH of node ${nodeIndex}.`,
      after: (id) => [
        `Unbonding ${String(id)} holds ${formatEther(taken)} MESH; it can be withdrawn from about ${free} on.`,
        `Node ${nodeIndex} has ${formatEther(bonded - taken)} MESH bonded${bonded === taken ? " and goes inactive two epochs later" : ""}.`,
        "The unbonding amount stays slashable until it is withdrawn.",
      ],
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
async function readStake({ network, client }: Session, nodeIndex: number) {
  const registry = { address: network.contracts.NodeRegistry, abi: withErrors(nodeRegistryAbi) };
  const contract = {
    address: network.contracts.NodeStaking,
    abi: withErrors(nodeStakingAbi),
    args: [nodeIndex],
  } as const;
  const [bonded, unbondings] = await Promise.all([
    client.readContract({ ...contract, functionName: "stakeOf" }),
    client.readContract({ ...contract, functionName: "unbondingsOf" }),
    client.readContract({ ...registry, functionName: "ownershipOf", args: [nodeIndex] }),
  ]);
  return { bonded, unbondings };
}
