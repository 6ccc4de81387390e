import { createPrivateKey, createPublicKey } from "node:crypto";

import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { slh_dsa_sha2_128s } from "@noble/post-quantum/slh-dsa.js";
import { expect } from "chai";

import { readVectors } from "./support/vectors.ts";

/** A group of cases whose fields are hex, but for `testPassed`. */
interface Group {
  readonly tgId: number;
  readonly dk?: string;
  readonly tests: readonly (Readonly<Record<string, string>> & {
    readonly tcId: number;
    readonly testPassed: boolean;
  })[];
}

type Case = Group["tests"][number];

/** DER of private keys in seed form, up to the seed: RFC 9881 and RFC 9935. */
const ML_DSA_65_SEED = Buffer.from("3034020100300b060960864801650304031204228020", "hex");
const ML_KEM_768_SEED = Buffer.from("3054020100300b060960864801650304040204428040", "hex");

const bytes = (hex: string | undefined): Uint8Array => new Uint8Array(Buffer.from(hex ?? "", "hex"));
const hex = (data: Uint8Array): string => Buffer.from(data).toString("hex").toUpperCase();

function publicKeyOf(prefix: Buffer, seed: string, length: number): string {
  const key = createPrivateKey({ key: Buffer.concat([prefix, bytes(seed)]), format: "der", type: "pkcs8" });
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return hex(spki.subarray(-length));
}

/** Runs one group of a vector file, and asserts how many cases it has where the file exists. */
function group(file: string, id: number, count: number, check: (t: Case, g: Group) => void): void {
  it(`${file}, group ${id}`, () => {
    const vectors = readVectors<{ testGroups: Group[] }>(file);
    if (vectors === undefined) return;
    const found = vectors.testGroups.find((g) => g.tgId === id);
    expect(found?.tests.length, "number of cases").to.equal(count);
    for (const t of found?.tests ?? []) check(t, found as Group);
  }).timeout(60_000);
}

describe("vectors on the libraries", () => {
  describe("noble", () => {
    group("ML-DSA-65-keyGen.json", 2, 25, (t) => {
      const pair = ml_dsa65.keygen(bytes(t.seed));
      expect([hex(pair.publicKey), hex(pair.secretKey)], `case ${t.tcId}`).to.deep.equal([t.pk, t.sk]);
    });
    for (const id of [3, 4]) {
      group("ML-DSA-65-sigGen-internal-2024.json", id, 10, (t) => {
        const extraEntropy = t.rnd === undefined ? false : bytes(t.rnd);
        const signature = ml_dsa65.internal.sign(bytes(t.message), bytes(t.sk), { extraEntropy });
        expect(hex(signature), `case ${t.tcId}`).to.equal(t.signature);
      });
    }
    group("ML-DSA-65-sigVer.json", 9, 15, (t) => {
      const verdict = ml_dsa65.internal.verify(bytes(t.signature), bytes(t.mu), bytes(t.pk), { externalMu: true });
      expect(verdict, `case ${t.tcId}`).to.equal(t.testPassed);
    });
    group("SLH-DSA-SHA2-128s-keyGen.json", 1, 10, (t) => {
      const pair = slh_dsa_sha2_128s.keygen(Buffer.concat([bytes(t.skSeed), bytes(t.skPrf), bytes(t.pkSeed)]));
      expect([hex(pair.publicKey), hex(pair.secretKey)], `case ${t.tcId}`).to.deep.equal([t.pk, t.sk]);
    });
    group("ML-KEM-768-keyGen.json", 2, 25, (t) => {
      const pair = ml_kem768.keygen(Buffer.concat([bytes(t.d), bytes(t.z)]));
      expect([hex(pair.publicKey), hex(pair.secretKey)], `case ${t.tcId}`).to.deep.equal([t.ek, t.dk]);
    });
    group("ML-KEM-768-encapDecap.json", 2, 25, (t) => {
      const { cipherText, sharedSecret } = ml_kem768.encapsulate(bytes(t.ek), bytes(t.m));
      expect([hex(cipherText), hex(sharedSecret)], `encapsulation, case ${t.tcId}`).to.deep.equal([t.c, t.k]);
      expect(hex(ml_kem768.decapsulate(bytes(t.c), bytes(t.dk))), `decapsulation, case ${t.tcId}`).to.equal(t.k);
    });
    group("ML-KEM-768-encapDecap.json", 5, 10, (t, g) => {
      expect(hex(ml_kem768.decapsulate(bytes(t.c), bytes(g.dk))), `case ${t.tcId}`).to.equal(t.k);
    });
  });

  describe("OpenSSL", () => {
    group("ML-DSA-65-keyGen.json", 2, 25, (t) => {
      expect(publicKeyOf(ML_DSA_65_SEED, t.seed ?? "", 1952), `case ${t.tcId}`).to.equal(t.pk);
    });
    group("ML-KEM-768-keyGen.json", 2, 25, (t) => {
      expect(publicKeyOf(ML_KEM_768_SEED, `${t.d}${t.z}`, 1184), `case ${t.tcId}`).to.equal(t.ek);
    });
  });
});
