import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { deliveryKey, formatDeliveryKey, parseDeliveryKey } from "@pqmesh/contracts/protocol/delivery-key";
import {
  type CredentialContext,
  type LeaseCredential,
  openCredential,
  sealCredential,
} from "@pqmesh/contracts/protocol/sealed-credential";
import { expect } from "chai";
import { type Hex, hexToBytes, keccak256 } from "viem";
import { readVectors } from "../contracts/pqc/support/vectors.ts";

interface VectorFile<T> {
  testGroups: { function?: string; dk?: string; tests: (T & { tcId: number })[] }[];
}

const bytes = (hex: string): Uint8Array => hexToBytes(`0x${hex}`);
const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

const CONTEXT: CredentialContext = {
  chainId: 31_337,
  escrow: "0x1111111111111111111111111111111111111111",
  leaseId: 7n,
  client: "0x2222222222222222222222222222222222222222",
};
const CREDENTIAL: LeaseCredential = {
  endpoint: "node-3.example.org:4443",
  serverKeyHash: `0x${"ab".repeat(32)}`,
  clientSeed: filled(32, 5),
};
const KEY = deliveryKey(filled(64, 1));

describe("ML-KEM-768 as official vectors have it", () => {
  it("derives every key pair of keyGen", () => {
    const file = readVectors<VectorFile<{ d: string; z: string; ek: string }>>("ML-KEM-768-keyGen.json");
    if (!file) return;
    const cases = file.testGroups.flatMap(({ tests }) => tests);
    expect(cases, "cases").to.not.be.empty;
    for (const { tcId, d, z, ek } of cases) {
      expect(deliveryKey(bytes(d + z)).publicKey, `case ${tcId}`).to.deep.equal(bytes(ek));
    }
  });

  it("encapsulates and decapsulates every case", () => {
    type Case = { ek?: string; m?: string; c: string; k: string; dk?: string };
    const file = readVectors<VectorFile<Case>>("ML-KEM-768-encapDecap.json");
    if (!file) return;
    const encapsulations = file.testGroups.filter((group) => group.function === "encapsulation");
    const decapsulations = file.testGroups.filter((group) => group.function === "decapsulation");
    expect([encapsulations.length, decapsulations.length], "groups").to.deep.equal([1, 1]);
    for (const { tcId, ek, m, c, k } of encapsulations[0]!.tests) {
      const made = ml_kem768.encapsulate(bytes(ek!), bytes(m!));
      expect(made.cipherText, `case ${tcId}: ciphertext`).to.deep.equal(bytes(c));
      expect(made.sharedSecret, `case ${tcId}: secret`).to.deep.equal(bytes(k));
    }
    const { dk, tests } = decapsulations[0]!;
    for (const { tcId, c, k } of tests) {
      expect(ml_kem768.decapsulate(bytes(c), bytes(dk!)), `case ${tcId}: secret`).to.deep.equal(bytes(k));
    }
  });
});

describe("sealCredential", () => {
  const sealed = sealCredential(CONTEXT, CREDENTIAL, KEY.publicKey);

  it("opens with the seed of the key it is for", () => {
    expect(openCredential(CONTEXT, sealed, KEY.seed)).to.deep.equal(CREDENTIAL);
  });

  it("is short enough for calldata", () => {
    expect(hexToBytes(sealed).length).to.equal(1 + 1_088 + 64 + CREDENTIAL.endpoint.length + 16);
  });

  it("differs each time without given randomness", () => {
    expect(sealCredential(CONTEXT, CREDENTIAL, KEY.publicKey)).to.not.equal(sealed);
  });

  it("keeps the wire form of version 1", () => {
    const fixed = sealCredential(CONTEXT, CREDENTIAL, KEY.publicKey, filled(32, 9));
    expect(keccak256(fixed)).to.equal("0x7e019921085f41ae5077f2514dc2c10573cfa8da94b2edb51198a110e92d2ba4");
  });

  for (const [what, other] of [
    ["chain", { ...CONTEXT, chainId: 1 }],
    ["escrow", { ...CONTEXT, escrow: CONTEXT.client }],
    ["lease", { ...CONTEXT, leaseId: 8n }],
    ["client", { ...CONTEXT, client: CONTEXT.escrow }],
  ] as const) {
    it(`does not open for another ${what}`, () => {
      expect(() => openCredential(other, sealed, KEY.seed)).to.throw("does not open");
    });
  }

  it("does not open with another key", () => {
    expect(() => openCredential(CONTEXT, sealed, filled(64, 2))).to.throw("does not open");
  });

  it("does not open when any part was changed", () => {
    const original = hexToBytes(sealed);
    for (const place of [1, 600, 1_088, 1_089, 1_120, 1_160, original.length - 1]) {
      const changed = original.slice();
      changed[place]! ^= 1;
      expect(() => openCredential(CONTEXT, toHex(changed), KEY.seed), `byte ${place}`).to.throw("does not open");
    }
  });

  it("names another version and a length that cannot be", () => {
    expect(() => openCredential(CONTEXT, `0x02${sealed.slice(4)}`, KEY.seed)).to.throw("has version 2, not 1");
    expect(() => openCredential(CONTEXT, "0x", KEY.seed)).to.throw("has version none, not 1");
    expect(() => openCredential(CONTEXT, sealed.slice(0, 2_000) as Hex, KEY.seed)).to.throw("cut short");
  });

  it("refuses what is no credential", () => {
    const seal = (change: Partial<LeaseCredential>) => () =>
      sealCredential(CONTEXT, { ...CREDENTIAL, ...change }, KEY.publicKey);
    for (const endpoint of [
      "",
      "host",
      "host:0",
      "host:65536",
      "a b:1",
      "user@host:1",
      `${"a".repeat(254)}:1`,
      "[::1:1",
    ]) {
      expect(seal({ endpoint }), endpoint).to.throw("is not host:port");
    }
    expect(seal({ endpoint: "[2001:db8::1]:443" })).to.not.throw();
    expect(seal({ clientSeed: filled(31, 1) })).to.throw("client seed is 31 bytes, not 32");
    expect(seal({ serverKeyHash: "0xab" })).to.throw("server key hash is 1 bytes, not 32");
  });

  it("refuses a delivery key that is none", () => {
    const seal = (key: Uint8Array) => () => sealCredential(CONTEXT, CREDENTIAL, key);
    expect(seal(filled(1_183, 0))).to.throw("delivery key is 1183 bytes, not 1184");
    expect(seal(filled(1_184, 0xff)), "coefficients above the modulus").to.throw("is no ML-KEM-768 encapsulation key");
  });
});

describe("delivery key file", () => {
  const text = formatDeliveryKey(KEY);
  const changed = (change: object): string => JSON.stringify({ ...(JSON.parse(text) as object), ...change });

  it("reads what it wrote", () => {
    expect(parseDeliveryKey(text)).to.deep.equal(KEY);
  });

  it("is fresh without a seed", () => {
    expect(deliveryKey().publicKey).to.not.deep.equal(deliveryKey().publicKey);
  });

  it("names the field that is wrong", () => {
    expect(() => parseDeliveryKey("no")).to.throw("is not JSON");
    expect(() => parseDeliveryKey("[]")).to.throw("one JSON object");
    expect(() => parseDeliveryKey(" ".repeat(20_000))).to.throw("has 20000 characters, at most 16384");
    expect(() => parseDeliveryKey(changed({ format: "x" }))).to.throw("format must be");
    expect(() => parseDeliveryKey(changed({ version: 2 }))).to.throw("version must be 1");
    expect(() => parseDeliveryKey(changed({ kind: "x" }))).to.throw('kind must be "ml-kem-768"');
    expect(() => parseDeliveryKey(changed({ seed: "0x00" }))).to.throw("seed must be 64 bytes");
    expect(() => parseDeliveryKey(changed({ more: 1 }))).to.throw("more is no field of a delivery key");
    expect(() => parseDeliveryKey(changed({ seed: `0x${"00".repeat(64)}` }))).to.throw(
      "publicKey does not belong to seed",
    );
  });
});

function toHex(content: Uint8Array): Hex {
  return `0x${Buffer.from(content).toString("hex")}`;
}
