// Preloaded by every process of `npm start` (`node --import`): ends the process when its starter is gone, however that ended.
import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";

/** File descriptor of a pipe whose other end only the starter holds; see `Supervisor.start`. */
const STARTER_PIPE = 3;

/** How long the process has to stop by itself. */
const GRACE_MS = 5_000;

if (isMainThread) {
  const starter = new Socket({ fd: STARTER_PIPE, readable: true, writable: false });
  starter.on("error", () => undefined);
  starter.once("close", () => {
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
  starter.resume().unref();
}
