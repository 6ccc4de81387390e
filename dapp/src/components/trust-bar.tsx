import type { ReactNode } from "react";
import { formatBp } from "../lib/format.ts";

/** A Trust Score with a bar; a dash where it is not known. */
export function TrustBar({ bp }: { bp: number | undefined }): ReactNode {
  if (bp === undefined) return <span title="Needs the indexer">–</span>;
  return (
    <span className="inline-flex items-center justify-end gap-2">
      <span aria-hidden="true" className="bg-line hidden h-1.5 w-14 overflow-hidden rounded-full sm:block">
        <span className="bg-accent block h-full rounded-full" style={{ width: `${bp / 100}%` }} />
      </span>
      {formatBp(bp)}
    </span>
  );
}
