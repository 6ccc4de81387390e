import type { ReactNode } from "react";

/** What is shown where there is nothing: why, and what to do. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div className="mx-auto max-w-md px-4 py-10 text-center">
      <p className="font-semibold">{title}</p>
      {children && <div className="text-muted mt-1 text-sm">{children}</div>}
    </div>
  );
}
