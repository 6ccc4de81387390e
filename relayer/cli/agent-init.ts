import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Command } from "commander";
import { keccak256 } from "viem";
import { agentConfigSchema } from "../src/agent/config.ts";
import { readKeystore } from "../src/keystore/keystore.ts";
import type { KeyPurpose } from "../src/keystore/key-kinds.ts";
import { formatSpiffe, parseSpiffe } from "../src/pki/spiffe.ts";
import { addressArgument, naturalArgument, readTextFile } from "./arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withErrors } from "./chain-session.ts";
import { writeNewFile } from "./new-file.ts";
import { print, usageError } from "./output.ts";
import { requireKnownNode } from "./require-known-node.ts";

/** Options of `pqmesh agent init`. */
export interface AgentInitOptions extends NetworkOptions {
  node: string;
  attestation: string;
  tls: string;
  cert: string;
  ca: string;
  passwordFile?: string;
  relayer?: string[];
  listen: string;
  out: string;
}

/** Where an agent speaks to a relayer. */
interface Target {
  address: string;
  host: string;
  port: number;
}

const HOST_AND_PORT = /^(\[[0-9a-f:]+\]|[\w.-]+):(\d{1,5})$/i;

/**
 * Writes the configuration of an agent after checking its keys and its certificate against the chain.
 *
 * @throws CliError when the node does not exist, a file is for something else, or the node is registered with another key.
 */
export async function initAgent(options: AgentInitOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("--node", options.node);
  if (existsSync(options.out)) throw usageError(`${options.out} exists already and is not overwritten`);
  const session = await openNetwork(options);
  await requireKnownNode(session, nodeIndex);
  await requireRegisteredKey(session, nodeIndex, options.attestation);
  await requirePurpose(options.tls, "tls");
  requireCertificate(options.cert, { nodeIndex, trustDomain: session.network.trustDomain });
  readTextFile(options.ca);
  const config = configOf(options, session.network, nodeIndex);
  const { error } = agentConfigSchema.safeParse(config);
  if (error) throw usageError(`the configuration would be wrong: ${error.issues[0]?.message}`);
  writeNewFile(options.out, `${JSON.stringify(config, null, 2)}\n`);
  const next = `npx pqmesh agent run --config ${options.out}`;
  const rows = [`${options.out}: agent of node ${nodeIndex}, ${config.relayers.length} relayers`, `Next: ${next}`];
  print(command, { file: options.out, nodeIndex, relayers: config.relayers, next }, rows.join("\n"));
}

function configOf(options: AgentInitOptions, network: NetworkConfig, nodeIndex: number) {
  const folder = path.dirname(path.resolve(options.out));
  const beside = (file: string): string => path.relative(folder, path.resolve(file));
  const { host, port } = hostAndPort("--listen", options.listen);
  return {
    dataDir: `agent-${nodeIndex}`,
    network: beside(options.network),
    rpcUrls: [network.rpcUrl],
    nodeIndex,
    ...(options.passwordFile !== undefined && { passwordFile: beside(options.passwordFile) }),
    attestationKeystore: beside(options.attestation),
    tls: { keystore: beside(options.tls), cert: beside(options.cert), ca: [beside(options.ca)] },
    relayers: options.relayer ? options.relayer.map(targetArgument) : targetsOf(network, options.network),
    heartbeatMs: Math.min(3_000, Math.max(500, network.epoch.lengthSeconds * 250)),
    listen: { host, port },
  };
}

function targetsOf({ relayers }: NetworkConfig, file: string): Target[] {
  return relayers.map(({ address, session }, i) => {
    if (session !== undefined) return { address, ...hostAndPort(`relayers[${i}].session of ${file}`, session) };
    throw usageError(
      `${file} does not say where relayer ${address} takes agents: name it with --relayer ADDRESS@HOST:PORT`,
    );
  });
}

function targetArgument(text: string): Target {
  const [address = "", place = ""] = text.split("@");
  return { address: addressArgument("--relayer", address), ...hostAndPort("--relayer", place) };
}

function hostAndPort(name: string, text: string): { host: string; port: number } {
  const [, host, port] = HOST_AND_PORT.exec(text) ?? [];
  if (host && Number(port) >= 1 && Number(port) <= 65_535)
    return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
  throw usageError(`${name} must name a host and a port from 1 to 65535, for example 127.0.0.1:9300`);
}

async function requirePurpose(file: string, purpose: KeyPurpose): Promise<`0x${string}`> {
  const keystore = await readKeystore(file);
  if (keystore.purpose === purpose) return `0x${keystore.publicKey}`;
  throw usageError(`${file} holds a key for ${keystore.purpose}, not for ${purpose}`);
}

async function requireRegisteredKey({ network, client }: Session, nodeIndex: number, file: string): Promise<void> {
  const held = keccak256(await requirePurpose(file, "attestation"));
  const { keyHash } = await client.readContract({
    address: network.contracts.NodeRegistry,
    abi: withErrors(nodeRegistryAbi),
    functionName: "nodeOf",
    args: [nodeIndex],
  });
  if (keyHash === held) return;
  throw usageError(`${file} holds key ${held}, but node ${nodeIndex} is registered with ${keyHash}`);
}

function requireCertificate(file: string, node: { nodeIndex: number; trustDomain: string }): void {
  const name = spiffeNameOf(file);
  if (name.kind === "node" && name.nodeIndex === node.nodeIndex && name.trustDomain === node.trustDomain) return;
  const named = formatSpiffe(name).split("/").slice(-2).join(" ");
  throw usageError(`${file} names ${named} of ${name.trustDomain}, not node ${node.nodeIndex} of ${node.trustDomain}`);
}

function spiffeNameOf(file: string): ReturnType<typeof parseSpiffe> {
  try {
    const { subjectAltName = "" } = new X509Certificate(readTextFile(file));
    return parseSpiffe(/URI:(spiffe:[^,]*)/.exec(subjectAltName)?.[1] ?? "");
  } catch (cause) {
    throw usageError(`${file} is no certificate of a node`, cause);
  }
}
