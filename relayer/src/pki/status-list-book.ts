import type { CertificateRecords } from "./certificate-records.ts";
import { statusList, type StatusPurpose } from "./status-list.ts";

/** How long a list is served again while the log has not grown: what changes with time alone may be this late. */
const REUSE_SECONDS = 60n;

interface Issue {
  logRoot: string;
  timestamp: bigint;
  list: object;
}

/** Status lists of all authorities, made when they are asked for. */
export class StatusListBook {
  readonly #records: CertificateRecords;
  readonly #url: string;
  /** By authority and purpose; all of one state of the log. */
  readonly #issues = new Map<string, Issue>();

  /** @param url URL of the read API that serves them. */
  constructor(records: CertificateRecords, url: string) {
    this.#records = records;
    this.#url = url;
  }

  /**
   * The newest list of an authority that is recorded: of the newest block when the log has grown since the last one, else
   * at most a minute older.
   */
  newest(authorityId: number, purpose: StatusPurpose): object {
    const name = `${authorityId}/${purpose}`;
    const logRoot = this.#records.logHead().root;
    const { timestamp } = this.#records.head();
    const last = this.#issues.get(name);
    const age = last && timestamp - last.timestamp;
    if (last?.logRoot === logRoot && age !== undefined && age >= 0n && age < REUSE_SECONDS) return last.list;
    for (const [each, issue] of this.#issues) if (issue.logRoot !== logRoot) this.#issues.delete(each);
    const url = `${this.#url}/v1/status-list/${name}`;
    const list = statusList(this.#records, { authorityId, purpose, url });
    this.#issues.set(name, { logRoot, timestamp, list });
    return list;
  }
}
