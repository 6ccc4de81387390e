import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { expect } from "chai";
import { pino } from "pino";
import { createPublicClient, encodeFunctionData, http } from "viem";
import { type ChainFollower, followChain } from "../../../relayer/src/chain/follow-chain.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import { OUTBOX_MIGRATIONS } from "../../../relayer/src/submit/outbox-store.ts";
import { createSubmitter, type Submitter } from "../../../relayer/src/submit/submitter.ts";
import { wordKind } from "../../../relayer/src/submit/word-intent.ts";
import { WordKeeper } from "../../../relayer/src/submit/word-keeper.ts";
import { startAnvil, type TestChain, testAccount } from "../../helpers/anvil.ts";
import {
  addNodes,
  deployTestNetwork,
  freshPublicKeys,
  seatCommittee,
  type TestNetwork,
  type TestRelayer,
} from "../../helpers/test-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

const EPOCH_SECONDS = 10;
/** First epoch after word 0. Its closing is the turn of seat 0. */
const WORD_END = 256;
const SEATS = [0, 1, 2, 3];
const log = pino({ level: "silent" });

/** A relayer as far as words of rewards are concerned. */
interface Member {
  chain: ChainFollower;
  submitter: Submitter;
  stop(): Promise<void>;
}

describe("WordKeeper", function () {
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
    const directory = mkdtempSync(join(tmpdir(), "words-"));
    const db = openDatabase(join(directory, "outbox.db"), OUTBOX_MIGRATIONS);
    const account = testAccount(relayers[seat]!.accountIndex);
    const submitter = createSubmitter({
      ...{ db, chain: view, account, kinds: [wordKind(view)] },
      ...{ lockDirectory: directory, log },
    });
    const rewards = network.config.contracts.NodeRewards;
    const keeper = new WordKeeper({ chain: view, submitter, rewards, address: account.address, log });
    keeper.start();
    const stop = async (): Promise<void> => {
      keeper.stop();
      await submitter.stop();
      await view.stop();
      db.close();
      rmSync(directory, { recursive: true });
    };
    members.push({ chain: view, submitter, stop });
  }

  async function goTo(epoch: number): Promise<void> {
    await chain.mineAt(network.epochStart(epoch));
    await waitUntil("members are at the head", async () => {
      const { hash } = await chain.head();
      return members.every((member) => member.chain.head().hash === hash);
    });
    for (const { submitter } of members) await submitter.reconcile();
  }

  /** Words that were closed. */
  async function closed(): Promise<bigint[]> {
    const client = createPublicClient({ transport: http(chain.url), cacheTime: 0 });
    const address = network.config.contracts.NodeRewards;
    const filter = { address, abi: nodeRewardsAbi, eventName: "WordClosed", fromBlock: 0n } as const;
    return (await client.getContractEvents(filter)).map(({ args }) => args.word!);
  }

  async function sent(seats: number[]): Promise<number[]> {
    const nonces = seats.map((seat) => chain.rpc("eth_getTransactionCount", relayers[seat]!.address, "latest"));
    return (await Promise.all(nonces)).map(Number);
  }

  const difference = (after: number[], before: number[]) => after.map((count, i) => count - before[i]!);

  it("closes each word once over the whole committee, another member for each", async () => {
    await goTo(WORD_END - 1);
    const before = await sent(SEATS);
    for (const seat of SEATS) await startMember(seat);
    await goTo(WORD_END);
    await waitUntil("word 0 is closed", async () => (await closed()).length === 1);
    for (let later = 1; later <= 12; later++) await goTo(WORD_END + later);
    expect(difference(await sent(SEATS), before), "transactions by seat").to.deep.equal([1, 0, 0, 0]);
    await goTo(2 * WORD_END);
    await waitUntil("word 1 is closed", async () => (await closed()).length === 2);
    await goTo(2 * WORD_END + 12);
    expect(await closed()).to.deep.equal([0n, 1n]);
    expect(difference(await sent(SEATS), before), "transactions by seat").to.deep.equal([1, 1, 0, 0]);
  });

  it("lets the next member act when the first is away", async () => {
    for (const seat of [1, 2, 3]) await startMember(seat);
    await goTo(WORD_END + 2);
    expect(await closed(), "in the first turn").to.deep.equal([]);
    const before = await sent([1, 2, 3]);
    await goTo(WORD_END + 3);
    await waitUntil("word 0 is closed", async () => (await closed()).length === 1);
    await goTo(WORD_END + 12);
    expect(difference(await sent([1, 2, 3]), before), "transactions").to.deep.equal([1, 0, 0]);
  });

  it("closes all words that were left open at once", async () => {
    await goTo(3 * WORD_END + 12);
    const before = await sent(SEATS);
    await startMember(2);
    await waitUntil("all words are closed", async () => (await closed()).length === 3);
    expect(await closed()).to.deep.equal([0n, 1n, 2n]);
    expect(difference(await sent(SEATS), before), "transactions").to.deep.equal([0, 0, 1, 0]);
  });

  it("leaves a word alone that somebody else closed", async () => {
    await goTo(WORD_END);
    const data = encodeFunctionData({ abi: nodeRewardsAbi, functionName: "closeWords", args: [64n] });
    await chain.send({ from: testAccount(20).address, to: network.config.contracts.NodeRewards, data });
    const before = await sent(SEATS);
    for (const seat of SEATS) await startMember(seat);
    await goTo(WORD_END + 12);
    expect(difference(await sent(SEATS), before), "transactions").to.deep.equal([0, 0, 0, 0]);
  });
});
