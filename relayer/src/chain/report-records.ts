import type { Hex } from "viem";
import type { ChainEvent, ChainEventArgs } from "./chain-events.ts";
import type { AcceptedReport, RecordedBeacon } from "./chain-view.ts";
import { pushWithUndo, setWithUndo, type Undo } from "./undo.ts";

/** Epochs after a beacon was recorded in which attestations may carry it. */
export const BEACON_WINDOW_EPOCHS = 8n;

/** Accepted reports, beacons and approved builds, from the events of the AttestationBridge. */
export class ReportRecords {
  readonly #reports = new Map<number, Map<bigint, AcceptedReport>>();
  readonly #newest = new Map<number, bigint>();
  readonly #recordedBeacons = new Map<bigint, RecordedBeacon>();
  readonly #approvals = new Map<Hex, { fromEpoch: bigint; approved: boolean }[]>();
  readonly #keepShard: (shard: number) => boolean;

  /** @param keepShard Shards whose reports are kept. */
  constructor(keepShard: (shard: number) => boolean) {
    this.#keepShard = keepShard;
  }

  report(shard: number, epoch: bigint): AcceptedReport | undefined {
    return this.#reports.get(shard)?.get(epoch);
  }

  /** Beacon that was recorded in an epoch apart from reports. */
  recordedBeacon(epoch: bigint): RecordedBeacon | undefined {
    return this.#recordedBeacons.get(epoch);
  }

  /** Newest epoch with a report of a shard. */
  newestEpoch(shard: number): bigint | undefined {
    return this.#newest.get(shard);
  }

  /** Every report kept, by shard and then in the order of the chain. */
  all(): AcceptedReport[] {
    return [...this.#reports.values()].flatMap((reports) => [...reports.values()]);
  }

  /** Reports of this view that another view does not have in the same block. */
  missingFrom(other: ReportRecords): AcceptedReport[] {
    return this.all().filter((report) => {
      const counterpart = other.report(report.shard, report.epoch);
      return counterpart?.transactionHash !== report.transactionHash || counterpart.blockNumber !== report.blockNumber;
    });
  }

  /** Beacons that attestations of a shard for an epoch may carry, newest first; the genesis beacon is not among them. */
  beacons(shard: number, epoch: bigint): Hex[] {
    const beacons: Hex[] = [];
    for (let age = 1n; age <= BEACON_WINDOW_EPOCHS; age++) {
      const found = [this.report(shard, epoch - age)?.beacon, this.recordedBeacon(epoch - age)?.beacon];
      beacons.push(...found.filter((beacon) => beacon !== undefined));
    }
    return beacons;
  }

  isMeasurementApproved(measurement: Hex, epoch: bigint): boolean {
    const changes = this.#approvals.get(measurement.toLowerCase() as Hex);
    return changes?.findLast(({ fromEpoch }) => fromEpoch <= epoch)?.approved ?? false;
  }

  /** Forgets reports and beacons of epochs before `epoch`. */
  forgetBefore(epoch: bigint): void {
    for (const records of [this.#recordedBeacons, ...this.#reports.values()]) {
      for (const key of records.keys()) if (key < epoch) records.delete(key);
    }
  }

  apply(event: ChainEvent): Undo | undefined {
    switch (event.eventName) {
      case "ReportAccepted":
        return this.#accept(event, event.args);
      case "BeaconRecorded":
        return this.#recordBeacon(event, event.args);
      case "MeasurementApproved":
        return this.#approve(event.args, true);
      case "MeasurementRetired":
        return this.#approve(event.args, false);
      default:
        return undefined;
    }
  }

  #accept({ blockNumber, transactionHash }: ChainEvent, args: ChainEventArgs<"ReportAccepted">): Undo | undefined {
    if (!this.#keepShard(args.shard)) return undefined;
    const reports = this.#reports.get(args.shard) ?? new Map<bigint, AcceptedReport>();
    this.#reports.set(args.shard, reports);
    const undoReport = setWithUndo(reports, args.epoch, { ...args, blockNumber, transactionHash });
    const undoNewest = setWithUndo(this.#newest, args.shard, args.epoch);
    return () => {
      undoNewest();
      undoReport();
    };
  }

  #recordBeacon({ blockNumber, transactionHash }: ChainEvent, args: ChainEventArgs<"BeaconRecorded">): Undo {
    return setWithUndo(this.#recordedBeacons, args.epoch, { beacon: args.beacon, blockNumber, transactionHash });
  }

  #approve({ measurement, fromEpoch }: ChainEventArgs<"MeasurementApproved">, approved: boolean): Undo {
    const key = measurement.toLowerCase() as Hex;
    const changes = this.#approvals.get(key) ?? [];
    this.#approvals.set(key, changes);
    return pushWithUndo(changes, { fromEpoch, approved });
  }
}
