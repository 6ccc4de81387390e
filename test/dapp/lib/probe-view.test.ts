import { expect } from "chai";
import { doubtSentence, readJournal, resultOf } from "../../../dapp/src/lib/probe-view.ts";

const LINE =
  '{"leaseId":"7","at":"2026-11-20T10:00:00.000Z","epoch":3,"isServed":true,"milliseconds":5,"isConnecting":false}\n';

const seen = (epoch: number, served: number, probes = 2) => ({ epoch, served, probes, medianMilliseconds: null });

describe("readJournal", () => {
  it("reads what a journal has of a lease", () => {
    expect(readJournal(LINE, 7)).to.deep.equal({ epochs: [{ epoch: 3, served: 1, probes: 1, medianMilliseconds: 5 }] });
  });

  it("says so when the journal is of another lease", () => {
    expect(readJournal(LINE, 8)).to.deep.equal({ problem: "This journal has no probe of lease 8." });
  });

  it("says so when the file is none", () => {
    expect(readJournal(`${LINE}nothing\n`, 7)).to.deep.equal({
      problem: "This is not a journal of probes: it has no probe in line 2.",
    });
  });
});

describe("resultOf", () => {
  it("tells epochs apart that were served, in part, or not", () => {
    expect([2, 1, 0].map((served) => resultOf(seen(1, served)))).to.deep.equal([
      "served",
      "served in part",
      "not served",
    ]);
  });
});

describe("doubtSentence", () => {
  it("names epochs that are attested although nothing was served", () => {
    const epochs = [seen(1, 0), seen(2, 0), seen(3, 1), seen(4, 0)];
    expect(doubtSentence(epochs, ["Attested", "Absent", "Attested", "Attested"])).to.equal(
      "2 epochs are attested although no probe was served: 1, 4. A dispute can be about that.",
    );
  });

  it("is silent while both agree", () => {
    expect(doubtSentence([seen(1, 2), seen(2, 0)], ["Attested", "Absent"])).to.equal(undefined);
  });

  it("names ten at most", () => {
    const epochs = Array.from({ length: 13 }, (_, i) => seen(i, 0));
    expect(doubtSentence(epochs, Array<"Attested">(13).fill("Attested"))).to.match(
      /^13 epochs .*: 0, .*, 9 and 3 more\./,
    );
  });
});
