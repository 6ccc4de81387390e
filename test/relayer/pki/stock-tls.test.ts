import { expect } from "chai";

import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { chainRevocationList, type ListRequest } from "../../../relayer/src/pki/chain-revocation-list.ts";
import { certificateHash } from "../../../relayer/src/pki/peer-identity.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { REGISTRY, TestAuthority, type TestMember, TRUST_DOMAIN } from "../transport/test-authority.ts";
import { stockAnswer, stockServer } from "./stock-server.ts";
import { TestRecords } from "./test-records.ts";

const SHARDS = 4;
const URL = "http://relayer.example";

describe("a stock TLS server that has only the exported list", () => {
  let network: TestAuthority;
  let records: TestRecords;
  let relayer: TestMember;
  let node: TestMember;
  let other: TestMember;

  before(async () => {
    network = await TestAuthority.create();
    [relayer, node, other] = [await network.relayer(), await network.node(7), await network.node(8)];
  });

  beforeEach(() => {
    records = new TestRecords(BigInt(Math.floor(Date.now() / 1_000)));
    records.addAuthority(network.authority.certificate);
    for (const { serialNumber } of [relayer, node, other]) records.add(BigInt(`0x${serialNumber}`));
  });

  async function listOf(changes: Partial<ListRequest> = {}, authority = network.authority): Promise<string> {
    const request = { authorityId: 1, authorities: [network.authority.certificate], ...changes };
    return (await authority.signRevocationList(chainRevocationList(records, request))).pem;
  }

  async function answers(crl: string[], members = [node, other], server = relayer): Promise<string[]> {
    const stock = await stockServer(server, crl);
    const told: string[] = [];
    for (const member of members) told.push(await stockAnswer(stock, member));
    stock.close();
    return told;
  }

  it("accepts everybody until somebody is revoked, then refuses that peer only", async () => {
    expect(await answers([await listOf()])).to.deep.equal(["accepted", "accepted"]);
    Object.assign(records.certificate(BigInt(`0x${node.serialNumber}`))!, { revokedAt: records.now, reason: 1 });
    expect(await answers([await listOf()])).to.deep.equal(["CERT_REVOKED", "accepted"]);
    const strict = await stockServer(relayer, [await listOf()], true);
    expect([await stockAnswer(strict, node), await stockAnswer(strict, other)]).to.satisfy(
      ([first, second]: string[]) => first?.startsWith("refused") && second === "accepted",
    );
    strict.close();
  });

  it("refuses a peer on hold until it is released", async () => {
    const record = records.certificate(BigInt(`0x${node.serialNumber}`))!;
    record.heldAt = records.now - 60n;
    expect(await answers([await listOf()])).to.deep.equal(["CERT_REVOKED", "accepted"]);
    record.heldAt = undefined;
    expect(await answers([await listOf()])).to.deep.equal(["accepted", "accepted"]);
  });

  it("refuses what was issued after a taint", async () => {
    records.certificate(BigInt(`0x${other.serialNumber}`))!.issuedAt = records.now - 1_000n;
    records.authority(1)!.taintedFrom = records.now - 10n;
    records.certificate(BigInt(`0x${node.serialNumber}`))!.issuedAt = records.now - 10n;
    expect(await answers([await listOf()])).to.deep.equal(["CERT_REVOKED", "accepted"]);
  });

  it("refuses everybody below a revoked root", async () => {
    Object.assign(records.authority(1)!, { revokedAt: records.now, reason: 2 });
    expect(await answers([await listOf()])).to.deep.equal(["CERT_REVOKED", "CERT_REVOKED"]);
  });

  it("refuses everybody below a revoked sub-authority, and nobody else", async () => {
    const signer = certificateKey();
    const issued = await network.authority.issueAuthority({ commonName: "sub", key: signer, days: 90 });
    const sub = new CertificateAuthority({ certificate: issued.pem, signer, trustDomain: TRUST_DOMAIN });
    const record = records.addAuthority(issued.certificate, { parent: 1, depth: 2 });
    const key = certificateKey();
    const leaf = await sub.issueNode({ key, did: `did:pqmesh:31337:${REGISTRY}:30` });
    expect(certificateHash(issued.certificate)).to.equal(record.x509Hash);
    const authorities = [network.authority.certificate, issued.certificate];
    const ca = [network.authority.pem, issued.pem];
    const below = { ...network.material(key, leaf.pem), ca, serialNumber: leaf.serialNumber };
    const lists = async () => [await listOf({ authorities }), await listOf({ authorityId: 2, authorities }, sub)];
    expect(await answers(await lists(), [below, other], { ...relayer, ca })).to.deep.equal(["accepted", "accepted"]);
    Object.assign(record, { revokedAt: records.now, reason: 2 });
    const told = await answers(await lists(), [below, other], { ...relayer, ca });
    expect(told).to.deep.equal(["CERT_REVOKED", "accepted"]);
  });

  it("looks at the shard that a certificate names", async () => {
    const points = { url: URL, authorityId: 1, shards: SHARDS };
    const options = { certificate: network.authority.pem, signer: network.signer, trustDomain: TRUST_DOMAIN };
    const authority = new CertificateAuthority({ ...options, points });
    const members = await Promise.all(
      Array.from({ length: 2 * SHARDS }, async (_, i) => {
        const key = certificateKey();
        const issued = await authority.issueNode({ key, did: `did:pqmesh:31337:${REGISTRY}:${i}` });
        return { ...network.material(key, issued.pem), serialNumber: issued.serialNumber };
      }),
    );
    const rootOnly = await listOf();
    members.forEach(({ serialNumber }, i) => {
      const revoked = i % 2 === 0 ? { revokedAt: records.now, reason: 4 } : {};
      records.add(BigInt(`0x${serialNumber}`), revoked);
    });
    const shards = await Promise.all(
      Array.from({ length: SHARDS }, (_, index) =>
        listOf({ shard: { index, count: SHARDS, uri: `${URL}/v1/crl/1/${index}-of-${SHARDS}` } }),
      ),
    );
    const expected = members.map((_, i) => (i % 2 === 0 ? "CERT_REVOKED" : "accepted"));
    const root = await listOf();
    expect(await answers([...shards, rootOnly], members), "shards, and the root's own list").to.deep.equal(expected);
    expect(await answers([root], members), "complete list").to.deep.equal(expected);
  });
}).timeout(20_000);
