import {
  type BeaconSource,
  packRun,
  type ProvenanceRun,
  recordedBeacon,
} from "@pqmesh/contracts/protocol/provenance-run";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import { bytesToHex, type Hex } from "viem";
import type { Journal, JournalEntry } from "../agent/journal.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { BEACON_WINDOW_EPOCHS } from "../chain/report-records.ts";
import { standingOf } from "./epoch-standing.ts";

/** Attestations in one run at most, so that one transaction carries it also with the raw key. */
const MAX_RUN_LENGTH = 150;

/** A run as `ISelfAttestation.selfAttest` takes it, without the key. */
export interface PlannedRun {
  nodeIndex: number;
  /** Epochs that it would turn into attested ones, oldest first. */
  epochs: bigint[];
  /** Number of its attestations, those that only link the chain included. */
  length: number;
  run: ProvenanceRun;
  /** Raw key that signed the head. */
  rawKey: Uint8Array;
  signature: Hex;
}

interface Provable extends JournalEntry {
  source: BeaconSource;
}

/**
 * Plans how to prove, by the journal's provenance chain, every epoch that is missing on chain and whose hash was committed in
 * time: each run has one key, no gap and at most 150 attestations.
 */
export function planRuns(
  chain: ChainFollower,
  journal: Pick<Journal, "entriesSince">,
  nodeIndex: number,
): PlannedRun[] {
  const current = chain.epochAt(chain.head().timestamp);
  const oldest = current > chain.horizonEpochs ? current - chain.horizonEpochs : 0n;
  const entries = journal.entriesSince(oldest);
  const runs: PlannedRun[] = [];
  let open: Provable[] = [];
  for (const entry of entries) {
    const provable = provableOf(chain, nodeIndex, entry);
    if (!provable) continue;
    const first = open[0];
    if (first && !fitsTogether(chain, entries, first, provable)) {
      runs.push(runOf(chain, entries, open));
      open = [];
    }
    open.push(provable);
  }
  if (open.length > 0) runs.push(runOf(chain, entries, open));
  return runs;
}

/** An entry whose epoch its own proof would change, with where its beacon was recorded. */
function provableOf(chain: ChainFollower, nodeIndex: number, entry: JournalEntry): Provable | undefined {
  const { epoch, digest, signed } = entry;
  const { measurement, beacon } = signed.attestation;
  if (signed.attestation.nodeIndex !== nodeIndex) return undefined;
  if (chain.ownEpochs.committed(nodeIndex, epoch)?.hash.toLowerCase() !== digest) return undefined;
  if (standingOf(chain, nodeIndex, epoch) !== "missing" || !chain.isActive(nodeIndex, epoch)) return undefined;
  if (!chain.isMeasurementApproved(measurement, epoch)) return undefined;
  const source = sourceOf(chain, shardOf(nodeIndex), { epoch, beacon });
  return source && { ...entry, source };
}

/** True when both can be in one run: no gap in the journal between them, one key, and not too long. */
function fitsTogether(
  chain: ChainFollower,
  entries: readonly JournalEntry[],
  first: JournalEntry,
  last: JournalEntry,
): boolean {
  const length = last.sequence - first.sequence + 1n;
  if (length > BigInt(MAX_RUN_LENGTH)) return false;
  const { nodeIndex } = first.signed.attestation;
  const [before, after] = [chain.keyAt(nodeIndex, first.epoch), chain.keyAt(nodeIndex, last.epoch)];
  if (!before || !after || Buffer.compare(before, after) !== 0) return false;
  const between = entries.filter(({ sequence }) => sequence >= first.sequence && sequence <= last.sequence);
  return BigInt(between.length) === length;
}

function runOf(chain: ChainFollower, entries: readonly JournalEntry[], provable: readonly Provable[]): PlannedRun {
  const [first, last] = [provable[0]!, provable.at(-1)!];
  const { nodeIndex } = first.signed.attestation;
  const linked = entries.filter(({ sequence }) => sequence >= first.sequence && sequence <= last.sequence);
  const sources = new Map(provable.map(({ sequence, source }) => [sequence, source]));
  const attestations = linked.map(({ signed }) => signed.attestation);
  return {
    nodeIndex,
    epochs: provable.map(({ epoch }) => epoch),
    length: linked.length,
    run: packRun(attestations, ({ sequence }) => sources.get(sequence)),
    rawKey: chain.keyAt(nodeIndex, last.epoch) ?? new Uint8Array(),
    signature: bytesToHex(last.signed.signature),
  };
}

/** Where the beacon of an attestation was recorded within the eight epochs before. */
function sourceOf(
  chain: ChainFollower,
  shard: number,
  { epoch, beacon }: { epoch: bigint; beacon: Hex },
): BeaconSource | undefined {
  for (let age = 1n; age <= BEACON_WINDOW_EPOCHS && age <= epoch; age++) {
    const report = chain.acceptedReport(shard, epoch - age);
    if (report?.beacon === beacon) return acceptedBeacon(report);
    if (chain.recordedBeacon(epoch - age)?.beacon === beacon) return recordedBeacon(epoch - age, beacon);
  }
  // What is valid and was recorded by nobody is the genesis beacon.
  return chain.isBeaconValid(shard, epoch, beacon) ? recordedBeacon(0n, beacon) : undefined;
}

function acceptedBeacon({ epoch, beacon, digest, signers }: BeaconSource): BeaconSource {
  return { epoch, beacon, digest, signers };
}
