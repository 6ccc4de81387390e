import { concatHex, type Hex, numberToHex, zeroHash } from "viem";
import type { Attestation } from "./attestation.ts";

/** Where the beacon of an attestation was recorded (`ISelfAttestation.Source`). */
export interface BeaconSource {
  epoch: bigint;
  beacon: Hex;
  /** Digest of the accepted report; zero when the beacon was recorded without a report, or by nobody. */
  digest: Hex;
  /** Seats that signed the report. */
  signers: bigint;
}

/** A run as `ISelfAttestation.selfAttest` takes it, without key and signature. */
export interface ProvenanceRun {
  nodeIndex: number;
  sequence: bigint;
  previous: Hex;
  builds: Hex[];
  sources: BeaconSource[];
  chain: Hex;
}

/** Builds, and sources, that a run can name: a byte says which. */
const MAX_PLACES = 256;

/** The source of a beacon that was recorded without a report. */
export function recordedBeacon(epoch: bigint, beacon: Hex): BeaconSource {
  return { epoch, beacon, digest: zeroHash, signers: 0n };
}

/**
 * Packs attestations of one node without gaps in sequence, oldest first.
 *
 * @param sourceOf says where the beacon of an attestation was recorded; undefined for one that only links the chain.
 * @throws RangeError when the attestations are none, of several nodes, have a gap, or name more than 256 beacons or builds.
 */
export function packRun(
  attestations: readonly Attestation[],
  sourceOf: (attestation: Attestation) => BeaconSource | undefined,
): ProvenanceRun {
  const [first] = attestations;
  if (!first) throw new RangeError("a run has no attestation");
  const builds = new Map<Hex, number>();
  const sources = new Map<string, { place: number; source: BeaconSource }>();
  const packed = attestations.map((attestation, i) => {
    const { nodeIndex, sequence, beacon, measurement } = attestation;
    if (nodeIndex !== first.nodeIndex) throw new RangeError(`attestation ${i} is of node ${nodeIndex}`);
    if (sequence !== first.sequence + BigInt(i)) throw new RangeError(`attestation ${i} has sequence ${sequence}`);
    const source = sourceOf(attestation) ?? recordedBeacon(0n, beacon);
    const key = `${source.epoch}:${source.digest}:${beacon}`;
    if (!sources.has(key)) sources.set(key, { place: sources.size, source: { ...source, beacon } });
    if (!builds.has(measurement)) builds.set(measurement, builds.size);
    return pack(attestation, sources.get(key)?.place ?? 0, builds.get(measurement) ?? 0);
  });
  if (sources.size > MAX_PLACES) throw new RangeError(`a run names ${sources.size} beacons, at most ${MAX_PLACES}`);
  if (builds.size > MAX_PLACES) throw new RangeError(`a run names ${builds.size} builds, at most ${MAX_PLACES}`);
  return {
    ...{ nodeIndex: first.nodeIndex, sequence: first.sequence, previous: first.previous },
    ...{ builds: [...builds.keys()], sources: [...sources.values()].map(({ source }) => source) },
    chain: concatHex(packed),
  };
}

/** The 76 bytes of an attestation, as `contracts/libraries/ProvenanceRun.sol` describes them. */
function pack(a: Attestation, source: number, build: number): Hex {
  return concatHex([
    ...[numberToHex(a.epoch, { size: 8 }), numberToHex(source % MAX_PLACES, { size: 1 })],
    ...[numberToHex(build % MAX_PLACES, { size: 1 }), numberToHex(a.shares, { size: 12 })],
    ...[a.cpuLoadBp, a.memoryUsedBp, a.storageUsedBp].map((load) => numberToHex(load, { size: 2 })),
    ...[a.heartbeats, a.latencyMicros].map((value) => numberToHex(value, { size: 4 })),
    ...[numberToHex(a.space, { size: 8 }), numberToHex(a.stake, { size: 16 })],
    ...[a.work, a.time].map((value) => numberToHex(value, { size: 8 })),
  ]);
}
