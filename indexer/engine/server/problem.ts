import type { FastifyReply } from "fastify";

/** An error that a client over HTTP sees, as RFC 9457 problem details. */
interface Problem {
  /** HTTP status. */
  readonly status: number;
  /** Short code that programs can branch on; the title says the same in words. */
  readonly type: string;
  /** One sentence that says what is wrong, and what would be right. */
  readonly detail: string;
  /** What of the request is wrong. */
  readonly field?: string;
  /** Error of a contract that a transaction would end with. */
  readonly error?: string;
  /** The same for clients that read GraphQL alone. */
  readonly errors?: readonly { readonly message: string }[];
}

/** Answers with problem details (RFC 9457). */
export function sendProblem(reply: FastifyReply, { type, status, ...said }: Problem): FastifyReply {
  const words = type.replaceAll("-", " ");
  const title = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return reply
    .code(status)
    .type("application/problem+json; charset=utf-8")
    .send(JSON.stringify({ type, title, status, ...said }));
}
