import { expect } from "chai";
import { untilFinal } from "../../../relayer/cli/until-final.ts";
import { type RequestAnswer, RequestRefusedError } from "../../../relayer/src/renewal/authority-client.ts";

const REQUEST = {
  ...({ kind: "node", subject: 7n, request: "request", deadline: 1n } as const),
  signFor: () => Promise.resolve("0x01" as const),
};
const answer = (state: RequestAnswer["state"]): RequestAnswer => ({ state, reason: null, serial: 5n, certificate: "" });

describe("untilFinal", () => {
  /** Asks a service that gives these answers one after the other, the last one again and again. */
  const asked = (...answers: (RequestAnswer | Error)[]) => {
    let count = 0;
    const ask = (): Promise<RequestAnswer> => {
      const next = answers[Math.min(count++, answers.length - 1)]!;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    };
    return untilFinal({ ask }, REQUEST, () => Promise.resolve()).then(
      ({ state }) => state,
      (error: unknown) => (error as Error).message,
    );
  };
  const away = new Error("no authority answers");

  it("waits for a service that went away after it took the request", async () => {
    expect(await asked(answer("signed"), away, away, answer("recorded"), answer("final"))).to.equal("final");
  });

  it("gives up a service that never took it, or that stays away", async () => {
    expect(await asked(away, answer("final"))).to.equal("no authority answers");
    expect(await asked(answer("signed"), away)).to.equal("no authority answers");
  });

  it("ends with a refusal, of the service or of the chain", async () => {
    expect(await asked(answer("signed"), new RequestRefusedError("conflict", "taken"))).to.equal("taken");
    expect(await asked(answer("signed"), answer("refused"))).to.equal("the chain refused the certificate");
  });
});
