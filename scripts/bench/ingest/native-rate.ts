import { createPublicKey, randomBytes, sign, verify } from "node:crypto";
import { benchNodeKey } from "./bench-messages.ts";

/** Bare native ML-DSA-65 verifications per second on one core: many signatures, keys imported before. */
export function nativeVerifyRate(seconds: number): number {
  const cases = Array.from({ length: 64 }, (_, i) => {
    const key = benchNodeKey(i);
    const digest = randomBytes(32);
    return { key: createPublicKey(key), digest, signature: sign(null, digest, key) };
  });
  const until = performance.now() + seconds * 1_000;
  const start = performance.now();
  let count = 0;
  for (; performance.now() < until; count++) {
    const { key, digest, signature } = cases[count % cases.length];
    if (!verify(null, digest, key, signature)) throw new Error("a sound signature was not verified");
  }
  return count / ((performance.now() - start) / 1_000);
}
