import { expect } from "chai";
import { PresenceBook } from "../../../dapp/src/lib/presence-book.ts";
import type { LiveNode } from "../../../dapp/src/lib/relayer-client.ts";

describe("PresenceBook", () => {
  let now: number;
  let book: PresenceBook;
  const heard = (lastSeenMs: number, state: LiveNode["state"] = "live"): LiveNode[] => [
    { nodeIndex: 1, lastSeenMs, state },
  ];
  const state = (): string | undefined => book.states().get(1)?.state;

  beforeEach(() => {
    now = 0;
    book = new PresenceBook(() => now);
  });

  it("believes a live node whose heartbeats grow", () => {
    for (let i = 1; i <= 20; i++) {
      book.take([heard(i * 3_000)]);
      now += 3_000;
      expect(state()).to.equal("live");
    }
  });

  it("calls a node silent within 20 s although a relayer says live", () => {
    book.take([heard(5_000)]);
    for (; now < 18_000; now += 3_000) book.take([heard(5_000)]);
    expect(state()).to.equal("silent");
  });

  it("calls a node silent at once when every relayer does", () => {
    book.take([heard(5_000)]);
    book.take([heard(5_000, "silent"), heard(4_000, "silent")]);
    expect(state()).to.equal("silent");
  });

  it("takes the newest of several relayers", () => {
    book.take([heard(5_000, "silent"), heard(9_000, "live")]);
    expect(state()).to.equal("live");
    expect(book.states().get(1)?.lastSeenMs).to.equal(9_000);
  });

  it("clears when heartbeats come back", () => {
    book.take([heard(5_000)]);
    now = 30_000;
    expect(state()).to.equal("silent");
    book.take([heard(30_000)]);
    expect(state()).to.equal("live");
  });

  it("keeps what it knows while no relayer answers", () => {
    book.take([heard(5_000)]);
    book.take([]);
    expect(state()).to.equal("live");
  });

  it("says unknown for a node that was never heard", () => {
    book.take([[{ nodeIndex: 1, lastSeenMs: null, state: "unknown" }]]);
    expect(state()).to.equal("unknown");
  });
});
