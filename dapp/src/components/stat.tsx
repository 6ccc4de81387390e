import type { ReactNode } from "react";

/** A figure with its name and, smaller, what belongs to it. */
export function Stat({ label, value, detail }: { label: string; value: ReactNode; detail?: ReactNode }): ReactNode {
  return (
    <div className="min-w-0 px-4 py-3.5 sm:px-5">
      <dt className="eyebrow">{label}</dt>
      <dd className="mt-0.5 text-xl font-semibold tracking-tight">{value}</dd>
      {detail && <dd className="text-muted text-sm">{detail}</dd>}
    </div>
  );
}
