import { z } from "zod";
import { CERTIFICATE_KINDS } from "../pki/certificate-records.ts";
import { CERTIFICATE_STATUSES } from "../pki/certificate-status.ts";

const bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/);
const serial = z.string().regex(/^([0-9a-f]{2}){1,20}$/);
const natural = z.number().int().min(0);
const bigNumber = z.string().regex(/^(0|[1-9][0-9]*)$/);
const time = z.iso.datetime();

const blockShape = z.strictObject({ number: bigNumber, hash: bytes32, time });

const issuerShape = z.strictObject({
  authorityId: natural,
  parent: natural,
  depth: natural,
  account: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  notAfter: time,
  taintedFrom: time.nullable(),
  heldAt: time.nullable(),
  revokedAt: time.nullable(),
  reason: natural.nullable(),
  x509Hash: bytes32,
});

/** One authority in the answer of `/v1/authorities`. */
export const authorityShape = issuerShape.extend({ hasList: z.boolean() });

const shownShape = z.strictObject({
  serial,
  kind: z.enum(CERTIFICATE_KINDS),
  subject: bigNumber,
  authorityId: natural,
  status: z.enum(CERTIFICATE_STATUSES),
  issuedAt: time,
  notBefore: time,
  notAfter: time,
  heldAt: time.nullable(),
  revokedAt: time.nullable(),
  reason: natural.nullable(),
  replacedBy: serial.nullable(),
  x509Hash: bytes32,
  statusListIndex: natural,
  issuers: z.array(issuerShape),
});

/** Answer of `/v1/certificates/{serial}`. */
export const certificateShape = shownShape.extend({ block: blockShape });

/** Answer of `/v1/certificates`. */
export const certificatesShape = z.strictObject({
  certificates: z.array(shownShape),
  nextBefore: natural.nullable(),
  block: blockShape,
});
