import type { CertificateRecords } from "./certificate-records.ts";

/** How long a list is served again while the log has not grown: what changes with time alone may be this late. */
const REUSE_SECONDS = 60n;

interface Issue<List> {
  logRoot: string;
  timestamp: bigint;
  list: List;
}

/** Lists made of the chain's records when they are asked for, by name; all of one state of the log. */
export class LogStateLists<List> {
  readonly #records: CertificateRecords;
  readonly #issues = new Map<string, Issue<List>>();

  constructor(records: CertificateRecords) {
    this.#records = records;
  }

  /** Lists that are kept. */
  get size(): number {
    return this.#issues.size;
  }

  /** The newest list of a name: made anew when the log has grown since the last one, else at most a minute older. */
  newest(name: string, make: () => List): List {
    const logRoot = this.#records.logHead().root;
    const { timestamp } = this.#records.head();
    const last = this.#issues.get(name);
    const age = last && timestamp - last.timestamp;
    if (last?.logRoot === logRoot && age !== undefined && age >= 0n && age < REUSE_SECONDS) return last.list;
    for (const [each, issue] of this.#issues) if (issue.logRoot !== logRoot) this.#issues.delete(each);
    const list = make();
    this.#issues.set(name, { logRoot, timestamp, list });
    return list;
  }

  /** Makes a list anew the next time, unless another one took its place. */
  forget(name: string, list: List): void {
    if (this.#issues.get(name)?.list === list) this.#issues.delete(name);
  }
}
