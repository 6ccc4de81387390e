import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { expect } from "chai";
import type { FastifyInstance } from "fastify";
import { Faucet } from "../../../scripts/start/faucet.ts";
import type { GenesisWallet } from "../../../scripts/start/genesis-wallet.ts";
import { startSite } from "../../../scripts/start/site.ts";

const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const NETWORK = { chainId: 31337, contracts: { MeshToken: ADDRESS } } as unknown as NetworkConfig;

interface Answer {
  status: number;
  type: string | null;
  headers: Headers;
  body: { type: string; title: string; status: number; detail: string };
}

describe("the site of npm start", () => {
  let folder: string;
  let site: FastifyInstance;
  let sendAll: () => Promise<string[]>;

  const start = async (dist: string | undefined, network = NETWORK): Promise<void> => {
    const faucet = new Faucet({ sendAll: () => sendAll() } as unknown as GenesisWallet, NETWORK.contracts);
    const logFile = join(folder, "site.log");
    site = await startSite({ host: "127.0.0.1", port: 0, network, faucet, dist, logFile });
  };
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const { port } = site.server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    const { status, headers } = response;
    const text = await response.text();
    const isJson = headers.get("content-type")?.includes("json") ?? false;
    const body = (isJson ? JSON.parse(text) : { detail: text }) as Answer["body"];
    return { status, headers, type: headers.get("content-type"), body };
  };
  const post = (body: string, type = "application/json"): Promise<Answer> =>
    ask("/faucet", { method: "POST", headers: { "content-type": type }, body });
  const expectProblem = ({ status, type, body }: Answer, wanted: [number, string, RegExp]): void => {
    expect([status, body.status, body.type], body.detail).to.deep.equal([wanted[0], wanted[0], wanted[1]]);
    expect(type, "media type").to.match(/^application\/problem\+json/);
    expect(body.detail, "detail").to.match(wanted[2]).and.not.include("\n");
    expect(body.title, "title").to.equal(sentenceCase(wanted[1]));
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pqmesh-start-site-"));
    sendAll = () => Promise.resolve(["0x01"]);
  });

  afterEach(async () => {
    await site.close();
    rmSync(folder, { recursive: true });
  });

  it("names the field of a faucet request that is wrong", async () => {
    await start(undefined);
    const wrong: [string, RegExp][] = [
      ["{}", /^address is missing or no text.*; POST .* to \/faucet/],
      ['{"address": 7}', /^address is missing or no text/],
      ['{"address": "0x12"}', /^address must be an Ethereum address: 0x and 40 hex digits/],
      [`{"address": "${ADDRESS.replace("C8", "c8")}"}`, /^address must be .* checksum/],
      [`{"address": "${ADDRESS}", "amount": 9}`, /^unknown field amount/],
      ["[]", /^the body is no JSON object/],
      ["{", /POST .* to \/faucet/],
    ];
    for (const [body, detail] of wrong) expectProblem(await post(body), [400, "bad-request", detail]);
  });

  it("names the limits of the faucet", async () => {
    await start(undefined);
    expectProblem(await post(`{"address": "${"0".repeat(5_000)}"}`), [413, "content-too-large", /at most 4096 bytes/]);
    expectProblem(await post("address", "application/x-www-form-urlencoded"), [415, "unsupported-media-type", /json/]);
    const request = JSON.stringify({ address: ADDRESS });
    const served = await post(request);
    expect(served.body).to.deep.equal({ transactions: ["0x01"] });
    const again = await post(request);
    expectProblem(again, [429, "too-many-requests", /once in 60 s, and 32 wait at most: ask again in \d+ s\.$/]);
    expect(Number(again.headers.get("retry-after"))).to.be.within(1, 60);
  });

  it("says how the faucet is asked to whom comes otherwise", async () => {
    await start(undefined);
    for (const method of ["GET", "PUT", "DELETE"]) {
      const answer = await ask("/faucet", { method });
      expectProblem(answer, [405, "method-not-allowed", new RegExp(`^${method} is not possible here: POST `)]);
      expect(answer.headers.get("allow")).to.equal("POST");
    }
    const withBody = await ask("/faucet", {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    expectProblem(withBody, [405, "method-not-allowed", /^PUT is not possible here/]);
  });

  it("keeps the inside of a failure to its log", async () => {
    await start(undefined);
    sendAll = () => Promise.reject(new Error("connect ECONNREFUSED 127.0.0.1:8545"));
    const answer = await post(JSON.stringify({ address: ADDRESS }));
    expectProblem(answer, [500, "internal-error", /^the grant was not sent: does the chain node run\?/]);
    expect(answer.body.detail).to.not.include("ECONNREFUSED");
  });

  it("speaks of no grant where another answer fails", async () => {
    const fail = (): never => {
      throw new Error("a file is gone");
    };
    await start(undefined, { ...NETWORK, toJSON: fail } as unknown as NetworkConfig);
    const answer = await ask("/network.json");
    expectProblem(answer, [500, "internal-error", /^the answer could not be made\. The log of the site says why$/]);
  });

  it("says what there is where it has nothing", async () => {
    await start(undefined);
    expectProblem(await ask("/"), [404, "not-found", /^GET \/ does not exist; there are .* and no dApp/]);
    expectProblem(await ask("/fauset", { method: "POST" }), [404, "not-found", /POST \/faucet/]);
    expectProblem(await ask("/network.json", { method: "POST" }), [404, "not-found", /GET \/network\.json/]);
  });

  it("serves a page under every path, and problems to programs", async () => {
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>PQMesh</title>");
    await start(folder);
    const page = await ask("/nodes/3", { headers: { accept: "text/html" } });
    expect([page.status, page.type]).to.deep.equal([200, "text/html; charset=utf-8"]);
    expectProblem(await ask("/nodes/3"), [
      404,
      "not-found",
      /^GET \/nodes\/3 does not exist; there are .* the dApp at \/$/,
    ]);
  });
});

function sentenceCase(type: string): string {
  const words = type.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
