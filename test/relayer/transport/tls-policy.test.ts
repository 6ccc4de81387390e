import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { type ConnectionOptions, createServer, type Server, type TlsOptions } from "node:tls";
import { expect } from "chai";

import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { connectMesh, type MeshConnectError } from "../../../relayer/src/transport/connect-mesh.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { createMeshServer, type MeshServer } from "../../../relayer/src/transport/mesh-server.ts";
import { MESH_ALPN, TLS_POLICY } from "../../../relayer/src/transport/tls-policy.ts";
import { rawOptions, tryConnect } from "./raw-client.ts";
import { keyPem, RELAYER, type TestMember, TestAuthority } from "./test-authority.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { issuedByWeakKey, type WeakKeyType, withWeakKey } from "./weak-certificate.ts";

const CLASSIC = { minVersion: "TLSv1.2", ecdhCurve: "auto", sigalgs: undefined, ciphers: undefined } as const;
const PING = Buffer.from("00000001f0", "hex");
const WEAK_KEYS: WeakKeyType[] = ["ec", "rsa", "ed25519"];

describe("a mesh server", () => {
  let network: TestAuthority;
  let node: TestMember;
  let server: MeshServer;
  let port: number;

  before(async () => {
    network = await TestAuthority.create();
    node = await network.node(7);
    const credentials = new MeshCredentials(await network.relayer());
    server = createMeshServer({ credentials, frames: {}, onSession: () => ({ onFrame: () => undefined }) });
    port = await server.listen(0);
  });

  after(() => server.close());

  /** Tries a client that differs from a good one and expects that the server took nobody in. */
  async function expectRefused(changes: ConnectionOptions, reason = /^refused/): Promise<void> {
    const before = server.counters.accepted;
    expect(await tryConnect({ ...rawOptions(port, node), ...changes })).to.match(reason);
    expect(server.counters.accepted).to.equal(before);
  }

  it("accepts a node of the network", async () => {
    expect(await tryConnect(rawOptions(port, node))).to.equal("accepted");
  });

  it("accepts a client that offers weaker things besides, and takes none of them", async () => {
    const options = { ...rawOptions(port, node), ...CLASSIC, ecdhCurve: "X25519:P-256:X25519MLKEM768" };
    expect(await tryConnect(options)).to.equal("accepted");
  });

  it("refuses TLS 1.2", async () => {
    await expectRefused({ ...CLASSIC, maxVersion: "TLSv1.2" }, /ALERT_PROTOCOL_VERSION/);
  });

  for (const group of ["X25519", "P-256", "X448", "SecP256r1MLKEM768", "MLKEM768"]) {
    it(`refuses a client that offers only ${group}`, async () => {
      await expectRefused({ ecdhCurve: group }, /ALERT_HANDSHAKE_FAILURE/);
    });
  }

  it("refuses a client that offers only AES-128", async () => {
    await expectRefused({ ciphers: "TLS_AES_128_GCM_SHA256" }, /ALERT_HANDSHAKE_FAILURE/);
  });

  it("refuses a client that does not list ML-DSA-65", async () => {
    await expectRefused({ sigalgs: "ecdsa_secp256r1_sha256:mldsa44:mldsa87" }, /refused/);
  });

  it("refuses a client without certificate", async () => {
    await expectRefused({ key: undefined, cert: undefined }, /CERTIFICATE_REQUIRED/);
  });

  for (const type of WEAK_KEYS) {
    it(`refuses a certificate on a key of type ${type} by the right authority`, async () => {
      const weak = await withWeakKey(new X509Certificate(node.cert), type, network.signer);
      await expectRefused({ ...weak, ...CLASSIC });
    });
  }

  it("refuses a certificate whose chain has a P-256 link, which TLS alone would accept", async () => {
    const signer = network.signer;
    const template = await network.authority.issueAuthority({ commonName: "weak", key: signer, days: 90 });
    const weak = await withWeakKey(template.certificate, "ec", signer);
    const leaf = issuedByWeakKey(new X509Certificate(node.cert), new X509Certificate(weak.cert), weak.key);
    expect(await acceptedByPlainTls(network, leaf + weak.cert, node)).to.equal(true);
    await expectRefused({ cert: leaf + weak.cert });
  });

  it("refuses a self-signed certificate and one of another authority of the same name", async () => {
    const namesake = await TestAuthority.create();
    await expectRefused(credentialOf(await namesake.node(7)));
    await expectRefused({ key: keyPem(namesake.signer.privateKey), cert: namesake.authority.pem });
  });

  for (const [code, offsetDays] of [
    ["CERT_HAS_EXPIRED", -60],
    ["CERT_NOT_YET_VALID", 2],
  ] as const) {
    it(`refuses a certificate with ${code}`, async () => {
      const member = await network.node(7, { now: new Date(Date.now() + offsetDays * 86_400_000) });
      await expectRefused(credentialOf(member));
      await waitUntil(`counter of ${code}`, () => server.counters.certificateErrors[code] === 1);
    });
  }

  it("refuses a member of another trust domain under the same authority", async () => {
    const { signer } = network;
    const certificate = network.authority.pem;
    const authority = new CertificateAuthority({ certificate, signer, trustDomain: "other.example" });
    const key = certificateKey();
    const issued = await authority.issueRelayer({ key, address: RELAYER });
    const before = server.counters.refused.untrusted ?? 0;
    await expectRefused({ cert: issued.pem, key: keyPem(key.privateKey) });
    await waitUntil("counter of untrusted", () => server.counters.refused.untrusted === before + 1);
  });

  it("refuses a client that speaks another protocol or names none", async () => {
    await expectRefused({ ALPNProtocols: ["http/1.1"] }, /NO_APPLICATION_PROTOCOL/);
    await expectRefused({ ALPNProtocols: undefined });
    await waitUntil("counter of wrong-protocol", () => server.counters.refused["wrong-protocol"] === 1);
  });
}).timeout(10_000);

/** Tells whether an ordinary Node server with the network's authority and algorithms would let a certificate in. */
async function acceptedByPlainTls(network: TestAuthority, cert: string, member: TestMember): Promise<boolean> {
  const relayer = await network.relayer();
  const options = { ...new MeshCredentials(relayer).contextOptions(), crl: undefined };
  const server = createServer({ ...options, requestCert: true, ALPNProtocols: [MESH_ALPN] }, (socket) =>
    socket.end("hi"),
  );
  const port = await listen(server);
  const outcome = await tryConnect({ ...rawOptions(port, member), cert });
  server.close();
  return outcome === "accepted";
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

describe("connectMesh", () => {
  let network: TestAuthority;
  let relayer: TestMember;
  let credentials: MeshCredentials;
  const servers: Server[] = [];

  before(async () => {
    network = await TestAuthority.create();
    relayer = await network.relayer();
    credentials = new MeshCredentials(await network.node(7));
  });

  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** Connects to a server that differs from a good one; returns how that failed. */
  async function outcome(
    member: TestMember,
    changes: TlsOptions = {},
    target: object = {},
    first = PING,
  ): Promise<string> {
    const options = new MeshCredentials(member).contextOptions();
    return outcomeOf({ ...options, ALPNProtocols: [MESH_ALPN], requestCert: true, ...changes }, target, first);
  }

  async function outcomeOf(options: TlsOptions, target: object = {}, first = PING): Promise<string> {
    const server = createServer(options, (socket) => {
      socket.on("error", () => socket.destroy());
      socket.write(first);
    });
    server.on("tlsClientError", (_error, socket) => socket.destroy());
    servers.push(server);
    const port = await listen(server);
    const handlers = { onFrame: () => undefined };
    const attempt = connectMesh({ host: "127.0.0.1", port, credentials, frames: {}, handlers, ...target });
    return attempt.then(
      (session) => {
        session.close();
        return "connected";
      },
      (error: MeshConnectError) => `${error.reason}: ${error.message}`,
    );
  }

  it("connects to a relayer of the network", async () => {
    expect(await outcome(relayer, {}, { relayer: RELAYER })).to.equal("connected");
  });

  it("refuses TLS 1.2 and other groups", async () => {
    expect(await outcome(relayer, { ...CLASSIC, maxVersion: "TLSv1.2" })).to.match(
      /^handshake-failed: .*PROTOCOL|VERSION/i,
    );
    expect(await outcome(relayer, { ecdhCurve: "X25519" })).to.match(/^handshake-failed: /);
  });

  for (const type of WEAK_KEYS) {
    it(`refuses a server with a key of type ${type}`, async () => {
      const weak = await withWeakKey(new X509Certificate(relayer.cert), type, network.signer);
      const options = { ...TLS_POLICY, ...CLASSIC, ...weak, minVersion: "TLSv1.3" } as const;
      expect(await outcomeOf({ ...options, ALPNProtocols: [MESH_ALPN] })).to.match(/^handshake-failed: /);
    });
  }

  it("refuses an expired server", async () => {
    const now = new Date(Date.now() - 60 * 86_400_000);
    const old = await network.relayer(RELAYER, { now });
    expect(await outcomeOf({ ...TLS_POLICY, ...credentialOf(old), ALPNProtocols: [MESH_ALPN] })).to.match(
      /^handshake-failed: .*certificate has expired/,
    );
  });

  it("refuses a server of another authority", async () => {
    const other = await (await TestAuthority.create("other root")).relayer();
    expect(await outcomeOf({ ...TLS_POLICY, ...credentialOf(other), ALPNProtocols: [MESH_ALPN] })).to.match(
      /^handshake-failed: .*unable to/,
    );
  });

  it("refuses another relayer, a node, and a relayer of another host", async () => {
    const address = "0x00000000000000000000000000000000000000b2";
    expect(await outcome(relayer, {}, { relayer: address })).to.match(
      /^wrong-peer: .*server is relayer .*b1, not relayer .*b2/i,
    );
    expect(await outcome(await network.node(9))).to.match(/^handshake-failed: .*altname/i);
    expect(await outcome(relayer, {}, { servername: "elsewhere.example" })).to.match(/^handshake-failed: .*altname/i);
  });

  it("refuses a revoked server", async () => {
    const crl = [await network.crlOf([relayer.serialNumber])];
    const node = await network.node(8);
    const strict = new MeshCredentials({ ...node, crl });
    expect(await outcome(relayer, {}, { credentials: strict })).to.match(/^handshake-failed: .*certificate revoked/);
  });

  it("says when nobody listens", async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const handlers = { onFrame: () => undefined };
    const attempt = connectMesh({ host: "127.0.0.1", port, credentials, frames: {}, handlers });
    expect(await attempt.catch((error: MeshConnectError) => error.message)).to.match(
      /cannot be reached \(ECONNREFUSED\)/,
    );
  });

  it("gives up on a server that never answers the handshake", async () => {
    const silent = createTcpServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const handlers = { onFrame: () => undefined };
    const attempt = connectMesh({ host: "127.0.0.1", port, credentials, frames: {}, handlers, connectTimeoutMs: 200 });
    expect(await attempt.catch((error: MeshConnectError) => error.reason)).to.equal("timeout");
    silent.close();
  });

  it("gives up on a server that never confirms", async () => {
    expect(await outcome(relayer, {}, { connectTimeoutMs: 300, frames: { 1: 1 } }, Buffer.alloc(0))).to.match(
      /^timeout: /,
    );
  });
}).timeout(10_000);

function credentialOf({ key, cert }: TestMember): { key: string; cert: string } {
  return { key, cert };
}
