import { createServer } from "node:net";

/** A port that a part will listen on. */
export interface PlannedPort {
  port: number;
  /** What listens there. */
  part: string;
  /** Option that moves it. */
  option: string;
}

/** @throws Error naming the first port that is in use and the option that moves it. */
export async function requireFreePorts(host: string, ports: PlannedPort[]): Promise<void> {
  const seen = new Map<number, string>();
  for (const { port, part, option } of ports) {
    const other = seen.get(port);
    if (other) throw new Error(`port ${port} is planned for both ${other} and ${part}: move one with --${option}`);
    seen.set(port, part);
    if (!(await isFree(host, port))) {
      throw new Error(
        `port ${port} (${part}) is in use on ${host}: stop what listens there or choose another with --${option}`,
      );
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
