import { expect } from "chai";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { Registry } from "prom-client";
import type { Address } from "viem";
import { zeroHash } from "viem";
import { addCommitteeRoutes, type CommitteeApiOptions } from "../../../relayer/src/committee/api.ts";
import { createCommitteeMetrics } from "../../../relayer/src/committee/committee-metrics.ts";
import { ProposalRefused } from "../../../relayer/src/committee/proposal-refused.ts";
import { createHttpService } from "../../../relayer/src/service/http-service.ts";
import { perfectHeartbeats } from "../../helpers/test-committee.ts";

const MEMBER: Address = "0x1CBd3b2770909D4e10f157cABC84C7264073C9Ec";
const STRANGER: Address = "0x71bE63f3384f5fb98995898A86B02Fb2426c5788";
const SIGNATURES = { ecdsaSignature: `0x${"11".repeat(65)}`, mldsaSignature: `0x${"22".repeat(3_309)}` } as const;

const REPORT = {
  ...{ epoch: "7", shard: 0, round: 1, committeeVersion: 1, beaconBlock: "90" },
  ...{ beacon: zeroHash, root: zeroHash, absent: "0x", degraded: "0x", quality: "0x" },
};
const PROPOSAL = { report: REPORT, leaves: [{ nodeIndex: 0, digest: zeroHash }], round: 1, signatures: SIGNATURES };

describe("addCommitteeRoutes", () => {
  let app: FastifyInstance;
  let asking: Address;
  let refusal: Error | undefined;
  let registry: Registry;

  beforeEach(() => {
    asking = MEMBER;
    refusal = undefined;
    registry = new Registry();
    const log = pino({ level: "silent" });
    app = createHttpService({ log, bodyLimit: 262_144 });
    const members = [{ seat: 0, address: MEMBER, endpoint: "", mldsaKey: new Uint8Array() }];
    const options = {
      chain: {
        committeeAt: (epoch: bigint) => (epoch >= 5n ? { version: 1, fromEpoch: 5n, members } : undefined),
        acceptedReport: () => undefined,
      },
      vault: { held: () => [{ nodeIndex: 0, digest: zeroHash }], wires: () => [Buffer.from("leaf"), Buffer.from("s")] },
      heartbeats: (epoch: bigint) => (epoch === 7n ? perfectHeartbeats([0]) : undefined),
      signer: { sign: () => (refusal ? Promise.reject(refusal) : Promise.resolve(SIGNATURES)) },
      store: { signedReport: () => undefined },
      relayerOf: () => asking,
      metrics: createCommitteeMetrics(registry),
      log,
    };
    addCommitteeRoutes(app, options as unknown as CommitteeApiOptions);
  });
  afterEach(() => app.close());

  const get = async (url: string) => {
    const answer = await app.inject({ method: "GET", url });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
  const post = async (url: string, payload: object) => {
    const answer = await app.inject({ method: "POST", url, payload });
    return { status: answer.statusCode, type: answer.headers["content-type"], answer };
  };
  const propose = async (payload: object) => (await post("/committee/propose", payload)).answer;

  it("lists leaves and heartbeats of an epoch", async () => {
    const leaves = await get("/committee/leaves?epoch=7&shard=0");
    expect(leaves).to.deep.equal({ status: 200, body: { leaves: [{ nodeIndex: 0, digest: zeroHash }] } });
    const { body } = await get("/committee/heartbeats?epoch=7&shard=0");
    expect(body).to.deep.equal({ nodes: perfectHeartbeats([0]) });
    expect((await get("/committee/heartbeats?epoch=8&shard=0")).body, "an epoch without").to.deep.equal({ nodes: [] });
  });

  it("gives wire forms back to back", async () => {
    const { answer, type } = await post("/committee/leaves/fetch", { epoch: "7", shard: 0, nodeIndices: [0, 1] });
    expect(answer.body).to.equal("leafs");
    expect(type).to.equal("application/octet-stream");
  });

  it("gives both signatures on a proposal", async () => {
    expect((await propose(PROPOSAL)).json()).to.deep.equal(SIGNATURES);
  });

  it("says why a proposal is refused, and counts it", async () => {
    refusal = new ProposalRefused("already-signed", "signed another one");
    const answer = await propose(PROPOSAL);
    expect(answer.statusCode, "status").to.equal(409);
    expect(answer.json()).to.deep.include({ type: "already-signed", detail: "signed another one" });
    refusal = new ProposalRefused("wrong-root", "another root");
    expect((await propose(PROPOSAL)).statusCode, "status of a wrong report").to.equal(422);
    expect(await registry.metrics()).to.contain('proposals_refused_total{reason="wrong-root"} 1');
  });

  it("shows nothing of a failure inside", async () => {
    refusal = new Error("the disk /secret/path is full");
    const answer = await propose(PROPOSAL);
    expect(answer.statusCode).to.equal(500);
    expect(answer.body).not.to.contain("secret");
  });

  it("answers members of the epoch's committee only", async () => {
    expect((await get("/committee/leaves?epoch=4&shard=0")).status, "an epoch without a committee").to.equal(403);
    asking = STRANGER;
    const calls = [
      get("/committee/leaves?epoch=7&shard=0"),
      get("/committee/heartbeats?epoch=7&shard=0"),
      get("/committee/report?epoch=7&shard=0"),
      post("/committee/leaves/fetch", { epoch: "7", shard: 0, nodeIndices: [0] }),
      post("/committee/propose", PROPOSAL),
    ];
    expect((await Promise.all(calls)).map(({ status }) => status)).to.deep.equal([403, 403, 403, 403, 403]);
  });

  it("says that it does not hold a report", async () => {
    expect((await get("/committee/report?epoch=7&shard=0")).status).to.equal(404);
  });

  it("refuses requests of the wrong form", async () => {
    const queries = ["", "epoch=7", "epoch=-1&shard=0", "epoch=7&shard=x", "epoch=99999999999999999999&shard=0"];
    for (const query of queries) {
      expect((await get(`/committee/leaves?${query}`)).status, query || "no query").to.equal(400);
    }
    const reports = [
      { ...REPORT, root: "0x12" },
      { ...REPORT, epoch: 7 },
      { ...REPORT, quality: `0x${"00".repeat(513)}` },
      { ...REPORT, extra: 1 },
    ];
    for (const report of reports) {
      expect((await propose({ ...PROPOSAL, report })).statusCode, JSON.stringify(report).slice(0, 80)).to.equal(400);
    }
    const tooMany = Array.from({ length: 513 }, (_, nodeIndex) => ({ nodeIndex, digest: zeroHash }));
    expect((await propose({ ...PROPOSAL, leaves: tooMany })).statusCode, "too many leaves").to.equal(400);
    expect((await propose({ ...PROPOSAL, round: 2 })).statusCode, "another round").to.equal(400);
    expect((await propose({ filler: "x".repeat(300_000) })).statusCode, "over-long body").to.equal(413);
  });
});
