import { qualityByte } from "@pqmesh/contracts/protocol/quality";
import { expect } from "chai";
import { HeartbeatBook } from "../../../relayer/src/ingest/heartbeat-book.ts";
import { FixedChainView } from "../../helpers/fixed-chain-view.ts";

const EPOCH = 100;
const INTERVAL_MS = 1_000;

describe("heartbeat book", () => {
  let chain: FixedChainView;
  let book: HeartbeatBook;
  let monotonicMs: number;
  let counter: number;

  beforeEach(() => {
    chain = new FixedChainView({ epoch: EPOCH });
    chain.goTo(EPOCH, 0);
    monotonicMs = 5_000;
    counter = 0;
    book = new HeartbeatBook(chain, 15_000, () => monotonicMs);
  });

  /** Lets time pass, then takes a heartbeat of node 1. */
  function beatAfter(ms: number, intervalMs = INTERVAL_MS): void {
    pass(ms);
    const heartbeat = { counter: ++counter, agentMicros: 0n, cpuLoadBp: 11, memoryUsedBp: 22, storageUsedBp: 33 };
    book.record(1, intervalMs, heartbeat);
  }

  function pass(ms: number): void {
    monotonicMs += ms;
    chain.advance(ms);
  }

  it("counts all heartbeats of a steady node", () => {
    for (let i = 0; i < 10; i++) beatAfter(i === 0 ? 500 : INTERVAL_MS);
    pass(500);
    const [row] = book.epochStats(BigInt(EPOCH))!;
    expect(row).to.deep.include({ nodeIndex: 1, received: 10, expected: 10, jitterMicros: 0 });
    expect(qualityByte(row!), "quality").to.equal(255);
  });

  it("measures jitter as the mean deviation from the interval", () => {
    for (const gap of [100, 900, 1_300, 1_000]) beatAfter(gap);
    const [row] = book.epochStats(BigInt(EPOCH))!;
    expect(row!.jitterMicros, "(100 + 300 + 0) / 3 ms").to.equal(133_333);
    expect(row!.intervalMicros).to.equal(1_000_000);
  });

  it("expects heartbeats only for the time it was there", () => {
    chain.goTo(EPOCH, 0.5);
    book = new HeartbeatBook(chain, 15_000, () => monotonicMs);
    for (const gap of [500, 1_000, 1_000, 1_000, 1_000]) beatAfter(gap);
    pass(500);
    expect(book.epochStats(BigInt(EPOCH))![0]).to.deep.include({ received: 5, expected: 5 });
  });

  it("shows missed heartbeats as a lower ratio", () => {
    for (const gap of [500, 1_000, 1_000, 4_000, 1_000]) beatAfter(gap);
    pass(2_499);
    expect(book.epochStats(BigInt(EPOCH))![0]).to.deep.include({ received: 5, expected: 9 });
    expect(book.live(1)!.heartbeatRatioBp).to.equal(5_555);
  });

  it("counts each heartbeat once", () => {
    beatAfter(500);
    const again = { counter, agentMicros: 0n, cpuLoadBp: 0, memoryUsedBp: 0, storageUsedBp: 0 };
    book.record(1, INTERVAL_MS, again);
    expect(book.epochStats(BigInt(EPOCH))![0]!.received).to.equal(1);
  });

  it("counts no heartbeat whose counter does not grow", () => {
    const take = (value: number) => {
      pass(INTERVAL_MS);
      const figures = { agentMicros: 0n, cpuLoadBp: 0, memoryUsedBp: 0, storageUsedBp: 0 };
      return book.record(1, INTERVAL_MS, { counter: value, ...figures });
    };
    expect([5, 4, 5, 6].map(take)).to.deep.equal(["counted", "repeated", "repeated", "counted"]);
    expect(take(2 ** 32 - 1), "behind, modulo 2^32").to.equal("repeated");
    pass(3 * INTERVAL_MS);
    expect(take(2 ** 32 - 1), "started again after a silence").to.equal("counted");
    expect(take(0), "the next modulo 2^32").to.equal("counted");
  });

  it("counts no more than twice the announced rate after a small burst", () => {
    for (let i = 0; i < 24; i++) beatAfter(4, 5_000);
    expect(book.epochStats(BigInt(EPOCH))![0]!.received, "burst").to.equal(3);
    for (let i = 0; i < 90; i++) beatAfter(100, INTERVAL_MS);
    expect(book.epochStats(BigInt(EPOCH))![0]!.received, "nine seconds of ten times the rate").to.be.within(18, 22);
  });

  it("keeps epochs apart and forgets old ones", () => {
    beatAfter(500);
    chain.goTo(EPOCH + 1, 0.1);
    beatAfter(1_000);
    expect(book.epochStats(BigInt(EPOCH))![0]!.received).to.equal(1);
    expect(book.epochStats(BigInt(EPOCH + 1))![0]!.received).to.equal(1);
    chain.goTo(EPOCH + 8, 0.1);
    beatAfter(1_000);
    expect(book.epochStats(BigInt(EPOCH)), "eight epochs later").to.equal(undefined);
    expect(book.epochStats(BigInt(EPOCH + 1))).to.have.length(1);
  });

  it("calls a node silent after three missed heartbeats", () => {
    beatAfter(500);
    pass(3_000);
    expect(book.live(1)!.state, "three intervals").to.equal("live");
    pass(1);
    expect(book.live(1)!.state, "and a bit").to.equal("silent");
    beatAfter(0);
    expect(book.live(1)!.state, "heard again").to.equal("live");
  });

  it("calls a node silent after 15 s at the latest", () => {
    beatAfter(500, 6_000);
    pass(15_000);
    expect(book.live(1)!.state).to.equal("live");
    pass(1);
    expect(book.live(1)!.state).to.equal("silent");
  });

  it("tells when a node was seen last in chain time", () => {
    beatAfter(500);
    const seenAt = chain.nowMs();
    pass(2_000);
    expect(book.live(1)!.lastSeenMs).to.equal(seenAt);
  });

  it("shows the round trip that the node signed", () => {
    beatAfter(500);
    expect(book.live(1)!.latencyMicros).to.equal(0);
    book.noteLatency(1, 777);
    beatAfter(1_000);
    expect(book.live(1)!.latencyMicros).to.equal(777);
    expect(book.epochStats(BigInt(EPOCH))![0]!.latencyMicros).to.equal(777);
  });

  it("knows nothing of nodes it never heard", () => {
    expect(book.live(2)).to.equal(undefined);
    expect(book.seenNodes()).to.deep.equal([]);
  });

  it("selects the nodes of a shard", () => {
    beatAfter(500);
    book.record(512, INTERVAL_MS, { counter: 1, agentMicros: 0n, cpuLoadBp: 0, memoryUsedBp: 0, storageUsedBp: 0 });
    expect(book.shardStats(BigInt(EPOCH), 0)!.map(({ nodeIndex }) => nodeIndex)).to.deep.equal([1]);
    expect(book.shardStats(BigInt(EPOCH), 1)!.map(({ nodeIndex }) => nodeIndex)).to.deep.equal([512]);
    expect(book.shardStats(5n, 0), "long ago").to.equal(undefined);
  });
});
