import type { ReactNode } from "react";
import { explainError } from "../lib/error-sentences.ts";
import { Notice } from "./notice.tsx";

/** Why something could not be read, in a sentence, with a way to try again. */
export function QueryFailure({
  error,
  isStale,
  onRetry,
}: {
  error: unknown;
  /** True when what was read before is still shown. */
  isStale: boolean;
  onRetry: () => void;
}): ReactNode {
  const retry = (
    <button type="button" className="button button-small" onClick={onRetry}>
      Try again
    </button>
  );
  return (
    <div className="query-failure">
      <Notice tone={isStale ? "warn" : "bad"} action={retry}>
        {isStale && "What follows was read before and may be old. "}
        {plainSentence(error)}
      </Notice>
    </div>
  );
}

function plainSentence(error: unknown): string {
  if (error instanceof Error && error.name === "RelayerError") return error.message;
  return explainError(error).sentence;
}
