import type { ReactNode } from "react";
import type { ReportListing } from "../lib/report-listing.ts";

/** Filters above the table of reports. */
export function ReportFilters({
  listing,
  shards,
  actions,
  onChange,
}: {
  listing: ReportListing;
  /** Shards that have nodes. */
  shards: number;
  actions: ReactNode;
  onChange: (changes: Record<string, string>) => void;
}): ReactNode {
  return (
    <div className="flex flex-wrap items-center gap-2 p-3 sm:px-4">
      <label className="flex-none max-sm:basis-full">
        <span className="sr-only">Which reports</span>
        <select
          className="field w-full sm:w-auto"
          value={listing.troubled ? "troubled" : ""}
          onChange={(event) => onChange({ only: event.target.value })}
        >
          <option value="">All reports</option>
          <option value="troubled">With absent or degraded nodes</option>
        </select>
      </label>
      {shards > 1 && (
        <label className="flex-none">
          <span className="sr-only">Shard</span>
          <select
            className="field w-auto"
            value={listing.shard}
            onChange={(event) => onChange({ shard: event.target.value === "all" ? "" : event.target.value })}
          >
            <option value="all">All shards</option>
            {Array.from({ length: shards }, (_, shard) => (
              <option key={shard} value={shard}>
                Shard {shard}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className="min-w-0 flex-1 basis-32 sm:max-w-52">
        <span className="sr-only">Up to epoch</span>
        <input
          type="search"
          inputMode="numeric"
          className="field"
          placeholder="Up to epoch …"
          value={listing.upTo ?? ""}
          onChange={(event) => onChange({ upto: event.target.value.replace(/\D/g, "").slice(0, 9) })}
        />
      </label>
      <div className="ml-auto">{actions}</div>
    </div>
  );
}
