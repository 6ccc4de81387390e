import type { ServerResponse } from "node:http";
import { z } from "zod";
import { Problem } from "../service/problem.ts";
import { RateLimiter } from "../service/rate-limiter.ts";
import type { LiveEvents, LiveFeed } from "./live-feed.ts";
import { splitReport, toJson } from "./read-sources.ts";
import { defineRoute, type Route } from "./route.ts";

/** Readers that follow live events at once. */
const MOST_READERS = 1_024;
/** The same from one address. */
const MOST_OF_ADDRESS = 16;
/** Bytes that may wait for a reader; a slower one is cut off and may come again. */
const MOST_WAITING_BYTES = 262_144;
/** When a reader for whom there was no place may come again. */
const RETRY_SECONDS = 10;
const KEEP_ALIVE_MS = 10_000;

/** Serves live events to many readers as server-sent events. */
export class EventStream {
  /** Each with the address it came from. */
  readonly #readers = new Map<ServerResponse, string>();
  readonly #keepAlive: NodeJS.Timeout;
  /** One event a second for each node. */
  readonly #heartbeats: RateLimiter;

  /** @param now Monotonic milliseconds. */
  constructor(feed: LiveFeed, now: () => number = () => performance.now()) {
    this.#heartbeats = new RateLimiter({ perSecond: 1, burst: 1 }, now);
    feed.on("heartbeat", (node) => {
      if (this.#heartbeats.take(String(node.nodeIndex)) === 0) this.#send("heartbeat", node);
    });
    feed.on("attestation", ({ nodeIndex, epoch, sequence, digest }) =>
      this.#send("attestation", {
        nodeIndex,
        epoch: `${epoch}`,
        sequence: `${sequence}`,
        digest: `0x${Buffer.from(digest).toString("hex")}`,
      }),
    );
    feed.on("report", (report) => this.#send("report", splitReport(report)));
    this.#keepAlive = setInterval(() => this.#write(": still here\n\n"), KEEP_ALIVE_MS).unref();
  }

  /** The route of the stream. */
  get route(): Route {
    return defineRoute({
      path: "/v1/events",
      media: "text/event-stream",
      summary: "Server-sent events `heartbeat`, `attestation` and `report`, from now on",
      query: z.strictObject({}),
      handle: ({ asker }, reply) => {
        if ([...this.#readers.values()].filter((other) => other === asker).length >= MOST_OF_ADDRESS) {
          const detail = `${MOST_OF_ADDRESS} readers of this address follow already, end one of them`;
          throw new Problem(429, "too-many-readers", detail, RETRY_SECONDS);
        }
        if (this.#readers.size >= MOST_READERS) {
          throw new Problem(
            503,
            "overloaded",
            `${MOST_READERS} readers follow already, try again later`,
            RETRY_SECONDS,
          );
        }
        reply.hijack();
        this.#add(reply.raw, asker);
      },
    });
  }

  /** Ends all streams. */
  close(): void {
    clearInterval(this.#keepAlive);
    for (const reader of this.#readers.keys()) reader.end();
    this.#readers.clear();
  }

  #add(reader: ServerResponse, asker: string): void {
    reader.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "access-control-allow-origin": "*",
      "x-accel-buffering": "no",
    });
    reader.write("retry: 2000\n\n");
    this.#readers.set(reader, asker);
    reader.on("close", () => this.#readers.delete(reader));
  }

  #send(event: keyof LiveEvents, data: unknown): void {
    if (this.#readers.size > 0) this.#write(`event: ${event}\ndata: ${toJson(data)}\n\n`);
  }

  #write(text: string): void {
    for (const reader of this.#readers.keys()) {
      if (reader.writableLength > MOST_WAITING_BYTES) {
        this.#readers.delete(reader);
        reader.destroy();
      } else reader.write(text);
    }
  }
}
