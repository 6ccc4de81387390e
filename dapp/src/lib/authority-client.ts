import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import type { Hex } from "viem";

/** Milliseconds that an authority has for an answer. */
const TIMEOUT_MS = 15_000;

/** What a wallet hands in for a certificate. */
export interface CertificateApplication {
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
  reason?: string;
  /** Serial number, decimal or hex with 0x. */
  serial?: string;
  /** PEM. */
  certificate?: string;
}

/** Hands a request in. @throws Error with what the authority says when it refuses or does not answer. */
export function applyForCertificate(
  authorityUrl: string,
  { kind, subject, request, deadline, signature }: CertificateApplication,
): Promise<ApplicationAnswer> {
  const body = JSON.stringify({ kind, subject: String(subject), request, deadline: Number(deadline), signature });
  const headers = { "content-type": "application/json" };
  return ask(authorityUrl, "/v1/certificate-requests", { method: "POST", headers, body });
}

/** Asks what became of a request. @throws Error with what the authority says. */
export function readApplication(authorityUrl: string, requestHash: Hex): Promise<ApplicationAnswer> {
  return ask(authorityUrl, `/v1/certificate-requests/${requestHash}`, {});
}

/** The first relayer that runs the service of an authority; undefined when none does or answers. */
export async function findAuthority(relayerUrls: readonly string[]): Promise<string | undefined> {
  for (const url of relayerUrls) {
    const asked = fetch(`${url.replace(/\/$/, "")}/v1/authority`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (await asked.then(({ ok }) => ok).catch(() => false)) return url;
  }
  return undefined;
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
