import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { memberOffencesAbi } from "@pqmesh/contracts/generated/member-offences-abi";
import { expect } from "chai";
import { createPublicClient, http } from "viem";
import { waitUntil } from "../../helpers/wait-until.ts";
import { EPOCH } from "../committee/committee-rig.ts";
import { SelfProofRig } from "./self-proof-rig.ts";

const PATIENCE_MS = 30_000;
const [ATTESTED, ABSENT, UNREPORTED] = [2, 3, 5];

describe("SelfProver", function () {
  this.timeout(90_000);

  let rig: SelfProofRig;

  beforeEach(async () => {
    rig = await SelfProofRig.create();
    await rig.goTo(EPOCH);
  });
  afterEach(() => rig.stop());

  const client = () => createPublicClient({ transport: http(rig.committee.chain.url), cacheTime: 0 });
  const logs = () => {
    const address = rig.committee.network.config.contracts.AttestationBridge;
    return client().getContractEvents({ address, abi: attestationBridgeAbi, fromBlock: 0n });
  };
  const commits = async () => (await logs()).filter(({ eventName }) => eventName === "AttestationCommitted");
  const convictions = () => {
    const address = rig.committee.network.config.contracts.MemberOffences;
    const eventName = "MemberConvicted";
    return client().getContractEvents({ address, abi: memberOffencesAbi, eventName, fromBlock: 0n });
  };
  const isCommitted = () => waitUntil("it is committed", async () => (await commits()).length === 1, PATIENCE_MS);
  /** Waits until the newest block was looked at. */
  const caughtUp = async () => {
    await rig.committee.chain.mine(2);
    const { hash } = await rig.committee.chain.head();
    await waitUntil("the view is at the head", () => rig.chain.head().hash === hash);
    const before = rig.chain.head().number;
    await rig.committee.chain.mine(1);
    await waitUntil("one more block is seen", () => rig.chain.head().number > before);
  };

  it("commits an attestation that nobody acknowledged, once", async () => {
    const { digest } = await rig.attest(EPOCH);
    await rig.watch();
    await caughtUp();
    expect(await commits(), "before the epoch is over").to.have.length(0);
    await rig.goTo(EPOCH + 1n);
    await isCommitted();
    await caughtUp();
    const [committed, ...others] = await commits();
    expect(committed!.args).to.include({ nodeIndex: 0, epoch: EPOCH, attestationHash: digest });
    expect(others, "other commits").to.have.length(0);
  });

  it("goes on after a restart, and commits again what a reorg took away", async () => {
    await rig.attest(EPOCH);
    await rig.goTo(EPOCH + 1n);
    await rig.watch();
    await isCommitted();
    await rig.unwatch();
    await rig.watch();
    await caughtUp();
    expect(await commits(), "after the restart").to.have.length(1);
    await rig.unwatch();
    await rig.committee.chain.reorg(8);
    expect(await commits(), "after the reorg").to.have.length(0);
    await rig.watch();
    await rig.goTo(EPOCH + 1n, 20);
    await isCommitted();
  });

  it("sends nothing while enough members acknowledged and the report has time", async () => {
    await rig.acknowledge(await rig.attest(EPOCH), [0, 1]);
    await rig.goTo(EPOCH + 1n);
    await rig.watch();
    await caughtUp();
    expect(await commits(), "early").to.have.length(0);
    await rig.goTo(EPOCH + 1n, 31);
    await isCommitted();
  });

  it("sends nothing when the report has the node", async () => {
    await rig.attest(EPOCH);
    await rig.goTo(EPOCH + 1n);
    await rig.report(EPOCH, [1, 2]);
    await rig.watch();
    await rig.goTo(EPOCH + 1n, 40);
    await caughtUp();
    expect(await commits()).to.have.length(0);
    expect(await rig.metric("unsecured_epochs_total")).to.equal(0);
  });

  it("warns and counts without a wallet", async () => {
    await rig.attest(EPOCH);
    await rig.goTo(EPOCH + 1n);
    await rig.watch({ hasWallet: false });
    await waitUntil("it is counted", async () => (await rig.metric("unprotected_epochs_total")) === 1);
    await caughtUp();
    expect(await rig.metric("unprotected_epochs_total"), "counted once").to.equal(1);
    expect(await commits()).to.have.length(0);
  });

  it("stays within its daily budget", async () => {
    await rig.attest(EPOCH);
    await rig.goTo(EPOCH + 1n);
    await rig.watch({ dailyBudgetWei: 1_000n });
    await waitUntil("it says so", async () => (await rig.metric("budget_exhausted")) === 1);
    expect(await commits()).to.have.length(0);
  });

  it("proves absent and unreported epochs in one transaction", async () => {
    await rig.watch();
    for (const epoch of [EPOCH, EPOCH + 1n, EPOCH + 2n]) {
      await rig.attest(epoch);
      await rig.goTo(epoch + 1n);
      if (epoch === EPOCH + 1n) await rig.report(epoch);
      const expected = Number(epoch - EPOCH) + 1;
      await waitUntil(`epoch ${epoch} is committed`, async () => (await commits()).length === expected, PATIENCE_MS);
    }
    expect([await rig.statusOf(EPOCH), await rig.statusOf(EPOCH + 1n)]).to.deep.equal([UNREPORTED, ABSENT]);
    await rig.goTo(EPOCH + 4n);
    const admitted = async () => (await logs()).filter(({ eventName }) => eventName === "EpochsAdmitted");
    await waitUntil("it is proven", async () => (await admitted()).length > 0, PATIENCE_MS);
    for (const epoch of [EPOCH, EPOCH + 1n, EPOCH + 2n]) {
      expect(await rig.statusOf(epoch), `status of ${epoch}`).to.equal(ATTESTED);
    }
    await caughtUp();
    expect(await admitted(), "proofs").to.have.length(1);
    await waitUntil("nothing is missing", async () => (await rig.metric("missing_epochs")) === 0);
  });

  it("convicts members that left the node out against their receipt", async () => {
    await rig.acknowledge(await rig.attest(EPOCH), [1, 2]);
    await rig.goTo(EPOCH + 1n);
    await rig.report(EPOCH);
    await rig.watch();
    await rig.committee.chain.rpc("evm_setIntervalMining", 1);
    await waitUntil("both are convicted", async () => (await convictions()).length === 2, PATIENCE_MS);
    const convicted = (await convictions()).map(({ args }) => args.member);
    expect(convicted).to.have.members([1, 2].map((seat) => rig.committee.relayers[seat]!.address));
    expect((await convictions()).map(({ args }) => args.kind)).to.deep.equal([2, 2]);
    expect(await rig.metric("omissions_total")).to.equal(2);
  });
});
