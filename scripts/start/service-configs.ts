import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ContractName, NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { developmentAccount } from "./accounts.ts";
import type { DevnetCertificates } from "./certificates.ts";
import type { DataDir } from "./data-dir.ts";
import { authorityUrl, type DevnetIdentities, publicKeyText, ROOT_AUTHORITY } from "./identities.ts";
import type { StartOptions } from "./options.ts";
import { servicePorts } from "./processes.ts";

/** Data sources of the subgraph. */
const INDEXED = [
  "NodeRegistry",
  "NodeStaking",
  "NodeDelegation",
  "NodeSlashing",
  "SlashProposals",
  "NodeOffences",
  "NodeRewards",
  "CaesarEmissions",
  "TeamVesting",
  "InvestorVesting",
  "RelayerCommittee",
  "CommitteeFees",
  "AttestationBridge",
  "AttestationDisputes",
  "MemberOffences",
  "SelfAttestation",
  "NodeListings",
  "LeaseEscrow",
  "LeaseDisputes",
  "NetworkParameters",
  "AdmittedIdentities",
  "CertificateRegistry",
  "QuadraticVotes",
  "QuadraticRound",
  "MeshGovernor",
  "MeshTimelock",
] as const satisfies ContractName[];

/** What the configurations are made from. */
export interface ConfigInputs {
  root: string;
  options: StartOptions;
  data: DataDir;
  network: NetworkConfig;
  identities: DevnetIdentities;
  certificates: DevnetCertificates;
}

/** Writes keystores, certificates and the one configuration file of every service. */
export function writeServiceConfigs(inputs: ConfigInputs): void {
  writeAuthority(inputs);
  writeIndexer(inputs);
  for (let i = 0; i < inputs.identities.relayers.length; i++) writeRelayer(inputs, i);
  for (let i = 0; i < inputs.identities.nodes.length; i++) writeAgent(inputs, i);
  writePeople(inputs);
}

/** Root keys, wallets and certificates of operators, and the wallets that propose to the timelock and approve. */
function writePeople({ data, identities, certificates }: ConfigInputs): void {
  identities.operators.forEach(({ rootKeystore, ownerWallet, tls }, i) => {
    writePublic(path.join(data.root, `operators/${i + 1}/certificate.pem`), certificates.operators[i]!.pem);
    writePrivate(path.join(data.root, `operators/${i + 1}/certificate-key.json`), json(tls.keystore));
    writePrivate(path.join(data.root, `operators/${i + 1}/root-key.json`), json(rootKeystore));
    writePrivate(path.join(data.root, `operators/${i + 1}/wallet.json`), json(ownerWallet));
  });
  for (const [role, wallet] of Object.entries(identities.timelock)) {
    writePrivate(path.join(data.root, `${role}/wallet.json`), json(wallet));
  }
}

function writeAuthority({ data, identities }: ConfigInputs): void {
  writePublic(path.join(data.authority, "ca.pem"), identities.authority.pem);
  writePrivate(path.join(data.authority, "ca-key.json"), json(identities.authorityKeystore));
  writePrivate(path.join(data.authority, "recovery-key.json"), json(identities.recoveryKeystore));
  writePrivate(passwordFile(data), `${identities.password}\n`);
}

function writeIndexer({ root, data, network, options }: ConfigInputs): void {
  const source = (name: ContractName) => ({
    address: network.contracts[name],
    startBlock: network.startBlock,
  });
  writePublic(
    path.join(data.indexer, "indexer.json"),
    json({
      rpcUrls: [network.rpcUrl],
      chainId: network.chainId,
      subgraph: path.join(root, "indexer/subgraph/build"),
      overrides: Object.fromEntries(INDEXED.map((name) => [name, source(name)])),
      database: path.join(data.indexer, "index.sqlite"),
      listen: { host: options.host, port: options.indexerPort },
      extensions: [{ module: path.join(root, "indexer/catalog/extension.ts"), settings: catalogSettings(network) }],
    }),
  );
}

function catalogSettings({ contracts }: NetworkConfig): object {
  const { NodeListings, LeaseEscrow, LeaseDisputes, LeaseVouchers } = contracts;
  return { contracts: { NodeListings, LeaseEscrow, LeaseDisputes, LeaseVouchers } };
}

function writeRelayer({ data, network, options, identities, certificates }: ConfigInputs, i: number): void {
  const { wallet, report, tls } = identities.relayers[i]!;
  const folder = data.relayer(i);
  const { host } = options;
  const ports = servicePorts(options);
  writePublic(path.join(folder, "tls.pem"), certificates.relayers[i]!.pem);
  writePrivate(path.join(folder, "wallet.json"), json(wallet));
  writePrivate(path.join(folder, "report-key.json"), json(report));
  writePrivate(path.join(folder, "tls-key.json"), json(tls.keystore));
  writePublic(
    path.join(folder, "relayer.json"),
    json({
      dataDir: path.join(folder, "data"),
      network: data.network,
      rpcUrls: [network.rpcUrl],
      passwordFile: passwordFile(data),
      walletKeystore: path.join(folder, "wallet.json"),
      reportKeystore: path.join(folder, "report-key.json"),
      tls: tlsConfig({ data, options }, folder),
      session: { host, port: ports.session(i) },
      committeeApi: { host, port: ports.committee(i) },
      readApi: { host, port: ports.read(i) },
      keeper: { enabled: options.keeper },
      renewal: renewalConfig(options),
      ...(i === 0 && { authority: authorityConfig({ data, options }) }),
    }),
  );
}

function writeAgent(inputs: ConfigInputs, i: number): void {
  const { data, network, options, identities, certificates } = inputs;
  const { attestation, attestationPublicKey, tls } = identities.nodes[i]!;
  const folder = data.agent(i);
  const ports = servicePorts(options);
  writePublic(path.join(folder, "tls.pem"), certificates.nodes[i]!.pem);
  writePublic(path.join(folder, "attestation-key.pub"), publicKeyText(attestationPublicKey));
  writePrivate(path.join(folder, "attestation-key.json"), json(attestation));
  writePrivate(path.join(folder, "tls-key.json"), json(tls.keystore));
  const relayers = identities.relayers.map((_, r) => ({
    address: developmentAccount("relayer", network.chainId, r).address,
    host: options.host,
    port: ports.session(r),
  }));
  writePublic(
    path.join(folder, "agent.json"),
    json({
      dataDir: path.join(folder, "data"),
      network: data.network,
      rpcUrls: [network.rpcUrl],
      nodeIndex: i,
      passwordFile: passwordFile(data),
      attestationKeystore: path.join(folder, "attestation-key.json"),
      tls: tlsConfig({ data, options }, folder),
      renewal: renewalConfig(options),
      relayers,
      heartbeatMs: Math.min(3_000, options.epochSeconds * 250),
      listen: { host: options.host, port: ports.agent(i) },
      ...leaseConfig(inputs, i),
    }),
  );
}

/**
 * The first node of each operator serves leases, with the operator's hot wallet: agents that send with one key at once would
 * take each other's nonces. Nobody stores that much here: the limit only says that every listing of the devnet fits.
 */
function leaseConfig({ data, options, identities }: ConfigInputs, i: number): object {
  const operator = identities.operators[i];
  if (!operator) return {};
  const keystore = path.join(data.agent(i), "wallet.json");
  writePrivate(keystore, json(operator.hotWallet));
  const most = { cpu: 8_000, gpu: 10_000, memory: 8_000, storage: 8_000, network: 8_000, container: 8_000 };
  return {
    wallet: { keystore },
    shares: most,
    leases: {
      listen: { host: options.host, port: servicePorts(options).lease(i) },
      maxBytes: 2 ** 44,
      acceptMetered: true,
    },
  };
}

/** The first relayer issues for the root authority, whose account it is. */
function authorityConfig({ data, options }: Pick<ConfigInputs, "data" | "options">): object {
  return {
    authorityId: ROOT_AUTHORITY,
    cert: caFile(data),
    keystore: path.join(data.authority, "ca-key.json"),
    revocationLists: { url: authorityUrl(options) },
  };
}

/** A service's own certificate, whom it trusts, and where the revocation list is. */
function tlsConfig({ data, options }: Pick<ConfigInputs, "data" | "options">, folder: string): object {
  return {
    keystore: path.join(folder, "tls-key.json"),
    cert: path.join(folder, "tls.pem"),
    ca: [caFile(data)],
    crlUrls: [`${authorityUrl(options)}/v1/crl/${ROOT_AUTHORITY}`],
  };
}

/** Everybody asks the first relayer for the next certificate. */
function renewalConfig(options: StartOptions): object {
  return { authorities: [authorityUrl(options)] };
}

function caFile(data: DataDir): string {
  return path.join(data.authority, "ca.pem");
}

function passwordFile(data: DataDir): string {
  return path.join(data.root, "password");
}

/** Names of a host besides those that every certificate has. */
export function hostNames(host: string): string[] {
  return ["127.0.0.1", "localhost"].includes(host) ? [] : [host];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function writePublic(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function writePrivate(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
}
