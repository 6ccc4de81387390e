import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import type { Problem } from "../../../relayer/src/service/problem.ts";
import { createCertificateRequest } from "../../../relayer/src/pki/certificate-request.ts";
import { certificateHash, peerIdentity } from "../../../relayer/src/pki/peer-identity.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { AuthorityRig, CONTRACT_SIGNATURE, MEMBER, OWNER, STRANGER } from "./authority-rig.ts";

/** A sequence of nothing. */
const REQUEST_OF_NO_KEY = "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n";
const REASON = { keyCompromise: 1, superseded: 4, privilegeWithdrawn: 9 };

describe("CertificateIssuer", () => {
  let rig: AuthorityRig;

  beforeEach(async () => {
    rig = await AuthorityRig.create();
    rig.addNode(7);
  });

  const refusal = async (promise: Promise<unknown>): Promise<string> => {
    const problem = await promise.then(
      () => undefined,
      (error: unknown) => error as Problem,
    );
    return `${problem?.status} ${problem?.type}: ${problem?.message}`;
  };

  it("certifies a node for its operator's wallet", async () => {
    const key = certificateKey();
    const stored = await rig.issuer.issue(await rig.nodeRequest(7, { key }));
    const certificate = new X509Certificate(stored.pem);
    expect(peerIdentity(certificate)).to.include({ kind: "node", nodeIndex: 7 });
    expect(certificate.checkPrivateKey(key.privateKey)).to.equal(true);
    expect(stored).to.include({ state: "signed", replaces: undefined, x509Hash: certificateHash(certificate) });
    expect(BigInt(`0x${certificate.serialNumber}`)).to.equal(stored.serial);
    expect(stored.notAfter - rig.registry.nowMs() / 1_000).to.equal(47 * 86_400);
  });

  it("certifies a relayer for its account, with the host of its endpoint", async () => {
    const request = await createCertificateRequest(certificateKey(), "any");
    const asked = rig.statement("relayer", BigInt(MEMBER.address), { request });
    const signature = await rig.signAs(MEMBER, asked);
    const stored = await rig.issuer.issue({ ...asked, request, signature });
    const certificate = new X509Certificate(stored.pem);
    expect(peerIdentity(certificate)).to.include({ kind: "relayer", address: MEMBER.address });
    expect(certificate.checkHost("relayer.example")).to.equal("relayer.example");
  });

  it("answers the same request once", async () => {
    const request = await rig.nodeRequest(7);
    const [first, again] = await Promise.all([rig.issuer.issue(request), rig.issuer.issue(request)]);
    expect(again.serial).to.equal(first.serial);
    expect((await rig.issuer.issue(request)).serial).to.equal(first.serial);
    expect(rig.store.allUnderWay()).to.have.length(1);
  });

  it("refuses a key that was certified before, whoever asks", async () => {
    rig.addNode(8);
    const key = certificateKey();
    await rig.certify(7, { key });
    expect(await refusal(rig.issuer.issue(await rig.nodeRequest(8, { key })))).to.match(
      /^409 conflict: the key .* before/,
    );
    expect(await refusal(rig.issuer.issue(await rig.nodeRequest(7, { key })))).to.match(
      /^409 conflict: the key .* before/,
    );
  });

  it("refuses an attestation key as a TLS key", async () => {
    const key = rig.attestationKeys.get(7)!;
    expect(await refusal(rig.issuer.issue(await rig.nodeRequest(7, { key })))).to.contain("on its attestation key");
  });

  it("answers a key's request to the subject alone that it was signed for", async () => {
    rig.addNode(8);
    const own = await rig.nodeRequest(7);
    const asked = rig.statement("node", 8n, { request: own.request });
    const thief = { ...asked, request: own.request, signature: await rig.signAs(OWNER, asked) };
    const [first, raced] = await Promise.allSettled([rig.issuer.issue(thief), rig.issuer.issue(own)]);
    expect(first).to.have.nested.property("value.subject", 8n);
    expect(raced).to.have.nested.property("reason.type", "conflict");
    expect(await refusal(rig.issuer.issue(own))).to.equal(
      `409 conflict: request ${asked.requestHash} was answered for another subject: make a new key (key create --purpose tls)`,
    );
  });

  it("takes one request of a subject at a time", async () => {
    await rig.issuer.issue(await rig.nodeRequest(7));
    expect(await refusal(rig.issuer.issue(await rig.nodeRequest(7)))).to.match(/^409 conflict: request .* on its way/);
  });

  it("refuses signatures of others and altered requests", async () => {
    expect(await refusal(rig.issuer.issue(await rig.nodeRequest(7, { by: STRANGER })))).to.match(/^403 not-permitted/);
    rig.addNode(8);
    const request = await rig.nodeRequest(7);
    expect(await refusal(rig.issuer.issue({ ...request, subject: 8n }))).to.match(/^403 not-permitted/);
    expect(await refusal(rig.issuer.issue({ ...request, deadline: request.deadline + 1n }))).to.match(
      /^403 not-permitted/,
    );
    const other = await createCertificateRequest(certificateKey(), "any");
    expect(await refusal(rig.issuer.issue({ ...request, request: other }))).to.match(/^403 not-permitted/);
    expect(await refusal(rig.issuer.issue({ ...request, subject: 9n }))).to.match(/^404 unknown-subject/);
  });

  it("takes requests to its own authority alone", async () => {
    const request = await createCertificateRequest(certificateKey(), "any");
    const asked = { ...rig.statement("node", 7n, { request }), authorityId: 9 };
    const signature = await rig.signAs(OWNER, asked);
    expect(await refusal(rig.issuer.issue({ ...asked, request, signature }))).to.equal(
      `400 bad-request: authorityId: this relayer issues for authority ${rig.authorityId}, not for 9`,
    );
    const redirected = { ...asked, authorityId: rig.authorityId, request, signature };
    expect(await refusal(rig.issuer.issue(redirected))).to.match(/^403 not-permitted/);
  });

  it("asks contracts whether they signed", async () => {
    const request = await createCertificateRequest(certificateKey(), "any");
    const asked = rig.statement("operator", 2n, { request });
    expect(await refusal(rig.issuer.issue({ ...asked, request, signature: "0xdead" }))).to.match(/^403 not-permitted/);
    const { pem } = await rig.issuer.issue({ ...asked, request, signature: CONTRACT_SIGNATURE });
    expect(new X509Certificate(pem).subjectAltName).to.match(
      /URI:spiffe:\/\/test.pqmesh\/operator\/2, URI:did:pqmesh:.*:operator:2$/,
    );
  });

  it("refuses relayers without a seat, and voters", async () => {
    const request = await createCertificateRequest(certificateKey(), "any");
    const relayer = rig.statement("relayer", BigInt(STRANGER.address), { request });
    const signature = await rig.signAs(STRANGER, relayer);
    expect(await refusal(rig.issuer.issue({ ...relayer, request, signature }))).to.contain("has no seat");
    const voter = rig.statement("voter", 2n ** 40n, { request });
    expect(
      await refusal(rig.issuer.issue({ ...voter, request, signature: await rig.signAs(OWNER, voter) })),
    ).to.contain("not over HTTP");
  });

  it("refuses deadlines that are over or far away", async () => {
    const now = rig.registry.head().timestamp;
    expect(await refusal(rig.issuer.issue(await rig.nodeRequest(7, { deadline: now - 1n })))).to.contain("is over");
    expect(await refusal(rig.issuer.issue(await rig.nodeRequest(7, { deadline: now + 86_401n })))).to.contain(
      "more than",
    );
    await rig.issuer.issue(await rig.nodeRequest(7, { deadline: now + 86_400n }));
  });

  it("renews for the attestation key, but makes no first certificate", async () => {
    expect(await refusal(rig.issuer.issue(await rig.nodeRequest(7, { by: "attestation-key" })))).to.contain(
      "first one",
    );
    const first = await rig.certify(7);
    const renewed = await rig.issuer.issue(await rig.nodeRequest(7, { by: "attestation-key" }));
    expect(renewed.replaces).to.equal(first.serial);
  });

  it("does not heal by asking what was revoked or is on hold", async () => {
    const { serial } = await rig.certify(7);
    const ask = async (by: typeof OWNER | "attestation-key") =>
      refusal(rig.issuer.issue(await rig.nodeRequest(7, { by })));
    const revokedAt = rig.registry.head().timestamp;
    rig.registry.changeCertificate(serial, { heldAt: revokedAt });
    expect(await ask(OWNER)).to.contain("is on hold");
    rig.registry.changeCertificate(serial, { revokedAt, reason: REASON.keyCompromise });
    expect(await ask(OWNER)).to.contain("was revoked while on hold");
    rig.registry.changeCertificate(serial, { heldAt: undefined, reason: REASON.privilegeWithdrawn });
    expect(await ask(OWNER)).to.contain("only the authority's staff");
    rig.registry.changeCertificate(serial, { reason: REASON.keyCompromise });
    expect(await ask("attestation-key")).to.contain("a wallet of its operator asks");
    expect((await rig.issuer.issue(await rig.nodeRequest(7))).replaces).to.equal(undefined);
  });

  it("does not heal what its authority revoked or holds when another one has certified the subject since", async () => {
    const other = rig.registry.admit(rig.authority, { account: STRANGER.address });
    const { serial } = await rig.certify(7);
    rig.registry.issue(other, { kind: "node", subject: 7n, serial: 99n });
    const ask = async () => refusal(rig.issuer.issue(await rig.nodeRequest(7)));
    const now = rig.registry.head().timestamp;
    rig.registry.changeCertificate(serial, { heldAt: now });
    expect(await ask()).to.contain(`${serial.toString(16)} of node 7 is on hold`);
    rig.registry.changeCertificate(serial, { heldAt: undefined, revokedAt: now, reason: REASON.privilegeWithdrawn });
    expect(await ask()).to.contain("only the authority's staff");
    rig.registry.changeCertificate(serial, { reason: REASON.keyCompromise });
    const renewed = await rig.issuer.issue(await rig.nodeRequest(7, { by: "attestation-key" }));
    expect(renewed.replaces, "the other authority's certificate").to.equal(undefined);
  });

  it("gives a subject three certificates in a day", async () => {
    for (let i = 0; i < 3; i++) await rig.certify(7);
    const refused = await rig.issuer.issue(await rig.nodeRequest(7)).catch((error: unknown) => error as Problem);
    expect(refused).to.include({ status: 429, type: "too-many-requests" });
    expect((refused as Problem).message).to.equal("node 7 got 3 certificates in a day, and no more than 3 are given");
    rig.addNode(8);
    await rig.certify(8);
    rig.registry.mine((refused as Problem).retryAfterSeconds! - 14 * 12 - 1);
    expect(await refusal(rig.issuer.issue(await rig.nodeRequest(7))), "a second too early").to.match(/^429/);
    rig.registry.mine(1);
    await rig.certify(7);
  });

  it("gives none to whom the authority's staff refuses, nor to an operator's nodes", async () => {
    rig.addNode(8);
    rig.refused.push({ kind: "node", subject: 7n });
    expect(await refusal(rig.issuer.issue(await rig.nodeRequest(7)))).to.equal(
      "403 not-permitted: this authority gives node 7 no certificate",
    );
    await rig.certify(8);
    rig.refused.push({ kind: "operator", subject: 1n }, { kind: "relayer", subject: BigInt(MEMBER.address) });
    expect(await refusal(rig.issuer.issue(await rig.nodeRequest(8)))).to.contain("operator 1, whose node 8 is,");
    const request = await createCertificateRequest(certificateKey(), "any");
    const asked = rig.statement("relayer", BigInt(MEMBER.address), { request });
    const signature = await rig.signAs(MEMBER, asked);
    expect(await refusal(rig.issuer.issue({ ...asked, request, signature }))).to.contain(`relayer ${MEMBER.address}`);
  });

  it("asks the chain about nothing that it does not grant anyway", async () => {
    const key = certificateKey();
    await rig.certify(7, { key });
    const calls = rig.chainCalls;
    const bad = [
      rig.nodeRequest(7, { key, by: STRANGER }),
      rig.nodeRequest(7, { deadline: 1n, by: STRANGER }),
      rig.nodeRequest(7, { by: STRANGER }).then((request) => ({ ...request, request: REQUEST_OF_NO_KEY })),
    ];
    for (const request of bad) await refusal(rig.issuer.issue(await request));
    expect(rig.chainCalls).to.equal(calls);
    await refusal(rig.issuer.issue(await rig.nodeRequest(7, { by: STRANGER })));
    expect(rig.chainCalls).to.be.greaterThan(calls);
  });

  it("issues nothing while its authority is not good", async () => {
    const request = await rig.nodeRequest(7);
    const now = rig.registry.head().timestamp;
    for (const [change, sentence] of [
      [{ heldAt: now }, "is on hold"],
      [{ heldAt: undefined, taintedFrom: now }, "is tainted"],
      [{ taintedFrom: undefined, revokedAt: now }, "is revoked"],
      [{ revokedAt: undefined, account: STRANGER.address }, "issues by account"],
    ] as const) {
      rig.registry.changeAuthority(rig.authorityId, change);
      expect(await refusal(rig.issuer.issue(request))).to.match(new RegExp(`^503 cannot-issue: .*${sentence}`));
    }
    expect(rig.store.allUnderWay()).to.have.length(0);
  });
});
