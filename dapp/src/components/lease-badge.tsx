import { type LeaseStatus, isClosed } from "@pqmesh/contracts/protocol/lease-status";
import type { ReactNode } from "react";
import { STATUS_WORDS } from "../lib/market-words.ts";

/** Where a lease is: a mark and a few words. */
export function LeaseBadge({ status }: { status: LeaseStatus }): ReactNode {
  const isBad = status === "Breached" || status === "OutOfFunds";
  const className =
    status === "Active" ? "text-ok" : status === "Pending" ? "text-accent" : isBad ? "text-bad" : "text-off";
  const mark = status === "Active" ? "●" : isClosed(status) ? (isBad ? "✕" : "✓") : "◔";
  return (
    <span
      data-status={status}
      className={`inline-flex items-center gap-1.5 font-medium [overflow-wrap:normal] sm:whitespace-nowrap ${className}`}
    >
      <span aria-hidden="true" className="inline-block w-3.5 text-center text-[0.85em]">
        {mark}
      </span>
      {STATUS_WORDS[status]}
    </span>
  );
}
