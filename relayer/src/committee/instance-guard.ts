import type { Logger } from "pino";
import type { Address } from "viem";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { ProtectionLog } from "./protection-log.ts";

/**
 * Looks for own signatures on chain that the protection log does not know: then the log is from an older disk, or
 * another program signs with the same key. In both cases nothing is signed for epochs that could have been signed.
 */
export class InstanceGuard {
  readonly #chain: ChainFollower;
  readonly #protection: ProtectionLog;
  readonly #member: Address;
  readonly #log: Logger;
  #warning: string | undefined;

  constructor(chain: ChainFollower, protection: ProtectionLog, { member, log }: { member: Address; log: Logger }) {
    this.#chain = chain;
    this.#protection = protection;
    this.#member = member;
    this.#log = log;
  }

  /** Why signing is held back, undefined when it is not. */
  get warning(): string | undefined {
    return this.#warning;
  }

  start(): void {
    this.#chain.recentReports().forEach(this.#inspect);
    this.#chain.events.on("report", this.#inspect);
  }

  stop(): void {
    this.#chain.events.off("report", this.#inspect);
  }

  readonly #inspect = (report: AcceptedReport): void => {
    const { epoch, round, digest } = report;
    if (epoch < this.#protection.floor || !this.#isOwn(report)) return;
    if (this.#protection.digestOf(report) === digest) return;
    const floor = this.#chain.currentEpoch() + 1n;
    this.#protection.raiseFloor(floor);
    this.#warning = `the report of epoch ${epoch}, round ${round}, carries a signature of ${this.#member} that the protection log does not know: an older disk was restored, or the key is used elsewhere; nothing is signed before epoch ${floor}`;
    this.#log.error({ epoch: epoch.toString(), round, digest, floor: floor.toString() }, this.#warning);
  };

  #isOwn({ epoch, committeeVersion, signers }: AcceptedReport): boolean {
    const committee = this.#chain.committeeAt(epoch);
    if (committee?.version !== committeeVersion) return false;
    const seat = committee.members.find(({ address }) => address === this.#member)?.seat;
    return seat !== undefined && ((signers >> BigInt(seat)) & 1n) === 1n;
  }
}
