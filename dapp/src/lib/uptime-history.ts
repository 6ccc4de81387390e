import { EPOCH_STATUSES, type EpochStatus } from "@pqmesh/contracts/protocol/epoch-status";
import { type Hex, hexToBytes } from "viem";
import type { EpochCell, EpochInterval } from "./network-view.ts";

/** Epochs in one page of the indexer. */
export const EPOCHS_PER_PAGE = 256;

/** Byte of an epoch without a report, or in which the node was inactive. */
const NOTHING_REPORTED = 0;

/** Statuses of a node over 256 epochs, as the indexer stores them. */
export interface UptimePage {
  page: number;
  statuses: Hex;
  qualities: Hex;
}

/** What is known beyond the reports of a node. */
export interface HistoryFrame {
  /** First epoch shown. */
  from: number;
  /** Last epoch shown, usually the running one. */
  to: number;
  intervals: readonly EpochInterval[];
  /** Epochs that are final without a report, both ends inclusive. */
  unreported: readonly { from: number; to: number }[];
  /** First epoch that can still be reported; missing ones before it are unreported. */
  reportableFrom: number;
}

/** Reported statuses by epoch out of the indexer's pages. */
export function reportedCells(pages: readonly UptimePage[]): Map<number, EpochCell> {
  const cells = new Map<number, EpochCell>();
  for (const { page, statuses, qualities } of pages) {
    const quality = hexToBytes(qualities);
    hexToBytes(statuses).forEach((byte, offset) => {
      const status = byte === NOTHING_REPORTED ? undefined : EPOCH_STATUSES[byte];
      const epoch = page * EPOCHS_PER_PAGE + offset;
      if (status) cells.set(epoch, { epoch, status, ...(status !== "Absent" && { quality: quality[offset] ?? 0 }) });
    });
  }
  return cells;
}

/** One cell per epoch of the frame, oldest first: reported, unreported, still pending, or inactive. */
export function epochHistory(reported: ReadonlyMap<number, EpochCell>, frame: HistoryFrame): EpochCell[] {
  const { from, to } = frame;
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => {
    const epoch = from + i;
    return reported.get(epoch) ?? { epoch, status: missingStatus(epoch, frame) };
  });
}

/** True when one of the intervals covers the epoch. */
export function isActiveIn(intervals: readonly EpochInterval[], epoch: number): boolean {
  return intervals.some(({ from, until }) => from <= epoch && (until === undefined || epoch < until));
}

/** Number of epochs by status. */
export function countStatuses(cells: readonly EpochCell[]): Record<EpochStatus, number> {
  const counts = { Inactive: 0, Pending: 0, Attested: 0, Absent: 0, Degraded: 0, Unreported: 0 };
  for (const { status } of cells) counts[status] += 1;
  return counts;
}

function missingStatus(epoch: number, { intervals, unreported, reportableFrom }: HistoryFrame): EpochStatus {
  if (!isActiveIn(intervals, epoch)) return "Inactive";
  if (unreported.some(({ from, to }) => from <= epoch && epoch <= to)) return "Unreported";
  return epoch < reportableFrom ? "Unreported" : "Pending";
}
