import type { Logger } from "pino";
import type { Address } from "viem";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { RpcResponseError } from "../chain/json-rpc.ts";
import type { ReportSource } from "../read/report-source.ts";
import { turnOf } from "../submit/member-turn.ts";
import type { Submitter } from "../submit/submitter.ts";
import { type SeatDuty, TURN_EPOCHS } from "./epoch-watch.ts";
import type { ShownSignatures } from "./shown-signatures.ts";
import { removeSilentData, removeSilentIntent, showSignatureIntent } from "./silence-intents.ts";
import { reportsByShard, silentAfter, type SilentRow, silentRow, unsignedRow } from "./unsigned-row.ts";

/** What {@link SilenceKeeper} needs. */
export interface SilenceKeeperOptions {
  chain: ChainFollower;
  /** Knows the kinds of `silenceKinds`. */
  submitter: Submitter;
  /** CommitteeFees. */
  fees: Address;
  /** This relayer. */
  address: Address;
  /** Where its own signatures are. */
  reports: ReportSource;
  shown: ShownSignatures;
  /** False: it takes nobody's seat. */
  removesSilent: boolean;
  log: Logger;
}

/**
 * Keeps the seats with those who sign. Whoever sends a report chooses which signatures go with it, so a member that was left
 * out half as often as it takes to be called silent shows that it signed. Members that are silent lose their seats, by turns
 * of the others.
 */
export class SilenceKeeper implements SeatDuty {
  readonly #options: SilenceKeeperOptions;

  constructor(options: SilenceKeeperOptions) {
    this.#options = options;
  }

  look(epoch: bigint): void {
    const { chain, removesSilent, log } = this.#options;
    for (const reports of reportsByShard(chain)) {
      this.#showOwn(reports, epoch);
      if (!removesSilent) continue;
      void this.#removeSilent(reports, epoch).catch((error: unknown) => {
        log.debug({ err: error }, "silent members could not be looked for yet");
      });
    }
  }

  #showOwn(reports: readonly AcceptedReport[], epoch: bigint): void {
    const { chain, submitter, fees, address, reports: source, shown, log } = this.#options;
    const unsigned = unsignedRow(chain, reports, address);
    const shard = unsigned[0]?.shard ?? 0;
    const row = unsigned.filter((report) => report.epoch > shown.newest(shard));
    if (row.length === 0 || 2 * row.length < silentAfter(chain, row)) return;
    for (const report of row.reverse()) {
      if (report.epoch < epoch - chain.horizonEpochs) return;
      const own = source.reportOf(report.epoch, shard)?.signatures.find((signature) => signature.address === address);
      if (!own) continue;
      log.warn({ shard, reports: row.length }, "reports were sent without this member's signature: showing it");
      if (submitter.submit(showSignatureIntent(fees, report, own.ecdsa))) shown.note(shard, report.epoch);
      return;
    }
  }

  async #removeSilent(reports: readonly AcceptedReport[], epoch: bigint): Promise<void> {
    const { chain, submitter, fees, address, log } = this.#options;
    for (const { address: member, seat } of chain.newestCommittee()?.members ?? []) {
      if (member === address) continue;
      const row = this.#silentRow(reports, member);
      const turn = epoch / TURN_EPOCHS;
      if (!row || turnOf(chain, { address, number: BigInt(seat), turn }) !== "member") continue;
      const intent = removeSilentIntent(fees, member, row);
      if (submitter.isOpen(intent) || !(await this.#wouldRemove(member, row)) || !submitter.submit(intent)) continue;
      log.warn({ member, reports: row.length }, "a member signed none of many reports: taking its seat");
    }
  }

  /** The newest reports without a member's signature, as many as make it silent; those that cost it a seat before count once. */
  #silentRow(reports: readonly AcceptedReport[], member: Address): SilentRow | undefined {
    const { chain } = this.#options;
    const lastEpoch = chain.fees.removalOf(member)?.lastEpoch ?? -1n;
    return silentRow(
      chain,
      unsignedRow(chain, reports, member).filter((report) => report.epoch > lastEpoch),
    );
  }

  /** False also when the member showed its signature: only the chain knows. */
  async #wouldRemove(member: Address, row: SilentRow): Promise<boolean> {
    const { chain, fees, address } = this.#options;
    try {
      await chain.request("eth_call", [{ from: address, to: fees, data: removeSilentData(member, row) }, "latest"]);
      return true;
    } catch (error) {
      if (error instanceof RpcResponseError) return false;
      throw error;
    }
  }
}
