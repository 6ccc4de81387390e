import { expect } from "chai";

import { ProgressBar } from "../../../../indexer/engine/server/progress-bar.ts";
import type { IndexingStatus } from "../../../../indexer/engine/sync/indexing-event.ts";

describe("progress bar", () => {
  let text: string;
  let time: number;
  let bar: ProgressBar;

  beforeEach(() => {
    text = "";
    time = 1_000;
    bar = new ProgressBar({ write: (piece) => (text += piece) }, () => time);
  });

  function status(state: IndexingStatus["state"], number: number, handlersRun = 0): IndexingStatus {
    const block = { number, hash: "0x", timestamp: 0 };
    return { state, block, chainHead: 200, problem: undefined, handlersRun, reorgs: 0, rpcRequests: 0, rpcFailures: 0 };
  }

  it("shows share, blocks and rate since it began", () => {
    bar.update(status("syncing", 100, 50));
    time += 2_000;
    bar.update(status("syncing", 150, 5_050));
    expect(text.split("\r").at(-1)).to.contain(
      `[${"#".repeat(15)}${"-".repeat(15)}]  50 %  block 150 of 200  2500 events/s`,
    );
  });

  it("draws a few times a second at most", () => {
    bar.update(status("syncing", 100));
    time += 50;
    bar.update(status("syncing", 101));
    expect(text.split("\r")).to.have.lengthOf(2);
  });

  it("goes away at the head", () => {
    bar.update(status("syncing", 100));
    bar.update(status("live", 200));
    expect(text.endsWith("\r\u001b[K")).to.equal(true);
    const before = text;
    bar.update(status("live", 201));
    expect(text).to.equal(before);
  });
});
