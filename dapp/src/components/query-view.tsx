import type { UseQueryResult } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { PartBoundary } from "./part-boundary.tsx";

/** Its code knows every error of every contract, which the first screen does not wait for. */
const QueryFailure = lazy(async () => ({ default: (await import("./query-failure.tsx")).QueryFailure }));

/**
 * Shows a query: a placeholder while it loads, a sentence and a button when it fails, else what it found. When it found
 * something before it failed, that stays under the sentence.
 */
export function QueryView<T>({
  query,
  height = "8rem",
  children,
}: {
  query: UseQueryResult<T>;
  /** Height of the placeholder. */
  height?: string;
  children: (data: T) => ReactNode;
}): ReactNode {
  const isStale = query.data !== undefined;
  const placeholder = (
    <div role="status" aria-label="Loading">
      <div className="skeleton" style={{ height }} />
    </div>
  );
  const failure = query.isError && (
    <PartBoundary part="explanation of an error">
      <Suspense fallback={!isStale && placeholder}>
        <QueryFailure error={query.error} isStale={isStale} onRetry={() => void query.refetch()} />
      </Suspense>
    </PartBoundary>
  );
  if (query.data === undefined) return failure || placeholder;
  return (
    <>
      {failure}
      {children(query.data)}
    </>
  );
}
