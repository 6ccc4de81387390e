import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { ReportSummary } from "@pqmesh/contracts/protocol/report-summary";
import { bytesToHex, type Hex, zeroHash } from "viem";
import type { Journal, JournalEntry } from "../agent/journal.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { BEACON_WINDOW_EPOCHS } from "../chain/report-records.ts";
import { summaryOf } from "../disputes/evidence-intents.ts";
import { standingOf } from "./epoch-standing.ts";

/** Attestations in one run at most, so that one transaction carries it also with the raw key. */
const MAX_RUN_LENGTH = 150;

/** A run as `ISelfAttestation.selfAttest` takes it, without the key. */
export interface PlannedRun {
  nodeIndex: number;
  /** Epochs that it would turn into attested ones, oldest first. */
  epochs: bigint[];
  chain: Attestation[];
  sources: ReportSummary[];
  sourceOf: Hex;
  /** Raw key that signed the head. */
  rawKey: Uint8Array;
  signature: Hex;
}

interface Provable extends JournalEntry {
  source: ReportSummary;
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
  const byBeacon = new Map<string, { source: ReportSummary; place: number }>();
  for (const { source } of provable) {
    const key = `${source.epoch}:${source.beacon}`;
    if (!byBeacon.has(key)) byBeacon.set(key, { source, place: byBeacon.size });
  }
  const placeOf = new Map(
    provable.map(({ sequence, source }) => [sequence, byBeacon.get(`${source.epoch}:${source.beacon}`)!.place]),
  );
  return {
    nodeIndex,
    epochs: provable.map(({ epoch }) => epoch),
    chain: linked.map(({ signed }) => signed.attestation),
    sources: [...byBeacon.values()].map(({ source }) => source),
    sourceOf: bytesToHex(Uint8Array.from(linked, ({ sequence }) => placeOf.get(sequence) ?? 0)),
    rawKey: chain.keyAt(nodeIndex, last.epoch) ?? new Uint8Array(),
    signature: bytesToHex(last.signed.signature),
  };
}

/** Where the beacon of an attestation was recorded within the eight epochs before. */
function sourceOf(
  chain: ChainFollower,
  shard: number,
  { epoch, beacon }: { epoch: bigint; beacon: Hex },
): ReportSummary | undefined {
  for (let age = 1n; age <= BEACON_WINDOW_EPOCHS && age <= epoch; age++) {
    const report = chain.acceptedReport(shard, epoch - age);
    if (report?.beacon === beacon) return summaryOf(report);
    if (chain.recordedBeacon(epoch - age)?.beacon === beacon) return recorded(shard, epoch - age, beacon);
  }
  // What is valid and was recorded by nobody is the genesis beacon.
  return chain.isBeaconValid(shard, epoch, beacon) ? recorded(shard, 0n, beacon) : undefined;
}

/** Source of a beacon that was recorded without a report. */
function recorded(shard: number, epoch: bigint, beacon: Hex): ReportSummary {
  const nothing = { absentHash: zeroHash, degradedHash: zeroHash, qualityHash: zeroHash, root: zeroHash };
  return { epoch, shard, round: 0, committeeVersion: 0, beaconBlock: 0n, beacon, ...nothing, signers: 0n };
}
