import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { waitUntil } from "../helpers/wait-until.ts";

const HELPER = join(import.meta.dirname, "../helpers/end-with-this-process.ts");

/** Starts two children bound to it, ends one of them by itself, prints the id of the other, and waits. */
const PROGRAM = `
import { spawn } from "node:child_process";
import { once } from "node:events";
import { endWithThisProcess } from ${JSON.stringify(HELPER)};
const brief = spawn("true");
endWithThisProcess(brief);
await once(brief, "exit");
const long = spawn("sleep", ["600"]);
endWithThisProcess(long);
console.log(long.pid);
setInterval(() => undefined, 1_000);
`;

describe("endWithThisProcess", () => {
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    it(`leaves no child behind after ${signal}`, async () => {
      const starter = spawn(process.execPath, ["--input-type=module-typescript", "-e", PROGRAM], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [pid] = (await once(createInterface({ input: starter.stdout }), "line")) as [string];
      expect(existsSync(`/proc/${pid}`), "the child runs").to.equal(true);
      starter.kill(signal);
      await waitUntil("the child is gone", () => !existsSync(`/proc/${pid}`), 20_000);
    }).timeout(30_000);
  }
});
