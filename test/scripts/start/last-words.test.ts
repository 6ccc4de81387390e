import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { lastWords } from "../../../scripts/start/last-words.ts";
import { temporaryDirectory } from "../../relayer/keystore/temporary-directory.ts";

const INFO = JSON.stringify({ level: 30, msg: "attestation signed" });

describe("last words of a part", () => {
  const path = temporaryDirectory();

  function wordsOf(...lines: string[]): string | undefined {
    writeFileSync(path("part.log"), `${lines.join("\n")}\n`);
    return lastWords(path("part.log"));
  }

  it("are the warning or error that ends its log", () => {
    expect(wordsOf(INFO, JSON.stringify({ level: 50, msg: "it broke", err: { message: "no disk." } }))).to.equal(
      "it broke: no disk",
    );
    expect(wordsOf(INFO, "agent: the chain node does not answer")).to.equal("agent: the chain node does not answer");
  });

  it("are none when it ended in ordinary work", () => {
    expect(wordsOf(INFO)).to.equal(undefined);
    expect(wordsOf(JSON.stringify({ level: 50, msg: "long ago" }), INFO)).to.equal(undefined);
    expect(wordsOf("eth_getBlockByNumber")).to.equal(undefined);
    expect(wordsOf("")).to.equal(undefined);
  });

  it("have neither colours nor the lines of a stack", () => {
    const stack = ["\u001b[31mTypeError: no such thing\u001b[39m", "    at run (a.ts:1:1)", "", "Node.js v24.21.0"];
    expect(wordsOf(INFO, ...stack)).to.equal("TypeError: no such thing");
  });
});
