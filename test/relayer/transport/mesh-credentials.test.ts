import { expect } from "chai";

import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { MeshCredentials, type MeshMaterial } from "../../../relayer/src/transport/mesh-credentials.ts";
import { MeshPair } from "./mesh-pair.ts";
import { rawOptions, tryConnect } from "./raw-client.ts";
import { REGISTRY, type TestMember, TestAuthority, TRUST_DOMAIN } from "./test-authority.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { withWeakKey } from "./weak-certificate.ts";

const DAY_MS = 86_400_000;

describe("MeshCredentials", () => {
  let network: TestAuthority;
  let member: TestMember;

  before(async () => {
    network = await TestAuthority.create();
    member = await network.node(7);
  });

  function refusal(changes: Partial<MeshMaterial>): string {
    try {
      new MeshCredentials({ ...member, ...changes });
      return "no refusal";
    } catch (error) {
      return String(error);
    }
  }

  it("accept a node's material and know whom it names", () => {
    expect(new MeshCredentials(member).identity).to.include({ kind: "node", nodeIndex: 7 });
  });

  it("refuse a key of another certificate and a key of another type", async () => {
    const other = await network.node(8);
    expect(refusal({ key: other.key })).to.include("TLS certificate belongs to another key");
    const weak = await withWeakKey(network.authority.certificate, "ec", network.signer);
    expect(refusal({ key: weak.key })).to.include("TLS key is ec, not ml-dsa-65");
  });

  it("refuse an authority with a weak key", async () => {
    const weak = await withWeakKey(network.authority.certificate, "ec", network.signer);
    expect(refusal({ ca: [network.authority.pem, weak.cert] })).to.include("has a ec key, not ml-dsa-65");
  });

  it("refuse an expired certificate, a foreign one, and another trust domain", async () => {
    const old = await network.node(7, { now: new Date(Date.now() - 60 * DAY_MS) });
    expect(refusal(old)).to.include("expired at");
    expect(refusal({ ca: [(await TestAuthority.create()).authority.pem] })).to.include("no accepted authority issued");
    expect(refusal({ trustDomain: "other.example" })).to.include("is of trust domain test.pqmesh, not other.example");
  });

  it("refuse a revocation list that is foreign, malformed or missing for one authority", async () => {
    const namesake = await TestAuthority.create();
    expect(refusal({ crl: [namesake.crl] })).to.include("is not signed by an accepted authority");
    expect(refusal({ crl: ["nonsense"] })).to.include('holds no PEM block "X509 CRL"');
    const signer = certificateKey();
    const sub = await network.authority.issueAuthority({ commonName: "sub", key: signer, days: 90 });
    expect(refusal({ ca: [network.authority.pem, sub.pem] })).to.include('authority "CN=sub" has no revocation list');
  });

  it("refuse one shard of a revocation list, whatever its number", async () => {
    const credentials = new MeshCredentials(member);
    const point = "http://relayer.example/v1/crl/1/0-of-2";
    const now = new Date();
    const content = { issuer: network.authority.certificate, number: 9n, entries: [], distributionPoint: point };
    const dates = { thisUpdate: now, nextUpdate: new Date(now.getTime() + DAY_MS) };
    const shard = await network.authority.signRevocationList({ ...content, ...dates });
    const sentence = `revocation list number 9 is one shard, ${point}, not the complete list`;
    expect(refusal({ crl: [network.crl, shard.pem] })).to.include(sentence);
    expect(() => credentials.adoptList(shard.der)).to.throw(sentence);
    expect(credentials.contextOptions().crl).to.deep.equal([network.crl]);
  });

  it("are left as they are by a list that is no newer", async () => {
    const credentials = new MeshCredentials(member);
    let changes = 0;
    credentials.onReplace(() => (changes += 1));
    const lists = await Promise.all(
      [2n, 1n].map((number) => network.authority.revocationList({ entries: [], number })),
    );
    for (const { der } of [...lists, ...lists]) credentials.adoptList(der);
    expect(changes).to.equal(1);
    expect(credentials.contextOptions().crl).to.deep.equal([lists[0]?.pem]);
  });

  it("take the newest of several lists of one authority, whatever their order", async () => {
    const crl = [network.crl, await network.crlOf([member.serialNumber], 9n), await network.crlOf([], 3n)];
    const credentials = new MeshCredentials({ ...(await network.relayer()), crl });
    expect(credentials.contextOptions().crl).to.deep.equal([crl[1]]);
  });

  it("stay as they are when a replacement is refused", async () => {
    const credentials = new MeshCredentials(member);
    credentials.replace({ crl: [await network.crlOf([], 5n)] });
    const older = await network.crlOf([], 4n);
    expect(() => credentials.replace({ crl: [older] })).to.throw("revocation list number 4 is older than 5");
    expect(() => credentials.replace({ crl: [] })).to.throw("revocation cannot be switched off while running");
    expect(() => credentials.replace({ cert: network.authority.pem })).to.throw("belongs to another key");
    const { key, cert } = await network.node(8);
    expect(() => credentials.replace({ key, cert })).to.throw("new certificate is of node 8, not of node 7");
    expect(credentials.contextOptions().cert).to.include("BEGIN CERTIFICATE");
    expect(credentials.identity).to.include({ nodeIndex: 7 });
  });
}).timeout(10_000);

describe("a live mesh server", () => {
  let pair: MeshPair;
  let network: TestAuthority;

  beforeEach(async () => {
    pair = await MeshPair.start();
    network = pair.network;
  });

  afterEach(() => pair.server.close());

  it("refuses a peer from the moment a new list revokes it, ends its session, and keeps the others", async () => {
    const detail = Promise.withResolvers<string>();
    await pair.connect({ onEnd: (end) => detail.resolve(end.detail) });
    const other = await network.node(8);
    const otherSession = await pair.connect({}, { credentials: new MeshCredentials(other) });
    const crl = [await network.crlOf([pair.node.serialNumber])];
    pair.credentials.replace({ crl });
    expect(pair.ends.map(({ reason }) => reason)).to.deep.equal(["revoked"]);
    expect(await detail.promise).to.equal("peer ended the session: the peer's certificate is revoked or on hold");
    expect(await tryConnect(rawOptions(pair.port, pair.node))).to.match(/^refused/);
    await waitUntil("counter", () => pair.server.counters.certificateErrors["CERT_REVOKED"] === 1);
    expect(otherSession.isOpen).to.equal(true);
    expect(await tryConnect(rawOptions(pair.port, other))).to.equal("accepted");
  });

  it("keeps the rest of its policy when its list is refreshed", async () => {
    pair.credentials.replace({ crl: [await network.crlOf([])] });
    const options = rawOptions(pair.port, pair.node);
    expect(await tryConnect(options)).to.equal("accepted");
    expect(await tryConnect({ ...options, ecdhCurve: "X25519" })).to.match(/^refused/);
    expect(await tryConnect({ ...options, key: undefined, cert: undefined })).to.match(/^refused/);
    expect(await tryConnect({ ...options, ALPNProtocols: ["http/1.1"] })).to.match(/^refused/);
    const tls12 = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2", ciphers: undefined, sigalgs: undefined } as const;
    expect(await tryConnect({ ...options, ...tls12 })).to.match(/^refused/);
  });

  it("refuses everybody once its list is out of date", async () => {
    const old = await network.crlOf([], 2n, { now: new Date(Date.now() - 3 * DAY_MS), validDays: 2 });
    pair.credentials.replace({ crl: [old] });
    expect(await tryConnect(rawOptions(pair.port, pair.node))).to.match(/^refused/);
    await waitUntil("counter", () => pair.server.counters.certificateErrors["CRL_HAS_EXPIRED"] === 1);
  });

  it("accepts a list in DER", async () => {
    const list = await network.authority.revocationList({ entries: [], number: 7n });
    pair.credentials.replace({ crl: [list.der] });
    expect(await tryConnect(rawOptions(pair.port, pair.node))).to.equal("accepted");
  });

  it("shows its renewed certificate to new peers and keeps old sessions", async () => {
    const session = await pair.connect();
    const renewed = await network.relayer();
    pair.credentials.replace({ key: renewed.key, cert: renewed.cert });
    const next = await pair.connect();
    expect(next.peer.serialNumber).to.equal(renewed.serialNumber);
    expect(session.peer.serialNumber).not.to.equal(renewed.serialNumber);
    expect(session.isOpen).to.equal(true);
  });

  it("ends a session when the peer's certificate expires", async () => {
    const member = await network.node(9, { days: 1 / 86_400 });
    const session = await pair.connect({}, { credentials: new MeshCredentials(member) });
    const { detail } = await session.ended;
    expect(detail).to.equal("peer ended the session: the peer's certificate has expired");
    expect(pair.ends.map(({ reason }) => reason)).to.deep.equal(["expired"]);
  });

  it("accepts leaves of a sub-authority until that is revoked", async () => {
    const signer = certificateKey();
    const issued = await network.authority.issueAuthority({ commonName: "sub", key: signer, days: 90 });
    const sub = new CertificateAuthority({ certificate: issued.pem, signer, trustDomain: TRUST_DOMAIN });
    const lists = [network.crl, (await sub.revocationList({ entries: [], number: 1n })).pem];
    const ca = [network.authority.pem, issued.pem];
    pair.credentials.replace({ ca, crl: lists });
    const key = certificateKey();
    const leaf = await sub.issueNode({ key, did: `did:pqmesh:31337:${REGISTRY}:30` });
    const credentials = new MeshCredentials({ ...network.material(key, leaf.pem), ca, crl: lists });
    const session = await pair.connect({}, { credentials });
    expect(pair.sessions[0]?.peer).to.include({ nodeIndex: 30 });
    pair.credentials.replace({ crl: [await network.crlOf([issued.serialNumber]), lists[1] ?? ""] });
    expect((await session.ended).detail).to.include("certificate is revoked");
    expect(await pair.connect({}, { credentials }).catch((error: Error) => error.name)).to.equal("MeshConnectError");
  });
}).timeout(10_000);

describe("a live mesh server of two authorities", () => {
  let pair: MeshPair | undefined;

  afterEach(() => pair?.server.close());

  it("refuses whom the only list names, and nobody of the authority that has none", async () => {
    const [first, second] = [await TestAuthority.create("first root"), await TestAuthority.create("second root")];
    const ca = [first.authority.pem, second.authority.pem];
    const credentials = new MeshCredentials({ ...(await first.relayer()), ca, crl: [] });
    const { port } = (pair = await MeshPair.start({ credentials }));
    const [revoked, good, other] = [await first.node(7), await first.node(8), await second.node(9)];
    const outcome = (peer: TestMember): Promise<string> => tryConnect(rawOptions(port, { ...peer, ca, crl: [] }));
    const entries = [{ serialNumber: revoked.serialNumber, revokedAt: new Date() }];
    credentials.adoptList((await first.authority.revocationList({ entries, number: 2n })).der);
    expect(await outcome(revoked), "revoked").to.match(/^refused/);
    expect(await outcome(good), "good").to.equal("accepted");
    expect(await outcome(other), "of the authority without a list").to.equal("accepted");
    const old = { now: new Date(Date.now() - 3 * DAY_MS), validDays: 2 };
    credentials.adoptList((await first.authority.revocationList({ entries: [], number: 3n, ...old })).der);
    expect(await outcome(good), "of the authority whose list ended").to.match(/^refused/);
    expect(await outcome(other), "of the other").to.equal("accepted");
  });
}).timeout(10_000);

describe("a client's revocation list", () => {
  it("stops new connections to a revoked relayer", async () => {
    const pair = await MeshPair.start();
    const credentials = new MeshCredentials(pair.node);
    const session = await pair.connect({}, { credentials });
    const serial = session.peer.serialNumber;
    credentials.replace({ crl: [await pair.network.crlOf([serial])] });
    const refused = await pair.connect({}, { credentials }).catch((error: Error) => error.message);
    expect(refused).to.include("certificate revoked");
    session.close();
    await pair.server.close();
  });
}).timeout(10_000);
