import { verifyReportLeaf, attestationLeaf } from "@pqmesh/contracts/protocol/merkle";
import { expect } from "chai";
import { bytesToHex, hexToBytes, type Hex } from "viem";
import {
  attestationShape,
  leavesShape,
  nodeAttestationsShape,
  nodeShape,
  nodesShape,
  reportShape,
  reportsShape,
  statusShape,
} from "../../../relayer/src/read/shapes.ts";
import { AttestingNode } from "../../helpers/attesting-node.ts";
import { groupOf } from "../store/stored-attestations.ts";
import { EPOCH, ReadRig, RELAYER } from "./read-rig.ts";

const HEARTBEAT = { agentMicros: 1n, cpuLoadBp: 100, memoryUsedBp: 200, storageUsedBp: 300 };

describe("read API", () => {
  let rig: ReadRig;

  beforeEach(async () => {
    rig = await ReadRig.open();
  });

  afterEach(() => rig.close());

  it("describes itself and the chain's time", async () => {
    await rig.attest([1, 2]);
    rig.heartbeats.record(1, 1_000, { counter: 1, ...HEARTBEAT });
    const status = statusShape.parse(await rig.get("/v1/status"));
    expect(status).to.deep.include({ version: "1.2.3", relayer: RELAYER, chainId: 31_337 });
    expect(status.epoch).to.deep.equal({ current: "100", genesis: "1000000", lengthSeconds: 10 });
    expect(status.nodes).to.deep.equal({ registered: 2, live: 1, silent: 0 });
    expect(status.authorityId, "issues for nobody").to.equal(null);
  });

  it("says which authority it issues for", async () => {
    await rig.close();
    rig = await ReadRig.open({ authorityId: 3 });
    expect(statusShape.parse(await rig.get("/v1/status")).authorityId).to.equal(3);
  });

  it("shows nodes as live, silent or unknown", async () => {
    await rig.attest([1, 2, 3]);
    rig.heartbeats.record(1, 1_000, { counter: 1, ...HEARTBEAT });
    rig.monotonicMs += 3_001;
    rig.heartbeats.record(2, 1_000, { counter: 1, ...HEARTBEAT });
    const { nodes } = nodesShape.parse(await rig.get("/v1/nodes"));
    expect(nodes.map(({ nodeIndex, state }) => [nodeIndex, state])).to.deep.equal([
      [1, "silent"],
      [2, "live"],
      [3, "unknown"],
    ]);
    expect(nodes[1]).to.deep.include({ cpuLoadBp: 100, memoryUsedBp: 200, storageUsedBp: 300 });
    expect(nodes[2]!.lastSeenMs, "never seen").to.equal(null);
  });

  it("pages through nodes", async () => {
    await rig.attest([1, 2, 3]);
    const first = nodesShape.parse(await rig.get("/v1/nodes?limit=2"));
    expect(first.nodes.map(({ nodeIndex }) => nodeIndex)).to.deep.equal([1, 2]);
    const second = nodesShape.parse(await rig.get(`/v1/nodes?limit=2&from=${first.next}`));
    expect(second.nodes.map(({ nodeIndex }) => nodeIndex)).to.deep.equal([3]);
    expect(second.next).to.equal(null);
  });

  it("shows one node with its head", async () => {
    const [made] = await rig.attest([7]);
    const node = nodeShape.parse(await rig.get("/v1/nodes/7"));
    expect(node.head).to.deep.equal({ sequence: "1", epoch: "100", digest: made!.digest });
    expect(node.intervals).to.deep.equal([{ from: "0", until: null }]);
    expect(await rig.get("/v1/nodes/8", 404)).to.deep.include({ type: "unknown-node", status: 404 });
  });

  it("pages through a node's attestations", async () => {
    const node = AttestingNode.registeredIn(rig.chain, 7);
    for (const epoch of [97, 98, 100]) await rig.store.append([groupOf("leaf", [node.attest(epoch)])]);
    const first = nodeAttestationsShape.parse(await rig.get("/v1/nodes/7/attestations?limit=2"));
    expect(first.attestations.map(({ epoch }) => epoch)).to.deep.equal(["100", "98"]);
    const rest = nodeAttestationsShape.parse(await rig.get(`/v1/nodes/7/attestations?before=${first.nextBefore}`));
    expect(rest.attestations.map(({ epoch }) => epoch)).to.deep.equal(["97"]);
    expect(rest.nextBefore).to.equal(null);
  });

  it("serves an attestation before it is reported", async () => {
    const [made] = await rig.attest([7]);
    const answer = attestationShape.parse(await rig.get(`/v1/attestations/${EPOCH}/7`));
    expect(answer).to.deep.include({ digest: made!.digest, proof: null, report: null, root: null, signers: null });
    expect(answer.attestation).to.deep.include({ nodeIndex: 7, epoch: "100", sequence: "1", stake: `${10n ** 23n}` });
    expect(answer.signature).to.have.length(2 + 2 * 3_309);
  });

  it("proves a reported attestation against the root", async () => {
    const made = await rig.attest([513, 514, 700]);
    AttestingNode.registeredIn(rig.chain, 701);
    const report = rig.accept(made);
    const answer = attestationShape.parse(await rig.get(`/v1/attestations/${EPOCH}/514`));
    expect(answer).to.deep.include({ root: report.root, signers: "11", leafIndex: 2 });
    expect(answer.report).to.deep.include({ shard: 1, absent: "0x00bd", root: report.root });
    const leaf = attestationLeaf(514, answer.digest as Hex, hexToBytes(answer.signature as Hex));
    expect(verifyReportLeaf(report.root, 514, leaf, answer.proof as Hex[])).to.equal(true);
  });

  it("leaves out leaves that the report does not count", async () => {
    const made = await rig.attest([1, 2, 3]);
    const report = rig.accept(made.slice(0, 2));
    const answer = attestationShape.parse(await rig.get(`/v1/attestations/${EPOCH}/1`));
    const leaf = attestationLeaf(1, answer.digest as Hex, hexToBytes(answer.signature as Hex));
    expect(verifyReportLeaf(report.root, 1, leaf, answer.proof as Hex[])).to.equal(true);
  });

  it("serves all leaves of a report, and not too often", async () => {
    const made = await rig.attest([1, 2, 3]);
    rig.accept(made.slice(0, 2));
    const url = `/v1/reports/${EPOCH}/0/leaves`;
    const { leaves } = leavesShape.parse(await rig.get(url));
    const expected = made.slice(0, 2).map(({ wire }, i) => ({ nodeIndex: i + 1, wire: bytesToHex(wire) }));
    expect(leaves).to.deep.equal(expected);
    for (let i = 0; i < 3; i++) await rig.get(url);
    expect(await rig.get(url, 429)).to.deep.include({ type: "too-many-proofs" });
    await rig.get(`/v1/reports/${EPOCH + 1}/0/leaves`, 404);
  });

  it("gives no proof when its leaves do not make the root", async () => {
    const made = await rig.attest([1, 2]);
    rig.accept(made, { root: `0x${"12".repeat(32)}` });
    const answer = attestationShape.parse(await rig.get(`/v1/attestations/${EPOCH}/1`));
    expect(answer.proof).to.equal(null);
    expect(answer.root).to.equal(`0x${"12".repeat(32)}`);
  });

  it("bounds the work that proofs cost", async () => {
    const made = await rig.attest([1, 2]);
    rig.accept(made, { root: `0x${"12".repeat(32)}` });
    for (let i = 0; i < 4; i++) await rig.get(`/v1/attestations/${EPOCH}/1`);
    expect(await rig.get(`/v1/attestations/${EPOCH}/1`, 429)).to.deep.include({ type: "too-many-proofs" });
    await rig.getFrom("192.0.2.7", `/v1/attestations/${EPOCH}/1`, 200);
    rig.monotonicMs += 1_000;
    await rig.get(`/v1/attestations/${EPOCH}/1`);
  });

  it("bounds the work that proofs cost to all together", async () => {
    const made = await rig.attest([1, 2]);
    rig.accept(made, { root: `0x${"12".repeat(32)}` });
    for (let i = 0; i < 8; i++) await rig.getFrom(`192.0.2.${i}`, `/v1/attestations/${EPOCH}/1`, 200);
    const refused = await rig.getFrom("192.0.2.9", `/v1/attestations/${EPOCH}/1`, 503);
    expect(refused.json()).to.deep.include({ type: "overloaded" });
  });

  it("bounds the requests of one address", async () => {
    await rig.close();
    rig = await ReadRig.open({ rate: { perSecond: 1, burst: 3 } });
    for (let i = 0; i < 3; i++) await rig.getFrom("2001:db8::1", "/v1/status", 200);
    const refused = await rig.getFrom("2001:db8::2", "/v1/status", 429);
    expect(refused.json(), "another address of the same network").to.deep.include({ type: "too-many-requests" });
    expect(refused.headers).to.include({ "retry-after": "1" });
    await rig.getFrom("2001:db8:0:1::1", "/v1/status", 200);
    await rig.getFrom("2001:db8::1", "/health", 200);
  });

  it("lists reports, newest first", async () => {
    const older = await rig.attest([1], EPOCH - 3);
    rig.accept(older);
    rig.accept(await rig.attest([1], EPOCH));
    const { reports } = reportsShape.parse(await rig.get("/v1/reports"));
    expect(reports.map(({ report }) => report.epoch)).to.deep.equal(["100", "97"]);
    expect(reports[0]!.accepted).to.deep.include({ signers: "11", blockNumber: "99", submitter: RELAYER });
    expect(reportsShape.parse(await rig.get("/v1/reports?limit=1")).reports).to.have.length(1);
  });

  it("serves a report with both kinds of signatures", async () => {
    const report = rig.accept(await rig.attest([1]));
    const signature = {
      seat: 2,
      address: RELAYER,
      ecdsa: `0x${"e1".repeat(65)}`,
      mldsa: `0x${"d1".repeat(3_309)}`,
    } as const;
    rig.signedReports.push({ report, leaves: [], signatures: [signature] });
    const answer = reportShape.parse(await rig.get(`/v1/reports/${EPOCH}/0`));
    expect(answer.signatures).to.deep.equal([signature]);
    expect(answer.accepted).to.deep.include({ blockNumber: "99" });
    rig.signedReports[0] = { report: { ...report, round: 1 }, leaves: [], signatures: [signature] };
    const other = reportShape.parse(await rig.get(`/v1/reports/${EPOCH}/0`));
    expect(other.signatures, "signatures of a report that lost").to.deep.equal([]);
  });

  it("proves the statement that was reported, not its rival", async () => {
    const node = AttestingNode.registeredIn(rig.chain, 7);
    const [held, reported] = [0n, 1n].map((work) => node.sign({ ...node.statement(EPOCH), work }));
    await rig.store.append([groupOf("leaf", [held!])]);
    await rig.store.insertFetched([reported!], 1);
    await rig.store.insertFetched([held!], 2);
    const report = rig.accept([reported!]);
    rig.signedReports.push({ report, leaves: [{ nodeIndex: 7, digest: reported!.digest }], signatures: [] });
    const answer = attestationShape.parse(await rig.get(`/v1/attestations/${EPOCH}/7`));
    expect(answer.digest).to.equal(reported!.digest);
    const leaf = attestationLeaf(7, answer.digest as Hex, hexToBytes(answer.signature as Hex));
    expect(verifyReportLeaf(report.root, 7, leaf, answer.proof as Hex[])).to.equal(true);
  });

  it("answers bad parameters with problem details", async () => {
    const cases: [string, number, string][] = [
      ["/v1/nodes/x", 400, "bad-request"],
      ["/v1/nodes/-1", 400, "bad-request"],
      ["/v1/nodes/4294967296", 400, "bad-request"],
      ["/v1/nodes/1.5", 400, "bad-request"],
      ["/v1/nodes?limit=0", 400, "bad-request"],
      ["/v1/nodes?limit=10001", 400, "bad-request"],
      ["/v1/nodes?unknown=1", 400, "bad-request"],
      ["/v1/reports?limit=201", 400, "bad-request"],
      ["/v1/attestations/99999999999999999999/1", 400, "bad-request"],
      ["/v1/attestations/1/1", 404, "not-found"],
      ["/v1/reports/1/1", 404, "not-found"],
      ["/v1/nothing", 404, "not-found"],
      ["/", 404, "not-found"],
    ];
    for (const [url, status, type] of cases) {
      const response = await rig.app.inject(url);
      expect(response.statusCode, url).to.equal(status);
      expect(response.headers["content-type"], url).to.match(/^application\/problem\+json/);
      expect(response.json(), url).to.deep.include({ type, status });
      expect(response.json<{ detail: string }>().detail, url).to.have.length.greaterThan(5);
    }
  });

  it("says where the API is described to whom asks for what it has not", async () => {
    for (const url of ["/", "/v1/nothing"]) {
      expect((await rig.app.inject(url)).json<{ detail: string }>().detail).to.equal(
        `GET ${url} does not exist; GET /openapi.json describes what there is, GET /v1/status is where to begin`,
      );
    }
  });

  it("is open to every origin", async () => {
    for (const url of ["/v1/status", "/v1/nothing", "/health"]) {
      const { headers } = await rig.app.inject(url);
      expect(headers["access-control-allow-origin"], url).to.equal("*");
    }
    const preflight = await rig.app.inject({ method: "OPTIONS", url: "/v1/status" });
    expect(preflight.statusCode).to.equal(204);
    expect(preflight.headers["access-control-allow-methods"]).to.equal("GET");
  });

  it("tells its health", async () => {
    expect(await rig.get("/health")).to.deep.equal({ status: "ok", version: "1.2.3" });
    rig.health.degrade("attestation store", "takes no attestations: disk is full");
    expect(await rig.get("/health", 503)).to.deep.equal({
      status: "degraded",
      version: "1.2.3",
      reasons: ["attestation store: takes no attestations: disk is full"],
    });
    rig.health.restore("attestation store");
    rig.health.notice("revocationLists", "leaves out");
    expect(await rig.get("/health")).to.deep.include({ status: "ok", notices: ["revocationLists: leaves out"] });
    rig.health.notice("revocationLists", undefined);
    expect(await rig.get("/health")).to.deep.equal({ status: "ok", version: "1.2.3" });
    expect((await rig.app.inject("/metrics")).statusCode).to.equal(200);
  });

  it("describes every route it serves", async () => {
    const description = await rig.get<{ openapi: string; paths: Record<string, { get: OpenApiOperation }> }>(
      "/openapi.json",
    );
    expect(description.openapi).to.equal("3.1.0");
    expect(Object.keys(description.paths).sort()).to.deep.equal([
      "/v1/attestations/{epoch}/{nodeIndex}",
      "/v1/events",
      "/v1/nodes",
      "/v1/nodes/{nodeIndex}",
      "/v1/nodes/{nodeIndex}/attestations",
      "/v1/reports",
      "/v1/reports/{epoch}/{shard}",
      "/v1/reports/{epoch}/{shard}/leaves",
      "/v1/status",
    ]);
    for (const [path, { get }] of Object.entries(description.paths)) {
      expect(rig.app.hasRoute({ method: "GET", url: path.replace(/\{(\w+)\}/g, ":$1") }), path).to.equal(true);
      const inPath = get.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => `{${name}}`);
      expect(inPath, path).to.deep.equal(path.match(/\{\w+\}/g) ?? []);
    }
  });
});

interface OpenApiOperation {
  parameters: { name: string; in: string }[];
}
