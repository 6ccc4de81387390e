import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { authorityClient, signOnce } from "../../../relayer/src/renewal/authority-client.ts";

const signFor = (authorityId: number) => Promise.resolve(`0x0${authorityId}` as const);
const REQUEST = { kind: "node", subject: 7n, request: "request", deadline: 1n, signFor } as const;
const ANSWER = { state: "signed", reason: null, serial: "5", certificate: "certificate" };

describe("authorityClient", () => {
  const servers: Server[] = [];

  /** Bodies of the requests that services got. */
  let asked: unknown[];

  /** A service of an authority that gives one answer to every request. */
  const service = async (status: number, answer: object, authorityId = 1): Promise<string> => {
    const server = createServer((request, response) => {
      const reply = (code: number, body: object) =>
        response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
      if (request.method === "GET" && request.url === "/v1/authority") return reply(200, { authorityId });
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        asked.push(JSON.parse(body));
        reply(status, answer);
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  const refusing = (type: string) => service(409, { type, detail: `says ${type}` });
  const ask = (...urls: string[]) => authorityClient(urls).ask(REQUEST);
  const refusal = (...urls: string[]) =>
    ask(...urls).then(
      () => undefined,
      (error: unknown) => error as Error,
    );

  beforeEach(() => {
    asked = [];
  });

  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it("asks the next one when one refuses or fails", async () => {
    const good = await service(200, ANSWER);
    expect(await ask(await refusing("not-permitted"), good)).to.include({ serial: 5n });
    expect(await ask(await service(503, { type: "cannot-issue", detail: "tainted" }), good)).to.include({ serial: 5n });
  });

  it("asks the next one, too, when one has had half an hour and brings nothing to an end", async () => {
    let now = 0;
    const stuck = await service(200, ANSWER);
    const final = { ...ANSWER, state: "final", serial: "6" };
    const client = authorityClient([stuck, await service(200, final, 2)], () => now);
    const serialAt = async (minutes: number) => {
      now = minutes * 60_000;
      return (await client.ask({ ...REQUEST, request: `request ${minutes}` })).serial;
    };
    expect([await serialAt(0), await serialAt(15), await serialAt(29)]).to.deep.equal([5n, 5n, 5n]);
    expect([await serialAt(31), await serialAt(60), await serialAt(89)]).to.deep.equal([6n, 6n, 6n]);
    expect(await serialAt(200), "the next renewal").to.equal(5n);
  });

  it("keeps to the only one that answers, however long it takes", async () => {
    let now = 0;
    const client = authorityClient([await service(200, ANSWER), await refusing("not-permitted")], () => now);
    await client.ask(REQUEST);
    for (const minutes of [20, 40, 60]) {
      now = minutes * 60_000;
      expect(await client.ask(REQUEST)).to.include({ serial: 5n });
    }
  });

  it("asks each service for its own authority", async () => {
    const failing = await service(503, { type: "cannot-issue", detail: "tainted" }, 3);
    await ask(failing, await service(200, ANSWER, 5));
    const body = { kind: "node", subject: "7", request: "request", deadline: "1" };
    expect(asked).to.deep.equal([
      { ...body, authorityId: 3, signature: "0x03" },
      { ...body, authorityId: 5, signature: "0x05" },
    ]);
  });

  it("signs for an authority once, and again when that failed", async () => {
    const signed: number[] = [];
    const sign = signOnce((authorityId) => {
      signed.push(authorityId);
      return signed.length === 1 ? Promise.reject(new Error("locked")) : signFor(authorityId);
    });
    expect(await sign(1).catch((error: Error) => error.message)).to.equal("locked");
    expect([await sign(1), await sign(1), await sign(2)]).to.deep.equal(["0x01", "0x01", "0x02"]);
    expect(signed).to.deep.equal([1, 1, 2]);
  });

  it("tells a conflict before other refusals, and these before failures", async () => {
    const [failing, conflict] = [
      await service(503, { type: "cannot-issue", detail: "tainted" }),
      await refusing("conflict"),
    ];
    const forbidding = await refusing("not-permitted");
    expect(await refusal(failing, forbidding, conflict)).to.include({ name: "RequestRefusedError", type: "conflict" });
    expect(await refusal(failing, forbidding)).to.include({ type: "not-permitted", message: "says not-permitted" });
    expect(await refusal(failing)).to.include({ name: "Error", message: "no authority issues now: tainted" });
  });
});
