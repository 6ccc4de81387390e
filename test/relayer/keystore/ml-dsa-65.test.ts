import { createHash, randomBytes } from "node:crypto";
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { expect } from "chai";
import { hexToBytes } from "viem";

import { AttestationSigner } from "../../../relayer/src/keystore/attestation-signer.ts";
import {
  importMlDsa65PublicKey,
  mlDsa65KeyFromSeed,
  mlDsa65PublicKeyRaw,
} from "../../../relayer/src/keystore/ml-dsa-65.ts";
import { verifyMlDsa65, verifyMlDsa65Async } from "../../../relayer/src/keystore/verify-ml-dsa-65.ts";
import { mlDsaKeyVectors } from "../../protocol/support/vectors.ts";

/** Seed and SHA-256 of the public key of NIST's ACVP ML-DSA-65 key generation cases 26, 27, 28. */
const ACVP_KEYS = [
  [
    "ac37688a229c819f1f5ba5a2ed98e3d0ad98d1b5db233ff8e8122040bcba609f",
    "40c350d2fadedec2f4efa02e371192b497db19857ce2560e803c7b7245eb86f2",
  ],
  [
    "97a6f36cce36af6283b335b4957bd8b177ae229ab8a4fa8ad7ae4134de26955f",
    "c089ab15bc80ee6a8802f922b89174f2e4f8fa140332e204c1aea46655b71ce4",
  ],
  [
    "6dc10a11c8d14eaf3c4665f31828cfc4b8584d6c1a7712f1d4e4e62edd3e9440",
    "21e700121546f9910c1dd59168966c06416b407722c19b2f7c4d3b905d94d3f2",
  ],
] as const;

function degenerateKey(fill: number): Uint8Array {
  const key = new Uint8Array(1_952).fill(fill);
  key.set(randomBytes(32));
  return key;
}

describe("ML-DSA-65 keys", () => {
  it("expand from a seed to the public key that another library finds", () => {
    const seed = randomBytes(32);
    expect(mlDsa65PublicKeyRaw(mlDsa65KeyFromSeed(seed))).to.deep.equal(ml_dsa65.keygen(seed).publicKey);
  });

  it("expand to the public keys of the official cases", () => {
    for (const [seed, hash] of ACVP_KEYS) {
      const publicKey = mlDsa65PublicKeyRaw(mlDsa65KeyFromSeed(Buffer.from(seed, "hex")));
      expect(createHash("sha256").update(publicKey).digest("hex")).to.equal(hash);
    }
  });

  it("import and export unchanged", () => {
    const raw = ml_dsa65.keygen(randomBytes(32)).publicKey;
    expect(mlDsa65PublicKeyRaw(importMlDsa65PublicKey(raw))).to.deep.equal(raw);
  });

  it("refuse wrong lengths", () => {
    expect(() => mlDsa65KeyFromSeed(new Uint8Array(31))).to.throw(RangeError, "seed is 31 bytes, not 32");
    expect(() => importMlDsa65PublicKey(new Uint8Array(1_951).fill(1))).to.throw(RangeError, "1951 bytes, not 1952");
  });

  it("refuse every key that the registry refuses", () => {
    const refused = mlDsaKeyVectors().cases.filter(({ key, degenerate }) => degenerate && key.length === 2 + 2 * 1_952);
    expect(refused).to.have.length.above(5);
    for (const { name, key } of refused) {
      expect(() => importMlDsa65PublicKey(hexToBytes(key)), name).to.throw(RangeError, "degenerate");
    }
  });
}).timeout(10_000);

describe("AttestationSigner", () => {
  const secret = new Uint8Array(randomBytes(32));
  const signer = new AttestationSigner({ kind: "ml-dsa-65", purpose: "attestation", secret });
  const digest = new Uint8Array(randomBytes(32));

  it("makes signatures that another library verifies with an empty context", () => {
    const signature = signer.sign(digest);
    expect(signature).to.have.lengthOf(3_309);
    expect(ml_dsa65.verify(signature, digest, signer.publicKey)).to.equal(true);
  });

  it("signs nothing but 32 bytes", () => {
    for (const length of [0, 31, 33, 64]) {
      expect(() => signer.sign(new Uint8Array(length))).to.throw(RangeError, `is ${length} bytes, not 32`);
    }
  });

  it("refuses keys made for something else", () => {
    for (const [kind, purpose] of [
      ["ml-dsa-65", "tls"],
      ["ml-dsa-65", "authority"],
      ["secp256k1", "wallet"],
    ] as const) {
      expect(() => new AttestationSigner({ kind, purpose, secret })).to.throw(
        `a ${kind} key for ${purpose} cannot sign`,
      );
    }
  });
}).timeout(10_000);

describe("verifyMlDsa65", () => {
  const signer = new AttestationSigner({ kind: "ml-dsa-65", purpose: "report", secret: randomBytes(32) });
  const digest = new Uint8Array(randomBytes(32));
  const signature = signer.sign(digest);

  async function both(publicKey: Uint8Array, message: Uint8Array, bytes: Uint8Array): Promise<boolean> {
    const now = verifyMlDsa65(publicKey, message, bytes);
    expect(await verifyMlDsa65Async(publicKey, message, bytes), "both variants").to.equal(now);
    return now;
  }

  it("accepts a signature, also made by another library", async () => {
    const keys = ml_dsa65.keygen(randomBytes(32));
    expect(await both(signer.publicKey, digest, signature)).to.equal(true);
    expect(await both(keys.publicKey, digest, ml_dsa65.sign(digest, keys.secretKey))).to.equal(true);
  });

  it("refuses a flipped bit anywhere", async () => {
    const flip = (bytes: Uint8Array, at: number) => bytes.with(at, (bytes[at] ?? 0) ^ 1);
    for (const at of [0, 47, 48, 1_700, 3_247, 3_248, 3_308]) {
      expect(await both(signer.publicKey, digest, flip(signature, at)), `signature byte ${at}`).to.equal(false);
    }
    for (const at of [0, 31, 32, 1_951]) {
      expect(await both(flip(signer.publicKey, at), digest, signature), `key byte ${at}`).to.equal(false);
    }
    expect(await both(signer.publicKey, flip(digest, 5), signature)).to.equal(false);
  });

  it("refuses wrong lengths without throwing", async () => {
    const longer = Uint8Array.of(...signature, 0);
    for (const bytes of [new Uint8Array(0), signature.subarray(1), longer]) {
      expect(await both(signer.publicKey, digest, bytes)).to.equal(false);
    }
    expect(await both(signer.publicKey.subarray(1), digest, signature)).to.equal(false);
    expect(await both(signer.publicKey, digest.subarray(1), signature)).to.equal(false);
  });

  it("refuses a good signature over something that is not 32 bytes", async () => {
    const keys = ml_dsa65.keygen(randomBytes(32));
    for (const length of [0, 31, 33, 64]) {
      const message = randomBytes(length);
      expect(await both(keys.publicKey, message, ml_dsa65.sign(message, keys.secretKey)), `${length}`).to.equal(false);
    }
  });

  it("refuses degenerate keys", async () => {
    expect(await both(degenerateKey(0), digest, signature)).to.equal(false);
  });

  it("gives the same answers when its cache has turned over", () => {
    for (let i = 0; i < 4_200; i += 1) verifyMlDsa65(degenerateKey(0x11), digest, new Uint8Array(3_309));
    expect(verifyMlDsa65(signer.publicKey, digest, signature)).to.equal(true);
  });
}).timeout(10_000);
