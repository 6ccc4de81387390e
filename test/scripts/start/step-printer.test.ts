import { expect } from "chai";
import { StepPrinter } from "../../../scripts/start/step-printer.ts";

describe("steps of a start", () => {
  let written: string[];
  let now: number;
  let printer: StepPrinter;

  function open(isTTY: boolean): void {
    written = [];
    now = 0;
    printer = new StepPrinter({ isTTY, columns: 40, write: (text) => written.push(text) }, () => now);
  }

  it("are printed when they begin and when they end", async () => {
    open(false);
    await printer.run("digging", () => {
      expect(written.join(""), "begun").to.equal("  … digging\n");
      now = 2_500;
      return Promise.resolve();
    });
    expect(written.join(""), "ended").to.equal("  … digging\n  ✓ digging (2.5 s)\n");
  });

  it("are not called done when they fail", async () => {
    open(false);
    const failed = await printer.run("digging", () => Promise.reject(new Error("rock"))).catch((error: Error) => error);
    expect(failed).to.be.instanceOf(Error);
    expect(written.join("")).to.equal("  … digging\n");
  });

  it("show their time on a terminal, cut to its width", async () => {
    open(true);
    await printer.run("digging", async () => {
      now = 12_000;
      printer.draw();
      expect(written.at(-1), "elapsed").to.equal("  … digging (12 s)");
      await printer.run("waiting for very much water", () => Promise.resolve(printer.draw()));
    });
    expect(
      written.every((text) => text.length <= 40 || text.endsWith("\n")),
      "width",
    ).to.equal(true);
    expect(written.join(""), "end").to.match(/✓ digging \(12\.0 s\)\n$/);
  });

  it("leave room for other lines", async () => {
    open(true);
    await printer.run("digging", () => {
      printer.say("a part ended");
      expect(written.slice(-3)).to.deep.equal(["\r\u001b[K", "a part ended\n", "  … digging (0 s)"]);
      return Promise.resolve();
    });
  });
});
