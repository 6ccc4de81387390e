import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A port that a part will listen on. */
export interface PlannedPort {
  port: number;
  /** What listens there. */
  part: string;
  /** Option that moves it. */
  option: string;
}

/**
 * Makes sure that every port is free, waiting up to `patienceMs` for those that are not.
 *
 * @throws Error naming the first port that is in use and the option that moves it.
 */
export async function requireFreePorts(host: string, ports: PlannedPort[], patienceMs: number): Promise<void> {
  const seen = new Map<number, string>();
  const end = performance.now() + patienceMs;
  for (const { port, part, option } of ports) {
    const other = seen.get(port);
    if (other) throw new Error(`port ${port} is planned for both ${other} and ${part}: move one with --${option}`);
    seen.set(port, part);
    while (!(await isFree(host, port))) {
      if (performance.now() >= end) {
        throw new Error(
          `port ${port} (${part}) is in use on ${host}: stop what listens there or choose another with --${option}`,
        );
      }
      await delay(200);
    }
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
