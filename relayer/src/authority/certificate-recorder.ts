import { REORG_DEPTH } from "@pqmesh/contracts/protocol/reorg-depth";
import type { EventEmitter } from "node:events";
import type { Logger } from "pino";
import type { Address } from "viem";
import type { ChainFollowerEvents } from "../chain/follow-chain.ts";
import { type RpcRequest, RpcResponseError } from "../chain/json-rpc.ts";
import { revertReason } from "../submit/revert-reason.ts";
import type { Submitter } from "../submit/submitter.ts";
import type { CertificateStore, StoredRequest } from "./certificate-store.ts";
import { type PlacedRecords, type RecordBatch, recordCall, recordIntent, recordIntentId } from "./record-intent.ts";

/** Certificates that one transaction records at most: half of the gas that one may use (EIP-7825). */
const BATCH_SIZE = 50;
/** Blocks for which the chain must go on refusing a certificate: the endpoint may be ahead of the view, or behind it. */
const PATIENCE_BLOCKS = 3n;
/** Seconds that a certificate must still live to be replaced with an overlap. */
const LEAST_OVERLAP_SECONDS = 3_600n;

/** What {@link CertificateRecorder} needs. */
export interface CertificateRecorderOptions {
  records: PlacedRecords;
  store: CertificateStore;
  /** Knows the kind of `recordKind` and sends from the authority's account. */
  submitter: Pick<Submitter, "address" | "submit" | "isOpen">;
  events: EventEmitter<ChainFollowerEvents>;
  request: RpcRequest;
  authorityId: number;
  registry: Address;
  /** Seconds for which a replaced certificate stays good beside the new one. */
  overlapSeconds: number;
  /** Why the authority cannot issue now, undefined when it can. */
  flaw(): string | undefined;
  log: Logger;
}

/**
 * Gets signed certificates onto the chain, all that came since the last block with one or two transactions, and notes when
 * they are there for good. What the chain would never take is refused alone, so that it does not hold up the others.
 */
export class CertificateRecorder {
  readonly #options: CertificateRecorderOptions;
  #running: Promise<void> | undefined;
  #problem: string | undefined;
  /** Block at which the chain was first seen to refuse a certificate. */
  readonly #refusedSince = new Map<bigint, bigint>();

  constructor(options: CertificateRecorderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.events.on("head", this.#look);
    this.#look();
  }

  async stop(): Promise<void> {
    this.#options.events.off("head", this.#look);
    await this.#running;
  }

  health(): { ok: boolean; reasons: string[] } {
    return { ok: this.#problem === undefined, reasons: this.#problem === undefined ? [] : [this.#problem] };
  }

  readonly #look = (): void => {
    this.#running ??= this.record().finally(() => {
      this.#running = undefined;
    });
  };

  /** Looks once at every certificate that is on its way; at each block the recorder does so by itself. */
  async record(): Promise<void> {
    const { store, flaw, log } = this.#options;
    try {
      const unrecorded = store.allUnderWay().filter((request) => !this.#isRecorded(request));
      this.#problem = flaw();
      if (this.#problem !== undefined) return;
      const waiting = unrecorded.filter(({ intentKey }) => !this.#isOpen(intentKey));
      const [rotated, issued] = this.#split(waiting);
      await this.#submit(issued);
      await this.#submit(rotated);
    } catch (error) {
      this.#problem = `certificates cannot be recorded: ${(error as Error).message}`;
      log.warn({ reason: (error as Error).message }, "certificates not recorded");
    }
  }

  /** Certificates that take the place of another one, and the others: what is about to expire is not replaced any more. */
  #split(waiting: readonly StoredRequest[]): [StoredRequest[], StoredRequest[]] {
    const isReplacing = ({ replaces }: StoredRequest): boolean =>
      replaces !== undefined && this.#endOf(replaces) > this.#soon();
    const issued = waiting.filter((request) => !isReplacing(request));
    return [waiting.filter(isReplacing), issued.map((request) => ({ ...request, replaces: undefined }))];
  }

  #soon(): bigint {
    return this.#options.records.head().timestamp + LEAST_OVERLAP_SECONDS;
  }

  #endOf(serial: bigint): bigint {
    return this.#options.records.certificate(serial)?.notAfter ?? 0n;
  }

  #isRecorded({ serial }: StoredRequest): boolean {
    const { records, store, log } = this.#options;
    const place = records.recordedAt(serial);
    if (!place) return false;
    if (records.head().number - place.blockNumber >= REORG_DEPTH) {
      store.finish(serial);
      log.info({ serial: serial.toString(16) }, "certificate recorded for good");
    }
    return true;
  }

  #isOpen(intentKey: string | undefined): boolean {
    return intentKey !== undefined && this.#options.submitter.isOpen(recordIntentId(intentKey));
  }

  async #submit(waiting: readonly StoredRequest[]): Promise<void> {
    const { store, submitter, records, log } = this.#options;
    for (let from = 0; from < waiting.length; from += BATCH_SIZE) {
      const certificates = await this.#acceptable(waiting.slice(from, from + BATCH_SIZE));
      if (certificates.length === 0) continue;
      const intent = recordIntent(this.#batch(certificates), records.head().timestamp);
      store.assign(
        certificates.map(({ serial }) => serial),
        intent.key,
      );
      submitter.submit(intent);
      log.info({ certificates: certificates.length }, "recording certificates");
    }
  }

  /** Leaves out what would make the whole batch fail, and refuses it when that lasts. */
  async #acceptable(certificates: StoredRequest[]): Promise<StoredRequest[]> {
    if ((await this.#refusal(certificates)) === undefined) return certificates;
    const acceptable: StoredRequest[] = [];
    for (const certificate of certificates) {
      const reason = await this.#refusal([certificate]);
      if (reason === undefined) acceptable.push(certificate);
      else this.#noteRefusal(certificate, reason);
    }
    return acceptable;
  }

  #noteRefusal({ serial, kind, subject }: StoredRequest, reason: string): void {
    const head = this.#options.records.head().number;
    const since = this.#refusedSince.get(serial) ?? head;
    this.#refusedSince.set(serial, since);
    if (head - since < PATIENCE_BLOCKS) return;
    this.#refusedSince.delete(serial);
    this.#options.store.refuse(serial, `the CertificateRegistry refuses it: ${reason}`);
    this.#options.log.warn({ serial: serial.toString(16), kind, subject: `${subject}`, reason }, "certificate refused");
  }

  async #refusal(certificates: readonly StoredRequest[]): Promise<string | undefined> {
    const { request, submitter, registry } = this.#options;
    const data = recordCall(this.#batch(certificates));
    try {
      await request("eth_call", [{ from: submitter.address, to: registry, data }, "latest"]);
      return undefined;
    } catch (error) {
      if (error instanceof RpcResponseError) return revertReason(error);
      throw error;
    }
  }

  #batch(certificates: readonly StoredRequest[]): RecordBatch {
    const { registry, authorityId, records, overlapSeconds } = this.#options;
    const ends = certificates.flatMap(({ replaces }) => (replaces === undefined ? [] : [this.#endOf(replaces)]));
    const wanted = records.head().timestamp + BigInt(overlapSeconds);
    const overlapUntil = ends.reduce((earliest, end) => (end < earliest ? end : earliest), wanted);
    return { registry, authorityId, certificates, overlapUntil };
  }
}
