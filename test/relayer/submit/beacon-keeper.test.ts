import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { expect } from "chai";
import { pino } from "pino";
import { createPublicClient, http } from "viem";
import { type ChainFollower, followChain } from "../../../relayer/src/chain/follow-chain.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import { beaconKind } from "../../../relayer/src/submit/beacon-intent.ts";
import { BeaconKeeper } from "../../../relayer/src/submit/beacon-keeper.ts";
import { OUTBOX_MIGRATIONS } from "../../../relayer/src/submit/outbox-store.ts";
import { createSubmitter, type Submitter } from "../../../relayer/src/submit/submitter.ts";
import { startAnvil, type TestChain, testAccount } from "../../helpers/anvil.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import {
  addNodes,
  deployTestNetwork,
  freshPublicKeys,
  seatCommittee,
  type TestNetwork,
  type TestRelayer,
} from "../../helpers/test-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

const EPOCH_SECONDS = 1_000;
/** Later than any attestation may carry the genesis beacon; seat 0 has the first turn in it. */
const SILENT_EPOCH = 20;
const log = pino({ level: "silent" });

/** A relayer as far as beacons are concerned. */
interface Member {
  chain: ChainFollower;
  submitter: Submitter;
  keeper: BeaconKeeper;
  stop(): Promise<void>;
}

describe("BeaconKeeper", function () {
  this.timeout(30_000);
  let chain: TestChain;
  let network: TestNetwork;
  let relayers: TestRelayer[];
  let members: Member[];

  beforeEach(async () => {
    chain = await startAnvil({ timestamp: Math.floor(Date.now() / 1_000) - 100_000 });
    network = await deployTestNetwork(chain, { epochSeconds: EPOCH_SECONDS });
    await addNodes(network, freshPublicKeys(1));
    const seats = [10, 11, 12, 13].map((accountIndex) => ({ accountIndex, endpoint: "https://127.0.0.1:1" }));
    relayers = await seatCommittee(network, seats);
    members = [];
  });

  afterEach(async () => {
    for (const member of members) await member.stop();
    await chain.stop();
  });

  async function startMember(seat: number): Promise<void> {
    const view = await followChain({ rpcUrls: [chain.url], network: network.config, log, pollMs: 20 });
    const directory = mkdtempSync(join(tmpdir(), "beacon-"));
    const db = openDatabase(join(directory, "outbox.db"), OUTBOX_MIGRATIONS);
    const account = testAccount(relayers[seat]!.accountIndex);
    const submitter = createSubmitter({
      ...{ db, chain: view, account, kinds: [beaconKind(view)] },
      ...{ lockDirectory: directory, log },
    });
    const keeper = new BeaconKeeper({ chain: view, submitter, address: account.address, log });
    keeper.start();
    const stop = async (): Promise<void> => {
      keeper.stop();
      await submitter.stop();
      await view.stop();
      db.close();
      rmSync(directory, { recursive: true });
    };
    members.push({ chain: view, submitter, keeper, stop });
  }

  /** Mines until a moment of an epoch, deep enough for a beacon from it, and waits until every member has looked at it. */
  async function goTo(epoch: number, fraction: number): Promise<void> {
    await chain.mineAt(network.epochStart(epoch) + EPOCH_SECONDS * fraction);
    await chain.mine(16);
    await inStep();
  }

  async function inStep(): Promise<void> {
    await waitUntil("members are at the head", async () => {
      const { hash } = await chain.head();
      return members.every((member) => member.chain.head().hash === hash);
    });
    for (const { submitter } of members) await submitter.reconcile();
  }

  /** Epochs in which beacons were recorded. */
  async function recorded(): Promise<bigint[]> {
    const client = createPublicClient({ transport: http(chain.url) });
    const logs = await client.getContractEvents({
      address: network.config.contracts.AttestationBridge,
      abi: attestationBridgeAbi,
      eventName: "BeaconRecorded",
      fromBlock: 0n,
    });
    return logs.map(({ args }) => args.epoch!);
  }

  /** Transactions that members have sent since they were started. */
  async function sent(seats: number[]): Promise<number[]> {
    const nonces = seats.map((seat) => chain.rpc("eth_getTransactionCount", relayers[seat]!.address, "latest"));
    return (await Promise.all(nonces)).map(Number);
  }

  it("records one beacon for eight epochs while no reports arrive", async () => {
    await goTo(SILENT_EPOCH, 0.01);
    const before = await sent([0, 1, 2, 3]);
    for (const seat of [0, 1, 2, 3]) await startMember(seat);
    const view = members[0]!.chain;
    await waitUntil("a beacon is recorded", async () => (await recorded()).length > 0);
    await inStep();
    for (let later = 1; later <= 8; later++) {
      expect(view.beaconFor(0, BigInt(SILENT_EPOCH + later)), `beacon ${later} epochs later`).to.be.a("string");
      if (later < 8) await goTo(SILENT_EPOCH + later, 0.01);
    }
    expect(await recorded()).to.deep.equal([BigInt(SILENT_EPOCH)]);
    const after = await sent([0, 1, 2, 3]);
    expect(
      after.map((count, seat) => count - before[seat]!),
      "transactions by seat",
    ).to.deep.equal([1, 0, 0, 0]);
    await goTo(SILENT_EPOCH + 8, 0.01);
    await waitUntil("the next one is recorded in time", async () => (await recorded()).length === 2);
    await inStep();
    expect(view.beaconFor(0, BigInt(SILENT_EPOCH) + 9n), "beacon nine epochs later").to.be.a("string");
  });

  it("lets the next member act when the first is away", async () => {
    await goTo(SILENT_EPOCH, 0.01);
    for (const seat of [1, 2, 3]) await startMember(seat);
    await goTo(SILENT_EPOCH, 0.1);
    expect(await recorded(), "before the second turn").to.deep.equal([]);
    const before = await sent([1, 2, 3]);
    await goTo(SILENT_EPOCH, 0.25);
    await waitUntil("a beacon is recorded", async () => (await recorded()).length > 0);
    await inStep();
    expect(await recorded()).to.deep.equal([BigInt(SILENT_EPOCH)]);
    expect((await sent([1, 2, 3])).map((count, i) => count - before[i]!)).to.deep.equal([1, 0, 0]);
  });

  it("records nothing while reports bring beacons", async () => {
    await goTo(SILENT_EPOCH, 0.01);
    await postReport(network, await makeReport(network, { epoch: BigInt(SILENT_EPOCH) - 2n }), relayers);
    for (const seat of [0, 1, 2, 3]) await startMember(seat);
    await goTo(SILENT_EPOCH, 0.95);
    await goTo(SILENT_EPOCH + 1, 0.95);
    expect(members.map(({ submitter }) => submitter.health().ok)).to.deep.equal([true, true, true, true]);
    expect(await recorded()).to.deep.equal([]);
  });

  it("leaves a beacon alone that somebody else recorded first", async () => {
    await goTo(SILENT_EPOCH, 0.01);
    const block = (await chain.head()).number - 14;
    await network.call("AttestationBridge", "recordBeacon", [block], testAccount(20).address);
    for (const seat of [0, 1, 2, 3]) await startMember(seat);
    const before = await sent([0, 1, 2, 3]);
    await goTo(SILENT_EPOCH, 0.95);
    expect(await recorded()).to.deep.equal([BigInt(SILENT_EPOCH)]);
    expect(await sent([0, 1, 2, 3])).to.deep.equal(before);
  });
});
