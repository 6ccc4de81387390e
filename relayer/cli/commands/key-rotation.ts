import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { Command } from "commander";
import { type Hex, keccak256 } from "viem";
import { naturalArgument, readAttestationKeyFile } from "../arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withErrors, withNetwork } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { writeNewFile } from "../new-file.ts";
import { CliError, print, refuted } from "../output.ts";
import { deadlineOf, type RequestOptions, withRequest } from "../request-options.ts";
import {
  describeRotation,
  digestOf,
  readSignedRotation,
  type RotationRequest,
  rotationSummary,
} from "../rotation-request.ts";
import { requireKnownNode } from "../require-known-node.ts";
import { requireInTime, requireSameNetwork } from "../signed-statement.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

/** Epochs between a rotation and its effect. */
const EFFECT_DELAY = 2n;

/** Adds `pqmesh key rotate …`. */
export function addKeyRotationCommands(key: Command): void {
  const rotate = withExample(
    key.command("rotate").description("replace a node's attestation key: prepare, sign (key sign), submit"),
    "key rotate prepare 3 --key new.pub --out rotation.json",
    "key sign --request rotation.json --keystore node.json --out signed.json --yes",
    "key rotate submit --signed signed.json --wallet hot.json --yes",
  );

  withExample(
    withRequest(withNetwork(rotate.command("prepare"))),
    "key rotate prepare 3 --key new.pub --out rotation.json",
  )
    .description("write the request that the key in force, or the offline root key, signs; it holds no secret")
    .argument("<nodeIndex>", "index of the node")
    .requiredOption("--key <file>", "new public key as hex (key create --purpose attestation --public-out FILE)")
    .action(prepare);

  withExample(
    withWallet(rotate.command("submit")),
    "key rotate submit --signed signed.json --wallet hot.json --dry-run",
    "key rotate submit --signed signed.json --wallet hot.json --yes",
  )
    .description("check a signed rotation against the chain and send it; any wallet may")
    .requiredOption("--signed <file>", "signed request (key sign)")
    .action(submit);
}

type PrepareOptions = NetworkOptions & RequestOptions & { key: string };

async function prepare(nodeText: string, options: PrepareOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const newKey = readAttestationKeyFile(options.key).toLowerCase() as Hex;
  const session = await openNetwork(options);
  const state = await readNodeState(session, nodeIndex);
  const parts: Omit<RotationRequest, "digest"> = {
    ...({ format: "pqmesh-key-rotation", version: 1 } as const),
    chainId: session.network.chainId,
    registry: session.network.contracts.NodeRegistry.toLowerCase(),
    ...{ nodeIndex, identityId: state.identityId, rootKey: state.rootKey, currentKeyHash: state.keyHash },
    ...{ newKey, newKeyHash: keccak256(newKey), nonce: state.rotations },
    deadline: Number(deadlineOf(options, state.now)),
  };
  const request: RotationRequest = { ...parts, digest: digestOf(parts) };
  requireReplaceable(state, request);
  writeNewFile(options.out, `${JSON.stringify(request, null, 2)}\n`);
  const rows = [
    ...describeRotation(request),
    `${options.out}: sign it with the old key, or offline with the root key (key sign); it holds no secret.`,
  ];
  print(command, { file: options.out, ...rotationSummary(request) }, rows.join("\n"));
}

async function submit(options: WalletOptions & { signed: string }, command: Command): Promise<void> {
  const signed = readSignedRotation(options.signed);
  const session = await openWalletSession(options);
  requireSameNetwork(session, signed);
  const { nodeIndex, newKey, newKeyHash, deadline, signature } = signed;
  const state = await readNodeState(session, nodeIndex);
  requireReplaceable(state, signed);
  requireCurrent(state, signed);
  const fromEpoch = state.epoch + EFFECT_DELAY;
  const rotation = [nodeIndex, newKey, BigInt(deadline)] as const;
  const isByKey = "attestationKey" in signed;
  await runCall(
    session,
    {
      ...{ contract: "NodeRegistry", abi: nodeRegistryAbi },
      functionName: isByKey ? "rotateAttestationKeyByKey" : "rotateAttestationKey",
      args: isByKey ? [...rotation, signed.attestationKey, signature] : [...rotation, signature],
      sentence: `Replace the attestation key of node ${nodeIndex}, signed by its ${isByKey ? "old key" : "operator's root key"}.`,
      after: () => [
        `From epoch ${fromEpoch} on (or one later) only the key ${newKeyHash} signs for node ${nodeIndex}.`,
        `Until then only the old key ${signed.currentKeyHash} does, and what it signed stays valid.`,
        "An agent that has the new keystore as nextAttestationKeystore changes over at that epoch by itself.",
      ],
    },
    { options, command },
  );
}

/** What the chain says of a node and its operator now. */
interface NodeState {
  identityId: number;
  exited: boolean;
  rotations: number;
  keyHash: Hex;
  /** Key from two epochs on; another one than `keyHash` while a rotation is pending. */
  nextKeyHash: Hex;
  rootKey: Hex;
  epoch: bigint;
  /** Time of the newest block, Unix seconds. */
  now: bigint;
}

async function readNodeState(session: Session, nodeIndex: number): Promise<NodeState> {
  await requireKnownNode(session, nodeIndex);
  const { network, client } = session;
  const registry = { address: network.contracts.NodeRegistry, abi: withErrors(nodeRegistryAbi) };
  const [node, epoch, { timestamp: now }] = await Promise.all([
    client.readContract({ ...registry, functionName: "nodeOf", args: [nodeIndex] }),
    client.readContract({ ...registry, functionName: "currentEpoch" }),
    client.getBlock(),
  ]);
  const [nextKeyHash, { rootKey }] = await Promise.all([
    client.readContract({ ...registry, functionName: "keyHashAt", args: [nodeIndex, epoch + EFFECT_DELAY] }),
    client.readContract({ ...registry, functionName: "operatorOf", args: [node.identityId] }),
  ]);
  return { ...node, nextKeyHash, rootKey, epoch, now };
}

function requireReplaceable(state: NodeState, { nodeIndex, newKeyHash }: RotationRequest): void {
  if (state.exited) throw new CliError(`node ${nodeIndex} has exited; that is final`);
  if (state.nextKeyHash !== state.keyHash) {
    throw new CliError(`a key rotation of node ${nodeIndex} is waiting for its epoch; try again two epochs later`);
  }
  if (state.keyHash === newKeyHash) throw new CliError(`this key is already in force for node ${nodeIndex}`);
}

function requireCurrent(state: NodeState, rotation: RotationRequest): void {
  const { nodeIndex, nonce, rootKey, identityId, currentKeyHash } = rotation;
  if (nonce !== state.rotations) {
    throw refuted(
      `the rotation was signed as number ${nonce} of node ${nodeIndex}, the next one is ${state.rotations}`,
    );
  }
  requireInTime(rotation.deadline, state.now);
  if (identityId !== state.identityId || rootKey !== state.rootKey) {
    throw refuted(
      `identity ${state.identityId} of node ${nodeIndex} has the root key ${state.rootKey}, not ${rootKey}`,
    );
  }
  if (currentKeyHash !== state.keyHash) {
    throw refuted(`the key in force for node ${nodeIndex} is ${state.keyHash}, not ${currentKeyHash}`);
  }
}
