import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";

/**
 * Remembers process ids that it reads (`+ PID`, `- PID`) and ends those that are left when its input ends: the other end
 * closes whenever this process ends, by SIGKILL too.
 */
const WATCHMAN = `
pids=" "
while read -r sign pid; do
  case $sign in
    +) pids="$pids$pid " ;;
    -) case $pids in *" $pid "*) pids="\${pids%%" $pid "*} \${pids#*" $pid "}" ;; esac ;;
  esac
done
[ "$pids" = " " ] || kill -9 $pids 2>/dev/null
`;

let watchman: Socket | undefined;

/** Ends a child when this process ends, however that happens; a child that ended before is forgotten. */
export function endWithThisProcess(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  watchman ??= startWatchman();
  watchman.write(`+ ${pid}\n`);
  child.once("exit", () => watchman?.write(`- ${pid}\n`));
}

function startWatchman(): Socket {
  const shell = spawn("/bin/sh", ["-c", WATCHMAN], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  shell.unref();
  const input = shell.stdin as unknown as Socket;
  input.on("error", () => undefined);
  input.unref();
  return input;
}
