import { expect } from "chai";

import { WorkTime } from "../../../../indexer/engine/graphql/work-time.ts";

/** Milliseconds that are longer than a turn. */
const LONG = 15;

function workFor(milliseconds: number): void {
  const begun = performance.now();
  let now = begun;
  while (now - begun < milliseconds) now = performance.now();
}

describe("work time of a request", () => {
  it("does short work at once, and what follows long work after the others' turn", async () => {
    const time = new WorkTime(1_000);
    const order: string[] = [];
    expect(time.inTurn(() => "short")).to.equal("short");
    workFor(LONG);
    setImmediate(() => order.push("others"));
    await time.inTurn(() => order.push("next"));
    expect(order).to.deep.equal(["others", "next"]);
  });

  it("does not count the turns of others", async () => {
    const time = new WorkTime(10 * LONG);
    workFor(LONG);
    setImmediate(() => workFor(20 * LONG));
    expect(await time.inTurn(() => "done")).to.equal("done");
    expect(time.problem).to.equal(undefined);
  });

  it("ends work beyond its limit with a sentence that names it", async () => {
    const time = new WorkTime(LONG);
    workFor(2 * LONG);
    expect(() => time.check()).to.throw(`query takes longer than the limit of \`${LONG}\` ms`);
    expect(time.problem?.message).to.contain(`\`${LONG}\` ms`);
    const refused = await Promise.resolve(time.inTurn(() => "done")).catch((error: unknown) => error);
    expect(refused).to.equal(time.problem);
  });

  it("begins nothing once the request is answered", async () => {
    const time = new WorkTime(1_000);
    workFor(LONG);
    let begun = 0;
    const pieces = [1, 2, 3].map(() => Promise.resolve(time.inTurn(() => (begun += 1))).catch(() => "given up"));
    await time.end();
    expect(await Promise.all(pieces)).to.deep.equal(["given up", "given up", "given up"]);
    expect(begun).to.equal(0);
  });
});
