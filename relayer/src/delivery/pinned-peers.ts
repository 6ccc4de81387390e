import type { X509Certificate } from "node:crypto";
import type { SecureContextOptions } from "node:tls";
import type { Hex } from "viem";
import type { PeerPolicy } from "../transport/connection-guard.ts";
import { PeerRefusedError } from "../transport/mesh-credentials.ts";
import { TLS_POLICY } from "../transport/tls-policy.ts";
import type { CertificateKey } from "../pki/tls-key.ts";
import { certificateKeyHash, selfSignedCertificate } from "./pinned-certificate.ts";

/** Accepts exactly the clients whose key hash it was given, each under a name of its own. */
export class PinnedPeers implements PeerPolicy<string> {
  readonly #context: SecureContextOptions;
  readonly #names = new Map<Hex, string>();
  readonly #listeners = new Set<() => void>();

  private constructor(context: SecureContextOptions) {
    this.#context = context;
  }

  /** @param key Key of the listener's self-signed certificate. */
  static async of(key: CertificateKey): Promise<PinnedPeers> {
    return new PinnedPeers(await pinnedContext(key));
  }

  /** Accepts a client from now on. */
  admit(keyHash: Hex, name: string): void {
    this.#names.set(keyHash, name);
  }

  /** Refuses a client from now on and ends its connections. */
  expel(keyHash: Hex): void {
    if (!this.#names.delete(keyHash)) return;
    for (const listener of this.#listeners) listener();
  }

  contextOptions(): SecureContextOptions {
    return this.#context;
  }

  onReplace(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  verifyPeer(certificate: X509Certificate): string {
    const name = this.#names.get(certificateKeyHash(certificate));
    if (name === undefined)
      throw new PeerRefusedError("untrusted", "the certificate's key belongs to no lease that is served");
    return name;
  }

  refusal(certificate: X509Certificate): "untrusted" | undefined {
    return this.#names.has(certificateKeyHash(certificate)) ? undefined : "untrusted";
  }
}

/** TLS options of either end of a lease: the network's policy and a self-signed certificate of the key. */
export async function pinnedContext(key: CertificateKey): Promise<SecureContextOptions> {
  return {
    ...TLS_POLICY,
    key: String(key.privateKey.export({ format: "pem", type: "pkcs8" })),
    cert: await selfSignedCertificate(key),
  };
}
