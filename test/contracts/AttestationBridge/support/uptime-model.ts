/** Status of a node in an epoch, in the order of `IAttestationBridge.EpochStatus`. */
export const STATUSES = ["inactive", "pending", "attested", "absent", "degraded", "unreported"] as const;

/** Name of a status. */
export type Status = (typeof STATUSES)[number];

/** Epochs of a range by status. */
export type Counts = Record<Status, number>;

/** A half-open range of epochs in which a node is active. */
export interface ActiveInterval {
  from: number;
  until: number;
}

/** Nodes that a report names. */
export interface NamedNodes {
  absent: readonly number[];
  degraded: readonly number[];
}

/** What the bridge must answer, kept as plainly as it can be: every report and every interval. */
export class UptimeModel {
  readonly #reportWindow: number;
  readonly #reports = new Map<string, NamedNodes>();
  readonly #intervals = new Map<number, ActiveInterval[]>();

  constructor(reportWindow: number) {
    this.#reportWindow = reportWindow;
  }

  addReport(shard: number, epoch: number, named: NamedNodes): void {
    this.#reports.set(`${shard} ${epoch}`, named);
  }

  setIntervals(node: number, intervals: ActiveInterval[]): void {
    this.#intervals.set(node, intervals);
  }

  status(node: number, epoch: number, currentEpoch: number): Status {
    const isActive = this.#intervals.get(node)?.some(({ from, until }) => from <= epoch && epoch < until);
    if (!isActive) return "inactive";
    const report = this.#reports.get(`${Math.floor(node / 512)} ${epoch}`);
    if (!report) return epoch + 1 + this.#reportWindow <= currentEpoch ? "unreported" : "pending";
    if (report.absent.includes(node)) return "absent";
    return report.degraded.includes(node) ? "degraded" : "attested";
  }

  /** Counts `[from, until)` epoch by epoch. */
  uptime(node: number, { from, until }: ActiveInterval, currentEpoch: number): Counts {
    const counts: Counts = { inactive: 0, pending: 0, attested: 0, absent: 0, degraded: 0, unreported: 0 };
    for (let epoch = from; epoch < until; epoch++) counts[this.status(node, epoch, currentEpoch)]++;
    return counts;
  }
}
