import { expect } from "chai";
import { PresenceWatch } from "../../../dapp/src/lib/presence-watch.ts";
import type { LiveNode } from "../../../dapp/src/lib/relayer-client.ts";

describe("PresenceWatch", () => {
  const heard: LiveNode[] = [{ nodeIndex: 1, lastSeenMs: 5_000, state: "live" }];
  const urls = ["http://a", "http://b"];
  let stop: () => void = () => undefined;

  afterEach(() => stop());

  /** Listens until it was told `rounds` times, as a screen does that subscribes anew with every rendering. */
  function listenAnew(watch: PresenceWatch, rounds: number): Promise<void> {
    return new Promise((resolve) => {
      let told = 0;
      const listener = (): void => {
        stop();
        if (++told === rounds) return resolve();
        stop = watch.subscribe(listener);
      };
      stop = watch.subscribe(listener);
    });
  }

  it("keeps rounds apart although listeners come and go", async () => {
    let questions = 0;
    const pollMs = 25;
    const watch = new PresenceWatch(urls, { fetch: () => (questions++, Promise.resolve(heard)), pollMs });
    const start = performance.now();
    await listenAnew(watch, 5);
    expect(performance.now() - start).to.be.at.least(4 * pollMs - 5);
    expect(questions).to.equal(5 * urls.length);
  });

  it("begins no round while one is running", async () => {
    let questions = 0;
    let answer: (nodes: LiveNode[]) => void = () => undefined;
    const answered = new Promise<LiveNode[]>((resolve) => (answer = resolve));
    const watch = new PresenceWatch(["http://a"], { fetch: () => (questions++, answered), pollMs: 0 });
    const first = new Promise<void>((resolve) => (stop = watch.subscribe(resolve)));
    for (let i = 0; i < 100; i++) watch.subscribe(() => undefined)();
    await new Promise((resolve) => setImmediate(() => setTimeout(resolve, 5)));
    expect(questions).to.equal(1);
    answer(heard);
    await first;
    expect(watch.snapshot().nodes.get(1)?.state).to.equal("live");
  });

  it("keeps what was heard when no relayer answers any more", async () => {
    let isUp = true;
    const fetch = (): Promise<LiveNode[]> => (isUp ? Promise.resolve(heard) : Promise.reject(new Error("refused")));
    const watch = new PresenceWatch(urls, { fetch, pollMs: 1 });
    await listenAnew(watch, 1);
    isUp = false;
    await listenAnew(watch, 2);
    const { nodes, answering } = watch.snapshot();
    expect(answering?.size).to.equal(0);
    expect(nodes.get(1)?.state).to.equal("live");
  });
});
