import type { IndexedLogEntry, LogAction } from "@pqmesh/contracts/protocol/log-entry";
import { EMPTY_LOG_ROOT } from "@pqmesh/contracts/protocol/merkle-log";
import { expect } from "chai";
import type { Hex } from "viem";
import { compareHeads, compareWithCopy, rebuildLog, splitViews } from "../../../relayer/cli/log-monitor.ts";

const NO_HASH: Hex = `0x${"00".repeat(32)}`;

function recorded(index: number, serial: bigint, action: LogAction = "issue"): IndexedLogEntry {
  const subject = { kind: undefined, subject: 0n, x509Hash: NO_HASH, reason: 0 };
  const times = { time: 1_800_000_000n, notBefore: 0n, notAfter: 0n, effectiveAt: 0n };
  return { index, entry: { action, authorityId: 1, serial, ...subject, ...times } };
}

const honest = [recorded(0, 16n), recorded(1, 17n), recorded(2, 18n)];
const { log } = rebuildLog(honest);

describe("log monitor", () => {
  it("rebuilds the log in whatever order events come", () => {
    const rebuilt = rebuildLog(honest.toReversed());
    expect(rebuilt.findings).to.deep.equal([]);
    expect(rebuilt.log.root()).to.equal(log.root());
    expect(rebuildLog([]).log.root()).to.equal(EMPTY_LOG_ROOT);
  });

  it("names the entry that no event records, and builds up to it", () => {
    const { findings, entries } = rebuildLog(honest.toSpliced(1, 1));
    expect(findings).to.deep.equal([
      { kind: "missing", index: 1, sentence: "entry 1 is missing: no event records it, and entry 2 follows" },
    ]);
    expect(entries).to.deep.equal([honest[0]]);
  });

  it("names the entry that two events record", () => {
    const { findings, entries } = rebuildLog([...honest, recorded(1, 19n)]);
    expect(findings).to.have.length(1);
    expect(findings[0]).to.include({ kind: "doubled", index: 1 });
    expect(findings[0]!.sentence).to.include("certificate 11").and.include("certificate 13");
    expect(entries, "which of them is true is unknown").to.deep.equal([honest[0]]);
  });

  it("names each entry of a copy that was dropped or rewritten, with the fields", () => {
    const now = rebuildLog([honest[0]!, recorded(1, 17n, "revoke")]);
    expect(compareWithCopy(honest, now)).to.deep.equal([
      { kind: "rewritten", index: 1, sentence: "entry 1 was rewritten: action was issue and is revoke" },
      { kind: "dropped", index: 2, sentence: "entry 2 was dropped: issue certificate 12 at 2027-01-15T08:00:00.000Z" },
    ]);
    expect(compareWithCopy(honest.slice(0, 2), rebuildLog(honest)), "a log that grew").to.deep.equal([]);
  });

  it("names heads of another history, and of more than there is", () => {
    const heads = [0, 1, 2, 3].map((size) => ({ by: "the contract", size, root: log.root(size) }));
    expect(compareHeads({ log }, heads)).to.deep.equal([]);
    const forked = compareHeads({ log }, [{ by: "the contract", size: 2, root: log.root(3) }]);
    expect(forked.map(({ kind }) => kind)).to.deep.equal(["forked"]);
    const longer = compareHeads({ log }, [{ by: "the contract", size: 5, root: log.root(3) }]);
    expect(longer).to.deep.equal([
      {
        ...{ kind: "dropped", index: 3 },
        sentence: "the contract states 5 entries, the events record 3: entries 3 to 4 were dropped",
      },
    ]);
  });

  it("names two heads of one size that differ", () => {
    const heads = [
      { by: "w1", size: 2, root: log.root(2) },
      { by: "w2", size: 3, root: log.root(3) },
      { by: "w3", size: 2, root: log.root(1) },
    ];
    expect(splitViews(heads.slice(0, 2))).to.deep.equal([]);
    const [finding, ...others] = splitViews(heads);
    expect(others).to.deep.equal([]);
    expect(finding!.sentence).to.include("split view: w1 states").and.include("for 2 entries, w3 states");
  });
});
