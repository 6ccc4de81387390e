import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, type Hex } from "viem";

/** What binds an X.509 certificate to its record on chain. */
export interface X509Record {
  serial: bigint;
  /** SHA-256 of the DER. */
  x509Hash: Hex;
}

const [SEQUENCE, INTEGER, VERSION] = [0x30, 0x02, 0xa0];
const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/;

/** Reads the first certificate of a PEM text. @throws Error with a sentence when there is none. */
export function readX509(pem: string): X509Record {
  const [, body] = PEM.exec(pem) ?? [];
  if (body === undefined) throw new Error("There is no complete certificate in this text.");
  const der = Uint8Array.from(decodeBase64(body.replace(/\s/g, "")), (character) => character.charCodeAt(0));
  return { serial: serialOf(der), x509Hash: bytesToHex(sha256(der)) };
}

/** The serialNumber of a certificate (RFC 5280 section 4.1): the first INTEGER of its body, after the version. */
function serialOf(der: Uint8Array): bigint {
  const certificate = elementAt(der, 0);
  if (certificate.tag !== SEQUENCE || certificate.end !== der.length) throw new Error("This is no DER certificate.");
  const body = elementAt(der, certificate.start);
  const first = elementAt(der, body.start);
  const serial = first.tag === VERSION ? elementAt(der, first.end) : first;
  if (body.tag !== SEQUENCE || serial.tag !== INTEGER || serial.end > body.end || serial.end === serial.start) {
    throw new Error("This certificate has no serial number.");
  }
  return BigInt(bytesToHex(der.subarray(serial.start, serial.end)));
}

/** Tag and content of the DER element at an offset. */
function elementAt(der: Uint8Array, offset: number): { tag: number; start: number; end: number } {
  const [tag = 0, first = 0] = der.subarray(offset);
  const count = first < 0x80 ? 0 : first & 0x7f;
  const start = offset + 2 + count;
  const length = count === 0 ? first : der.subarray(offset + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  const end = start + length;
  if (count > 4 || first === 0x80 || end > der.length) throw new Error("This certificate is cut short or damaged.");
  return { tag, start, end };
}

function decodeBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    throw new Error("This certificate is cut short or damaged.");
  }
}
