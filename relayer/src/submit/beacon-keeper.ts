import type { Logger } from "pino";
import type { Address } from "viem";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { beaconIntent, beaconIntentId } from "./beacon-intent.ts";
import type { Submitter } from "./submitter.ts";

/** What {@link BeaconKeeper} needs. */
export interface BeaconKeeperOptions {
  chain: ChainFollower;
  /** Knows the kind of `beaconKind`. */
  submitter: Submitter;
  /** This relayer; only members of the running epoch's committee record beacons. */
  address: Address;
  log: Logger;
}

/** Blocks below the head that the bridge asks for, and two more for members that lag. */
const BEACON_DEPTH = 14n;
/** Share of an epoch over which the members' turns are spread. */
const TURNS_SHARE = 0.75;

/**
 * Records a beacon when reports leave a shard without one: after eight epochs of silence nodes could not attest any more,
 * and only a report of them all absent would give them the next beacon. One beacon serves the eight epochs after it.
 * Members take turns within the epoch, another one first in each, so that one transaction is sent.
 */
export class BeaconKeeper {
  readonly #options: BeaconKeeperOptions;

  constructor(options: BeaconKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.chain.events.on("head", this.#look);
    this.#look();
  }

  stop(): void {
    this.#options.chain.events.off("head", this.#look);
  }

  readonly #look = (): void => {
    const { chain, submitter, log } = this.#options;
    const epoch = chain.currentEpoch();
    if (submitter.isOpen(beaconIntentId(epoch)) || !this.#isOwnTurn(epoch) || !this.#isNeeded(epoch)) return;
    const block = chain.head().number - BEACON_DEPTH;
    if (block < 0n) return;
    log.warn({ epoch: `${epoch}`, block: `${block}` }, "no report gave nodes a beacon to attest with: recording one");
    submitter.submit(beaconIntent(chain.bridge, epoch, block));
  };

  /** True when a shard's nodes are to attest the next epoch, but have no beacon for it. */
  #isNeeded(epoch: bigint): boolean {
    const { chain } = this.#options;
    return chain.shards().some((shard) => {
      const isLeftWithout = chain.beaconFor(shard, epoch + 1n) === undefined;
      return isLeftWithout && chain.nodesOfShard(shard).some((node) => chain.isActive(node, epoch + 1n));
    });
  }

  #isOwnTurn(epoch: bigint): boolean {
    const { chain, address } = this.#options;
    const members = chain.committeeAt(epoch)?.members ?? [];
    const seat = members.find((member) => member.address === address)?.seat;
    if (seat === undefined) return false;
    const place = Number(
      (BigInt(seat) + BigInt(members.length) - (epoch % BigInt(members.length))) % BigInt(members.length),
    );
    const lengthMs = chain.epochLengthSeconds * 1_000;
    const sinceStart = chain.nowMs() - Number(chain.epochGenesis) * 1_000 - Number(epoch) * lengthMs;
    return sinceStart >= ((place * TURNS_SHARE) / members.length) * lengthMs;
  }
}
