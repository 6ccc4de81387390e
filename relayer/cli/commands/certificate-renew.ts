import {
  type CertificateRequest,
  certificateRequestTypedData,
  hashCertificateRequest,
} from "@pqmesh/contracts/protocol/certificate-request";
import type { Command } from "commander";
import { bytesToHex, type Hex, hexToBytes } from "viem";
import { readSubject, serialText } from "../certificate-argument.ts";
import { type NetworkOptions, openNetwork, openWallet, type Session, withNetwork } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { print, usageError } from "../output.ts";
import { keystorePassword, type PasswordOptions, withPassword } from "../password.ts";

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
  const [{ obtainCertificate, openTlsKey, requireNew }, { createCertificateRequest }] = await Promise.all([
    import("../certificate-service.ts"),
    import("../../src/pki/certificate-request.ts"),
  ]);
  const { out, service } = options;
  requireNew(out);
  const { kind, subject } = readSubject(file);
  const session = await openNetwork(options);
  const csr = await createCertificateRequest(await openTlsKey(options.keystore, options), "pqmesh");
  const sign = (request: CertificateRequest) => signRequest(request, session, options);
  const serial = await obtainCertificate(session, { holder: { kind, subject }, csr, service, out, sign });
  const serialNumber = serialText(serial);
  print(command, { file: out, serialNumber }, `${out}: certificate ${serialNumber}, recorded on chain`);
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
