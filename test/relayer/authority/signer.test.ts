import { statSync } from "node:fs";
import { createConnection } from "node:net";
import { expect } from "chai";
import { pino } from "pino";
import { connectSigner, type RemoteSigner } from "../../../relayer/src/authority/remote-signer.ts";
import { serveSigner } from "../../../relayer/src/authority/signer-server.ts";
import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { DER, der, derChildren, derInteger, derOid, readDer } from "../../../relayer/src/pki/der.ts";
import { splitSignedDer } from "../../../relayer/src/pki/signed-der.ts";
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
    const entry = { serialNumber: "05", revokedAt: new Date(), reason: "keyCompromise" } as const;
    for (const entries of [[], [entry]]) {
      const { pem } = await authority().revocationList({ entries, number: 1n });
      expect(pem).to.contain("X509 CRL");
    }
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

  describe("of content that looks like a leaf's", () => {
    const subjectKey = der(DER.sequence, derOid("2.5.29.14"), der(DER.octetString, der(DER.octetString)));
    const extension = (oid: string, value: Uint8Array) =>
      der(DER.sequence, derOid(oid), der(DER.boolean, Buffer.of(0xff)), der(DER.octetString, value));
    const endEntity = extension("2.5.29.19", der(DER.sequence));
    const usage = (bits: number, unused: number) => extension("2.5.29.15", der(DER.bitString, Buffer.of(unused, bits)));
    const signsData = usage(0x80, 7);

    /** Content of a leaf certificate with other members. */
    const leaf = async (changes: { version?: Buffer; extensions?: Buffer[] }) => {
      const { certificate } = await issue();
      const { toBeSigned } = splitSignedDer(certificate.raw);
      const [, ...members] = derChildren(readDer(toBeSigned)).map(({ raw }) => raw);
      if (changes.extensions) members.splice(-1, 1, der(0xa3, der(DER.sequence, ...changes.extensions)));
      const version = changes.version ?? der(0xa0, derInteger(2n));
      return der(DER.sequence, version, ...members);
    };
    const outcome = (content: Uint8Array) =>
      Promise.resolve(signer.sign(content)).then(
        () => "signed",
        (error: Error) => error.message,
      );

    it("signs a leaf", async () => {
      expect(await outcome(await leaf({ extensions: [endEntity, signsData, subjectKey] }))).to.equal("signed");
    });

    it("signs no certificate of version 1, which a reader may take for an authority's", async () => {
      const content = await leaf({ version: Buffer.alloc(0) });
      const members = derChildren(readDer(content)).map(({ raw }) => raw);
      const withSerial = (serial: bigint) => der(DER.sequence, derInteger(serial), ...members.slice(1, -1));
      for (const serial of [1n, 2n ** 100n]) {
        expect(await outcome(withSerial(serial))).to.contain("neither a certificate nor a revocation list");
      }
      expect(await outcome(await leaf({ version: der(0xa0, derInteger(0n)) }))).to.contain("neither a certificate");
    });

    it("signs no certificate that does not say that it is no authority's", async () => {
      for (const extensions of [[], [subjectKey], [signsData], [endEntity], [endEntity, usage(0x04, 2)]]) {
        expect(await outcome(await leaf({ extensions }))).to.contain("certificate of an authority");
      }
    });

    it("signs no extension twice, and none that leaves do not have", async () => {
      for (const extensions of [
        [endEntity, endEntity, signsData],
        [endEntity, signsData, extension("2.16.840.1.113730.1.1", der(DER.bitString, Buffer.of(0, 0x07)))],
      ]) {
        expect(await outcome(await leaf({ extensions }))).to.contain("the signer refuses");
      }
    });

    it("signs nothing that other bytes follow", async () => {
      expect(await outcome(Buffer.concat([await leaf({}), Buffer.of(0)]))).to.contain("neither a certificate");
    });
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
