import { hkdfSync, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import type { CredentialContext, LeaseCredential } from "@pqmesh/contracts/protocol/sealed-credential";
import type { Hex } from "viem";
import { keccak256 } from "viem/utils";
import { readPrivateFile, writePrivateFile } from "../keystore/private-file.ts";
import { type CertificateKey, certificateKey } from "../pki/tls-key.ts";
import { publicKeyHash } from "./pinned-certificate.ts";

const FILE = "lease-secret";
const SECRET_BYTES = 32;
const FILE_BYTES = 2 * SECRET_BYTES + 1;

/**
 * The secret of an agent's leases. Everything that is delivered follows from it and from the chain: after a restart or a reorg
 * the same lease has the same keys and, sealed for the same delivery key, the same bytes.
 */
export class LeaseSecret {
  /** Key of the endpoint's certificate. */
  readonly endpointKey: CertificateKey;
  readonly #secret: Uint8Array;

  private constructor(secret: Uint8Array) {
    this.#secret = secret;
    this.endpointKey = certificateKey(this.#derive("endpoint key"));
  }

  /** Reads the secret of a data directory, or makes it: it is on disk before anything is derived from it. */
  static async open(dataDir: string): Promise<LeaseSecret> {
    const file = path.join(dataDir, FILE);
    if (!existsSync(file)) await writePrivateFile(file, `${randomBytes(SECRET_BYTES).toString("hex")}\n`);
    const text = (await readPrivateFile(file, "secret of leases", FILE_BYTES)).toString("utf8").trimEnd();
    if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`secret of leases ${file} is not 32 bytes in hex`);
    return new LeaseSecret(Buffer.from(text, "hex"));
  }

  /** Hash by which the endpoint knows the client of a lease. */
  clientKeyHash(context: CredentialContext): Hex {
    return publicKeyHash(certificateKey(this.#clientSeed(context)).publicKey);
  }

  /** Seals the credential of a lease: always the same bytes for the same lease, endpoint and delivery key. */
  async seal(context: CredentialContext, endpoint: string, deliveryKey: Uint8Array): Promise<Hex> {
    // Loaded with the first lease: without one an agent does not need it.
    const { sealCredential } = await import("@pqmesh/contracts/protocol/sealed-credential");
    const credential: LeaseCredential = {
      endpoint,
      serverKeyHash: publicKeyHash(this.endpointKey.publicKey),
      clientSeed: this.#clientSeed(context),
    };
    const inputs = [nameOf(context), endpoint, keccak256(deliveryKey)];
    return sealCredential(context, credential, deliveryKey, this.#derive("encapsulation", ...inputs));
  }

  #clientSeed(context: CredentialContext): Uint8Array {
    return this.#derive("client seed", nameOf(context));
  }

  #derive(...purpose: string[]): Uint8Array {
    const info = JSON.stringify(["PQMesh leases v1", ...purpose]);
    return new Uint8Array(hkdfSync("sha256", this.#secret, new Uint8Array(), info, SECRET_BYTES));
  }
}

function nameOf({ chainId, escrow, leaseId, client }: CredentialContext): string {
  return `${chainId}:${escrow.toLowerCase()}:${leaseId}:${client.toLowerCase()}`;
}
