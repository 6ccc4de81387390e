import { expect } from "chai";
import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";

import { waitUntil } from "../../helpers/wait-until.ts";
import { buildFixture } from "../fixture/build-fixture.ts";
import type { Fixture } from "../fixture/build-fixture.ts";
import { startLedgerChain } from "../fixture/ledger-chain.ts";
import type { LedgerChain } from "../fixture/ledger-chain.ts";
import { actAtRandom, seededRandom } from "../fixture/random-activity.ts";
import { dumpEntities, startTestIndexer, testConfig, writeConfig } from "../fixture/test-indexer.ts";
import { freePort } from "../graph-node/postgres-server.ts";

const MAIN = join(import.meta.dirname, "../../../indexer/engine/main.ts");
/** Bytes that no database fits into. */
const NO_ROOM = 4_096;

describe("a full disk", function () {
  this.timeout(180_000);
  let fixture: Fixture;
  let ledger: LedgerChain;
  let child: ChildProcess;

  before(async () => {
    fixture = await buildFixture();
    ledger = await startLedgerChain(fixture);
  });

  after(async () => {
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exited;
    await ledger.chain.stop();
  });

  /** Lets the process write files up to a size, or of any size; writes beyond it fail as on a full disk. */
  function limitFiles(size: number | "unlimited"): void {
    execFileSync("prlimit", ["--pid", `${child.pid}`, `--fsize=${size}:unlimited`]);
  }

  it("holds the indexer up until there is room again", async () => {
    const port = await freePort();
    const config = { ...testConfig(fixture, ledger), listen: { host: "127.0.0.1", port } };
    child = spawn(process.execPath, [MAIN, "--config", writeConfig(config)], { stdio: "ignore" });
    const ask = async (path: string): Promise<{ status: number; body: Record<string, unknown> }> => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
      if (response === undefined) return { status: 0, body: {} };
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const isReady = async (): Promise<boolean> => {
      const { status, body } = await ask("/ready");
      return status === 200 && body["block"] === (await ledger.chain.head()).number;
    };
    await actAtRandom(ledger, seededRandom(1), 5);
    await waitUntil("it is at the head", isReady, 30_000);

    limitFiles(NO_ROOM);
    await actAtRandom(ledger, seededRandom(2), 10);
    await waitUntil("it is held up", async () => (await ask("/health")).body["state"] === "blocked", 30_000);
    expect((await ask("/ready")).status, "ready while it is held up").to.equal(503);
    expect((await ask("/graphql?query={_meta{hasIndexingErrors}}")).body, "an answer meanwhile").to.deep.equal({
      data: { _meta: { hasIndexingErrors: false } },
    });

    limitFiles("unlimited");
    await waitUntil("it is at the head again", isReady, 30_000);
    const fresh = startTestIndexer(fixture, ledger);
    await fresh.reachHead();
    await fresh.stop();
    expect(dumpEntities(config.database)).to.deep.equal(dumpEntities(fresh.config.database));
  });
});
