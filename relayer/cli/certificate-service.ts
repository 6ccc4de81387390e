import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { CERTIFICATE_KINDS } from "@pqmesh/contracts/protocol/certificate-kind";
import type { CertificateRequest } from "@pqmesh/contracts/protocol/certificate-request";
import { type Hex, sha256 } from "viem";
import { authorityClient, signOnce } from "../src/renewal/authority-client.ts";
import { readCertificateRequest } from "../src/pki/certificate-request.ts";
import { fromPem } from "../src/pki/signed-der.ts";
import { type CertificateKey, certificateKey } from "../src/pki/tls-key.ts";
import { type CertificateHolder, requireRenewed } from "../src/renewal/require-renewed.ts";
import { serialText } from "./certificate-argument.ts";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { writeNewFile } from "./new-file.ts";
import { refuted, usageError } from "./output.ts";
import { keystorePassword, type PasswordOptions } from "./password.ts";
import { untilFinal } from "./until-final.ts";

/** Seconds for which the signature under the request is good. */
const SIGNATURE_SECONDS = 3_600n;

/** A certificate that an authority's service is asked for. */
export interface AskedCertificate {
  holder: CertificateHolder;
  /** PKCS #10 request, PEM. */
  csr: string;
  /** Read API of a relayer that issues for an authority. */
  service: string;
  /** PEM file to write. */
  out: string;
  /** Signs the request to one authority. */
  sign(request: CertificateRequest): Promise<Hex>;
}

/**
 * Asks a service for a certificate, waits until the chain has it for good, and writes it.
 *
 * @returns Its serial number.
 * @throws CliError when the file exists, or when the chain does not have what the service sent for this holder and key.
 */
export async function obtainCertificate(session: Session, asked: AskedCertificate): Promise<bigint> {
  const { holder, csr, service, out, sign } = asked;
  requireNew(out);
  const { timestamp } = await session.client.getBlock();
  const requestHash = sha256(fromPem("CERTIFICATE REQUEST", csr));
  const deadline = timestamp + SIGNATURE_SECONDS;
  const signFor = signOnce((authorityId) => sign({ ...holder, authorityId, requestHash, deadline }));
  const answer = await untilFinal(authorityClient([service]), { ...holder, request: csr, deadline, signFor });
  const serial = await requireOwn(session, answer.certificate, { holder, publicKey: readCertificateRequest(csr) });
  writeNewFile(out, answer.certificate);
  return serial;
}

/** @throws CliError when a file that is to be written exists, before anything is asked for. */
export function requireNew(file: string): void {
  if (existsSync(file)) throw usageError(`${file} exists already and is not overwritten`);
}

/** Opens the keystore of a TLS key. @throws CliError when its key is for something else. */
export async function openTlsKey(keystore: string, options: PasswordOptions): Promise<CertificateKey> {
  const { openKeystore, readKeystore } = await import("../src/keystore/keystore.ts");
  const { purpose } = await readKeystore(keystore);
  if (purpose !== "tls") throw usageError(`${keystore} holds a key for ${purpose}, not for tls`);
  return certificateKey((await openKeystore(keystore, await keystorePassword(options))).secret);
}

/** Takes no certificate on the word of the service: the chain must have it, for this holder and this key. */
async function requireOwn(
  session: Session,
  pem: string,
  { holder, publicKey }: { holder: CertificateHolder; publicKey: Uint8Array },
): Promise<bigint> {
  const certificate = new X509Certificate(pem);
  const serial = BigInt(`0x${certificate.serialNumber}`);
  const recorded = await session.client.readContract({
    ...contractOf(session, "CertificateRegistry"),
    ...{ functionName: "certificateOf", args: [serial] },
  });
  const kind = CERTIFICATE_KINDS[recorded.kind - 1];
  if (!kind) throw refuted(`the chain does not record certificate ${serialText(serial)}, which the service sent`);
  try {
    requireRenewed(certificate, { holder, publicKey, record: { ...recorded, kind } });
    return serial;
  } catch (cause) {
    throw refuted(`the service sent another certificate: ${(cause as Error).message}`);
  }
}
