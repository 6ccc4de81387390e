import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** What a load came to. */
export interface LoadFigures {
  readonly perSecond: number;
  /** Milliseconds that 95 of 100 requests kept. */
  readonly p95: number;
}

/** Makes the path of the next request of a connection, from the answer before. */
export type NextPath = (before: string | undefined) => string;

/** One connection that waits for each answer before it asks again: `node:http` would need more of a core than the server. */
class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  #received = "";
  #done: ((body: string) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setEncoding("latin1");
    socket.setNoDelay(true);
    socket.on("data", (text) => this.#take(String(text)));
    socket.on("error", (error) => this.#fail?.(error));
    socket.on("close", () => this.#fail?.(new Error("the server closed the connection")));
  }

  get(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      [this.#done, this.#fail] = [resolve, reject];
      this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: ${this.#host}\r\n\r\n`);
    });
  }

  close(): void {
    this.#fail = undefined;
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#received.slice(0, end))?.[1] ?? 0);
    if (this.#received.length < end + 4 + length) return;
    const head = this.#received.slice(0, 12);
    const body = this.#received.slice(end + 4);
    this.#received = "";
    if (head.endsWith(" 200")) this.#done?.(body);
    else this.#fail?.(new Error(`${head}: ${body}`));
  }
}

/** Asks over several connections for some seconds; the first second is not counted. */
export async function measureLoad(
  url: string,
  { connections, seconds, client }: { connections: number; seconds: number; client: () => NextPath },
): Promise<LoadFigures> {
  const { hostname, port, host } = new URL(url);
  const times: number[] = [];
  const warm = performance.now() + 1_000;
  const until = warm + 1_000 * seconds;
  const ask = async (): Promise<void> => {
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    const connection = new Connection(socket, host);
    const next = client();
    let answer: string | undefined;
    for (let begin = performance.now(); begin < until; begin = performance.now()) {
      answer = await connection.get(next(answer));
      const end = performance.now();
      if (begin >= warm && end <= until) times.push(end - begin);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, ask));
  times.sort((a, b) => a - b);
  return { perSecond: times.length / seconds, p95: times[Math.ceil(times.length * 0.95) - 1] ?? Number.NaN };
}
