import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import type { Report } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import { pino } from "pino";
import { getAbiItem, stringToHex, toFunctionSelector, zeroHash } from "viem";
import type { ChainEvent } from "../../../relayer/src/chain/chain-events.ts";
import { DisputeRecords } from "../../../relayer/src/chain/dispute-records.ts";
import { type ChainFollower, followChain } from "../../../relayer/src/chain/follow-chain.ts";
import { disputeKinds } from "../../../relayer/src/disputes/create-disputes.ts";
import { DisputeSettler, type SettlerOptions } from "../../../relayer/src/disputes/dispute-settler.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import type { Intent } from "../../../relayer/src/submit/intent.ts";
import { OUTBOX_MIGRATIONS } from "../../../relayer/src/submit/outbox-store.ts";
import { createSubmitter, type Submitter } from "../../../relayer/src/submit/submitter.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { challengeLeaf, disputeEvents, disputeTransactions } from "../../helpers/dispute-calls.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { NODES } from "../committee/committee-rig.ts";
import { answerLeaf, type PlantedLeaf, WatchRig } from "./watch-rig.ts";

const SEATS = [0, 1, 2, 3];
/** Length of an epoch of the rig, which is a turn. */
const TURN_SECONDS = 60;
const [DISMISSED, UPHELD] = [5, 4];
const log = pino({ level: "silent" });

/** A relayer as far as the end of disputes is concerned. */
interface Member {
  chain: ChainFollower;
  submitter: Submitter;
  stop(): Promise<void>;
}

describe("DisputeSettler", function () {
  this.timeout(60_000);

  let rig: WatchRig;
  let leaves: PlantedLeaf[];
  let report: Report;
  const members = new Map<number, Member>();
  const directories = SEATS.map(() => mkdtempSync(join(tmpdir(), "settler-")));

  beforeEach(async () => {
    rig = await WatchRig.create();
    leaves = await rig.attestAll();
    report = await rig.report(leaves);
  });

  afterEach(async () => {
    for (const seat of members.keys()) await stop(seat);
    await rig.stop();
    for (const directory of directories)
      for (const file of ["", "-wal", "-shm"]) rmSync(join(directory, `outbox.db${file}`), { force: true });
  });

  after(() => directories.forEach((directory) => rmSync(directory, { recursive: true })));

  /** Starts a member that answers nothing and only observes others. */
  async function start(seat: number): Promise<void> {
    const { network, relayers } = rig.committee;
    const { config } = network;
    const chain = await followChain({ rpcUrls: [config.rpcUrl], network: config, log, pollMs: 20 });
    const lockDirectory = directories[seat]!;
    const db = openDatabase(join(lockDirectory, "outbox.db"), OUTBOX_MIGRATIONS);
    const account = testAccount(relayers[seat]!.accountIndex);
    const submitter = createSubmitter({ db, chain, account, kinds: disputeKinds(chain), lockDirectory, log });
    const { contracts } = config;
    const settler = new DisputeSettler({ chain, submitter, contracts, address: account.address, isForAll: false, log });
    settler.start();
    members.set(seat, {
      ...{ chain, submitter },
      async stop() {
        settler.stop();
        await submitter.stop();
        await chain.stop();
        db.close();
      },
    });
  }

  async function stop(seat: number): Promise<void> {
    await members.get(seat)?.stop();
    members.delete(seat);
  }

  /** Somebody without a relayer challenges the leaf of a node. */
  const challenge = (nodeIndex: number) =>
    challengeLeaf(rig.committee.network, { accepted: { ...report, signers: 15n }, nodeIndex });

  const answer = (id: bigint, nodeIndex: number) => answerLeaf(rig, { id, nodeIndex, leaves });

  /** Moves chain time to `seconds` and lets every member look at it. */
  async function goTo(seconds: bigint | number): Promise<void> {
    await rig.committee.chain.mineAt(Number(seconds));
    await settled();
  }

  async function settled(): Promise<void> {
    await waitUntil("members are at the head", async () => {
      const { hash } = await rig.committee.chain.head();
      return [...members.values()].every(({ chain }) => chain.head().hash === hash);
    });
    for (const { submitter } of members.values()) await submitter.reconcile();
  }

  const events = (name: Parameters<typeof disputeEvents>[1]) => disputeEvents(rig.committee.network, name);
  const closed = async (count: number) => {
    await waitUntil(`${count} challenges are over`, async () => (await events("ChallengeClosed")).length === count);
    await settled();
    return (await events("ChallengeClosed")).map(({ args }) => (args as { state: number }).state);
  };
  /** Seats that sent calls of a function, in the order of the chain. */
  const sendersOf = async (name: "dismissChallenge" | "expireChallenge" | "openQueued"): Promise<number[]> => {
    const { inputs } = getAbiItem({ abi: attestationDisputesAbi, name });
    const selector = toFunctionSelector(`${name}(${inputs.map(({ type }) => type).join(",")})`);
    const senders = await disputeTransactions(rig.committee.network, selector);
    return senders.map((sender) => {
      return rig.committee.relayers.findIndex(({ address }) => address.toLowerCase() === sender.toLowerCase());
    });
  };
  const lastUntil = async (name: "ChallengeAnswered" | "ChallengeOpened"): Promise<number> => {
    return Math.max(...(await events(name)).map(({ args }) => Number((args as { until: bigint }).until)));
  };

  it("ends challenges that their makers answered and left, another seat for each, once", async () => {
    for (const seat of SEATS) await start(seat);
    for (const nodeIndex of NODES) await answer(await challenge(nodeIndex), nodeIndex);
    const until = await lastUntil("ChallengeAnswered");
    await goTo(until);
    expect(await events("ChallengeClosed"), "while it is for whom it pays").to.have.length(0);
    await goTo(until + TURN_SECONDS);
    expect(await closed(NODES.length), "dismissed").to.deep.equal(NODES.map(() => DISMISSED));
    expect((await sendersOf("dismissChallenge")).sort(), "seats of challenges 1, 2 and 3").to.deep.equal([1, 2, 3]);
  });

  it("passes the turn on when its seat is away, also over a restart", async () => {
    await start(0);
    await start(2);
    await answer(await challenge(0), 0);
    const until = await lastUntil("ChallengeAnswered");
    await goTo(until + TURN_SECONDS);
    expect(await events("ChallengeClosed"), "in the turn of seat 1").to.have.length(0);
    await stop(2);
    await start(2);
    await goTo(until + 2 * TURN_SECONDS);
    expect(await closed(1), "dismissed").to.deep.equal([DISMISSED]);
    expect(await sendersOf("dismissChallenge"), "seat").to.deep.equal([2]);
  });

  it("comes back to a seat that was away in its first turn", async () => {
    await start(1);
    await answer(await challenge(0), 0);
    const until = await lastUntil("ChallengeAnswered");
    await stop(1);
    await rig.committee.chain.mineAt(until + 3 * TURN_SECONDS);
    await start(1);
    await settled();
    expect(await events("ChallengeClosed"), "in the turn of seat 3").to.have.length(0);
    await goTo(until + 5 * TURN_SECONDS);
    expect(await closed(1), "dismissed").to.deep.equal([DISMISSED]);
  });

  it("expires a challenge that nobody answered and its maker left", async () => {
    for (const seat of SEATS) await start(seat);
    await challenge(0);
    const until = await lastUntil("ChallengeOpened");
    await goTo(until);
    expect(await events("ChallengeClosed"), "while it is for whom it pays").to.have.length(0);
    await goTo(until + TURN_SECONDS);
    expect(await closed(1), "upheld").to.deep.equal([UPHELD]);
    expect(await sendersOf("expireChallenge"), "seat").to.deep.equal([1]);
  });

  it("opens challenges that wait once there is room, one member for all of them", async () => {
    const { network } = rig.committee;
    const pass = async () => rig.committee.chain.mineAt((await rig.committee.chain.head()).timestamp + TURN_SECONDS);
    /** Changes come into force an epoch later. */
    const allow = async (count: bigint) => {
      await network.call("NetworkParameters", "set", [stringToHex("maxOpenChallenges", { size: 32 }), count]);
      await pass();
    };
    await allow(1n);
    for (const nodeIndex of NODES) await challenge(nodeIndex);
    expect(await events("ChallengeOpened"), "open").to.have.length(1);
    await allow(3n);
    for (const seat of SEATS) await start(seat);
    await settled();
    await goTo((await rig.committee.chain.head()).timestamp + TURN_SECONDS / 4);
    await waitUntil("all are open", async () => (await events("ChallengeOpened")).length === NODES.length);
    await settled();
    expect(await sendersOf("openQueued"), "transactions").to.have.length(1);
  });
});

describe("DisputeSettler with many challenges", () => {
  const OWN = testAccount(20).address;
  const UNTIL = 1_000n;

  it("ends four at a time, so that reports find room in the outbox", () => {
    const records = new DisputeRecords();
    const happens = (eventName: string, args: object): void => {
      const place = { blockNumber: 1n, transactionHash: zeroHash };
      records.apply({ eventName, args, ...place } as unknown as ChainEvent);
    };
    for (let id = 1n; id <= 10n; id++) {
      const about = { nodeIndex: Number(id), epoch: 5n, reportDigest: zeroHash, root: zeroHash, signers: 15n };
      happens("ChallengeMade", { id, challenger: OWN, bond: 1n, ...about });
      happens("ChallengeOpened", { id, until: UNTIL });
    }
    const open = new Set<string>();
    const events = new EventEmitter();
    const settler = new DisputeSettler({
      chain: {
        ...{ events, disputes: records, epochLengthSeconds: TURN_SECONDS, baseFeePerGas: () => 1n },
        ...{ head: () => ({ timestamp: UNTIL }), epochAt: () => 7n, committeeAt: () => undefined },
      },
      submitter: {
        isOpen: ({ kind, key }: Intent) => open.has(`${kind} ${key}`),
        submit: ({ kind, key }: Intent) => open.add(`${kind} ${key}`),
      },
      ...{ contracts: { AttestationDisputes: OWN, RelayerCommittee: OWN }, address: OWN, isForAll: false, log },
    } as unknown as SettlerOptions);
    settler.start();
    events.emit("head");
    expect([...open], "under way").to.deep.equal([1, 2, 3, 4].map((id) => `expire ${id}:${id}:5`));
    happens("ChallengeClosed", { id: 2n, state: UPHELD, slashId: 0n });
    events.emit("head");
    expect(open.size, "after one ended").to.equal(5);
    settler.stop();
  });
});
