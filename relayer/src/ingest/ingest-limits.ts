import { availableParallelism } from "node:os";

/** Bounds of ingest. */
export interface IngestLimits {
  /** Verifications handed to libuv's pool at once: enough that its threads have work for a slow turn of the event loop. */
  verifyConcurrency: number;
  /** Attestations between arrival and outcome; more are refused as overloaded. */
  maxPending: number;
  /** Age in epochs up to which missing attestations of a node are taken as history. */
  historyEpochs: number;
  /** How long an attestation whose beacon is not known yet waits for the next blocks, milliseconds. */
  viewLagMs: number;
  /** Least time from one commit to the next, milliseconds. */
  commitIntervalMs: number;
  /** Most attestations in one transaction. */
  maxBatch: number;
}

/** Default bounds of ingest, measured with `npm run bench:ingest`. */
export const INGEST_LIMITS: IngestLimits = {
  verifyConcurrency: 64 * availableParallelism(),
  maxPending: 8_192,
  historyEpochs: 256,
  viewLagMs: 3_000,
  commitIntervalMs: 20,
  maxBatch: 512,
};
