import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import { type CheckResult, verifyAttestation } from "@pqmesh/contracts/protocol/verify-attestation";
import type { Command } from "commander";
import { type Hex, zeroHash } from "viem";
import { EXIT_CODES } from "../../src/service/exit-codes.ts";
import { naturalArgument } from "../arguments.ts";
import { readAttestationClaim } from "../attestation-claim.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { CliError, print, usageError } from "../output.ts";
import { requireKnownNode } from "../require-known-node.ts";

/** Adds `pqmesh attestation …`. */
export function addAttestationCommands(program: Command): void {
  const attestation = withExample(
    program.command("attestation").description("attestations of nodes"),
    "attestation verify 3 1200",
  );

  withExample(withNetwork(attestation.command("verify")), "attestation verify 3 1200 --json")
    .description(
      "fetch an attestation from a relayer and check every step against the chain; exit code 3 when one fails",
    )
    .argument("<nodeIndex>", "index of the node")
    .argument("<epoch>", "epoch of the attestation")
    .option("--relayer <url>", "read API to ask; default: the first of network.json that answers")
    .action(verify);
}

async function verify(
  nodeText: string,
  epochText: string,
  options: NetworkOptions & { relayer?: string },
  command: Command,
): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const epoch = BigInt(naturalArgument("epoch", epochText));
  if (options.relayer !== undefined && !URL.canParse(options.relayer)) throw usageError("--relayer must be a URL");
  const session = await openNetwork(options);
  const { network, client } = session;
  await requireKnownNode(session, nodeIndex);
  await requireReported(session, { nodeIndex, epoch });
  const urls = options.relayer === undefined ? network.relayers.map(({ url }) => url) : [options.relayer];
  const { claim, publicKey, url } = await readAttestationClaim(urls, { nodeIndex, epoch });
  const keyHash = await keyHashAt(session, { nodeIndex, epoch });
  const checks = await verifyAttestation(claim, {
    domain: { chainId: network.chainId, bridge: network.contracts.AttestationBridge },
    client,
    key: { publicKey, keyHash },
    asked: { nodeIndex, epoch },
  });
  const holds = checks.every((check) => check.holds);
  print(command, { nodeIndex, epoch, relayer: url, holds, checks }, describe(checks, holds));
  if (!holds) process.exitCode = EXIT_CODES.refuted;
}

function describe(checks: CheckResult[], holds: boolean): string {
  const rows = checks.map((check) => `${check.holds ? "✓" : "✗"} ${check.name.padEnd(10)} ${check.sentence}`);
  return [...rows, holds ? "Everything holds." : "At least one check fails: do not rely on this attestation."].join(
    "\n",
  );
}

/** @throws CliError that says how far the chain is, when it has no report that could prove anything of the epoch. */
async function requireReported(
  { network, client }: Session,
  { nodeIndex, epoch }: { nodeIndex: number; epoch: bigint },
): Promise<void> {
  const bridge = { address: network.contracts.AttestationBridge, abi: attestationBridgeAbi };
  const shard = shardOf(nodeIndex);
  const [commitment, next] = await Promise.all([
    client.readContract({ ...bridge, functionName: "reportCommitment", args: [shard, epoch] }),
    client.readContract({ ...bridge, functionName: "nextEpoch", args: [shard] }),
  ]);
  if (commitment !== zeroHash) return;
  throw new CliError(
    `no report of epoch ${epoch} and shard ${shard} is on the chain; epoch ${next} is the next to be reported`,
  );
}

async function keyHashAt(
  { network, client }: Session,
  { nodeIndex, epoch }: { nodeIndex: number; epoch: bigint },
): Promise<Hex> {
  const keyHash = await client.readContract({
    address: network.contracts.NodeRegistry,
    abi: nodeRegistryAbi,
    functionName: "keyHashAt",
    args: [nodeIndex, epoch],
  });
  if (keyHash === zeroHash) throw new CliError(`node ${nodeIndex} has no key in epoch ${epoch}`);
  return keyHash;
}
