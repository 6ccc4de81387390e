import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { slh_dsa_sha2_128s } from "@noble/post-quantum/slh-dsa.js";
import { expect } from "chai";

import { EntropyHealthError } from "../../../relayer/src/keystore/entropy-health.ts";
import {
  createKeystore,
  type CreateKeystoreOptions,
  openKeystore,
  writeKeystore,
} from "../../../relayer/src/keystore/keystore.ts";
import type { Keystore } from "../../../relayer/src/keystore/keystore-format.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const PASSWORD = "correct horse battery";
const attestation: CreateKeystoreOptions = {
  kind: "ml-dsa-65",
  purpose: "attestation",
  password: PASSWORD,
  scryptCost: 2 ** 14,
};

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no failure",
    (error: unknown) => String(error),
  );
}

describe("keystore", () => {
  const path = temporaryDirectory();

  async function written(name: string, options: Partial<CreateKeystoreOptions> = {}): Promise<Keystore> {
    const keystore = await createKeystore({ ...attestation, ...options });
    await writeKeystore(path(name), keystore);
    return keystore;
  }

  it("gives back an ML-DSA-65 seed whose public key another library derives too", async () => {
    await written("mldsa.json");
    const { secret, publicKey } = await openKeystore(path("mldsa.json"), PASSWORD);
    expect(ml_dsa65.keygen(secret).publicKey).to.deep.equal(publicKey);
  });

  it("gives back an SLH-DSA key whose public key another library derives too", async () => {
    await written("slh.json", { kind: "slh-dsa-sha2-128s", purpose: "root" });
    const { secret, publicKey } = await openKeystore(path("slh.json"), PASSWORD);
    expect(slh_dsa_sha2_128s.keygen(secret.subarray(0, 48)).publicKey).to.deep.equal(publicKey);
  });

  it("gives back a given secp256k1 key", async () => {
    const secret = secp256k1.utils.randomSecretKey();
    await written("wallet.json", { kind: "secp256k1", purpose: "wallet", secret });
    expect((await openKeystore(path("wallet.json"), PASSWORD)).secret).to.deep.equal(secret);
  });

  it("makes a new key, salt and nonce each time", async () => {
    const [a, b] = [await createKeystore(attestation), await createKeystore(attestation)];
    expect(a.publicKey).not.to.equal(b.publicKey);
    expect(a.kdf.salt).not.to.equal(b.kdf.salt);
    expect(a.cipher.nonce).not.to.equal(b.cipher.nonce);
  });

  it("uses a cost of 2^17 unless told otherwise", async () => {
    const { kdf } = await createKeystore({ ...attestation, scryptCost: undefined });
    expect(kdf).to.include({ name: "scrypt", n: 131_072, r: 8, p: 1 });
  });

  it("writes for its owner only and leaves nothing else behind", async () => {
    await written("mode.json");
    expect(statSync(path("mode.json")).mode & 0o777).to.equal(0o600);
    expect(readdirSync(dirname(path("."))).filter((name) => name.endsWith(".tmp"))).to.deep.equal([]);
  });

  it("does not overwrite", async () => {
    await written("once.json");
    const before = readFileSync(path("once.json"), "utf8");
    expect(await failure(written("once.json"))).to.include("once.json exists already and is not overwritten");
    expect(readFileSync(path("once.json"), "utf8")).to.equal(before);
  });

  it("lets exactly one of several writers win", async () => {
    const keystore = await createKeystore(attestation);
    const results = await Promise.all(
      Array.from({ length: 8 }, () => failure(writeKeystore(path("race.json"), keystore))),
    );
    expect(results.filter((result) => result === "no failure")).to.have.lengthOf(1);
  });

  it("refuses a wrong password", async () => {
    await written("password.json");
    const message = await failure(openKeystore(path("password.json"), `${PASSWORD}.`));
    expect(message).to.include("the password is wrong or the file was changed");
  });

  it("accepts another Unicode spelling of the same password", async () => {
    await written("unicode.json", { password: "Zürich-Straße" });
    const opened = await openKeystore(path("unicode.json"), "Zu\u0308rich-Straße");
    expect(opened.secret).to.have.lengthOf(32);
  });

  it("refuses a short password, a cost out of bounds and a purpose of another kind", async () => {
    const wrong = [{ password: "1234567" }, { scryptCost: 2 ** 13 }, { scryptCost: 2 ** 21 }, { scryptCost: 20_000 }];
    for (const options of wrong) {
      expect(await failure(createKeystore({ ...attestation, ...options }))).to.match(/^RangeError/);
    }
    expect(await failure(createKeystore({ ...attestation, purpose: "wallet" }))).to.include(
      "purpose cannot be wallet for a ml-dsa-65 key",
    );
  });

  it("makes no key when the random source is broken", async () => {
    const broken = createKeystore({ ...attestation, entropySource: (length) => new Uint8Array(length) });
    expect(await failure(broken)).to.include(EntropyHealthError.name);
  });

  it("refuses a file that is cut short anywhere", async () => {
    await written("whole.json");
    const whole = readFileSync(path("whole.json"), "utf8");
    for (const length of [1, 100, whole.length / 2, whole.length - 3].map(Math.floor)) {
      writeFileSync(path("cut.json"), whole.slice(0, length), { mode: 0o600 });
      const message = await failure(openKeystore(path("cut.json"), PASSWORD));
      expect(message, `${length} characters`).to.include("cut.json is cut short or damaged");
    }
  });

  it("says that its path is a directory, or runs through a file", async () => {
    await written("file.json");
    expect(await failure(openKeystore(dirname(path("x")), PASSWORD))).to.include("is no file");
    expect(await failure(openKeystore(path("file.json/inner.json"), PASSWORD))).to.include("is no directory");
    expect(await failure(written("file.json/inner.json"))).to.include("cannot be made");
  });

  it("writes all or nothing when the disk takes no more", () => {
    const module = JSON.stringify(join(import.meta.dirname, "../../../relayer/src/keystore/private-file.ts"));
    const write = `(await import(${module})).writePrivateFile(${JSON.stringify(path("big/key.json"))}, "x".repeat(100000))`;
    const limited = ["-c", `ulimit -f 8; exec "${process.execPath}" --input-type=module -e 'await ${write}'`];
    const { status, stderr } = spawnSync("bash", limited, { encoding: "utf8" });
    expect(status, "exit status").to.equal(1);
    expect(stderr).to.include("key.json cannot be written: it would be over the limit of file sizes");
    expect(readdirSync(path("big")), "files left").to.deep.equal([]);
  });

  it("is not hindered by the draft of a writer that was killed", async () => {
    writeFileSync(path("killed.json.0123456789ab.tmp"), "{", { mode: 0o600 });
    await written("killed.json");
    expect(await failure(openKeystore(path("killed.json"), PASSWORD))).to.equal("no failure");
  });

  it("opens for many at once", async () => {
    await written("shared.json");
    const opened = await Promise.all([1, 2, 3, 4].map(() => openKeystore(path("shared.json"), PASSWORD)));
    expect(new Set(opened.map(({ secret }) => Buffer.from(secret).toString("hex"))).size).to.equal(1);
  });

  it("refuses a file that every user can read", async () => {
    await written("open.json");
    chmodSync(path("open.json"), 0o644);
    expect(await failure(openKeystore(path("open.json"), PASSWORD))).to.include("open to every user (mode 0644)");
  });

  it("says what is wrong with a file that is none", async () => {
    writeFileSync(path("text.json"), "not json", { mode: 0o600 });
    writeFileSync(path("huge.json"), " ".repeat(20_000), { mode: 0o600 });
    writeFileSync(path("empty.json"), "", { mode: 0o600 });
    expect(await failure(openKeystore(path("text.json"), PASSWORD))).to.include("text.json is not JSON: it is another");
    expect(await failure(openKeystore(path("empty.json"), PASSWORD))).to.include("empty.json is empty");
    expect(await failure(openKeystore(path("huge.json"), PASSWORD))).to.include("over its limit of 16384");
    expect(await failure(openKeystore(path("absent.json"), PASSWORD))).to.include(
      "absent.json cannot be opened: it does not exist",
    );
    expect(existsSync(path("absent.json"))).to.equal(false);
  });
}).timeout(10_000);

describe("a changed keystore", () => {
  const path = temporaryDirectory();
  let original: Keystore;
  let count = 0;

  before(async () => {
    original = await createKeystore(attestation);
  });

  async function openChanged(change: (keystore: Keystore) => void, extra: object = {}): Promise<string> {
    const changed = { ...structuredClone(original), ...extra };
    change(changed);
    const file = path(`changed-${(count += 1)}.json`);
    writeFileSync(file, JSON.stringify(changed), { mode: 0o600 });
    return failure(openKeystore(file, PASSWORD));
  }

  function flip(hex: string): string {
    return (hex.startsWith("0") ? "1" : "0") + hex.slice(1);
  }

  it("opens while nothing is changed", async () => {
    expect(await openChanged(() => undefined)).to.equal("no failure");
  });

  const authenticated: Record<string, (keystore: Keystore) => void> = {
    purpose: (keystore) => (keystore.purpose = "tls"),
    publicKey: (keystore) => (keystore.publicKey = flip(keystore.publicKey)),
    createdAt: (keystore) => (keystore.createdAt = "2020-01-01T00:00:00.000Z"),
    "kdf.n": (keystore) => (keystore.kdf.n = 2 ** 15),
    "kdf.p": (keystore) => (keystore.kdf.p = 2),
    "kdf.salt": (keystore) => (keystore.kdf.salt = flip(keystore.kdf.salt)),
    "cipher.nonce": (keystore) => (keystore.cipher.nonce = flip(keystore.cipher.nonce)),
    ciphertext: (keystore) => (keystore.ciphertext = flip(keystore.ciphertext)),
    tag: (keystore) => (keystore.tag = flip(keystore.tag)),
  };
  for (const [field, change] of Object.entries(authenticated)) {
    it(`does not open with another ${field}`, async () => {
      expect(await openChanged(change)).to.include("the password is wrong or the file was changed");
    });
  }

  const malformed: Record<string, [string, (keystore: Record<string, unknown> & Keystore) => unknown]> = {
    "another version": ["version", (keystore) => Object.assign(keystore, { version: 2 })],
    "another kind": ["ciphertext|publicKey|purpose", (keystore) => (keystore.kind = "slh-dsa-sha2-128s")],
    "an unknown kind": ["kind", (keystore) => Object.assign(keystore, { kind: "rsa" })],
    "another kdf": ["kdf.name", (keystore) => Object.assign(keystore.kdf, { name: "pbkdf2" })],
    "another r": ["kdf.r", (keystore) => Object.assign(keystore.kdf, { r: 1 })],
    "a cost too low": ["kdf.n", (keystore) => (keystore.kdf.n = 2 ** 10)],
    "a cost too high": ["kdf.n", (keystore) => (keystore.kdf.n = 2 ** 30)],
    "a cost that is no power of two": ["kdf.n", (keystore) => (keystore.kdf.n = 2 ** 14 + 1)],
    "a huge p": ["kdf.p", (keystore) => (keystore.kdf.p = 1_000)],
    "a short salt": ["kdf.salt", (keystore) => (keystore.kdf.salt = "00")],
    "another cipher": ["cipher.name", (keystore) => Object.assign(keystore.cipher, { name: "aes-256-ctr" })],
    "a short nonce": ["cipher.nonce", (keystore) => (keystore.cipher.nonce = "00")],
    "a short tag": ["tag", (keystore) => (keystore.tag = keystore.tag.slice(0, 8))],
    "a longer ciphertext": ["ciphertext", (keystore) => (keystore.ciphertext += "00")],
    "an unknown field": ["the whole file", (keystore) => Object.assign(keystore, { note: 1 })],
  };
  for (const [name, [field, change]] of Object.entries(malformed)) {
    it(`names the field that has ${name}`, async () => {
      expect(await openChanged((keystore) => void change(keystore))).to.match(
        new RegExp(`ConfigError: keystore .*: (${field}) `),
      );
    });
  }
}).timeout(10_000);
