import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { expect } from "chai";
import { applyForCertificate, findAuthority, readApplication } from "../../../dapp/src/lib/authority-client.ts";

const HASH = `0x${"5a".repeat(32)}` as const;
const APPLICATION = {
  authorityId: 3,
  kind: "node",
  subject: 2n ** 32n - 1n,
  request: "-----BEGIN …",
  deadline: 1_900_000_000n,
  signature: "0x01",
} as const;

/** A server that answers every request alike and keeps what it was asked. */
class Answering {
  readonly asked: { url: string; body: string }[] = [];
  #server!: Server;

  static async with(status: number, answer: object): Promise<Answering> {
    const made = new Answering();
    made.#server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        made.asked.push({ url: `${request.method} ${request.url}`, body });
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => made.#server.listen(0, "127.0.0.1", resolve));
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe("the client of an authority", () => {
  const servers: Answering[] = [];
  const serve = async (status: number, answer: object): Promise<Answering> => {
    const server = await Answering.with(status, answer);
    servers.push(server);
    return server;
  };

  afterEach(() => servers.splice(0).forEach((server) => server.stop()));

  it("hands in large numbers as text", async () => {
    const server = await serve(200, { state: "signed", requestHash: HASH });
    expect((await applyForCertificate(server.url, APPLICATION)).state).to.equal("signed");
    expect(server.asked[0]!.url).to.equal("POST /v1/certificate-requests");
    const { authorityId, kind, request, signature } = APPLICATION;
    const numbers = { subject: "4294967295", deadline: "1900000000" };
    expect(JSON.parse(server.asked[0]!.body)).to.deep.equal({ authorityId, kind, request, signature, ...numbers });
  });

  it("asks what became of a request", async () => {
    const server = await serve(200, { state: "final" });
    expect((await readApplication(server.url, HASH)).state).to.equal("final");
    expect(server.asked[0]!.url).to.equal(`GET /v1/certificate-requests/${HASH}`);
  });

  it("says what the authority says, or that it does not answer", async () => {
    const server = await serve(409, { detail: "this key was certified before" });
    const problem = await applyForCertificate(server.url, APPLICATION).catch((error: Error) => error.message);
    expect(problem).to.equal(`The authority at ${server.url} says: this key was certified before`);
    const away = await readApplication("http://127.0.0.1:1", HASH).catch((error: Error) => error.message);
    expect(away).to.equal("The authority at http://127.0.0.1:1 does not answer.");
  });

  it("prefers an authority that can issue now", async () => {
    const none = await serve(404, {});
    const flawed = await serve(200, { authorityId: 1, flaw: "its time is over" });
    const sound = await serve(200, { authorityId: 2, flaw: null });
    const urls = [none.url, "http://127.0.0.1:1", flawed.url];
    expect(await findAuthority(urls)).to.deep.equal({ url: flawed.url, authorityId: 1, flaw: "its time is over" });
    expect((await findAuthority([...urls, sound.url]))?.authorityId).to.equal(2);
    expect(await findAuthority([none.url])).to.equal(undefined);
  });

  it("asks no relayer that issues for none", async () => {
    const relayer = await serve(200, { authorityId: null });
    expect(await findAuthority([relayer.url])).to.equal(undefined);
    expect(relayer.asked.map(({ url }) => url)).to.deep.equal(["GET /v1/status"]);
  });
});
