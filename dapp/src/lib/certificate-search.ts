import { parseMemberDid } from "@pqmesh/contracts/protocol/did";
import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { readX509, type X509Record } from "./x509-record.ts";

/** What somebody looks up: a certificate by its number or its X.509, or those of a subject. */
export type CertificateSearch =
  | { by: "serial"; serial: bigint }
  | { by: "x509"; record: X509Record }
  | { by: "subject"; kind: CertificateKind; subject: bigint };

/** What was typed, or the sentence that says why nothing can be looked up. */
export type SearchReading = { search: CertificateSearch } | { problem: string };

/** Largest serial number: 20 bytes (RFC 5280 section 4.1.2.2). */
const LARGEST_SERIAL = 2n ** 160n - 1n;

/** Reads a serial number (decimal, or hex with or without colons), a DID of this network, or a PEM certificate. */
export function readSearch(text: string, { chainId, contracts }: NetworkConfig): SearchReading {
  const typed = text.trim();
  if (typed === "") return { problem: "Enter a serial number, a DID, or paste a PEM certificate." };
  try {
    if (typed.includes("-----BEGIN")) return { search: { by: "x509", record: readX509(typed) } };
    if (!typed.startsWith("did:")) return readSerial(typed);
    const did = parseMemberDid(typed);
    if (did.chainId !== chainId || did.registry.toLowerCase() !== contracts.NodeRegistry.toLowerCase()) {
      return { problem: "This DID is of another network." };
    }
    return { search: { by: "subject", kind: did.kind, subject: did.subject } };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** A serial number as it stands in an address; undefined when it is none. */
export function serialInPath(text: string): bigint | undefined {
  const reading = readSerial(text);
  return "search" in reading && reading.search.by === "serial" ? reading.search.serial : undefined;
}

function readSerial(text: string): SearchReading {
  const digits = text.replaceAll(/[:\s]/g, "");
  const isDecimal = /^\d{1,49}$/.test(digits) && !text.includes(":");
  const isHex = /^(0x)?[0-9a-f]{1,42}$/i.test(digits);
  if (!isDecimal && !isHex) return { problem: "This is no serial number, DID or PEM certificate." };
  const serial = BigInt(isDecimal || digits.toLowerCase().startsWith("0x") ? digits : `0x${digits}`);
  if (serial === 0n || serial > LARGEST_SERIAL) {
    return { problem: "A serial number has from 1 to 160 bits (RFC 5280 section 4.1.2.2)." };
  }
  return { search: { by: "serial", serial } };
}
