import type { AddressInfo } from "node:net";
import { pino } from "pino";

import { createHttpServer } from "../../../../indexer/engine/server/http-server.ts";
import type { ServerLimits } from "../../../../indexer/engine/server/http-server.ts";
import { LiveUpdates } from "../../../../indexer/engine/server/live-updates.ts";
import { createMetrics } from "../../../../indexer/engine/server/metrics.ts";
import type { IndexingStatus } from "../../../../indexer/engine/sync/indexing-event.ts";
import { createSampleIndex } from "../../fixture/sample-index.ts";

/** The indexer's HTTP server on a sample database, without a chain. */
export interface ServerRig {
  readonly port: number;
  readonly url: string;
  /** Queries answered so far. */
  answered(): number;
  /** Commits a block with many sequences. */
  addSequences(count: number): void;
  /** Commits a block with one more card and tells the live queries. */
  addCard(id: string, level: number): void;
  stop(): Promise<void>;
}

const STATUS: IndexingStatus = {
  state: "live",
  block: undefined,
  chainHead: 7,
  reorgs: 0,
} as unknown as IndexingStatus;

/** What of the server a test sets. */
interface RigSettings {
  readonly limits?: ServerLimits;
  readonly streamsPerAddress?: number;
  readonly queryTimeMs?: number;
}

/** Starts the server on a free port. */
export async function startServerRig(settings: RigSettings = {}): Promise<ServerRig> {
  const { limits, streamsPerAddress = 64, queryTimeMs } = settings;
  const index = createSampleIndex(queryTimeMs);
  let answered = 0;
  const answer = index.service.answer.bind(index.service);
  index.service.answer = (request) => {
    answered += 1;
    return answer(request);
  };
  const live = new LiveUpdates(index.service, streamsPerAddress);
  const status = (): IndexingStatus => STATUS;
  const server = createHttpServer(
    {
      ...{ service: index.service, live, status, silence: () => 0, version: "0.1.0" },
      metrics: createMetrics(status, () => live.size),
      logger: pino({ level: "silent" }),
    },
    limits,
  );
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    answered: () => answered,
    addCard(id, level) {
      index.addBlock((set) => set("Card", id, { holder: Buffer.from("0001", "hex"), level }));
      const block = { number: 1, hash: `0x${"11".repeat(32)}`, timestamp: 1_700_000_001 };
      live.publish({ kind: "committed", block, entities: ["Card"], unwound: 0 });
    },
    addSequences(count) {
      index.addBlock((set) => {
        for (let i = 0; i < count; i++) set("Sequence", `${i}`, { label: `label of the sequence ${i}` });
      });
    },
    async stop() {
      live.close();
      await server.close();
      index.close();
    },
  };
}
