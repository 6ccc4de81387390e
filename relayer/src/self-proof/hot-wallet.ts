import type { DatabaseSync } from "node:sqlite";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Address, Hex } from "viem";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { RpcResponseError } from "../chain/json-rpc.ts";
import { evidenceKinds } from "../disputes/evidence-intents.ts";
import { capFees, suggestFees } from "../submit/fees.ts";
import type { Intent, IntentKind } from "../submit/intent.ts";
import { OUTBOX_MIGRATIONS } from "../submit/outbox-store.ts";
import { revertReason } from "../submit/revert-reason.ts";
import { createSubmitter, type Submitter } from "../submit/submitter.ts";
import { estimateGas, type TransactionAccount } from "../submit/transaction-sender.ts";
import { commitKind } from "./commit-intent.ts";
import { EXPENSE_MIGRATIONS, ExpenseLog } from "./expense-log.ts";
import { omissionKind } from "./omission-proof.ts";
import { selfAttestKind } from "./self-attest-intent.ts";

/** Schema of a hot wallet's database; pass it to `openDatabase`. */
export const HOT_WALLET_MIGRATIONS = [...OUTBOX_MIGRATIONS, ...EXPENSE_MIGRATIONS];

/** What {@link HotWallet} needs. */
export interface HotWalletOptions {
  /** Opened with {@link HOT_WALLET_MIGRATIONS}. */
  db: DatabaseSync;
  chain: ChainFollower;
  account: TransactionAccount;
  /** Directory in which the key is locked against other processes. */
  lockDirectory: string;
  /** Highest fee per gas ever offered, wei. */
  maxFeePerGasWei: bigint;
  /** Wei set aside for transactions within a day at most. */
  dailyBudgetWei: bigint;
  /** Kinds of intents beside those that defend the node's epochs. */
  kinds?: readonly IntentKind[];
  log: Logger;
  registry: Registry;
}

/** Sends an agent's transactions within a budget: each once, across restarts, outages and reorgs. */
export class HotWallet {
  readonly #options: HotWalletOptions;
  readonly #submitter: Submitter;
  readonly #expenses: ExpenseLog;
  #isExhausted = false;

  /** @throws Error when another process sends with the same key from this directory. */
  constructor(options: HotWalletOptions) {
    const { db, chain, account, lockDirectory, log, registry, maxFeePerGasWei } = options;
    this.#options = options;
    this.#expenses = new ExpenseLog(db, options.dailyBudgetWei);
    const defence = [commitKind(chain), selfAttestKind(chain), omissionKind(chain), ...evidenceKinds(chain)];
    const kinds = [...defence, ...(options.kinds ?? [])];
    const maxFeePerGas = maxFeePerGasWei;
    this.#submitter = createSubmitter({ db, chain, account, kinds, lockDirectory, log, registry, maxFeePerGas });
  }

  get address(): Address {
    return this.#options.account.address;
  }

  /** True while a transaction waits because the day's budget is used up. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  isOpen(id: Pick<Intent, "kind" | "key">): boolean {
    return this.#submitter.isOpen(id);
  }

  health(): { ok: boolean; reasons: string[] } {
    return this.#submitter.health();
  }

  /** Stores an intent durably and works on it, if the chain would take it now and the budget allows it. */
  async send(intent: Intent): Promise<boolean> {
    if (this.#submitter.isOpen(intent)) return false;
    const { chain, log } = this.#options;
    const price = await this.#priceOf(intent);
    if (price === undefined) return false;
    const isAllowed = this.#expenses.reserve(`${intent.kind}:${intent.key}`, price, chain.head().timestamp);
    if (!isAllowed && !this.#isExhausted) {
      log.error({ kind: intent.kind, price: `${price}` }, "the wallet's daily budget does not allow this transaction");
    }
    this.#isExhausted = !isAllowed;
    return isAllowed && this.#submitter.submit(intent);
  }

  stop(): Promise<void> {
    return this.#submitter.stop();
  }

  /** Wei that the transaction costs at most at the fees that it first offers; undefined when the chain would refuse it. */
  async #priceOf({ to, data, value = 0n, kind, key }: Intent): Promise<bigint | undefined> {
    const { chain, maxFeePerGasWei, log } = this.#options;
    try {
      const gas = await estimateGas(chain, { from: this.address, to, data, value }, "latest");
      const priority = BigInt((await chain.request("eth_maxPriorityFeePerGas", [])) as Hex);
      return gas * capFees(suggestFees(chain.baseFeePerGas(), priority), maxFeePerGasWei).maxFeePerGas + value;
    } catch (error) {
      if (!(error instanceof RpcResponseError)) throw error;
      log.warn({ kind, key, reason: revertReason(error) }, "the chain would refuse this transaction");
      return undefined;
    }
  }
}
