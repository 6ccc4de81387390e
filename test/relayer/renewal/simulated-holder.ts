import { X509Certificate } from "node:crypto";
import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import { pino } from "pino";
import type { Hex } from "viem";
import type { CertificateRequest } from "@pqmesh/contracts/protocol/certificate-request";
import { CertificateRenewer, lifeOf } from "../../../relayer/src/renewal/certificate-renewer.ts";
import type { AuthorityClient } from "../../../relayer/src/renewal/authority-client.ts";
import type { BegunRenewal, RenewalStore } from "../../../relayer/src/renewal/renewal-files.ts";
import { createCertificateRequest } from "../../../relayer/src/pki/certificate-request.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import type { ModelRegistry } from "../authority/model-registry.ts";

/** A renewal store in memory; it outlives a renewer that is made anew. */
class MemoryStore implements RenewalStore {
  /** Keys made so far. */
  made = 0;
  #begun: BegunRenewal | undefined;

  begun(): Promise<BegunRenewal | undefined> {
    return Promise.resolve(this.#begun);
  }

  async begin(): Promise<BegunRenewal> {
    const key = certificateKey();
    this.made += 1;
    this.#begun = { key, request: await createCertificateRequest(key, "any") };
    return this.#begun;
  }

  adopt(): Promise<void> {
    return this.discard();
  }

  discard(): Promise<void> {
    this.#begun = undefined;
    return Promise.resolve();
  }
}

/** Seconds in which a holder used a certificate; `until` is undefined for the one in use. */
export interface Use {
  serial: bigint;
  from: bigint;
  until: bigint | undefined;
}

/** What a {@link SimulatedHolder} is made of. */
export interface HolderOptions {
  registry: ModelRegistry;
  kind: CertificateKind;
  subject: bigint;
  /** First certificate, PEM. */
  cert: string;
  authorities: AuthorityClient;
  sign(request: CertificateRequest): Promise<Hex>;
}

/** Somebody with a certificate that renews itself on the clock of a model registry, and a log of what was in use when. */
export class SimulatedHolder {
  readonly uses: Use[];
  readonly store = new MemoryStore();
  readonly #renewer: CertificateRenewer;
  readonly #registry: ModelRegistry;
  #certificate: X509Certificate;

  constructor({ registry, kind, subject, cert, authorities, sign }: HolderOptions) {
    this.#registry = registry;
    this.#certificate = new X509Certificate(cert);
    this.uses = [{ serial: lifeOf(this.#certificate).serial, from: registry.head().timestamp, until: undefined }];
    this.#renewer = new CertificateRenewer({
      holder: { kind, subject },
      ...{ records: registry, store: this.store, authorities, sign },
      inUse: () => this.#certificate,
      install: ({ cert: renewed }) => this.#use(new X509Certificate(renewed)),
      nowMs: () => registry.nowMs(),
      log: pino({ level: process.env.TEST_LOG ?? "silent" }),
    });
  }

  get certificate(): X509Certificate {
    return this.#certificate;
  }

  look(): Promise<void> {
    return this.#renewer.look();
  }

  health(): { ok: boolean; reasons: string[] } {
    return this.#renewer.health();
  }

  /** Uses during which the certificate was not good for every second, as sentences. */
  gaps(): string[] {
    const now = this.#registry.head().timestamp;
    return this.uses.flatMap(({ serial, from, until = now }) => {
      const record = this.#registry.certificate(serial);
      if (!record) return [`${serial} was not recorded`];
      const { issuedAt, notBefore, notAfter, revokedAt = notAfter + 1n } = record;
      const goodUntil = revokedAt <= notAfter ? revokedAt : notAfter + 1n;
      const isGood = issuedAt <= from && notBefore <= from && until <= goodUntil;
      return isGood ? [] : [`${serial} was used from ${from} to ${until}, good until ${goodUntil}`];
    });
  }

  #use(certificate: X509Certificate): void {
    const { timestamp } = this.#registry.head();
    this.uses.at(-1)!.until = timestamp;
    this.uses.push({ serial: lifeOf(certificate).serial, from: timestamp, until: undefined });
    this.#certificate = certificate;
  }
}
