import { X509Certificate } from "node:crypto";
import { ML_DSA_65 } from "../keystore/ml-dsa-65.ts";
import { DER, type DerElement, der, derChildren, derInteger, derOid, readDer } from "../pki/der.ts";
import { mlDsa65Algorithm } from "../pki/signed-der.ts";

/** Version 3 as it begins a certificate's content (RFC 5280 section 4.1). */
const CERTIFICATE_VERSION = der(0xa0, derInteger(2n));
/** Version 2 as it begins a revocation list's content (RFC 5280 section 5.1); here it is never left out. */
const LIST_VERSION = derInteger(1n);
const LIST_EXTENSIONS_TAG = 0xa0;
const CERTIFICATE_EXTENSIONS_TAG = 0xa3;

const BASIC_CONSTRAINTS = "2.5.29.19";
const KEY_USAGE = "2.5.29.15";
/** What leaf certificates have besides: names, key identifiers, extended key usage, distribution point. */
const OTHER_EXTENSIONS = ["2.5.29.17", "2.5.29.14", "2.5.29.35", "2.5.29.37", "2.5.29.31"];
/** No authority. */
const END_ENTITY = der(DER.sequence);
/** digitalSignature alone, neither keyCertSign nor cRLSign. */
const SIGNS_DATA = der(DER.bitString, Buffer.of(7, 0x80));

/**
 * Tells what a signer process is asked to sign: the content of a leaf certificate or of a revocation list, laid out as
 * this software does it.
 *
 * @throws Error for anything else. An authority's certificate is one of these: a signer that a stolen service may still
 * reach must not make authorities.
 */
export function signableContent(toBeSigned: Uint8Array): "certificate" | "revocation list" {
  const content = readDer(toBeSigned);
  if (content.tag !== DER.sequence || content.raw.length !== toBeSigned.length) throw unknownContent();
  const members = derChildren(content);
  if (isRevocationList(members)) return "revocation list";
  if (members[0]?.raw.equals(CERTIFICATE_VERSION) !== true) throw unknownContent();
  requireLeaf(toBeSigned, members);
  return "certificate";
}

/** Version, algorithm, issuer, thisUpdate, nextUpdate, entries if any, extensions. A certificate has no time of its own. */
function isRevocationList(members: readonly DerElement[]): boolean {
  const [version, algorithm, issuer, thisUpdate, nextUpdate, ...rest] = members;
  const tags = rest.map(({ tag }) => tag);
  const hasEntries = tags.length === 2 && tags[0] === DER.sequence;
  return (
    version?.raw.equals(LIST_VERSION) === true &&
    algorithm?.raw.equals(mlDsa65Algorithm()) === true &&
    issuer?.tag === DER.sequence &&
    isTime(thisUpdate) &&
    isTime(nextUpdate) &&
    (hasEntries || tags.length === 1) &&
    tags.at(-1) === LIST_EXTENSIONS_TAG
  );
}

function requireLeaf(toBeSigned: Uint8Array, members: readonly DerElement[]): void {
  const unsigned = der(DER.bitString, Buffer.of(0), new Uint8Array(ML_DSA_65.signatureBytes));
  const certificate = new X509Certificate(der(DER.sequence, toBeSigned, mlDsa65Algorithm(), unsigned));
  if (certificate.ca) throw authorityContent();
  const extensions = readExtensions(members);
  if (!extensions.get(BASIC_CONSTRAINTS)?.equals(END_ENTITY)) throw authorityContent();
  if (!extensions.get(KEY_USAGE)?.equals(SIGNS_DATA)) throw authorityContent();
}

/** Values of the extensions by their object identifiers. @throws Error when one is unknown or there twice. */
function readExtensions(members: readonly DerElement[]): Map<string, Buffer> {
  const [last] = members.slice(-1);
  if (last?.tag !== CERTIFICATE_EXTENSIONS_TAG) throw authorityContent();
  const values = new Map<string, Buffer>();
  for (const extension of derChildren(readDer(last.content))) {
    const parts = derChildren(extension);
    const oid = [BASIC_CONSTRAINTS, KEY_USAGE, ...OTHER_EXTENSIONS].find((one) => parts[0]?.raw.equals(derOid(one)));
    if (oid === undefined || values.has(oid)) {
      throw new Error("content is a certificate with an extension that no leaf has, or has once");
    }
    values.set(oid, parts.at(-1)!.content);
  }
  return values;
}

function isTime(element: DerElement | undefined): boolean {
  return element?.tag === DER.utcTime || element?.tag === DER.generalizedTime;
}

function unknownContent(): Error {
  return new Error("content is neither a certificate nor a revocation list");
}

function authorityContent(): Error {
  return new Error("content is the certificate of an authority: sign it with its keystore offline");
}
