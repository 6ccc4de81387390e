import { expect } from "chai";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { waitUntil } from "../../helpers/wait-until.ts";
import { buildFixture } from "../fixture/build-fixture.ts";
import type { Fixture } from "../fixture/build-fixture.ts";
import { startChainProxy } from "../fixture/chain-proxy.ts";
import type { ChainProxy } from "../fixture/chain-proxy.ts";
import { startLedgerChain } from "../fixture/ledger-chain.ts";
import type { LedgerChain } from "../fixture/ledger-chain.ts";
import { dumpEntities, startTestIndexer, testConfig, writeConfig } from "../fixture/test-indexer.ts";

const MAIN = join(import.meta.dirname, "../../../indexer/engine/main.ts");

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Health {
  readonly status: string;
  readonly state: string;
  readonly block: number | null;
}

describe("indexer program", function () {
  this.timeout(180_000);
  let fixture: Fixture;
  let ledger: LedgerChain;
  let proxy: ChainProxy;
  const children = new Set<ChildProcess>();

  before(async () => {
    fixture = await buildFixture();
    ledger = await startLedgerChain(fixture);
    for (let seed = 0; seed < 120; seed++) {
      await ledger.callTogether([
        ["moveMany", 20n, BigInt(seed), 30n],
        ["ask", BigInt(seed), seed % 40 === 39 ? "block" : "state"],
      ]);
    }
    proxy = await startChainProxy(ledger.chain.url);
  });

  afterEach(async () => {
    proxy.answer = (call) => call.forward();
    await Promise.all([...children].map((child) => kill(child, "SIGKILL")));
  });

  after(async () => {
    await proxy.stop();
    await ledger.chain.stop();
  });

  function start(args: readonly string[]): { child: ChildProcess; finished: Promise<Finished> } {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    children.add(child);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const finished = new Promise<Finished>((resolve) => {
      child.once("exit", (code) => {
        children.delete(child);
        resolve({ code, stdout, stderr });
      });
    });
    return { child, finished };
  }

  async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await exited;
  }

  /** A config file on a free port, and how to ask for its health. */
  async function settings(
    changes: object = {},
  ): Promise<{ file: string; database: string; health: () => Promise<Health | undefined> }> {
    const port = await freePort();
    const config = {
      ...testConfig(fixture, ledger, { rpcUrls: [proxy.url], undoBlocks: 20 }),
      listen: { host: "127.0.0.1", port },
      ...changes,
    };
    const health = async (): Promise<Health | undefined> => {
      const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
      return (await response?.json()) as Health | undefined;
    };
    return { file: writeConfig(config), database: config.database, health };
  }

  it("prints its help", async () => {
    const { code, stdout } = await start(["--help"]).finished;
    expect(code).to.equal(0);
    expect(stdout).to.contain("Usage: node indexer/engine/main.js [COMMAND] --config FILE");
  });

  it("says in one sentence what is wrong", async () => {
    const cases: readonly (readonly [args: string[], message: RegExp, exitCode?: number])[] = [
      [[], /^indexer: the option --config FILE is missing; see --help\n$/, 2],
      [["--confg", "x"], /^indexer: Unknown option '--confg'/, 2],
      [["--config", "/nowhere.json"], /^indexer: config \/nowhere.json cannot be read: it does not exist\n$/, 2],
      [["--config", writeConfig({ chainId: 1 })], /^indexer: config .*: rpcUrls is missing; .*\n$/, 2],
      [
        ["--config", (await settings({ subgraph: "/nowhere" })).file],
        /^indexer: cannot read \/nowhere\/subgraph.yaml of the subgraph build; .*\n$/,
      ],
      [
        ["--config", (await settings({ chainId: 7 })).file],
        /^indexer: the RPC endpoint is on chain 31337, but the config says `chainId`: 7\n$/,
      ],
    ];
    for (const [args, message, exitCode = 1] of cases) {
      const { code, stderr } = await start(args).finished;
      expect(stderr).to.match(message);
      expect(code, stderr).to.equal(exitCode);
    }
  });

  it("says that its port is in use", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { file } = await settings({ listen: { host: "127.0.0.1", port } });
    const { code, stderr } = await start(["--config", file]).finished;
    server.close();
    expect(stderr).to.match(new RegExp(`^indexer: cannot listen on 127.0.0.1:${port}: .*EADDRINUSE.*\n$`));
    expect(code).to.equal(1);
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`stops in order on ${signal}`, async () => {
      const { file, health } = await settings();
      const { child, finished } = start(["--config", file]);
      await waitUntil("it is live", async () => (await health())?.state === "live", 30_000);
      child.kill(signal);
      expect(await finished).to.deep.include({ code: 0, stderr: "" });
    });
  }

  it("resumes after kill -9 between batches within 3 s", async () => {
    const { file, database, health } = await settings();
    let ranges = 0;
    proxy.answer = async (call) => {
      if (call.method === "eth_getLogs" && ++ranges > 2) await new Promise(() => undefined);
      return limitRange(call, 10);
    };
    await resumeAfterKill({ file, database, health, killed: () => ranges > 2 });
  });

  it("resumes after kill -9 inside of a batch within 3 s", async () => {
    const { file, database, health } = await settings();
    let held = false;
    proxy.answer = async (call) => {
      if (call.method === "eth_getBlockByHash" && !held) {
        held = true;
        await new Promise(() => undefined);
      }
      return limitRange(call, 15);
    };
    await resumeAfterKill({ file, database, health, killed: () => held });
  });

  async function resumeAfterKill(run: {
    file: string;
    database: string;
    health: () => Promise<Health | undefined>;
    killed: () => boolean;
  }): Promise<void> {
    const first = start(["--config", run.file]);
    await waitUntil("the batch is under way", async () => run.killed() && (await run.health()) !== undefined, 30_000);
    const reached = (await run.health())?.block ?? 0;
    await kill(first.child, "SIGKILL");
    const { number } = await ledger.chain.head();
    expect(reached).to.be.lessThan(number);
    proxy.answer = (call) => call.forward();
    const begun = performance.now();
    const second = start(["--config", run.file]);
    await waitUntil("it serves again", async () => ((await run.health())?.block ?? -1) >= reached, 30_000);
    const taken = performance.now() - begun - queuedMilliseconds(second.child.pid);
    expect(taken, "milliseconds until it serves what it had").to.be.lessThan(3_000);
    await waitUntil("it is live", async () => (await run.health())?.state === "live", 30_000);
    second.child.kill("SIGTERM");
    await second.finished;
    const fresh = startTestIndexer(fixture, ledger, { undoBlocks: 20 });
    await fresh.reachHead();
    await fresh.stop();
    expect(dumpEntities(run.database)).to.deep.equal(dumpEntities(fresh.config.database));
  }
});

/** Answers log requests for short ranges only, so that there are many batches. */
async function limitRange(
  call: { method: string; params: readonly unknown[]; forward(): Promise<unknown> },
  blocks: number,
): Promise<unknown> {
  const { fromBlock, toBlock } = (call.params[0] ?? {}) as { fromBlock?: string; toBlock?: string };
  if (call.method === "eth_getLogs" && Number(toBlock) - Number(fromBlock) >= blocks)
    throw new Error("range too large");
  return call.forward();
}

/** Time that the two busiest threads of a process stood in line for a processor, which other programs took. */
function queuedMilliseconds(pid = 0): number {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const [ran = 0, queued = 0] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ").map(Number);
    return { ran, queued };
  });
  const [first, second] = threads.sort((a, b) => b.ran - a.ran);
  return ((first?.queued ?? 0) + (second?.queued ?? 0)) / 1_000_000;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
