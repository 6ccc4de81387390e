import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, type Hex } from "viem";

const PEM =
  /^\s*-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----\s*$/;

/** Seconds for which a request can be handed in. */
export const APPLICATION_SECONDS = 900;

/** A request for a key (PKCS #10) as it was pasted, and the hash that the wallet signs. */
export type RequestReading = { request: string; requestHash: Hex } | { problem: string };

/** Whom a certificate is asked for. */
export interface Applicant {
  kind: CertificateKind;
  subject: bigint;
}

/** Reads a PEM request; the authority checks what is in it. */
export function readRequest(pem: string): RequestReading {
  if (pem.trim() === "") return { problem: "Paste the request, or choose its file." };
  if (pem.includes("PRIVATE KEY")) {
    return { problem: "This is a private key. Nobody but its owner may see it: paste the request instead." };
  }
  const [, body] = PEM.exec(pem) ?? [];
  if (body === undefined) return { problem: "This is no certificate request in PEM (PKCS #10)." };
  try {
    const der = Uint8Array.from(atob(body.replace(/\s/g, "")), (character) => character.charCodeAt(0));
    if (der[0] !== 0x30) throw new Error("no sequence");
    return { request: `${pem.trim()}\n`, requestHash: bytesToHex(sha256(der)) };
  } catch {
    return { problem: "This request is cut short or damaged." };
  }
}
