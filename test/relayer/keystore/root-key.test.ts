import { randomBytes } from "node:crypto";
import { slh_dsa_sha2_128s } from "@noble/post-quantum/slh-dsa.js";
import { expect } from "chai";
import { KEY_SCHEMES } from "../../../relayer/src/keystore/key-kinds.ts";
import { signWithRootKey, verifyRootSignature } from "../../../relayer/src/keystore/root-key.ts";

const scheme = KEY_SCHEMES["slh-dsa-sha2-128s"];

describe("root key", () => {
  const secret = scheme.generate();
  const publicKey = scheme.publicKeyOf(secret);
  const root = { kind: "slh-dsa-sha2-128s", purpose: "root", secret, publicKey } as const;
  const digest = new Uint8Array(randomBytes(32));
  const signature = signWithRootKey(root, digest);

  it("makes signatures that another library verifies with an empty context", () => {
    expect(signature).to.have.lengthOf(7_856);
    expect(slh_dsa_sha2_128s.verify(signature, digest, publicKey)).to.equal(true);
  });

  it("verifies what it signed, and nothing that differs in one bit", () => {
    expect(verifyRootSignature(publicKey, digest, signature)).to.equal(true);
    const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
    expect(verifyRootSignature(flipped(publicKey, 31), digest, signature), "key").to.equal(false);
    expect(verifyRootSignature(publicKey, flipped(digest, 0), signature), "digest").to.equal(false);
    for (const at of [0, 4_000, 7_855]) {
      expect(verifyRootSignature(publicKey, digest, flipped(signature, at)), `byte ${at}`).to.equal(false);
    }
  });

  it("calls wrong lengths no signature", () => {
    expect(verifyRootSignature(publicKey, digest, signature.subarray(1))).to.equal(false);
    expect(verifyRootSignature(publicKey.subarray(1), digest, signature)).to.equal(false);
    expect(verifyRootSignature(publicKey, digest.subarray(1), signature)).to.equal(false);
  });

  it("signs nothing but 32 bytes, and with no other key", () => {
    expect(() => signWithRootKey(root, new Uint8Array(31))).to.throw(RangeError, "31 bytes, not 32");
    const wallet = { kind: "secp256k1", purpose: "wallet", secret: secret.subarray(32), publicKey } as const;
    expect(() => signWithRootKey(wallet, digest)).to.throw("a secp256k1 key for wallet cannot sign for an operator");
  });
}).timeout(20_000);
