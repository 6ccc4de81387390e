import { hashReceipt } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import { join } from "node:path";
import { Agent, type AgentParts } from "../../../relayer/src/agent/agent.ts";
import { Journal } from "../../../relayer/src/agent/journal.ts";
import { verifyMlDsa65 } from "../../../relayer/src/keystore/verify-ml-dsa-65.ts";
import { createLogger } from "../../../relayer/src/service/logger.ts";
import type { Receipt } from "../../../relayer/src/session/frames.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { AttestingNode, MEASUREMENT } from "../../helpers/attesting-node.ts";
import { FixedChainView } from "../../helpers/fixed-chain-view.ts";
import { temporaryFolder } from "../../indexer/fixture/temporary-folder.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { TestAuthority } from "../transport/test-authority.ts";
import { ScriptedRelayer } from "./support/scripted-relayer.ts";

const NODE = 7;

class TestChain extends FixedChainView {
  health(): ReturnType<AgentParts["chain"]["health"]> {
    return { ok: true, reasons: [], endpoints: [] };
  }
}

describe("Agent", () => {
  let network: TestAuthority;
  let chain: TestChain;
  let node: AttestingNode;
  let journal: Journal;
  let relayers: ScriptedRelayer[];
  let agent: Agent | undefined;
  let fatal: string[];
  let stakeReads: (() => Promise<bigint>)[];

  before(async () => {
    network = await TestAuthority.create();
  });

  beforeEach(async () => {
    chain = new TestChain();
    chain.goTo(100, 0.6);
    node = AttestingNode.registeredIn(chain, NODE);
    journal = new Journal(join(temporaryFolder(), "journal.sqlite"));
    relayers = await Promise.all(Array.from({ length: 4 }, () => ScriptedRelayer.start(network, chain)));
    fatal = [];
    stakeReads = [];
  });

  afterEach(async () => {
    await agent?.stop();
    agent = undefined;
    journal.close();
    await Promise.all(relayers.map((relayer) => relayer.stop()));
  });

  async function start(): Promise<Agent> {
    agent = new Agent({
      nodeIndex: NODE,
      agentVersion: "test",
      measurement: MEASUREMENT,
      shares: 5_000n,
      storageShareBp: 5_000,
      heartbeatMs: 500,
      dataDir: temporaryFolder(),
      domain: chain,
      chain,
      journal,
      keys: [{ publicKey: node.publicKey, sign: (digest) => node.signDigest(digest) }],
      credentials: new MeshCredentials(await network.node(NODE)),
      relayers: relayers.map(({ target }) => target),
      routes: 3,
      isOwnSignature: (digest, signature) => verifyMlDsa65(node.publicKey, digest, signature),
      readStake: () => stakeReads.shift()?.() ?? Promise.resolve(10n ** 23n),
      journalEntries: 100,
      log: createLogger({ name: "test", level: "error" }),
      onFatal: (sentence) => fatal.push(sentence),
    });
    agent.start();
    return agent;
  }

  const signed = (): bigint => journal.head()?.sequence ?? 0n;
  const heard = (): number => relayers.filter(({ sessions }) => sessions.length > 0).length;

  it("signs once per epoch and sends it to three relayers", async () => {
    await start();
    await waitUntil("three relayers hold it", () => relayers.filter((one) => one.received.length > 0).length === 3);
    expect(signed()).to.equal(1n);
    chain.goTo(101, 0.6);
    await waitUntil("the next epoch is attested", () => relayers.some(({ received }) => received.length === 2));
    const [first, second] = relayers.find(({ received }) => received.length === 2)?.received ?? [];
    expect(second?.attestation.previous).to.equal(journal.digestOf(1n));
    expect(first?.attestation.sequence).to.equal(1n);
  });

  it("signs nothing before more than two thirds of the relayers showed their head", async () => {
    for (const relayer of relayers.slice(0, 2)) relayer.answers = false;
    const running = await start();
    await waitUntil("every relayer was asked", () => heard() === 4);
    await waitUntil("one has a route", () => running.figures().routes === 1);
    chain.goTo(101, 0.6);
    expect(running.figures().withheld).to.equal("head-unconfirmed");
    expect(signed()).to.equal(0n);
    relayers[0]!.answers = true;
    await waitUntil("a third one answers", () => signed() === 1n, 20_000);
  });

  it("stops when any relayer proves a newer attestation than a restored journal has", async () => {
    const old = node.attest(90);
    journal.append(old, old.digest);
    relayers[3]!.shows = node.attest(91);
    relayers[3]!.shows = node.attest(92);
    for (const relayer of relayers.slice(0, 2)) relayer.answers = false;
    await start();
    await waitUntil("the agent stops", () => fatal.length > 0);
    expect(fatal[0]).to.match(/holds attestation 3 of node 7.*ends at 1.*agent recover/);
    expect(signed(), "nothing was signed").to.equal(1n);
  });

  it("neither believes nor counts a head that its key did not sign", async () => {
    const stranger = new AttestingNode(NODE, chain, "another key");
    relayers[0]!.shows = stranger.attest(99);
    relayers[1]!.shows = stranger.attest(99);
    const running = await start();
    await waitUntil("all four were asked", () => heard() === 4);
    await waitUntil("routes are up", () => running.figures().routes === 3);
    expect(running.figures().withheld).to.equal("head-unconfirmed");
    expect(fatal).to.deep.equal([]);
  });

  it("tries an epoch again when the chain did not answer", async () => {
    stakeReads = [() => Promise.reject(new Error("RPC is away")), () => Promise.reject(new Error("RPC is away"))];
    await start();
    await waitUntil("the epoch is attested", () => signed() === 1n);
    expect(stakeReads).to.deep.equal([]);
  });

  describe("receipts", () => {
    beforeEach(async () => {
      await start();
      await waitUntil("three relayers hold it", () => holders().length === 3);
    });

    /** Relayers that hold the attestation and have a session with the agent. */
    const holders = (): ScriptedRelayer[] =>
      relayers.filter(({ received, sessions }) => received.length > 0 && sessions.at(-1)?.isOpen);

    async function receiptOf(relayer: ScriptedRelayer, digest = journal.digestOf(1n)!): Promise<Receipt> {
      const signature = await relayer.account.sign({ hash: hashReceipt(chain, { epoch: 100n, root: digest }) });
      const place = { root: digest, index: 0, size: 1, path: [] };
      return { epoch: "100", nodeIndex: NODE, sequence: "1", digest, ...place, signature };
    }

    /** Sends something unsound and then a sound receipt: only that one is kept, and the agent lives on to keep it. */
    async function sendThenSound(send: (relayer: ScriptedRelayer) => Promise<void>): Promise<void> {
      const [liar, honest] = holders();
      await send(liar!);
      const sound = await receiptOf(honest!);
      await honest!.sendReceipt(sound);
      await waitUntil("the sound receipt is kept", () => journal.receiptCount(1n) > 0);
      await waitUntil("both were read", () => journal.receiptOf(1n, honest!.account.address) !== undefined);
      expect(journal.receiptOf(1n, honest!.account.address)).to.deep.equal(sound);
      expect(journal.receiptOf(1n, liar!.account.address), "the other one").to.equal(undefined);
    }

    it("are kept when they prove that the relayer held this attestation", async () => {
      await sendThenSound(() => Promise.resolve());
    });

    it("over another digest are not kept", async () => {
      await sendThenSound(async (liar) => liar.sendReceipt(await receiptOf(liar, `0x${"99".repeat(32)}`)));
    });

    it("of another node are not kept", async () => {
      await sendThenSound(async (liar) => liar.sendReceipt({ ...(await receiptOf(liar)), nodeIndex: 4_242 }));
    });

    it("signed by somebody else are not kept", async () => {
      await sendThenSound(async (liar) => {
        const stranger = relayers.find((one) => one !== liar)!;
        await liar.sendReceipt({ ...(await receiptOf(liar)), signature: (await receiptOf(stranger)).signature });
      });
    });

    for (const sequence of ["9999999999999999999", "281474976710656"]) {
      it(`and refusals of sequence ${sequence} do not end the agent`, async () => {
        await sendThenSound(async (liar) => liar.sendReceipt({ ...(await receiptOf(liar)), sequence }));
        const [liar] = holders();
        const message = "send it again";
        await liar!.sendRefusal({ epoch: "100", sequence, code: "overloaded", message });
        await waitUntil("that session ends", () => !holders().includes(liar!));
        await waitUntil("the agent has three routes", () => agent!.figures().routes === 3);
      });
    }
  });

  it("asks for proof when a relayer speaks of a fork, and stops when it gets it", async () => {
    const rival = node.sign({ ...node.statement(100), cpuLoadBp: 1 });
    await start();
    await waitUntil("it is sent", () => relayers.some(({ received }) => received.length > 0));
    const relayer = relayers.find(({ received }) => received.length > 0)!;
    relayer.shows = rival;
    await relayer.sendRefusal({ epoch: "100", sequence: "1", code: "forked-sequence", message: "fork" });
    await waitUntil("the agent stops", () => fatal.length > 0);
    expect(fatal[0]).to.match(/another attestation 1 of node 7/);
  });
});
