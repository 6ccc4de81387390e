import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const POOL = join(import.meta.dirname, "../../../relayer/src/ingest/thread-pool.ts");
/** Prints the niceness of the main thread and of every thread of the pool. */
const SCRIPT = `
  import { readdirSync, readFileSync } from "node:fs";
  import { getPriority } from "node:os";
  import { lowerPoolPriority, sizeThreadPool } from ${JSON.stringify(POOL)};
  sizeThreadPool();
  await lowerPoolPriority();
  const threads = readdirSync("/proc/self/task").filter((id) =>
    readFileSync("/proc/self/task/" + id + "/comm", "utf8").startsWith("libuv-worker"));
  console.log(JSON.stringify({ main: getPriority(), pool: threads.map((id) => getPriority(Number(id))) }));
`;

describe("lowerPoolPriority", () => {
  it("lets every thread that verifies give way to the main thread, and no more than asked", () => {
    const env = { ...process.env, UV_THREADPOOL_SIZE: "3" };
    const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", SCRIPT], {
      encoding: "utf8",
      env,
    });
    const { main, pool } = JSON.parse(printed) as { main: number; pool: number[] };
    const nicer = Math.min(19, main + 5);
    expect(pool).to.deep.equal([nicer, nicer, nicer]);
  });
});
