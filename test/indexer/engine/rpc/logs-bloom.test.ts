import { expect } from "chai";
import { keccak256 } from "viem";

import { bloomMatches } from "../../../../indexer/engine/rpc/logs-bloom.ts";

/** Bloom filter of items, as the yellow paper defines it: bit b lies 2047 - b bits behind the first. */
function bloomOf(...items: `0x${string}`[]): string {
  let bits = 0n;
  for (const item of items) {
    const hash = keccak256(item).slice(2);
    for (const at of [0, 4, 8]) bits |= 1n << BigInt(Number.parseInt(hash.slice(at, at + 4), 16) % 2048);
  }
  return `0x${bits.toString(16).padStart(512, "0")}`;
}

describe("bloom filter of logs", () => {
  const address = "0x00000000000000000000000000000000000000aa";
  const other = "0x00000000000000000000000000000000000000bb";
  const topic = `0x${"11".repeat(32)}` as const;
  const filter = { addresses: [other, address], topics: [`0x${"22".repeat(32)}`, topic] };

  it("matches one of the addresses with one of the topics", () => {
    expect(bloomMatches(bloomOf(address, topic), filter)).to.equal(true);
    expect(bloomMatches(bloomOf(address), filter), "no topic").to.equal(false);
    expect(bloomMatches(bloomOf(topic), filter), "no address").to.equal(false);
    expect(bloomMatches(bloomOf(topic), { addresses: undefined, topics: [topic] }), "any address").to.equal(true);
  });

  it("says nothing when it is empty, absent or malformed", () => {
    for (const bloom of [undefined, "0x", bloomOf(), "0xzz", `${bloomOf(address, topic)}00`])
      expect(bloomMatches(bloom, filter), bloom ?? "absent").to.equal(false);
  });
});
