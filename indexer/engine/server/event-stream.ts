import type { FastifyReply } from "fastify";
import type { ServerResponse } from "node:http";

/** Bytes that a client may lag behind before it is dropped. */
const MAX_BUFFERED = 1_048_576;

/** One client of server-sent events. */
export class EventStream {
  readonly #response: ServerResponse;

  /** Takes the response over from fastify and begins the stream. */
  constructor(reply: FastifyReply, onClose: () => void) {
    const headers = reply.getHeaders();
    reply.hijack();
    this.#response = reply.raw;
    this.#response.writeHead(200, {
      ...(headers as Record<string, string>),
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    this.#response.on("close", onClose);
    this.#response.on("error", () => this.#response.destroy());
    this.comment("connected");
  }

  /** Sends an event; a client that does not read is cut off. */
  send(event: string, data: string): void {
    if (this.#response.writableLength > MAX_BUFFERED) {
      this.#response.destroy();
      return;
    }
    this.#response.write(`event: ${event}\ndata: ${data}\n\n`);
  }

  /** Sends a line that clients ignore and proxies take as a sign of life. */
  comment(text: string): void {
    this.#response.write(`: ${text}\n\n`);
  }

  end(): void {
    this.#response.end();
  }
}
