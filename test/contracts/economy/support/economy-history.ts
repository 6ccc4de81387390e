import { connection } from "../../support/deployed-network.ts";
import { RewardModel } from "../../NodeRewards/support/reward-model.ts";
import {
  economyOnMarks,
  type EconomyFixture,
  EPOCH_SECONDS,
  FIRST_EPOCH,
  HORIZON,
  POLICY,
  STAKE_RULES,
} from "./economy-fixture.ts";
import { StakeModel } from "./stake-model.ts";
import type { StakeSink } from "./stake-sink.ts";

const { networkHelpers } = connection;
const NODES = 3;
const FOREVER = 2 ** 53;

/** Pseudo-random numbers that are the same in every run (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A history under way: the contracts, the models that must equal them, and the time of both. */
export interface EconomyHistory {
  fixture: EconomyFixture;
  stake: StakeModel;
  rewards: RewardModel;
  random: (below: number) => number;
  /** Unix time in seconds of the newest block. */
  now: () => number;
  epoch: () => number;
  /** Sends a transaction in a block some seconds after the newest one, a second unless said otherwise. */
  send: <T>(send: () => Promise<T>, seconds?: number) => Promise<T>;
}

/** Nodes become active two epochs after they may; an interval that never began is replaced. */
function activitySink(rewards: RewardModel, epoch: () => number): StakeSink {
  return {
    activityChanged(node, isActive) {
      const { intervals } = rewards.nodes[node];
      const from = epoch() + 2;
      const last = intervals.at(-1);
      if (!isActive) last!.until = from;
      else if (last && last.until >= from) last.until = FOREVER;
      else {
        if (last && last.from >= last.until) intervals.pop();
        intervals.push({ from, until: FOREVER });
      }
    },
    weightChanged: (node, weight) => rewards.setWeight(node, weight, epoch()),
  };
}

/** Begins a history; equal seeds give equal histories. */
export async function beginHistory(seed: number): Promise<EconomyHistory> {
  const fixture = await networkHelpers.loadFixture(economyOnMarks);
  let clock = await networkHelpers.time.latest();
  const epoch = () => Math.floor((clock - fixture.genesis) / EPOCH_SECONDS);
  const schedule = { firstEpoch: FIRST_EPOCH, activeFrom: 0, epochSeconds: EPOCH_SECONDS, horizon: HORIZON };
  const rewards = new RewardModel({ nodes: NODES, ...schedule, policy: POLICY });
  for (const node of rewards.nodes) node.intervals = [];
  const send: EconomyHistory["send"] = async (sending, seconds = 1) => {
    clock += seconds;
    await networkHelpers.time.setNextBlockTimestamp(clock);
    return sending();
  };
  const stake = new StakeModel(NODES, STAKE_RULES, activitySink(rewards, epoch));
  return { fixture, stake, rewards, random: randomNumbers(seed), now: () => clock, epoch, send };
}
