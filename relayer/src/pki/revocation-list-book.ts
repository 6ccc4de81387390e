import type { X509Certificate } from "node:crypto";

import type { CertificateAuthority } from "./certificate-authority.ts";
import type { CertificateRecords } from "./certificate-records.ts";
import { chainRevocationList } from "./chain-revocation-list.ts";
import { type ListShard, shardUri } from "./distribution-point.ts";
import type { EncodedRevocationList } from "./revocation-list.ts";

/** How long a list is served again while the log has not grown: what changes with time alone may be this late. */
const REUSE_SECONDS = 60n;

/** What {@link RevocationListBook} needs. */
export interface RevocationListBookOptions {
  records: CertificateRecords;
  /** Authorities whose lists are signed here, by number. */
  authorities: ReadonlyMap<number, CertificateAuthority>;
  /** X.509 certificates of all authorities that are known. */
  certificates: readonly X509Certificate[];
  /** URL of the read API, as the certificates' distribution points name it. */
  url: string;
}

interface Issue {
  logRoot: string;
  timestamp: bigint;
  list: Promise<EncodedRevocationList>;
}

/** Revocation lists of the authorities whose keys are at hand, made when they are asked for. */
export class RevocationListBook {
  readonly #options: RevocationListBookOptions;
  readonly #issues = new Map<string, Issue>();

  constructor(options: RevocationListBookOptions) {
    this.#options = options;
  }

  /** Authorities that lists are signed for, ascending. */
  get authorityIds(): number[] {
    return [...this.#options.authorities.keys()].sort((a, b) => a - b);
  }

  /**
   * The newest list of an authority: of the newest block when the log has grown since the last one, else at most a
   * minute older. Callers that ask at the same time share one.
   *
   * @returns undefined when the authority's key is not here.
   * @throws Error as `chainRevocationList`.
   */
  newest(authorityId: number, shard?: ListShard): Promise<EncodedRevocationList> | undefined {
    const authority = this.#options.authorities.get(authorityId);
    if (!authority) return undefined;
    const name = shard ? `${authorityId}/${shard.index}-of-${shard.count}` : `${authorityId}`;
    const last = this.#issues.get(name);
    const logRoot = this.#options.records.logHead().root;
    const { timestamp } = this.#options.records.head();
    const age = last && timestamp - last.timestamp;
    if (last?.logRoot === logRoot && age !== undefined && age >= 0n && age < REUSE_SECONDS) return last.list;
    const list = this.#sign(authority, authorityId, shard);
    this.#issues.set(name, { logRoot, timestamp, list });
    list.catch(() => this.#issues.delete(name));
    return list;
  }

  async #sign(
    authority: CertificateAuthority,
    authorityId: number,
    shard: ListShard | undefined,
  ): Promise<EncodedRevocationList> {
    const { records, certificates, url } = this.#options;
    const uri = shard && { shard: { ...shard, uri: shardUri({ url, authorityId }, shard) } };
    return authority.signRevocationList(
      chainRevocationList(records, { authorityId, authorities: certificates, ...uri }),
    );
  }
}
