import { CONTRACT_NAMES, type NetworkConfig, parseNetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { expect } from "chai";
import { pino } from "pino";
import type { Hex } from "viem";
import { decodeFunctionResult, encodeFunctionData, numberToHex, stringToHex, zeroAddress } from "viem";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { type ChainFollower, followChain, type FollowChainOptions } from "../../../relayer/src/chain/follow-chain.ts";
import { CERTIFICATE_STATUSES } from "../../../relayer/src/pki/certificate-status.ts";
import { startAnvil, type TestChain, testAccount } from "../../helpers/anvil.ts";
import { startRpcProxy } from "../../helpers/rpc-proxy.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import {
  addNodes,
  approveMeasurement,
  deployTestNetwork,
  freshPublicKeys,
  seatCommittee,
  type TestNetwork,
  type TestRelayer,
} from "../../helpers/test-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

const MEASUREMENT: Hex = `0x${"5a".repeat(32)}`;
const log = pino({ level: "silent" });

/** A deployment that no chain has. */
function fixedNetwork(): NetworkConfig {
  const url = "http://127.0.0.1:1";
  const contracts = Object.fromEntries(CONTRACT_NAMES.map((name) => [name, `0x${"ab".repeat(20)}`]));
  return parseNetworkConfig({
    ...{ name: "none", chainId: 31_337, rpcUrl: url, indexerUrl: url, relayers: [], trustDomain: "test" },
    ...{ epoch: { genesis: 1, lengthSeconds: 10 }, startBlock: 1, contracts },
  });
}

/** Everything a view says, in a form that can be compared. */
function contentOf(view: ChainFollower): object {
  const epochs = Array.from({ length: 40 }, (_, epoch) => BigInt(epoch));
  return {
    head: view.head(),
    nodes: view.nodesOfShard(0).map((nodeIndex) => view.node(nodeIndex)),
    active: epochs.map((epoch) => view.nodesOfShard(0).filter((nodeIndex) => view.isActive(nodeIndex, epoch))),
    committees: epochs.map((epoch) => view.committeeAt(epoch)),
    reports: epochs.map((epoch) => view.acceptedReport(0, epoch)),
    newest: view.newestReportedEpoch(0),
    beacons: epochs.map((epoch) => view.beaconFor(0, epoch)),
    builds: epochs.map((epoch) => view.isMeasurementApproved(MEASUREMENT, epoch)),
    minNodeStake: view.parameter("minNodeStake"),
    certificates: [...view.certificates.issuedBy(1)],
    authorities: view.certificates.authorities(),
    log: view.certificates.logHead(),
  };
}

/** Terms of a root authority whose account is account 0. */
function rootTerms(notAfter: number): object {
  const hash = stringToHex("any", { size: 32 });
  return {
    ...{ account: testAccount(0).address, recoveryKey: hash, trustDomain: hash, x509Hash: hash, notAfter },
    ...{ pathLength: 1, kinds: 30, identityFrom: 1, identityUntil: 100 },
  };
}

/** A certificate of a node. */
function issuanceOf(serial: bigint, subject: bigint, now: number): object {
  const x509Hash = numberToHex(serial, { size: 32 });
  return { serial, kind: 2, subject, account: zeroAddress, notBefore: now, notAfter: now + 86_400, x509Hash };
}

describe("followChain without a chain", () => {
  const options = { rpcUrls: ["http://127.0.0.1:1"], network: fixedNetwork(), pollMs: 5, timeoutMs: 200 };

  it("says once that it waits", async () => {
    const lines: string[] = [];
    const counting = pino({ level: "warn" }, { write: (line: string) => lines.push(line) });
    const failed = await followChain({ ...options, log: counting, bootTimeoutMs: 300 }).catch((error: Error) => error);
    expect(failed)
      .to.be.instanceOf(Error)
      .with.property("message")
      .that.matches(/^the chain cannot be followed: /);
    expect(lines.filter((line) => line.includes("waiting for the chain")).length, "lines").to.equal(1);
  });

  it("stops waiting when it is told to", async () => {
    const stopping = new AbortController();
    const waiting = followChain({ ...options, log, signal: stopping.signal }).catch((error: Error) => error);
    stopping.abort(new Error("stopped"));
    expect(await waiting)
      .to.be.instanceOf(Error)
      .with.property("message", "stopped");
  });
});

describe("followChain", () => {
  let chain: TestChain;
  let network: TestNetwork;
  let relayers: TestRelayer[];
  const opened: { stop(): Promise<void> }[] = [];

  const follow = async (options: Partial<FollowChainOptions> = {}) => {
    const view = await followChain({ rpcUrls: [chain.url], network: network.config, log, pollMs: 25, ...options });
    opened.push(view);
    return view;
  };

  const proxyTo = async (url: string) => {
    const proxy = await startRpcProxy(url);
    opened.push(proxy);
    return proxy;
  };

  const inStep = (view: ChainFollower) =>
    waitUntil("the view is at the head", async () => view.head().hash === (await chain.head()).hash);

  beforeEach(async () => {
    chain = await startAnvil();
    network = await deployTestNetwork(chain);
    await addNodes(network, freshPublicKeys(2));
    const seats = [10, 11, 12, 13].map((accountIndex) => ({
      accountIndex,
      endpoint: `https://relayer-${accountIndex}`,
    }));
    relayers = await seatCommittee(network, seats);
    await chain.mineAt(network.epochStart(4));
    await chain.mine(12);
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((service) => service.stop()));
    await chain.stop();
  });

  it("builds the view from the start block", async () => {
    await approveMeasurement(network, MEASUREMENT);
    await postReport(network, await makeReport(network, { epoch: 2n, absent: "0x0001" }), relayers);
    const view = await follow();
    expect(view.chainId, "chain id").to.equal(31_337);
    expect(view.nodesOfShard(0), "nodes").to.deep.equal([0, 1]);
    expect(view.shards(), "shards").to.deep.equal([0]);
    expect(view.node(1)?.intervals, "intervals").to.deep.equal([{ from: 2n, until: undefined }]);
    expect(view.keyAt(1, 5n)?.length, "bytes of a key").to.equal(1_952);
    expect(view.committeeAt(1n), "committee before its time").to.equal(undefined);
    const { version, members } = view.committeeAt(2n) ?? {};
    expect(version, "version").to.equal(1);
    expect(members?.map(({ address }) => address)).to.deep.equal(relayers.map(({ address }) => address));
    expect(members?.map(({ endpoint }) => endpoint)).to.deep.equal(relayers.map(({ endpoint }) => endpoint));
    expect(view.isMeasurementApproved(MEASUREMENT, 5n), "build before its time").to.equal(false);
    expect(view.isMeasurementApproved(MEASUREMENT, 6n), "build in its time").to.equal(true);
    expect(view.acceptedReport(0, 2n), "report").to.deep.include({
      epoch: 2n,
      shard: 0,
      absent: "0x0001",
      signers: 15n,
    });
    expect(view.newestReportedEpoch(0), "newest report").to.equal(2n);
    expect(view.parameter("degradedQuality"), "parameter").to.equal(204n);
    expect(() => view.parameter("noSuchThing")).to.throw('network parameter "noSuchThing" is not in the table');
    expect([view.reportWindowEpochs, view.horizonEpochs], "windows").to.deep.equal([2n, 8n]);
  });

  it("takes in every followed event as it happens", async () => {
    const view = await follow();
    await approveMeasurement(network, MEASUREMENT);
    await network.call("NodeRegistry", "exitNode", [1]);
    await network.call("RelayerCommittee", "setEndpoint", ["https://new"], relayers[0]!.address);
    const id = stringToHex("minNodeStake", { size: 32 });
    await network.call("NetworkParameters", "set", [id, 10n ** 18n]);
    const recordBeacon = [BigInt((await chain.head()).number - 12)];
    await network.call("AttestationBridge", "recordBeacon", recordBeacon);
    await inStep(view);
    expect(view.isActive(1, 5n), "exiting node before its end").to.equal(true);
    expect(view.isActive(1, 6n), "exiting node at its end").to.equal(false);
    expect(view.committeeAt(9n)?.members[0]?.endpoint, "endpoint").to.equal("https://new");
    expect(view.parameter("minNodeStake"), "parameter within its notice").to.equal(10_000n * 10n ** 18n);
    await chain.mineAt(Number(view.head().timestamp) + 14 * 86_400);
    await inStep(view);
    expect(view.parameter("minNodeStake"), "parameter after its notice").to.equal(10n ** 18n);
    expect(contentOf(view)).to.deep.equal(contentOf(await follow()));
  });

  it("knows which beacons an epoch may carry", async () => {
    const genesis = (await follow()).beaconFor(0, 3n)!;
    const report = await makeReport(network, { epoch: 2n });
    await postReport(network, report, relayers);
    const view = await follow();
    expect(view.beaconFor(0, 3n), "newest beacon").to.equal(report.beacon);
    expect(view.isBeaconValid(0, 3n, report.beacon), "epoch after the report").to.equal(true);
    expect(view.isBeaconValid(0, 10n, report.beacon), "eighth epoch after the report").to.equal(true);
    expect(view.isBeaconValid(0, 11n, report.beacon), "ninth epoch after the report").to.equal(false);
    expect(view.isBeaconValid(0, 2n, report.beacon), "epoch of the report").to.equal(false);
    expect(view.isBeaconValid(1, 3n, report.beacon), "another shard").to.equal(false);
    expect(view.isBeaconValid(0, 7n, genesis), "genesis beacon, last epoch").to.equal(true);
    expect(view.isBeaconValid(0, 8n, genesis), "genesis beacon, too late").to.equal(false);
  });

  it("keeps chain time between blocks", async () => {
    const view = await follow();
    const head = Number(view.head().timestamp) * 1_000;
    await waitUntil("200 ms of chain time passed", () => view.nowMs() >= head + 200, 2_000);
    expect(view.currentEpoch(), "epoch").to.equal(4n);
    await chain.mineAt(network.epochStart(7) + 1);
    await inStep(view);
    expect(view.currentEpoch(), "epoch after a jump").to.equal(7n);
  });

  for (const depth of [1, 5, 12]) {
    it(`equals a fresh view after a reorg of ${depth} that drops a report`, async () => {
      const view = await follow();
      const report = await makeReport(network, { epoch: 2n });
      await postReport(network, report, relayers);
      await chain.mine(depth - 1);
      await waitUntil("the report is in the view", () => view.acceptedReport(0, 2n) !== undefined);
      await inStep(view);
      const dropped: bigint[] = [];
      const depths: number[] = [];
      view.events.on("reportDropped", ({ epoch }) => dropped.push(epoch));
      view.events.on("reorg", (reorg) => depths.push(reorg.depth));
      await chain.reorg(depth);
      await inStep(view);
      expect(view.acceptedReport(0, 2n), "report after the reorg").to.equal(undefined);
      expect(dropped, "reports announced as dropped").to.deep.equal([2n]);
      expect(depths, "reorgs announced").to.deep.equal([depth]);
      expect(contentOf(view)).to.deep.equal(contentOf(await follow()));
    });
  }

  it("restores what a reorg changes back", async () => {
    const view = await follow();
    const before = structuredClone(contentOf(view));
    await network.call("NodeRegistry", "exitNode", [0]);
    await addNodes(network, freshPublicKeys(1));
    await network.call("RelayerCommittee", "setEndpoint", ["https://new"], relayers[0]!.address);
    await waitUntil("the changes are in the view", () => view.nodesOfShard(0).length === 3);
    await inStep(view);
    await chain.reorg(4);
    await inStep(view);
    expect({ ...contentOf(view), head: undefined }).to.deep.equal({ ...before, head: undefined });
  });

  it("knows certificates as the registry does, also where the endpoint tells no time of logs, and after a reorg", async () => {
    const call = (name: string, args: unknown[]) => network.call("CertificateRegistry", name, args);
    const now = network.epochStart(4);
    const serials = [2n ** 150n + 1n, 2n ** 150n + 2n, 2n ** 150n + 3n] as const;
    await call("admitRoot", [rootTerms(now + 10 * 86_400)]);
    await call("issueMany", [1, [issuanceOf(serials[0], 0n, now), issuanceOf(serials[1], 1n, now)]]);
    const proxy = await proxyTo(chain.url);
    proxy.lies.set("eth_getLogs", (_params, logs) =>
      (logs as object[]).map((log) => ({ ...log, blockTimestamp: undefined })),
    );
    const view = await follow({ rpcUrls: [proxy.url] });
    await inStep(view);
    const before = structuredClone(contentOf(view));
    await call("rotate", [1, serials[0], issuanceOf(serials[2], 0n, now), now + 3_600]);
    await call("hold", [[serials[1]]]);
    await call("revoke", [serials[2], 1]);
    await inStep(view);
    for (const serial of [...serials, 7n]) {
      const data = encodeFunctionData({ abi: certificateRegistryAbi, functionName: "statusOf", args: [serial] });
      const status = await chain.rpc<Hex>("eth_call", { to: network.config.contracts.CertificateRegistry, data });
      expect(view.certificates.statusNow(serial), `status of ${serial}`).to.equal(CERTIFICATE_STATUSES[Number(status)]);
    }
    const data = encodeFunctionData({ abi: certificateRegistryAbi, functionName: "treeHead" });
    const head = await chain.rpc<Hex>("eth_call", { to: network.config.contracts.CertificateRegistry, data });
    const [size, root] = decodeFunctionResult({ abi: certificateRegistryAbi, functionName: "treeHead", data: head });
    expect(view.certificates.logHead(), "head of the log").to.deep.equal({ size, root });
    expect(contentOf(view)).to.deep.equal(contentOf(await follow()));
    expect(view.certificates.changedAt(), "block of the newest change").to.equal(view.head().number);
    await chain.reorg(3);
    await inStep(view);
    expect({ ...contentOf(view), head: undefined }).to.deep.equal({ ...before, head: undefined });
  });

  it("rebuilds after a reorg deeper than its window", async () => {
    const view = await follow();
    const snapshot = await chain.rpc("evm_snapshot");
    await postReport(network, await makeReport(network, { epoch: 2n }), relayers);
    await chain.mine(80);
    await waitUntil("the report is in the view", () => view.acceptedReport(0, 2n) !== undefined);
    await inStep(view);
    await chain.rpc("evm_revert", snapshot);
    await network.call("RelayerCommittee", "setEndpoint", ["https://new"], relayers[0]!.address);
    await inStep(view);
    expect(contentOf(view)).to.deep.equal(contentOf(await follow()));
  });

  it("catches up after an outage of more blocks than its window", async () => {
    const proxy = await proxyTo(chain.url);
    const view = await follow({ rpcUrls: [proxy.url], timeoutMs: 300 });
    proxy.mode = "refuse";
    await waitUntil("the outage is noticed", () => !view.health().ok);
    await postReport(network, await makeReport(network, { epoch: 2n }), relayers);
    await chain.mine(100);
    proxy.mode = "pass";
    await inStep(view);
    expect(view.health().ok, "health after the outage").to.equal(true);
    expect(contentOf(view)).to.deep.equal(contentOf(await follow()));
  });

  it("reads logs in smaller ranges when the endpoint refuses a range", async () => {
    await postReport(network, await makeReport(network, { epoch: 2n }), relayers);
    const proxy = await proxyTo(chain.url);
    proxy.refusals.set("eth_getLogs", ([filter]) => {
      const { fromBlock, toBlock } = filter as { fromBlock: Hex; toBlock: Hex };
      return Number(toBlock) - Number(fromBlock) >= 7 ? "query exceeds the largest range" : undefined;
    });
    const view = await follow({ rpcUrls: [proxy.url] });
    expect(contentOf(view)).to.deep.equal(contentOf(await follow()));
  });

  it("keeps only what one node needs when it has a scope", async () => {
    await postReport(network, await makeReport(network, { epoch: 2n }), relayers);
    const view = await follow({ scope: { shard: 0, nodeIndex: 1 } });
    expect(view.nodesOfShard(0), "nodes").to.deep.equal([1]);
    expect(view.acceptedReport(0, 2n)?.epoch, "report of its shard").to.equal(2n);
    const other = await follow({ scope: { shard: 1, nodeIndex: 513 } });
    expect(other.acceptedReport(0, 2n), "report of another shard").to.equal(undefined);
    expect(other.committeeAt(3n)?.members.length, "committee").to.equal(4);
  });

  it("forgets reports of epochs beyond what it keeps", async () => {
    const view = await follow({ retainEpochs: 4 });
    await postReport(network, await makeReport(network, { epoch: 2n }), relayers);
    await waitUntil("the report is in the view", () => view.acceptedReport(0, 2n) !== undefined);
    await chain.mineAt(network.epochStart(7));
    await inStep(view);
    expect(view.acceptedReport(0, 2n), "report of a forgotten epoch").to.equal(undefined);
    expect((await follow({ retainEpochs: 4 })).acceptedReport(0, 2n), "the same in a fresh view").to.equal(undefined);
  });

  it("goes on with the next endpoint when one dies", async () => {
    const proxy = await proxyTo(chain.url);
    const view = await follow({ rpcUrls: [proxy.url, chain.url] });
    await proxy.stop();
    await chain.mine();
    await inStep(view);
    expect(view.health().endpoints.map(({ state }) => state)).to.deep.equal(["down", "ready"]);
  });

  it("leaves an endpoint whose head does not move", async () => {
    const proxy = await proxyTo(chain.url);
    const frozen = await chain.rpc("eth_getBlockByNumber", "latest", false);
    proxy.lies.set("eth_getBlockByNumber", ([which], truth) => (which === "latest" ? frozen : truth));
    const view = await follow({ rpcUrls: [proxy.url, chain.url], stallMs: 200 });
    await chain.mine();
    await inStep(view);
    expect(view.health().endpoints[0]?.state, "stalled endpoint").to.equal("down");
  });

  it("refuses an endpoint that lies about its chain id", async () => {
    const proxy = await proxyTo(chain.url);
    proxy.lies.set("eth_chainId", () => "0x1");
    const error = (await follow({ rpcUrls: [proxy.url] }).catch((reason: unknown) => reason)) as Error;
    expect(error.message).to.equal(
      "the chain cannot be followed: the RPC endpoint serves chain 1, the configuration says 31337",
    );
  });

  it("refuses a bridge with another schedule", async () => {
    const config = { ...network.config, epoch: { ...network.config.epoch, lengthSeconds: 60 } };
    const error = (await follow({ network: config }).catch((reason: unknown) => reason)) as Error;
    expect(error.message).to.contain("the bridge's epochLength is 10, the configuration says 60");
  });

  it("refuses a chain without the bridge", async () => {
    const contracts = { ...network.config.contracts, AttestationBridge: testAccount(20).address };
    const error = (await follow({ network: { ...network.config, contracts } }).catch(
      (reason: unknown) => reason,
    )) as Error;
    expect(error.message).to.contain("has no AttestationBridge at");
  });

  it("gives up at boot when no endpoint answers in time", async () => {
    const options = { rpcUrls: ["http://127.0.0.1:9"], bootTimeoutMs: 200 };
    const error = (await follow(options).catch((reason: unknown) => reason)) as Error;
    expect(error.message).to.contain("the chain cannot be followed: no RPC endpoint can be used");
  });
});
