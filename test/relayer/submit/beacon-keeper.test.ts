import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { expect } from "chai";
import { createPublicClient, http } from "viem";
import { beaconKind } from "../../../relayer/src/submit/beacon-intent.ts";
import { BeaconKeeper } from "../../../relayer/src/submit/beacon-keeper.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { KeeperCommittee } from "./keeper-committee.ts";

const EPOCH_SECONDS = 1_000;
/** Later than any attestation may carry the genesis beacon; seat 0 has the first turn in it. */
const SILENT_EPOCH = 20;

describe("BeaconKeeper", function () {
  this.timeout(30_000);
  let committee: KeeperCommittee;

  beforeEach(async () => {
    committee = await KeeperCommittee.start({
      epochSeconds: EPOCH_SECONDS,
      kindsOf: (chain) => [beaconKind(chain)],
      keeperOf: (parts) => new BeaconKeeper(parts),
    });
  });

  afterEach(() => committee?.stop());

  /** Mines until a moment of an epoch, deep enough for a beacon from it, and waits until every member has looked at it. */
  async function goTo(epoch: number, fraction: number): Promise<void> {
    await committee.chain.mineAt(committee.network.epochStart(epoch) + EPOCH_SECONDS * fraction);
    await committee.chain.mine(16);
    await committee.inStep();
  }

  /** Epochs in which beacons were recorded. */
  async function recorded(): Promise<bigint[]> {
    const client = createPublicClient({ transport: http(committee.chain.url) });
    const logs = await client.getContractEvents({
      address: committee.network.config.contracts.AttestationBridge,
      abi: attestationBridgeAbi,
      eventName: "BeaconRecorded",
      fromBlock: 0n,
    });
    return logs.map(({ args }) => args.epoch!);
  }

  it("records one beacon for eight epochs while no reports arrive", async () => {
    await goTo(SILENT_EPOCH, 0.01);
    const before = await committee.sent([0, 1, 2, 3]);
    for (const seat of [0, 1, 2, 3]) await committee.startMember(seat);
    const view = committee.members[0]!.chain;
    await waitUntil("a beacon is recorded", async () => (await recorded()).length > 0);
    await committee.inStep();
    for (let later = 1; later <= 8; later++) {
      expect(view.beaconFor(0, BigInt(SILENT_EPOCH + later)), `beacon ${later} epochs later`).to.be.a("string");
      if (later < 8) await goTo(SILENT_EPOCH + later, 0.01);
    }
    expect(await recorded()).to.deep.equal([BigInt(SILENT_EPOCH)]);
    const after = await committee.sent([0, 1, 2, 3]);
    expect(
      after.map((count, seat) => count - before[seat]!),
      "transactions by seat",
    ).to.deep.equal([1, 0, 0, 0]);
    await goTo(SILENT_EPOCH + 8, 0.01);
    await waitUntil("the next one is recorded in time", async () => (await recorded()).length === 2);
    await committee.inStep();
    expect(view.beaconFor(0, BigInt(SILENT_EPOCH) + 9n), "beacon nine epochs later").to.be.a("string");
  });

  it("lets the next member act when the first is away", async () => {
    await goTo(SILENT_EPOCH, 0.01);
    for (const seat of [1, 2, 3]) await committee.startMember(seat);
    await goTo(SILENT_EPOCH, 0.1);
    expect(await recorded(), "before the second turn").to.deep.equal([]);
    const before = await committee.sent([1, 2, 3]);
    await goTo(SILENT_EPOCH, 0.25);
    await waitUntil("a beacon is recorded", async () => (await recorded()).length > 0);
    await committee.inStep();
    expect(await recorded()).to.deep.equal([BigInt(SILENT_EPOCH)]);
    expect((await committee.sent([1, 2, 3])).map((count, i) => count - before[i]!)).to.deep.equal([1, 0, 0]);
  });

  it("records nothing while reports bring beacons", async () => {
    await goTo(SILENT_EPOCH, 0.01);
    const { network, relayers } = committee;
    await postReport(network, await makeReport(network, { epoch: BigInt(SILENT_EPOCH) - 2n }), relayers);
    for (const seat of [0, 1, 2, 3]) await committee.startMember(seat);
    await goTo(SILENT_EPOCH, 0.95);
    await goTo(SILENT_EPOCH + 1, 0.95);
    expect(committee.members.map(({ submitter }) => submitter.health().ok)).to.deep.equal([true, true, true, true]);
    expect(await recorded()).to.deep.equal([]);
  });

  it("leaves a beacon alone that somebody else recorded first", async () => {
    await goTo(SILENT_EPOCH, 0.01);
    const block = (await committee.chain.head()).number - 14;
    await committee.network.call("AttestationBridge", "recordBeacon", [block], testAccount(20).address);
    for (const seat of [0, 1, 2, 3]) await committee.startMember(seat);
    const before = await committee.sent([0, 1, 2, 3]);
    await goTo(SILENT_EPOCH, 0.95);
    expect(await recorded()).to.deep.equal([BigInt(SILENT_EPOCH)]);
    expect(await committee.sent([0, 1, 2, 3])).to.deep.equal(before);
  });
});
