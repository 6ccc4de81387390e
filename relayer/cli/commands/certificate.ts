import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import type { Address } from "viem";
import { print } from "../output.ts";

/** Adds `pqmesh cert …`: the network's certificate authority and the certificates it issues. */
export function addCertificateCommands(program: Command): void {
  const cert = program.command("cert").description("ML-DSA-65 certificates for TLS between nodes and relayers");

  cert
    .command("authority")
    .description("make the self-signed certificate of an authority from its keystore (key create --for authority)")
    .requiredOption("--keystore <file>", "keystore of the authority's key")
    .requiredOption("--trust-domain <name>", "SPIFFE trust domain of the network")
    .requiredOption("--out <file>", "PEM file to write; never overwritten")
    .option("--name <text>", "common name", "PQMesh authority")
    .action(createAuthority);

  cert
    .command("request")
    .description("make a certificate request (PKCS #10) from a TLS keystore (key create --for tls)")
    .requiredOption("--keystore <file>", "keystore of the TLS key")
    .requiredOption("--out <file>", "PEM file to write; never overwritten")
    .option("--name <text>", "common name", "pqmesh")
    .action(createRequest);

  const issue = (name: string, description: string): Command =>
    cert
      .command(name)
      .description(description)
      .requiredOption("--ca <file>", "PEM certificate of the authority")
      .requiredOption("--ca-keystore <file>", "keystore of the authority's key")
      .requiredOption("--trust-domain <name>", "SPIFFE trust domain of the network")
      .requiredOption("--request <file>", "certificate request (cert request)")
      .requiredOption("--out <file>", "PEM file to write; never overwritten")
      .option("--days <n>", "life in days", "47");

  issue("issue-node", "certify the TLS key of a node")
    .requiredOption("--did <did>", "DID of the node")
    .action(issueNode);
  issue("issue-relayer", "certify the TLS key of a relayer")
    .requiredOption("--address <address>", "address of the relayer")
    .option("--host <name...>", "host names and IP addresses besides localhost")
    .action(issueRelayer);

  cert
    .command("show")
    .description("print whom a certificate names, its life and its hash")
    .argument("<file>", "PEM certificate")
    .action(showCertificate);
}

interface IssueOptions {
  ca: string;
  caKeystore: string;
  trustDomain: string;
  request: string;
  out: string;
  days: string;
}

async function openSigner(keystore: string, purpose: string) {
  const [{ openKeystore }, { readPassword }, { certificateKey }] = await Promise.all([
    import("../../src/keystore/keystore.ts"),
    import("../../src/keystore/password.ts"),
    import("../../src/pki/tls-key.ts"),
  ]);
  const opened = await openKeystore(keystore, await readPassword());
  if (opened.purpose !== purpose) throw new Error(`${keystore} holds a key for ${opened.purpose}, not for ${purpose}`);
  return certificateKey(opened.secret);
}

async function createAuthority(
  options: { keystore: string; trustDomain: string; out: string; name: string },
  command: Command,
): Promise<void> {
  const { CertificateAuthority } = await import("../../src/pki/certificate-authority.ts");
  const signer = await openSigner(options.keystore, "authority");
  const { trustDomain, name: commonName } = options;
  const authority = await CertificateAuthority.createRoot({ commonName, signer, trustDomain });
  writeFileSync(options.out, authority.pem, { flag: "wx" });
  print(command, { file: options.out, trustDomain }, `${options.out}: authority of ${trustDomain}`);
}

async function createRequest(
  options: { keystore: string; out: string; name: string },
  command: Command,
): Promise<void> {
  const { createCertificateRequest } = await import("../../src/pki/certificate-request.ts");
  const request = await createCertificateRequest(await openSigner(options.keystore, "tls"), options.name);
  writeFileSync(options.out, request, { flag: "wx" });
  print(command, { file: options.out }, `${options.out}: send it to the authority; it holds no secret`);
}

async function issueNode(options: IssueOptions & { did: string }, command: Command): Promise<void> {
  const authority = await openAuthority(options);
  const request = { request: readFileSync(options.request, "utf8") };
  const issued = await authority.issueNode({ key: request, did: options.did, days: lifeDays(options) });
  finishIssue(options, issued, command);
}

async function issueRelayer(
  options: IssueOptions & { address: string; host?: string[] },
  command: Command,
): Promise<void> {
  const authority = await openAuthority(options);
  const issued = await authority.issueRelayer({
    key: { request: readFileSync(options.request, "utf8") },
    address: options.address as Address,
    hosts: options.host ?? [],
    days: lifeDays(options),
  });
  finishIssue(options, issued, command);
}

async function openAuthority({ ca, caKeystore, trustDomain }: IssueOptions) {
  const { CertificateAuthority } = await import("../../src/pki/certificate-authority.ts");
  const signer = await openSigner(caKeystore, "authority");
  return new CertificateAuthority({ certificate: readFileSync(ca, "utf8"), signer, trustDomain });
}

function lifeDays({ days }: IssueOptions): number {
  const value = Number(days);
  if (!Number.isInteger(value) || value < 1 || value > 397) throw new Error(`--days is "${days}", it must be 1 to 397`);
  return value;
}

function finishIssue(
  options: IssueOptions,
  issued: { pem: string; serialNumber: string; hash: string },
  command: Command,
): void {
  writeFileSync(options.out, issued.pem, { flag: "wx" });
  const { serialNumber, hash } = issued;
  print(
    command,
    { file: options.out, serialNumber, hash },
    `${options.out}: certificate ${serialNumber}\nSHA-256 ${hash}`,
  );
}

async function showCertificate(file: string, _options: unknown, command: Command): Promise<void> {
  const { X509Certificate } = await import("node:crypto");
  const certificate = new X509Certificate(readFileSync(file));
  const hash = `0x${createHash("sha256").update(certificate.raw).digest("hex")}`;
  const { subject, issuer, serialNumber, validFrom, validTo, subjectAltName = "" } = certificate;
  const names = subjectAltName.split(", ");
  const result = { subject, issuer, serialNumber, validFrom, validTo, names, hash };
  const rows = [
    `subject  ${subject}`,
    `issuer   ${issuer}`,
    `serial   ${serialNumber}`,
    `valid    ${validFrom} to ${validTo}`,
  ];
  print(command, result, [...rows, ...names.map((name) => `name     ${name}`), `SHA-256  ${hash}`].join("\n"));
}
