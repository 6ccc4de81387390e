import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import path from "node:path";
import { expect } from "chai";
import { temporaryDirectory, type TemporaryDirectory } from "../store/stored-attestations.ts";

const SERVICE = pathToFileURL(path.resolve(import.meta.dirname, "../../../relayer/src/service"));

/** How a service of a test ended. */
interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface RunOptions {
  signal?: NodeJS.Signals;
  isJson?: boolean;
}

describe("running a service", () => {
  let directory: TemporaryDirectory;

  before(() => {
    directory = temporaryDirectory();
  });

  after(() => directory.remove());

  /** Runs a service whose start is `body`; sends the signal as soon as it prints `up`. */
  async function run(body: string, { signal, isJson = false }: RunOptions = {}): Promise<Ended> {
    const file = directory.file(`service-${Math.random().toString(36).slice(2)}.mjs`);
    writeFileSync(
      file,
      `import { runService } from "${SERVICE.href}/run-service.ts";
       import { ConfigError } from "${SERVICE.href}/load-config.ts";
       import { RpcTransportError } from "${SERVICE.href}/../chain/json-rpc.ts";
       import { WrongNetworkError } from "${SERVICE.href}/../chain/rpc-pool.ts";
       const forever = setInterval(() => {}, 1000);
       await runService({ name: "test", isJson: ${isJson} }, async (stopping) => { ${body} });`,
    );
    const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "pipe"] });
    const ended: Ended = { code: null, stdout: "", stderr: "" };
    child.stderr.on("data", (chunk: Buffer) => (ended.stderr += chunk.toString()));
    child.stdout.on("data", (chunk: Buffer) => {
      ended.stdout += chunk.toString();
      if (signal && ended.stdout.includes("up")) child.kill(signal);
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { ...ended, code };
  }

  const UP = `process.stdout.write("up\\n"); const failed = new Promise(() => {});`;

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`stops gracefully on ${signal}`, async () => {
      const ended = await run(`${UP} return { failed, stop: async () => { process.stdout.write("stopped"); } };`, {
        signal,
      });
      expect(ended).to.deep.equal({ code: 0, stdout: "up\nstopped", stderr: "" });
    });
  }

  it("stops with 0 when the signal comes while it starts", async () => {
    const waits = `process.stdout.write("up\\n"); await new Promise((_, reject) =>
      stopping.addEventListener("abort", () => reject(stopping.reason)));`;
    const ended = await run(waits, { signal: "SIGTERM" });
    expect(ended).to.deep.equal({ code: 0, stdout: "up\n", stderr: "" });
  });

  it("says a cause only once", async () => {
    const ended = await run(`throw new Error("no chain: no answer", { cause: new Error("no answer") });`);
    expect(ended.stderr).to.equal("test: no chain: no answer\n");
  });

  it("ends with 2 and one sentence for a wrong configuration", async () => {
    const ended = await run(`throw new ConfigError("config x.json: port: expected a number");`);
    expect(ended).to.deep.equal({ code: 2, stdout: "", stderr: "test: config x.json: port: expected a number\n" });
  });

  it("ends with 1 and the causes for anything else", async () => {
    const ended = await run(`throw new Error("cannot listen", { cause: new Error("port 80 is taken") });`);
    expect(ended).to.deep.equal({ code: 1, stdout: "", stderr: "test: cannot listen: port 80 is taken\n" });
  });

  it("ends with 2 for another chain, and with 4 when no chain node answers", async () => {
    const other = await run(`throw new WrongNetworkError("the node is of chain 1");`);
    expect(other).to.deep.equal({ code: 2, stdout: "", stderr: "test: the node is of chain 1\n" });
    const silent = await run(`throw new Error("no chain", { cause: new RpcTransportError("no answer") });`);
    expect(silent).to.deep.equal({ code: 4, stdout: "", stderr: "test: no chain: no answer\n" });
  });

  it("says with --json what is wrong in one object", async () => {
    const ended = await run(`throw new ConfigError("config x.json: port: expected a number");`, { isJson: true });
    expect(JSON.parse(ended.stdout)).to.deep.equal({ error: "config x.json: port: expected a number", exitCode: 2 });
    expect(ended).to.deep.include({ code: 2, stderr: "" });
  });

  it("stops what is left when the service fails", async () => {
    const failed = `Promise.resolve(new Error("the disk is gone"))`;
    const ended = await run(`return { failed: ${failed}, stop: async () => { process.stdout.write("stopped"); } };`);
    expect(ended).to.deep.equal({ code: 1, stdout: "stopped", stderr: "test: the disk is gone\n" });
  });

  it("ends at once when something is thrown that nobody caught", async () => {
    const ended = await run(`${UP} setImmediate(() => { throw new Error("a bug"); }); return { failed, stop() {} };`);
    expect(ended.code).to.equal(1);
    expect(ended.stderr).to.match(/test: a bug\n$/);
  });

  it("ends at once on a second signal", async () => {
    const stop = `stop: () => { process.kill(process.pid, "SIGTERM"); return new Promise(() => {}); }`;
    const ended = await run(`${UP} return { failed, ${stop} };`, { signal: "SIGTERM" });
    expect(ended.code).to.equal(1);
  });
});
