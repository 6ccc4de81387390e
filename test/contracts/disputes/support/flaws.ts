import type { ReportSummary } from "@pqmesh/contracts/protocol/report-summary";
import { ZeroHash } from "ethers";

/** What can be wrong with a leaf, as `IAttestationDisputes.Flaw` counts. */
export const FLAW = {
  Position: 0,
  Node: 1,
  Epoch: 2,
  Domain: 3,
  Inactive: 4,
  Absent: 5,
  Beacon: 6,
  Sequence: 7,
  Measurement: 8,
  Signature: 9,
} as const;

/** Name of a flaw. */
export type FlawName = keyof typeof FLAW;

/** What a proof rests on beside the leaf. */
export interface Support {
  key: Uint8Array | string;
  absent: string;
  history: ReportSummary[];
  salt: string;
}

/** A proof that rests on the leaf alone. */
export const NO_SUPPORT: Support = { key: "0x", absent: "0x", history: [], salt: ZeroHash };
