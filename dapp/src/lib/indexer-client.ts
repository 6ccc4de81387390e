/** Milliseconds that a query may take. */
const TIMEOUT_MS = 4_000;
/** Milliseconds in which an indexer that failed is not asked again. */
const PAUSE_MS = 3_000;

/** Thrown when the indexer does not answer or cannot answer; the caller then reads the chain. */
export class IndexerAwayError extends Error {
  override readonly name = "IndexerAwayError";
}

/** Asks the indexer. After a failure it is left alone for a few seconds, so that no screen waits for it twice. */
export class IndexerClient {
  readonly #url: string;
  #pausedUntil = 0;

  constructor(indexerUrl: string) {
    this.#url = `${indexerUrl.replace(/\/$/, "")}/graphql`;
  }

  /**
   * Runs a GraphQL query.
   *
   * @throws IndexerAwayError when there is no usable answer in time.
   */
  async query<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    if (performance.now() < this.#pausedUntil) throw new IndexerAwayError("the indexer did not answer a moment ago");
    try {
      return await this.#ask<T>(query, variables);
    } catch (cause) {
      this.#pausedUntil = performance.now() + PAUSE_MS;
      throw new IndexerAwayError(`the indexer gave no answer: ${(cause as Error).message}`, { cause });
    }
  }

  async #ask<T>(query: string, variables: Record<string, unknown>): Promise<T> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`it says ${response.status}`);
    const answer = (await response.json()) as { data?: T; errors?: { message: string }[] };
    if (answer.errors?.length) throw new Error(answer.errors.map(({ message }) => message).join("; "));
    if (!answer.data) throw new Error("its answer is empty");
    return answer.data;
  }
}
