import type { FastifyReply } from "fastify";

import type { GraphqlRequest, GraphqlService } from "../graphql/graphql-service.ts";
import { META_DEPENDENCY } from "../graphql/query-dependencies.ts";
import type { IndexingEvent } from "../sync/indexing-event.ts";
import { EventStream } from "./event-stream.ts";
import { StreamPlaces } from "./stream-places.ts";

const SIGN_OF_LIFE = 15_000;

type Committed = Extract<IndexingEvent, { kind: "committed" }>;

/** A query that clients follow; equal ones are answered once for all of them. */
interface LiveQuery {
  readonly request: GraphqlRequest;
  readonly dependencies: ReadonlySet<string>;
  readonly clients: Set<EventStream>;
  /** Missing until it was answered for the first time. */
  answer: string | undefined;
}

/** Tells clients about every committed block, and answers the queries they follow anew when a block touches them. */
export class LiveUpdates {
  readonly #service: GraphqlService;
  /** Places of the streams, all of which are in use here. */
  readonly places: StreamPlaces;
  readonly #blocks = new Set<EventStream>();
  readonly #queries = new Map<string, LiveQuery>();
  /** Touched by a block and not answered since. */
  readonly #touched = new Set<LiveQuery>();
  #isAnswering = false;
  readonly #timer: NodeJS.Timeout;

  /** @param streamsPerAddress streams that one address may have open */
  constructor(service: GraphqlService, streamsPerAddress: number) {
    this.#service = service;
    this.places = new StreamPlaces(streamsPerAddress);
    this.#timer = setInterval(() => this.#all().forEach((stream) => stream.comment("alive")), SIGN_OF_LIFE);
    this.#timer.unref();
  }

  /** Number of open streams. */
  get size(): number {
    return this.places.taken;
  }

  /** Streams `block` events: `{"block": {number, hash, timestamp}, "entities": [type names], "unwound": blocks}`. */
  followBlocks(reply: FastifyReply, address: string): void {
    const stream = this.#stream(reply, address, (closed) => this.#blocks.delete(closed));
    this.#blocks.add(stream);
  }

  /** Streams the one answer of a valid query, as `graphql-sse` does: a `next` event, then `complete`. */
  answerOnce(reply: FastifyReply, request: GraphqlRequest, address: string): void {
    const stream = this.#stream(reply, address, () => undefined);
    const send = (result: unknown): void => {
      stream.send("next", JSON.stringify(result));
      stream.send("complete", "");
    };
    void this.#service
      .answer(request)
      .then(send)
      .catch(() => undefined)
      .finally(() => stream.end());
  }

  /** Streams the answers of a valid subscription as `next` events. */
  followQuery(reply: FastifyReply, request: GraphqlRequest, address: string): void {
    const key = JSON.stringify([request.query, request.variables ?? {}, request.operationName ?? ""]);
    const live = this.#queries.get(key) ?? this.#open(key, request);
    const stream = this.#stream(reply, address, (closed) => {
      live.clients.delete(closed);
      if (live.clients.size === 0 && this.#queries.get(key) === live) this.#queries.delete(key);
    });
    live.clients.add(stream);
    if (live.answer !== undefined) stream.send("next", live.answer);
  }

  /** Passes a committed block on. */
  publish({ block, entities, unwound }: Committed): void {
    const data = JSON.stringify({ block, entities, unwound });
    for (const stream of this.#blocks) stream.send("block", data);
    for (const live of this.#queries.values()) {
      const isTouched = live.dependencies.has(META_DEPENDENCY) || entities.some((name) => live.dependencies.has(name));
      if (isTouched) this.#touched.add(live);
    }
    this.#answerTouched();
  }

  /** Ends all streams. */
  close(): void {
    clearInterval(this.#timer);
    this.#touched.clear();
    for (const stream of this.#all()) stream.end();
  }

  #answerTouched(): void {
    if (this.#isAnswering) return;
    this.#isAnswering = true;
    setImmediate(() => void this.#answerNext());
  }

  /** Answers one query in each turn of the event loop, so that many of them do not hold up everybody else. */
  async #answerNext(): Promise<void> {
    const [live] = this.#touched;
    this.#isAnswering = live !== undefined;
    if (live === undefined) return;
    this.#touched.delete(live);
    if (live.clients.size > 0) await this.#answer(live);
    setImmediate(() => void this.#answerNext());
  }

  /** Clients whose query cannot be answered lose their stream, so that they come again. */
  async #answer(live: LiveQuery): Promise<void> {
    try {
      const answer = JSON.stringify(await this.#service.answer(live.request));
      if (answer === live.answer) return;
      live.answer = answer;
      for (const stream of live.clients) stream.send("next", answer);
    } catch {
      for (const stream of live.clients) stream.end();
    }
  }

  /** The first answer waits for its turn, too. */
  #open(key: string, request: GraphqlRequest): LiveQuery {
    const live = {
      request,
      dependencies: this.#service.dependencies(request.query) ?? new Set<string>(),
      clients: new Set<EventStream>(),
      answer: undefined,
    };
    this.#queries.set(key, live);
    this.#touched.add(live);
    this.#answerTouched();
    return live;
  }

  /** Opens a stream in a place of its address, which is given back when it closes. */
  #stream(reply: FastifyReply, address: string, onClose: (stream: EventStream) => void): EventStream {
    const release = this.places.take(address);
    const stream: EventStream = new EventStream(reply, () => {
      release();
      onClose(stream);
    });
    return stream;
  }

  #all(): EventStream[] {
    return [...this.#blocks, ...[...this.#queries.values()].flatMap((live) => [...live.clients])];
  }
}
