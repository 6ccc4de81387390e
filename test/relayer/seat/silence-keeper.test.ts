import { committeeFeesAbi } from "@pqmesh/contracts/generated/committee-fees-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import { expect } from "chai";
import { createPublicClient, getAddress, type Hex, http, stringToHex, toFunctionSelector } from "viem";
import { SEAT_MIGRATIONS, ShownSignatures } from "../../../relayer/src/seat/shown-signatures.ts";
import { silenceKinds } from "../../../relayer/src/seat/silence-intents.ts";
import { EpochWatch } from "../../../relayer/src/seat/epoch-watch.ts";
import { SilenceKeeper } from "../../../relayer/src/seat/silence-keeper.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { KeeperCommittee } from "../submit/keeper-committee.ts";

const SEATS = [0, 1, 2, 3];
/** Seat whose signature does not go with reports. */
const SILENT = 3;
const FIRST = 20;
/** Reports in a row after which a member is silent: the fewest that the DAO can ask for. */
const ROW = 32;
const SHOW = toFunctionSelector(
  committeeFeesAbi.find((item) => item.type === "function" && item.name === "showSignature")!,
);

describe("SilenceKeeper", function () {
  this.timeout(90_000);
  let committee: KeeperCommittee;
  /** Signatures of the seat that is left out, by epoch. */
  let kept: Map<bigint, Hex>;

  beforeEach(async () => {
    kept = new Map();
    committee = await KeeperCommittee.start({
      epochSeconds: 10,
      kindsOf: silenceKinds,
      keeperOf: (parts, { config }) =>
        new EpochWatch(parts.chain, [
          new SilenceKeeper({
            ...{ ...parts, fees: config.contracts.CommitteeFees, removesSilent: true },
            reports: { reportOf: (epoch) => reportOf(epoch) },
            shown: new ShownSignatures(openDatabase(":memory:", SEAT_MIGRATIONS)),
          }),
        ]),
    });
    const name = stringToHex("committeeSilentReports", { size: 32 });
    await committee.network.call("NetworkParameters", "set", [name, BigInt(ROW)]);
  });

  afterEach(() => committee?.stop());

  /** A report as the store of the member that is left out has it; the others hold nothing of it. */
  function reportOf(epoch: bigint) {
    const ecdsa = kept.get(epoch);
    if (!ecdsa) return undefined;
    const signature = { seat: SILENT, address: committee.relayers[SILENT]!.address, ecdsa, mldsa: "0x" } as const;
    return { report: { epoch } as never, leaves: [], signatures: [signature] };
  }

  /** Reports epochs `[from, until)` without the signature of one seat; members look before each. */
  async function report(from: number, until: number): Promise<void> {
    const { network, relayers, chain } = committee;
    for (let epoch = from; epoch < until; epoch++) {
      await chain.mineAt(network.epochStart(epoch + 2));
      await committee.inStep();
      const made = await makeReport(network, { epoch: BigInt(epoch) });
      const signatures = await postReport(
        network,
        made,
        relayers,
        SEATS.filter((seat) => seat !== SILENT),
      );
      kept.set(BigInt(epoch), signatures.get(SILENT)!);
      await committee.inStep();
    }
  }

  const client = () => createPublicClient({ transport: http(committee.chain.url), cacheTime: 0 });
  const removed = async () => {
    const { CommitteeFees: address } = committee.network.config.contracts;
    const filter = { address, abi: committeeFeesAbi, eventName: "SilentMemberRemoved", fromBlock: 0n } as const;
    return (await client().getContractEvents(filter)).map(({ args }) => getAddress(args.member!));
  };
  /** Senders of signatures that were left out. */
  async function shown(): Promise<string[]> {
    const senders: string[] = [];
    for (let blockNumber = await client().getBlockNumber(); blockNumber > 0n; blockNumber--) {
      const { transactions } = await client().getBlock({ blockNumber, includeTransactions: true });
      senders.push(...transactions.filter(({ input }) => input.startsWith(SHOW)).map(({ from }) => getAddress(from)));
    }
    return senders;
  }
  const difference = (after: number[], before: number[]) => after.map((count, i) => count - before[i]!);

  it("takes the seat of a member that signed nothing for long, in one transaction", async () => {
    await report(FIRST, FIRST + ROW - 2);
    const others = SEATS.filter((seat) => seat !== SILENT);
    const before = await committee.sent(others);
    for (const seat of others) await committee.startMember(seat);
    await report(FIRST + ROW - 2, FIRST + ROW);
    expect(await removed(), "in the epoch of the last report").to.deep.equal([]);
    await committee.chain.mineAt(committee.network.epochStart(FIRST + ROW + 2));
    await waitUntil("the seat is taken", async () => (await removed()).length === 1);
    for (let epoch = FIRST + ROW + 3; epoch < FIRST + ROW + 9; epoch++) {
      await committee.chain.mineAt(committee.network.epochStart(epoch));
      await committee.inStep();
    }
    expect(await removed()).to.deep.equal([committee.relayers[SILENT]!.address]);
    const { RelayerCommittee: address } = committee.network.config.contracts;
    const call = { address, abi: relayerCommitteeAbi, functionName: "membersOf", args: [2] } as const;
    expect(await client().readContract(call), "next committee").to.have.length(3);
    const counts = difference(await committee.sent(others), before);
    expect(
      counts.reduce((sum, count) => sum + count, 0),
      "transactions",
    ).to.equal(1);
  });

  it("leaves a seat to the next member when the one whose turn it is is away", async () => {
    await report(FIRST, FIRST + ROW);
    for (const seat of [1, 2]) await committee.startMember(seat);
    for (const epoch of [FIRST + ROW + 2, FIRST + ROW + 3]) {
      await committee.chain.mineAt(committee.network.epochStart(epoch));
      await committee.inStep();
    }
    expect(await removed(), "in the turn of seat 0").to.deep.equal([]);
    await committee.chain.mineAt(committee.network.epochStart(FIRST + ROW + 4));
    await waitUntil("the seat is taken", async () => (await removed()).length === 1);
  });

  it("shows its signature in each half of such a row, so that it keeps its seat", async () => {
    for (const seat of SEATS) await committee.startMember(seat);
    await report(FIRST, FIRST + ROW / 2);
    expect(await shown(), "in the epoch of the last report").to.deep.equal([]);
    await report(FIRST + ROW / 2, FIRST + ROW + 6);
    await committee.chain.mineAt(committee.network.epochStart(FIRST + ROW + 9));
    await committee.inStep();
    const { address } = committee.relayers[SILENT]!;
    expect(await shown(), "by whom").to.deep.equal([address, address]);
    expect(await removed(), "seats taken").to.deep.equal([]);
  });
});
