import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { explainError } from "../lib/error-sentences.ts";
import { Notice } from "./notice.tsx";

/** Shows a query: a placeholder while it loads, a sentence and a button when it fails, else what it found. */
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
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    const retry = (
      <button type="button" className="button button-small" onClick={() => void query.refetch()}>
        Try again
      </button>
    );
    return (
      <Notice tone="bad" action={retry}>
        {plainSentence(query.error)}
      </Notice>
    );
  }
  return (
    <div role="status" aria-label="Loading">
      <div className="skeleton" style={{ height }} />
    </div>
  );
}

function plainSentence(error: unknown): string {
  if (error instanceof Error && error.name === "RelayerError") return error.message;
  return explainError(error).sentence;
}
