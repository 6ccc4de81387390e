import { setImmediate as nextTurn } from "node:timers/promises";
import { GraphQLError } from "graphql";

/** Milliseconds of work after which other requests have their turn. */
const SLICE_MS = 10;

/** The time that the server works on one request; while others have their turn it does not count. */
export class WorkTime {
  readonly #limit: number;
  /** Milliseconds of the turns before this one. */
  #spent = 0;
  #since = performance.now();
  #last: Promise<void> | undefined;
  #isOver = false;
  #problem: GraphQLError | undefined;

  /** @param limit milliseconds of work */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Set once the limit was exceeded: the whole answer is this error then. */
  get problem(): GraphQLError | undefined {
    return this.#problem;
  }

  /** @throws GraphQLError naming the limit once it is exceeded. */
  check(): void {
    if (this.#spent + performance.now() - this.#since <= this.#limit) return;
    this.#problem ??= new GraphQLError(
      `query takes longer than the limit of \`${this.#limit}\` ms and was ended; ` +
        "ask for fewer fields at once, or filter by what an index finds",
    );
    throw this.#problem;
  }

  /** Does a piece of the work after the pieces before it: at once, or after the turn of others when it has lasted long. */
  inTurn<T>(work: () => T): T | Promise<T> {
    if (this.#last === undefined && !this.#isLong()) return work();
    const done = (this.#last ?? Promise.resolve())
      .then(() => this.#pause())
      .then(() => {
        if (this.#isOver) throw new Error("the request is answered already");
        this.check();
        return work();
      });
    this.#last = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  /** Gives up what has not begun: an answer can be complete before, by an error that leaves no data. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#last;
  }

  #isLong(): boolean {
    return performance.now() - this.#since > SLICE_MS;
  }

  async #pause(): Promise<void> {
    if (!this.#isLong() || this.#problem !== undefined || this.#isOver) return;
    this.#spent += performance.now() - this.#since;
    await nextTurn();
    this.#since = performance.now();
  }
}
