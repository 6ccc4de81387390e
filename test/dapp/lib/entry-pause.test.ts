import { expect } from "chai";
import { type EntryPauses, pauseSentence } from "../../../dapp/src/lib/entry-pause.ts";
import { SOMEBODY } from "../support/draft-fixtures.ts";

const PAUSES: EntryPauses = {
  pauses: [
    { area: "Stake", until: 1_000, isByGuardian: true },
    { area: "Lease", until: 2_000, isByGuardian: false },
  ],
  guardian: { account: SOMEBODY, until: 5_000 },
};

describe("pauseSentence", () => {
  it("says until when and by whom", () => {
    expect(pauseSentence(PAUSES, "Stake", 940)).to.match(
      /^Stakes of inactive nodes are paused until .+ \(in 1 min\) by the emergency guardian 0x7099…79C8\. What is there/,
    );
    expect(pauseSentence(PAUSES, "Lease", 940))
      .to.include("New leases are paused")
      .and.to.include("by the DAO.");
  });

  it("says nothing of areas that are open, or open again", () => {
    expect(pauseSentence(PAUSES, "Stake", 1_000)).to.equal(undefined);
    expect(pauseSentence(PAUSES, "Listing", 0)).to.equal(undefined);
  });
});
