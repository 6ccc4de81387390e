import { expect } from "chai";
import { sideBySide } from "../../../scripts/test/side-by-side.ts";

/** Work that a test ends by hand. */
class Bench {
  readonly begun: number[] = [];
  readonly #ends = new Map<number, PromiseWithResolvers<void>>();

  readonly work = (item: number): Promise<void> => {
    const ending = Promise.withResolvers<void>();
    this.begun.push(item);
    this.#ends.set(item, ending);
    return ending.promise;
  };

  /** Ends work on an item and lets what waits for it go on. */
  async end(item: number, problem?: Error): Promise<void> {
    const ending = this.#ends.get(item)!;
    if (problem) ending.reject(problem);
    else ending.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("sideBySide", () => {
  it("begins the next item when one has ended", async () => {
    const bench = new Bench();
    const all = sideBySide([1, 2, 3, 4], 2, bench.work);
    expect(bench.begun, "at first").to.deep.equal([1, 2]);
    await bench.end(2);
    expect(bench.begun, "after the second").to.deep.equal([1, 2, 3]);
    await bench.end(3);
    expect(bench.begun, "after the third").to.deep.equal([1, 2, 3, 4]);
    await bench.end(1);
    await bench.end(4);
    await all;
  });

  it("ends when the last item has ended", async () => {
    const bench = new Bench();
    let isOver = false;
    const all = sideBySide([1, 2], 2, bench.work).then(() => (isOver = true));
    await bench.end(2);
    expect(isOver, "one still runs").to.equal(false);
    await bench.end(1);
    await all;
    expect(isOver).to.equal(true);
  });

  it("keeps the order with one worker", async () => {
    const bench = new Bench();
    const all = sideBySide([1, 2], 1, bench.work);
    expect(bench.begun).to.deep.equal([1]);
    await bench.end(1);
    await bench.end(2);
    await all;
    expect(bench.begun).to.deep.equal([1, 2]);
  });

  it("fails with the first error", async () => {
    const bench = new Bench();
    const problem = sideBySide([1, 2], 2, bench.work).catch((error: Error) => error.message);
    await bench.end(1, new Error("no"));
    expect(await problem).to.equal("no");
  });
});
