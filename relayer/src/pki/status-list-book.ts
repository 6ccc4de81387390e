import type { CertificateRecords } from "./certificate-records.ts";
import { LogStateLists } from "./log-state-lists.ts";
import { statusList, type StatusPurpose } from "./status-list.ts";

/** Status lists of all authorities, made when they are asked for. */
export class StatusListBook {
  readonly #records: CertificateRecords;
  readonly #url: string;
  /** By authority and purpose. */
  readonly #lists: LogStateLists<object>;

  /** @param url URL of the read API that serves them. */
  constructor(records: CertificateRecords, url: string) {
    this.#records = records;
    this.#url = url;
    this.#lists = new LogStateLists(records);
  }

  /**
   * The newest list of an authority that is recorded: of the newest block when the log has grown since the last one, else
   * at most a minute older.
   */
  newest(authorityId: number, purpose: StatusPurpose): object {
    const name = `${authorityId}/${purpose}`;
    const url = `${this.#url}/v1/status-list/${name}`;
    return this.#lists.newest(name, () => statusList(this.#records, { authorityId, purpose, url }));
  }
}
