import type { FastifyReply } from "fastify";

import type { GraphqlRequest, GraphqlService } from "../graphql/graphql-service.ts";
import { META_DEPENDENCY } from "../graphql/query-dependencies.ts";
import type { IndexingEvent } from "../sync/indexing-event.ts";
import { EventStream } from "./event-stream.ts";

/** Streams that are served at once. */
const MAX_STREAMS = 1_000;
const SIGN_OF_LIFE = 15_000;

type Committed = Extract<IndexingEvent, { kind: "committed" }>;

/** A query that clients follow; equal ones are answered once for all of them. */
interface LiveQuery {
  readonly request: GraphqlRequest;
  readonly dependencies: ReadonlySet<string>;
  readonly clients: Set<EventStream>;
  answer: string;
}

/** Tells clients about every committed block, and answers the queries they follow anew when a block touches them. */
export class LiveUpdates {
  readonly #service: GraphqlService;
  readonly #blocks = new Set<EventStream>();
  readonly #queries = new Map<string, LiveQuery>();
  /** Touched by a block and not answered since. */
  readonly #touched = new Set<LiveQuery>();
  #isAnswering = false;
  readonly #timer: NodeJS.Timeout;

  constructor(service: GraphqlService) {
    this.#service = service;
    this.#timer = setInterval(() => this.#all().forEach((stream) => stream.comment("alive")), SIGN_OF_LIFE);
    this.#timer.unref();
  }

  /** Number of open streams. */
  get size(): number {
    return this.#all().length;
  }

  get isFull(): boolean {
    return this.size >= MAX_STREAMS;
  }

  /** Streams `block` events: `{"block": {number, hash, timestamp}, "entities": [type names], "unwound": blocks}`. */
  followBlocks(reply: FastifyReply): void {
    const stream: EventStream = new EventStream(reply, () => this.#blocks.delete(stream));
    this.#blocks.add(stream);
  }

  /** Streams the answers of a valid request as `graphql-sse` does: `next` events, and `complete` after a plain query. */
  followQuery(reply: FastifyReply, request: GraphqlRequest, operation: string): void {
    if (operation !== "subscription") {
      const stream = new EventStream(reply, () => undefined);
      stream.send("next", JSON.stringify(this.#service.execute(request)));
      stream.send("complete", "");
      stream.end();
      return;
    }
    const key = JSON.stringify([request.query, request.variables ?? {}, request.operationName ?? ""]);
    const live = this.#queries.get(key) ?? this.#open(key, request);
    const stream: EventStream = new EventStream(reply, () => {
      live.clients.delete(stream);
      if (live.clients.size === 0) this.#queries.delete(key);
    });
    live.clients.add(stream);
    stream.send("next", live.answer);
  }

  /** Passes a committed block on. */
  publish({ block, entities, unwound }: Committed): void {
    const data = JSON.stringify({ block, entities, unwound });
    for (const stream of this.#blocks) stream.send("block", data);
    for (const live of this.#queries.values()) {
      const isTouched = live.dependencies.has(META_DEPENDENCY) || entities.some((name) => live.dependencies.has(name));
      if (isTouched) this.#touched.add(live);
    }
    if (!this.#isAnswering) this.#answerNext();
  }

  /** Ends all streams. */
  close(): void {
    clearInterval(this.#timer);
    this.#touched.clear();
    for (const stream of this.#all()) stream.end();
  }

  /** Answers one query in each turn of the event loop, so that many of them do not hold up everybody else. */
  #answerNext(): void {
    const [live] = this.#touched;
    this.#isAnswering = live !== undefined;
    if (live === undefined) return;
    this.#touched.delete(live);
    setImmediate(() => this.#answerNext());
    if (live.clients.size === 0) return;
    const answer = JSON.stringify(this.#service.execute(live.request));
    if (answer === live.answer) return;
    live.answer = answer;
    for (const stream of live.clients) stream.send("next", answer);
  }

  #open(key: string, request: GraphqlRequest): LiveQuery {
    const live = {
      request,
      dependencies: this.#service.dependencies(request.query) ?? new Set<string>(),
      clients: new Set<EventStream>(),
      answer: JSON.stringify(this.#service.execute(request)),
    };
    this.#queries.set(key, live);
    return live;
  }

  #all(): EventStream[] {
    return [...this.#blocks, ...[...this.#queries.values()].flatMap((live) => [...live.clients])];
  }
}
