import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

import { InstanceLockedError, lockInstance } from "../../relayer/src/instance-lock.ts";
import { temporaryDirectory } from "./keystore/temporary-directory.ts";

const HOLDER = fileURLToPath(new URL("hold-instance-lock.ts", import.meta.url));

describe("lockInstance", () => {
  const path = temporaryDirectory();
  const children: ChildProcess[] = [];

  /** Starts a process that tries to take the lock; returns it with the first line it prints. */
  async function start(directory: string): Promise<{ child: ChildProcess; line: string }> {
    const child = spawn(process.execPath, ["--expose-gc", HOLDER, directory, "agent"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    children.push(child);
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, "line")) as [string];
    return { child, line };
  }

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  afterEach(async () => {
    for (const child of children.splice(0)) await kill(child);
  });

  it("refuses a second process, naming the first and the file", async () => {
    const first = await start(path("two"));
    const second = await start(path("two"));
    expect(first.line).to.equal("held");
    expect(second.line).to.include(
      `refused: data directory ${path("two")} is in use by process ${first.child.pid} (agent)`,
    );
    expect(second.line).to.include(path("two/instance.lock"));
  }).timeout(10_000);

  it("is free at once after kill -9", async () => {
    const first = await start(path("killed"));
    expect(first.line).to.equal("held");
    await kill(first.child);
    expect(existsSync(path("killed/instance.pid")), "name of the dead process is still there").to.equal(true);
    const lock = lockInstance(path("killed"), "relayer");
    expect(readFileSync(path("killed/instance.pid"), "utf8")).to.equal(`${process.pid} relayer\n`);
    lock.release();
  }).timeout(10_000);

  it("lets exactly one of many processes win", async () => {
    const started = await Promise.all(Array.from({ length: 5 }, () => start(path("race"))));
    expect(started.filter(({ line }) => line === "held")).to.have.lengthOf(1);
    expect(started.filter(({ line }) => line.startsWith("refused: "))).to.have.lengthOf(4);
  }).timeout(20_000);

  it("refuses a second lock in the same process and frees it on release", () => {
    const lock = lockInstance(path("same"), "agent");
    expect(() => lockInstance(path("same"), "agent")).to.throw(InstanceLockedError, `process ${process.pid} (agent)`);
    lock.release();
    lock.release();
    lockInstance(path("same"), "agent").release();
    expect(existsSync(path("same/instance.pid"))).to.equal(false);
  });

  it("keeps directories apart", () => {
    const locks = ["a", "b"].map((name) => lockInstance(path(name), "agent"));
    for (const lock of locks) lock.release();
  });

  it("says when the directory cannot be locked for another reason", () => {
    mkdirSync(path("broken"));
    writeFileSync(path("broken/instance.lock"), "this is no database, and long enough to be read as one ".repeat(20));
    chmodSync(path("broken/instance.lock"), 0o600);
    expect(() => lockInstance(path("broken"), "agent"))
      .to.throw(`data directory ${path("broken")} cannot be locked with ${path("broken/instance.lock")}`)
      .and.not.be.instanceOf(InstanceLockedError);
  });
});
