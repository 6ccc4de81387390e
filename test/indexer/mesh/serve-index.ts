import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import type { TestIndexer } from "../fixture/test-indexer.ts";

/** The queries of an indexer over HTTP. */
interface IndexFront {
  readonly url: string;
  /** From now on replaces a part of every answer. */
  falsify(part: string, by: string): void;
  stop(): void;
}

/** Serves an indexer's queries on a free port, as they are or falsified. */
export async function serveIndex(indexer: TestIndexer): Promise<IndexFront> {
  let change = (answer: string): string => answer;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { query } = JSON.parse(body) as { query: string };
      response.end(change(JSON.stringify({ data: indexer.query(query) })));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    falsify(part, by) {
      change = (answer) => answer.replace(part, by);
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
