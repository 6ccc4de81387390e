import type { Logger } from "pino";
import { leaderSeat } from "@pqmesh/contracts/protocol/report";
import type { Address } from "viem";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { reportIntentId } from "../submit/report-intent.ts";
import type { Submitter } from "../submit/submitter.ts";
import type { PeerOf } from "./committee-peer.ts";
import { ProposalRefused } from "./proposal-refused.ts";
import type { QualityPanel } from "./quality-panel.ts";
import type { Round } from "./round-leader.ts";
import type { RoundSchedule } from "./round-schedule.ts";

/** What {@link RoundDriver} needs. */
export interface DriverOptions {
  chain: ChainFollower;
  schedule: RoundSchedule;
  panel: QualityPanel;
  submitter: Submitter;
  address: Address;
  peerOf: PeerOf;
  lead(round: Round): Promise<void>;
  log: Logger;
}

/** Longest sleep in milliseconds: chain time may jump. */
const LONGEST_SLEEP_MS = 1_000;
const SHORTEST_SLEEP_MS = 20;
/** Rounds remembered as begun. */
const REMEMBERED_ROUNDS = 1_024;
/** Share of a round in which members answer for their heartbeats. */
const PANEL_SHARE = 0.3;

/** Watches chain time and begins the rounds that this member leads, as long as an epoch is not reported. */
export class RoundDriver {
  readonly #options: DriverOptions;
  readonly #begun = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: DriverOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.chain.events.on("head", this.#tick);
    this.#tick();
  }

  /** Begins no more rounds and waits for those under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#options.chain.events.off("head", this.#tick);
    clearTimeout(this.#timer);
    await Promise.all(this.#running);
  }

  /** Begins what is due and sleeps until the next round or epoch. */
  readonly #tick = (): void => {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    for (const shard of this.#options.chain.shards()) this.#beginDue(shard);
    this.#timer = setTimeout(this.#tick, this.#sleepMs());
  };

  #beginDue(shard: number): void {
    const { chain, schedule, submitter, address } = this.#options;
    const epoch = dueEpoch(chain, schedule, shard);
    if (epoch === undefined) return;
    const committee = chain.committeeAt(epoch);
    const round = schedule.roundAt(epoch, chain.nowMs());
    const seat = committee?.members.find((member) => member.address === address)?.seat;
    if (committee === undefined || round === undefined || seat === undefined) return;
    if (this.#isFirst(`epoch ${shard}:${epoch}`)) this.#prefetch({ epoch, shard, round, committee });
    if (leaderSeat(epoch, shard, round, committee.members.length) !== seat) return;
    if (submitter.isOpen(reportIntentId(shard, epoch))) return;
    if (this.#isFirst(`round ${shard}:${epoch}:${round}`)) this.#begin({ epoch, shard, round, committee });
  }

  #begin(round: Round): void {
    const { log, lead } = this.#options;
    const running: Promise<void> = lead(round)
      .catch((error: unknown) => {
        const context = { epoch: round.epoch.toString(), round: round.round };
        if (error instanceof ProposalRefused) log.warn({ ...context, reason: error.reason }, error.message);
        else log.error({ ...context, err: error }, "round could not be led");
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Asks for heartbeats as soon as an epoch is over, so that they are there when a proposal comes. */
  #prefetch({ epoch, shard, committee }: Round): void {
    const { panel, schedule, address, peerOf, log } = this.#options;
    const others = committee.members.filter((member) => member.address !== address);
    panel.gather({ epoch, shard }, others.map(peerOf), schedule.roundMs * PANEL_SHARE).catch((error: unknown) => {
      log.warn({ err: error, epoch: epoch.toString() }, "heartbeats could not be read");
    });
  }

  #isFirst(key: string): boolean {
    if (this.#begun.has(key)) return false;
    this.#begun.add(key);
    if (this.#begun.size > REMEMBERED_ROUNDS) this.#begun.delete(this.#begun.values().next().value ?? key);
    return true;
  }

  #sleepMs(): number {
    const { chain, schedule } = this.#options;
    const nowMs = chain.nowMs();
    const current = chain.currentEpoch();
    const since = nowMs - schedule.roundStartMs(current > 0n ? current - 1n : 0n, 0);
    const untilRound = schedule.roundMs - (((since % schedule.roundMs) + schedule.roundMs) % schedule.roundMs);
    const untilEpoch = schedule.roundStartMs(current, 0) - nowMs;
    return Math.max(SHORTEST_SLEEP_MS, Math.min(LONGEST_SLEEP_MS, untilRound, untilEpoch));
  }
}

/** The one epoch of a shard that the bridge takes a report for now; undefined when there is none or none is needed. */
export function dueEpoch(
  chain: Pick<ChainFollower, "newestReportedEpoch" | "nowMs" | "currentEpoch" | "nodesOfShard" | "isActive">,
  schedule: RoundSchedule,
  shard: number,
): bigint | undefined {
  const newest = chain.newestReportedEpoch(shard);
  const oldestOpen = schedule.oldestOpen(chain.nowMs());
  const epoch = newest !== undefined && newest >= oldestOpen ? newest + 1n : oldestOpen;
  const current = chain.currentEpoch();
  if (epoch >= current) return undefined;
  return isAnyActive(chain, shard, { from: epoch, until: current }) ? epoch : undefined;
}

/** An epoch without active nodes is reported only when later ones with active nodes wait behind it. */
function isAnyActive(
  chain: Pick<ChainFollower, "nodesOfShard" | "isActive">,
  shard: number,
  { from, until }: { from: bigint; until: bigint },
): boolean {
  const nodes = chain.nodesOfShard(shard);
  for (let epoch = from; epoch < until; epoch++) {
    if (nodes.some((nodeIndex) => chain.isActive(nodeIndex, epoch))) return true;
  }
  return false;
}
