import { expect } from "chai";
import { PresenceBook } from "../../../dapp/src/lib/presence-book.ts";
import type { LiveNode } from "../../../dapp/src/lib/relayer-client.ts";

describe("PresenceBook", () => {
  let now: number;
  let book: PresenceBook;
  const heard = (lastSeenMs: number, state: LiveNode["state"] = "live"): LiveNode[] => [
    { nodeIndex: 1, lastSeenMs, state },
  ];
  /** One answer each of relayers named by their place. */
  const take = (...answers: LiveNode[][]): void =>
    book.take(new Map(answers.map((nodes, i) => [`relayer ${i}`, nodes])));
  const state = (): string | undefined => book.states().get(1)?.state;

  beforeEach(() => {
    now = 0;
    book = new PresenceBook(() => now);
  });

  it("believes a live node whose heartbeats grow", () => {
    for (let i = 1; i <= 20; i++) {
      take(heard(i * 3_000));
      now += 3_000;
      expect(state()).to.equal("live");
    }
  });

  it("calls a node silent within 20 s although a relayer says live", () => {
    take(heard(5_000));
    for (; now < 18_000; now += 3_000) take(heard(5_000));
    expect(state()).to.equal("silent");
  });

  it("calls a node silent at once when every relayer does", () => {
    take(heard(5_000));
    take(heard(5_000, "silent"), heard(4_000, "silent"));
    expect(state()).to.equal("silent");
  });

  it("follows a node whose sessions moved to other relayers", () => {
    take(heard(5_000), heard(5_100));
    now = 16_000;
    take(heard(5_000), heard(20_000), heard(20_100));
    expect(state()).to.equal("live");
    expect(book.states().get(1)?.lastSeenMs).to.equal(20_000);
  });

  it("does not let one relayer keep a dead node alive", () => {
    for (; now < 30_000; now += 3_000) take(heard(5_000), heard(5_100), heard(5_000 + now));
    expect(state()).to.equal("silent");
  });

  it("does not let one relayer call a live node dead", () => {
    take(heard(9e15), heard(5_000), heard(5_100));
    for (; now < 30_000; now += 3_000) take(heard(9e15), heard(5_000 + now), heard(5_100 + now));
    expect(state()).to.equal("live");
    expect(book.states().get(1)?.lastSeenMs).to.equal(32_100);
  });

  it("clears when heartbeats come back", () => {
    for (; now < 30_000; now += 3_000) take(heard(5_000));
    expect(state()).to.equal("silent");
    take(heard(30_000));
    expect(state()).to.equal("live");
  });

  it("keeps what it knows while no relayer answers", () => {
    take(heard(5_000));
    take();
    expect(state()).to.equal("live");
  });

  it("says unknown for a node that was never heard", () => {
    take([{ nodeIndex: 1, lastSeenMs: null, state: "unknown" }]);
    expect(state()).to.equal("unknown");
  });

  it("knows nothing of a node once its relayers have been away for a while", () => {
    take(heard(5_000), heard(5_100));
    now = 14_000;
    expect(state()).to.equal("live");
    now = 16_000;
    expect(state()).to.equal("unknown");
    take(heard(25_000));
    expect(state()).to.equal("live");
  });
});
