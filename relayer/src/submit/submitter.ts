import { REORG_DEPTH } from "@pqmesh/contracts/protocol/reorg-depth";
import type { DatabaseSync } from "node:sqlite";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import type { Hex } from "viem";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { RpcResponseError, RpcTransportError } from "../chain/json-rpc.ts";
import type { Intent, IntentKind } from "./intent.ts";
import { lockKey } from "./key-lock.ts";
import { blockingNonces, type FreeNonce, planNonces } from "./nonce-plan.ts";
import { type OutboxEntry, type OutboxOutcome, OutboxStore, type OutboxTransaction } from "./outbox-store.ts";
import { revertReason } from "./revert-reason.ts";
import { createSubmitMetrics, type SubmitMetrics } from "./submit-metrics.ts";
import { estimateGas, nonceAt, type TransactionAccount, TransactionSender } from "./transaction-sender.ts";

/** Blocks without being mined after which the lowest open transaction is replaced by a dearer one. */
const BUMP_AFTER_BLOCKS = 3n;
/** Transactions signed for one nonce at most. */
const MAX_ATTEMPTS = 25;
/** Nonces given to one entry at most. */
const MAX_ASSIGNMENTS = 25;
/** Wanted transactions open at once at most, and with urgent ones. */
const MAX_OPEN_NONCES = 8;
const MAX_OPEN_URGENT = 16;
/** Blocks to wait for a rival transaction in the mempool that would achieve the same. */
const RIVAL_PATIENCE_BLOCKS = 3n;
/** Milliseconds that a stop waits for an endpoint; what is signed is stored, so that a later start goes on with it. */
const STOP_PATIENCE_MS = 2_000;
const TRANSFER_GAS = 21_000n;
/** Milliseconds after which a pass that failed is tried again: no block may come to do so. */
const RETRY_MS = 1_000;

/** What {@link createSubmitter} needs. */
export interface SubmitterOptions {
  /** Opened with `OUTBOX_MIGRATIONS`. */
  db: DatabaseSync;
  chain: ChainFollower;
  account: TransactionAccount;
  kinds: readonly IntentKind[];
  /** Directory in which the key is locked against other processes: where the key or the data is. */
  lockDirectory: string;
  log: Logger;
  /** Where metrics are registered. */
  registry?: Registry;
  /** Highest fee per gas ever offered in wei; default 1,000 gwei. */
  maxFeePerGas?: bigint;
}

/** Gets intents onto the chain, each once, across restarts, outages and reorgs. */
export interface Submitter {
  readonly address: Hex;
  /**
   * Stores an intent durably and starts to work on it.
   *
   * @returns false when an intent of this kind and key is open already; the new one is then forgotten.
   * @throws Error for an unknown kind.
   */
  submit(intent: Intent): boolean;
  /** True until the intent's effect is final or it cannot be achieved any more. */
  isOpen(id: Pick<Intent, "kind" | "key">): boolean;
  health(): { ok: boolean; reasons: string[] };
  /** Works through everything once now; the submitter does so by itself at each block. */
  reconcile(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a submitter; it goes on with what its outbox holds.
 *
 * @throws Error when another process sends with the same key.
 */
export function createSubmitter(options: SubmitterOptions): Submitter {
  const { db, chain, account, log, registry = new Registry(), maxFeePerGas = 1_000_000_000_000n } = options;
  const release = lockKey(options.lockDirectory, chain.chainId, account.address);
  const store = new OutboxStore(db);
  const metrics = createSubmitMetrics(registry);
  const sender = new TransactionSender({ chain, account, store, maxFeePerGas, metrics, log });
  return new ReconcilingSubmitter({ ...options, store, sender, metrics, release });
}

interface SubmitterParts extends SubmitterOptions {
  store: OutboxStore;
  sender: TransactionSender;
  metrics: SubmitMetrics;
  release: () => void;
}

class ReconcilingSubmitter implements Submitter {
  readonly address: Hex;
  readonly #parts: SubmitterParts;
  readonly #kinds: Map<string, IntentKind>;
  /** Transactions handed to an endpoint since the start or the last reorg. */
  readonly #broadcast = new Set<Hex>();
  /** Head at which an entry was first seen to have a rival in the mempool. */
  readonly #rivals = new Map<number, bigint>();
  readonly #problems = new Map<string, string>();
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(parts: SubmitterParts) {
    this.#parts = parts;
    this.address = parts.account.address;
    this.#kinds = new Map(parts.kinds.map((kind) => [kind.name, kind]));
    parts.chain.events.on("head", this.#onHead);
    parts.chain.events.on("reorg", this.#onReorg);
    this.#trigger();
  }

  submit(intent: Intent): boolean {
    if (!this.#kinds.has(intent.kind)) throw new Error(`submitter has no intent kind "${intent.kind}"`);
    const added = this.#parts.store.add(intent);
    if (added) this.#trigger();
    return added;
  }

  isOpen({ kind, key }: Pick<Intent, "kind" | "key">): boolean {
    return this.#parts.store.isOpen(kind, key);
  }

  health(): { ok: boolean; reasons: string[] } {
    const reasons = [...this.#problems.values()];
    return { ok: reasons.length === 0, reasons };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#parts.chain.events.off("head", this.#onHead);
    this.#parts.chain.events.off("reorg", this.#onReorg);
    await Promise.race([this.#running, new Promise((resolve) => setTimeout(resolve, STOP_PATIENCE_MS).unref())]);
    this.#parts.release();
  }

  /** Runs once more after a run under way, so that nothing that came up meanwhile is missed. */
  reconcile(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#run();
    return this.#running;
  }

  readonly #onHead = () => this.#trigger();

  readonly #onReorg = () => this.#broadcast.clear();

  #trigger(): void {
    void this.reconcile();
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      if (this.#stopped) return;
      try {
        await this.#pass();
        this.#problems.delete("pass");
      } catch (error) {
        const unreachable = error instanceof RpcTransportError;
        this.#parts.log[unreachable ? "warn" : "error"]({ err: error }, "submitter could not finish its pass");
        this.#problems.set("pass", `submitter: ${(error as Error).message}`);
        clearTimeout(this.#retry);
        this.#retry = setTimeout(this.#onHead, RETRY_MS).unref();
      }
    } while (this.#again);
    // At once, so that no intent can come between the last look for one and this.
    this.#running = undefined;
  }

  async #pass(): Promise<void> {
    const { chain, store, metrics, account } = this.#parts;
    const wanted = this.#settle();
    metrics.openEntries.set(store.openEntries().length);
    if (wanted.length === 0 && store.transactionsFrom(0).length === 0) return metrics.openNonces.set(0);
    const chainNonce = await nonceAt(chain, account.address, "latest");
    const plan = planNonces(chainNonce, store.transactionsFrom(chainNonce), wanted);
    metrics.openNonces.set(plan.kept.length);
    for (const transaction of plan.kept) await this.#keepAlive(transaction, transaction.nonce === chainNonce);
    const used = plan.kept.map(({ nonce }) => nonce);
    let { next } = plan;
    for (const entry of plan.unassigned) {
      if (used.length >= (this.#isUrgent(entry) ? MAX_OPEN_URGENT : MAX_OPEN_NONCES)) break;
      const place = plan.free[0] ?? { nonce: next, replaces: undefined };
      if (!(await this.#assign(entry, place))) continue;
      used.push(place.nonce);
      if (plan.free.length > 0) plan.free.shift();
      else next += 1;
    }
    for (const place of blockingNonces(plan.free, used)) await this.#fill(place, place.nonce === chainNonce);
    await this.#forgetFinal();
  }

  #isUrgent({ kind }: OutboxEntry): boolean {
    return this.#kinds.get(kind)?.isUrgent === true;
  }

  /** Ends the entries that are final and returns those that still need a transaction on chain, urgent ones first. */
  #settle(): OutboxEntry[] {
    const { store, chain } = this.#parts;
    const head = chain.head().number;
    const wanted = store.openEntries().filter((entry) => {
      const verdict = this.#kinds.get(entry.kind)?.judge(entry.key);
      if (!verdict || verdict.state === "wanted") return verdict !== undefined;
      if (verdict.state === "void") this.#close(entry, "failed", verdict.reason);
      else if (verdict.state === "over") this.#close(entry, "done", verdict.reason);
      else if (head - verdict.blockNumber >= REORG_DEPTH) {
        const own = store.transactionsOf(entry.id).some(({ hash }) => hash === verdict.transactionHash);
        this.#close(entry, own ? "done" : "cancelled", own ? "confirmed" : "achieved by another sender");
      }
      return false;
    });
    return wanted.sort((a, b) => Number(this.#isUrgent(b)) - Number(this.#isUrgent(a)));
  }

  #close(entry: OutboxEntry, outcome: OutboxOutcome, reason: string): void {
    const { store, metrics, log } = this.#parts;
    store.close(entry.id, outcome, reason);
    this.#rivals.delete(entry.id);
    this.#problems.delete(problemOf(entry));
    metrics.entries.inc({ outcome });
    log[outcome === "failed" ? "warn" : "info"]({ kind: entry.kind, key: entry.key, outcome, reason }, "intent ended");
  }

  /** Makes sure that a signed transaction is in a mempool and, when it is the next one to be mined, pays enough. */
  async #keepAlive(transaction: OutboxTransaction, isNext: boolean): Promise<void> {
    const { chain } = this.#parts;
    if (!this.#broadcast.has(transaction.hash)) return this.#rebroadcast(transaction);
    if (chain.head().number - transaction.sentAtBlock < BUMP_AFTER_BLOCKS) return undefined;
    const known = await chain.request("eth_getTransactionByHash", [transaction.hash]);
    if (!known) return this.#rebroadcast(transaction);
    return isNext ? this.#bump(transaction) : undefined;
  }

  async #rebroadcast(transaction: OutboxTransaction): Promise<void> {
    const outcome = await this.#parts.sender.broadcast(transaction);
    if (outcome === "underpriced") return this.#bump(transaction);
    if (outcome === "accepted") this.#broadcast.add(transaction.hash);
    this.#note(outcome === "insufficient-funds", "funds", `${this.address} cannot pay for its transactions`);
    return undefined;
  }

  async #bump(transaction: OutboxTransaction): Promise<void> {
    const { sender, store } = this.#parts;
    const { nonce, entryId, gas } = transaction;
    const attempts = store.transactionsFrom(nonce).filter((other) => other.nonce === nonce).length;
    const exhausted = attempts >= MAX_ATTEMPTS || !sender.canBump(transaction);
    this.#note(exhausted, "fees", `the transaction at nonce ${nonce} is not mined at the highest fee allowed`);
    if (exhausted) return;
    const entry = store.openEntries().find(({ id }) => id === entryId);
    const { to, data, value } = entry ?? { to: this.address, data: "0x" as const, value: 0n };
    await this.#send({ nonce, entryId: entry?.id, to, data, value, gas, replaces: transaction, reason: "bump" });
  }

  /** Gives a wanted entry a nonce, unless the chain would refuse its transaction now. */
  async #assign(entry: OutboxEntry, { nonce, replaces }: FreeNonce): Promise<boolean> {
    const { store, log } = this.#parts;
    if (entry.assignments >= MAX_ASSIGNMENTS) {
      this.#close(entry, "failed", `not on chain after ${MAX_ASSIGNMENTS} nonces: look at the sender's account`);
      return false;
    }
    if (entry.assignments > 0 && (await this.#mayBeMined(entry))) return false;
    const estimate = await this.#simulate(entry);
    if (estimate === undefined) return false;
    const gas = estimate > entry.gas ? estimate : entry.gas;
    const reason = replaces ? "takeover" : "first";
    const { id, to, data, value } = entry;
    log.info({ kind: entry.kind, key: entry.key, nonce }, "sending intent");
    await this.#send({ nonce, entryId: id, to, data, value, gas, replaces, reason });
    return store.transactionsOf(entry.id).some((transaction) => transaction.nonce === nonce);
  }

  /** Looks for the entry's transactions whose nonce is used up: one that succeeded may be ahead of the view. */
  async #mayBeMined(entry: OutboxEntry): Promise<boolean> {
    const { store, chain, metrics, log } = this.#parts;
    const hashes = store.transactionsOf(entry.id).map(({ hash }) => hash);
    const receipts = await Promise.all(hashes.map((hash) => chain.request("eth_getTransactionReceipt", [hash])));
    const mined = receipts.filter((receipt) => receipt !== null) as { status: Hex; transactionHash: Hex }[];
    if (mined.some(({ status }) => status === "0x1")) return true;
    const { kind, key } = entry;
    if (mined.length > 0) {
      metrics.revertedTransactions.inc();
      log.warn({ kind, key, hash: mined.at(-1)!.transactionHash }, "transaction was mined and reverted");
    } else {
      metrics.foreignNonces.inc();
      log.error({ kind, key }, "a transaction from elsewhere used the nonce: is the key used by another program?");
    }
    return false;
  }

  /** Gas the transaction needs, or undefined when it would revert now or a rival is about to achieve the same. */
  async #simulate(entry: OutboxEntry): Promise<bigint | undefined> {
    const { chain, log } = this.#parts;
    const call = { from: this.address, to: entry.to, data: entry.data, value: entry.value };
    try {
      const gas = await estimateGas(chain, call, "pending");
      this.#rivals.delete(entry.id);
      this.#problems.delete(problemOf(entry));
      return gas;
    } catch (error) {
      if (!(error instanceof RpcResponseError)) throw error;
      const reason = revertReason(error);
      log.debug({ kind: entry.kind, key: entry.key, reason }, "intent would revert now");
      this.#note(true, problemOf(entry), `${entry.kind} ${entry.key} would revert: ${reason}`);
      return this.#withoutRival(entry, call);
    }
  }

  /** A call that only reverts on top of the mempool has a rival there; it gets some blocks before it is outbid. */
  async #withoutRival(entry: OutboxEntry, call: Parameters<typeof estimateGas>[1]): Promise<bigint | undefined> {
    const { chain } = this.#parts;
    const head = chain.head().number;
    const since = this.#rivals.get(entry.id) ?? head;
    this.#rivals.set(entry.id, since);
    if (head - since < RIVAL_PATIENCE_BLOCKS) return undefined;
    try {
      return await estimateGas(chain, call, "latest");
    } catch (error) {
      if (error instanceof RpcResponseError) return undefined;
      throw error;
    }
  }

  /** Uses up a nonce that holds up transactions behind it, by a transfer of nothing to the sender. */
  async #fill({ nonce, replaces }: FreeNonce, isNext: boolean): Promise<void> {
    if (replaces && replaces.entryId === undefined) return this.#keepAlive(replaces, isNext);
    const to = this.address;
    const nothing = { entryId: undefined, to, data: "0x", value: 0n, gas: TRANSFER_GAS } as const;
    await this.#send({ nonce, ...nothing, replaces, reason: "filler" });
    return undefined;
  }

  async #send(draft: Parameters<TransactionSender["send"]>[0]): Promise<void> {
    const { sender, store } = this.#parts;
    const outcome = await sender.send(draft);
    const newest = store.transactionsFrom(draft.nonce).findLast(({ nonce }) => nonce === draft.nonce);
    if (outcome === "accepted" && newest) this.#broadcast.add(newest.hash);
    this.#note(outcome === "insufficient-funds", "funds", `${this.address} cannot pay for its transactions`);
  }

  /** Forgets what no supported reorg can open again. */
  async #forgetFinal(): Promise<void> {
    const { chain, store, account } = this.#parts;
    const oldest = chain.head().number - REORG_DEPTH;
    if (oldest < 0n) return;
    store.forgetFinal(await nonceAt(chain, account.address, oldest));
    const open = new Set(store.transactionsFrom(0).map(({ hash }) => hash));
    for (const hash of this.#broadcast) if (!open.has(hash)) this.#broadcast.delete(hash);
  }

  #note(present: boolean, problem: string, sentence: string): void {
    if (present) this.#problems.set(problem, sentence);
    else this.#problems.delete(problem);
  }
}

function problemOf(entry: OutboxEntry): string {
  return `intent ${entry.id}`;
}
