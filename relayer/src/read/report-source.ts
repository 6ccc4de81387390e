import type { Report } from "@pqmesh/contracts/protocol/report";
import type { Address, Hex } from "viem";

/** Both signatures of one committee member under a report. */
export interface ReportSignature {
  seat: number;
  address: Address;
  /** 65 bytes: r, s, v. */
  ecdsa: Hex;
  /** ML-DSA-65, 3,309 bytes. */
  mldsa: Hex;
}

/** A report with the signatures that this relayer knows of. */
export interface SignedReport {
  report: Report;
  /** By seat. */
  signatures: ReportSignature[];
}

/** Reports that a relayer signed or led; implemented by the committee's store. */
export interface ReportSource {
  /** The report of an epoch and shard that was accepted on chain, or, before that, the newest one signed here. */
  reportOf(epoch: bigint, shard: number): SignedReport | undefined;
}
