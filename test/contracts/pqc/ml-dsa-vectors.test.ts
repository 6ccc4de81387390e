import { createHash } from "node:crypto";

import { expect } from "chai";
import { network } from "hardhat";

import { deployMlDsa } from "./support/ml-dsa-deployment.ts";
import { verifyWithNoble, verifyWithOpenSsl } from "./support/ml-dsa-keys.ts";
import { readVectors } from "./support/vectors.ts";

interface Case {
  readonly tcId: number;
  readonly pk?: string;
  readonly message: string;
  readonly context?: string;
  readonly hashAlg?: string;
  readonly signature: string;
  readonly testPassed: boolean;
}

interface Group {
  readonly tgId: number;
  readonly pk?: string;
  readonly tests: readonly Case[];
}

interface VectorFile {
  readonly testGroups: readonly Group[];
}

const { ethers } = await network.create();
const mldsa = await deployMlDsa(ethers);

const bytes = (hex: string | undefined): Uint8Array => new Uint8Array(Buffer.from(hex ?? "", "hex"));

describe("ML-DSA-65 vectors on the deployed bytecode", () => {
  const file = readVectors<VectorFile>("ML-DSA-65-sigVer.json");

  describe("external interface, pure", () => {
    const cases = casesOf(file, 3);
    for (const t of cases) {
      const c = {
        publicKey: bytes(t.pk),
        message: bytes(t.message),
        context: bytes(t.context),
        signature: bytes(t.signature),
      };
      it(`gives ${t.testPassed} for case ${t.tcId}`, async () => {
        expect(await mldsa.verifyRaw(c), "raw key").to.equal(t.testPassed);
        expect(await mldsa.verifyRegistered(c), "registered key").to.equal(t.testPassed);
        expect(verifyWithNoble(c), "noble").to.equal(t.testPassed);
        expect(verifyWithOpenSsl(c), "OpenSSL").to.equal(t.testPassed);
      });
    }
    countsCases(file, cases, 15);
  });

  describe("external interface, pre-hashed, by the internal interface", () => {
    const cases = casesOf(file, 4);
    for (const t of cases) {
      it(`gives ${t.testPassed} for case ${t.tcId} (${t.hashAlg})`, async () => {
        const message = prefixPreHashed(bytes(t.message), bytes(t.context), t.hashAlg ?? "");
        expect(await mldsa.verifyInternal(bytes(t.pk), message, bytes(t.signature))).to.equal(t.testPassed);
      });
    }
    countsCases(file, cases, 15);
  });

  describe("internal interface", () => {
    const cases = casesOf(file, 10);
    for (const t of cases) {
      it(`gives ${t.testPassed} for case ${t.tcId}`, async () => {
        expect(await mldsa.verifyInternal(bytes(t.pk), bytes(t.message), bytes(t.signature))).to.equal(t.testPassed);
      });
    }
    countsCases(file, cases, 15);
  });

  describe("internal interface, 2024", () => {
    const older = readVectors<VectorFile>("ML-DSA-65-sigVer-internal-2024.json");
    const cases = casesOf(older, 2);
    const publicKey = bytes(older?.testGroups.find((g) => g.tgId === 2)?.pk);
    for (const t of cases) {
      it(`gives ${t.testPassed} for case ${t.tcId}`, async () => {
        expect(await mldsa.verifyInternal(publicKey, bytes(t.message), bytes(t.signature))).to.equal(t.testPassed);
      });
    }
    countsCases(older, cases, 15);
  });
});

function casesOf(file: VectorFile | undefined, group: number): readonly Case[] {
  return file?.testGroups.find((g) => g.tgId === group)?.tests ?? [];
}

function countsCases(file: VectorFile | undefined, cases: readonly Case[], expected: number): void {
  it(`runs ${expected} cases where the file exists`, () => {
    expect(file === undefined ? expected : cases.length).to.equal(expected);
  });
}

/** FIPS 204 Algorithm 5 (HashML-DSA.Verify) steps 4 to 18: M' with the identifier of the hash function. */
function prefixPreHashed(message: Uint8Array, context: Uint8Array, algorithm: string): Uint8Array {
  const hash = PRE_HASHES[algorithm];
  if (hash === undefined) throw new Error(`the pre-hash function ${algorithm} is not known`);
  const [name, last, length] = hash;
  const identifier = Uint8Array.from([0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last]);
  const digest = createHash(name, length === undefined ? {} : { outputLength: length })
    .update(message)
    .digest();
  return Uint8Array.from([1, context.length, ...context, ...identifier, ...digest]);
}

/** Node's name of each pre-hash function, the last byte of its identifier, and its length where it has none of its own. */
const PRE_HASHES: Record<string, readonly [name: string, last: number, length?: number]> = {
  "SHA2-224": ["sha224", 0x04],
  "SHA2-256": ["sha256", 0x01],
  "SHA2-384": ["sha384", 0x02],
  "SHA2-512": ["sha512", 0x03],
  "SHA2-512/224": ["sha512-224", 0x05],
  "SHA2-512/256": ["sha512-256", 0x06],
  "SHA3-224": ["sha3-224", 0x07],
  "SHA3-256": ["sha3-256", 0x08],
  "SHA3-384": ["sha3-384", 0x09],
  "SHA3-512": ["sha3-512", 0x0a],
  "SHAKE-128": ["shake128", 0x0b, 32],
  "SHAKE-256": ["shake256", 0x0c, 64],
};
