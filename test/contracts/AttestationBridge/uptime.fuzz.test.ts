import { encodeIndexList } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { createRandom, fuzzFactor, type Random } from "../pqc/support/random.ts";
import { connection } from "../support/deployed-network.ts";
import {
  bridgeOfOne,
  type BridgeFixture,
  EPOCH_SECONDS,
  FOREVER,
  goToEpoch,
  REPORT_WINDOW,
} from "./support/bridge-fixture.ts";
import { submitReport } from "./support/signed-report.ts";
import { type ActiveInterval, STATUSES, UptimeModel } from "./support/uptime-model.ts";

const { loadFixture, time } = connection.networkHelpers;
const SHARD = 512;
/** Histories of one run. */
const HISTORIES = 6 * fuzzFactor;
const STEPS = 60;
const QUESTIONS = 40;
/** Epochs near which words and summaries end. */
const STARTS = [0, 200, 32_500, 65_300];
/** Nodes that are asked about: edges of maps and of both shards. */
const NODES = [0, 1, 63, 64, 255, 256, 400, 511, 512, 600, 1023];

interface History {
  fixture: BridgeFixture;
  random: Random;
  model: UptimeModel;
  /** Epoch in which the chain is. */
  current: number;
  /** First epoch that each shard has not passed. */
  next: number[];
}

/** Sometimes nobody, mostly a few, sometimes just around the limit of short lists, sometimes everyone. */
function randomList(random: Random): number[] {
  const count = [0, 0, 3, 10, 64, 65, 200, SHARD][random.below(8)];
  const favourites = NODES.map((node) => node % SHARD).filter(() => random.below(3) === 0);
  const chosen = new Set(favourites.slice(0, count));
  while (chosen.size < count) chosen.add(random.below(SHARD));
  return [...chosen].sort((a, b) => a - b);
}

function randomIntervals({ random }: History, start: number): ActiveInterval[] {
  const intervals: ActiveInterval[] = [];
  let from = random.below(3) === 0 ? 0 : start + random.below(100);
  for (let i = random.below(4); i > 0; i--) {
    const until = from + 1 + random.below(200);
    intervals.push({ from, until });
    from = until + random.below(80);
  }
  if (random.below(2) === 0) intervals.push({ from, until: Number.MAX_SAFE_INTEGER });
  return intervals;
}

async function reportNext(history: History, shard: number): Promise<void> {
  const { fixture, random, model, current, next } = history;
  const epoch = Math.max(next[shard], current - REPORT_WINDOW);
  if (epoch >= current) return;
  const [absent, degraded] = [randomList(random), randomList(random)];
  await submitReport(fixture, epoch, {
    shard,
    absent: encodeIndexList(absent),
    degraded: encodeIndexList(degraded),
  });
  const nodesOf = (list: number[]) => list.map((local) => shard * SHARD + local);
  model.addReport(shard, epoch, { absent: nodesOf(absent), degraded: nodesOf(degraded) });
  next[shard] = epoch + 1;
}

/** One of: time passes (a little, or a long outage), a shard reports, somebody marks unreported epochs. */
async function step(history: History): Promise<void> {
  const { fixture, random, next } = history;
  const secondOfEpoch = (await time.latest()) - fixture.genesis - history.current * EPOCH_SECONDS;
  const choice = secondOfEpoch > EPOCH_SECONDS / 2 ? 1 : random.below(10);
  if (choice < 3) {
    history.current += choice === 0 ? 1 + random.below(700) : 1 + random.below(2);
    await goToEpoch(fixture, history.current);
  } else if (choice < 9) {
    await reportNext(history, random.below(4) === 0 ? 1 : 0);
  } else {
    const shard = random.below(2);
    const open = history.current - REPORT_WINDOW;
    if (next[shard] >= open) return;
    const pages = 1 + random.below(600);
    await fixture.bridge.markUnreported(shard, pages);
    next[shard] = Math.min(next[shard] + pages, open);
  }
}

async function expectEqual({ fixture, random, model, current }: History, start: number): Promise<void> {
  const node = NODES[random.below(NODES.length)];
  const lowest = random.below(4) === 0 ? 0 : start;
  const from = lowest + random.below(current - lowest);
  const until = from + 1 + random.below(current - from);
  const counted = (await fixture.bridge.uptime(node, from, until)) as unknown as Record<string, bigint>;
  const counts = Object.fromEntries(STATUSES.map((status) => [status, Number(counted[status])]));
  expect(counts, `node ${node}, epochs ${from} to ${until}, now ${current}`).to.deep.equal(
    model.uptime(node, { from, until }, current),
  );
  const [end, proven, missed] = (await fixture.bridge.serviceOf(node, from, until)) as [bigint, bigint, bigint];
  expect([end, proven, missed].map(Number), `service of node ${node}, epochs ${from} to ${until}`).to.deep.equal([
    until,
    counts.attested,
    (counts.absent ?? 0) + (counts.degraded ?? 0) + (counts.inactive ?? 0),
  ]);
  const epoch = from + random.below(current + 3 - from);
  const status = STATUSES[Number(await fixture.bridge.statusOf(node, epoch))];
  expect(status, `node ${node}, epoch ${epoch}, now ${current}`).to.equal(model.status(node, epoch, current));
  await expectMarks({ fixture, random, model, current } as History, node, epoch >> 8);
}

/** What is recorded of a word, where the node is active: inactive epochs are recorded as if it were. */
async function expectMarks({ fixture, model, current }: History, node: number, word: number): Promise<void> {
  const [failed, unreported] = (await fixture.bridge.marksOf(node, word)) as [bigint, bigint];
  const marked: Record<string, string> = {};
  const expected: Record<string, string> = {};
  for (let bit = 0; bit < 256; bit++) {
    const epoch = word * 256 + bit;
    const status = model.status(node, epoch, current);
    if (status === "inactive") continue;
    const isUnreported = (unreported >> BigInt(bit)) & 1n;
    marked[epoch] = isUnreported ? "unreported" : (failed >> BigInt(bit)) & 1n ? "failed" : "attested";
    const names: Record<string, string> = { pending: "unreported", absent: "failed", degraded: "failed" };
    expected[epoch] = names[status] ?? status;
  }
  expect(marked, `marks of node ${node} in word ${word}, now ${current}`).to.deep.equal(expected);
}

describe("AttestationBridge: uptime of random histories", () => {
  it("equals the plain model", async () => {
    const seed = process.env.BRIDGE_SEED ?? randomBytes(16).toString("hex");
    const random = createRandom(seed);
    for (let i = 0; i < HISTORIES; i++) {
      const fixture = await loadFixture(bridgeOfOne);
      const start = STARTS[i % STARTS.length];
      const model = new UptimeModel(REPORT_WINDOW);
      const history: History = { fixture, random, model, current: start + 3, next: [0, 0] };
      for (const node of NODES) {
        const intervals = randomIntervals(history, start);
        model.setIntervals(node, intervals);
        const onChain = intervals.map(({ from, until }) => ({
          from,
          until: until === Number.MAX_SAFE_INTEGER ? FOREVER : until,
        }));
        await fixture.registry.setIntervals(node, onChain);
      }
      await goToEpoch(fixture, history.current);
      for (let j = 0; j < STEPS; j++) await step(history);
      await goToEpoch(fixture, ++history.current);
      try {
        for (let j = 0; j < QUESTIONS; j++) await expectEqual(history, start);
      } catch (error) {
        throw new Error(`history ${i} of BRIDGE_SEED=${seed}`, { cause: error });
      }
    }
  });
});
