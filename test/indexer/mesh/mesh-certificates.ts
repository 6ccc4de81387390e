import { type Address, keccak256, maxUint32, padHex, stringToHex, toHex, zeroAddress } from "viem";

import type { Random } from "../fixture/random-activity.ts";
import { accountOf, type MeshChain } from "./mesh-chain.ts";
import { CAROL } from "./mesh-people.ts";
import { ADA, ADAS, OWNER } from "./mesh-voters.ts";

/** As ICertificateRegistry numbers them. */
const [OPERATOR_KIND, NODE_KIND, VOTER_KIND, RELAYER_KIND] = [1, 2, 3, 4];
const ALL_KINDS = 0x1e;
const DAY = 86_400;
/** Account of the root authority, of the authorities below it, and of who takes one over. */
const [ROOT, SUB, TAKER] = [accountOf(27), accountOf(28), accountOf(29)];
/** Authorities in the order in which they are admitted. */
const [ROOT_ID, SUB_ID, TAINTED_ID, LOST_ID] = [1, 2, 3, 4];
/** Serial numbers; the first has 160 bits. */
const [OPERATORS, NODES, NEXT_NODES, VOTERS, RELAYERS] = [2n ** 159n - 1n, 2n ** 100n, 2n ** 101n, 2n ** 64n, 7n];

/** An ERC-7913 verifier and a key of ML-DSA-65. */
const POST_QUANTUM_SIGNER = padHex(accountOf(30), { size: 20 + 1_952, dir: "right" });

interface Certified {
  kind: number;
  subject: bigint;
  account?: Address;
}

/** Authorities are admitted, handed over, tainted, held and revoked; certificates of every kind go through all that can happen. */
export async function certifyMesh(mesh: MeshChain): Promise<void> {
  await admitAuthorities(mesh);
  await issueOfEveryKind(mesh);
  await changeCertificates(mesh);
  await endAuthorities(mesh);
}

async function admitAuthorities(mesh: MeshChain): Promise<void> {
  const root = await termsOf(mesh, ROOT, { days: 900, pathLength: 2 });
  await mesh.decide("CertificateRegistry", "admitRoot", [root]);
  for (const days of [800, 700, 600]) {
    const terms = await termsOf(mesh, SUB, { days, pathLength: 0 });
    await mesh.call("CertificateRegistry", "admitSubAuthority", [ROOT_ID, terms], { from: ROOT });
  }
  await mesh.call("CertificateRegistry", "setAuthorityAccount", [SUB_ID, TAKER], { from: SUB });
  for (const allowed of [true, false, true]) {
    await mesh.call("CertificateRegistry", "setDelegate", [SUB_ID, CAROL, allowed], { from: TAKER });
  }
  await mesh.call("CertificateRegistry", "setDelegate", [SUB_ID, POST_QUANTUM_SIGNER, true], { from: TAKER });
}

async function termsOf(mesh: MeshChain, account: Address, { days, pathLength }: { days: number; pathLength: number }) {
  return {
    account,
    recoveryKey: keccak256(toHex(days)),
    trustDomain: keccak256(stringToHex("mesh.example")),
    x509Hash: keccak256(account),
    notAfter: (await mesh.chain.head()).timestamp + days * DAY,
    ...{ pathLength, kinds: ALL_KINDS, identityFrom: 1, identityUntil: Number(maxUint32) },
  };
}

async function issuance(mesh: MeshChain, serial: bigint, { kind, subject, account = zeroAddress }: Certified) {
  const notBefore = (await mesh.chain.head()).timestamp;
  const x509Hash = keccak256(padHex(toHex(serial), { size: 20 }));
  return { serial, kind, subject, account, notBefore, notAfter: notBefore + 47 * DAY, x509Hash };
}

async function issueOfEveryKind(mesh: MeshChain): Promise<void> {
  const issue = async (serial: bigint, certified: Certified) =>
    mesh.call("CertificateRegistry", "issue", [SUB_ID, await issuance(mesh, serial, certified)], { from: TAKER });
  await issue(OPERATORS, { kind: OPERATOR_KIND, subject: 1n });
  await issue(NODES, { kind: NODE_KIND, subject: 0n });
  await issue(VOTERS, { kind: VOTER_KIND, subject: ADAS, account: ADA });
  await issue(RELAYERS, { kind: RELAYER_KIND, subject: BigInt(accountOf(10)) });
  const some = await Promise.all(
    [1n, 2n].map((subject) => issuance(mesh, 2n ** 80n + subject, { kind: NODE_KIND, subject })),
  );
  await mesh.call("CertificateRegistry", "issueMany", [TAINTED_ID, some], { from: SUB });
}

/** A node's certificate is replaced, held and released; others are revoked, one of them before its overlap is over. */
async function changeCertificates(mesh: MeshChain): Promise<void> {
  const owner = { from: OWNER };
  const next = await issuance(mesh, NEXT_NODES, { kind: NODE_KIND, subject: 0n });
  await mesh.call("CertificateRegistry", "rotate", [SUB_ID, NODES, next, next.notBefore + DAY], { from: TAKER });
  await mesh.call("CertificateRegistry", "publishHead", [], { from: CAROL });
  await mesh.call("CertificateRegistry", "hold", [[NEXT_NODES]], { from: ROOT });
  await mesh.call("CertificateRegistry", "release", [[NEXT_NODES]], { from: ROOT });
  await mesh.call("CertificateRegistry", "revoke", [NODES, 1], owner);
  await mesh.call("CertificateRegistry", "revoke", [OPERATORS, 5], owner);
  await mesh.decide("CertificateRegistry", "revokeMany", [[VOTERS, RELAYERS], 9]);
}

async function endAuthorities(mesh: MeshChain): Promise<void> {
  const { timestamp } = await mesh.chain.head();
  const from = { from: ROOT };
  await mesh.call("CertificateRegistry", "taintAuthority", [TAINTED_ID, timestamp - 5, timestamp + 30 * DAY], from);
  await mesh.call("CertificateRegistry", "holdAuthority", [SUB_ID], from);
  await mesh.call("CertificateRegistry", "releaseAuthority", [SUB_ID], from);
  await mesh.call("CertificateRegistry", "revokeAuthority", [LOST_ID, 2], from);
  await mesh.call("CertificateRegistry", "publishHead", [], { from: CAROL });
}

/** An authority does this and that, as far as the chain lets it. */
export async function certifyAtRandom(mesh: MeshChain, random: Random): Promise<void> {
  const serial = 2n ** 90n + BigInt(random(12));
  const made = await issuance(mesh, serial, { kind: RELAYER_KIND, subject: BigInt(accountOf(random(20))) });
  const from = TAKER;
  switch (random(6)) {
    case 0:
    case 1:
      await mesh.attempt("CertificateRegistry", "issue", [SUB_ID, made], from);
      break;
    case 2:
      await mesh.attempt("CertificateRegistry", "revoke", [serial, 1 + random(5)], from);
      break;
    case 3:
      await mesh.attempt("CertificateRegistry", "hold", [[serial]], from);
      break;
    case 4:
      await mesh.attempt("CertificateRegistry", "release", [[serial]], from);
      break;
    default:
      await mesh.attempt("CertificateRegistry", "publishHead", [], from);
  }
}
