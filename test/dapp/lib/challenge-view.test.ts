import { expect } from "chai";
import { challengeClock } from "../../../dapp/src/lib/challenge-view.ts";

describe("challengeClock", () => {
  it("runs while a challenge is open or answered, and is over at its end", () => {
    expect(challengeClock({ state: "Queued" }, 100)).to.deep.equal({ phase: "queued" });
    expect(challengeClock({ state: "Open", until: 101 }, 100)).to.deep.equal({ phase: "open", until: 101 });
    expect(challengeClock({ state: "Open", until: 100 }, 100)).to.deep.equal({ phase: "expired" });
    expect(challengeClock({ state: "Answered", until: 101 }, 100)).to.deep.equal({ phase: "answered", until: 101 });
    expect(challengeClock({ state: "Answered", until: 100 }, 100)).to.deep.equal({ phase: "stood" });
    expect(challengeClock({ state: "Upheld", until: 200 }, 100)).to.deep.equal({ phase: "upheld" });
  });
});
