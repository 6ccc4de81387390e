import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { pino } from "pino";
import type { Hex } from "viem";
import { numberToHex, parseTransaction, toHex } from "viem";
import { type ChainFollower, followChain } from "../../../relayer/src/chain/follow-chain.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import { gapIntents, gapKind, nextEpochOf } from "../../../relayer/src/submit/gap-intent.ts";
import type { IntentKind, Verdict } from "../../../relayer/src/submit/intent.ts";
import { OUTBOX_MIGRATIONS } from "../../../relayer/src/submit/outbox-store.ts";
import { reportIntent, reportIntentId, reportKind } from "../../../relayer/src/submit/report-intent.ts";
import { createSubmitter, type Submitter } from "../../../relayer/src/submit/submitter.ts";
import { startAnvil, type TestChain, testAccount } from "../../helpers/anvil.ts";
import { type RpcProxy, startRpcProxy } from "../../helpers/rpc-proxy.ts";
import { makeReport, postReport, signReport } from "../../helpers/signed-report.ts";
import {
  addNodes,
  deployTestNetwork,
  freshPublicKeys,
  seatCommittee,
  type TestNetwork,
  type TestRelayer,
} from "../../helpers/test-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

const ACCOUNT = 25;

/** Intents whose verdict a test sets; wanted at first. */
class ScriptedKind implements IntentKind {
  readonly name = "scripted";
  readonly verdicts = new Map<string, Verdict>();

  judge(key: string): Verdict {
    return this.verdicts.get(key) ?? { state: "wanted" };
  }
}

describe("createSubmitter", () => {
  let chain: TestChain;
  let network: TestNetwork;
  let relayers: TestRelayer[];
  let proxy: RpcProxy;
  let view: ChainFollower;
  let directory: string;
  let db: DatabaseSync;
  let submitter: Submitter;
  let scripted: ScriptedKind;

  const open = () => {
    scripted = new ScriptedKind();
    submitter = createSubmitter({
      db,
      chain: view,
      account: testAccount(ACCOUNT),
      kinds: [gapKind(view), reportKind(view), scripted],
      lockDirectory: directory,
      log: pino({ level: process.env.TEST_LOG ?? "silent" }),
    });
  };

  const submitReport = async (epoch: bigint) => {
    const report = await makeReport(network, { epoch });
    submitter.submit(reportIntent(view.bridge, report, await signReport(network, report, relayers)));
  };

  const scriptedIntent = (key: string) => {
    return { kind: "scripted", key, to: testAccount(26).address, data: toHex(key) };
  };

  const sentNonce = async () =>
    Number(await chain.rpc("eth_getTransactionCount", testAccount(ACCOUNT).address, "latest"));

  /** Own transactions on the chain, oldest first. */
  const mined = async () => {
    const found: { hash: Hex; status: Hex; input: Hex }[] = [];
    for (let number = network.config.startBlock; number <= (await chain.head()).number; number++) {
      const block = await chain.rpc<{ transactions: { from: Hex; hash: Hex; input: Hex }[] }>(
        "eth_getBlockByNumber",
        numberToHex(number),
        true,
      );
      for (const { from, hash, input } of block.transactions) {
        if (from !== testAccount(ACCOUNT).address.toLowerCase()) continue;
        const { status } = await chain.rpc<{ status: Hex }>("eth_getTransactionReceipt", hash);
        found.push({ hash, status, input });
      }
    }
    return found;
  };

  const waiting = () => db.prepare("SELECT * FROM outbox_transaction ORDER BY id").all() as { raw: Hex; hash: Hex }[];

  /** Waits until so many transactions are signed and the newest of them is in the mempool: it is stored before it is sent. */
  const untilSent = async (count: number): Promise<void> => {
    await waitUntil(`${count} transactions are signed`, () => waiting().length === count);
    const { hash } = waiting().at(-1)!;
    const isKnown = async () => (await chain.rpc("eth_getTransactionByHash", hash)) !== null;
    await waitUntil(`transaction ${count} is in the mempool`, isKnown);
  };

  const states = () =>
    db
      .prepare("SELECT key, state FROM outbox_entry ORDER BY id")
      .all()
      .map((row) => ({ ...row }));

  const isReported = (epoch: bigint) => waitUntil(`epoch ${epoch} is reported`, () => !!view.acceptedReport(0, epoch));

  beforeEach(async () => {
    chain = await startAnvil();
    network = await deployTestNetwork(chain, { epochSeconds: 1_000 });
    await addNodes(network, freshPublicKeys(1));
    const seats = [10, 11, 12, 13].map((accountIndex) => ({ accountIndex, endpoint: "https://127.0.0.1:1" }));
    relayers = await seatCommittee(network, seats);
    await chain.mineAt(network.epochStart(4));
    await chain.mine(12);
    proxy = await startRpcProxy(chain.url);
    const log = pino({ level: "silent" });
    view = await followChain({ rpcUrls: [proxy.url], network: network.config, log, pollMs: 20 });
    directory = mkdtempSync(join(tmpdir(), "submitter-"));
    db = openDatabase(join(directory, "outbox.db"), OUTBOX_MIGRATIONS);
    open();
  });

  afterEach(async () => {
    await submitter.stop();
    await view.stop();
    await proxy.stop();
    await chain.stop();
    db.close();
    rmSync(directory, { recursive: true });
  });

  it("puts a report on chain once and ends at 12 confirmations", async () => {
    await submitReport(2n);
    await isReported(2n);
    expect(view.acceptedReport(0, 2n)?.submitter).to.equal(testAccount(ACCOUNT).address);
    await chain.mine(11);
    await waitUntil("the view is at 11 confirmations", async () => view.head().hash === (await chain.head()).hash);
    await submitter.reconcile();
    expect(submitter.isOpen(reportIntentId(0, 2n)), "open at 11 confirmations").to.equal(true);
    await chain.mine();
    await waitUntil("the intent ended", () => !submitter.isOpen(reportIntentId(0, 2n)));
    expect(states()).to.deep.equal([{ key: "0:2", state: "done" }]);
    expect((await mined()).length, "transactions").to.equal(1);
  });

  it("takes an intent once", async () => {
    await chain.rpc("evm_setAutomine", false);
    expect(submitter.submit(scriptedIntent("a")), "first time").to.equal(true);
    expect(submitter.submit(scriptedIntent("a")), "second time").to.equal(false);
  });

  it("misses no intent that comes at the very end of a pass", async () => {
    for (let steps = 0; steps < 12; steps++) {
      const key = `${steps}`;
      void submitter.reconcile();
      for (let i = 0; i < steps; i++) await Promise.resolve();
      submitter.submit(scriptedIntent(key));
      await waitUntil(
        `the intent after ${steps} steps is sent, without a block`,
        () => waiting().length > steps,
        5_000,
      );
      await waitUntil("the transaction is mined", async () => (await sentNonce()) === steps + 1);
      scripted.verdicts.set(key, { state: "void", reason: "it was sent" });
      await submitter.reconcile();
    }
  });

  it("refuses an intent of an unknown kind", () => {
    expect(() => submitter.submit({ ...scriptedIntent("a"), kind: "odd" })).to.throw('no intent kind "odd"');
  });

  it("sends what was signed but not sent before it was killed", async () => {
    proxy.refusals.set("eth_sendRawTransaction", () => "the process dies here");
    await submitReport(2n);
    await waitUntil("a transaction is signed", () => waiting().length === 1);
    await submitter.stop();
    expect(await sentNonce(), "transactions on chain").to.equal(0);
    const [signed] = waiting();
    proxy.refusals.clear();
    open();
    await isReported(2n);
    expect((await mined()).map(({ hash }) => hash)).to.deep.equal([signed?.hash]);
  });

  it("sends nothing twice when it was killed after sending", async () => {
    await chain.rpc("evm_setAutomine", false);
    await submitReport(2n);
    await waitUntil("a transaction is signed", () => waiting().length === 1);
    await submitter.stop();
    open();
    await submitter.reconcile();
    await chain.mine();
    await isReported(2n);
    await chain.mine(13);
    await waitUntil("the intent ended", () => !submitter.isOpen(reportIntentId(0, 2n)));
    expect((await mined()).length, "transactions").to.equal(1);
  });

  it("goes on after an outage of the endpoint", async () => {
    proxy.mode = "refuse";
    await submitReport(2n);
    await waitUntil("the outage is noticed", () => !submitter.health().ok);
    proxy.mode = "pass";
    await chain.mine();
    await isReported(2n);
    await waitUntil("health is restored", () => submitter.health().ok);
  });

  it("tries again by itself after a pass that failed, also when no block comes", async () => {
    await chain.rpc("evm_setAutomine", false);
    proxy.mode = "refuse";
    await submitReport(2n);
    await waitUntil("the failure is noticed", () =>
      submitter.health().reasons.some((reason) => reason.startsWith("submitter:")),
    );
    proxy.mode = "pass";
    await untilSent(1);
  });

  for (const depth of [1, 5, 12]) {
    it(`sends a report again after a reorg of ${depth} dropped it`, async () => {
      await submitReport(2n);
      await isReported(2n);
      await chain.mine(depth - 1);
      await waitUntil("the view is at the head", async () => view.head().hash === (await chain.head()).hash);
      await chain.reorg(depth);
      await waitUntil("the report is gone", () => !view.acceptedReport(0, 2n));
      await isReported(2n);
      await chain.mine(12);
      await waitUntil("the intent ended", () => !submitter.isOpen(reportIntentId(0, 2n)));
      expect(
        (await mined()).map(({ status }) => status),
        "transactions on the new chain",
      ).to.deep.equal(["0x1"]);
      expect(states()).to.deep.equal([{ key: "0:2", state: "done" }]);
    });
  }

  it("sends two dependent reports again after a reorg dropped both", async () => {
    await submitReport(2n);
    await isReported(2n);
    await submitReport(3n);
    await isReported(3n);
    await chain.reorg(2);
    await waitUntil("the reports are gone", () => !view.acceptedReport(0, 2n));
    await isReported(3n);
    expect((await mined()).map(({ status }) => status)).to.deep.equal(["0x1", "0x1"]);
  });

  it("outbids itself while the base fee rises", async () => {
    await chain.rpc("evm_setAutomine", false);
    await submitReport(2n);
    await untilSent(1);
    const fee = (i: number) => parseTransaction(waiting()[i]!.raw).maxFeePerGas!;
    for (let block = 0; block < 3; block++) {
      await chain.rpc("anvil_setNextBlockBaseFeePerGas", numberToHex(fee(0) * 2n));
      await chain.mine();
      await waitUntil("the view is at the head", async () => view.head().hash === (await chain.head()).hash);
      await submitter.reconcile();
    }
    await untilSent(2);
    expect(fee(1) * 1_000n >= fee(0) * 1_125n, "fee raised by 12.5 %").to.equal(true);
    await chain.mine();
    await isReported(2n);
    expect((await mined()).map(({ hash }) => hash)).to.deep.equal([waiting()[1]?.hash]);
    expect(await sentNonce(), "nonces used").to.equal(1);
  });

  it("sends nothing while a rival's report is in the mempool", async () => {
    await chain.rpc("evm_setAutomine", false);
    const report = await makeReport(network, { epoch: 2n });
    const posted = postReport(network, report, relayers);
    await waitUntil("the rival waits", async () => {
      return (await chain.rpc("eth_getBlockTransactionCountByNumber", "pending")) === "0x1";
    });
    await submitReport(2n);
    await submitter.reconcile();
    await chain.mine();
    await posted;
    await isReported(2n);
    await chain.mine(12);
    await waitUntil("the intent ended", () => !submitter.isOpen(reportIntentId(0, 2n)));
    expect(states()).to.deep.equal([{ key: "0:2", state: "cancelled" }]);
    expect(await sentNonce(), "nonces used").to.equal(0);
  });

  it("gives the nonce of a report that a rival overtook to the next one", async () => {
    await chain.rpc("evm_setAutomine", false);
    await submitReport(2n);
    await untilSent(1);
    await chain.rpc("anvil_dropTransaction", waiting()[0]!.hash);
    const posted = postReport(network, await makeReport(network, { epoch: 2n, round: 1 }), relayers);
    await waitUntil("the rival waits", async () => {
      return (await chain.rpc("eth_getBlockTransactionCountByNumber", "pending")) === "0x1";
    });
    await chain.mine();
    await posted;
    await isReported(2n);
    await submitReport(3n);
    await untilSent(2);
    await chain.mine();
    await isReported(3n);
    expect((await mined()).map(({ hash, status }) => [hash, status])).to.deep.equal([[waiting()[1]?.hash, "0x1"]]);
  });

  it("fills a nonce that nothing needs when others wait behind it", async () => {
    await chain.rpc("evm_setAutomine", false);
    submitter.submit(scriptedIntent("a"));
    submitter.submit(scriptedIntent("b"));
    await untilSent(2);
    await chain.rpc("anvil_dropTransaction", waiting()[0]!.hash);
    const hash: Hex = `0x${"77".repeat(32)}`;
    scripted.verdicts.set("a", { state: "achieved", blockNumber: view.head().number, transactionHash: hash });
    await submitter.reconcile();
    await waitUntil("the nonce is filled", () => waiting().length === 3);
    await waitUntil("both nonces are used", async () => {
      await chain.mine();
      await submitter.reconcile();
      return (await sentNonce()) === 2;
    });
    const transactions = await mined();
    expect(transactions.map(({ input }) => input)).to.deep.equal(["0x", toHex("b")]);
  });

  it("leaves a nonce that nothing needs when nothing waits behind it", async () => {
    await chain.rpc("evm_setAutomine", false);
    submitter.submit(scriptedIntent("a"));
    await waitUntil("it is signed", () => waiting().length === 1);
    scripted.verdicts.set("a", { state: "void", reason: "not wanted any more" });
    await submitter.reconcile();
    await submitter.reconcile();
    expect(waiting().length, "transactions signed").to.equal(1);
    expect(states()).to.deep.equal([{ key: "a", state: "failed" }]);
  });

  it("takes a new nonce when another program used the one it had", async () => {
    await chain.rpc("evm_setAutomine", false);
    await submitReport(2n);
    await untilSent(1);
    await chain.rpc("anvil_dropTransaction", waiting()[0]!.hash);
    const foreign = { from: testAccount(ACCOUNT).address, to: testAccount(26).address, nonce: "0x0" };
    await chain.rpc("eth_sendTransaction", { ...foreign, maxFeePerGas: toHex(10n ** 12n) });
    await chain.mine();
    await untilSent(2);
    await chain.mine();
    await isReported(2n);
    expect(await sentNonce(), "nonces used").to.equal(2);
  });

  it("sends a transaction again that the mempool lost", async () => {
    await chain.rpc("evm_setAutomine", false);
    await submitReport(2n);
    await untilSent(1);
    await chain.rpc("anvil_dropTransaction", waiting()[0]!.hash);
    for (let block = 0; block < 5 && !view.acceptedReport(0, 2n); block++) {
      await chain.mine();
      await waitUntil("the view is at the head", async () => view.head().hash === (await chain.head()).hash);
      await submitter.reconcile();
    }
    expect((await mined()).map(({ hash }) => hash)).to.deep.equal([waiting()[0]?.hash]);
  });

  it("never sends what would revert", async () => {
    const report = await makeReport(network, { epoch: 2n });
    const signatures = await signReport(network, { ...report, round: 1 }, relayers);
    submitter.submit(reportIntent(view.bridge, report, signatures));
    await waitUntil("it is noticed", () => !submitter.health().ok);
    await chain.mine(5);
    await submitter.reconcile();
    expect(submitter.health().reasons[0]).to.contain("AttestationBridge_InvalidSignature");
    expect(waiting(), "transactions signed").to.deep.equal([]);
  });

  it("works through a gap that a report cannot pass over, before the report", async () => {
    await submitReport(2n);
    await isReported(2n);
    const epoch = 200_003n;
    await chain.mineAt(network.epochStart(epoch + 2n));
    await chain.mine(16);
    await waitUntil("the view is there", () => view.currentEpoch() > epoch);
    expect(await nextEpochOf(view, 0), "next epoch").to.equal(3n);
    const gaps = gapIntents(view.bridge, 0, { next: 3n, epoch });
    expect(gaps.map(({ key }) => key)).to.deep.equal(["0:100003", "0:200003"]);
    for (const gap of gaps) submitter.submit(gap);
    await submitReport(epoch);
    await isReported(epoch);
    expect((await mined()).map(({ status }) => status)).to.deep.equal(Array(4).fill("0x1"));
    await chain.mine(12);
    await waitUntil("all ended", () => states().every(({ state }) => state !== "open"));
  }).timeout(60_000);

  it("leaves a short gap to the report", () => {
    expect(gapIntents(view.bridge, 0, { next: 3n, epoch: 20_003n })).to.deep.equal([]);
    expect(gapIntents(view.bridge, 0, { next: 3n, epoch: 20_004n })).to.have.length(1);
  });

  it("gives a report up when its window has closed", async () => {
    proxy.refusals.set("eth_estimateGas", () => "not now");
    await submitReport(2n);
    await chain.mineAt(network.epochStart(5));
    await waitUntil("the intent ended", () => !submitter.isOpen(reportIntentId(0, 2n)));
    expect(states()).to.deep.equal([{ key: "0:2", state: "failed" }]);
  });

  it("refuses a key that another submitter uses", () => {
    expect(open).to.throw(`another process sends transactions with key ${testAccount(ACCOUNT).address}`);
  });

  it("says that the account cannot pay", async () => {
    await chain.rpc("anvil_setBalance", testAccount(ACCOUNT).address, "0x1");
    await submitReport(2n);
    await waitUntil("it is noticed", () => !submitter.health().ok);
  });
});
