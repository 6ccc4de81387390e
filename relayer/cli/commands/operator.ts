import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { Command } from "commander";
import { type Hex, keccak256, zeroAddress, zeroHash } from "viem";
import { addressArgument, naturalArgument, readAttestationKeyFile, hashArgument } from "../arguments.ts";
import { type NetworkOptions, openNetwork, withErrors, withNetwork } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { print } from "../output.ts";
import { nodesOf } from "../own-nodes.ts";
import { requireKnownNode } from "../require-known-node.ts";
import { isoTime } from "../iso-time.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";
import { addOperatorChangeCommands } from "./operator-change.ts";

/** Epochs between a change in the registry and its effect. */
const EFFECT_DELAY = 2n;

/** Adds `pqmesh operator …`. */
export function addOperatorCommands(program: Command): void {
  const operator = withExample(
    program.command("operator").description("operators: an identity, its nodes, its wallets and who is paid"),
    "operator show 1",
  );

  withExample(
    withWallet(operator.command("register")),
    "operator register --root-key $(cat root.pub) --wallet owner.json --yes",
  )
    .description("register the wallet as an operator with an offline root key")
    .requiredOption("--root-key <hex>", "SLH-DSA-SHA2-128s public key, 32 bytes (key create --purpose root)")
    .option("--operator-wallet <address>", "hot wallet for daily work; default: the wallet itself")
    .option("--beneficiary <address>", "who is paid; default: the wallet itself")
    .action(registerOperator);

  withExample(
    withWallet(operator.command("register-node")),
    "operator register-node --key node.pub --wallet owner.json --yes",
  )
    .description("register a node with its public attestation key")
    .requiredOption("--key <file>", "public key as hex (key create --purpose attestation --public-out FILE)")
    .action(registerNode);

  withExample(withWallet(operator.command("exit-node")), "operator exit-node 3 --wallet owner.json --yes")
    .description("end a node for good; it stays active for this and the next epoch")
    .argument("<nodeIndex>", "index of the node")
    .action(exitNode);

  withExample(withNetwork(operator.command("show")), "operator show 1 --json")
    .description("print an operator and the changes that are pending")
    .argument("<identityId>", "identity of the operator")
    .action(showOperator);

  addOperatorChangeCommands(operator);
}

interface RegisterOptions extends WalletOptions {
  rootKey: string;
  operatorWallet?: string;
  beneficiary?: string;
}

async function registerOperator(options: RegisterOptions, command: Command): Promise<void> {
  const rootKey = hashArgument("--root-key", options.rootKey);
  const hot = addressArgument("--operator-wallet", options.operatorWallet ?? zeroAddress);
  const paid = addressArgument("--beneficiary", options.beneficiary ?? zeroAddress);
  const session = await openWalletSession(options);
  const { address } = session.account;
  await runCall(
    session,
    {
      ...{ contract: "NodeRegistry", abi: nodeRegistryAbi, functionName: "registerOperator" },
      args: [hot, paid, rootKey],
      sentence: "Register this wallet as an operator.",
      after: (identity) => [
        `Identity ${String(identity)} belongs to ${address}.`,
        `Its hot wallet is ${hot === zeroAddress ? address : hot}, its beneficiary ${paid === zeroAddress ? address : paid}.`,
        `Its root key is ${rootKey}.`,
      ],
    },
    { options, command },
  );
}

async function registerNode(options: WalletOptions & { key: string }, command: Command): Promise<void> {
  const key = readAttestationKeyFile(options.key);
  const session = await openWalletSession(options);
  await runCall(
    session,
    {
      ...{ contract: "NodeRegistry", abi: nodeRegistryAbi, functionName: "registerNode" },
      args: [key, zeroHash],
      sentence: "Register a node with this attestation key.",
      after: (nodeIndex) => [
        `Node ${String(nodeIndex)} belongs to the wallet's identity; the hash of its key is ${keccak256(key)}.`,
        "It is not active before it has the minimum stake (stake add), and then two epochs later.",
      ],
    },
    { options, command },
  );
}

async function exitNode(nodeText: string, options: WalletOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const session = await openWalletSession(options);
  await requireKnownNode(session, nodeIndex);
  const epoch = await session.client.readContract({
    address: session.network.contracts.NodeRegistry,
    abi: nodeRegistryAbi,
    functionName: "currentEpoch",
  });
  await runCall(
    session,
    {
      ...{ contract: "NodeRegistry", abi: nodeRegistryAbi, functionName: "exitNode" },
      args: [nodeIndex],
      sentence: `End node ${nodeIndex} for good.`,
      after: () => [
        `Node ${nodeIndex} is inactive from epoch ${epoch + EFFECT_DELAY} on (or one later) and can never return.`,
        "Its stake stays bonded until it is unbonded (stake unbond).",
      ],
    },
    { options, command },
  );
}

async function showOperator(identityText: string, options: NetworkOptions, command: Command): Promise<void> {
  const identityId = naturalArgument("identityId", identityText);
  const session = await openNetwork(options);
  const { network, client } = session;
  const registry = { address: network.contracts.NodeRegistry, abi: withErrors(nodeRegistryAbi) };
  const [operator, [nextOwner, nextBeneficiary], { locked }, indices] = await Promise.all([
    client.readContract({ ...registry, functionName: "operatorOf", args: [identityId] }),
    client.readContract({ ...registry, functionName: "pendingChanges", args: [identityId] }),
    client.readContract({ ...registry, functionName: "quantumLockOf", args: [identityId] }),
    nodesOf(session, identityId),
  ]);
  const nodes = await Promise.all(
    indices.map(async (nodeIndex) => {
      const { keyHash, exited } = await client.readContract({ ...registry, functionName: "nodeOf", args: [nodeIndex] });
      return { nodeIndex, keyHash, exited };
    }),
  );
  const pending = { owner: pendingOf(nextOwner), beneficiary: pendingOf(nextBeneficiary) };
  const { owner, operatorWallet, beneficiary, rootKey } = operator;
  const rows = [
    `owner           ${owner}`,
    `operator wallet ${operatorWallet}`,
    `beneficiary     ${beneficiary}`,
    `root key        ${rootKey}${locked ? ", quantum-locked: only this key moves stake, owner and beneficiary" : ""}`,
    ...nodes.map(({ nodeIndex, keyHash, exited }) => {
      return `node ${String(nodeIndex).padEnd(10)} attestation key ${keyHash}${exited ? ", exited" : ""}`;
    }),
    ...Object.entries(pending).flatMap(([what, change]) =>
      change ? [`next ${what.padEnd(10)} ${change.next} from ${change.readyAtIso}`] : [],
    ),
  ];
  print(command, { identityId, ...operator, locked, nodes, pending }, rows.join("\n"));
}

function pendingOf({ next, readyAt }: { next: Hex; readyAt: bigint }) {
  if (readyAt === 0n) return null;
  return { next, readyAt, readyAtIso: isoTime(readyAt) };
}
