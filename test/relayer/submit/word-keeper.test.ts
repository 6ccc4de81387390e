import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { expect } from "chai";
import { createPublicClient, encodeFunctionData, http } from "viem";
import { wordKind } from "../../../relayer/src/submit/word-intent.ts";
import { WordKeeper } from "../../../relayer/src/submit/word-keeper.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { KeeperCommittee } from "./keeper-committee.ts";

/** First epoch after word 0. Its closing is the turn of seat 0. */
const WORD_END = 256;
const SEATS = [0, 1, 2, 3];

describe("WordKeeper", function () {
  this.timeout(30_000);
  let committee: KeeperCommittee;

  beforeEach(async () => {
    committee = await KeeperCommittee.start({
      epochSeconds: 10,
      kindsOf: (chain) => [wordKind(chain)],
      keeperOf: (parts, { config }) => new WordKeeper({ ...parts, rewards: config.contracts.NodeRewards }),
    });
  });

  afterEach(() => committee?.stop());

  async function goTo(epoch: number): Promise<void> {
    await committee.chain.mineAt(committee.network.epochStart(epoch));
    await committee.inStep();
  }

  /** Words that were closed. */
  async function closed(): Promise<bigint[]> {
    const client = createPublicClient({ transport: http(committee.chain.url), cacheTime: 0 });
    const address = committee.network.config.contracts.NodeRewards;
    const filter = { address, abi: nodeRewardsAbi, eventName: "WordClosed", fromBlock: 0n } as const;
    return (await client.getContractEvents(filter)).map(({ args }) => args.word!);
  }

  const difference = (after: number[], before: number[]) => after.map((count, i) => count - before[i]!);

  it("closes each word once over the whole committee, another member for each", async () => {
    await goTo(WORD_END - 1);
    const before = await committee.sent(SEATS);
    for (const seat of SEATS) await committee.startMember(seat);
    await goTo(WORD_END);
    await waitUntil("word 0 is closed", async () => (await closed()).length === 1);
    for (let later = 1; later <= 12; later++) await goTo(WORD_END + later);
    expect(difference(await committee.sent(SEATS), before), "transactions by seat").to.deep.equal([1, 0, 0, 0]);
    await goTo(2 * WORD_END);
    await waitUntil("word 1 is closed", async () => (await closed()).length === 2);
    await goTo(2 * WORD_END + 12);
    expect(await closed()).to.deep.equal([0n, 1n]);
    expect(difference(await committee.sent(SEATS), before), "transactions by seat").to.deep.equal([1, 1, 0, 0]);
  });

  it("lets the next member act when the first is away", async () => {
    for (const seat of [1, 2, 3]) await committee.startMember(seat);
    await goTo(WORD_END + 2);
    expect(await closed(), "in the first turn").to.deep.equal([]);
    const before = await committee.sent([1, 2, 3]);
    await goTo(WORD_END + 3);
    await waitUntil("word 0 is closed", async () => (await closed()).length === 1);
    await goTo(WORD_END + 12);
    expect(difference(await committee.sent([1, 2, 3]), before), "transactions").to.deep.equal([1, 0, 0]);
  });

  it("closes all words that were left open at once", async () => {
    await goTo(3 * WORD_END + 12);
    const before = await committee.sent(SEATS);
    await committee.startMember(2);
    await waitUntil("all words are closed", async () => (await closed()).length === 3);
    expect(await closed()).to.deep.equal([0n, 1n, 2n]);
    expect(difference(await committee.sent(SEATS), before), "transactions").to.deep.equal([0, 0, 1, 0]);
  });

  it("catches up in batches, however many words were left open", async () => {
    const words = 150;
    await goTo(words * WORD_END + 12);
    const before = await committee.sent(SEATS);
    for (const seat of SEATS) await committee.startMember(seat);
    await waitUntil("all words are closed", async () => (await closed()).length === words, 20_000);
    expect(await closed()).to.deep.equal(Array.from({ length: words }, (_, word) => BigInt(word)));
    await goTo(words * WORD_END + 26);
    expect(difference(await committee.sent(SEATS), before), "transactions of 64 words").to.deep.equal([0, 3, 0, 0]);
  });

  it("leaves a word alone that somebody else closed", async () => {
    await goTo(WORD_END);
    const data = encodeFunctionData({ abi: nodeRewardsAbi, functionName: "closeWords", args: [64n] });
    const { chain, network } = committee;
    await chain.send({ from: testAccount(20).address, to: network.config.contracts.NodeRewards, data });
    const before = await committee.sent(SEATS);
    for (const seat of SEATS) await committee.startMember(seat);
    await goTo(WORD_END + 12);
    expect(difference(await committee.sent(SEATS), before), "transactions").to.deep.equal([0, 0, 0, 0]);
  });
});
