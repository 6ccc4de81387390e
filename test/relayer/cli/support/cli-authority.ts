import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { certificateRegistryAbi as abi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { formatDid } from "@pqmesh/contracts/protocol/did";
import { encodeFunctionData, type Hex, keccak256, toBytes } from "viem";
import { CertificateAuthority, type IssuedCertificate } from "../../../../relayer/src/pki/certificate-authority.ts";
import { certificateHash, normalizeSerial } from "../../../../relayer/src/pki/peer-identity.ts";
import { certificateKey } from "../../../../relayer/src/pki/tls-key.ts";
import { testAccount } from "../../../helpers/anvil.ts";
import { addNodes, freshPublicKeys } from "../../../helpers/test-network.ts";
import type { CliNetwork } from "./cli-network.ts";

const DAY = 86_400;

/** What `cert status` prints. */
export interface ShownStatus {
  status: string;
  kind: string;
  subject: string;
  held: boolean;
  reason: string | null;
  revokedAt: unknown;
}

/** Authority 1 of a network, whose account is account 0, and the PEM files that it makes. */
export class CliAuthority {
  readonly authority: CertificateAuthority;
  readonly #network: CliNetwork;

  private constructor(network: CliNetwork, authority: CertificateAuthority) {
    this.#network = network;
    this.authority = authority;
  }

  /** Registers nodes of account 0 and admits the authority. */
  static async admit(
    network: CliNetwork,
    { nodes, recoveryKey }: { nodes: number; recoveryKey: Hex },
  ): Promise<CliAuthority> {
    await addNodes(network, freshPublicKeys(nodes));
    const { trustDomain, contracts } = network.config;
    const now = new Date((await network.chain.head()).timestamp * 1_000);
    const signer = certificateKey();
    const authority = await CertificateAuthority.createRoot({ commonName: "test root", signer, trustDomain, now });
    const account = testAccount(0).address;
    const terms = {
      ...{ account, recoveryKey, trustDomain: keccak256(toBytes(trustDomain)) },
      ...{ x509Hash: certificateHash(authority.certificate), notAfter: now.getTime() / 1_000 + 900 * DAY },
      ...{ pathLength: 0, kinds: 0x1e, identityFrom: 0, identityUntil: 0xffff_ffff },
    };
    const data = encodeFunctionData({ abi, functionName: "admitRoot", args: [terms] });
    await network.chain.send({ from: account, to: contracts.CertificateRegistry, data });
    return new CliAuthority(network, authority);
  }

  /** Writes the certificate of a node to a file; records nothing. */
  async certifyNode(file: string, nodeIndex: number): Promise<void> {
    const did = this.#did(String(nodeIndex));
    this.#write(file, await this.authority.issueNode({ key: certificateKey(), did, ...(await this.#life()) }));
  }

  /** Writes the certificate of an operator or voter, `operator:1` for example. */
  async certifyHolder(file: string, name: string): Promise<void> {
    const did = this.#did(name);
    this.#write(file, await this.authority.issueHolder({ key: certificateKey(), did, ...(await this.#life()) }));
  }

  /** Serial number of a file's certificate, as commands print it. */
  serialOf(file: string): string {
    return normalizeSerial(new X509Certificate(readFileSync(this.#network.file(file))).serialNumber);
  }

  statusOf(file: string): Promise<ShownStatus> {
    return this.#network.ok<ShownStatus>("cert", "status", this.#network.file(file));
  }

  #did(name: string): string {
    const { chainId, contracts } = this.#network.config;
    const did = formatDid({ chainId, registry: contracts.NodeRegistry, nodeIndex: 0 });
    return did.replace(/:0$/, `:${name}`);
  }

  async #life(): Promise<{ now: Date }> {
    return { now: new Date((await this.#network.chain.head()).timestamp * 1_000) };
  }

  #write(file: string, { pem }: IssuedCertificate): void {
    writeFileSync(this.#network.file(file), pem);
  }
}
