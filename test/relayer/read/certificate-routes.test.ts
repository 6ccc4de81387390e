import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { keccak256, toHex } from "viem";

import type { IssuedCertificate } from "../../../relayer/src/pki/certificate-authority.ts";
import { RevocationListBook } from "../../../relayer/src/pki/revocation-list-book.ts";
import { readRevocationList } from "../../../relayer/src/pki/revocation-list.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { TestRecords } from "../pki/test-records.ts";
import { REGISTRY, TestAuthority } from "../transport/test-authority.ts";
import { ReadRig } from "./read-rig.ts";

const URL = "http://relayer.example";
const NOW = 1_795_000_000n;
const OWNER = `0x${"0e".repeat(20)}` as const;
const ROOT_KEY = `0x${"5a".repeat(32)}` as const;
const DID = `did:pqmesh:31337:${REGISTRY}`;

describe("read API, certificates", () => {
  let network: TestAuthority;
  let sub: IssuedCertificate;
  let records: TestRecords;
  let rig: ReadRig;

  before(async () => {
    network = await TestAuthority.create();
    sub = await network.authority.issueAuthority({ commonName: "sub", key: certificateKey() });
  });

  beforeEach(async () => {
    records = new TestRecords(NOW);
    records.addAuthority(network.authority.certificate);
    records.addAuthority(sub.certificate, { parent: 1, depth: 2, heldAt: NOW - 7n });
    const lists = new RevocationListBook({
      records,
      authorities: new Map([[1, network.authority]]),
      certificates: [network.authority.certificate, sub.certificate],
      url: URL,
      shards: 2,
    });
    rig = await ReadRig.open({
      certificates: (chain) => ({
        ...{ chain, records, lists, url: URL, nodeRegistry: REGISTRY },
        readOperator: (identityId) =>
          Promise.resolve(identityId === 3 ? { owner: OWNER, operatorWallet: OWNER, rootKey: ROOT_KEY } : undefined),
      }),
    });
    rig.chain.addNode(7, new Uint8Array(1_952).fill(9));
  });

  afterEach(() => rig.close());

  async function resolve(did: string, status = 200) {
    const response = await rig.getFrom("127.0.0.1", `/1.0/identifiers/${did}`, status);
    expect(response.headers["content-type"]).to.include("application/did-resolution");
    return response.json<{
      didDocument: { id: string; controller?: string; verificationMethod: Record<string, unknown>[] } & Record<
        string,
        string[]
      >;
      didResolutionMetadata: { error?: { type: string; detail: string } };
      didDocumentMetadata: { versionId: string; active?: boolean; certificates: { serial: string; status: string }[] };
    }>();
  }

  it("answers for a serial number, with the authorities above", async () => {
    records.add(0xa1b2n, { authorityId: 2, revokedAt: NOW - 5n, reason: 1 });
    const answer = await rig.get<Record<string, unknown> & { issuers: Record<string, unknown>[] }>(
      "/v1/certificates/a1b2",
    );
    expect(answer).to.deep.include({ serial: "a1b2", kind: "node", subject: "7", status: "revoked", reason: 1 });
    expect(answer.issuers.map(({ authorityId, heldAt }) => [authorityId, heldAt !== null])).to.deep.equal([
      [2, true],
      [1, false],
    ]);
    expect(answer["block"]).to.deep.include({ number: "100" });
    records.add(0xa1b3n, { authorityId: 2 });
    expect(await rig.get("/v1/certificates/0xA1B3")).to.include({ status: "authority-not-good" });
  });

  it("is never good about what it does not know", async () => {
    expect(await rig.get("/v1/certificates/77", 404)).to.include({ type: "unknown-certificate" });
    expect(await rig.get("/v1/certificates/xyz", 400))
      .to.have.property("detail")
      .that.includes("serial");
    expect(await rig.get(`/v1/certificates?hash=${"0".repeat(64)}`)).to.deep.include({ certificates: [] });
  });

  it("finds certificates by DID and by the hash of their DER", async () => {
    const { x509Hash } = records.add(0x11n);
    records.add(0x12n);
    records.add(0x13n, { kind: "operator", subject: 3n });
    const serials = async (query: string) =>
      (await rig.get<{ certificates: { serial: string }[] }>(`/v1/certificates?${query}`)).certificates.map(
        ({ serial }) => serial,
      );
    expect(await serials(`did=${DID}:7`)).to.deep.equal(["12", "11"]);
    expect(await serials(`did=${DID}:operator:3`)).to.deep.equal(["13"]);
    expect(await serials(`hash=${x509Hash}`)).to.deep.equal(["11"]);
    records.add(0x14n, { authorityId: 2, x509Hash, subject: 9n });
    expect(await serials(`hash=${x509Hash}`), "whoever records the same hash").to.deep.equal(["14", "11"]);
    expect(await rig.get("/v1/certificates", 400)).to.have.property("detail", "give either did or hash");
    expect(await rig.get("/v1/certificates?did=did:web:x", 400))
      .to.have.property("detail")
      .that.includes("did:");
  });

  it("answers for a DID of many certificates page by page, and bounds its document", async () => {
    for (let serial = 0x101n; serial <= 0x148n; serial++) records.add(serial);
    const page = (query: string) =>
      rig.get<{ certificates: { serial: string }[]; nextBefore: number | null }>(
        `/v1/certificates?did=${DID}:7${query}`,
      );
    const first = await page("");
    expect([first.certificates.length, first.certificates[0]?.serial, first.nextBefore]).to.deep.equal([
      50,
      "0148",
      22,
    ]);
    const second = await page("&before=22");
    expect([second.certificates.length, second.certificates[0]?.serial, second.nextBefore]).to.deep.equal([
      22,
      "0116",
      null,
    ]);
    expect(await page("&before=2&limit=1")).to.have.property("nextBefore", 1);
    expect((await page("&before=0")).certificates).to.deep.equal([]);
    expect(await rig.get(`/v1/certificates?did=${DID}:7&limit=201`, 400))
      .to.have.property("detail")
      .that.includes("limit");
    const { didDocumentMetadata } = await resolve(`${DID}:7`);
    expect(didDocumentMetadata.certificates.map(({ serial }) => serial).at(-1)).to.equal("0148");
    expect(didDocumentMetadata).to.have.property("olderCertificates", 22);
    expect(didDocumentMetadata.certificates).to.have.length(50);
  });

  it("makes a status list once for each state of the log and minute", async () => {
    records.add(0x40n);
    const looks = { count: 0 };
    const issuedBy = records.issuedBy.bind(records);
    records.issuedBy = (authorityId) => ((looks.count += 1), issuedBy(authorityId));
    const ask = async () => (await rig.getFrom("127.0.0.1", "/v1/status-list/1/revocation", 200)).json<object>();
    const first = await ask();
    records.now = NOW + 59n;
    expect(await ask()).to.deep.equal(first);
    expect(looks.count).to.equal(1);
    records.now = NOW + 60n;
    expect(await ask()).not.to.deep.equal(first);
    records.logRoot = keccak256(toHex("grown"));
    await ask();
    expect(looks.count).to.equal(3);
  });

  it("serves the revocation list in DER, whole and in shards, of authorities that are signed for here", async () => {
    records.add(0x20n, { revokedAt: NOW - 5n });
    records.add(0x21n, { revokedAt: NOW - 5n });
    const whole = await rig.getFrom("127.0.0.1", "/v1/crl/1", 200);
    expect(whole.headers["content-type"]).to.equal("application/pkix-crl");
    const list = readRevocationList(whole.rawPayload);
    expect([...list.revoked]).to.deep.equal(["20", "21", sub.serialNumber]);
    expect(list.isSignedBy(network.authority.certificate)).to.equal(true);
    const shard = readRevocationList((await rig.getFrom("127.0.0.1", "/v1/crl/1/1-of-2", 200)).rawPayload);
    expect([...shard.revoked].filter((serial) => serial !== sub.serialNumber)).to.deep.equal(["21"]);
    expect(shard.distributionPoint).to.equal(`${URL}/v1/crl/1/1-of-2`);
    expect(await rig.get("/v1/crl/2", 404))
      .to.have.property("detail")
      .that.includes("signed elsewhere; here: 1");
    expect(await rig.get("/v1/crl/3", 404)).to.include({ type: "unknown-authority" });
    expect(await rig.get("/v1/crl/1/2-of-2", 400))
      .to.have.property("detail")
      .that.includes("shard 2 must be below 2");
    for (const shard of ["0-of-1", "1-of-3", "0-of-256"]) {
      expect(await rig.get(`/v1/crl/1/${shard}`, 404), shard)
        .to.have.property("detail")
        .that.includes("authority 1 has 2 shards");
    }
  });

  it("makes a new list when the log has grown or a minute has passed, and shares it until then", async () => {
    const number = async () => readRevocationList((await rig.getFrom("127.0.0.1", "/v1/crl/1", 200)).rawPayload).number;
    records.add(0x30n, { revokedAt: NOW + 70n });
    expect(await number()).to.equal(100n);
    records.block = 101n;
    records.now = NOW + 59n;
    expect(await number()).to.equal(100n);
    records.now = NOW + 60n;
    expect(await number()).to.equal(101n);
    records.block = 102n;
    records.logRoot = keccak256(toHex("grown"));
    expect(await number()).to.equal(102n);
  });

  it("serves status lists: revocation is for ever, suspension is not", async () => {
    records.add(0x40n);
    records.add(0x41n, { revokedAt: NOW });
    records.add(0x42n, { heldAt: NOW });
    records.add(0x43n, { authorityId: 2 });
    const bits = async (path: string): Promise<number> => {
      const response = await rig.getFrom("127.0.0.1", `/v1/status-list/${path}`, 200);
      expect(response.headers["content-type"]).to.include("application/vc");
      const { credentialSubject } = response.json<{
        credentialSubject: { encodedList: string; statusPurpose: string };
      }>();
      expect(path).to.include(credentialSubject.statusPurpose);
      const bytes = gunzipSync(Buffer.from(credentialSubject.encodedList.slice(1), "base64url"));
      expect(bytes.length).to.equal(16_384);
      expect(bytes.subarray(1).every((byte) => byte === 0)).to.equal(true);
      return bytes[0]!;
    };
    expect(await bits("1/revocation")).to.equal(0b0100_0000);
    expect(await bits("1/suspension")).to.equal(0b0010_0000);
    expect(await bits("2/revocation")).to.equal(0);
    expect(await bits("2/suspension")).to.equal(0b1000_0000);
    expect(await rig.get("/v1/certificates/42")).to.include({ statusListIndex: 2 });
  });

  it("resolves a node with its keys, past ones with their end, and its certificates", async () => {
    records.add(0x51n, { revokedAt: NOW - 5n, reason: 4, replacedBy: 0x52n });
    records.add(0x52n);
    const node = rig.chain.node(7)!;
    node.keys.push({ fromEpoch: 90n, keyHash: keccak256("0x02"), publicKey: new Uint8Array(1_952).fill(2) });
    node.keys.push({ fromEpoch: 10n ** 9n, keyHash: keccak256("0x03"), publicKey: new Uint8Array(1_952).fill(3) });
    const { didDocument, didDocumentMetadata } = await resolve(`${DID}:7`);
    expect(didDocument.id).to.equal(`${DID}:7`);
    expect(didDocument.controller).to.equal(`${DID}:operator:8`);
    const methods = didDocument.verificationMethod;
    expect(methods.map(({ id }) => id)).to.deep.equal([1, 2, 3].map((i) => `${DID}:7#attestation-${i}`));
    expect(methods.map(({ expires }) => expires !== undefined)).to.deep.equal([true, false, false]);
    expect(didDocument.assertionMethod, "in force").to.deep.equal([`${DID}:7#attestation-2`]);
    expect(methods[1]?.["publicKeyJwk"]).to.deep.equal({
      ...{ kty: "AKP", alg: "ML-DSA-65" },
      pub: Buffer.alloc(1_952, 2).toString("base64url"),
    });
    expect(didDocumentMetadata.active).to.equal(true);
    expect(didDocumentMetadata.certificates.map(({ serial, status }) => [serial, status])).to.deep.equal([
      ["51", "revoked"],
      ["52", "good"],
    ]);
  });

  it("resolves operators, voters and relayers", async () => {
    const { didDocument } = await resolve(`${DID}:operator:3`);
    expect(didDocument.verificationMethod.map(({ id }) => id)).to.deep.equal([
      `${DID}:operator:3#root`,
      `${DID}:operator:3#owner`,
    ]);
    const contexts = ["https://www.w3.org/ns/did/v1.1", "https://w3id.org/security/suites/secp256k1recovery-2020/v2"];
    expect(didDocument["@context"], "defines wallets").to.deep.equal(contexts);
    records.add(0x61n, { kind: "voter", subject: 2n ** 40n });
    const voter = await resolve(`${DID}:voter:${2n ** 40n}`);
    expect(voter.didDocument.verificationMethod).to.deep.equal([]);
    expect(voter.didDocument["@context"]).to.deep.equal(contexts.slice(0, 1));
    records.add(0x62n, { kind: "relayer", subject: BigInt(OWNER) });
    const relayer = await resolve(`${DID}:relayer:${OWNER}`);
    expect(relayer.didDocument.verificationMethod[0]).to.include({ blockchainAccountId: `eip155:31337:${OWNER}` });
    expect(relayer.didDocument["@context"]).to.deep.equal(contexts);
  });

  it("says why a DID is not resolved", async () => {
    const failed: [string, number, string][] = [
      [`${DID}:07`, 400, "INVALID_DID"],
      ["did:web:example.com", 400, "INVALID_DID"],
      [`${DID}:8`, 404, "NOT_FOUND"],
      [`${DID}:operator:4`, 404, "NOT_FOUND"],
      [`did:pqmesh:1:${REGISTRY}:7`, 404, "NOT_FOUND"],
    ];
    for (const [did, status, type] of failed) {
      const { didResolutionMetadata, didDocument } = await resolve(did, status);
      expect(didResolutionMetadata.error?.type, did).to.equal(`https://www.w3.org/ns/did#${type}`);
      expect(didDocument, did).to.equal(null);
    }
  });

  it("answers as its description says", async () => {
    const { paths } = await rig.get<{
      paths: Record<string, { get: { responses: Record<string, { content: object }> } }>;
    }>("/openapi.json");
    expect(Object.keys(paths["/v1/crl/{authorityId}"]!.get.responses["200"]!.content)).to.deep.equal([
      "application/pkix-crl",
    ]);
    expect(await rig.get("/v1/authorities"))
      .to.have.property("authorities")
      .with.lengthOf(2);
  });
}).timeout(60_000);
