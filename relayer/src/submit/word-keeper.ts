import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { WORD_EPOCHS } from "@pqmesh/contracts/protocol/word-epochs";
import type { Logger } from "pino";
import type { Address, Hex } from "viem";
import { decodeFunctionResult, encodeFunctionData } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { RpcResponseError } from "../chain/json-rpc.ts";
import { turnOf } from "./member-turn.ts";
import type { Submitter } from "./submitter.ts";
import { wordIntent, wordIntentId, WORDS_AT_ONCE } from "./word-intent.ts";

/** What {@link WordKeeper} needs. */
export interface WordKeeperOptions {
  chain: ChainFollower;
  /** Knows the kind of `wordKind`. */
  submitter: Submitter;
  /** NodeRewards. */
  rewards: Address;
  /** This relayer; only members of the running epoch's committee close words. */
  address: Address;
  log: Logger;
}

/** Epochs of one member's turn: enough for its transaction to be mined and seen. */
const TURN_EPOCHS = 3n;

/**
 * Closes each word of rewards soon after its end, so that emissions accrue in time and the first claims need not pay for
 * it. Anyone may do that; members take turns, another one first for each word, so that one transaction is sent. Words that
 * were left open, however many, are closed in batches, one after the other.
 */
export class WordKeeper {
  readonly #options: WordKeeperOptions;
  #isLooking = false;

  constructor(options: WordKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.chain.events.on("head", this.#look);
    this.#look();
  }

  stop(): void {
    this.#options.chain.events.off("head", this.#look);
  }

  readonly #look = (): void => {
    const { chain, submitter, log } = this.#options;
    const epoch = chain.epochAt(chain.head().timestamp);
    const word = epoch / WORD_EPOCHS - 1n;
    if (this.#isLooking || word < 0n || chain.closedWord(word) || submitter.isOpen(wordIntentId(word))) return;
    if (!this.#isOwnTurn(epoch, word)) return;
    this.#isLooking = true;
    void this.#closeUpTo(word)
      .catch((error: unknown) => log.debug({ err: error, word: `${word}` }, "word of rewards could not be closed yet"))
      .finally(() => {
        this.#isLooking = false;
      });
  };

  /** Closes the next words that one call can close. The view tells when they are, and the look after that goes on. */
  async #closeUpTo(newest: bigint): Promise<void> {
    const { submitter, rewards, log } = this.#options;
    const isClosed = { abi: nodeRewardsAbi, functionName: "closedUntil", args: [] } as const;
    const [next, afterMempool] = await Promise.all([this.#call(isClosed, "latest"), this.#call(isClosed, "pending")]);
    if (afterMempool !== next || next > newest) return;
    const word = next + WORDS_AT_ONCE - 1n < newest ? next + WORDS_AT_ONCE - 1n : newest;
    if (submitter.isOpen(wordIntentId(word)) || !(await this.#wouldClose(word))) return;
    if (submitter.submit(wordIntent(rewards, word))) log.info({ word: `${word}` }, "closing words of rewards");
  }

  /** True when a call now would close a word and all before it. */
  async #wouldClose(word: bigint): Promise<boolean> {
    const closing = { abi: nodeRewardsAbi, functionName: "closeWords", args: [WORDS_AT_ONCE] } as const;
    try {
      return (await this.#call(closing, "latest")) > word;
    } catch (error) {
      if (error instanceof RpcResponseError) return false;
      throw error;
    }
  }

  async #call(
    call:
      | { abi: typeof nodeRewardsAbi; functionName: "closedUntil"; args: readonly [] }
      | { abi: typeof nodeRewardsAbi; functionName: "closeWords"; args: readonly [bigint] },
    block: "latest" | "pending",
  ): Promise<bigint> {
    const { chain, rewards, address } = this.#options;
    const request = { from: address, to: rewards, data: encodeFunctionData(call) };
    const data = (await chain.request("eth_call", [request, block])) as Hex;
    return decodeFunctionResult({ abi: nodeRewardsAbi, functionName: call.functionName, data });
  }

  #isOwnTurn(epoch: bigint, word: bigint): boolean {
    const { chain, address } = this.#options;
    const turn = (epoch - (word + 1n) * WORD_EPOCHS) / TURN_EPOCHS;
    return turnOf(chain, { address, number: word, turn }) === "member";
  }
}
