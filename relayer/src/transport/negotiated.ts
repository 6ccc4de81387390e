import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";

import { derChildren, readDer } from "../pki/der.ts";
import { type PeerIdentity, peerIdentity } from "../pki/peer-identity.ts";
import { REQUIRED } from "./tls-policy.ts";

/** What the two ends of a TLS connection agreed on, read from the live socket. */
export interface TlsAgreement {
  protocol: string;
  /** IANA name of the key exchange group. */
  group: string;
  cipher: string;
  /** Algorithm of the signature by which the peer proved its key in the handshake. */
  signatureAlgorithm: string;
}

/** The same with whom the peer's certificate names. */
export interface Negotiated extends TlsAgreement {
  peerIdentity: PeerIdentity;
}

/** TLS supported groups (IANA registry) that OpenSSL 3.5 offers by default. */
const GROUP_NAMES: ReadonlyMap<number, string> = new Map([
  [0x0017, "secp256r1"],
  [0x0018, "secp384r1"],
  [0x0019, "secp521r1"],
  [0x001d, "x25519"],
  [0x001e, "x448"],
  [0x0201, "MLKEM768"],
  [0x11eb, "SecP256r1MLKEM768"],
  [0x11ec, "X25519MLKEM768"],
  [0x11ed, "SecP384r1MLKEM1024"],
]);

/** Context tag of the field of an encoded OpenSSL session that holds the group's number. */
const SESSION_GROUP_TAG = 0xb3;

const certificates = new WeakMap<TLSSocket, X509Certificate>();

/**
 * Returns the certificate of a connected peer. Node 24 gives it to a client on the first call only
 * (`getPeerX509Certificate` takes it out of the received chain), so read it nowhere else.
 */
export function peerCertificate(socket: TLSSocket): X509Certificate | undefined {
  const known = certificates.get(socket);
  if (known) return known;
  const certificate = socket.getPeerX509Certificate();
  if (certificate) certificates.set(socket, certificate);
  return certificate;
}

/**
 * Reads what a connected socket negotiated, and its peer.
 *
 * @throws Error when the peer is not verified or a value cannot be read.
 */
export function negotiated(socket: TLSSocket): Negotiated {
  const certificate = peerCertificate(socket);
  if (!certificate || !socket.authorized) throw new Error("the peer's certificate is not verified");
  return { ...tlsAgreement(socket, certificate), peerIdentity: peerIdentity(certificate) };
}

/**
 * Reads what a connected socket negotiated. In TLS 1.3 the key of the peer's certificate fixes the signature
 * algorithm, and it must also be one that both ends listed. Whether the certificate is the expected one is not judged.
 *
 * @throws Error when a value cannot be read.
 */
export function tlsAgreement(socket: TLSSocket, certificate: X509Certificate): TlsAgreement {
  return {
    protocol: socket.getProtocol() ?? "none",
    group: negotiatedGroup(socket),
    cipher: socket.getCipher().standardName,
    signatureAlgorithm: signatureAlgorithm(socket, certificate.publicKey.asymmetricKeyType),
  };
}

/** @throws Error when protocol, group or signature algorithm is not the required one. */
export function requirePolicy(actual: TlsAgreement): void {
  for (const field of ["protocol", "group", "signatureAlgorithm"] as const) {
    if (actual[field] !== REQUIRED[field]) {
      throw new Error(`connection negotiated ${field} ${actual[field]}, not ${REQUIRED[field]}`);
    }
  }
}

/** Node tells a client the group by name; for a server it stands in the encoded session. */
function negotiatedGroup(socket: TLSSocket): string {
  const info = socket.getEphemeralKeyInfo();
  if (info && "name" in info && typeof info.name === "string") return info.name;
  const session = socket.getSession();
  const field = session && derChildren(readDer(session)).find((member) => member.tag === SESSION_GROUP_TAG);
  if (!field) throw new Error("the socket does not tell its key exchange group");
  const number = Number(`0x${readDer(field.content).content.toString("hex")}`);
  return GROUP_NAMES.get(number) ?? `0x${number.toString(16)}`;
}

function signatureAlgorithm(socket: TLSSocket, keyType: string | undefined): string {
  const shared = socket.getSharedSigalgs().map((name) => name.split("+")[0]);
  if (keyType === "ml-dsa-65" && shared.includes("id-ml-dsa-65")) return "ML-DSA-65";
  return `${keyType} with one of ${shared.join(", ")}`;
}
