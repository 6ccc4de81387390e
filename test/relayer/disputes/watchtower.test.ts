import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { expect } from "chai";
import { createPublicClient, getAddress, http } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { type DisputeEvent, disputeEvents } from "../../helpers/dispute-calls.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { EPOCH } from "../committee/committee-rig.ts";
import { type PlantedLeaf, WATCHER, WatchRig } from "./watch-rig.ts";

const WATCHER_ADDRESS = testAccount(WATCHER).address;
const PATIENCE_MS = 60_000;

describe("Watchtower", function () {
  this.timeout(120_000);

  let rig: WatchRig;

  beforeEach(async () => {
    rig = await WatchRig.create();
  });
  afterEach(() => rig.stop());

  const client = () => createPublicClient({ transport: http(rig.committee.chain.url), cacheTime: 0 });
  const sent = () => client().getTransactionCount({ address: WATCHER_ADDRESS });
  const events = <Name extends DisputeEvent>(name: Name) => disputeEvents(rig.committee.network, name);
  const committee = () => ({
    address: rig.committee.network.config.contracts.RelayerCommittee,
    abi: relayerCommitteeAbi,
  });
  const barred = async () => {
    const read = (address: `0x${string}`) =>
      client().readContract({ ...committee(), functionName: "relayerOf", args: [address] });
    const members = await Promise.all(rig.committee.relayers.map(({ address }) => read(address)));
    return members.filter(({ isBarred }) => isBarred).length;
  };
  const jailed = async () => {
    const read = (address: `0x${string}`) =>
      client().readContract({ ...committee(), functionName: "relayerOf", args: [address] });
    const members = await Promise.all(rig.committee.relayers.map(({ address }) => read(address)));
    return members.filter(({ frozenUntil }) => frozenUntil > 0n).length;
  };

  /** Leaves of which the last one was signed by another node's key. */
  async function withForgedSignature(): Promise<PlantedLeaf[]> {
    const leaves = await rig.attestAll();
    const { attestation } = leaves[2]!;
    return [...leaves.slice(0, 2), rig.committee.nodes[1]!.sign(attestation)];
  }

  it("sends nothing about an honest report", async () => {
    await rig.report(await rig.attestAll());
    await rig.watch();
    await waitUntil("the report is checked", async () => (await rig.checked("sound")) === 1, PATIENCE_MS);
    await rig.committee.chain.mine(20);
    expect(rig.store.open(), "cases").to.have.length(0);
    expect(await sent(), "transactions").to.equal(0);
  });

  it("proves a forged signature and convicts its signers", async () => {
    await rig.report(await withForgedSignature());
    await rig.watch();
    await rig.committee.chain.rpc("evm_setIntervalMining", 1);
    await waitUntil("the leaf is proven", async () => (await events("LeafInvalid")).length === 1, PATIENCE_MS);
    const [proof] = await events("LeafInvalid");
    expect(proof!.args, "proof").to.include({ nodeIndex: 2, epoch: EPOCH, flaw: 9 });
    expect(getAddress(proof!.args.prover!), "prover").to.equal(WATCHER_ADDRESS);
    expect(await jailed(), "members jailed").to.equal(4);
    await waitUntil("the signers are convicted", async () => (await barred()) === 4, PATIENCE_MS);
    await waitUntil("every case is closed", () => rig.store.open().length === 0, PATIENCE_MS);
  });

  it("waits for signatures that verify before it accuses their members", async () => {
    await rig.report(await withForgedSignature(), { forgesSignatures: true });
    await rig.watch();
    await rig.committee.chain.rpc("evm_setIntervalMining", 1);
    await waitUntil("the leaf is proven", async () => (await events("LeafInvalid")).length === 1, PATIENCE_MS);
    await waitUntil("its case is closed", () => rig.store.open().length === 0, PATIENCE_MS);
    await rig.serveTruth();
    await waitUntil("the signers are convicted", async () => (await barred()) === 4, PATIENCE_MS);
  });

  it("challenges a node that is claimed to have attested and has no leaf in the tree", async () => {
    const leaves = await rig.attestAll();
    await rig.report(leaves.slice(0, 2), { absent: "0x" });
    await rig.watch();
    await waitUntil("the leaf is challenged", async () => (await events("ChallengeMade")).length === 1, PATIENCE_MS);
    const [made] = await events("ChallengeMade");
    expect(made!.args, "challenge").to.include({ nodeIndex: 2, epoch: EPOCH });
  });

  it("goes on after a restart between claim and proof", async () => {
    await rig.report(await withForgedSignature());
    await rig.watch();
    await waitUntil("the evidence is claimed", async () => (await sent()) === 1, PATIENCE_MS);
    await rig.unwatch();
    await rig.watch();
    await rig.committee.chain.rpc("evm_setIntervalMining", 1);
    await waitUntil("the leaf is proven", async () => (await events("LeafInvalid")).length === 1, PATIENCE_MS);
    const claims = (await events("EvidenceClaimed")).length;
    expect(claims, "claims of the leaf").to.equal(1);
  });

  it("proves a beacon that no report recorded", async () => {
    await rig.report(await rig.attestAll({ beacon: `0x${"ba".repeat(32)}` }));
    await rig.watch();
    await rig.committee.chain.rpc("evm_setIntervalMining", 1);
    await waitUntil("all leaves are proven", async () => (await events("LeafInvalid")).length === 3, PATIENCE_MS);
    expect((await events("LeafInvalid")).map(({ args }) => args.flaw)).to.deep.equal([6, 6, 6]);
  });

  it("only finds when it may not act", async () => {
    await rig.report(await withForgedSignature());
    await rig.watch({ acts: false });
    await waitUntil("the report is checked", async () => (await rig.checked("faulty")) === 1, PATIENCE_MS);
    expect(rig.store.open().map(({ sentence }) => sentence)).to.deep.equal([
      `the leaf of node 2 in the report of epoch ${EPOCH} is not valid: its signature does not verify`,
    ]);
    await rig.committee.chain.mine(5);
    expect(await sent(), "transactions").to.equal(0);
  });

  it("challenges what nobody shows, ends it and is paid", async () => {
    await rig.report([], { root: `0x${"ab".repeat(32)}`, absent: "0x", isServed: false });
    const { chain, network } = rig.committee;
    const before = await client().getBalance({ address: WATCHER_ADDRESS });
    await rig.watch();
    await chain.mineAt(network.epochStart(EPOCH + 3n));
    await waitUntil("all leaves are challenged", async () => (await events("ChallengeMade")).length === 3, PATIENCE_MS);
    const { timestamp } = await chain.head();
    await chain.mineAt(timestamp + 61);
    await chain.rpc("evm_setIntervalMining", 1);
    await waitUntil("all challenges are over", async () => (await events("ChallengeClosed")).length === 3, PATIENCE_MS);
    expect(
      (await events("ChallengeClosed")).map(({ args }) => args.state),
      "upheld",
    ).to.deep.equal([4, 4, 4]);
    await waitUntil("the bonds are back", async () => (await events("Withdrawn")).length > 0, PATIENCE_MS);
    expect(await jailed(), "members jailed").to.equal(4);
    const spent = before - (await client().getBalance({ address: WATCHER_ADDRESS }));
    expect(spent < 10n ** 16n, `spent ${spent} wei, less than a bond`).to.equal(true);
    const { payableAt } = rig.chain.disputes.frozenSlashes()[0]!;
    await chain.mineAt(Number(payableAt));
    const paid = async () =>
      (await client().getContractEvents({ ...committee(), eventName: "SlashPaid", fromBlock: 0n })).length;
    await waitUntil("the reward is paid out", async () => (await paid()) >= 1, PATIENCE_MS);
  });

  it("keeps its bonds within the budget", async () => {
    await rig.report([], { root: `0x${"ab".repeat(32)}`, absent: "0x", isServed: false });
    const { chain, network } = rig.committee;
    await rig.watch({ bondBudgetWei: 20n * 10n ** 15n });
    await chain.mineAt(network.epochStart(EPOCH + 3n));
    const exhausted = async () => {
      const gauge = await rig.registry.getSingleMetric("pqmesh_disputes_budget_exhausted")?.get();
      return gauge?.values[0]?.value === 1;
    };
    await waitUntil("the budget is used up", exhausted, PATIENCE_MS);
    await waitUntil("two leaves are challenged", async () => (await events("ChallengeMade")).length === 2, PATIENCE_MS);
  });
});
