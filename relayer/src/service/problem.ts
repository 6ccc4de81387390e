/** An error that a caller over HTTP may see, as RFC 9457 problem details. */
export class Problem extends Error {
  override readonly name = "Problem";
  /** HTTP status. */
  readonly status: number;
  /** Short code that programs can branch on. */
  readonly type: string;
  /** Seconds after which the caller may try again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, type: string, detail: string, retryAfterSeconds?: number) {
    super(detail);
    this.retryAfterSeconds = retryAfterSeconds;
    this.status = status;
    this.type = type;
  }
}

/** Body of an error answer (RFC 9457). */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
}

/** Media type of {@link ProblemDetails}. */
export const PROBLEM_MEDIA_TYPE = "application/problem+json";

/** Describes any error for the caller; what is not a {@link Problem} shows nothing of the inside. */
export function toProblemDetails(error: unknown): ProblemDetails {
  if (error instanceof Problem) return describe(error.status, error.type, error.message);
  const status = (error as { statusCode?: unknown }).statusCode;
  if (typeof status === "number" && status >= 400 && status < 500) {
    return describe(status, "bad-request", (error as Error).message);
  }
  return describe(500, "internal-error", "the service failed to answer; its log says why");
}

function describe(status: number, type: string, detail: string): ProblemDetails {
  const title = type.replaceAll("-", " ");
  return { type, title: `${title.charAt(0).toUpperCase()}${title.slice(1)}`, status, detail };
}
