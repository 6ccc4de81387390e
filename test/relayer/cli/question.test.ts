import { PassThrough } from "node:stream";
import { expect } from "chai";
import { affirmed } from "../../../relayer/cli/question.ts";

function terminal(isTTY = true) {
  return { input: Object.assign(new PassThrough(), { isTTY }), output: Object.assign(new PassThrough(), { isTTY }) };
}

describe("a question at the terminal", () => {
  for (const [answer, isYes] of [
    ["yes\n", true],
    [" YES \n", true],
    ["y\n", false],
    ["no\n", false],
    ["\n", false],
  ] as const) {
    it(`takes ${JSON.stringify(answer)} for ${isYes ? "yes" : "no"}`, async () => {
      const at = terminal();
      at.input.write(answer);
      expect(await affirmed("Sign this?", at)).to.equal(isYes);
      expect(String(at.output.read())).to.include("Sign this? Type yes: ");
    });
  }

  it("takes the end of the input for no", async () => {
    const at = terminal();
    at.input.end();
    expect(await affirmed("Sign this?", at)).to.equal(false);
  });

  it("asks nobody where there is no terminal", async () => {
    const at = terminal(false);
    expect(await affirmed("Sign this?", at)).to.equal(false);
    expect(at.output.read()).to.equal(null);
  });
});
