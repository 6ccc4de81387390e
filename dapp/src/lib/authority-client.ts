import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import type { Hex } from "viem";

/** Milliseconds that an authority has for an answer. */
const TIMEOUT_MS = 15_000;

/** What a wallet hands in for a certificate. */
export interface CertificateApplication {
  /** The authority that is asked. */
  authorityId: number;
  kind: CertificateKind;
  subject: bigint;
  /** PKCS #10 request in PEM. */
  request: string;
  /** Unix seconds after which no authority takes it. */
  deadline: bigint;
  signature: Hex;
}

/** What an authority says about a request: signed, on chain, beyond the reorg, or refused and why. */
export interface ApplicationAnswer {
  requestHash: Hex;
  state: "signed" | "recorded" | "final" | "refused";
  reason: string | null;
  /** Serial number in decimals. */
  serial: string;
  /** PEM. */
  certificate: string;
}

/** A relayer that runs the service of an authority. */
export interface AuthorityService {
  url: string;
  authorityId: number;
  /** Why it cannot issue now, null when it can. */
  flaw: string | null;
}

/** Hands a request in. @throws Error with what the authority says when it refuses or does not answer. */
export function applyForCertificate(
  authorityUrl: string,
  { authorityId, kind, subject, request, deadline, signature }: CertificateApplication,
): Promise<ApplicationAnswer> {
  const numbers = { subject: String(subject), deadline: String(deadline) };
  const body = JSON.stringify({ authorityId, kind, request, signature, ...numbers });
  const headers = { "content-type": "application/json" };
  return ask(authorityUrl, "/v1/certificate-requests", { method: "POST", headers, body });
}

/** Asks what became of a request. @throws Error with what the authority says. */
export function readApplication(authorityUrl: string, requestHash: Hex): Promise<ApplicationAnswer> {
  return ask(authorityUrl, `/v1/certificate-requests/${requestHash}`, {});
}

/** A relayer that runs the service of an authority, one that can issue now before others; undefined when there is none. */
export async function findAuthority(relayerUrls: readonly string[]): Promise<AuthorityService | undefined> {
  const asked = await Promise.all(relayerUrls.map((url) => readService(url).catch(() => undefined)));
  const found = asked.filter((service) => service !== undefined);
  return found.find(({ flaw }) => flaw === null) ?? found[0];
}

/** Asks a relayer that says that it issues: others have nothing at `/v1/authority`. */
async function readService(url: string): Promise<AuthorityService | undefined> {
  const status = await readJson<{ authorityId: number | null }>(url, "/v1/status");
  if (typeof status?.authorityId !== "number") return undefined;
  const service = await readJson<AuthorityService>(url, "/v1/authority");
  return service && { url, authorityId: service.authorityId, flaw: service.flaw };
}

async function readJson<T>(url: string, path: string): Promise<T | undefined> {
  const response = await fetch(url.replace(/\/$/, "") + path, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return response.ok ? ((await response.json()) as T) : undefined;
}

async function ask(authorityUrl: string, path: string, init: RequestInit): Promise<ApplicationAnswer> {
  const url = authorityUrl.replace(/\/$/, "") + path;
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((cause: unknown) => {
    throw new Error(`The authority at ${authorityUrl} does not answer.`, { cause });
  });
  const answer = (await response.json().catch(() => ({}))) as ApplicationAnswer & { detail?: string; title?: string };
  if (response.ok) return answer;
  throw new Error(
    `The authority at ${authorityUrl} says: ${answer.detail ?? answer.title ?? `status ${response.status}`}`,
  );
}
