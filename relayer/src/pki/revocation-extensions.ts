import type { Address, Hex } from "viem";
import { bytesToHex, hexToBytes } from "viem/utils";

import { DER, type DerElement, der, derChildren, derGeneralizedTime, derInteger, derOid, readDer } from "./der.ts";

const CRL_NUMBER_OID = "2.5.29.20";
const REASON_CODE_OID = "2.5.29.21";
const INVALIDITY_DATE_OID = "2.5.29.24";
const DISTRIBUTION_POINT_OID = "2.5.29.28";
const AUTHORITY_KEY_OID = "2.5.29.35";
const KEY_IDENTIFIER_TAG = 0x80;
const DISTRIBUTION_POINT_NAME_TAG = 0xa0;
const FULL_NAME_TAG = 0xa0;
const URI_TAG = 0x86;

/**
 * Object identifier of the extension that names the chain state a revocation list was made from. It lies in the arc of
 * UUIDs (ITU-T X.667), which needs no registration.
 */
const CHAIN_STATE_OID = "2.25.27932678798561769862518260925403651306";

/** Chain state that a revocation list is a function of: with it anybody can make the same list. */
export interface ListedState {
  chainId: number;
  /** The CertificateRegistry. */
  registry: Address;
  authorityId: number;
  blockHash: Hex;
  /** Entries of the transparency log at the block, and its root hash. */
  treeSize: bigint;
  treeRoot: Hex;
}

/** Encodes one extension. */
function encodeExtension(oid: string, value: Uint8Array, isCritical = false): Buffer {
  const critical = isCritical ? [der(DER.boolean, Buffer.of(0xff))] : [];
  return der(DER.sequence, derOid(oid), ...critical, der(DER.octetString, value));
}

/** Content of an extension's value, undefined when there is none with this object identifier. */
export function extensionValue(extensions: DerElement | undefined, oid: string): Buffer | undefined {
  const wanted = derOid(oid);
  const list = extensions && readDer(extensions.content);
  const members = (list ? derChildren(list) : []).map(derChildren);
  return members.find(([id]) => id?.raw.equals(wanted))?.at(-1)?.content;
}

/** RFC 5280 section 5.3.1. */
export function encodeReason(code: number): Buffer {
  return encodeExtension(REASON_CODE_OID, der(DER.enumerated, Buffer.of(code)));
}

/** RFC 5280 section 5.3.2. */
export function encodeInvalidityDate(date: Date): Buffer {
  return encodeExtension(INVALIDITY_DATE_OID, derGeneralizedTime(date));
}

/** RFC 5280 section 5.2.1, by key identifier. */
export function encodeAuthorityKey(keyIdentifier: Uint8Array): Buffer {
  return encodeExtension(AUTHORITY_KEY_OID, der(DER.sequence, der(KEY_IDENTIFIER_TAG, keyIdentifier)));
}

/** RFC 5280 section 5.2.3. */
export function encodeListNumber(number: bigint): Buffer {
  return encodeExtension(CRL_NUMBER_OID, derInteger(number));
}

/** RFC 5280 section 5.2.5: the list is complete for the certificates that name this URI, and for no others. */
export function encodeDistributionPoint(uri: string): Buffer {
  const fullName = der(FULL_NAME_TAG, der(URI_TAG, Buffer.from(uri, "latin1")));
  return encodeExtension(DISTRIBUTION_POINT_OID, der(DER.sequence, der(DISTRIBUTION_POINT_NAME_TAG, fullName)), true);
}

/** Chain state as the extension {@link CHAIN_STATE_OID}. */
export function encodeListedState(state: ListedState): Buffer {
  const value = der(
    DER.sequence,
    derInteger(BigInt(state.chainId)),
    der(DER.octetString, hexToBytes(state.registry)),
    derInteger(BigInt(state.authorityId)),
    der(DER.octetString, hexToBytes(state.blockHash)),
    derInteger(state.treeSize),
    der(DER.octetString, hexToBytes(state.treeRoot)),
  );
  return encodeExtension(CHAIN_STATE_OID, value);
}

/** Reads crlNumber. @throws Error when there is none. */
export function readListNumber(extensions: DerElement | undefined): bigint {
  const value = extensionValue(extensions, CRL_NUMBER_OID);
  if (!value) throw new Error("revocation list has no crlNumber");
  return readInteger(readDer(value));
}

/** Reads the URI of a list that is not complete, undefined for a complete list. @throws Error for other scopes. */
export function readDistributionPoint(extensions: DerElement | undefined): string | undefined {
  const value = extensionValue(extensions, DISTRIBUTION_POINT_OID);
  if (!value) return undefined;
  const path = [DISTRIBUTION_POINT_NAME_TAG, FULL_NAME_TAG, URI_TAG];
  let element = readDer(value);
  for (const tag of path) {
    const [only, ...rest] = derChildren(element);
    if (only?.tag !== tag || rest.length > 0) throw new Error("revocation list has a scope other than one URI");
    element = only;
  }
  return element.content.toString("latin1");
}

/** Reads the chain state a list says it was made from. @throws Error when it is malformed. */
export function readListedState(extensions: DerElement | undefined): ListedState | undefined {
  const value = extensionValue(extensions, CHAIN_STATE_OID);
  if (!value) return undefined;
  const [chainId, registry, authorityId, blockHash, treeSize, treeRoot] = derChildren(readDer(value));
  if (!chainId || !registry || !authorityId || !blockHash || !treeSize || !treeRoot) {
    throw new Error("revocation list has an incomplete chain state");
  }
  return {
    chainId: Number(readInteger(chainId)),
    registry: bytesToHex(registry.content),
    authorityId: Number(readInteger(authorityId)),
    blockHash: bytesToHex(blockHash.content),
    treeSize: readInteger(treeSize),
    treeRoot: bytesToHex(treeRoot.content),
  };
}

/** Reason code and invalidity date of an entry. */
export function readEntryExtensions(extensions: DerElement | undefined): { reason: number; invalidFrom?: DerElement } {
  const list = extensions && { ...extensions, content: extensions.raw };
  const code = extensionValue(list, REASON_CODE_OID);
  const date = extensionValue(list, INVALIDITY_DATE_OID);
  return { reason: code ? (readDer(code).content[0] ?? 0) : 0, ...(date && { invalidFrom: readDer(date) }) };
}

function readInteger(element: DerElement): bigint {
  return BigInt(`0x${element.content.toString("hex") || "0"}`);
}
