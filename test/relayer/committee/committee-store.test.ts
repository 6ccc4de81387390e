import { expect } from "chai";
import { type Hex, numberToHex, zeroHash } from "viem";
import { COMMITTEE_MIGRATIONS, CommitteeStore } from "../../../relayer/src/committee/committee-store.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";

const LIMIT = 16;
const MLDSA: Hex = `0x${"22".repeat(3_309)}`;
const LEADER = 2;

describe("CommitteeStore", () => {
  let store: CommitteeStore;
  let digests: number;

  beforeEach(() => {
    store = new CommitteeStore(openDatabase(":memory:", COMMITTEE_MIGRATIONS));
    digests = 0;
  });

  const digest = (): Hex => numberToHex(++digests, { size: 32 });
  /** Keeps a report that a seat signed, by default another one each time. */
  const keep = (place: { epoch?: bigint; round?: number; seat?: number; name?: Hex }): boolean => {
    const { epoch = 7n, round = 0, seat = LEADER, name = digest() } = place;
    const words = { committeeVersion: 1, beaconBlock: 9n, beacon: zeroHash, root: name };
    const report = { epoch, round, shard: 0, ...words, absent: "0x", degraded: "0x", quality: "0x" } as const;
    return store.addStatement(name, seat, { report, mldsa: MLDSA }, LIMIT);
  };

  it("keeps two reports of a round, which convict their leader", () => {
    for (let i = 0; i < 9; i++) expect(keep({})).to.equal(true);
    expect(store.statements(), "kept").to.equal(2);
    expect(store.doubleSigned(0n).map(({ seat, signed }) => [seat, signed.length])).to.deep.equal([[LEADER, 2]]);
  });

  it("keeps so many of an epoch of one leader, and says when it keeps no more", () => {
    for (let round = 0; round < LIMIT; round++) expect(keep({ round }), `round ${round}`).to.equal(true);
    expect(keep({ round: LIMIT }), "one more").to.equal(false);
    expect(keep({ round: 0 }), "a second one of a round").to.equal(false);
    expect(store.statements(), "kept").to.equal(LIMIT);
    expect(keep({ seat: LEADER + 1 }), "of another leader").to.equal(true);
    expect(keep({ epoch: 8n }), "of another epoch").to.equal(true);
  });

  it("keeps one report once", () => {
    const name = digest();
    expect([keep({ name }), keep({ name })]).to.deep.equal([true, true]);
    expect(store.statements(), "kept").to.equal(1);
  });

  it("forgets statements without forgetting proposals, and the other way round", () => {
    keep({ epoch: 7n });
    keep({ epoch: 9n });
    store.prune(9n);
    expect(store.statements(), "after proposals are forgotten").to.equal(2);
    store.pruneStatements(9n);
    expect(store.statements(), "kept").to.equal(1);
  });
});
