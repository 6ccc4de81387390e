import type { Address, Hex } from "viem";

/** A transaction that was sent, kept until somebody has seen how it ended. */
export interface PendingTransaction {
  hash: Hex;
  /** Flow that sent it, as its dialog named it. */
  title: string;
  /** What this transaction does within the flow. */
  step: string;
  /** True when the flow has further steps, which are not sent by themselves. */
  hasMore: boolean;
  account: Address;
  chainId: number;
  /** Chain time, Unix seconds; 0 when unknown. */
  sentAt: number;
  /** The account's transaction number, once the chain has told it. */
  nonce?: number;
  /** How it ended. */
  fate?: PendingFate;
}

/** How a transaction ended, in a sentence. */
export interface PendingFate {
  kind: "mined" | "failed" | "replaced" | "dropped";
  sentence: string;
}

/** Where the book is kept; the part of `localStorage` that it needs. */
export interface BookStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** Transactions remembered at most; the oldest are forgotten. */
const MOST = 20;

/** Remembers sent transactions over reloads, so that none is forgotten because a tab was closed. */
export class PendingBook {
  readonly #key: string;
  readonly #storage: BookStorage;
  readonly #listeners = new Set<() => void>();
  /** Shown by an open dialog, so not listed elsewhere. */
  readonly #attended = new Set<Hex>();
  #all: readonly PendingTransaction[];
  #listed: readonly PendingTransaction[];

  /** @param deployment What tells this deployment from others on the same chain id. */
  constructor(storage: BookStorage, deployment: string) {
    this.#key = `pqmesh.pending.${deployment}`;
    this.#storage = storage;
    this.#all = readBook(storage, this.#key);
    this.#listed = this.#all;
  }

  /** Transactions that no dialog shows, oldest first; the same list until something changes. */
  listed(): readonly PendingTransaction[] {
    return this.#listed;
  }

  /** Remembers a transaction that a dialog has just sent and shows. */
  add(transaction: PendingTransaction): void {
    this.#attended.add(transaction.hash);
    this.#write([...this.#fresh().filter(({ hash }) => hash !== transaction.hash), transaction].slice(-MOST));
  }

  /** Adds what became known about a transaction; ignored when it is remembered no more. */
  note(hash: Hex, known: Pick<PendingTransaction, "nonce" | "fate">): void {
    this.#write(this.#fresh().map((one) => (one.hash === hash ? { ...one, ...known } : one)));
  }

  /** Forgets a transaction whose end somebody has seen. */
  remove(hash: Hex): void {
    this.#attended.delete(hash);
    this.#write(this.#fresh().filter((one) => one.hash !== hash));
  }

  /** Lists the transactions that a dialog showed until now. */
  release(): void {
    this.#attended.clear();
    this.#tell();
  }

  /** Takes over what another tab wrote. */
  reload(): void {
    this.#all = this.#fresh();
    this.#tell();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #fresh(): readonly PendingTransaction[] {
    return readBook(this.#storage, this.#key);
  }

  #write(all: readonly PendingTransaction[]): void {
    this.#all = all;
    this.#storage.setItem(this.#key, JSON.stringify(all));
    this.#tell();
  }

  #tell(): void {
    this.#listed = this.#all.filter(({ hash }) => !this.#attended.has(hash));
    for (const listener of this.#listeners) listener();
  }
}

function readBook(storage: BookStorage, key: string): PendingTransaction[] {
  try {
    const value = JSON.parse(storage.getItem(key) ?? "[]") as unknown;
    return Array.isArray(value) ? value.filter(isTransaction) : [];
  } catch {
    return [];
  }
}

function isTransaction(value: unknown): value is PendingTransaction {
  const { hash, title, step, account } = (value ?? {}) as Record<string, unknown>;
  return [title, step, account].every((text) => typeof text === "string") && /^0x[0-9a-f]{64}$/i.test(String(hash));
}
