import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import type { Hex } from "viem";
import { z } from "zod";

const PATIENCE_MS = 15_000;
const MAX_ANSWER_BYTES = 65_536;

const answerSchema = z.object({
  state: z.enum(["signed", "recorded", "final", "refused"]),
  reason: z.string().nullable(),
  serial: z
    .string()
    .regex(/^[0-9]{1,49}$/)
    .transform(BigInt),
  certificate: z.string().max(32_768),
});

/** What became of a request for a certificate. */
export type RequestAnswer = z.infer<typeof answerSchema>;

/** A request as it is sent. */
export interface RequestBody {
  kind: CertificateKind;
  subject: bigint;
  /** PKCS #10 request, PEM. */
  request: string;
  /** Unix seconds. */
  deadline: bigint;
  signature: Hex;
}

/** Thrown when an authority refused a request: the same request will not do better. */
export class RequestRefusedError extends Error {
  override readonly name = "RequestRefusedError";
  /** Code of the problem, as `conflict` or `not-permitted`. */
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** Asks authorities for certificates. */
export interface AuthorityClient {
  /**
   * Sends a request, or asks what became of it: the same request again gets the same answer.
   *
   * @throws RequestRefusedError when an authority refuses it and no other one takes it; Error when none can be reached or
   * issues now.
   */
  ask(body: RequestBody): Promise<RequestAnswer>;
}

/** Client of services that issue for an authority, the first one preferred; the next one is asked when it fails or refuses. */
export function authorityClient(urls: readonly string[]): AuthorityClient {
  return {
    async ask({ kind, subject, request, deadline, signature }) {
      const text = JSON.stringify({ kind, subject: `${subject}`, request, deadline: `${deadline}`, signature });
      const failures: unknown[] = [];
      for (const url of urls) {
        try {
          return answerSchema.parse(await post(new URL("/v1/certificate-requests", url), text));
        } catch (error) {
          failures.push(error);
        }
      }
      throw mostTelling(failures);
    },
  };
}

/** A conflict before other refusals: a new key may do better. */
function mostTelling(failures: readonly unknown[]): Error {
  const refusals = failures.filter((failure) => failure instanceof RequestRefusedError);
  const refusal = refusals.find(({ type }) => type === "conflict") ?? refusals[0];
  if (refusal) return refusal;
  const [cause] = failures;
  return new Error(`no authority answers: ${(cause as Error | undefined)?.message}`, { cause });
}

/** `node:http`, since `fetch` costs an agent 16 MB. */
function post(url: URL, body: string): Promise<unknown> {
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", headers, signal }, (response) => {
      readAnswer(response).then(resolve, reject);
    });
    sent.once("error", (cause) => reject(new Error(`${url.host}: ${cause.message}`, { cause })));
    sent.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  const status = response.statusCode ?? 0;
  const answer: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  if (status === 200) return answer;
  const { type = "unknown", detail = `HTTP status ${status}` } = answer as { type?: string; detail?: string };
  if (status >= 400 && status < 500 && status !== 429 && status !== 404) throw new RequestRefusedError(type, detail);
  throw new Error(detail);
}
