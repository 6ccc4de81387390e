import { existsSync } from "node:fs";
import { type CertificateRequest, certificateRequestTypedData } from "@pqmesh/contracts/protocol/certificate-request";
import { type Command, Option } from "commander";
import type { Address } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import type { CertificateHolder } from "../../src/renewal/require-renewed.ts";
import { addressArgument, naturalArgument, readTextFile } from "../arguments.ts";
import { serialText, subjectText } from "../certificate-argument.ts";
import { type NetworkOptions, openNetwork, openWallet, type Session, withNetwork } from "../chain-session.ts";
import { contractOf } from "../contracts.ts";
import { withExample } from "../help.ts";
import { CliError, print, refuted, usageError } from "../output.ts";
import { keystorePassword, type PasswordOptions, withPassword } from "../password.ts";
import { requireKnownNode } from "../require-known-node.ts";

interface RequestOptions extends NetworkOptions, PasswordOptions {
  node?: string;
  operator?: string;
  relayer?: string;
  keystore?: string;
  csr?: string;
  service: string;
  wallet: string;
  out: string;
  dryRun?: boolean;
}

/** Adds `pqmesh cert request`: asks an authority's service for the certificate of whoever has none. */
export function addCertificateRequestCommand(cert: Command): void {
  const service = "--service http://127.0.0.1:9140 --wallet owner.json";
  withExample(
    withPassword(withNetwork(cert.command("request"))),
    `cert request --node 12 --keystore tls.json ${service} --out node.pem --dry-run`,
    `cert request --operator 2 --csr operator.csr ${service} --out operator.pem`,
  )
    .description(
      "ask an authority's service for a first certificate, signed by a wallet, and wait until the chain has it for good",
    )
    .addOption(new Option("--node <nodeIndex>", "node that it is for").conflicts(["operator", "relayer"]))
    .addOption(new Option("--operator <identityId>", "operator that it is for").conflicts("relayer"))
    .option("--relayer <address>", "relayer that it is for")
    .addOption(new Option("--keystore <file>", "keystore of the TLS key; made when it is not there").conflicts("csr"))
    .option("--csr <file>", "certificate request of a key that is elsewhere (cert csr); the same one may be sent again")
    .requiredOption("--service <url>", "read API of a relayer that issues for the authority")
    .requiredOption("--wallet <file>", "wallet that signs: owner or hot wallet of the operator, or the relayer's")
    .requiredOption("--out <file>", "PEM file to write; never overwritten")
    .option("--dry-run", "make and send nothing: only say who would be asked for what, and whether it can issue")
    .action(request);
}

async function request(options: RequestOptions, command: Command): Promise<void> {
  const [{ obtainCertificate, requireNew }, { describeService }] = await Promise.all([
    import("../certificate-service.ts"),
    import("../../src/renewal/authority-client.ts"),
  ]);
  if (options.keystore === undefined && options.csr === undefined)
    throw usageError("name the key to certify: --keystore, or --csr for one that is elsewhere");
  requireNew(options.out);
  const holder = holderOf(options);
  const session = await openNetwork(options);
  const account = await openWallet(options.wallet, options);
  const isSigner = await isSignerOf(session, holder, account.address);
  const { service, out } = options;
  const authority = await describeService(service);
  requireSameRegistry(session, authority);
  const asked = { ...holder, subject: `${holder.subject}`, wallet: account.address, isSigner, service };
  const facts = { authorityId: authority.authorityId, trustDomain: authority.trustDomain, flaw: authority.flaw };
  if (options.dryRun) {
    print(command, { dryRun: true, ...asked, ...facts }, previewOf(options, { holder, account, isSigner, ...facts }));
    return;
  }
  if (authority.flaw !== null) throw new CliError(`${service} cannot issue now: ${authority.flaw}`);
  const sign = (statement: CertificateRequest) => account.signTypedData(typedData(session, statement));
  const serial = await obtainCertificate(session, { holder, csr: await csrOf(options), service, out, sign });
  const serialNumber = serialText(serial);
  const result = { dryRun: false, ...asked, ...facts, file: out, serialNumber };
  print(command, result, `${out}: certificate ${serialNumber}, recorded on chain`);
}

function holderOf({ node, operator, relayer }: RequestOptions): CertificateHolder {
  if (node !== undefined) return { kind: "node", subject: BigInt(naturalArgument("--node", node)) };
  if (operator !== undefined)
    return { kind: "operator", subject: BigInt(naturalArgument("--operator", operator, { least: 1 })) };
  if (relayer !== undefined) return { kind: "relayer", subject: BigInt(addressArgument("--relayer", relayer)) };
  throw usageError("name whom the certificate is for: --node, --operator or --relayer");
}

/** Whether the chain lets a wallet ask for a holder by itself. @throws CliError when there is no such node or operator. */
async function isSignerOf(session: Session, { kind, subject }: CertificateHolder, wallet: Address): Promise<boolean> {
  if (kind === "relayer") return BigInt(wallet) === subject;
  const registry = contractOf(session, "NodeRegistry");
  let identityId = Number(subject);
  if (kind === "node") {
    await requireKnownNode(session, identityId);
    const request = { ...registry, functionName: "nodeOf", args: [identityId] } as const;
    ({ identityId } = await session.client.readContract(request));
  }
  const { owner, operatorWallet } = await session.client.readContract({
    ...{ ...registry, functionName: "operatorOf", args: [identityId] },
  });
  return [owner, operatorWallet].includes(wallet);
}

function requireSameRegistry({ network }: Session, { chainId, registry }: { chainId: number; registry: string }): void {
  const { CertificateRegistry } = network.contracts;
  if (chainId === network.chainId && registry.toLowerCase() === CertificateRegistry.toLowerCase()) return;
  throw refuted(
    `the service issues for registry ${registry} of chain ${chainId}, network.json names ${CertificateRegistry} of chain ${network.chainId}`,
  );
}

function typedData({ network }: Session, statement: CertificateRequest) {
  const domain = { chainId: network.chainId, registry: network.contracts.CertificateRegistry };
  return certificateRequestTypedData(domain, statement);
}

/** The PKCS #10 request: as given, or of the keystore's key, which is made when it is not there. */
async function csrOf({ csr, keystore = "", ...options }: RequestOptions): Promise<string> {
  if (csr !== undefined) return readCsr(csr);
  const [{ openTlsKey }, { createCertificateRequest }] = await Promise.all([
    import("../certificate-service.ts"),
    import("../../src/pki/certificate-request.ts"),
  ]);
  if (!existsSync(keystore)) await makeKeystore(keystore, options);
  return createCertificateRequest(await openTlsKey(keystore, options), "pqmesh");
}

async function readCsr(file: string): Promise<string> {
  const { readCertificateRequest } = await import("../../src/pki/certificate-request.ts");
  const text = readTextFile(file);
  try {
    readCertificateRequest(text);
  } catch (cause) {
    throw usageError(`${file} is no certificate request: ${(cause as Error).message}`, cause);
  }
  return text;
}

async function makeKeystore(file: string, options: PasswordOptions): Promise<void> {
  const { createKeystore, writeKeystore } = await import("../../src/keystore/keystore.ts");
  const password = await keystorePassword(options, { again: true });
  await writeKeystore(file, await createKeystore({ kind: "ml-dsa-65", purpose: "tls", password }));
}

interface Plan {
  holder: CertificateHolder;
  account: PrivateKeyAccount;
  isSigner: boolean;
  authorityId: number;
  trustDomain: string;
  flaw: string | null;
}

function previewOf({ service, keystore, csr }: RequestOptions, plan: Plan): string {
  const { holder, account, isSigner, authorityId, trustDomain, flaw } = plan;
  const key = keystore !== undefined && !existsSync(keystore) ? `a new key, kept in ${keystore}` : (keystore ?? csr);
  return [
    `Ask ${service} for a certificate of ${subjectText(holder.kind, holder.subject)}.`,
    `  authority ${authorityId} of ${trustDomain}${flaw === null ? "" : `, which cannot issue now: ${flaw}`}`,
    `  key       ${key}`,
    `  signed by ${account.address}${isSigner ? "" : `, whom the chain does not name for this ${holder.kind}`}`,
    "Nothing was made or sent; the same without --dry-run asks.",
  ].join("\n");
}
