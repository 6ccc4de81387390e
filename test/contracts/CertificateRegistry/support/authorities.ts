import { id, type Signer } from "ethers";
import { connection, deployedNetwork, type DeployedNetwork } from "../../support/deployed-network.ts";
import { registerNode, registerOperator } from "../../support/registered-node.ts";

const { networkHelpers } = connection;

/** Days in seconds. */
export const DAY = 86_400n;

/** `ICertificates.Kind`. */
export const KIND = { None: 0, Operator: 1, Node: 2, Voter: 3, Relayer: 4 } as const;

/** `ICertificates.Status`. */
export const STATUS = {
  Unknown: 0n,
  Good: 1n,
  NotYetValid: 2n,
  Expired: 3n,
  Held: 4n,
  Revoked: 5n,
  Tainted: 6n,
  AuthorityNotGood: 7n,
} as const;

/** Reasons of RFC 5280 section 5.3.1. */
export const REASON = { unspecified: 0, keyCompromise: 1, superseded: 4, cessation: 5, privilegeWithdrawn: 9 } as const;

/** Bits of every kind. */
const ALL_KINDS = 0x1e;

/** Time of the newest block. */
export async function now(): Promise<bigint> {
  return BigInt(await networkHelpers.time.latest());
}

/** `ICertificates.AuthorityTerms`. */
export interface AuthorityTerms {
  account: string;
  recoveryKey: string;
  trustDomain: string;
  x509Hash: string;
  notAfter: bigint;
  pathLength: number;
  kinds: number;
  identityFrom: number;
  identityUntil: number;
}

/** Terms of an authority that may do everything for 400 days, with some of them changed. */
export async function authorityTerms(account: Signer, changes: Partial<AuthorityTerms> = {}): Promise<AuthorityTerms> {
  return {
    account: await account.getAddress(),
    recoveryKey: id("recovery key"),
    trustDomain: id("mesh.example"),
    x509Hash: id("certificate of the authority"),
    notAfter: (await now()) + 400n * DAY,
    pathLength: 3,
    kinds: ALL_KINDS,
    identityFrom: 0,
    identityUntil: 1_000,
    ...changes,
  };
}

/** `ICertificates.Issuance`. */
export interface Issuance {
  serial: bigint;
  kind: number;
  subject: bigint;
  account: string;
  notBefore: bigint;
  notAfter: bigint;
  x509Hash: string;
}

let serials = 1n << 120n;

/** A serial number that no test has used. */
function nextSerial(): bigint {
  return ++serials;
}

/** A certificate of node 0 that is good for 90 days from now on, with some of it changed. */
export async function issuance(changes: Partial<Issuance> = {}): Promise<Issuance> {
  const serial = changes.serial ?? nextSerial();
  const notBefore = await now();
  return {
    kind: KIND.Node,
    subject: 0n,
    account: "0x0000000000000000000000000000000000000000",
    notBefore,
    notAfter: notBefore + 90n * DAY,
    x509Hash: id(`certificate ${serial}`),
    ...changes,
    serial,
  };
}

/** A network in which carol's account is root authority 1, and alice is operator 1 with the staked node 0. */
export async function networkWithAuthority() {
  const network = await deployedNetwork();
  const { alice, carol, certificates, staking, timelockSigner } = network;
  await registerOperator(network, alice);
  await registerNode(network, alice);
  await staking.connect(alice).stake(0, 10_000n * 10n ** 18n);
  await certificates.connect(timelockSigner).admitRoot(await authorityTerms(carol));
  return network;
}

/** Terms of an authority below authority 1, with some of them changed. */
export async function termsBelow({ certificates, bob }: DeployedNetwork, changes: Partial<AuthorityTerms> = {}) {
  const { terms } = (await certificates.authorityOf(1)) as { terms: { notAfter: bigint } };
  return authorityTerms(bob, { notAfter: terms.notAfter, pathLength: 2, ...changes });
}

/** Authority 1 of carol, with authority 2 of bob below, and authority 3 of alice below that. */
export async function networkWithTree() {
  const network = await networkWithAuthority();
  const { certificates, alice, bob, carol } = network;
  await certificates.connect(carol).admitSubAuthority(1, await termsBelow(network));
  const terms = await termsBelow(network, { account: alice.address, pathLength: 0 });
  await certificates.connect(bob).admitSubAuthority(2, terms);
  return network;
}

/** Issues certificates in a batch, by carol's authority, and returns their serial numbers. */
export async function issueMany(
  { certificates, carol }: DeployedNetwork,
  changes: Partial<Issuance>[],
  authorityId = 1,
  account: Signer = carol,
): Promise<bigint[]> {
  const issued = await Promise.all(changes.map((change) => issuance(change)));
  await certificates.connect(account).issueMany(authorityId, issued);
  return issued.map(({ serial }) => serial);
}

/** Issues a certificate by carol's authority and returns its serial number. */
export async function issue(
  { certificates, carol }: DeployedNetwork,
  changes: Partial<Issuance> = {},
  authorityId = 1,
  account: Signer = carol,
): Promise<bigint> {
  const certificate = await issuance(changes);
  await certificates.connect(account).issue(authorityId, certificate);
  return certificate.serial;
}
