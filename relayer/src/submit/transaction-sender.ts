import type { Address, Hex, TransactionSerializableEIP1559 } from "viem";
import { keccak256, numberToHex } from "viem/utils";
import type { Logger } from "pino";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { RpcResponseError } from "../chain/json-rpc.ts";
import { bumpFees, capFees, type Fees, suggestFees } from "./fees.ts";
import type { OutboxStore, OutboxTransaction } from "./outbox-store.ts";
import type { SubmitMetrics } from "./submit-metrics.ts";

/** Key that sends transactions; viem's local accounts are such. */
export interface TransactionAccount {
  readonly address: Address;
  signTransaction(transaction: TransactionSerializableEIP1559): Promise<Hex>;
}

/** What a transaction is to do. */
export interface TransactionDraft {
  nonce: number;
  entryId: number | undefined;
  to: Address;
  data: Hex;
  value: bigint;
  gas: bigint;
  /** Transaction at the same nonce that a mempool may hold. */
  replaces: OutboxTransaction | undefined;
  reason: "first" | "bump" | "takeover" | "filler";
}

/** What the endpoint said to a broadcast. */
export type BroadcastOutcome = "accepted" | "nonce-too-low" | "underpriced" | "insufficient-funds" | "refused";

/** What {@link TransactionSender} needs. */
export interface SenderOptions {
  chain: ChainFollower;
  account: TransactionAccount;
  store: OutboxStore;
  /** Highest fee per gas ever offered, wei. */
  maxFeePerGas: bigint;
  metrics: SubmitMetrics;
  log: Logger;
}

/** Replacements tried at once when a mempool holds a dearer transaction at the nonce. */
const MAX_UNDERPRICED_RETRIES = 3;

/** Signs, stores and broadcasts transactions, in this order. */
export class TransactionSender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Signs and stores a transaction, then broadcasts it; raises the fees when a mempool holds a dearer one. */
  async send(draft: TransactionDraft): Promise<BroadcastOutcome> {
    let transaction = await this.#sign(draft);
    let outcome = await this.broadcast(transaction);
    for (let i = 0; outcome === "underpriced" && i < MAX_UNDERPRICED_RETRIES; i++) {
      if (transaction.maxFeePerGas >= this.#options.maxFeePerGas) break;
      transaction = await this.#sign({ ...draft, replaces: transaction });
      outcome = await this.broadcast(transaction);
    }
    return outcome;
  }

  /** Hands a stored transaction to the endpoint. @throws RpcTransportError when there is none. */
  async broadcast({ raw, hash, nonce }: OutboxTransaction): Promise<BroadcastOutcome> {
    const { chain, store, metrics, log } = this.#options;
    const outcome = await this.#hand(raw);
    store.markSent(hash, chain.head().number);
    if (outcome === "accepted") log.info({ nonce, hash }, "transaction broadcast");
    else metrics.broadcastFailures.inc({ reason: outcome });
    return outcome;
  }

  /** True when an endpoint can still be paid more than `fees`. */
  canBump(fees: Fees): boolean {
    return bumpFees(fees, fees).maxFeePerGas <= this.#options.maxFeePerGas;
  }

  async #sign(draft: TransactionDraft): Promise<OutboxTransaction> {
    const { chain, account, store, metrics } = this.#options;
    const { nonce, entryId, to, data, value, gas, replaces, reason } = draft;
    const fees = await this.#fees(replaces);
    const raw = await account.signTransaction({
      type: "eip1559",
      chainId: chain.chainId,
      nonce,
      to,
      data,
      value,
      gas,
      ...fees,
    });
    const hash = keccak256(raw);
    const transaction = { hash, nonce, entryId, raw, gas, ...fees, sentAtBlock: chain.head().number };
    store.addTransaction(transaction, reason === "first" || reason === "takeover");
    metrics.transactions.inc({ reason });
    return transaction;
  }

  async #fees(replaces: Fees | undefined): Promise<Fees> {
    const { chain, maxFeePerGas } = this.#options;
    const priority = BigInt((await chain.request("eth_maxPriorityFeePerGas", [])) as Hex);
    const market = suggestFees(chain.baseFeePerGas(), priority);
    return capFees(replaces ? bumpFees(replaces, market) : market, maxFeePerGas);
  }

  async #hand(raw: Hex): Promise<BroadcastOutcome> {
    const { chain, log } = this.#options;
    try {
      await chain.request("eth_sendRawTransaction", [raw]);
      return "accepted";
    } catch (error) {
      if (!(error instanceof RpcResponseError)) throw error;
      const outcome = classify(error.message);
      if (outcome !== "accepted") log.warn({ outcome, reason: error.message }, "broadcast refused");
      return outcome;
    }
  }
}

/** Estimates the gas of a call, with a margin of a fifth. @throws RpcResponseError when the call reverts. */
export async function estimateGas(
  chain: ChainFollower,
  { value, ...call }: { from: Address; to: Address; data: Hex; value: bigint },
  block: "latest" | "pending",
): Promise<bigint> {
  const request = { ...call, value: numberToHex(value) };
  const gas = BigInt((await chain.request("eth_estimateGas", [request, block])) as Hex);
  const withMargin = gas + gas / 5n;
  return withMargin < MAX_TRANSACTION_GAS ? withMargin : MAX_TRANSACTION_GAS;
}

/** Nonce that the chain expects next from an account, as of a block. */
export async function nonceAt(chain: ChainFollower, address: Address, block: "latest" | bigint): Promise<number> {
  const tag = block === "latest" ? block : numberToHex(block);
  return Number(await chain.request("eth_getTransactionCount", [address, tag]));
}

/** Gas that one transaction may use at most (EIP-7825). */
const MAX_TRANSACTION_GAS = 16_777_216n;

/** Endpoints word their refusals differently; none of them decides anything but what to try next. */
function classify(message: string): BroadcastOutcome {
  if (/already known|known transaction|already imported|already in/i.test(message)) return "accepted";
  if (/nonce (is )?too low|invalid nonce|old nonce/i.test(message)) return "nonce-too-low";
  if (/underpriced|replacement|fee too low|max fee per gas less/i.test(message)) return "underpriced";
  if (/insufficient funds|enough funds/i.test(message)) return "insufficient-funds";
  return "refused";
}
