import { type KeyObject, verify } from "node:crypto";
import { importMlDsa65PublicKey } from "../keystore/ml-dsa-65.ts";

interface CachedKey {
  raw: Uint8Array;
  /** Undefined when the raw key is one that nobody may use. */
  key: KeyObject | undefined;
}

interface Job {
  key: KeyObject;
  digest: Uint8Array;
  signature: Uint8Array;
  resolve(isValid: boolean): void;
}

/** Imported keys kept in memory; an import costs a quarter of a verification. */
const CACHED_KEYS = 16_384;

/**
 * Verifies ML-DSA-65 signatures (FIPS 204, empty context) natively, off the main thread. At most `concurrency` are
 * with libuv's pool at once, so that its other users never wait long; the rest waits here in order.
 */
export class SignatureVerifier {
  readonly #concurrency: number;
  readonly #keys = new Map<number, CachedKey>();
  readonly #queue: Job[] = [];
  #running = 0;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** Verifications that wait or run. */
  get pending(): number {
    return this.#queue.length + this.#running;
  }

  /** Resolves with whether the signature over the digest is the node's; never rejects. */
  verify(nodeIndex: number, rawKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): Promise<boolean> {
    const key = this.#keyOf(nodeIndex, rawKey);
    if (!key) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#queue.push({ key, digest, signature, resolve });
      this.#startNext();
    });
  }

  #startNext(): void {
    if (this.#running >= this.#concurrency) return;
    const job = this.#queue.shift();
    if (!job) return;
    this.#running += 1;
    verify(null, job.digest, job.key, job.signature, (error, isValid) => {
      this.#running -= 1;
      this.#startNext();
      job.resolve(!error && isValid);
    });
  }

  #keyOf(nodeIndex: number, raw: Uint8Array): KeyObject | undefined {
    const cached = this.#keys.get(nodeIndex);
    if (cached && (cached.raw === raw || Buffer.compare(cached.raw, raw) === 0)) return cached.key;
    const key = importOrRefuse(raw);
    this.#keys.delete(nodeIndex);
    this.#keys.set(nodeIndex, { raw, key });
    if (this.#keys.size > CACHED_KEYS) this.#keys.delete(this.#keys.keys().next().value ?? nodeIndex);
    return key;
  }
}

function importOrRefuse(raw: Uint8Array): KeyObject | undefined {
  try {
    return importMlDsa65PublicKey(raw);
  } catch {
    return undefined;
  }
}
