import { setTimeout as delay } from "node:timers/promises";
import {
  type AuthorityClient,
  type OpenRequest,
  type RequestAnswer,
  RequestRefusedError,
} from "../src/renewal/authority-client.ts";
import { CliError } from "./output.ts";

/** Milliseconds between two questions what became of a request. */
const ASK_AGAIN_MS = 2_000;
/** Questions in a row without an answer after which a service that took the request is given up. */
const PATIENCE = 150;

/**
 * Asks until the chain has the certificate for good. Once the service took the request, it may be away for five minutes: it
 * keeps what it took, and answers the same request alike when it is back.
 *
 * @throws CliError when the chain refused the certificate; what the client throws when the service refuses or stays away.
 */
export async function untilFinal(
  client: AuthorityClient,
  request: OpenRequest,
  pause: () => Promise<unknown> = () => delay(ASK_AGAIN_MS),
): Promise<RequestAnswer> {
  let answer = await client.ask(request);
  let silent = 0;
  while (answer.state !== "final") {
    if (answer.state === "refused") throw new CliError(answer.reason ?? "the chain refused the certificate");
    await pause();
    try {
      answer = await client.ask(request);
      silent = 0;
    } catch (error) {
      silent += 1;
      if (error instanceof RequestRefusedError || silent > PATIENCE) throw error;
    }
  }
  return answer;
}
