import { readFileSync } from "node:fs";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { Command } from "commander";
import { type Hex, isHex, zeroAddress, zeroHash } from "viem";
import {
  describeCalls,
  openNetwork,
  runCalls,
  type WalletOptions,
  withErrors,
  withNetwork,
  withWallet,
} from "../chain-session.ts";
import { CliError, EXIT_CODES, print } from "../output.ts";

/** Adds `pqmesh operator …`. */
export function addOperatorCommands(program: Command): void {
  const operator = program.command("operator").description("operators: register an identity and its nodes");

  withWallet(operator.command("register"))
    .description("register the wallet as an operator with an offline root key")
    .requiredOption("--root-key <hex>", "SLH-DSA-SHA2-128s public key, 32 bytes (key create --for root)")
    .action(registerOperator);

  withWallet(operator.command("register-node"))
    .description("register a node with its public attestation key")
    .requiredOption("--key <file>", "public key as hex (key create --for attestation --public-out FILE)")
    .action(registerNode);

  withWallet(operator.command("exit-node"))
    .description("end a node for good; it stays active for this and the next epoch")
    .argument("<nodeIndex>", "index of the node")
    .action(exitNode);

  withNetwork(operator.command("show"))
    .description("print an operator")
    .argument("<identityId>", "identity of the operator")
    .action(showOperator);
}

async function registerOperator(options: WalletOptions & { rootKey: string }, command: Command): Promise<void> {
  if (!isHex(options.rootKey) || options.rootKey.length !== 66) {
    throw new CliError("--root-key must be 32 bytes in hex, 0x and 64 digits", EXIT_CODES.usage);
  }
  await sendToRegistry(options, command, {
    functionName: "registerOperator",
    args: [zeroAddress, zeroAddress, options.rootKey],
    sentence: "Register this wallet as an operator; it is owner, hot wallet and beneficiary.",
  });
}

async function registerNode(options: WalletOptions & { key: string }, command: Command): Promise<void> {
  const key = readFileSync(options.key, "utf8").trim() as Hex;
  if (!isHex(key) || key.length !== 2 + 2 * 1952) {
    throw new CliError(
      `${options.key} must hold 1,952 bytes in hex (ML-DSA-65), it has ${Math.max(0, (key.length - 2) / 2)}`,
      EXIT_CODES.usage,
    );
  }
  await sendToRegistry(options, command, {
    functionName: "registerNode",
    args: [key, zeroHash],
    sentence: "Register a node with this attestation key. Stake it to make it active two epochs later.",
  });
}

async function exitNode(nodeIndex: string, options: WalletOptions, command: Command): Promise<void> {
  await sendToRegistry(options, command, {
    functionName: "exitNode",
    args: [naturalArgument("nodeIndex", nodeIndex)],
    sentence: `End node ${nodeIndex} for good. Its stake can then be unbonded in full.`,
  });
}

async function sendToRegistry(
  options: WalletOptions,
  command: Command,
  call: { functionName: string; args: readonly unknown[]; sentence: string },
): Promise<void> {
  const { network, client } = await openNetwork(options);
  const planned = { address: network.contracts.NodeRegistry, abi: withErrors(nodeRegistryAbi), ...call };
  const outcome = await runCalls(options, { client, network, calls: [planned] });
  print(command, outcome, describeCalls(outcome));
}

async function showOperator(identityId: string, options: WalletOptions, command: Command): Promise<void> {
  const { network, client } = await openNetwork(options);
  const id = naturalArgument("identityId", identityId);
  const operator = await client.readContract({
    address: network.contracts.NodeRegistry,
    abi: withErrors(nodeRegistryAbi) as typeof nodeRegistryAbi,
    functionName: "operatorOf",
    args: [id],
  });
  const { owner, operatorWallet, beneficiary, rootKey } = operator;
  const rows = [
    `owner           ${owner}`,
    `operator wallet ${operatorWallet}`,
    `beneficiary     ${beneficiary}`,
    `root key        ${rootKey}`,
  ];
  print(command, { identityId: id, ...operator }, rows.join("\n"));
}

/** Reads a whole number from the command line. */
export function naturalArgument(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new CliError(`${name} is "${text}", it must be a whole number from 0 to 4294967295`, EXIT_CODES.usage);
  }
  return value;
}
