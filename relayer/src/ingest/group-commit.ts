import type { AttestationStore } from "../store/attestation-store.ts";
import type { AppendGroup } from "../store/store-write.ts";
import type { ReceiptSigner, SignedBatch } from "./receipt-signer.ts";

/** A verified attestation that waits to be stored. */
export interface CommitItem {
  mode: "leaf" | "history";
  epoch: number;
  wire: Buffer;
  digest: Uint8Array;
  /** False once what it follows could not be stored; it must then not be stored either. */
  isStillWanted(): boolean;
  /** Called once it is synced to disk, with its place in the signed batch; history has none. */
  onStored(receipt: { batch: SignedBatch; index: number } | undefined): void;
  /** Called when it was not stored. */
  onFailed(reason: string): void;
}

/** How verified attestations become durable. */
export interface GroupCommitOptions {
  store: AttestationStore;
  signer: ReceiptSigner;
  /** Chain time, milliseconds. */
  nowMs(): number;
  /** Least time from the start of one commit to the next, milliseconds: small batches cost more than they save. */
  intervalMs: number;
  /** Most attestations in one transaction. */
  maxBatch: number;
  /** Called after every transaction: its size and how long it took, or why it failed. */
  onCommit(outcome: { size: number; seconds: number; failure?: string }): void;
}

interface PreparedGroup {
  items: CommitItem[];
  group: AppendGroup;
  batch: SignedBatch | undefined;
}

/**
 * Group commit: whatever was verified while the last transaction ran goes into the next one. Receipts are signed before
 * the transaction and stored with it; nobody hears of an attestation before it is synced to disk.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #waiting: CommitItem[] = [];
  #isRunning = false;
  #settled = Promise.withResolvers<void>();
  #lastStart = -Infinity;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Attestations that wait for a transaction. */
  get pending(): number {
    return this.#waiting.length;
  }

  /** Queues an attestation for the next transaction. */
  add(item: CommitItem): void {
    this.#waiting.push(item);
    if (this.#isRunning) return;
    this.#isRunning = true;
    const dueIn = this.#lastStart + this.#options.intervalMs - performance.now();
    if (dueIn > 0) setTimeout(() => void this.#run(), dueIn);
    else setImmediate(() => void this.#run());
  }

  /** Resolves at the end of the transaction that runs or comes next. */
  nextCommit(): Promise<void> {
    return this.#settled.promise;
  }

  async #run(): Promise<void> {
    const { maxBatch, intervalMs } = this.#options;
    while (this.#waiting.length > 0) {
      this.#lastStart = performance.now();
      const batch = this.#waiting.splice(0, maxBatch);
      await this.#commit(batch);
      const settled = this.#settled;
      this.#settled = Promise.withResolvers();
      settled.resolve();
      const rest = this.#lastStart + intervalMs - performance.now();
      if (rest > 0 && this.#waiting.length < maxBatch) await new Promise((resolve) => setTimeout(resolve, rest));
    }
    this.#isRunning = false;
  }

  async #commit(batch: CommitItem[]): Promise<void> {
    const wanted = batch.filter((item) => item.isStillWanted());
    const orphans = batch.filter((item) => !item.isStillWanted());
    for (const item of orphans) item.onFailed("the one before it was not stored");
    if (wanted.length === 0) return;
    const start = performance.now();
    const stored = await this.#store(wanted).catch((error: unknown) => sentence(error));
    const outcome = { size: wanted.length, seconds: (performance.now() - start) / 1_000 };
    if (typeof stored === "string") {
      this.#options.onCommit({ ...outcome, failure: stored });
      for (const item of wanted) item.onFailed(stored);
      return;
    }
    this.#options.onCommit(outcome);
    for (const { items, batch } of stored) items.forEach((item, index) => item.onStored(batch && { batch, index }));
  }

  async #store(items: CommitItem[]): Promise<PreparedGroup[]> {
    const groups = groupByEpoch(items).map((some) => this.#prepare(some));
    await this.#options.store.append(groups.map(({ group }) => group));
    return groups;
  }

  #prepare(items: CommitItem[]): PreparedGroup {
    const { signer, nowMs } = this.#options;
    const { mode, epoch } = items[0]!;
    const group: AppendGroup = { mode, items, receivedMs: Math.floor(nowMs()) };
    if (mode === "history") return { items, group, batch: undefined };
    const batch = signer.sign(
      epoch,
      items.map(({ digest }) => digest),
    );
    const root = Buffer.from(batch.tree.root.slice(2), "hex");
    return { items, group: { ...group, receipt: { epoch, root, signature: batch.signature } }, batch };
  }
}

/** Leaves of one epoch share a receipt; history needs none and goes together. */
function groupByEpoch(items: CommitItem[]): CommitItem[][] {
  const groups = new Map<number, CommitItem[]>();
  for (const item of items) {
    const key = item.mode === "history" ? -1 : item.epoch;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
