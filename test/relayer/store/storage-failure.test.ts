import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "chai";
import { AttestationStore } from "../../../relayer/src/store/attestation-store.ts";
import { StorageUnavailableError } from "../../../relayer/src/store/writer-client.ts";
import { AttestingNode } from "../../helpers/attesting-node.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { groupOf, temporaryDirectory, type TemporaryDirectory } from "./stored-attestations.ts";

const DOMAIN = { chainId: 31_337, bridge: `0x${"b1".repeat(20)}` } as const;

describe("attestation store in trouble", () => {
  let directory: TemporaryDirectory;

  beforeEach(() => {
    directory = temporaryDirectory();
  });

  afterEach(() => directory.remove());

  it("refuses when full and takes more after pruning", async () => {
    const store = await AttestationStore.open({ file: directory.file("full.db"), maxBytes: 40 * 4_096 });
    const node = new AttestingNode(1, DOMAIN);
    const stored = await fill(store, node);
    expect(stored, "attestations that fit").to.be.within(10, 40);
    expect(store.leavesOf(BigInt(stored), 0), "the last one that fit").to.have.length(1);
    expect(store.held(BigInt(stored + 1), 1), "the one that did not fit").to.have.length(0);
    expect(store.headOf(1)?.sequence, "head").to.equal(stored);
    await store.prune(BigInt(stored), 1_000);
    await store.append([groupOf("leaf", [node.attest(stored + 2)])]);
    expect(store.leavesOf(BigInt(stored + 2), 0)).to.have.length(1);
    await store.close();
  });

  it("refuses while another process holds the lock and goes on after it", async () => {
    const file = directory.file("locked.db");
    const store = await AttestationStore.open({ file, lockTimeoutMs: 100 });
    const locker = await lockElsewhere(file);
    const node = new AttestingNode(1, DOMAIN);
    const made = node.attest(1);
    const refused = await store.append([groupOf("leaf", [made])]).catch((error: unknown) => error);
    expect(refused, "while locked").to.be.instanceOf(StorageUnavailableError);
    expect((refused as Error).message).to.match(/locked/);
    expect(store.leavesOf(1n, 0), "reads go on").to.deep.equal([]);
    await release(locker);
    await store.append([groupOf("leaf", [made])]);
    expect(store.leavesOf(1n, 0), "after the lock").to.have.length(1);
    await store.close();
  });

  it("keeps the event loop free while it waits for a lock", async () => {
    const file = directory.file("waiting.db");
    const store = await AttestationStore.open({ file, lockTimeoutMs: 5_000 });
    const locker = await lockElsewhere(file);
    let settled = false;
    const append = store
      .append([groupOf("leaf", [new AttestingNode(1, DOMAIN).attest(1)])])
      .then(() => (settled = true));
    let turns = 0;
    await waitUntil("the loop turns while the write waits", () => ++turns >= 5);
    expect(settled, "the write still waits").to.equal(false);
    await release(locker);
    await append;
    expect(store.leavesOf(1n, 0)).to.have.length(1);
    await store.close();
  });

  it("refuses a file that is no database", async () => {
    const opening = AttestationStore.open({ file: directory.path });
    const error = await opening.catch((reason: unknown) => reason);
    expect((error as Error).message).to.match(/cannot be opened/);
  });
});

/** Appends one attestation per epoch until the store refuses; returns how many fit. */
async function fill(store: AttestationStore, node: AttestingNode): Promise<number> {
  for (let epoch = 1; epoch < 100; epoch++) {
    try {
      await store.append([groupOf("leaf", [node.attest(epoch)])]);
    } catch (error) {
      expect(error).to.be.instanceOf(StorageUnavailableError);
      expect((error as Error).message).to.match(/full/);
      return epoch - 1;
    }
  }
  throw new Error("the store never got full");
}

/** Another process that holds the write lock until {@link release}. */
async function lockElsewhere(file: string): Promise<ChildProcess> {
  const script = `
    const { DatabaseSync } = require("node:sqlite");
    const db = new DatabaseSync(process.argv[1]);
    db.exec("BEGIN IMMEDIATE");
    process.stdout.write("locked");
    process.stdin.once("data", () => { db.exec("ROLLBACK"); db.close(); process.exit(0); });`;
  const child = spawn(process.execPath, ["-e", script, file], { stdio: ["pipe", "pipe", "ignore"] });
  await once(child.stdout, "data");
  return child;
}

async function release(locker: ChildProcess): Promise<void> {
  const ended = once(locker, "exit");
  locker.stdin?.write("release");
  await ended;
}
