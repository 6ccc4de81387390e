import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import hre from "hardhat";

import { generateMlDsaKeyPair, signMlDsa } from "./support/ml-dsa-keys.ts";
import { flipBit } from "./support/random.ts";
import { generateSlhDsaKeyPair, signWithOpenSsl } from "./support/slh-dsa-keys.ts";

const NONE = new Uint8Array();
const hex = (data: Uint8Array): string => Buffer.from(data).toString("hex");

const folder = mkdtempSync(join(tmpdir(), "pq-verify-"));
const mlDsa = signMlDsa(generateMlDsaKeyPair(), Uint8Array.from([1, 2, 3]), Uint8Array.from([4]));
const mlDsaCases = [
  { id: "good", pk: hex(mlDsa.publicKey), message: "010203", context: "04", signature: hex(mlDsa.signature) },
  { id: "bad", pk: `0x${hex(mlDsa.publicKey)}`, message: "0x010203", context: "0x05", signature: hex(mlDsa.signature) },
  { id: 3, pk: "00", message: "", context: "", signature: "" },
];

/** Runs the task on a file with `content`; returns what it has printed and whether it succeeded. */
async function run(
  args: { alg: string; path: string },
  content: unknown,
): Promise<{ lines: string[]; success: boolean }> {
  const file = join(folder, "cases.json");
  writeFileSync(file, JSON.stringify(content));
  const lines: string[] = [];
  const { log, error } = console;
  console.log = console.error = (line: string) => lines.push(line);
  try {
    const result: unknown = await hre.tasks.getTask("pq:verify").run({ ...args, file });
    return { lines, success: (result as { success: boolean }).success };
  } finally {
    Object.assign(console, { log, error });
  }
}

const verdicts = (lines: readonly string[]): string[] => lines.map((line) => line.split(" ").slice(0, 2).join(" "));
const gasOf = (line: string | undefined): number => Number(line?.split(" ")[2]);

describe("pq:verify", () => {
  after(() => rmSync(folder, { recursive: true }));

  it("prints a verdict and the gas of each case from raw keys", async () => {
    const { lines, success } = await run({ alg: "ml-dsa-65", path: "raw" }, mlDsaCases);
    expect(success).to.equal(true);
    expect(verdicts(lines)).to.deep.equal(["good true", "bad false", "3 false"]);
    expect(gasOf(lines[0])).to.be.within(3_000_000, 5_000_000);
  });

  it("prints a verdict and the gas of each case from registered keys", async () => {
    const { lines } = await run({ alg: "ml-dsa-65", path: "registered" }, mlDsaCases);
    expect(verdicts(lines)).to.deep.equal(["good true", "bad false", "3 false"]);
    expect(gasOf(lines[0])).to.be.within(900_000, 1_800_000);
  });

  it("verifies SLH-DSA-SHA2-128s", async () => {
    const pair = generateSlhDsaKeyPair();
    const signature = signWithOpenSsl(pair.privateKey, NONE, NONE);
    const common = { pk: hex(pair.publicKey), message: "", context: "" };
    const { lines } = await run({ alg: "slh-dsa-sha2-128s", path: "raw" }, [
      { id: "a", ...common, signature: hex(signature) },
      { id: "b", ...common, signature: hex(flipBit(signature, 1)) },
      { id: "c", ...common, pk: "", signature: hex(signature) },
    ]);
    expect(verdicts(lines)).to.deep.equal(["a true", "b false", "c false"]);
  });

  it("judges hostile cases as false by every path, and goes on", async () => {
    const [pk, signature, message] = [hex(mlDsa.publicKey), hex(mlDsa.signature), "010203"];
    const good = { pk, message, context: "04", signature };
    const hostile = [
      { ...good, id: "long key", pk: `${pk}00` },
      { ...good, id: "short key", pk: pk.slice(2) },
      { ...good, id: "degenerate key", pk: "00".repeat(1952) },
      { ...good, id: "long signature", signature: `${signature}00` },
      { ...good, id: "short signature", signature: signature.slice(2) },
      { ...good, id: "zeros", signature: "00".repeat(3309) },
      { ...good, id: "ones", signature: "ff".repeat(3309) },
      { ...good, id: "long context", context: "04".repeat(256) },
      { ...good, id: "long message", message: "00".repeat(20_000) },
      { ...good, id: "nothing", pk: "0x", message: "0x", context: "0x", signature: "0x" },
      { ...good, id: "good" },
      { ...good, id: "good again", pk: pk.toUpperCase() },
    ];
    for (const path of ["raw", "registered"]) {
      const { lines, success } = await run({ alg: "ml-dsa-65", path }, hostile);
      expect(success, path).to.equal(true);
      const expected = hostile.map(({ id }) => `${id} ${id.startsWith("good")}`);
      expect(
        lines.map((line) => line.replace(/ \d+$/, "")),
        path,
      ).to.deep.equal(expected);
    }
  }).timeout(240_000);

  it("says that a file is no JSON, or is not there", async () => {
    const file = join(folder, "broken.json");
    for (const [content, sentence] of [
      ["[{", "the file must hold a JSON array of cases, it is no JSON"],
      [undefined, "ENOENT"],
    ] as const) {
      rmSync(file, { force: true });
      if (content !== undefined) writeFileSync(file, content);
      const lines: string[] = [];
      const { error } = console;
      console.error = (line: string) => lines.push(line);
      const args = { alg: "ml-dsa-65", path: "raw", file };
      const result: unknown = await hre.tasks
        .getTask("pq:verify")
        .run(args)
        .finally(() => (console.error = error));
      expect((result as { success: boolean }).success, sentence).to.equal(false);
      expect(lines.join("\n")).to.include(sentence);
    }
  });

  it("names the case that no transaction can verify", async () => {
    const [pk, signature] = [hex(mlDsa.publicKey), hex(mlDsa.signature)];
    const huge = { id: "huge", pk, message: "00".repeat(80_000), context: "", signature };
    const { lines, success } = await run({ alg: "ml-dsa-65", path: "raw" }, [huge]);
    expect(success).to.equal(false);
    expect(lines.join("\n")).to.match(/^case huge cannot be verified: /);
  }).timeout(60_000);

  it("says what is wrong with its input", async () => {
    const wrong: [{ alg: string; path: string }, unknown, string][] = [
      [{ alg: "rsa", path: "raw" }, [], "--alg is rsa, it must be one of ml-dsa-65, slh-dsa-sha2-128s"],
      [{ alg: "ml-dsa-65", path: "cold" }, [], "--path is cold, it must be one of raw, registered"],
      [{ alg: "ml-dsa-65", path: "raw" }, {}, "the file must hold a JSON array of cases"],
      [{ alg: "ml-dsa-65", path: "raw" }, [null], "pk of case 0 is missing"],
      [{ alg: "ml-dsa-65", path: "raw" }, [], "the file holds no case"],
      [{ alg: "ml-dsa-65", path: "raw" }, [{ id: {} }], "id of case 0 must be text or a number"],
      [{ alg: "ml-dsa-65", path: "raw" }, [{ id: "a true 1\nb" }], "id of case 0 must be one line of text"],
      [{ alg: "ml-dsa-65", path: "raw" }, [{ id: "x" }], "pk of case x is missing"],
      [{ alg: "ml-dsa-65", path: "raw" }, [{ id: "x", pk: 7 }], "pk of case x must be text in hex"],
      [{ alg: "ml-dsa-65", path: "raw" }, [{ id: "x", pk: "0xzz" }], "pk of case x must be whole bytes in hex"],
      [
        { alg: "ml-dsa-65", path: "raw" },
        [{ id: "x", pk: "", message: "", signature: "" }],
        "context of case x is missing",
      ],
      [
        { alg: "ml-dsa-65", path: "raw" },
        [{ id: "x", pk: "", message: "", context: "" }],
        "signature of case x is missing",
      ],
      [{ alg: "ml-dsa-65", path: "raw" }, [{ id: "x", pk: "abc" }], "pk of case x must be whole bytes in hex"],
    ];
    for (const [args, content, sentence] of wrong) {
      const { lines, success } = await run(args, content);
      expect([success, ...lines]).to.deep.equal([false, sentence]);
    }
  });
});
