import type { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import type { Hex } from "viem";
import { MEMBER_MIGRATIONS } from "../../../relayer/src/committee/create-committee.ts";
import { ProtectionLog } from "../../../relayer/src/committee/protection-log.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import { OUTBOX_MIGRATIONS, OutboxStore } from "../../../relayer/src/submit/outbox-store.ts";
import { temporaryDirectory, type TemporaryDirectory } from "./stored-attestations.ts";

const OWNER = { chainId: 31_337, bridge: `0x${"b1".repeat(20)}`, member: `0x${"a1".repeat(20)}` } as const;
const DIGEST: Hex = `0x${"d1".repeat(32)}`;
const OTHER: Hex = `0x${"d2".repeat(32)}`;
const PLACE = { epoch: 5n, shard: 0, round: 0 };
const INTENT = { kind: "report", key: "0:5", to: OWNER.bridge, data: "0x" } as const;

describe("a member's database in trouble", () => {
  let directory: TemporaryDirectory;
  let file: string;
  let db: DatabaseSync;
  let log: ProtectionLog;
  let outbox: OutboxStore;

  beforeEach(() => {
    directory = temporaryDirectory();
    file = directory.file("relayer.db");
    db = openDatabase(file, [...MEMBER_MIGRATIONS, ...OUTBOX_MIGRATIONS]);
    db.exec("PRAGMA busy_timeout = 20");
    log = new ProtectionLog(db, OWNER);
    outbox = new OutboxStore(db);
  });

  afterEach(() => {
    db.close();
    directory.remove();
  });

  /** Adds entries until one is refused; returns the error. */
  function addUntilRefused(): unknown {
    for (let i = 0; i < 1_000; i++) {
      try {
        outbox.add({ ...INTENT, key: `filler ${i}`, data: `0x${"00".repeat(2_000)}` });
      } catch (error) {
        return error;
      }
    }
    return undefined;
  }

  it("keeps what it recorded and refuses the rest while the disk is full", () => {
    log.record(PLACE, DIGEST);
    outbox.add(INTENT);
    const { page_count: pages } = db.prepare("PRAGMA page_count").get() as { page_count: number };
    db.exec(`PRAGMA max_page_count = ${pages + 2}`);
    expect(addUntilRefused(), "the outbox says so").to.match(/full/);
    let recorded = 0n;
    expect(() => {
      for (; recorded < 1_000n; recorded++) log.record({ ...PLACE, epoch: 10n + recorded }, DIGEST);
    }, "the log says so").to.throw(/full/);
    expect(log.digestOf({ ...PLACE, epoch: 10n + recorded }), "nothing recorded, so nothing is signed").to.equal(
      undefined,
    );
    expect(log.digestOf(PLACE), "what was recorded").to.equal(DIGEST);
    expect(() => log.record(PLACE, OTHER), "a second digest").to.throw(/is signed with digest/);
    db.exec("PRAGMA max_page_count = 1000000");
    log.record({ ...PLACE, epoch: 10n + recorded }, DIGEST);
    expect(outbox.add({ ...INTENT, key: "later" }), "with room again").to.equal(true);
  });

  it("refuses while another process holds the lock and goes on after it", () => {
    const locker = openDatabase(file, []);
    locker.exec("BEGIN IMMEDIATE");
    expect(() => outbox.add(INTENT), "outbox").to.throw(/locked/);
    expect(() => log.record(PLACE, DIGEST), "protection log").to.throw(/locked/);
    locker.exec("ROLLBACK");
    locker.close();
    expect(log.digestOf(PLACE), "nothing is recorded").to.equal(undefined);
    expect(outbox.isOpen(INTENT.kind, INTENT.key), "nothing is queued").to.equal(false);
    expect(outbox.add(INTENT), "after the lock").to.equal(true);
    log.record(PLACE, DIGEST);
    expect(log.digestOf(PLACE)).to.equal(DIGEST);
  });
});
