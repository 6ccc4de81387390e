import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runTree } from "../../../scripts/start/run-tree.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

describe("runTree", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "run-tree-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const script = (source: string): string => {
    const file = join(directory, "script.mjs");
    writeFileSync(file, source);
    return file;
  };
  const run = (source: string, signal = new AbortController().signal) => {
    return runTree([script(source)], { cwd: directory, env: process.env, signal });
  };
  const isAlive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
    } catch {
      return false;
    }
  };

  it("waits for the end of a script", async () => {
    await run(`import { writeFileSync } from "node:fs"; writeFileSync("made", "yes");`);
    expect(readFileSync(join(directory, "made"), "utf8")).to.equal("yes");
  });

  it("lets a script give way to other processes, and to other sessions where the system divides time among them", async () => {
    const source = `
      import { existsSync, readFileSync, writeFileSync } from "node:fs";
      import { getPriority } from "node:os";
      import { setTimeout as delay } from "node:timers/promises";
      const group = () => (existsSync("/proc/self/autogroup") ? readFileSync("/proc/self/autogroup", "utf8") : "nice 7");
      const isNice = () => getPriority() === 7 && group().trim().endsWith("nice 7");
      for (let left = 100; left > 0 && !isNice(); left--) await delay(20);
      writeFileSync("seen", getPriority() + " " + group().trim().split(" ").at(-1));`;
    const { signal } = new AbortController();
    await runTree([script(source)], { cwd: directory, env: process.env, signal, niceness: 7 });
    expect(readFileSync(join(directory, "seen"), "utf8")).to.equal("7 7");
  });

  it("says what a script that failed printed", async () => {
    const error = await run(`console.error("line 3 is wrong"); process.exit(2);`).catch((reason: Error) => reason);
    expect(error).to.have.property("message", "line 3 is wrong");
  });

  it("ends what the script started, too", async () => {
    const stopping = new AbortController();
    const running = run(
      `import { spawn } from "node:child_process"; import { writeFileSync } from "node:fs";
       const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
       writeFileSync("pids", process.pid + " " + child.pid + " .");
       setInterval(() => {}, 1000);`,
      stopping.signal,
    ).catch((reason: Error) => reason);
    let pids: number[] = [];
    await waitUntil("both run", () => {
      try {
        const words = readFileSync(join(directory, "pids"), "utf8").split(" ");
        pids = words.length === 3 ? words.slice(0, 2).map(Number) : [];
      } catch {
        return false;
      }
      return pids.length === 2 && pids.every(isAlive);
    });
    stopping.abort(new Error("stopped"));
    expect(await running).to.have.property("message", "stopped");
    await waitUntil("both are gone", () => !pids.some(isAlive));
  });
});
