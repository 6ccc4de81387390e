import { committeeFeesAbi } from "@pqmesh/contracts/generated/committee-fees-abi";
import type { Logger } from "pino";
import type { Address, Hex } from "viem";
import { decodeFunctionResult, encodeFunctionData } from "viem/utils";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { turnOf } from "../submit/member-turn.ts";
import type { Submitter } from "../submit/submitter.ts";
import { collectIntent } from "./collect-intent.ts";
import { type SeatDuty, TURN_EPOCHS } from "./epoch-watch.ts";
import { collectedAtOnce, feeShare, unpaidReports } from "./unpaid-reports.ts";

/** What {@link FeeCollector} needs. */
export interface FeeCollectorOptions {
  chain: ChainFollower;
  /** Knows the kind of `collectKind`. */
  submitter: Submitter;
  /** CommitteeFees. */
  fees: Address;
  /** This relayer; only members of the running epoch's committee collect. */
  address: Address;
  /** MESH wei of its own that must be there to collect: what a transaction is worth to its operator. */
  collectFromWei: bigint;
  log: Logger;
}

/**
 * Has final reports paid when enough of the fees is this relayer's. A call pays all signers of its reports, so members take
 * turns; whose turn it is and has not enough to gain leaves it to the next.
 */
export class FeeCollector implements SeatDuty {
  readonly #options: FeeCollectorOptions;

  constructor(options: FeeCollectorOptions) {
    this.#options = options;
  }

  look(epoch: bigint): void {
    const { chain, address, log } = this.#options;
    if (turnOf(chain, { address, number: 0n, turn: epoch / TURN_EPOCHS }) !== "member") return;
    void this.#collect(epoch).catch((error: unknown) => log.debug({ err: error }, "fees could not be collected yet"));
  }

  async #collect(epoch: bigint): Promise<void> {
    const { chain, submitter, fees, address, collectFromWei, log } = this.#options;
    const fee = chain.parameter("reportFee");
    const shareOf = (report: AcceptedReport) => feeShare(chain, report, { fee, member: address });
    const worthOf = (reports: readonly AcceptedReport[]) => reports.reduce((sum, report) => sum + shareOf(report), 0n);
    const unpaid = unpaidReports(chain).filter((report) => shareOf(report) > 0n);
    if (unpaid.length === 0 || worthOf(unpaid) < collectFromWei) return;
    const payable = unpaid.slice(0, Number((await this.#reserve()) / fee));
    if (worthOf(payable) < collectFromWei) return;
    const [first, ...rest] = collectedAtOnce(payable);
    if (!first || !submitter.submit(collectIntent(fees, [first, ...rest], epoch))) return;
    log.info({ reports: 1 + rest.length, own: `${worthOf([first, ...rest])}` }, "collecting fees of reports");
  }

  async #reserve(): Promise<bigint> {
    const { chain, fees } = this.#options;
    const call = { abi: committeeFeesAbi, functionName: "reserve" } as const;
    const data = (await chain.request("eth_call", [{ to: fees, data: encodeFunctionData(call) }, "latest"])) as Hex;
    return decodeFunctionResult({ ...call, data });
  }
}
