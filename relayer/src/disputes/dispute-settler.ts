import type { Logger } from "pino";
import type { Address } from "viem";
import { getAddress } from "viem/utils";
import type { ChallengeRecord, SlashRecord } from "../chain/dispute-records.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Intent } from "../submit/intent.ts";
import { turnOf } from "../submit/member-turn.ts";
import type { Submitter } from "../submit/submitter.ts";
import { dismissIntent, expireIntent, openQueuedIntent, settlingId, withdrawIntent } from "./challenge-intents.ts";
import { paySlashIntent } from "./slash-intent.ts";

/** What {@link DisputeSettler} needs. */
export interface SettlerOptions {
  chain: ChainFollower;
  /** Knows the kinds of `challengeKinds` and `paySlashKind`. */
  submitter: Submitter;
  contracts: { AttestationDisputes: Address; RelayerCommittee: Address };
  /** Whose bonds, rewards and credits are brought home. */
  address: Address;
  /** True to pay out also what belongs to others, and to end their challenges without a seat in the committee. */
  isForAll: boolean;
  log: Logger;
}

/** Gas of the call that takes credited wei; credits below four times its price wait for more. */
const WITHDRAW_GAS = 60_000n;
const LEAST_GAIN = 4n;
/** Challenges that are being ended at once: whoever made many must not fill the outbox before reports. */
const ENDED_AT_ONCE = 4;

/**
 * Ends disputes whose time is over and brings home what they owe: bonds, rewards, credits. Who is paid by the end of a
 * challenge ends it at once. Everybody else's hold rewards and delegations of their nodes until somebody ends them, and who
 * made them may have no wish to: members of the committee do so by turns of an epoch, whatever they do about offences.
 */
export class DisputeSettler {
  readonly #options: SettlerOptions;

  constructor(options: SettlerOptions) {
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
    const { submitter, log } = this.#options;
    for (const intent of this.#due()) {
      if (submitter.isOpen(intent) || !submitter.submit(intent)) continue;
      log.info({ kind: intent.kind, key: intent.key }, "settling a dispute");
    }
  };

  #due(): Intent[] {
    const { chain, submitter, contracts, address } = this.#options;
    const now = chain.head().timestamp;
    const unresolved = chain.disputes.unresolved();
    const next = unresolved.find(({ state }) => state === "queued");
    const waiting = unresolved.filter((challenge) => !submitter.isOpen(settlingId(challenge)));
    const room = Math.max(0, ENDED_AT_ONCE - (unresolved.length - waiting.length));
    const challenges = waiting.flatMap((challenge) => this.#endOf(challenge, challenge === next, now) ?? []);
    const slashes = chain.disputes.frozenSlashes().filter((slash) => this.#isPayable(slash, now));
    const payouts = slashes.map(({ slashId }) => paySlashIntent(contracts.RelayerCommittee, slashId));
    const { wei } = chain.disputes.creditOf(address);
    const isWorthIt = wei > LEAST_GAIN * WITHDRAW_GAS * chain.baseFeePerGas();
    const credits = isWorthIt ? [withdrawIntent(contracts.AttestationDisputes, address)] : [];
    return [...challenges.slice(0, room), ...payouts, ...credits];
  }

  /** @param isNext True for the challenge that is the next one to be opened. */
  #endOf(challenge: ChallengeRecord, isNext: boolean, now: bigint): Intent | undefined {
    const { AttestationDisputes } = this.#options.contracts;
    const { id, state, until, challenger, answer } = challenge;
    if (state === "queued") {
      const isToOpen = this.#isOwn(challenger) || (isNext && this.#isTurn(id, this.#options.chain.epochAt(now)));
      return isToOpen && this.#hasRoom() ? openQueuedIntent(AttestationDisputes, challenge) : undefined;
    }
    if (until > now) return undefined;
    const paid = state === "open" ? challenger : answer?.responder;
    if (!this.#isOwn(paid) && !this.#isTurn(id, this.#turnSince(until, now))) return undefined;
    return state === "open"
      ? expireIntent(AttestationDisputes, challenge)
      : dismissIntent(AttestationDisputes, challenge);
  }

  #isPayable({ slashId, reporter, payableAt }: SlashRecord, now: bigint): boolean {
    if (payableAt > now) return false;
    return this.#isOwn(reporter) || (this.#options.isForAll && this.#isTurn(slashId, this.#turnSince(payableAt, now)));
  }

  #isOwn(account: Address | undefined): boolean {
    return account !== undefined && getAddress(account) === this.#options.address;
  }

  #isTurn(number: bigint, turn: bigint): boolean {
    const { chain, address, isForAll } = this.#options;
    const whose = turnOf(chain, { address, number, turn });
    return whose === "member" || (whose === "outsider" && isForAll);
  }

  /** The first turn begins an epoch after a moment: until then it is for whom it pays. */
  #turnSince(moment: bigint, now: bigint): bigint {
    return (now - moment) / BigInt(this.#options.chain.epochLengthSeconds) - 1n;
  }

  #hasRoom(): boolean {
    const { chain } = this.#options;
    const open = chain.disputes.unresolved().filter(({ state }) => state === "open").length;
    return BigInt(open) < chain.parameter("maxOpenChallenges");
  }
}
