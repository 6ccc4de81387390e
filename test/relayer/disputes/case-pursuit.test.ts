import { expect } from "chai";
import { pino } from "pino";
import { Registry } from "prom-client";
import { type Address, type Hex, numberToHex, zeroHash } from "viem";
import type { ChainEvent } from "../../../relayer/src/chain/chain-events.ts";
import { DisputeRecords } from "../../../relayer/src/chain/dispute-records.ts";
import { CasePursuit } from "../../../relayer/src/disputes/case-pursuit.ts";
import { createDisputeMetrics } from "../../../relayer/src/disputes/dispute-metrics.ts";
import { WATCH_MIGRATIONS, WatchStore } from "../../../relayer/src/disputes/watch-store.ts";
import type { WatchtowerOptions } from "../../../relayer/src/disputes/watchtower.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import type { Intent } from "../../../relayer/src/submit/intent.ts";

const WATCHER: Address = `0x${"aa".repeat(20)}`;
const DIGEST: Hex = `0x${"d1".repeat(32)}`;
const BOND = 10n;
/** `IAttestationDisputes.ChallengeState`. */
const [UPHELD, DISMISSED] = [4, 5];

describe("CasePursuit", () => {
  let records: DisputeRecords;
  let store: WatchStore;
  let sent: string[];
  let pursuit: CasePursuit;

  beforeEach(() => {
    records = new DisputeRecords();
    sent = [];
    store = new WatchStore(openDatabase(":memory:", [...WATCH_MIGRATIONS]));
    for (const nodeIndex of [0, 1, 2]) {
      const id = `withheld:${DIGEST}:${nodeIndex}`;
      store.add({
        ...{ id, kind: "withheld-leaf", epoch: 5n, nodeIndex, reportDigest: DIGEST, sentence: "", proof: undefined },
      });
    }
    const report = { shard: 0, epoch: 5n, digest: DIGEST, absent: "0x", degraded: "0x", quality: "0x" };
    const words = { root: zeroHash, beacon: zeroHash, beaconBlock: 1n, committeeVersion: 1, round: 0, signers: 15n };
    const chain = {
      ...{ disputes: records, currentEpoch: () => 6n, head: () => ({ number: 100n, timestamp: 0n }) },
      acceptedReport: () => ({ ...report, ...words }),
      request: () => Promise.resolve(numberToHex(BOND, { size: 32 })),
    };
    const submitter = { isOpen: () => false, submit: ({ key }: Intent) => sent.push(key) > 0 };
    pursuit = new CasePursuit({
      ...{ chain, store, contracts: { AttestationDisputes: WATCHER }, sources: [] },
      actor: { submitter, address: WATCHER, bondBudgetWei: BOND },
      constants: { answerSeconds: 10n, challengeEpochs: 4n },
      ...{ metrics: createDisputeMetrics(new Registry()), log: pino({ level: "silent" }) },
    } as unknown as WatchtowerOptions);
  });

  const happens = (eventName: string, args: object): void => {
    records.apply({ eventName, args, blockNumber: 99n, transactionHash: zeroHash } as unknown as ChainEvent);
  };

  /** The first node is challenged, and the challenge ends. */
  const firstEnds = (state: number): void => {
    const about = { nodeIndex: 0, epoch: 5n, reportDigest: DIGEST, root: zeroHash, signers: 15n };
    happens("ChallengeMade", { id: 1n, challenger: WATCHER, bond: BOND, ...about });
    happens("ChallengeClosed", { id: 1n, state, slashId: 0n });
  };

  it("challenges as many leaves as the budget has bonds", async () => {
    await pursuit.advance();
    expect(sent).to.have.length(1);
  });

  it("challenges the next leaf when a bond came back", async () => {
    firstEnds(UPHELD);
    await pursuit.advance();
    expect(sent).to.have.length(1);
  });

  it("does not claim again what the chain knows and its view forgot", async () => {
    const proof = { evidence: `0x${"e1".repeat(32)}`, salt: zeroHash, data: "0x" } as const;
    const forgery = { kind: "forgery", epoch: 5n, nodeIndex: undefined, reportDigest: DIGEST, sentence: "" } as const;
    for (const nodeIndex of [0, 1, 2]) store.close(`withheld:${DIGEST}:${nodeIndex}`, "void");
    store.add({ ...forgery, id: `forgery:${DIGEST}`, proof });
    await pursuit.advance();
    expect(sent, "the evidence itself").to.deep.equal([DIGEST]);
  });

  it("does not lay out a bond again that an answer has won", async () => {
    firstEnds(DISMISSED);
    await pursuit.advance();
    expect(sent).to.have.length(0);
  });
});
