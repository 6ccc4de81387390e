import type { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import type { Hex } from "viem";
import { PROTECTION_MIGRATIONS, ProtectionLog } from "../../../relayer/src/committee/protection-log.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";

const OWNER = { chainId: 31_337, bridge: `0x${"b1".repeat(20)}`, member: `0x${"Ab".repeat(20)}` } as const;
const DIGEST: Hex = `0x${"11".repeat(32)}`;
const OTHER: Hex = `0x${"22".repeat(32)}`;
const PLACE = { epoch: 7n, shard: 0, round: 1 };

describe("ProtectionLog", () => {
  let db: DatabaseSync;
  let log: ProtectionLog;

  const reasonOf = (act: () => void) => {
    try {
      act();
      return "none";
    } catch (error) {
      return (error as { reason: string }).reason;
    }
  };

  beforeEach(() => {
    db = openDatabase(":memory:", PROTECTION_MIGRATIONS);
    log = new ProtectionLog(db, OWNER);
  });
  afterEach(() => db.close());

  it("takes one digest for an epoch, shard and round", () => {
    log.record(PLACE, DIGEST);
    expect(log.digestOf(PLACE)).to.equal(DIGEST);
    expect(
      reasonOf(() => log.record(PLACE, OTHER)),
      "another digest",
    ).to.equal("already-signed");
    expect(
      reasonOf(() => log.record(PLACE, DIGEST)),
      "the same digest",
    ).to.equal("none");
    expect(log.digestOf(PLACE), "digest after all").to.equal(DIGEST);
  });

  for (const change of [{ epoch: 8n }, { shard: 1 }, { round: 2 }]) {
    it(`takes another digest for another ${Object.keys(change)[0]}`, () => {
      log.record(PLACE, DIGEST);
      log.record({ ...PLACE, ...change }, OTHER);
      expect(log.digestOf({ ...PLACE, ...change })).to.equal(OTHER);
    });
  }

  it("still refuses after it was opened again", () => {
    log.record(PLACE, DIGEST);
    const again = new ProtectionLog(db, OWNER);
    expect(reasonOf(() => again.record(PLACE, OTHER))).to.equal("already-signed");
  });

  it("refuses epochs below its floor", () => {
    log.raiseFloor(8n);
    expect(
      reasonOf(() => log.record(PLACE, DIGEST)),
      "below the floor",
    ).to.equal("protected-epoch");
    expect(
      reasonOf(() => log.record({ ...PLACE, epoch: 8n }, DIGEST)),
      "at the floor",
    ).to.equal("none");
  });

  it("never lowers its floor", () => {
    log.raiseFloor(8n);
    log.raiseFloor(3n);
    expect(log.floor).to.equal(8n);
  });

  it("never signs again for epochs it forgot", () => {
    log.record(PLACE, DIGEST);
    log.prune(8n);
    expect(log.digestOf(PLACE), "record after pruning").to.equal(undefined);
    expect(reasonOf(() => log.record(PLACE, OTHER))).to.equal("protected-epoch");
  });

  it("belongs to one member of one deployment", () => {
    for (const change of [{ chainId: 1 }, { bridge: `0x${"b2".repeat(20)}` }, { member: `0x${"cd".repeat(20)}` }]) {
      expect(() => new ProtectionLog(db, { ...OWNER, ...change } as typeof OWNER)).to.throw(
        "the protection log belongs to",
      );
    }
  });

  describe("export and import", () => {
    let other: DatabaseSync;

    beforeEach(() => {
      other = openDatabase(":memory:", PROTECTION_MIGRATIONS);
      log.record(PLACE, DIGEST);
      log.raiseFloor(5n);
    });
    afterEach(() => other.close());

    it("moves every record and the floor", () => {
      const copy = new ProtectionLog(other, OWNER);
      copy.import(JSON.parse(JSON.stringify(log.export())));
      expect(copy.export()).to.deep.equal(log.export());
      expect(reasonOf(() => copy.record(PLACE, OTHER))).to.equal("already-signed");
    });

    it("keeps records that it had before", () => {
      const copy = new ProtectionLog(other, OWNER);
      copy.record({ ...PLACE, epoch: 9n }, OTHER);
      copy.import(log.export());
      expect(copy.digestOf({ ...PLACE, epoch: 9n })).to.equal(OTHER);
    });

    it("refuses a log that contradicts this one, and changes nothing", () => {
      const copy = new ProtectionLog(other, OWNER);
      copy.record(PLACE, OTHER);
      const before = copy.export();
      expect(() => copy.import(log.export())).to.throw("contradicts");
      expect(copy.export()).to.deep.equal(before);
    });

    it("refuses a log of another member", () => {
      const copy = new ProtectionLog(other, { ...OWNER, member: `0x${"cd".repeat(20)}` });
      expect(() => copy.import(log.export())).to.throw("the file is the protection log of");
    });

    it("refuses a malformed file", () => {
      expect(() => log.import({ version: 2 })).to.throw("version");
    });
  });
});
