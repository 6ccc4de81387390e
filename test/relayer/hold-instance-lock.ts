import { InstanceLockedError, lockInstance } from "../../relayer/src/instance-lock.ts";

/** Child process of the lock tests: locks a directory, says so on standard output, and holds it until it is ended. */
try {
  lockInstance(process.argv[2] ?? "", process.argv[3] ?? "agent");
  global.gc?.();
  console.log("held");
  process.stdin.resume();
} catch (error) {
  console.log(error instanceof InstanceLockedError ? `refused: ${error.message}` : String(error));
  process.exitCode = 3;
}
