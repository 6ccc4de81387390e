import type { Address, Hex } from "viem";
import type { AcceptedReport, ChainView } from "../chain/chain-view.ts";
import type { HeartbeatBook, LiveNode } from "../ingest/heartbeat-book.ts";
import type { AttestationStore } from "../store/attestation-store.ts";
import type { ReportProofs } from "./report-proofs.ts";
import type { ReportSource } from "./report-source.ts";

/** What the read API answers from. */
export interface ReadSources {
  chain: ChainView;
  store: AttestationStore;
  heartbeats: HeartbeatBook;
  reports: ReportSource;
  proofs: ReportProofs;
  /** Address of this relayer. */
  relayer: Address;
  /** The certificate authority that this relayer issues for; absent when it issues for none. */
  authorityId?: number | undefined;
  version: string;
}

/** What is shown of a node: `unknown` when it was not heard since this relayer started. */
export type ShownNode = Omit<LiveNode, "state" | "lastSeenMs"> & {
  state: LiveNode["state"] | "unknown";
  lastSeenMs: number | null;
};

/** Indices of all registered nodes, ascending. */
export function registeredNodes(chain: ChainView): number[] {
  const all: number[] = [];
  for (let shard = 0; ; shard++) {
    const nodes = chain.nodesOfShard(shard);
    if (nodes.length === 0) return all;
    all.push(...nodes);
  }
}

/** What is seen of a node now. */
export function shownNode(heartbeats: HeartbeatBook, nodeIndex: number): ShownNode {
  return (
    heartbeats.live(nodeIndex) ?? {
      nodeIndex,
      state: "unknown",
      lastSeenMs: null,
      heartbeatRatioBp: 0,
      latencyMicros: 0,
      cpuLoadBp: 0,
      memoryUsedBp: 0,
      storageUsedBp: 0,
    }
  );
}

/** An accepted report apart: what the committee stated, and how the chain took it. */
export function splitReport(accepted: AcceptedReport) {
  const { epoch, shard, round, committeeVersion, beaconBlock, beacon, root, absent, degraded, quality } = accepted;
  const { digest, signers, submitter, blockNumber, transactionHash } = accepted;
  return {
    report: { epoch, shard, round, committeeVersion, beaconBlock, beacon, root, absent, degraded, quality },
    accepted: { digest, signers, submitter, blockNumber, transactionHash },
  };
}

/** JSON text with numbers of 64 bits and more as decimal text and bytes as hexadecimal. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item));
}

/** Lower-case hexadecimal. */
export function hexOf(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}
