import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { addressArgument, readTextFile } from "../arguments.ts";
import { readCertificateFile } from "../certificate-argument.ts";
import { withExample } from "../help.ts";
import { writeNewFile } from "../new-file.ts";
import { print, usageError } from "../output.ts";
import { keystorePassword, type PasswordOptions, withPassword } from "../password.ts";
import { addCertificateEmergencyCommands } from "./certificate-emergency.ts";
import { addEvidenceCommands } from "./certificate-evidence.ts";
import { addCertificateLogCommands } from "./certificate-log.ts";
import { addCertificateListCommands } from "./certificate-list.ts";
import { addCertificateOrderCommands } from "./certificate-order.ts";
import { addCertificateRecordCommands } from "./certificate-record.ts";
import { addCertificateRenewCommand } from "./certificate-renew.ts";
import { addCertificateRequestCommand } from "./certificate-request.ts";
import { addCertificateStatusCommand } from "./certificate-status.ts";

const SALT_BYTES = 32;

/** Adds `pqmesh cert …`: the network's certificate authority and the certificates it issues. */
export function addCertificateCommands(program: Command): void {
  const cert = withExample(
    program.command("cert").description("certificates: make them, record them on chain, rotate, revoke, look them up"),
    "cert show node.pem",
  );

  withExample(
    withPassword(cert.command("authority")),
    "cert authority --keystore ca.json --trust-domain pqmesh.example --out ca.pem",
  )
    .description("make the self-signed certificate of an authority from its keystore (key create --purpose authority)")
    .requiredOption("--keystore <file>", "keystore of the authority's key")
    .requiredOption("--trust-domain <name>", "SPIFFE trust domain of the network")
    .requiredOption("--out <file>", "PEM file to write; never overwritten")
    .option("--name <text>", "common name", "PQMesh authority")
    .action(createAuthority);

  withExample(withPassword(cert.command("csr")), "cert csr --keystore tls.json --out node.csr")
    .description("make a certificate request (PKCS #10) from a TLS keystore (key create --purpose tls)")
    .requiredOption("--keystore <file>", "keystore of the TLS key")
    .requiredOption("--out <file>", "PEM file to write; never overwritten")
    .option("--name <text>", "common name", "pqmesh")
    .action(createRequest);

  const issue = (name: string, description: string): Command =>
    withPassword(cert.command(name))
      .description(description)
      .requiredOption("--ca <file>", "PEM certificate of the authority")
      .requiredOption("--ca-keystore <file>", "keystore of the authority's key")
      .requiredOption("--trust-domain <name>", "SPIFFE trust domain of the network")
      .requiredOption("--request <file>", "certificate request (cert csr)")
      .requiredOption("--out <file>", "PEM file to write; never overwritten")
      .option("--days <n>", "life in days", "47");

  const issuing = "--ca ca.pem --ca-keystore ca.json --trust-domain pqmesh.example --request node.csr --out node.pem";
  withExample(
    issue("issue-node", "certify the TLS key of a node"),
    `cert issue-node --did did:pqmesh:31337:0x5fbdb2315678afecb367f032d93f642f64180aa3:3 ${issuing}`,
  )
    .requiredOption("--did <did>", "DID of the node")
    .action(issueNode);
  withExample(
    issue("issue-relayer", "certify the TLS key of a relayer"),
    `cert issue-relayer --address 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 ${issuing}`,
  )
    .requiredOption("--address <address>", "address of the relayer")
    .option("--host <name...>", "host names and IP addresses besides localhost")
    .action(issueRelayer);

  withExample(
    issue("issue-holder", "certify a key of an operator or a voter: what its account votes by, once recorded"),
    `cert issue-holder --did did:pqmesh:31337:0x5fbdb2315678afecb367f032d93f642f64180aa3:voter:4294967297 ${issuing}`,
  )
    .requiredOption("--did <did>", "DID of the operator (…:operator:ID) or the voter (…:voter:NULLIFIER)")
    .action(issueHolder);
  withExample(cert.command("nullifier"), "cert nullifier --person person.txt --salt person.salt")
    .description("compute the number by which the chain knows a voter: a salted commitment that says nothing by itself")
    .requiredOption("--person <file>", "text that names one person, always the same")
    .requiredOption(
      "--salt <file>",
      "the person's salt, 32 bytes; made when it is not there. Erase it to forget the person",
    )
    .action(showNullifier);

  withExample(cert.command("show"), "cert show node.pem --json")
    .description("print whom a certificate names, its life and its hash")
    .argument("<file>", "PEM certificate")
    .action(showCertificate);

  addCertificateStatusCommand(cert);
  addCertificateLogCommands(cert);
  addEvidenceCommands(cert);
  addCertificateListCommands(cert);
  addCertificateRecordCommands(cert);
  addCertificateRequestCommand(cert);
  addCertificateRenewCommand(cert);
  addCertificateOrderCommands(cert);
  addCertificateEmergencyCommands(cert);
}

interface IssueOptions extends PasswordOptions {
  ca: string;
  caKeystore: string;
  trustDomain: string;
  request: string;
  out: string;
  days: string;
}

async function openSigner(keystore: string, purpose: string, options: PasswordOptions) {
  const [{ openKeystore, readKeystore }, { certificateKey }] = await Promise.all([
    import("../../src/keystore/keystore.ts"),
    import("../../src/pki/tls-key.ts"),
  ]);
  const found = (await readKeystore(keystore)).purpose;
  if (found !== purpose) throw usageError(`${keystore} holds a key for ${found}, not for ${purpose}`);
  const { secret } = await openKeystore(keystore, await keystorePassword(options));
  return certificateKey(secret);
}

async function createAuthority(
  options: PasswordOptions & { keystore: string; trustDomain: string; out: string; name: string },
  command: Command,
): Promise<void> {
  const { CertificateAuthority } = await import("../../src/pki/certificate-authority.ts");
  const signer = await openSigner(options.keystore, "authority", options);
  const { trustDomain, name: commonName } = options;
  const authority = await CertificateAuthority.createRoot({ commonName, signer, trustDomain });
  writeNewFile(options.out, authority.pem);
  print(command, { file: options.out, trustDomain }, `${options.out}: authority of ${trustDomain}`);
}

async function createRequest(
  options: PasswordOptions & { keystore: string; out: string; name: string },
  command: Command,
): Promise<void> {
  const { createCertificateRequest } = await import("../../src/pki/certificate-request.ts");
  const request = await createCertificateRequest(await openSigner(options.keystore, "tls", options), options.name);
  writeNewFile(options.out, request);
  print(command, { file: options.out }, `${options.out}: send it to the authority; it holds no secret`);
}

async function issueNode(options: IssueOptions & { did: string }, command: Command): Promise<void> {
  const authority = await openAuthority(options);
  const request = { request: readTextFile(options.request) };
  const issued = await authority.issueNode({ key: request, did: options.did, days: lifeDays(options) });
  finishIssue(options, issued, command);
}

async function issueHolder(options: IssueOptions & { did: string }, command: Command): Promise<void> {
  const authority = await openAuthority(options);
  const request = { request: readTextFile(options.request) };
  const issued = await authority.issueHolder({ key: request, did: options.did, days: lifeDays(options) });
  finishIssue(options, issued, command);
}

async function showNullifier(options: { person: string; salt: string }, command: Command): Promise<void> {
  const { voterNullifier } = await import("../../src/pki/voter-nullifier.ts");
  const person = readTextFile(options.person);
  if (!existsSync(options.salt)) writeNewFile(options.salt, `${randomBytes(SALT_BYTES).toString("hex")}\n`, 0o600);
  const salt = readTextFile(options.salt).trim();
  if (!/^[0-9a-f]{64}$/.test(salt)) throw usageError(`${options.salt} holds no salt: ${SALT_BYTES} bytes in hex`);
  const nullifier = String(voterNullifier(person, Buffer.from(salt, "hex")));
  print(
    command,
    { nullifier, salt: options.salt },
    `${nullifier}\n${options.salt}: keep it, the next certificate needs it`,
  );
}

async function issueRelayer(
  options: IssueOptions & { address: string; host?: string[] },
  command: Command,
): Promise<void> {
  const authority = await openAuthority(options);
  const issued = await authority.issueRelayer({
    key: { request: readTextFile(options.request) },
    address: addressArgument("--address", options.address),
    hosts: options.host ?? [],
    days: lifeDays(options),
  });
  finishIssue(options, issued, command);
}

async function openAuthority(options: IssueOptions) {
  const { ca, caKeystore, trustDomain } = options;
  const { CertificateAuthority } = await import("../../src/pki/certificate-authority.ts");
  const signer = await openSigner(caKeystore, "authority", options);
  return new CertificateAuthority({ certificate: readTextFile(ca), signer, trustDomain });
}

function lifeDays({ days }: IssueOptions): number {
  const value = Number(days);
  if (!Number.isInteger(value) || value < 1 || value > 397)
    throw usageError("--days must be a whole number from 1 to 397");
  return value;
}

function finishIssue(
  options: IssueOptions,
  issued: { pem: string; serialNumber: string; hash: string },
  command: Command,
): void {
  writeNewFile(options.out, issued.pem);
  const { serialNumber, hash } = issued;
  print(
    command,
    { file: options.out, serialNumber, hash },
    `${options.out}: certificate ${serialNumber}\nSHA-256 ${hash}`,
  );
}

function showCertificate(file: string, _options: unknown, command: Command): void {
  const certificate = readCertificateFile(file);
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
