import { X509Certificate } from "node:crypto";
import { CERTIFICATE_KINDS } from "@pqmesh/contracts/protocol/certificate-kind";
import {
  type CertificateRequest,
  certificateRequestTypedData,
  hashCertificateRequest,
} from "@pqmesh/contracts/protocol/certificate-request";
import type { Command } from "commander";
import { bytesToHex, type Hex, hexToBytes, sha256 } from "viem";
import type { CertificateKey } from "../../src/pki/tls-key.ts";
import type { CertificateHolder } from "../../src/renewal/require-renewed.ts";
import { readSubject, serialText } from "../certificate-argument.ts";
import { type NetworkOptions, openNetwork, openWallet, type Session, withNetwork } from "../chain-session.ts";
import { contractOf } from "../contracts.ts";
import { withExample } from "../help.ts";
import { writeNewFile } from "../new-file.ts";
import { print, refuted, usageError } from "../output.ts";
import { keystorePassword, type PasswordOptions, withPassword } from "../password.ts";

/** Seconds for which the signature under the request is good. */
const SIGNATURE_SECONDS = 3_600n;

interface RenewOptions extends NetworkOptions, PasswordOptions {
  keystore: string;
  service: string;
  wallet?: string;
  attestation?: string;
  out: string;
}

/** Adds `pqmesh cert renew`: asks an authority's service for the next certificate of whoever has one. */
export function addCertificateRenewCommand(cert: Command): void {
  withExample(
    withPassword(withNetwork(cert.command("renew"))),
    "cert renew node.pem --keystore next-tls.json --service http://127.0.0.1:9140 --attestation node.json --out next.pem",
  )
    .description(
      "renew a certificate with a new key at an authority's service, and wait until the chain has it for good",
    )
    .argument("<file>", "PEM certificate in use")
    .requiredOption("--keystore <file>", "keystore of the new TLS key (key create --purpose tls); used once")
    .requiredOption("--service <url>", "read API of a relayer that issues for the authority")
    .option("--wallet <file>", "wallet of the operator, or of the relayer, that signs the request")
    .option("--attestation <file>", "keystore of the node's attestation key that signs instead")
    .requiredOption("--out <file>", "PEM file to write; never overwritten")
    .action(renew);
}

async function renew(file: string, options: RenewOptions, command: Command): Promise<void> {
  if ((options.wallet === undefined) === (options.attestation === undefined))
    throw usageError("exactly one of --wallet and --attestation signs the request");
  const [{ authorityClient, signOnce }, { createCertificateRequest }, { fromPem }, { untilFinal }] = await Promise.all([
    import("../../src/renewal/authority-client.ts"),
    import("../../src/pki/certificate-request.ts"),
    import("../../src/pki/signed-der.ts"),
    import("../until-final.ts"),
  ]);
  const { kind, subject } = readSubject(file);
  const session = await openNetwork(options);
  const { timestamp } = await session.client.getBlock();
  const key = await openTlsKey(options);
  const csr = await createCertificateRequest(key, "pqmesh");
  const requestHash = sha256(fromPem("CERTIFICATE REQUEST", csr));
  const deadline = timestamp + SIGNATURE_SECONDS;
  const signFor = signOnce((authorityId) =>
    signRequest({ authorityId, kind, subject, requestHash, deadline }, session, options),
  );
  const asked = { kind, subject, request: csr, deadline, signFor };
  const answer = await untilFinal(authorityClient([options.service]), asked);
  await requireOwn(session, answer.certificate, { holder: { kind, subject }, key });
  writeNewFile(options.out, answer.certificate);
  const serialNumber = answer.serial.toString(16);
  print(command, { file: options.out, serialNumber }, `${options.out}: certificate ${serialNumber}, recorded on chain`);
}

async function openTlsKey({ keystore, ...options }: RenewOptions) {
  const [{ openKeystore }, { certificateKey }] = await Promise.all([
    import("../../src/keystore/keystore.ts"),
    import("../../src/pki/tls-key.ts"),
  ]);
  const { secret, purpose } = await openKeystore(keystore, await keystorePassword(options));
  if (purpose !== "tls") throw usageError(`${keystore} holds a key for ${purpose}, not for tls`);
  return certificateKey(secret);
}

async function signRequest(request: CertificateRequest, { network }: Session, options: RenewOptions): Promise<Hex> {
  const domain = { chainId: network.chainId, registry: network.contracts.CertificateRegistry };
  if (options.wallet !== undefined) {
    const account = await openWallet(options.wallet, options);
    return account.signTypedData(certificateRequestTypedData(domain, request));
  }
  const [{ openKeystore }, { AttestationSigner }] = await Promise.all([
    import("../../src/keystore/keystore.ts"),
    import("../../src/keystore/attestation-signer.ts"),
  ]);
  const signer = new AttestationSigner(await openKeystore(options.attestation ?? "", await keystorePassword(options)));
  return bytesToHex(signer.sign(hexToBytes(hashCertificateRequest(domain, request))));
}

/** Takes no certificate on the word of the service: the chain must have it, for this holder and this key. */
async function requireOwn(
  session: Session,
  pem: string,
  { holder, key }: { holder: CertificateHolder; key: CertificateKey },
): Promise<void> {
  const { requireRenewed } = await import("../../src/renewal/require-renewed.ts");
  const certificate = new X509Certificate(pem);
  const serial = BigInt(`0x${certificate.serialNumber}`);
  const recorded = await session.client.readContract({
    ...contractOf(session, "CertificateRegistry"),
    ...{ functionName: "certificateOf", args: [serial] },
  });
  const kind = CERTIFICATE_KINDS[recorded.kind - 1];
  if (!kind) throw refuted(`the chain does not record certificate ${serialText(serial)}, which the service sent`);
  try {
    requireRenewed(certificate, { holder, key: key.privateKey, record: { ...recorded, kind } });
  } catch (cause) {
    throw refuted(`the service sent another certificate: ${(cause as Error).message}`);
  }
}
