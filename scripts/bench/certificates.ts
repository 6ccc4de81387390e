import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { Contract, getBytes, id, keccak256, parseEther, sha256, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import { generateKeyPairSync, sign } from "node:crypto";
import { deployEconomy, type EconomyStage } from "./economy-stage.ts";
import { seededBytes } from "./mesh-deployment.ts";

/** Gas of certificates: whole transactions, and what a contract pays for the two views. */
export interface CertificateGas {
  issue: number;
  issueOperator: number;
  issueVoter: number;
  issueEach: number;
  revoke: number;
  revokeNode: number;
  revokeEach: number;
  status: number;
  inclusion: number;
  emergency: number;
}

/** Kinds of `ICertificates.Kind`. */
export const CERTIFICATE_KIND = { operator: 1, node: 2, voter: 3 } as const;

const BATCH = 50;
/** Transactions of one kind whose mean is taken: what one costs depends on where the log is. */
const SAMPLES = 8;
const FOR_LONG = 2 ** 38;
const REVOKE = 8;
const KEY_COMPROMISE = 1;
const STAKE = parseEther("20000");

let serials = 0;

/** A certificate to be issued, with a serial number that looks like a random one. */
export function issuanceOf(kind: number, subject: bigint, account = ZeroAddress) {
  const serial = BigInt(keccak256(toBeHex(++serials, 32))) >> 97n;
  return { serial, kind, subject, account, notBefore: 1, notAfter: FOR_LONG, x509Hash: id(`certificate ${serial}`) };
}

/** The registry of a stage, and a function that admits the stage's operator as an authority below another. */
export function certificatesOf({ contracts, connection }: EconomyStage): Contract {
  return new Contract(contracts.CertificateRegistry, certificateRegistryAbi, connection.ethers.provider);
}

/** Terms of an authority of an account that may issue everything. */
export function authorityTermsOf(account: string, recoveryKey = id("recovery key"), pathLength = 0) {
  const hashes = { recoveryKey, trustDomain: id("mesh.example"), x509Hash: id("certificate") };
  return { account, ...hashes, notAfter: FOR_LONG, pathLength, kinds: 0x1e, identityFrom: 0, identityUntil: 1_000 };
}

/** Gives the operator so many staked nodes; the first one has the index 1. */
async function addNodes({ instances, timelock, operator, send }: EconomyStage, count: number): Promise<bigint[]> {
  const { MeshToken, NodeRegistry, NodeStaking } = instances;
  await send(MeshToken, timelock, "transfer", [operator.address, BigInt(count) * STAKE]);
  const nodes = Array.from({ length: count }, (_, i) => BigInt(i + 1));
  for (const node of nodes) {
    await send(NodeRegistry, operator, "registerNode", [seededBytes(`certified node ${node}`, 1952), ZeroHash]);
    await send(NodeStaking, operator, "stake", [node, STAKE]);
  }
  return nodes;
}

async function mean(act: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let i = 0; i < SAMPLES; i++) total += await act();
  return Math.round(total / SAMPLES);
}

/** What a contract pays for a view at an address that is warm. */
async function viewGas(
  { connection }: EconomyStage,
  registry: Contract,
  name: string,
  args: unknown[],
): Promise<number> {
  const meter = await connection.ethers.deployContract("CallGasMeter");
  const data = registry.interface.encodeFunctionData(name, args);
  const [isDone, used] = (await meter.getFunction("measure")(await registry.getAddress(), data)) as [boolean, bigint];
  if (!isDone) throw new Error(`${name} fails`);
  return Number(used);
}

/** Gas of the proof of a leaf in a log of 2^20 entries. */
function inclusionGas(stage: EconomyStage, registry: Contract): Promise<number> {
  const [leaf, index, depth] = [id("leaf"), 0b1010_1010_1010_1010_1010, 20];
  const proof = Array.from({ length: depth }, (_, level) => id(`sibling ${level}`));
  const root = proof.reduce((node, sibling, level) => {
    const [left, right] = (index >> level) & 1 ? [sibling, node] : [node, sibling];
    return sha256(`0x01${left.slice(2)}${right.slice(2)}`);
  }, leaf);
  return viewGas(stage, registry, "verifyInclusion", [leaf, index, 1 << depth, root, proof]);
}

/** The most that one of three emergency revocations costs: the check of a signature varies with its hash chains. */
async function emergencyGas(stage: EconomyStage, registry: Contract, serialsToRevoke: bigint[], pair: KeyPair) {
  let most = 0;
  for (const [nonce, serial] of serialsToRevoke.entries()) {
    const order = {
      ...{ action: REVOKE, authorityId: 1, identityId: 0, serials: [serial], reason: KEY_COMPROMISE, nonce },
      ...{ successor: ZeroAddress, successorKey: ZeroHash, successorHash: ZeroHash, deadline: FOR_LONG },
    };
    const digest = (await registry.getFunction("emergencyOrderDigest")(order)) as string;
    const signature = sign(null, getBytes(digest), pair.privateKey);
    most = Math.max(most, await stage.send(registry, stage.delegator, "executeEmergencyOrder", [order, signature]));
  }
  return most;
}

type KeyPair = ReturnType<typeof generateKeyPairSync>;

/** Issues and revokes certificates of fifty staked nodes, by one authority and by one two levels below it. */
export async function measureCertificates(): Promise<CertificateGas> {
  const stage = await deployEconomy();
  const { send, operator, timelock } = stage;
  const registry = certificatesOf(stage);
  const pair = generateKeyPairSync("slh-dsa-sha2-128s");
  const recoveryKey = `0x${pair.publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex")}`;
  await send(registry, timelock, "admitRoot", [authorityTermsOf(operator.address, recoveryKey, 3)]);
  for (const [parent, pathLength] of [
    [1, 1],
    [2, 0],
  ] as const) {
    const terms = authorityTermsOf(operator.address, recoveryKey, pathLength);
    await send(registry, operator, "admitSubAuthority", [parent, terms]);
  }
  const nodes = await addNodes(stage, BATCH);
  const issueAll = async () => {
    const issued = nodes.map((node) => issuanceOf(CERTIFICATE_KIND.node, node));
    const gas = await send(registry, operator, "issueMany", [1, issued]);
    return { gas, serials: issued.map(({ serial }) => serial) };
  };
  for (let i = 0; i < 4; i++) await issueAll();
  const each = await issueAll();
  const issued: bigint[] = [];
  const issueOne = async (kind: number, subject: bigint, authority = 1, account?: string): Promise<number> => {
    const certificate = issuanceOf(kind, subject, account);
    issued.push(certificate.serial);
    return send(registry, operator, "issue", [authority, certificate]);
  };
  const revokeOne = () => send(registry, operator, "revoke", [issued.shift(), KEY_COMPROMISE]);
  const issue = await mean(() => issueOne(CERTIFICATE_KIND.node, nodes[issued.length]));
  const revokeNode = await mean(revokeOne);
  const issueOperator = await mean(() => issueOne(CERTIFICATE_KIND.operator, 1n));
  const revoke = await mean(revokeOne);
  const issueVoter = await mean(() => {
    const nullifier = BigInt(id(`voter ${issued.length}`));
    return issueOne(CERTIFICATE_KIND.voter, nullifier, 1, toBeHex(nullifier >> 96n, 20));
  });
  issued.length = 0;
  for (let i = 0; i < SAMPLES; i++) await issueOne(CERTIFICATE_KIND.node, nodes[i]);
  const revokeEach = await send(registry, operator, "revokeMany", [each.serials, KEY_COMPROMISE]);
  const emergency = await emergencyGas(stage, registry, issued.splice(0, 3), pair);
  await issueOne(CERTIFICATE_KIND.node, 1n, 3);
  const status = await viewGas(stage, registry, "statusOf", [issued.at(-1)]);
  const inclusion = await inclusionGas(stage, registry);
  const many = { issueEach: Math.round(each.gas / BATCH), revokeEach: Math.round(revokeEach / BATCH) };
  return { issue, issueOperator, issueVoter, revoke, revokeNode, ...many, status, inclusion, emergency };
}
