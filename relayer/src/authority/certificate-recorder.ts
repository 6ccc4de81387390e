import { REORG_DEPTH } from "@pqmesh/contracts/protocol/reorg-depth";
import type { EventEmitter } from "node:events";
import type { Logger } from "pino";
import type { Address } from "viem";
import type { ChainFollowerEvents } from "../chain/follow-chain.ts";
import { type RpcRequest, RpcResponseError } from "../chain/json-rpc.ts";
import { revertReason } from "../submit/revert-reason.ts";
import type { Submitter } from "../submit/submitter.ts";
import type { CertificateStore, StoredRequest } from "./certificate-store.ts";
import {
  PATIENCE_SECONDS,
  placeOf,
  type PlacedRecords,
  type RecordBatch,
  recordCall,
  recordIntent,
  recordIntentId,
} from "./record-intent.ts";

/** Certificates that one transaction records at most: half of the gas that one may use (EIP-7825). */
const BATCH_SIZE = 50;
/** Blocks for which the chain must go on refusing a certificate: the endpoint may be ahead of the view, or behind it. */
const PATIENCE_BLOCKS = 3n;

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
  /** Why a certificate must not be recorded any more, undefined when it may. */
  objection(request: StoredRequest): string | undefined;
  /** Why the authority cannot issue now, undefined when it can. */
  flaw(): string | undefined;
  log: Logger;
}

interface RequestBatch extends RecordBatch {
  certificates: StoredRequest[];
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
      const sendable = unrecorded.filter(({ intentKey }) => !this.#isOpen(intentKey));
      const waiting = sendable.filter((request) => !this.#isRefused(request));
      this.#problem = flaw();
      if (this.#problem !== undefined) return;
      for (const [overlapUntil, certificates] of this.#byOverlap(waiting)) {
        await this.#submit(certificates, overlapUntil);
      }
    } catch (error) {
      this.#problem = `certificates cannot be recorded: ${(error as Error).message}`;
      log.warn({ reason: (error as Error).message }, "certificates not recorded");
    }
  }

  /** Certificates by when what they replace ends: one that is about to expire takes no overlap from the others. */
  #byOverlap(waiting: readonly StoredRequest[]): Map<bigint | undefined, StoredRequest[]> {
    return Map.groupBy(waiting, (request) => this.#overlapUntil(request));
  }

  /** What expires before the transaction is surely mined cannot be replaced any more. */
  #overlapUntil({ replaces }: StoredRequest): bigint | undefined {
    const { records, overlapSeconds } = this.#options;
    const end = replaces === undefined ? undefined : records.certificate(replaces)?.notAfter;
    const { timestamp } = records.head();
    if (end === undefined || end <= timestamp + PATIENCE_SECONDS) return undefined;
    const wanted = timestamp + BigInt(overlapSeconds);
    return end < wanted ? end : wanted;
  }

  #isRefused(request: StoredRequest): boolean {
    const reason = this.#options.objection(request);
    if (reason !== undefined) this.#refuse(request, reason);
    return reason !== undefined;
  }

  #isRecorded({ serial, x509Hash }: StoredRequest): boolean {
    const { records, store, log } = this.#options;
    const place = placeOf(records, { serial, x509Hash });
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

  async #submit(waiting: readonly StoredRequest[], overlapUntil: bigint | undefined): Promise<void> {
    const { store, submitter, records, registry, authorityId, log } = this.#options;
    for (let from = 0; from < waiting.length; from += BATCH_SIZE) {
      const batch = { registry, authorityId, certificates: waiting.slice(from, from + BATCH_SIZE), overlapUntil };
      const certificates = await this.#acceptable(batch);
      if (certificates.length === 0) continue;
      const intent = recordIntent({ ...batch, certificates }, records.head().timestamp);
      store.assign(
        certificates.map(({ serial }) => serial),
        intent.key,
      );
      submitter.submit(intent);
      log.info({ certificates: certificates.length }, "recording certificates");
    }
  }

  /** Leaves out what would make the whole batch fail, and refuses it when that lasts. */
  async #acceptable(batch: RequestBatch): Promise<StoredRequest[]> {
    if ((await this.#refusal(batch)) === undefined) return batch.certificates;
    const acceptable: StoredRequest[] = [];
    for (const certificate of batch.certificates) {
      const reason = await this.#refusal({ ...batch, certificates: [certificate] });
      if (reason === undefined) acceptable.push(certificate);
      else this.#noteRefusal(certificate, reason);
    }
    return acceptable;
  }

  #noteRefusal(request: StoredRequest, reason: string): void {
    const { serial } = request;
    const head = this.#options.records.head().number;
    const since = this.#refusedSince.get(serial) ?? head;
    this.#refusedSince.set(serial, since);
    if (head - since < PATIENCE_BLOCKS) return;
    this.#refuse(request, `the CertificateRegistry refuses it: ${reason}`);
  }

  #refuse({ serial, kind, subject }: StoredRequest, reason: string): void {
    const { store, log } = this.#options;
    this.#refusedSince.delete(serial);
    store.refuse(serial, reason);
    log.warn({ serial: serial.toString(16), kind, subject: `${subject}`, reason }, "certificate refused");
  }

  async #refusal(batch: RequestBatch): Promise<string | undefined> {
    const { request, submitter, registry } = this.#options;
    const data = recordCall(batch);
    try {
      await request("eth_call", [{ from: submitter.address, to: registry, data }, "latest"]);
      return undefined;
    } catch (error) {
      if (error instanceof RpcResponseError) return revertReason(error);
      throw error;
    }
  }
}
