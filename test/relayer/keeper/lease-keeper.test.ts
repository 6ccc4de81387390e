import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { expect } from "chai";
import { createPublicClient, encodeFunctionData, type Hex, http, numberToHex, pad } from "viem";
import { LeaseKeeper } from "../../../relayer/src/keeper/lease-keeper.ts";
import { sweepKind } from "../../../relayer/src/keeper/sweep-intent.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { CLIENT, DOLLAR, JANITOR_FEE, TestMarket } from "../../helpers/test-market.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { KeeperCommittee } from "../submit/keeper-committee.ts";

const SEATS = [0, 1, 2, 3];
const FIRST = 20;
const HORIZON = 8;
/** As the contract counts. */
const [NOT_ACCEPTED, COMPLETED, BREACHED] = [4, 6, 10];
const STRANGER = testAccount(20).address;

describe("LeaseKeeper", function () {
  this.timeout(60_000);
  let committee: KeeperCommittee;
  let market: TestMarket;
  let keepers: LeaseKeeper[];

  beforeEach(async () => {
    keepers = [];
    committee = await KeeperCommittee.start({
      epochSeconds: 100,
      kindsOf: (chain) => [sweepKind(chain)],
      keeperOf(parts, { config: network }) {
        const keeper = new LeaseKeeper({ ...parts, network });
        keepers.push(keeper);
        return keeper;
      },
    });
    await committee.chain.mineAt(committee.network.epochStart(FIRST));
    market = await TestMarket.open(committee.network, committee.relayers, FIRST - 2);
    await market.list();
  });

  afterEach(() => committee?.stop());

  const escrow = () => ({ address: committee.network.config.contracts.LeaseEscrow, abi: leaseEscrowAbi }) as const;
  const client = () => createPublicClient({ transport: http(committee.chain.url), cacheTime: 0 });

  /** Every lease that was closed: status and who was paid for it. */
  async function closed(): Promise<Map<bigint, { status: number; janitor: string; epoch: number }>> {
    const events = await client().getContractEvents({ ...escrow(), eventName: "LeaseClosed", fromBlock: 0n });
    const rows = events.map(async ({ args, blockNumber }) => {
      const { timestamp } = await client().getBlock({ blockNumber });
      const epoch = Math.floor((Number(timestamp) - committee.network.epochStart(0)) / 100);
      return [args.leaseId!, { status: args.status!, janitor: args.janitor!, epoch }] as const;
    });
    return new Map(await Promise.all(rows));
  }

  /** Lets members look at each epoch `[from, until)`; in each the one before the last is reported. */
  async function pass(from: number, until: number, { isAbsent = false } = {}): Promise<void> {
    for (let epoch = from; epoch < until; epoch++) {
      await committee.chain.mineAt(committee.network.epochStart(epoch));
      await market.report(epoch - 2, { isAbsent });
      await committee.inStep();
    }
  }

  const difference = (after: number[], before: number[]) => after.map((count, i) => count - before[i]!);

  it("refunds a breach in the first epoch in which it is final, by one member", async () => {
    const leaseId = await market.rent({ epochs: 100 });
    const before = await committee.sent(SEATS);
    for (const seat of SEATS) await committee.startMember(seat);
    await pass(FIRST + 1, FIRST + 3);
    // The lease begins with FIRST + 1; what is reported from here on are its first epochs.
    await pass(FIRST + 3, FIRST + 4 + HORIZON, { isAbsent: true });
    expect(await closed(), "before the third absence is final").to.deep.equal(new Map());
    await pass(FIRST + 4 + HORIZON, FIRST + 5 + HORIZON, { isAbsent: true });
    await waitUntil("the lease is closed", async () => (await closed()).has(leaseId));
    const { status, epoch } = (await closed()).get(leaseId)!;
    expect({ status, epoch }).to.deep.equal({ status: BREACHED, epoch: FIRST + 4 + HORIZON });
    await pass(FIRST + 5 + HORIZON, FIRST + 10 + HORIZON);
    expect(await market.credit(CLIENT), "rent, bond and janitor's fee").to.equal(105n * DOLLAR + JANITOR_FEE);
    expect(
      difference(await committee.sent(SEATS), before).reduce((a, b) => a + b),
      "transactions",
    ).to.equal(1);
  });

  it("closes in one sweep all that was due before it started", async () => {
    const left = [await market.lease(), await market.lease()];
    const rented = [await market.rent({ epochs: 3 }), await market.rent({ epochs: 2 })];
    await pass(FIRST + 1, FIRST + 6 + HORIZON);
    const before = await committee.sent(SEATS);
    for (const seat of SEATS) await committee.startMember(seat);
    await pass(FIRST + 6 + HORIZON, FIRST + 16 + HORIZON);
    await waitUntil("the leases are closed", async () => (await closed()).size === 4);
    for (const id of left) expect((await closed()).get(id)?.status).to.equal(NOT_ACCEPTED);
    for (const id of rented) expect((await closed()).get(id)?.status).to.equal(COMPLETED);
    const sent = difference(await committee.sent(SEATS), before);
    expect(
      sent.reduce((a, b) => a + b),
      "transactions: one for each epoch in which leases became due",
    ).to.be.at.most(3);
    const earned = await Promise.all(committee.relayers.map(({ accountIndex }) => market.credit(accountIndex)));
    expect(
      earned.reduce((a, b) => a + b),
      "fees of overdue leases",
    ).to.equal(4n * JANITOR_FEE);
  });

  it("passes the turn on when members are away", async () => {
    const leaseId = await market.lease();
    await committee.startMember(2);
    await pass(FIRST + 1, FIRST + 13);
    await waitUntil("the lease is closed", async () => (await closed()).has(leaseId));
    expect((await closed()).get(leaseId)?.janitor).to.equal(committee.relayers[2]!.address);
  });

  it("goes on after a restart", async () => {
    const leaseId = await market.rent({ epochs: 3 });
    await committee.startMember(1);
    await pass(FIRST + 1, FIRST + 6);
    await committee.members.pop()!.stop();
    await pass(FIRST + 6, FIRST + 10 + HORIZON);
    expect((await closed()).size, "with nobody there").to.equal(0);
    await committee.startMember(1);
    await pass(FIRST + 10 + HORIZON, FIRST + 20 + HORIZON);
    await waitUntil("the lease is closed", async () => (await closed()).has(leaseId));
    expect(keepers.at(-1)!.health()).to.deep.equal({ ok: true, reasons: [] });
  });

  it("gives way to a stranger who was faster", async () => {
    const leaseId = await market.lease();
    await committee.startMember(0);
    const { chain } = committee;
    await pass(FIRST + 1, FIRST + 3);
    await chain.rpc("evm_setAutomine", false);
    // The stranger offers more, so that its transaction comes first in the block that holds both.
    const data = encodeFunctionData({ abi: leaseEscrowAbi, functionName: "sweep", args: [[leaseId], 1_000n] });
    const maxFeePerGas = numberToHex(10n ** 12n);
    const fees = { maxFeePerGas, maxPriorityFeePerGas: numberToHex(10n ** 11n), gas: numberToHex(1_000_000n) };
    await chain.rpc("anvil_impersonateAccount", STRANGER);
    // The lease is due with FIRST + 3: seat 0 has the second turn, of two epochs each.
    await chain.mineAt(committee.network.epochStart(FIRST + 5));
    await waitUntil("the member has sent its sweep", async () => (await pending()) === 1);
    await chain.rpc("eth_sendTransaction", { from: STRANGER, to: escrow().address, data, ...fees });
    await chain.mine();
    await chain.rpc("evm_setAutomine", true);
    expect((await closed()).get(leaseId)?.janitor).to.equal(STRANGER);
    await chain.mine(20);
    await committee.inStep();
    const skipped = await client().getContractEvents({ ...escrow(), eventName: "SweepSkipped", fromBlock: 0n });
    expect(
      skipped.map(({ args }) => args.outcome),
      "already closed",
    ).to.deep.equal([4]);
    expect(committee.members[0]!.submitter.health()).to.deep.equal({ ok: true, reasons: [] });
    expect(keepers[0]!.health()).to.deep.equal({ ok: true, reasons: [] });
  });

  it("closes a lease once when two of them sweep it in the same block", async () => {
    const leaseId = await market.lease();
    const { chain, network, relayers } = committee;
    // One without a seat may sweep once every seat had its turn; then seat 0 has another one.
    relayers.push({ ...relayers[0]!, accountIndex: 14, address: testAccount(14).address });
    await chain.mineAt(network.epochStart(FIRST + 3 + 2 * 5));
    await chain.rpc("evm_setAutomine", false);
    for (const seat of [0, 4]) await committee.startMember(seat);
    await waitUntil("both have sent their sweep", async () => (await pending()) === 2);
    await chain.rpc("evm_setAutomine", true);
    await chain.mine(20);
    await committee.inStep();
    const events = await client().getContractEvents({ ...escrow(), fromBlock: 0n });
    const swept = events.filter(({ eventName }) => eventName === "LeaseClosed" || eventName === "SweepSkipped");
    expect(swept.map(({ eventName }) => eventName)).to.deep.equal(["LeaseClosed", "SweepSkipped"]);
    expect((await closed()).has(leaseId)).to.equal(true);
    for (const { submitter } of committee.members) expect(submitter.health().reasons).to.deep.equal([]);
    for (const keeper of keepers) expect(keeper.health().reasons).to.deep.equal([]);
    const members = [10, 11, 12, 13, 14].map((account) => market.credit(account));
    const paid = (await Promise.all(members)).reduce((sum, units) => sum + units);
    expect(paid, "one fee").to.equal(JANITOR_FEE);
  });

  async function pending(): Promise<number> {
    return Number((await committee.chain.rpc<{ pending: Hex }>("txpool_status")).pending);
  }

  it("leaves out a lease that cannot be closed", async () => {
    await market.list({ bondEpochs: 7 });
    await market.list({ bondEpochs: 0 });
    const broken = await market.rent({ listing: 2, epochs: 3 });
    const sound = await market.rent({ listing: 3, epochs: 3 });
    await setLockedBond(7n * DOLLAR, 0n);
    const before = await committee.sent(SEATS);
    for (const seat of SEATS) await committee.startMember(seat);
    await pass(FIRST + 1, FIRST + 14 + HORIZON);
    expect([...(await closed()).keys()]).to.deep.equal([sound]);
    const sent = difference(await committee.sent(SEATS), before).reduce((a, b) => a + b);
    expect(sent, "transactions").to.equal(1);
    await setLockedBond(0n, 7n * DOLLAR);
    await pass(FIRST + 14 + HORIZON, FIRST + 34 + HORIZON);
    await waitUntil("the other lease is closed, too", async () => (await closed()).has(broken));
  });

  /** Changes the bond that is locked in the escrow's storage: a fault that makes closing revert. */
  async function setLockedBond(from: bigint, to: bigint): Promise<void> {
    const { chain } = committee;
    const { address } = escrow();
    const read = () => client().readContract({ ...escrow(), functionName: "bondOf", args: [1, market.token] });
    const { free, locked } = await read();
    expect(locked, "locked before").to.equal(from);
    const { accessList } = await chain.rpc<{ accessList: { address: Hex; storageKeys: Hex[] }[] }>(
      "eth_createAccessList",
      {
        from: STRANGER,
        to: address,
        data: encodeFunctionData({ abi: leaseEscrowAbi, functionName: "bondOf", args: [1, market.token] }),
      },
    );
    const word = pad(numberToHex((locked << 128n) | free), { size: 32 });
    for (const { storageKeys } of accessList.filter((entry) => entry.address.toLowerCase() === address.toLowerCase())) {
      for (const key of storageKeys) {
        if ((await chain.rpc("eth_getStorageAt", address, key, "latest")) !== word) continue;
        await chain.rpc("anvil_setStorageAt", address, key, pad(numberToHex((to << 128n) | free), { size: 32 }));
      }
    }
    expect((await read()).locked, "locked after").to.equal(to);
  }
});
