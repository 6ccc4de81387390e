import { type Hex, keccak256 } from "viem";
import type { Report } from "./report.ts";

/** A report with each list replaced by its hash, as contracts that judge evidence take it (`IEvidence.ReportSummary`). */
export interface ReportSummary {
  epoch: bigint;
  shard: number;
  round: number;
  committeeVersion: number;
  beaconBlock: bigint;
  beacon: Hex;
  root: Hex;
  absentHash: Hex;
  degradedHash: Hex;
  qualityHash: Hex;
  /** Seats that signed, as in the event of the accepted report. */
  signers: bigint;
}

/** Summarises a report. */
export function summarise(report: Report, signers: bigint): ReportSummary {
  const { absent, degraded, quality, ...rest } = report;
  return {
    ...rest,
    absentHash: keccak256(absent),
    degradedHash: keccak256(degraded),
    qualityHash: keccak256(quality),
    signers,
  };
}
