import { statSync } from "node:fs";
import { createConnection } from "node:net";
import { expect } from "chai";
import { pino } from "pino";
import { connectSigner, type RemoteSigner } from "../../../relayer/src/authority/remote-signer.ts";
import { serveSigner } from "../../../relayer/src/authority/signer-server.ts";
import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { temporaryDirectory } from "../keystore/temporary-directory.ts";
import { REGISTRY, TRUST_DOMAIN } from "../transport/test-authority.ts";

const DID = `did:pqmesh:31337:${REGISTRY}:7`;
const log = pino({ level: "silent" });

describe("a signer in a process of its own", () => {
  const key = certificateKey();
  const inDirectory = temporaryDirectory();
  const socketPath = () => inDirectory("signer.sock");
  let root: CertificateAuthority;
  let stop: () => Promise<void>;
  let signer: RemoteSigner;

  before(async () => {
    const identity = { commonName: "root", signer: key, trustDomain: TRUST_DOMAIN, pathLength: 1 };
    root = await CertificateAuthority.createRoot(identity);
  });

  beforeEach(async () => {
    stop = await serveSigner({ signer: key, socketPath: socketPath(), log });
    signer = await connectSigner(socketPath());
  });

  afterEach(async () => {
    signer.close();
    await stop();
  });

  const authority = () => new CertificateAuthority({ certificate: root.pem, signer, trustDomain: TRUST_DOMAIN });
  const issue = () => authority().issueNode({ key: { publicKey: certificateKey().publicKey }, did: DID });

  it("signs certificates and revocation lists", async () => {
    const { certificate } = await issue();
    expect(certificate.verify(root.certificate.publicKey)).to.equal(true);
    const { pem } = await authority().revocationList({ entries: [], number: 1n });
    expect(pem).to.contain("X509 CRL");
  });

  it("keeps many signatures apart", async () => {
    const issued = await Promise.all(Array.from({ length: 8 }, issue));
    for (const { certificate } of issued) expect(certificate.verify(root.certificate.publicKey)).to.equal(true);
    expect(new Set(issued.map(({ serialNumber }) => serialNumber)).size).to.equal(8);
  });

  it("refuses to make authorities and to sign anything else", async () => {
    const sub = { commonName: "sub", key: { publicKey: certificateKey().publicKey }, days: 100 };
    await expectError(
      authority().issueAuthority(sub),
      "the signer refuses: content is the certificate of an authority",
    );
    await expectError(signer.sign(Buffer.from("3003020101", "hex").subarray(0, 3)), "the signer refuses");
    await expectError(signer.sign(new Uint8Array(32)), "the signer refuses");
    await issue();
  });

  it("lets only its own user connect", () => {
    expect(statSync(socketPath()).mode & 0o777).to.equal(0o600);
  });

  it("is found again after a restart", async () => {
    await stop();
    await expectError(issue(), socketPath());
    stop = await serveSigner({ signer: key, socketPath: socketPath(), log });
    expect((await issue()).certificate.verify(root.certificate.publicKey)).to.equal(true);
  });

  it("is not taken for another key", async () => {
    await stop();
    stop = await serveSigner({ signer: certificateKey(), socketPath: socketPath(), log });
    await expectError(issue(), "has another key now");
  });

  it("does not take the socket from another process", async () => {
    await expectError(serveSigner({ signer: key, socketPath: socketPath(), log }), "another process serves a signer");
  });

  it("cuts off who announces an endless message", async () => {
    const socket = createConnection(socketPath());
    socket.write(Buffer.from("ffffffff", "hex"));
    await new Promise((resolve) => socket.resume().once("close", resolve));
    await issue();
  });
});

async function expectError(promise: Promise<unknown> | Uint8Array, part: string): Promise<void> {
  const error = await Promise.resolve(promise).then(
    () => undefined,
    (thrown: unknown) => thrown as Error,
  );
  expect(error?.message, "error").to.contain(part);
}
