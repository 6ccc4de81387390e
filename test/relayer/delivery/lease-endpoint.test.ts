import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import type { LeaseCredential } from "@pqmesh/contracts/protocol/sealed-credential";
import { expect } from "chai";
import { pino } from "pino";
import { type EndpointLimits, LeaseEndpoint } from "../../../relayer/src/delivery/lease-endpoint.ts";
import { LeaseClient } from "../../../relayer/src/delivery/lease-client.ts";
import { LeaseFiles } from "../../../relayer/src/delivery/lease-files.ts";
import { publicKeyHash } from "../../../relayer/src/delivery/pinned-certificate.ts";
import { pinnedContext } from "../../../relayer/src/delivery/pinned-peers.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { temporaryFolder } from "../../indexer/fixture/temporary-folder.ts";

const serverKey = certificateKey(new Uint8Array(32).fill(1));
const LIMITS = { quotaBytes: 400_000, maxFileBytes: 300_000, maxFiles: 3 };
const text = (value: string): Buffer => Buffer.from(value, "utf8");

describe("LeaseEndpoint", () => {
  let endpoint: LeaseEndpoint;
  let folder: string;
  const open: { close(): void }[] = [];

  afterEach(async () => {
    for (const each of open.splice(0)) each.close();
    await endpoint.close();
  });

  it("echoes over TLS 1.3 with ML-DSA-65 and X25519MLKEM768", async () => {
    const client = await leased(7n);
    expect(await client.echo(text("hello"))).to.deep.equal(text("hello"));
    expect(client.agreement).to.include({
      protocol: "TLSv1.3",
      group: "X25519MLKEM768",
      signatureAlgorithm: "ML-DSA-65",
    });
  });

  it("stores, lists, returns and removes files", async () => {
    const client = await leased(7n);
    const content = Buffer.alloc(250_000, 3);
    await client.put("b.bin", content);
    await client.put("a.txt", text("first"));
    await client.put("a.txt", text("second"));
    expect(await client.list()).to.deep.equal([
      { name: "a.txt", bytes: 6 },
      { name: "b.bin", bytes: 250_000 },
    ]);
    expect(await client.get("b.bin")).to.deep.equal(content);
    expect(await client.get("a.txt")).to.deep.equal(text("second"));
    await client.remove("b.bin");
    expect(await client.allowance()).to.include({ leaseId: "7", usedBytes: 6, files: 1, quotaBytes: 400_000 });
    await refusal(client.get("b.bin"), "no-such-file");
    await refusal(client.remove("b.bin"), "no-such-file");
  });

  it("keeps empty files", async () => {
    const client = await leased(7n);
    await client.put("empty", Buffer.alloc(0));
    expect(await client.get("empty")).to.deep.equal(Buffer.alloc(0));
  });

  it("keeps the files of two leases apart", async () => {
    const [one, other] = [await leased(7n), await lease(8n)];
    await one.put("mine", text("secret"));
    expect(await other.list()).to.deep.equal([]);
    await refusal(other.get("mine"), "no-such-file");
  });

  it("refuses names that could leave the folder", async () => {
    const client = await leased(7n);
    writeFileSync(join(folder, "outside"), "not yours");
    for (const name of ["..", ".", "../outside", "a/b", "a\\b", ".hidden", "", "x".repeat(129), "a\0b", "a b", "ä"]) {
      for (const attempt of [client.get(name), client.put(name, text("x")), client.remove(name)]) {
        const error = await failure(attempt);
        expect((error as { status?: number }).status, JSON.stringify(name)).to.be.oneOf([400, 404, 414]);
      }
    }
    expect(readFileSync(join(folder, "outside"), "utf8")).to.equal("not yours");
    expect(await client.list()).to.deep.equal([]);
  });

  it("refuses what is over the quota, too large or too many", async () => {
    const client = await leased(7n);
    await refusal(client.put("large", Buffer.alloc(300_001)), "file-too-large");
    await client.put("one", Buffer.alloc(300_000));
    await refusal(client.put("two", Buffer.alloc(100_001)), "quota-exceeded");
    await client.put("two", Buffer.alloc(100_000));
    await refusal(client.put("two", Buffer.alloc(1)), "quota-exceeded");
    await client.remove("one");
    await client.put("three", Buffer.alloc(1));
    await client.put("four", Buffer.alloc(1));
    await refusal(client.put("five", Buffer.alloc(1)), "too-many-files");
  });

  it("counts uploads under way against the quota", async () => {
    const client = await leased(7n);
    const results = await Promise.allSettled(["a", "b", "c"].map((name) => client.put(name, Buffer.alloc(150_000))));
    expect(results.filter(({ status }) => status === "fulfilled")).to.have.length(2);
    expect(await client.allowance()).to.include({ usedBytes: 300_000, files: 2 });
  });

  it("leaves nothing of an upload that was cut", async () => {
    const client = await leased(7n);
    await client.put("kept", text("old"));
    const socket = await rawClient(7n);
    socket.write("PUT /files/kept HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\npart of it");
    const drafts = (): number => readdirSync(join(folder, "7/drafts")).length;
    await waitUntil("the upload has begun", () => drafts() === 1);
    socket.destroy();
    await waitUntil("the draft is removed", () => drafts() === 0);
    expect(await client.get("kept")).to.deep.equal(text("old"));
    expect(await client.allowance()).to.include({ usedBytes: 3, files: 1 });
  });

  it("refuses a body without a length and an echo that is too long", async () => {
    const client = await leased(7n);
    const answer = await exchange(
      await rawClient(7n),
      "PUT /files/a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    );
    expect(answer).to.match(/^HTTP\/1\.1 411 /);
    await refusal(client.echo(Buffer.alloc(65_537)), "body-too-large");
    expect(await client.echo(Buffer.alloc(65_536))).to.have.length(65_536);
  });

  it("answers unknown places with problem details", async () => {
    await leased(7n);
    const answer = await exchange(await rawClient(7n), "GET /etc/passwd HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(answer)
      .to.match(/^HTTP\/1\.1 404 /)
      .and.to.contain("there are /lease, /echo and /files");
  });

  it("does not read a file for those who only ask for its headers", async () => {
    await leased(7n);
    await (await clientOf(7n)).put("a.txt", text("x"));
    const answer = await exchange(
      await rawClient(7n),
      "HEAD /files/a.txt HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    );
    expect(answer).to.match(/^HTTP\/1\.1 404 /);
  });

  it("refuses a client whose key belongs to no lease", async () => {
    await leased(7n);
    const stranger = await clientOf(9n);
    expect((await failure(stranger.echo(text("x")))).message).to.match(/ECONNRESET|socket hang up|closed|disconnected/);
    expect(endpoint.counters.refused.untrusted).to.equal(1);
  });

  it("refuses a client without a certificate", async () => {
    await leased(7n);
    const socket = connect({ host: "127.0.0.1", port: endpoint.port, rejectUnauthorized: false });
    await closed(socket);
    expect(endpoint.counters.accepted).to.equal(0);
  });

  it("is refused by a client that expects another server", async () => {
    await leased(7n);
    const client = await clientOf(7n, { serverKeyHash: `0x${"00".repeat(32)}` });
    expect((await failure(client.echo(text("x")))).message).to.contain("is not the one that the credential names");
  });

  it("cuts a lease that ended and serves the others", async () => {
    const [client, other] = [await leased(7n), await lease(8n)];
    await client.echo(text("x"));
    await other.echo(text("x"));
    const held = await rawClient(7n);
    endpoint.end(7n);
    await closed(held);
    await failure(client.echo(text("x")));
    expect(await other.echo(text("still"))).to.deep.equal(text("still"));
  });

  it("cuts clients that send headers or a body too slowly", async () => {
    const client = await leased(7n, { headersTimeoutMs: 300, requestTimeoutMs: 600, idleTimeoutMs: 5_000 });
    const slow = ["GET /lea", "PUT /files/slow HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n"].map(
      async (begin) => {
        const socket = await rawClient(7n);
        const timer = setInterval(() => socket.write("a"), 50);
        socket.write(begin);
        await closed(socket);
        clearInterval(timer);
      },
    );
    await Promise.all(slow);
    expect(await client.list()).to.deep.equal([]);
  });

  it("cuts clients that are silent, also before the handshake", async () => {
    await leased(7n, { idleTimeoutMs: 300, handshakeTimeoutMs: 300 });
    await closed(await rawClient(7n));
    await closed(connectTcp(endpoint.port, "127.0.0.1"));
  });

  it("lets one client hold eight connections and keeps room for others", async () => {
    const other = (await leased(7n), await lease(8n));
    const sockets = [];
    for (let i = 0; i < 8; i += 1) sockets.push(await rawClient(7n));
    await closed(
      connect({ ...(await contextOf(7n)), host: "127.0.0.1", port: endpoint.port, rejectUnauthorized: false }),
    );
    expect(endpoint.counters.refused["too-many-of-peer"]).to.equal(1);
    expect(await other.echo(text("room"))).to.deep.equal(text("room"));
  });

  it("refuses requests beyond the rate of a lease", async () => {
    const client = await leased(7n, { requests: { perSecond: 1, burst: 2 } });
    const other = await lease(8n);
    await client.echo(text("1"));
    await client.echo(text("2"));
    await refusal(client.echo(text("3")), "too-many-requests");
    expect(await other.echo(text("1"))).to.deep.equal(text("1"));
  });

  it("finds the files of before after a restart, without drafts", async () => {
    const client = await leased(7n);
    await client.put("kept", text("content"));
    writeFileSync(join(folder, "7/drafts/left"), "half");
    const files = await LeaseFiles.open(join(folder, "7"), LIMITS);
    expect([files.list(), files.usedBytes]).to.deep.equal([[{ name: "kept", bytes: 7 }], 7]);
    expect(readdirSync(join(folder, "7/drafts"))).to.deep.equal([]);
  });

  /** An endpoint that serves one lease, and its client. */
  async function leased(leaseId: bigint, limits: Partial<EndpointLimits> = {}): Promise<LeaseClient> {
    folder = temporaryFolder();
    const listen = { host: "127.0.0.1", port: 0 };
    endpoint = await LeaseEndpoint.open({ key: serverKey, listen, limits, log: pino({ level: "silent" }) });
    return lease(leaseId);
  }

  /** One more lease. */
  async function lease(leaseId: bigint): Promise<LeaseClient> {
    const files = await LeaseFiles.open(join(folder, `${leaseId}`), LIMITS);
    endpoint.serve({ leaseId, clientKeyHash: publicKeyHash(certificateKey(seedOf(leaseId)).publicKey), files });
    return clientOf(leaseId);
  }

  async function clientOf(leaseId: bigint, change: Partial<LeaseCredential> = {}): Promise<LeaseClient> {
    const client = await LeaseClient.of({
      endpoint: `127.0.0.1:${endpoint.port}`,
      serverKeyHash: publicKeyHash(serverKey.publicKey),
      clientSeed: seedOf(leaseId),
      ...change,
    });
    open.push(client);
    return client;
  }

  async function rawClient(leaseId: bigint): Promise<TLSSocket> {
    const target = { host: "127.0.0.1", port: endpoint.port, ALPNProtocols: ["http/1.1"], rejectUnauthorized: false };
    const socket = connect({ ...(await contextOf(leaseId)), ...target });
    open.push({ close: () => socket.destroy() });
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("secureConnect", resolve));
    return socket;
  }
});

function contextOf(leaseId: bigint) {
  return pinnedContext(certificateKey(seedOf(leaseId)));
}

function seedOf(leaseId: bigint): Uint8Array {
  return new Uint8Array(32).fill(Number(leaseId));
}

function failure(attempt: Promise<unknown>): Promise<Error> {
  return attempt.then(
    () => {
      throw new Error("it was not refused");
    },
    (error: Error) => error,
  );
}

async function refusal(attempt: Promise<unknown>, type: string): Promise<void> {
  const error = await failure(attempt);
  expect((error as { type?: string }).type, error.message).to.equal(type);
}

function closed(socket: Socket): Promise<void> {
  socket.on("error", () => undefined);
  socket.resume();
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once("close", () => resolve());
  });
}

function exchange(socket: TLSSocket, request: string): Promise<string> {
  socket.write(request);
  return new Promise((resolve) => socket.once("data", (data) => resolve(data.toString("utf8"))));
}
