import { type KeyObject, sign } from "node:crypto";

import type { OpenedKeystore } from "./keystore.ts";
import { mlDsa65KeyFromSeed, mlDsa65PublicKeyRaw } from "./ml-dsa-65.ts";

/** Signs 32-byte digests with ML-DSA-65, and nothing else: the key of a node's attestations or of a member's reports. */
export class AttestationSigner {
  /** Raw public key, 1,952 bytes. */
  readonly publicKey: Uint8Array;
  readonly #privateKey: KeyObject;

  /** @throws Error when the keystore holds another kind of key or one made for TLS or an authority. */
  constructor(keystore: Pick<OpenedKeystore, "kind" | "purpose" | "secret">) {
    const { kind, purpose, secret } = keystore;
    if (kind !== "ml-dsa-65" || (purpose !== "attestation" && purpose !== "report")) {
      throw new Error(`a ${kind} key for ${purpose} cannot sign attestations or reports`);
    }
    this.#privateKey = mlDsa65KeyFromSeed(secret);
    this.publicKey = mlDsa65PublicKeyRaw(this.#privateKey);
  }

  /**
   * Signs a digest (pure ML-DSA-65, empty context, hedged).
   *
   * @returns The signature, 3,309 bytes.
   * @throws RangeError when the digest is not 32 bytes.
   */
  sign(digest: Uint8Array): Uint8Array {
    if (digest.length !== 32) throw new RangeError(`digest to sign is ${digest.length} bytes, not 32`);
    return new Uint8Array(sign(null, digest, this.#privateKey));
  }
}
