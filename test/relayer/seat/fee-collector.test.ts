import { committeeFeesAbi } from "@pqmesh/contracts/generated/committee-fees-abi";
import { expect } from "chai";
import { createPublicClient, encodeFunctionData, http, parseEther } from "viem";
import { collectKind } from "../../../relayer/src/seat/collect-intent.ts";
import { EpochWatch } from "../../../relayer/src/seat/epoch-watch.ts";
import { FeeCollector } from "../../../relayer/src/seat/fee-collector.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { KeeperCommittee } from "../submit/keeper-committee.ts";

const SEATS = [0, 1, 2, 3];
const FIRST = 20;
const REPORTS = 8;
/** Epoch in which all reports are final; the turn of seat 1 begins with it. */
const FINAL = FIRST + REPORTS + 8;
/** What each seat gets of the reports: an eighth of each fee, and the half of two that it led. */
const SHARE = parseEther("2");

describe("FeeCollector", function () {
  this.timeout(60_000);
  let committee: KeeperCommittee;
  let collectFromWei: bigint;

  beforeEach(async () => {
    collectFromWei = SHARE;
    committee = await KeeperCommittee.start({
      epochSeconds: 10,
      kindsOf: (chain) => [collectKind(chain)],
      keeperOf: (parts, { config }) =>
        new EpochWatch(parts.chain, [
          new FeeCollector({ ...parts, fees: config.contracts.CommitteeFees, collectFromWei }),
        ]),
    });
    const { network, relayers } = committee;
    for (let epoch = FIRST; epoch < FIRST + REPORTS; epoch++) {
      await committee.chain.mineAt(network.epochStart(epoch + 2));
      await postReport(network, await makeReport(network, { epoch: BigInt(epoch) }), relayers);
    }
  });

  afterEach(() => committee?.stop());

  const fees = () => ({ address: committee.network.config.contracts.CommitteeFees, abi: committeeFeesAbi }) as const;
  const client = () => createPublicClient({ transport: http(committee.chain.url), cacheTime: 0 });

  /** The DAO fills the reserve. */
  async function fund(amount: bigint): Promise<void> {
    const { network, chain } = committee;
    const { address: to } = fees();
    await network.call("MeshToken", "approve", [to, amount]);
    const data = encodeFunctionData({ abi: committeeFeesAbi, functionName: "fund", args: [amount] });
    await chain.send({ from: testAccount(0).address, to, data });
  }

  async function goTo(epoch: number): Promise<void> {
    await committee.chain.mineAt(committee.network.epochStart(epoch));
    await committee.inStep();
  }

  /** Lets members look at each epoch `[from, until)`. */
  async function pass(from: number, until: number): Promise<void> {
    for (let epoch = from; epoch < until; epoch++) await goTo(epoch);
  }

  const paid = async () =>
    (await client().getContractEvents({ ...fees(), eventName: "ReportPaid", fromBlock: 0n })).map(
      ({ args }) => args.epoch,
    );
  const credited = () =>
    Promise.all(
      committee.relayers.map(({ address }) =>
        client().readContract({ ...fees(), functionName: "feesOf", args: [address] }),
      ),
    );
  const difference = (after: number[], before: number[]) => after.map((count, i) => count - before[i]!);

  it("has all final reports paid once, by one member, when its part is worth it", async () => {
    await fund(parseEther("100"));
    const before = await committee.sent(SEATS);
    for (const seat of SEATS) await committee.startMember(seat);
    await pass(FINAL - 4, FINAL);
    expect(await paid(), "while one report is not final").to.deep.equal([]);
    await goTo(FINAL);
    await waitUntil("the reports are paid", async () => (await paid()).length === REPORTS);
    await pass(FINAL + 1, FINAL + 17);
    expect(await paid()).to.deep.equal(Array.from({ length: REPORTS }, (_, i) => BigInt(FIRST + i)));
    expect(await credited(), "MESH wei by seat").to.deep.equal(SEATS.map(() => SHARE));
    expect(difference(await committee.sent(SEATS), before), "transactions by seat").to.deep.equal([0, 1, 0, 0]);
  });

  it("passes the turn on when its member is away", async () => {
    await fund(parseEther("100"));
    await goTo(FINAL - 1);
    for (const seat of [0, 3]) await committee.startMember(seat);
    await pass(FINAL, FINAL + 8);
    expect(await paid(), "in the turns of seats 1 and 2").to.deep.equal([]);
    await goTo(FINAL + 8);
    await waitUntil("the reports are paid", async () => (await paid()).length === REPORTS);
  });

  it("leaves alone what is worth less than its operator asks for", async () => {
    collectFromWei = SHARE + 1n;
    await fund(parseEther("100"));
    const before = await committee.sent(SEATS);
    for (const seat of SEATS) await committee.startMember(seat);
    await pass(FINAL, FINAL + 17);
    expect(difference(await committee.sent(SEATS), before), "transactions by seat").to.deep.equal([0, 0, 0, 0]);
  });

  it("waits until the reserve can pay", async () => {
    await fund(parseEther("7"));
    const before = await committee.sent(SEATS);
    for (const seat of SEATS) await committee.startMember(seat);
    await pass(FINAL, FINAL + 17);
    expect(difference(await committee.sent(SEATS), before), "transactions by seat").to.deep.equal([0, 0, 0, 0]);
    await fund(parseEther("1"));
    await goTo(FINAL + 17);
    await waitUntil("the reports are paid", async () => (await paid()).length === REPORTS);
  });
});
