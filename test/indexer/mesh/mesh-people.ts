import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { hashRootOrder, type RootOrder, rootOrder, rootOrderArgument } from "@pqmesh/contracts/protocol/root-order";
import { type Address, bytesToHex, type Hex, hexToBytes, parseEther, zeroHash } from "viem";

import { mlDsa65KeyFromSeed, mlDsa65PublicKeyRaw } from "../../../relayer/src/keystore/ml-dsa-65.ts";
import { arbiterBindings } from "../../../scripts/deploy/arbiter-bindings.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { AttestingNode, MEASUREMENT } from "../../helpers/attesting-node.ts";
import { accountOf, type MeshChain } from "./mesh-chain.ts";

const GRANT = parseEther("1000000");
const STAKE = parseEther("20000");
const BOND = parseEther("200000");
const ZERO: Address = "0x0000000000000000000000000000000000000000";
/** Seats of every committee. */
const SEATS = 4;
const DEADLINE = 4_000_000_000n;

/** Account of the operator of all nodes. */
export const OPERATOR = accountOf(5);
/** Accounts of people who watch, challenge and prove. */
export const [MALLORY, BOB, CAROL] = [accountOf(7), accountOf(8), accountOf(9)] as const;

/** A relayer with both of its keys. */
export interface MeshMember {
  readonly address: Address;
  readonly accountIndex: number;
  readonly mldsaKey: KeyObject;
  readonly publicKey: Hex;
}

/** Everybody who takes part, after they joined. */
export interface MeshPeople {
  readonly nodes: readonly AttestingNode[];
  /** The first committee and the second, each in seat order. */
  readonly members: readonly (readonly MeshMember[])[];
  readonly rootKey: KeyObject;
}

/** Grants, arbiters, one operator with four staked nodes, eight bonded relayers, four of them seated. */
export async function joinMesh(mesh: MeshChain): Promise<MeshPeople> {
  const { contracts, chainId } = mesh.network;
  for (const binding of arbiterBindings(contracts)) await mesh.chain.send({ from: mesh.timelock, ...binding });
  await mesh.decide("AttestationBridge", "approveMeasurement", [MEASUREMENT]);
  const { privateKey: rootKey } = generateKeyPairSync("slh-dsa-sha2-128s");
  const nodes = Array.from(
    { length: SEATS },
    (_, i) => new AttestingNode(i, { chainId, bridge: contracts.AttestationBridge }, "mesh"),
  );
  await fund(mesh, OPERATOR, "NodeStaking");
  await mesh.call("NodeRegistry", "registerOperator", [ZERO, ZERO, rootPublicKey(rootKey)], { from: OPERATOR });
  for (const { publicKey, nodeIndex } of nodes) {
    await mesh.call("NodeRegistry", "registerNode", [bytesToHex(publicKey), zeroHash], { from: OPERATOR });
    await mesh.call("NodeStaking", "stake", [nodeIndex, STAKE], { from: OPERATOR });
  }
  const members = [await bondMembers(mesh, 11), await bondMembers(mesh, 15)] as const;
  await mesh.decide("RelayerCommittee", "setCommittee", [members[0].map(({ address }) => address)]);
  return { nodes, members, rootKey };
}

/** Executes an order that the root key signs. */
export async function executeOrder(
  mesh: MeshChain,
  rootKey: KeyObject,
  operation: RootOrder["operation"],
  fields: Partial<RootOrder> = {},
): Promise<void> {
  const order = rootOrder(operation, { identityId: 1, deadline: DEADLINE, ...fields });
  const { nonce } = await mesh.read<{ nonce: number }>("NodeRegistry", "quantumLockOf", [1]);
  const domain = { chainId: mesh.network.chainId, registry: mesh.network.contracts.NodeRegistry };
  const signature = sign(null, hexToBytes(hashRootOrder(domain, order, nonce)), rootKey);
  const args = [rootOrderArgument(order), bytesToHex(signature)];
  await mesh.call("NodeRegistry", "executeRootOrder", args, { from: CAROL });
}

/** Raw public key of a root key, 32 bytes: the end of its SPKI. */
function rootPublicKey(rootKey: KeyObject): Hex {
  return bytesToHex(createPublicKey(rootKey).export({ format: "der", type: "spki" }).subarray(-32));
}

async function bondMembers(mesh: MeshChain, firstAccount: number): Promise<MeshMember[]> {
  const members = Array.from({ length: SEATS }, (_, i) => memberOf(firstAccount + i));
  for (const { address, publicKey } of members) {
    await fund(mesh, address, "RelayerCommittee");
    await mesh.call("RelayerCommittee", "bond", [BOND, publicKey, "https://relayer.example"], { from: address });
  }
  return members.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
}

function memberOf(accountIndex: number): MeshMember {
  const mldsaKey = mlDsa65KeyFromSeed(createHash("sha256").update(`mesh member ${accountIndex}`).digest());
  const publicKey = bytesToHex(mlDsa65PublicKeyRaw(mldsaKey));
  return { address: testAccount(accountIndex).address, accountIndex, mldsaKey, publicKey };
}

async function fund(mesh: MeshChain, account: Address, spender: "NodeStaking" | "RelayerCommittee"): Promise<void> {
  await mesh.decide("MeshToken", "transfer", [account, GRANT]);
  await mesh.call("MeshToken", "approve", [mesh.network.contracts[spender], GRANT], { from: account });
}
