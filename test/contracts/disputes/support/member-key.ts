import { createHash, type KeyObject, sign } from "node:crypto";
import { getBytes, id, Wallet } from "ethers";
import { mlDsa65KeyFromSeed, mlDsa65PublicKeyRaw } from "../../../../relayer/src/keystore/ml-dsa-65.ts";

/** Both keys of a committee member, the same for the same name. */
export class MemberKey {
  readonly wallet: Wallet;
  readonly publicKey: Uint8Array;
  readonly #mldsa: KeyObject;

  constructor(name: string) {
    this.wallet = new Wallet(id(name));
    this.#mldsa = mlDsa65KeyFromSeed(createHash("sha256").update(name).digest());
    this.publicKey = mlDsa65PublicKeyRaw(this.#mldsa);
  }

  get address(): string {
    return this.wallet.address;
  }

  /** Signs a digest with ECDSA over secp256k1, 65 bytes. */
  signEcdsa(digest: string): string {
    return this.wallet.signingKey.sign(digest).serialized;
  }

  /** Signs a digest with ML-DSA-65, empty context. */
  signMldsa(digest: string): Uint8Array {
    return new Uint8Array(sign(null, getBytes(digest), this.#mldsa));
  }
}
