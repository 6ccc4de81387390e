import { EventEmitter } from "node:events";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { LiveNode } from "../ingest/heartbeat-book.ts";
import type { StoredPlace } from "../ingest/ingest.ts";

/** What readers can follow live. */
export interface LiveEvents {
  /** A heartbeat arrived. */
  heartbeat: [LiveNode];
  /** An attestation was stored. */
  attestation: [StoredPlace];
  /** The bridge accepted a report. */
  report: [AcceptedReport];
}

/** Carries live events from where they happen to the readers of `/v1/events`. */
export class LiveFeed extends EventEmitter<LiveEvents> {
  constructor() {
    super();
    this.setMaxListeners(0);
  }
}
