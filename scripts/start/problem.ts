import type { FastifyReply } from "fastify";

/** An error that a caller over HTTP sees, as RFC 9457 problem details without the title. */
interface Problem {
  /** HTTP status. */
  status: number;
  /** Short code that programs can branch on; the title says the same in words. */
  type: string;
  /** One sentence that names the field and the limit. */
  detail: string;
}

/** Answers with problem details (RFC 9457). */
export function sendProblem(reply: FastifyReply, { status, type, detail }: Problem): FastifyReply {
  const title = type.replaceAll("-", " ");
  const body = { type, title: `${title.charAt(0).toUpperCase()}${title.slice(1)}`, status, detail };
  return reply.code(status).type("application/problem+json").send(body);
}
