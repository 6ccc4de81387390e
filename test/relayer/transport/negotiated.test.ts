import { execFile } from "node:child_process";
import { once } from "node:events";
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from "node:net";
import { connect, createServer, type SecureContextOptions, type TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";

import { connectMesh } from "../../../relayer/src/transport/connect-mesh.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { createMeshServer, type MeshServer } from "../../../relayer/src/transport/mesh-server.ts";
import { negotiated, requirePolicy } from "../../../relayer/src/transport/negotiated.ts";
import { clientHello, serverHello } from "./hello-messages.ts";
import { RELAYER, TestAuthority } from "./test-authority.ts";

const X25519MLKEM768 = 0x11ec;
const MLDSA65 = 0x0905;
const TLS13 = 0x0304;

/** Passes connections on to a port and keeps what each side sent. */
class Wiretap {
  readonly sent: Buffer[] = [];
  readonly received: Buffer[] = [];
  readonly #server: Server;
  readonly #sockets: Socket[] = [];

  constructor(target: number) {
    this.#server = createTcpServer((client) => {
      const upstream = connectTcp(target, "127.0.0.1");
      client.on("data", (chunk: Buffer) => this.sent.push(chunk)).pipe(upstream);
      upstream.on("data", (chunk: Buffer) => this.received.push(chunk)).pipe(client);
      for (const socket of [client, upstream]) socket.on("error", () => socket.destroy());
      this.#sockets.push(client, upstream);
    });
  }

  async listen(): Promise<number> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

describe("a session between two ends of the mesh", () => {
  let network: TestAuthority;
  let server: MeshServer;
  let port: number;
  let credentials: MeshCredentials;

  before(async () => {
    network = await TestAuthority.create();
    credentials = new MeshCredentials(await network.node(7));
    server = createMeshServer({
      credentials: new MeshCredentials(await network.relayer()),
      frames: {},
      onSession: () => ({ onFrame: () => undefined }),
    });
    port = await server.listen(0);
  });

  after(() => server.close());

  it("has the required protocol, group and signature algorithm on both live sockets", async () => {
    const handlers = { onFrame: () => undefined };
    const session = await connectMesh({ host: "127.0.0.1", port, credentials, frames: {}, handlers });
    const required = { protocol: "TLSv1.3", group: "X25519MLKEM768", signatureAlgorithm: "ML-DSA-65" };
    expect(session.negotiated).to.deep.include({ ...required, cipher: "TLS_AES_256_GCM_SHA384" });
    expect(session.peer).to.include({ kind: "relayer" });
    const [seen] = server.sessions;
    expect(seen?.negotiated).to.deep.include(required);
    expect(seen?.peer).to.include({ kind: "node", nodeIndex: 7 });
    session.close();
    await session.ended;
  });

  it("shows the same in the bytes of both hello messages", async () => {
    const wiretap = new Wiretap(port);
    const handlers = { onFrame: () => undefined };
    const target = { host: "127.0.0.1", port: await wiretap.listen(), relayer: RELAYER };
    const session = await connectMesh({ ...target, credentials, frames: {}, handlers });
    expect(clientHello(Buffer.concat(wiretap.sent))).to.deep.equal({
      versions: [TLS13],
      groups: [X25519MLKEM768],
      keyShares: [X25519MLKEM768],
      signatureAlgorithms: [MLDSA65],
    });
    expect(serverHello(Buffer.concat(wiretap.received))).to.deep.equal({ version: TLS13, group: X25519MLKEM768 });
    session.close();
    await session.ended;
    wiretap.close();
  });

  it("is signed with ML-DSA-65 by both ends, as OpenSSL's own trace of the handshake says", async () => {
    const script = fileURLToPath(new URL("trace-handshake.ts", import.meta.url));
    const { stderr } = await promisify(execFile)(process.execPath, [script], { maxBuffer: 4_000_000 });
    const signatures = [...stderr.matchAll(/CertificateVerify, Length=\d+\n\s+Signature Algorithm: (.+)/g)];
    expect(signatures.map(([, algorithm]) => algorithm)).to.deep.equal(["mldsa65 (0x0905)", "mldsa65 (0x0905)"]);
    const shares = [...stderr.matchAll(/NamedGroup: (.+)/g)];
    expect(shares.map(([, group]) => group)).to.deep.equal(["X25519MLKEM768 (4588)", "X25519MLKEM768 (4588)"]);
  });
}).timeout(10_000);

type PairChanges = SecureContextOptions & { rejectUnauthorized?: boolean };

describe("negotiated", () => {
  let network: TestAuthority;

  before(async () => {
    network = await TestAuthority.create();
  });

  /** Makes one connection with changed options on both ends; gives both sockets to `look`. */
  async function connectPair(
    changes: PairChanges,
    look: (client: TLSSocket, server: TLSSocket) => void,
  ): Promise<void> {
    const serverOptions = new MeshCredentials(await network.relayer()).contextOptions();
    const server = createServer({ ...serverOptions, ...changes, requestCert: true });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const clientOptions = new MeshCredentials(await network.node(1)).contextOptions();
    const { port } = server.address() as AddressInfo;
    const client = connect({ ...clientOptions, ...changes, host: "127.0.0.1", port });
    const [[accepted]] = await Promise.all([once(server, "secureConnection"), once(client, "secureConnect")]);
    look(client, accepted as TLSSocket);
    client.destroy();
    server.close();
  }

  for (const [curve, name] of [
    ["X25519", "x25519"],
    ["P-256", "secp256r1"],
    ["SecP256r1MLKEM768", "SecP256r1MLKEM768"],
  ] as const) {
    it(`reads ${name} when that is what both ends agreed on, and the policy refuses it`, async () => {
      await connectPair({ ecdhCurve: curve }, (client, server) => {
        expect(negotiated(server).group).to.equal(name);
        expect(() => requirePolicy(negotiated(server))).to.throw(`negotiated group ${name}, not X25519MLKEM768`);
        expect(() => requirePolicy(negotiated(client))).to.throw("negotiated group ");
      });
    });
  }

  it("refuses to describe a peer that is not verified", async () => {
    const stranger = await (await TestAuthority.create()).relayer();
    const changes = { key: stranger.key, cert: stranger.cert, rejectUnauthorized: false };
    await connectPair(changes, (_client, server) => {
      expect(() => negotiated(server)).to.throw("the peer's certificate is not verified");
    });
  });
}).timeout(10_000);
