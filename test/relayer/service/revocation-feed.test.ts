import { X509Certificate } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { pino } from "pino";
import { RevocationFeed } from "../../../relayer/src/service/revocation-feed.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { TestAuthority, type TestMember } from "../transport/test-authority.ts";

const log = pino({ level: "silent" });
const HOUR_MS = 3_600_000;

describe("RevocationFeed", () => {
  let network: TestAuthority;
  let member: TestMember;
  let credentials: MeshCredentials;
  let server: Server;
  let feed: RevocationFeed | undefined;
  let served: Uint8Array | undefined;
  let asked: number;
  let changedAt: bigint;

  const listOf = async (serials: string[], number: bigint, now = new Date()): Promise<Uint8Array> => {
    const entries = serials.map((serialNumber) => ({ serialNumber, revokedAt: now }));
    return (await network.authority.revocationList({ entries, number, now, validDays: 1 })).der;
  };

  const isRevoked = (): boolean => credentials.refusal(new X509Certificate(member.cert)) === "revoked";

  const stopFollowing = async (): Promise<void> => {
    await feed?.stop();
    feed = undefined;
  };

  const follow = (everyMs = HOUR_MS): RevocationFeed => {
    const { port } = server.address() as AddressInfo;
    const urls = [`http://127.0.0.1:${port}/v1/crl/1`];
    feed = new RevocationFeed({ urls, credentials, changedAt: () => changedAt, everyMs, log });
    return feed;
  };

  beforeEach(async () => {
    network = await TestAuthority.create();
    member = await network.node(7);
    credentials = new MeshCredentials({ ...(await network.relayer()), crl: [] });
    [asked, changedAt] = [0, 0n];
    server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(served ? 200 : 503).end(served);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterEach(async () => {
    await stopFollowing();
    await new Promise((resolve) => server.close(resolve));
  });

  it("puts the list that is served into use", async () => {
    served = await listOf([member.serialNumber], 5n);
    expect(isRevoked(), "before").to.equal(false);
    await follow().refresh();
    expect(isRevoked(), "after").to.equal(true);
  });

  it("fetches at once when the chain has a change, until the list has it", async () => {
    served = await listOf([], 5n);
    const following = follow();
    following.start();
    await waitUntil("the first list", () => asked === 1);
    changedAt = 9n;
    await waitUntil("another look", () => asked >= 2, 3_000);
    served = await listOf([member.serialNumber], 9n);
    await waitUntil("the list with the change", isRevoked, 3_000);
  });

  it("keeps the list in use when an older or a foreign one is served, or none", async () => {
    served = await listOf([member.serialNumber], 5n);
    const following = follow();
    await following.refresh();
    const foreign = await TestAuthority.create();
    const others = [
      await listOf([], 4n),
      (await foreign.authority.revocationList({ entries: [], number: 9n })).der,
      Buffer.from("no list"),
      undefined,
    ];
    for (const other of others) {
      served = other;
      await following.refresh();
      expect(isRevoked()).to.equal(true);
    }
    expect(asked).to.equal(5);
  });

  describe("given two authorities", () => {
    let second: TestAuthority;
    let lists: Record<string, Uint8Array | undefined>;
    let listServer: Server;
    let urls: string[];

    const isRefused = (peer: TestMember): boolean => {
      try {
        credentials.verifyPeer(new X509Certificate(peer.cert));
        return false;
      } catch {
        return true;
      }
    };
    const emptyList = async (of: TestAuthority, number: bigint, now = new Date()): Promise<Uint8Array> =>
      (await of.authority.revocationList({ entries: [], number, now, validDays: 1 })).der;
    const lookAtBoth = (): Promise<void> => {
      feed ??= new RevocationFeed({ urls, credentials, changedAt: () => 0n, everyMs: HOUR_MS, log });
      return feed.refresh();
    };

    beforeEach(async () => {
      second = await TestAuthority.create("second root");
      const ca = [network.authority.pem, second.authority.pem];
      credentials = new MeshCredentials({ ...(await network.relayer()), ca, crl: [] });
      lists = {};
      listServer = createServer(({ url = "" }, response) => {
        response.writeHead(lists[url] ? 200 : 503).end(lists[url]);
      });
      await new Promise<void>((resolve) => listServer.listen(0, "127.0.0.1", resolve));
      const { port } = listServer.address() as AddressInfo;
      urls = ["/1", "/2"].map((path) => `http://127.0.0.1:${port}${path}`);
    });

    afterEach(() => new Promise((resolve) => listServer.close(resolve)));

    it("uses the list of one when the other serves none, a foreign one or nonsense", async () => {
      const foreign = await TestAuthority.create();
      for (const [i, other] of [undefined, await emptyList(foreign, 9n), Buffer.from("no list")].entries()) {
        const next = await network.node(20 + i);
        lists = { "/1": await listOf([next.serialNumber], BigInt(i + 1)), "/2": other };
        await lookAtBoth();
        expect(isRefused(next), `revoked, look ${i}`).to.equal(true);
        expect(isRefused(member), `not revoked, look ${i}`).to.equal(false);
        expect(isRefused(await second.node(9)), `of the other, look ${i}`).to.equal(false);
      }
    });

    it("gives the TLS stack every list as soon as no authority lacks one", async () => {
      lists = { "/1": await listOf([], 1n) };
      await lookAtBoth();
      expect(credentials.contextOptions().crl, "one of two").to.equal(undefined);
      lists["/2"] = await emptyList(second, 4n);
      await lookAtBoth();
      expect(credentials.contextOptions().crl, "both").to.have.length(2);
    });

    it("says which URL never gave a list, and which authority has none", async () => {
      lists = { "/1": await listOf([], 1n), "/2": await listOf([], 2n) };
      await lookAtBoth();
      expect(feed?.health().reasons, "a list of the other").to.deep.equal([
        'no revocation list of authority "CN=second root" is in use',
      ]);
      await stopFollowing();
      delete lists["/2"];
      await lookAtBoth();
      expect(feed?.health().reasons[0], "none").to.equal(
        `${urls[1]} never gave a revocation list: ${urls[1]}: answered 503`,
      );
      lists["/2"] = await emptyList(second, 4n);
      await lookAtBoth();
      expect(feed?.health(), "both").to.deep.equal({ ok: true, reasons: [] });
    });

    it("refuses the peers of an authority whose list ended while the other has none", async () => {
      lists = { "/1": await listOf([], 1n, new Date(Date.now() - 25 * HOUR_MS)) };
      await lookAtBoth();
      expect(isRefused(member), "of the authority").to.equal(true);
      expect(isRefused(await second.node(9)), "of the other").to.equal(false);
    });

    it("keeps its lists and takes newer ones when its certificate is renewed", async () => {
      lists = { "/1": await listOf([], 1n) };
      await lookAtBoth();
      const { key, cert } = await network.relayer();
      credentials.replace({ key, cert });
      lists = { "/1": await listOf([member.serialNumber], 2n) };
      await lookAtBoth();
      expect(isRevoked()).to.equal(true);
    });
  });

  it("warns before its list is too old", async () => {
    served = await listOf([], 5n, new Date(Date.now() - 12 * HOUR_MS));
    const following = follow();
    await following.refresh();
    expect(following.health(), "half its life").to.deep.equal({ ok: true, reasons: [] });
    served = await listOf([], 6n, new Date(Date.now() - 20 * HOUR_MS));
    await following.refresh();
    expect(following.health().reasons[0]).to.include("serves no newer revocation list: from ");
  });
}).timeout(10_000);
