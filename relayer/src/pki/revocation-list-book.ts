import type { X509Certificate } from "node:crypto";

import type { CertificateAuthority } from "./certificate-authority.ts";
import type { CertificateRecords } from "./certificate-records.ts";
import { chainRevocationList } from "./chain-revocation-list.ts";
import { type ListShard, shardUri } from "./distribution-point.ts";
import { LogStateLists } from "./log-state-lists.ts";
import type { EncodedRevocationList } from "./revocation-list.ts";

/** What {@link RevocationListBook} needs. */
export interface RevocationListBookOptions {
  records: CertificateRecords;
  /** Authorities whose lists are signed here, by number. */
  authorities: ReadonlyMap<number, CertificateAuthority>;
  /** X.509 certificates of all authorities that are known. */
  certificates: readonly X509Certificate[];
  /** URL of the read API, as the certificates' distribution points name it. */
  url: string;
  /** Number of lists that the authorities' certificates are spread over; 1, the default: the complete list alone. */
  shards?: number;
}

/** Revocation lists of the authorities whose keys are at hand, made when they are asked for. */
export class RevocationListBook {
  readonly #options: RevocationListBookOptions;
  /** By authority and shard. */
  readonly #lists: LogStateLists<Promise<EncodedRevocationList>>;
  /** Authorities that the newest list of an authority leaves out. */
  readonly #unlisted = new Map<number, readonly number[]>();

  constructor(options: RevocationListBookOptions) {
    this.#options = options;
    this.#lists = new LogStateLists(options.records);
  }

  /** Authorities that lists are signed for, ascending. */
  get authorityIds(): number[] {
    return [...this.#options.authorities.keys()].sort((a, b) => a - b);
  }

  /** Number of lists that certificates are spread over; there are shards only when it is above 1. */
  get shards(): number {
    return this.#options.shards ?? 1;
  }

  /** Lists that are kept: at most the complete one and the shards of each authority. */
  get size(): number {
    return this.#lists.size;
  }

  /** Always well: what authorities below are recorded with must not make a relayer unwell. */
  health(): { ok: true; reasons: string[]; notices: string[] } {
    const notices = [...this.#unlisted].map(
      ([authorityId, unlisted]) =>
        `the revocation list of authority ${authorityId} leaves out the revoked authorities ${unlisted.join(", ")}: no X.509 certificate of their own that it issued is at hand`,
    );
    return { ok: true, reasons: [], notices };
  }

  /**
   * The newest list of an authority: of the newest block when the log has grown since the last one, else at most a
   * minute older. Callers that ask at the same time share one.
   *
   * @returns undefined when the authority's key is not here, or its certificates are not spread over so many shards.
   * @throws Error as `chainRevocationList`.
   */
  newest(authorityId: number, shard?: ListShard): Promise<EncodedRevocationList> | undefined {
    const authority = this.#options.authorities.get(authorityId);
    if (!authority || (shard && (this.shards === 1 || shard.count !== this.shards))) return undefined;
    const name = shard ? `${authorityId}/${shard.index}-of-${shard.count}` : `${authorityId}`;
    return this.#lists.newest(name, () => {
      const list = this.#sign(authority, authorityId, shard);
      list.catch(() => this.#lists.forget(name, list));
      return list;
    });
  }

  async #sign(
    authority: CertificateAuthority,
    authorityId: number,
    shard: ListShard | undefined,
  ): Promise<EncodedRevocationList> {
    const { records, certificates, url } = this.#options;
    const uri = shard && { shard: { ...shard, uri: shardUri({ url, authorityId }, shard) } };
    const content = chainRevocationList(records, { authorityId, authorities: certificates, ...uri });
    if (content.unlisted.length > 0) this.#unlisted.set(authorityId, content.unlisted);
    else this.#unlisted.delete(authorityId);
    return authority.signRevocationList(content);
  }
}
