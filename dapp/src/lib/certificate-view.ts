import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { CERTIFICATE_KINDS, type CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import type { Address, Hex } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { CERTIFICATE_STATUSES, type CertificateStatus } from "./certificate-words.ts";

/** A certificate and its status now, as the chain has them. Times are Unix seconds. */
export interface CertificateView {
  serial: bigint;
  authorityId: number;
  kind: CertificateKind;
  subject: bigint;
  issuedAt: number;
  notBefore: number;
  notAfter: number;
  /** From when it is revoked, in the future during the overlap of a rotation; undefined when it is not. */
  revokedAt?: number;
  /** RFC 5280 reason of the revocation. */
  reason: number;
  held: boolean;
  x509Hash: Hex;
  status: CertificateStatus;
}

/** An authority as the chain has it. Times are Unix seconds. */
export interface AuthorityView {
  authorityId: number;
  /** 0 for a root. */
  parent: number;
  depth: number;
  account: Address;
  recoveryKey: Hex;
  trustDomain: Hex;
  x509Hash: Hex;
  notBefore: number;
  notAfter: number;
  pathLength: number;
  kinds: CertificateKind[];
  identityFrom: number;
  identityUntil: number;
  taintedFrom?: number;
  revokedAt?: number;
  reason: number;
  held: boolean;
}

/** Where an authority itself stands, without those above it. */
export type AuthorityStanding = "Good" | "Tainted" | "Held" | "Revoked" | "Expired";

/** Reads a certificate; undefined when its serial number is unknown. */
export async function readCertificate(access: ChainAccess, serial: bigint): Promise<CertificateView | undefined> {
  const contract = registryOf(access);
  const [found, status] = await Promise.all([
    access.client.readContract({ ...contract, functionName: "certificateOf", args: [serial] }),
    access.client.readContract({ ...contract, functionName: "statusOf", args: [serial] }),
  ]);
  const kind = CERTIFICATE_KINDS[found.kind - 1];
  if (kind === undefined) return undefined;
  const { authorityId, subject, issuedAt, notBefore, notAfter, revokedAt, reason, held, x509Hash } = found;
  return {
    ...{ serial, authorityId, kind, subject, issuedAt, notBefore, notAfter, reason, held, x509Hash },
    ...(revokedAt !== 0 && { revokedAt }),
    status: CERTIFICATE_STATUSES[status] ?? "Unknown",
  };
}

/** Reads certificates by their serial numbers; unknown ones are left out. */
export async function readCertificates(access: ChainAccess, serials: readonly bigint[]): Promise<CertificateView[]> {
  const found = await Promise.all(serials.map((serial) => readCertificate(access, serial)));
  return found.filter((certificate) => certificate !== undefined);
}

/** Reads an authority. @throws when there is none of the number. */
export async function readAuthority(access: ChainAccess, authorityId: number): Promise<AuthorityView> {
  const contract = registryOf(access);
  const found = await access.client.readContract({ ...contract, functionName: "authorityOf", args: [authorityId] });
  const { terms, taintedFrom, revokedAt, ...rest } = found;
  return {
    ...{ ...rest, ...terms, authorityId },
    kinds: CERTIFICATE_KINDS.filter((_, i) => (terms.kinds >> (i + 1)) & 1),
    ...(taintedFrom !== 0 && { taintedFrom }),
    ...(revokedAt !== 0 && { revokedAt }),
  };
}

/** Authorities from the one that issued up to its root. */
export async function readIssuers(access: ChainAccess, authorityId: number): Promise<AuthorityView[]> {
  const chain: AuthorityView[] = [];
  for (let next = authorityId; next !== 0; next = chain.at(-1)!.parent) chain.push(await readAuthority(access, next));
  return chain;
}

/** Every authority, by number. */
export async function readAuthorities(access: ChainAccess): Promise<AuthorityView[]> {
  const count = await access.client.readContract({ ...registryOf(access), functionName: "authorityCount" });
  return Promise.all(Array.from({ length: count }, (_, i) => readAuthority(access, i + 1)));
}

/** Where an authority stands at a moment in Unix seconds. */
export function authorityStanding(authority: AuthorityView, now: number): AuthorityStanding {
  const { revokedAt, held, notAfter, taintedFrom } = authority;
  if (revokedAt !== undefined && revokedAt <= now) return "Revoked";
  if (held) return "Held";
  if (notAfter < now) return "Expired";
  return taintedFrom === undefined ? "Good" : "Tainted";
}

/** The registry as viem calls it. */
export function registryOf({ config }: ChainAccess): { address: Address; abi: typeof certificateRegistryAbi } {
  return { address: config.contracts.CertificateRegistry, abi: certificateRegistryAbi };
}
