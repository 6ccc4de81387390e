import { expect } from "chai";
import { keccak256, toHex } from "viem";
import { LogStateLists } from "../../../relayer/src/pki/log-state-lists.ts";
import { TestRecords } from "./test-records.ts";

const NOW = 1_795_000_000n;

describe("LogStateLists", () => {
  let records: TestRecords;
  let lists: LogStateLists<number>;
  let made: number;
  const newest = (name: string): number => lists.newest(name, () => ++made);

  beforeEach(() => {
    records = new TestRecords(NOW);
    lists = new LogStateLists(records);
    made = 0;
  });

  it("makes one list of each name while the log stays as it is", () => {
    expect([newest("1"), newest("2"), newest("1"), newest("2")]).to.deep.equal([1, 2, 1, 2]);
  });

  it("makes a list anew after a minute, and when the chain went back", () => {
    newest("1");
    records.now = NOW + 59n;
    expect(newest("1"), "59 s").to.equal(1);
    records.now = NOW + 60n;
    expect(newest("1"), "60 s").to.equal(2);
    records.now = NOW + 59n;
    expect(newest("1"), "back").to.equal(3);
  });

  it("drops every list of another log", () => {
    newest("1");
    newest("2");
    records.logRoot = keccak256(toHex("grown"));
    expect(newest("1")).to.equal(3);
    expect(lists.size).to.equal(1);
  });

  it("forgets a list, but not the one that took its place", () => {
    lists.forget("1", newest("1"));
    expect(newest("1"), "anew").to.equal(2);
    lists.forget("1", 1);
    expect(newest("1"), "kept").to.equal(2);
  });
});
