import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import type { Hex } from "viem";
import { z } from "zod";

const PATIENCE_MS = 15_000;
const MAX_ANSWER_BYTES = 65_536;
/** Milliseconds of asking after which a service should have brought a renewal to its end. */
const OVERDUE_MS = 1_800_000;

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

const serviceSchema = z.object({ authorityId: z.number().int().min(1).max(0xffff_ffff) });

const describedSchema = serviceSchema.extend({
  chainId: z.number().int(),
  registry: z.string().max(42),
  trustDomain: z.string().max(255),
  /** Why it cannot issue now, null when it can. */
  flaw: z.string().max(1_024).nullable(),
});

/** A request for a certificate, which any authority may be asked. */
export interface OpenRequest {
  kind: CertificateKind;
  subject: bigint;
  /** PKCS #10 request, PEM. */
  request: string;
  /** Unix seconds. */
  deadline: bigint;
  /** Signature under the request to one authority. */
  signFor(authorityId: number): Promise<Hex>;
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
  ask(request: OpenRequest): Promise<RequestAnswer>;
}

/**
 * Client of services that issue for an authority, the first one preferred; the next one is asked when it fails or refuses,
 * and also when it has been asked for half an hour: it may be stuck, or lie.
 *
 * @param now Monotonic milliseconds.
 */
export function authorityClient(urls: readonly string[], now: () => number = () => performance.now()): AuthorityClient {
  const services = urls.map((url) => ({ url, isOverdue: overdueWatch(now) }));
  return {
    async ask(request) {
      const failures: unknown[] = [];
      const late: RequestAnswer[] = [];
      for (const { url, isOverdue } of services) {
        const wasAskedLong = isOverdue();
        try {
          const answer = await askService(url, request);
          if (!wasAskedLong) return answer;
          late.push(answer);
        } catch (error) {
          failures.push(error);
        }
      }
      const answer = late.findLast(({ state }) => state === "final") ?? late.at(-1);
      if (answer) return answer;
      throw mostTelling(failures);
    },
  };
}

/** What a service says of itself. @throws Error when it cannot be reached, or issues for no authority. */
export async function describeService(url: string): Promise<z.infer<typeof describedSchema>> {
  return describedSchema.parse(await send(new URL("/v1/authority", url)));
}

/** Tells at each question whether a service has been asked for long; after a pause as long it has all its time again. */
function overdueWatch(now: () => number): () => boolean {
  let [first, last] = [-Infinity, -Infinity];
  return () => {
    const time = now();
    if (time - last > OVERDUE_MS) first = time;
    last = time;
    return time - first > OVERDUE_MS;
  };
}

/** The service says which authority it issues for; nobody else takes what is signed for that one. */
async function askService(
  url: string,
  { kind, subject, request, deadline, signFor }: OpenRequest,
): Promise<RequestAnswer> {
  const { authorityId } = serviceSchema.parse(await send(new URL("/v1/authority", url)));
  const signature = await signFor(authorityId);
  const body = { authorityId, kind, subject: `${subject}`, request, deadline: `${deadline}`, signature };
  return answerSchema.parse(await send(new URL("/v1/certificate-requests", url), JSON.stringify(body)));
}

/** Signs for each authority once. */
export function signOnce(sign: (authorityId: number) => Promise<Hex>): OpenRequest["signFor"] {
  const signatures = new Map<number, Hex>();
  return async (authorityId) => {
    const signature = signatures.get(authorityId) ?? (await sign(authorityId));
    signatures.set(authorityId, signature);
    return signature;
  };
}

/** A conflict before other refusals: a new key may do better. */
function mostTelling(failures: readonly unknown[]): Error {
  const refusals = failures.filter((failure) => failure instanceof RequestRefusedError);
  const refusal = refusals.find(({ type }) => type === "conflict") ?? refusals[0];
  if (refusal) return refusal;
  const [cause] = failures;
  return new Error(`no authority issues now: ${(cause as Error | undefined)?.message}`, { cause });
}

/** A GET, or a POST when there is a body. `node:http`, since `fetch` costs an agent 16 MB. */
function send(url: URL, body?: string): Promise<unknown> {
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  const headers =
    body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const method = body === undefined ? "GET" : "POST";
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, signal }, (response) => {
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
