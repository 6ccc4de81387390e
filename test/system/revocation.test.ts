import { readFileSync } from "node:fs";
import path from "node:path";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { DEVNET_CHAIN_ID } from "@pqmesh/contracts/protocol/development-keys";
import { LEASE_STATUSES } from "@pqmesh/contracts/protocol/lease-status";
import { expect } from "chai";
import { createPublicClient, http, type PublicClient } from "viem";
import { CERTIFICATE_STATUSES } from "../../relayer/src/pki/certificate-status.ts";
import { openTlsFiles } from "../../relayer/src/service/tls-files.ts";
import { AGENT_FRAMES, RELAYER_FRAMES } from "../../relayer/src/session/frames.ts";
import { connectMesh } from "../../relayer/src/transport/connect-mesh.ts";
import type { MeshCredentials } from "../../relayer/src/transport/mesh-credentials.ts";
import type { MeshSession } from "../../relayer/src/transport/mesh-session.ts";
import { developmentAccount } from "../../scripts/start/accounts.ts";
import { closeBrowser } from "../dapp/support/browser.ts";
import type { Person } from "../dapp/support/person.ts";
import { openDappPerson } from "./dapp-person.ts";
import { eventually, portArguments, StartedNetwork } from "./devnet.ts";
import { PqmeshFiles } from "./pqmesh-files.ts";

const EPOCH_SECONDS = 6;
const READY_MS = 150_000;
const LEASE_ID = 1n;
/** From the mined revocation to a refused handshake, seconds. */
const REFUSAL_SECONDS = 5;

describe("certificates on a running network", function () {
  this.timeout(400_000);
  const network = new StartedNetwork();
  const person = new PqmeshFiles(network);
  let client: PublicClient;
  let operator: Person;

  before("start", async () => {
    const size = ["--nodes", "3", "--operators", "3", "--relayers", "4", "--epoch", String(EPOCH_SECONDS)];
    const ports = portArguments(25_000);
    network.start([...size, ...ports]);
    await network.untilReady(READY_MS);
    client = createPublicClient({ transport: http(network.network().rpcUrl), cacheTime: 0 });
    const account = developmentAccount("operator", DEVNET_CHAIN_ID, 0);
    operator = await openDappPerson(network, { account, path: "/my-certificates", ports });
  });

  after("stop", async () => {
    await operator?.close();
    await closeBrowser();
    await network.dispose();
  });

  afterEach(() => {
    expect(operator.errors, "errors in the page").to.deep.equal([]);
  });

  const registry = () =>
    ({ address: network.network().contracts.CertificateRegistry, abi: certificateRegistryAbi }) as const;
  const certificateOf = (node: number): string => path.join(network.dir, `data/agents/${node}/tls.pem`);

  function isBarred(node: number): Promise<boolean> {
    const { NodeRegistry: address } = network.network().contracts;
    return client.readContract({ address, abi: nodeRegistryAbi, functionName: "isBarred", args: [node] });
  }

  async function leaseStatus(): Promise<string> {
    const { LeaseEscrow: address } = network.network().contracts;
    const [{ status }] = await client.readContract({
      ...{ address, abi: leaseEscrowAbi },
      ...{ functionName: "leaseOf", args: [LEASE_ID] },
    });
    return LEASE_STATUSES[status]!;
  }

  function clientCredit(): Promise<bigint> {
    const { LeaseEscrow: address, TestStablecoin } = network.network().contracts;
    const args = [TestStablecoin!, developmentAccount("client", DEVNET_CHAIN_ID).address] as const;
    return client.readContract({ address, abi: leaseEscrowAbi, functionName: "creditOf", args });
  }

  /** TLS material of a node's agent, as its own process has it. */
  function credentialsOf(node: number): Promise<MeshCredentials> {
    const at = (file: string): string => path.resolve(network.dir, "data/agents", String(node), file);
    const ca = [path.join(network.dir, "data/authority/ca.pem")];
    const files = { keystore: "tls-key.json", cert: "tls.pem", ca, crl: [], crlUrls: [], crlSeconds: 60 };
    const password = readFileSync(path.join(network.dir, "data/password"), "utf8").trim();
    return openTlsFiles(files, { at, password, trustDomain: network.network().trustDomain });
  }

  function connect(credentials: MeshCredentials): Promise<MeshSession> {
    const [host = "", port] = network.network().relayers[1]!.session!.split(":");
    const frames = { ...AGENT_FRAMES, ...RELAYER_FRAMES };
    return connectMesh({ host, port: Number(port), credentials, frames, handlers: { onFrame: () => undefined } });
  }

  async function isRefused(credentials: MeshCredentials): Promise<true | undefined> {
    try {
      (await connect(credentials)).close();
      return undefined;
    } catch {
      return true;
    }
  }

  /** Seconds from the moment a certificate is seen to be revoked on chain to the first handshake that is refused. */
  async function secondsToRefusal(send: () => Promise<unknown>, credentials: MeshCredentials): Promise<number> {
    const args = [BigInt(`0x${credentials.identity.serialNumber}`)] as const;
    const isMined = async (): Promise<number | undefined> => {
      const status = await client.readContract({ ...registry(), functionName: "statusOf", args });
      return CERTIFICATE_STATUSES[status] === "revoked" ? performance.now() : undefined;
    };
    const isNoLonger = async (): Promise<number | undefined> =>
      (await isRefused(credentials)) ? performance.now() : undefined;
    const [mined, refused] = await Promise.all([
      eventually("a revocation on chain", isMined, 60_000),
      eventually("a refused handshake", isNoLonger, 60_000),
      send(),
    ]);
    return (refused - mined) / 1_000;
  }

  it("records everybody at the start, and lets certificates decide who votes", async () => {
    const { status, kind } = await person.ok("cert", "status", certificateOf(2));
    expect([status, kind]).to.deep.equal(["good", "node"]);
    const gate = await client.readContract({
      ...{ address: network.network().contracts.QuadraticVotes, abi: quadraticVotesAbi },
      functionName: "gate",
    });
    expect(gate).to.equal(registry().address);
    for (const operator of [0, 1, 2]) {
      const args = [developmentAccount("operator", DEVNET_CHAIN_ID, operator).address] as const;
      const identity = await client.readContract({ ...registry(), functionName: "identityOf", args });
      expect(identity, `identity of operator ${operator}`).to.equal(BigInt(operator + 1));
    }
  });

  /** Revokes a certificate on the page of an operator's certificates. */
  async function revokeInBrowser(serial: string): Promise<void> {
    const { page, walk } = operator;
    const row = page.locator(`[data-certificate="${BigInt(`0x${serial}`)}"]`);
    await row.getByRole("button", { name: "Revoke" }).click();
    await page.getByTestId("revocation-effects").getByText("Relayers refuse node 0").waitFor();
    await page.getByLabel("Reason").selectOption("1");
    await page.getByRole("button", { name: "Preview revocation" }).click();
    expect(await walk.finish()).to.include("is revoked");
    await row.locator('[data-status="Revoked"]').waitFor();
  }

  it("refuses a node that its operator revokes in the browser, ends its sessions, bars it and refunds its lease", async () => {
    const isActive = async (): Promise<true | undefined> =>
      (await leaseStatus().catch(() => "None")) === "Active" ? true : undefined;
    await eventually("an agent accepted the lease", isActive, 120_000);
    const credentials = await credentialsOf(0);
    const session = await connect(credentials);
    const other = await connect(await credentialsOf(2));
    const { serialNumber } = credentials.identity;
    const seconds = await secondsToRefusal(() => revokeInBrowser(serialNumber), credentials);
    expect(seconds, "seconds to refusal").to.be.lessThan(REFUSAL_SECONDS);
    expect((await session.ended).detail).to.include("the peer's certificate is revoked or on hold");
    expect(other.isOpen, "another node's session").to.equal(true);
    other.close();
    expect((await person.ok("cert", "status", certificateOf(0))).status).to.equal("revoked");
    expect(await isBarred(0), "barred").to.equal(true);
    const isOver = async (): Promise<true | undefined> => ((await leaseStatus()) === "Breached" ? true : undefined);
    await eventually("the lease is closed as breached", isOver, 180_000);
    expect(await clientCredit(), "the client's credit").to.not.equal(0n);
    const { page } = operator;
    await page.goto(new URL(`/leases/${LEASE_ID}`, page.url()).href);
    await page.locator('[data-status="Breached"]').first().waitFor();
  });

  it("obeys an order of the operator's offline root key, sent by a stranger", async () => {
    const wallet = await person.wallet("stranger.json", "holder", 4);
    const [order, signed] = [person.file("order.json"), person.file("signed.json")];
    const reason = ["--reason", "keyCompromise"];
    await person.ok("cert", "emergency", "revoke", certificateOf(1), "--operator", "2", ...reason, "--out", order);
    const rootKey = path.join(network.dir, "data/operators/2/root-key.json");
    await person.ok("key", "sign", "--request", order, "--keystore", rootKey, "--out", signed, "--yes");
    const submit = ["cert", "emergency", "submit", "--signed", signed, "--wallet", wallet, "--yes"];
    const seconds = await secondsToRefusal(() => person.ok(...submit), await credentialsOf(1));
    expect(seconds, "seconds to refusal").to.be.lessThan(REFUSAL_SECONDS);
    expect(await isBarred(1), "barred").to.equal(true);
    const again = await person.run(...submit);
    expect(again.status, "the same order again").to.equal(3);
  });
});
