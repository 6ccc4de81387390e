import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { keccak256, sha256, stringToHex } from "viem";
import { createKeystore, writeKeystore } from "../../../relayer/src/keystore/keystore.ts";
import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { certificateHash } from "../../../relayer/src/pki/peer-identity.ts";
import { fromPem } from "../../../relayer/src/pki/signed-der.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { freePorts, RELAYER_PASSWORD, writeRelayerFiles } from "../../helpers/relayer-files.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { callContract } from "./call-contract.ts";
import type { DappNetwork } from "./dapp-network.ts";

const PQMESH = join(import.meta.dirname, "../../../relayer/cli/pqmesh.ts");
/** Account of the authority and of the relayer that issues for it; without a seat. */
const ISSUER = 16;
const ALL_KINDS = 0x1e;
/** The chains of tests are behind the clock. */
const DAY_MS = 86_400_000;

/** A relayer in a process of its own that issues for authority 1 of a network. */
export class IssuingRelayer {
  readonly authority: CertificateAuthority;
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #directory: string;

  private constructor(
    authority: CertificateAuthority,
    started: { url: string; child: ChildProcess; directory: string },
  ) {
    this.authority = authority;
    this.url = started.url;
    this.#child = started.child;
    this.#directory = started.directory;
  }

  /** Makes an authority, lets the timelock admit it, and starts a relayer that issues for it. */
  static async start(dapp: DappNetwork): Promise<IssuingRelayer> {
    const directory = mkdtempSync(join(tmpdir(), "pqmesh-issuing-"));
    const signer = certificateKey();
    const { trustDomain } = dapp.config;
    const now = new Date(Date.now() - DAY_MS);
    const authority = await CertificateAuthority.createRoot({ commonName: "dapp root", signer, trustDomain, now });
    await admit(dapp, authority);
    const ports = await freePorts();
    const config = await writeRelayerFiles({
      ...{ directory, authority, ports, network: dapp.network },
      relayer: {
        ...{ address: testAccount(ISSUER).address, accountIndex: ISSUER, endpoint: "" },
        mldsaKey: generateKeyPairSync("ml-dsa-65").privateKey,
      },
    });
    const key = { kind: "ml-dsa-65", purpose: "authority", secret: signer.seed, scryptCost: 2 ** 14 } as const;
    await writeKeystore(join(directory, "ca-key.json"), await createKeystore({ ...key, password: RELAYER_PASSWORD }));
    const section = { authorityId: 1, cert: "ca.pem", keystore: "ca-key.json" };
    writeFileSync(config, JSON.stringify({ ...readJson(config), authority: section }));
    const child = spawn(process.execPath, [PQMESH, "relayer", "run", "--config", config], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const url = `http://127.0.0.1:${ports.read}`;
    const relayer = new IssuingRelayer(authority, { url, child, directory });
    await relayer.#untilIssuing();
    return relayer;
  }

  /** What a dApp is told of the network, with this relayer as the only one. */
  networkOf({ config }: DappNetwork): NetworkConfig {
    return { ...config, relayers: [{ address: testAccount(ISSUER).address, url: this.url }] };
  }

  /** Whether the certificate of a request (PKCS #10, PEM) is beyond every reorg. */
  async isFinal(request: string): Promise<boolean> {
    const requestHash = sha256(fromPem("CERTIFICATE REQUEST", request));
    const answer = await fetch(`${this.url}/v1/certificate-requests/${requestHash}`);
    return answer.ok && ((await answer.json()) as { state: string }).state === "final";
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await ended;
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #untilIssuing(): Promise<void> {
    let errors = "";
    this.#child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const isIssuing = async (): Promise<boolean> => {
      if (this.#child.exitCode !== null) throw new Error(`the relayer ended: ${errors}`);
      const answer = await fetch(`${this.url}/v1/authority`).catch(() => undefined);
      return answer?.ok === true && ((await answer.json()) as { flaw: string | null }).flaw === null;
    };
    await waitUntil("the relayer issues", isIssuing, 60_000);
  }
}

function readJson(file: string): object {
  return JSON.parse(readFileSync(file, "utf8")) as object;
}

function admit(dapp: DappNetwork, { certificate, trustDomain }: CertificateAuthority): Promise<void> {
  const terms = {
    ...{ account: testAccount(ISSUER).address, recoveryKey: keccak256("0x07") },
    ...{ trustDomain: keccak256(stringToHex(trustDomain)), x509Hash: certificateHash(certificate) },
    ...{ notAfter: certificate.validToDate.getTime() / 1_000, pathLength: 1, kinds: ALL_KINDS },
    ...{ identityFrom: 1, identityUntil: 2 ** 32 - 1 },
  };
  const call = { contract: "CertificateRegistry", abi: certificateRegistryAbi, name: "admitRoot" } as const;
  return callContract(dapp, { ...call, from: testAccount(0).address, args: [terms] });
}
