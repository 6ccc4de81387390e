import { createHash, X509Certificate } from "node:crypto";
import type { CertificateRequest } from "@pqmesh/contracts/protocol/certificate-request";
import type { Logger } from "pino";
import type { Hex } from "viem";
import type { CertificateRecords } from "../pki/certificate-records.ts";
import { type CertificateStatus, certificateStatus } from "../pki/certificate-status.ts";
import { fromPem } from "../pki/signed-der.ts";
import { type AuthorityClient, type OpenRequest, RequestRefusedError, signOnce } from "./authority-client.ts";
import { type CertificateLife, renewalReason } from "./renewal-schedule.ts";
import type { BegunRenewal, CertifiedPair, RenewalStore } from "./renewal-files.ts";
import { type CertificateHolder, requireRenewed } from "./require-renewed.ts";

/** Milliseconds between looks at the certificate in use. */
const LOOK_MS = 10_000;
/** Seconds for which a signature under a request is good. */
const SIGNATURE_SECONDS = 3_600;
/** Share of its life that a certificate has left when its holder is said to be in trouble. */
const TROUBLE_SHARE = 0.1;
/** Seconds for which the own view of the chain may not know a certificate yet that its authority calls final. */
const UNKNOWN_SECONDS = 86_400;
/** Statuses that end good. */
const PASSING: readonly CertificateStatus[] = ["held", "not-yet-valid"];

/** What {@link CertificateRenewer} needs. */
export interface CertificateRenewerOptions {
  /** Whom the certificate is for. */
  holder: CertificateHolder;
  records: CertificateRecords;
  /** The certificate in use. */
  inUse(): X509Certificate;
  /** Puts a renewed certificate to use. @throws Error when it is not acceptable; the old one stays in use then. */
  install(pair: CertifiedPair): void;
  store: RenewalStore;
  authorities: AuthorityClient;
  /** Signs a request as whoever may ask for the holder's certificates. */
  sign(request: CertificateRequest): Promise<Hex>;
  /** Chain time, milliseconds. */
  nowMs(): number;
  log: Logger;
}

/**
 * Renews one certificate, again and again: in time, or as soon as an authority above it is tainted. Each time it makes a new
 * key, and the old certificate stays in use until the new one is on chain for good.
 */
export class CertificateRenewer {
  readonly #options: CertificateRenewerOptions;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #problem: string | undefined;
  #asked: OpenRequest | undefined;

  constructor(options: CertificateRenewerOptions) {
    this.#options = options;
  }

  start(): void {
    const look = (): void => {
      this.#looking ??= this.look().finally(() => {
        this.#looking = undefined;
      });
    };
    this.#timer = setInterval(look, LOOK_MS).unref();
    look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  health(): { ok: boolean; reasons: string[] } {
    const { notBefore, notAfter } = lifeOf(this.#options.inUse());
    const leftSeconds = notAfter - this.#now();
    if (leftSeconds > TROUBLE_SHARE * (notAfter - notBefore)) return { ok: true, reasons: [] };
    const why = this.#problem === undefined ? "" : `: ${this.#problem}`;
    const hours = Math.floor(leftSeconds / 3_600);
    return { ok: false, reasons: [`the certificate ends in ${hours} hours and is not renewed${why}`] };
  }

  /** Looks once whether there is something to do and does it; never throws. */
  async look(): Promise<void> {
    const { store, log } = this.#options;
    try {
      const begun = (await store.begun()) ?? (await this.#beginWhenDue());
      if (begun) await this.#pursue(begun);
      this.#problem = undefined;
    } catch (error) {
      const reason = (error as Error).message;
      if (this.#problem !== reason) log.warn({ reason }, "certificate not renewed yet");
      this.#problem = reason;
    }
  }

  async #beginWhenDue(): Promise<BegunRenewal | undefined> {
    const { records, inUse, store, log } = this.#options;
    const life = lifeOf(inUse());
    const reason = renewalReason(records, life, this.#now());
    if (reason === undefined) return undefined;
    log.info({ serial: life.serial.toString(16), reason }, "renewing certificate");
    return store.begin();
  }

  async #pursue(begun: BegunRenewal): Promise<void> {
    const { authorities, store } = this.#options;
    const asked = this.#request(begun);
    const answer = await authorities.ask(asked).catch(async (error: unknown) => {
      if (error instanceof RequestRefusedError && error.type === "conflict") await store.discard();
      throw error;
    });
    if (answer.state === "refused") {
      await store.discard();
      throw new Error(answer.reason ?? "the chain refused the certificate");
    }
    if (answer.state === "final") await this.#adopt(begun, answer.certificate);
  }

  /** The request with its signatures, which are made anew only when they run out. */
  #request({ request }: BegunRenewal): OpenRequest {
    const { holder, sign } = this.#options;
    const now = this.#now();
    if (this.#asked?.request === request && this.#asked.deadline > BigInt(now)) return this.#asked;
    const deadline = BigInt(now + SIGNATURE_SECONDS);
    const requestHash = hashOf(request);
    const signFor = signOnce((authorityId) => sign({ ...holder, authorityId, requestHash, deadline }));
    this.#asked = { ...holder, request, deadline, signFor };
    return this.#asked;
  }

  /** Takes a certificate that the own view of the chain has as good, not on the word of whoever sent it. */
  async #adopt({ key }: BegunRenewal, cert: string): Promise<void> {
    const { holder, records, store, install, log } = this.#options;
    const certificate = new X509Certificate(cert);
    const { serial, notBefore } = lifeOf(certificate);
    const status = certificateStatus(records, serial, BigInt(this.#now()));
    try {
      requireRenewed(certificate, { holder, publicKey: key.publicKey, record: records.certificate(serial) });
    } catch (error) {
      await store.discard();
      throw error;
    }
    if (status !== "good") {
      const isAwaited = status === "unknown" ? this.#now() - notBefore <= UNKNOWN_SECONDS : PASSING.includes(status);
      if (!isAwaited) await store.discard();
      throw new Error(`the chain says that the new certificate ${serial.toString(16)} is ${status}`);
    }
    install({ key, cert });
    await store.adopt(cert);
    log.info({ serial: serial.toString(16) }, "certificate renewed");
  }

  #now(): number {
    return Math.floor(this.#options.nowMs() / 1_000);
  }
}

/** Serial number and validity of a certificate, Unix seconds. */
export function lifeOf({ serialNumber, validFromDate, validToDate }: X509Certificate): CertificateLife {
  return {
    serial: BigInt(`0x${serialNumber}`),
    notBefore: validFromDate.getTime() / 1_000,
    notAfter: validToDate.getTime() / 1_000,
  };
}

function hashOf(request: string): Hex {
  return `0x${createHash("sha256").update(fromPem("CERTIFICATE REQUEST", request)).digest("hex")}`;
}
