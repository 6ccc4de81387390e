import type { ReportSummary } from "./network-view.ts";

/** What of the reports is shown. */
export interface ReportListing {
  shard: number | "all";
  /** Only reports that name nodes absent or degraded. */
  troubled: boolean;
  /** Newest epoch shown; the newest there is when undefined. */
  upTo?: number;
  /** From 1. */
  page: number;
}

/** Reports on one page. */
export const REPORTS_PER_PAGE = 25;

/** Reads a listing out of the address of the page; anything unknown counts as not given. */
export function readReportListing(params: URLSearchParams): ReportListing {
  const shard = natural(params.get("shard"));
  const upTo = natural(params.get("upto"));
  return {
    shard: shard ?? "all",
    troubled: params.get("only") === "troubled",
    ...(upTo !== undefined && { upTo }),
    page: Math.max(1, natural(params.get("page")) ?? 1),
  };
}

/** Filter of the indexer for a listing: a list of conditions that all hold. */
export function reportFilter({ shard, troubled, upTo }: ReportListing): { and: object[] } {
  return {
    and: [
      { epoch_gte: "0" },
      ...(shard === "all" ? [] : [{ shard }]),
      ...(upTo === undefined ? [] : [{ epoch_lte: String(upTo) }]),
      ...(troubled ? [{ or: [{ absentCount_gt: 0 }, { degradedCount_gt: 0 }] }] : []),
    ],
  };
}

/** True when a report fits a listing. */
export function fitsReportListing(report: ReportSummary, { shard, troubled, upTo }: ReportListing): boolean {
  const isShard = shard === "all" || report.shard === shard;
  const isOld = upTo === undefined || report.epoch <= upTo;
  return isShard && isOld && (!troubled || report.absent + report.degraded > 0);
}

/** A natural number in an address; undefined when it is none. */
export function natural(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
