import { CERTIFICATE_KINDS } from "@pqmesh/contracts/protocol/certificate-kind";
import type { Hex } from "viem";
import { z } from "zod";
import { defineRoute, type Route } from "../read/route.ts";
import { Problem } from "../service/problem.ts";
import type { CertificateIssuer } from "./certificate-issuer.ts";
import type { CertificateStore, StoredRequest } from "./certificate-store.ts";
import { placeOf, type PlacedRecords } from "./record-intent.ts";

/** What routes of an authority answer from. */
export interface AuthoritySources {
  issuer: CertificateIssuer;
  store: CertificateStore;
  records: PlacedRecords;
  authorityId: number;
  /** PEM of the authority. */
  certificate: string;
  trustDomain: string;
}

const hash = z.string().regex(/^0x[0-9a-f]{64}$/, "expected 0x and 64 digits of hexadecimal in lower case");
const hex = z.string().regex(/^0x([0-9a-fA-F]{2})+$/, "expected bytes as 0x and hexadecimal digits");
const decimal = z.string().regex(/^(0|[1-9][0-9]{0,77})$/, "expected a whole number in decimal digits");

const requestShape = z.strictObject({
  requestHash: hash,
  kind: z.enum(CERTIFICATE_KINDS),
  subject: decimal,
  /** `signed`: on its way to the chain; `recorded`: in a block; `final`: no reorg takes it back; `refused`: by the chain. */
  state: z.enum(["signed", "recorded", "final", "refused"]),
  reason: z.string().nullable(),
  /** serialNumber of the certificate, decimal. */
  serial: decimal,
  replaces: decimal.nullable(),
  x509Hash: hash,
  /** PEM; nobody accepts it before it is recorded. */
  certificate: z.string(),
});

const authorityShape = z.strictObject({
  authorityId: z.number().int(),
  chainId: z.number().int(),
  registry: z.string(),
  trustDomain: z.string(),
  certificate: z.string(),
  /** Why it cannot issue now, null when it can. */
  flaw: z.string().nullable(),
});

/** Routes of the authority that this relayer issues for. */
export function authorityRoutes(sources: AuthoritySources): Route[] {
  return [authorityRoute(sources), askRoute(sources), requestRoute(sources)];
}

function authorityRoute({ authorityId, records, trustDomain, certificate, issuer }: AuthoritySources): Route {
  const { chainId, registry } = records;
  return defineRoute({
    path: "/v1/authority",
    summary: "The certificate authority that this relayer issues for",
    answer: authorityShape,
    handle: () => ({ authorityId, chainId, registry, trustDomain, certificate, flaw: issuer.flaw() ?? null }),
  });
}

function askRoute({ issuer, records }: AuthoritySources): Route {
  return defineRoute({
    path: "/v1/certificate-requests",
    summary: "Asks for a certificate; the same request again gets the same answer",
    body: z.strictObject({
      /** The authority that is asked; the signature covers it. */
      authorityId: z.number().int().min(1).max(0xffff_ffff),
      kind: z.enum(CERTIFICATE_KINDS),
      /** identityId, nodeIndex, or address as a number. */
      subject: decimal,
      /** PKCS #10 request, PEM. */
      request: z.string().min(1).max(16_384),
      /** Unix seconds. */
      deadline: decimal.max(18),
      /** Over CertificateRequest (EIP-712): of a wallet, or of the node's attestation key. */
      signature: hex.max(16_384),
    }),
    answer: requestShape,
    async handle({ body: { authorityId, kind, subject, request, deadline, signature } }) {
      const asked = { authorityId, kind, request, subject: subjectOf(kind, subject), deadline: BigInt(deadline) };
      return shown(await issuer.issue({ ...asked, signature: signature as Hex }), records);
    },
  });
}

function requestRoute({ store, records }: AuthoritySources): Route {
  return defineRoute({
    path: "/v1/certificate-requests/{requestHash}",
    summary: "What became of a request, by the SHA-256 of its DER",
    params: z.strictObject({ requestHash: hash }),
    answer: requestShape,
    handle({ params: { requestHash } }) {
      const request = store.byRequest(requestHash as Hex);
      if (!request) throw new Problem(404, "unknown-request", `no certificate was signed for request ${requestHash}`);
      return shown(request, records);
    },
  });
}

const SUBJECT_BITS = { operator: 32n, node: 32n, voter: 256n, relayer: 160n } as const;

function subjectOf(kind: keyof typeof SUBJECT_BITS, text: string): bigint {
  const subject = BigInt(text);
  if (subject >> SUBJECT_BITS[kind] === 0n) return subject;
  throw new Problem(400, "bad-request", `subject: a ${kind} has a number of at most ${SUBJECT_BITS[kind]} bits`);
}

function shown(stored: StoredRequest, records: PlacedRecords): z.infer<typeof requestShape> {
  const { requestHash, kind, subject, state, reason, serial, replaces, x509Hash, pem } = stored;
  return {
    ...{ requestHash, kind, x509Hash, certificate: pem, subject: `${subject}`, serial: `${serial}` },
    state: state === "signed" && placeOf(records, { serial, x509Hash }) ? "recorded" : state,
    reason: reason ?? null,
    replaces: replaces === undefined ? null : `${replaces}`,
  };
}
