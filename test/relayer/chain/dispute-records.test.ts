import { expect } from "chai";
import { type Hex, numberToHex, zeroHash } from "viem";
import type { ChainEvent } from "../../../relayer/src/chain/chain-events.ts";
import { DisputeRecords } from "../../../relayer/src/chain/dispute-records.ts";

/** More claims than are kept of old blocks. */
const FLOOD = 25_000;

describe("DisputeRecords", () => {
  const claimOf = (number: number): Hex => numberToHex(number, { size: 32 });

  /** Claims evidence under the numbers `[from, from + count)` in one block. */
  const claimMany = (
    records: DisputeRecords,
    { from, count, block }: { from: number; count: number; block: bigint },
  ) => {
    for (let number = from; number < from + count; number++) {
      const args = { claim: claimOf(number), claimant: `0x${"aa".repeat(20)}` };
      const event = { eventName: "EvidenceClaimed", args, blockNumber: block, transactionHash: zeroHash };
      records.apply(event as unknown as ChainEvent);
    }
  };

  it("keeps a recent claim through a flood of others", () => {
    const records = new DisputeRecords();
    claimMany(records, { from: 0, count: 1, block: 1_000n });
    claimMany(records, { from: 1, count: FLOOD, block: 1_001n });
    records.forgetBefore(0n, 1_063n);
    expect(records.claim(claimOf(0)), "63 blocks later").to.include({ blockNumber: 1_000n });
    records.forgetBefore(0n, 1_064n);
    expect(records.claim(claimOf(0)), "64 blocks later").to.equal(undefined);
  });

  it("keeps the newest of many old claims", () => {
    const records = new DisputeRecords();
    claimMany(records, { from: 0, count: FLOOD, block: 1_000n });
    records.forgetBefore(0n, 2_000n);
    expect(records.claim(claimOf(FLOOD - 20_000 - 1)), "one too old").to.equal(undefined);
    expect(records.claim(claimOf(FLOOD - 20_000)), "the oldest that is kept").to.include({ blockNumber: 1_000n });
  });
});
