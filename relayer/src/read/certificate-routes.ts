import { parseMemberDid } from "@pqmesh/contracts/protocol/did";
import type { FastifyReply } from "fastify";
import type { Hex } from "viem";
import { z } from "zod";
import type { CertificateRecord, CertificateRecords } from "../pki/certificate-records.ts";
import { authoritiesAbove } from "../pki/certificate-status.ts";
import { shownCertificate } from "../pki/did-document.ts";
import { type ListShard, parseShard } from "../pki/distribution-point.ts";
import type { RevocationListBook } from "../pki/revocation-list-book.ts";
import { StatusListBook } from "../pki/status-list-book.ts";
import { isoTime, STATUS_PURPOSES } from "../pki/status-list.ts";
import { Problem } from "../service/problem.ts";
import { authorityShape, certificatesShape, certificateShape } from "./certificate-shapes.ts";
import { type DidSources, didRoute } from "./did-route.ts";
import { toJson } from "./read-sources.ts";
import { defineRoute, type Route } from "./route.ts";
import { indexParameter, limitParameter } from "./shapes.ts";

/** What the routes about certificates answer from. */
export interface CertificateSources extends DidSources {
  /** Lists of the authorities whose keys are here; an empty book on a relayer that is none. */
  lists: RevocationListBook;
  /** URL of this read API, as certificates name it. */
  url: string;
}

/** Media type of a revocation list in DER (RFC 2585 section 4.2). */
const LIST_TYPE = "application/pkix-crl";

const authorityParams = z.strictObject({ authorityId: indexParameter });
const serialParameter = z
  .string()
  .regex(/^(0x)?[0-9a-fA-F]{1,40}$/, "expected a serial number of up to 40 hexadecimal digits")
  .transform((text) => BigInt(`0x${text.replace(/^0x/, "")}`));
const hashParameter = z
  .string()
  .regex(/^(0x)?[0-9a-fA-F]{64}$/, "expected a SHA-256 hash of 64 hexadecimal digits")
  .transform((text): Hex => `0x${text.replace(/^0x/, "").toLowerCase()}`);

/** Routes about certificates, their authorities and lists, and DIDs. */
export function certificateRoutes(sources: CertificateSources): Route[] {
  return [
    certificateRoute(sources),
    certificatesRoute(sources),
    authoritiesRoute(sources),
    listRoute(sources),
    shardRoute(sources),
    statusListRoute(sources),
    didRoute(sources),
  ];
}

function certificateRoute({ records }: CertificateSources): Route {
  return defineRoute({
    path: "/v1/certificates/{serial}",
    summary: "Status of one certificate at the newest block, with the authorities above it, nearest first",
    params: z.strictObject({ serial: serialParameter }),
    answer: certificateShape,
    handle({ params: { serial } }) {
      const record = records.certificate(serial);
      if (!record)
        throw new Problem(404, "unknown-certificate", `no certificate has serial number ${serial.toString(16)}`);
      return { ...shown(records, record), block: shownBlock(records) };
    },
  });
}

function certificatesRoute({ records }: CertificateSources): Route {
  return defineRoute({
    path: "/v1/certificates",
    summary:
      "Certificates of a DID, or recorded with a SHA-256 hash of the DER, newest first; `nextBefore` is the `before` of the next page",
    query: z.strictObject({
      did: z.string().max(200).optional(),
      hash: hashParameter.optional(),
      before: indexParameter.optional(),
      limit: limitParameter(50, 200),
    }),
    answer: certificatesShape,
    handle({ query: { did, hash, before, limit } }) {
      if ((did === undefined) === (hash === undefined)) {
        throw new Problem(400, "bad-request", "give either did or hash");
      }
      const found = did === undefined ? records.certificatesByHash(hash!) : ofDid(records, did);
      const end = Math.min(before ?? found.length, found.length);
      const from = Math.max(end - limit, 0);
      const page = found.slice(from, end).reverse();
      return {
        certificates: page.map((record) => shown(records, record)),
        nextBefore: from === 0 ? null : from,
        block: shownBlock(records),
      };
    },
  });
}

function authoritiesRoute({ records, lists }: CertificateSources): Route {
  return defineRoute({
    path: "/v1/authorities",
    summary: "Authorities by number, and whether this relayer signs their revocation lists",
    answer: z.strictObject({ authorities: z.array(authorityShape) }),
    handle() {
      const signed = new Set(lists.authorityIds);
      const authorities = records.authorities().map(({ authorityId }) => ({
        ...shownAuthority(records, authorityId),
        hasList: signed.has(authorityId),
      }));
      return { authorities };
    },
  });
}

function listRoute(sources: CertificateSources): Route {
  return defineRoute({
    path: "/v1/crl/{authorityId}",
    summary: "Complete revocation list of an authority in DER, signed here",
    params: authorityParams,
    media: LIST_TYPE,
    handle: ({ params: { authorityId } }, reply) => sendList(sources, reply, authorityId),
  });
}

function shardRoute(sources: CertificateSources): Route {
  return defineRoute({
    path: "/v1/crl/{authorityId}/{shard}",
    summary: "One shard, `<index>-of-<count>`, of an authority's revocation list in DER",
    params: authorityParams.extend({ shard: z.string().max(16) }),
    media: LIST_TYPE,
    handle: ({ params: { authorityId, shard } }, reply) => sendList(sources, reply, authorityId, readShard(shard)),
  });
}

function statusListRoute({ records, url }: CertificateSources): Route {
  const lists = new StatusListBook(records, url);
  return defineRoute({
    path: "/v1/status-list/{authorityId}/{purpose}",
    summary: "Status list of an authority as a W3C Bitstring Status List credential, without proof",
    params: authorityParams.extend({ purpose: z.enum(STATUS_PURPOSES) }),
    media: "application/vc",
    handle({ params: { authorityId, purpose } }, reply) {
      requireAuthority(records, authorityId);
      void reply.type("application/vc");
      return toJson(lists.newest(authorityId, purpose));
    },
  });
}

async function sendList(
  { records, lists }: CertificateSources,
  reply: FastifyReply,
  authorityId: number,
  shard?: ListShard,
): Promise<Buffer> {
  requireAuthority(records, authorityId);
  const list = lists.newest(authorityId, shard);
  if (!list) {
    const { authorityIds, shards } = lists;
    const detail = authorityIds.includes(authorityId)
      ? `authority ${authorityId} has ${shards === 1 ? "the complete list only" : `${shards} shards`}`
      : `the lists of authority ${authorityId} are signed elsewhere; here: ${authorityIds.join(", ") || "none"}`;
    throw new Problem(404, "no-list", detail);
  }
  const { der } = await list;
  void reply.type(LIST_TYPE);
  return Buffer.from(der);
}

function requireAuthority(records: CertificateRecords, authorityId: number): void {
  if (records.authority(authorityId)) return;
  throw new Problem(
    404,
    "unknown-authority",
    `authority ${authorityId} is not recorded; there are ${records.authorities().length}`,
  );
}

function readShard(text: string): ListShard {
  try {
    return parseShard(text);
  } catch (error) {
    throw new Problem(400, "bad-request", `shard: ${(error as Error).message}`);
  }
}

function ofDid(records: CertificateRecords, did: string): readonly CertificateRecord[] {
  try {
    const { kind, subject } = parseMemberDid(did);
    return records.certificatesOf(kind, subject);
  } catch (error) {
    throw new Problem(400, "bad-request", `did: ${(error as Error).message}`);
  }
}

function shown(records: CertificateRecords, record: CertificateRecord) {
  return {
    ...shownCertificate(records, record),
    statusListIndex: records.issueIndex(record.serial)!,
    issuers: authoritiesAbove(records, record.authorityId).map(({ authorityId }) =>
      shownAuthority(records, authorityId),
    ),
  };
}

function shownAuthority(records: CertificateRecords, authorityId: number) {
  const { parent, depth, account, notAfter, taintedFrom, heldAt, revokedAt, reason, x509Hash } =
    records.authority(authorityId)!;
  return {
    authorityId,
    parent,
    depth,
    account,
    notAfter: isoTime(notAfter),
    taintedFrom: taintedFrom === undefined ? null : isoTime(taintedFrom),
    heldAt: heldAt === undefined ? null : isoTime(heldAt),
    revokedAt: revokedAt === undefined ? null : isoTime(revokedAt),
    reason: revokedAt === undefined ? null : reason,
    x509Hash,
  };
}

function shownBlock(records: CertificateRecords) {
  const { number, hash, timestamp } = records.head();
  return { number, hash, time: isoTime(timestamp) };
}
