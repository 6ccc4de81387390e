import { ml_dsa44, ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { EMPTY_LOG_ROOT } from "@pqmesh/contracts/protocol/merkle-log";
import { expect } from "chai";
import { createHash } from "node:crypto";
import { hexToBytes } from "viem";
import { mlDsa65KeyFromSeed } from "../../../relayer/src/keystore/ml-dsa-65.ts";
import {
  checkpointText,
  cosignCheckpoint,
  formatWitness,
  logOrigin,
  parseCheckpoint,
  parseWitness,
  verifyCheckpoint,
  witnessSigner,
} from "../../../relayer/src/pki/checkpoint.ts";

const REGISTRY = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const TIME = 1_800_000_000;
const checkpoint = { origin: logOrigin(31_337, REGISTRY), size: 42, root: EMPTY_LOG_ROOT };
const signer = witnessSigner("witness.example/w1", mlDsa65KeyFromSeed(new Uint8Array(32).fill(1)));
const second = witnessSigner("witness.example/w2", mlDsa65KeyFromSeed(new Uint8Array(32).fill(2)));
const note = cosignCheckpoint(checkpoint, signer, { time: TIME });

/** A witness of another ecosystem, whose signature is made here to the letter of C2SP tlog-cosignature. */
const foreign = ml_dsa44.keygen(new Uint8Array(32).fill(3));
const FOREIGN_NAME = "other.example/w";

describe("checkpoint", () => {
  it("has origin, size and root, one line each", () => {
    const root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    expect(checkpointText(checkpoint)).to.equal(
      `pqmesh/31337/0x5fbdb2315678afecb367f032d93f642f64180aa3\n42\n${root}\n`,
    );
    expect(note.startsWith(`${checkpointText(checkpoint)}\n\u2014 witness.example/w1 `)).to.equal(true);
    expect(note.endsWith("\n")).to.equal(true);
  });

  it("is read back with its signatures, and verifies", () => {
    const read = parseCheckpoint(note);
    expect(read.checkpoint).to.deep.equal(checkpoint);
    expect(read.text).to.equal(checkpointText(checkpoint));
    expect(verifyCheckpoint(read, [signer])).to.deep.equal([{ witness: signer, time: TIME }]);
  });

  it("is cosigned by several", () => {
    const { signatures } = parseCheckpoint(note);
    const both = parseCheckpoint(cosignCheckpoint(checkpoint, second, { time: TIME + 1, signatures }));
    const signed = verifyCheckpoint(both, [second, signer]).map(({ witness, time }) => [witness.name, time]);
    expect(signed).to.deep.equal([
      [second.name, TIME + 1],
      [signer.name, TIME],
    ]);
  });

  it("signs the message of C2SP, as another implementation finds", () => {
    const bytes = parseCheckpoint(note).signatures[0]!.bytes;
    const type = Buffer.from("\xffpqmesh ml-dsa-65 cosignature/v1", "latin1");
    expect(bytes.subarray(0, 4), "key ID").to.deep.equal(keyIdOf(signer.name, type, signer.publicKey));
    expect(bytes.readBigUInt64BE(4), "time").to.equal(BigInt(TIME));
    const message = messageOf(signer.name, TIME);
    expect(ml_dsa65.verify(bytes.subarray(12), message, signer.publicKey), "signature").to.equal(true);
  });

  it("verifies ML-DSA-44 cosignatures of other ecosystems", () => {
    const type = Buffer.from([0x06]);
    const id = keyIdOf(FOREIGN_NAME, type, foreign.publicKey);
    const signature = ml_dsa44.sign(messageOf(FOREIGN_NAME, TIME), foreign.secretKey);
    const line = Buffer.concat([id, uint64(TIME), signature]).toString("base64");
    const key = Buffer.concat([type, foreign.publicKey]).toString("base64");
    const witness = parseWitness(`${FOREIGN_NAME}+${id.toString("hex")}+${key}`);
    const read = parseCheckpoint(`${note}\u2014 ${FOREIGN_NAME} ${line}\n`);
    expect(verifyCheckpoint(read, [witness]).map(({ time }) => time)).to.deep.equal([TIME]);
    read.checkpoint.size = 43;
    expect(() => verifyCheckpoint(read, [witness])).to.throw("does not verify");
  });

  it("refuses a changed origin, size, root, time and signature of a known witness", () => {
    const { signatures } = parseCheckpoint(note);
    const flipped = (at: number) => {
      const bytes = Buffer.from(signatures[0]!.bytes);
      bytes[at]! ^= 1;
      return { checkpoint, text: "", signatures: [{ name: signer.name, bytes }] };
    };
    const changed = (change: object) => ({ checkpoint: { ...checkpoint, ...change }, text: "", signatures });
    const cases = [
      changed({ origin: `${checkpoint.origin}0` }),
      changed({ size: 41 }),
      changed({ root: `0x${"11".repeat(32)}` }),
      ...[flipped(11), flipped(12), flipped(3_320)],
    ];
    for (const other of cases) expect(() => verifyCheckpoint(other, [signer])).to.throw("does not verify");
    const short = { name: signer.name, bytes: signatures[0]!.bytes.subarray(0, -1) };
    expect(() => verifyCheckpoint({ checkpoint, text: "", signatures: [short] }, [signer])).to.throw("does not verify");
  });

  it("ignores unknown witnesses, and is worth nothing without a known one", () => {
    const renamed = { ...signer, name: "witness.example/w3" };
    for (const witness of [second, renamed]) {
      expect(() => verifyCheckpoint(parseCheckpoint(note), [witness])).to.throw("no signature of a known witness");
    }
    expect(() => verifyCheckpoint(parseCheckpoint(note), [])).to.throw("no signature of a known witness");
    const bytes = parseCheckpoint(note).signatures[0]!.bytes;
    const stolen = { checkpoint, text: "", signatures: [{ name: renamed.name, bytes }] };
    expect(() => verifyCheckpoint(stolen, [renamed]), "its ID is of another name").to.throw("no signature");
  });

  it("refuses notes of another form", () => {
    const [origin, size, root] = checkpointText(checkpoint).split("\n");
    const signatures = note.slice(checkpointText(checkpoint).length);
    const cases: [string, string][] = [
      ["", "a note is text, an empty line"],
      [note.slice(0, -1), "a note is text, an empty line"],
      [`${origin}\n${size}\n${signatures}`, "a checkpoint has three lines"],
      [`${origin}\n${size}\n${root}\nextension\n${signatures}`, "a checkpoint has three lines"],
      [`\n${size}\n${root}\n${signatures}`, "origin of the checkpoint is empty"],
      [`${origin}\n042\n${root}\n${signatures}`, "size of the checkpoint"],
      [`${origin}\n9999999999999999\n${root}\n${signatures}`, "size of the checkpoint"],
      [`${origin}\n${size}\n${root!.replace("=", "")}\n${signatures}`, "root of the checkpoint is not base64"],
      [`${origin}\n${size}\nAAAA\n${signatures}`, "has 3 bytes, not 32"],
      [note.replace("\u2014", "-"), "a signature line is"],
      [`${note}\u2014 w AAAA\n`, "signature of w is too short"],
      [note + "x".repeat(131_072), "at most 131072 characters"],
    ];
    for (const [text, message] of cases) expect(() => parseCheckpoint(text), text.slice(0, 80)).to.throw(message);
  });
});

describe("witness", () => {
  it("is read back from its text", () => {
    const { name, algorithm, publicKey } = signer;
    expect(parseWitness(`${formatWitness(signer)}\n`)).to.deep.equal({ name, algorithm, publicKey });
  });

  it("refuses texts of another form", () => {
    const [name, id, key] = formatWitness(signer)
      .split("+", 2)
      .concat(
        formatWitness(signer)
          .split(/\+(?=.)/)
          .slice(2)
          .join("+"),
      );
    const other = id!.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
    const cases: [string, string][] = [
      ["", "a witness is"],
      [`${name}+${id}`, "a witness is"],
      [`${name}+${other}+${key}`, "is not that of name and key"],
      [`another+${id}+${key}`, "is not that of name and key"],
      [`${name}+${id}+${Buffer.from([4, 1]).toString("base64")}`, "signature type 4 is unknown"],
      [`${name}+${id}+${Buffer.from([6, 1]).toString("base64")}`, "has 1 bytes, not 1312"],
    ];
    for (const [text, message] of cases) expect(() => parseWitness(text), text.slice(0, 60)).to.throw(message);
    expect(() => witnessSigner("two words", signer.privateKey)).to.throw("is no name of a witness");
  });
});

function messageOf(name: string, time: number): Buffer {
  const opaque = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
  const label = Buffer.from("737562747265652f76310a00", "hex");
  const tree = [uint64(0), uint64(checkpoint.size), hexToBytes(checkpoint.root)];
  return Buffer.concat([label, opaque(name), uint64(time), opaque(checkpoint.origin), ...tree]);
}

function keyIdOf(name: string, type: Buffer, key: Uint8Array): Buffer {
  return createHash("sha256")
    .update(Buffer.concat([Buffer.from(`${name}\n`), type, key]))
    .digest()
    .subarray(0, 4);
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
