import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { Command } from "commander";
import { bytesToHex, type Hex, hexToBytes, keccak256 } from "viem";
import { naturalArgument, readAttestationKeyFile } from "../arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withErrors, withNetwork } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { writeNewFile } from "../new-file.ts";
import { CliError, print, usageError } from "../output.ts";
import { keystorePassword, type PasswordOptions, withPassword } from "../password.ts";
import {
  describeRotation,
  digestOf,
  readRotationRequest,
  readSignedRotation,
  refuted,
  type RotationRequest,
  type SignedRotation,
} from "../rotation-request.ts";
import { isoTime } from "../time-after.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

/** Epochs between a rotation and its effect. */
const EFFECT_DELAY = 2n;
const MAX_VALID_HOURS = 8_760;

/** Adds `pqmesh key rotate …` and `pqmesh key sign`. */
export function addKeyRotationCommands(key: Command): void {
  const rotate = withExample(
    key.command("rotate").description("replace a node's attestation key: prepare, sign offline (key sign), submit"),
    "key rotate prepare 3 --key new.pub --out rotation.json",
    "key sign --request rotation.json --keystore root.json --out signed.json --yes",
    "key rotate submit --signed signed.json --wallet hot.json --yes",
  );

  withExample(withNetwork(rotate.command("prepare")), "key rotate prepare 3 --key new.pub --out rotation.json")
    .description("write the request that the offline root key signs; it holds no secret")
    .argument("<nodeIndex>", "index of the node")
    .requiredOption("--key <file>", "new public key as hex (key create --for attestation --public-out FILE)")
    .requiredOption("--out <file>", "request to write; never overwritten")
    .option("--valid-hours <n>", "hours until the signature is void", "168")
    .action(prepare);

  withExample(
    withWallet(rotate.command("submit")),
    "key rotate submit --signed signed.json --wallet hot.json --dry-run",
    "key rotate submit --signed signed.json --wallet hot.json --yes",
  )
    .description("check a signed rotation against the chain and send it; any wallet may")
    .requiredOption("--signed <file>", "signed request (key sign)")
    .action(submit);

  withExample(
    withPassword(key.command("sign")),
    "key sign --request rotation.json --keystore root.json --out signed.json --yes",
  )
    .description("sign a rotation with the root key, on a machine that needs no network")
    .requiredOption("--request <file>", "request to sign (key rotate prepare)")
    .requiredOption("--keystore <file>", "keystore of the operator's root key")
    .requiredOption("--out <file>", "signed request to write; never overwritten")
    .option("--yes", "sign; without it, only check the request and say what would be signed")
    .action(signRequest);
}

interface PrepareOptions extends NetworkOptions {
  key: string;
  out: string;
  validHours: string;
}

async function prepare(nodeText: string, options: PrepareOptions, command: Command): Promise<void> {
  const nodeIndex = naturalArgument("nodeIndex", nodeText);
  const newKey = readAttestationKeyFile(options.key).toLowerCase() as Hex;
  const hours = naturalArgument("--valid-hours", options.validHours);
  if (hours < 1 || hours > MAX_VALID_HOURS) throw usageError(`--valid-hours must be 1 to ${MAX_VALID_HOURS}`);
  const session = await openNetwork(options);
  const state = await readNodeState(session, nodeIndex);
  const parts: Omit<RotationRequest, "digest"> = {
    ...({ format: "pqmesh-key-rotation", version: 1 } as const),
    chainId: session.network.chainId,
    registry: session.network.contracts.NodeRegistry.toLowerCase(),
    ...{ nodeIndex, identityId: state.identityId, rootKey: state.rootKey, currentKeyHash: state.keyHash },
    ...{ newKey, newKeyHash: keccak256(newKey), nonce: state.rotations },
    deadline: Number(state.now) + hours * 3_600,
  };
  const request: RotationRequest = { ...parts, digest: digestOf(parts) };
  requireReplaceable(state, request);
  writeNewFile(options.out, `${JSON.stringify(request, null, 2)}\n`);
  const rows = [
    ...describeRotation(request),
    `${options.out}: take it to the root key (key sign); it holds no secret.`,
  ];
  print(command, { file: options.out, ...summary(request) }, rows.join("\n"));
}

interface SignOptions extends PasswordOptions {
  request: string;
  keystore: string;
  out: string;
  yes?: boolean;
}

async function signRequest(options: SignOptions, command: Command): Promise<void> {
  const [{ openKeystore, readKeystore }, { signWithRootKey }] = await Promise.all([
    import("../../src/keystore/keystore.ts"),
    import("../../src/keystore/root-key.ts"),
  ]);
  const request = readRotationRequest(options.request);
  if (request.deadline * 1_000 < Date.now()) throw refuted(`the request was valid until ${isoTime(request.deadline)}`);
  const { kind, purpose, publicKey } = await readKeystore(options.keystore);
  if (purpose !== "root") throw usageError(`${options.keystore} holds a ${kind} key for ${purpose}, not a root key`);
  if (`0x${publicKey}` !== request.rootKey) {
    throw refuted(
      `${options.keystore} is not the root key of identity ${request.identityId}: that is ${request.rootKey}`,
    );
  }
  const rows = describeRotation(request);
  if (options.yes !== true) {
    rows.push("Nothing was signed; repeat with --yes to sign.");
    return print(command, { signed: false, file: null, ...summary(request) }, rows.join("\n"));
  }
  const opened = await openKeystore(options.keystore, await keystorePassword(options));
  const signature = bytesToHex(signWithRootKey(opened, hexToBytes(request.digest as Hex)));
  const signed: SignedRotation = { ...request, signature };
  writeNewFile(options.out, `${JSON.stringify(signed, null, 2)}\n`);
  rows.push(`${options.out}: signed; take it to any wallet that sends it (key rotate submit).`);
  print(command, { signed: true, file: options.out, ...summary(request) }, rows.join("\n"));
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
  await runCall(
    session,
    {
      ...{ contract: "NodeRegistry", abi: nodeRegistryAbi, functionName: "rotateAttestationKey" },
      args: [nodeIndex, newKey, BigInt(deadline), signature],
      sentence: `Replace the attestation key of node ${nodeIndex}.`,
      after: () => [
        `From epoch ${fromEpoch} on (or one later) only the key ${newKeyHash} signs for node ${nodeIndex}.`,
        `Until then the old key ${signed.currentKeyHash} does: give the agent the new keystore at that epoch.`,
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

async function readNodeState({ network, client }: Session, nodeIndex: number): Promise<NodeState> {
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

function requireSameNetwork({ network }: Session, { chainId, registry }: RotationRequest): void {
  if (chainId !== network.chainId) {
    throw usageError(`the rotation was signed for chain ${chainId}, network.json is for chain ${network.chainId}`);
  }
  const { NodeRegistry } = network.contracts;
  if (registry !== NodeRegistry.toLowerCase()) {
    throw usageError(`the rotation was signed for registry ${registry}, network.json names ${NodeRegistry}`);
  }
}

function requireCurrent(state: NodeState, { nodeIndex, nonce, deadline, rootKey, identityId }: SignedRotation): void {
  if (nonce !== state.rotations) {
    throw refuted(
      `the rotation was signed as number ${nonce} of node ${nodeIndex}, the next one is ${state.rotations}`,
    );
  }
  if (BigInt(deadline) < state.now) throw refuted(`the signature was valid until ${isoTime(deadline)}`);
  if (identityId !== state.identityId || rootKey !== state.rootKey) {
    throw refuted(
      `identity ${state.identityId} of node ${nodeIndex} has the root key ${state.rootKey}, not ${rootKey}`,
    );
  }
}

function summary({ newKey: _, format: _format, version: _version, ...rest }: RotationRequest): object {
  return { ...rest, deadlineIso: isoTime(rest.deadline) };
}
