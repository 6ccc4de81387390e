import type { Report } from "@pqmesh/contracts/protocol/report";
import type { Address, Hex } from "viem";
import type { HeldLeaf } from "../store/attestation-store.ts";

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
  /** What the report's root commits to, by node index. */
  leaves: HeldLeaf[];
  /** By seat. */
  signatures: ReportSignature[];
}

/** Accepted reports as the committee's store holds them. */
export interface ReportSource {
  /** The report of an epoch and shard that was accepted on chain, as far as this relayer holds it. */
  reportOf(epoch: bigint, shard: number): SignedReport | undefined;
}
