import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { authorityClient } from "../../../relayer/src/renewal/authority-client.ts";

const BODY = { kind: "node", subject: 7n, request: "request", deadline: 1n, signature: "0x" } as const;
const ANSWER = { state: "signed", reason: null, serial: "5", certificate: "certificate" };

describe("authorityClient", () => {
  const servers: Server[] = [];

  /** A service that gives one answer. */
  const service = async (status: number, answer: object): Promise<string> => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  const refusing = (type: string) => service(409, { type, detail: `says ${type}` });
  const ask = (...urls: string[]) => authorityClient(urls).ask(BODY);
  const refusal = (...urls: string[]) =>
    ask(...urls).then(
      () => undefined,
      (error: unknown) => error as Error,
    );

  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it("asks the next one when one refuses or fails", async () => {
    const good = await service(200, ANSWER);
    expect(await ask(await refusing("not-permitted"), good)).to.include({ serial: 5n });
    expect(await ask(await service(503, { type: "cannot-issue", detail: "tainted" }), good)).to.include({ serial: 5n });
  });

  it("tells a conflict before other refusals, and these before failures", async () => {
    const [failing, conflict] = [
      await service(503, { type: "cannot-issue", detail: "tainted" }),
      await refusing("conflict"),
    ];
    const forbidding = await refusing("not-permitted");
    expect(await refusal(failing, forbidding, conflict)).to.include({ name: "RequestRefusedError", type: "conflict" });
    expect(await refusal(failing, forbidding)).to.include({ type: "not-permitted", message: "says not-permitted" });
    expect(await refusal(failing)).to.include({ name: "Error", message: "no authority answers: tainted" });
  });
});
