import type { Logger } from "pino";
import type { Address } from "viem";
import { getAddress } from "viem/utils";
import type { ChallengeRecord } from "../chain/dispute-records.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Intent } from "../submit/intent.ts";
import type { Submitter } from "../submit/submitter.ts";
import { dismissIntent, expireIntent, openQueuedIntent, withdrawIntent } from "./challenge-intents.ts";
import { paySlashIntent } from "./slash-intent.ts";

/** What {@link DisputeSettler} needs. */
export interface SettlerOptions {
  chain: ChainFollower;
  /** Knows the kinds of `challengeKinds` and `paySlashKind`. */
  submitter: Submitter;
  contracts: { AttestationDisputes: Address; RelayerCommittee: Address };
  /** Whose bonds, rewards and credits are brought home. */
  address: Address;
  /** True to end and pay out also what belongs to others: anyone may, and the one who ends it gets a tenth of the bond. */
  isForAll: boolean;
  log: Logger;
}

/** Gas of the call that takes credited wei; credits below four times its price wait for more. */
const WITHDRAW_GAS = 60_000n;
const LEAST_GAIN = 4n;

/** Ends disputes whose time is over and brings home what they owe: bonds, rewards, credits. */
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
    const { chain, contracts, address, isForAll } = this.#options;
    const now = chain.head().timestamp;
    const challenges = chain.disputes.unresolved().flatMap((challenge) => this.#endOf(challenge, now) ?? []);
    const slashes = chain.disputes.frozenSlashes().filter(({ payableAt, reporter }) => {
      return payableAt <= now && (isForAll || getAddress(reporter) === address);
    });
    const payouts = slashes.map(({ slashId }) => paySlashIntent(contracts.RelayerCommittee, slashId));
    const { wei } = chain.disputes.creditOf(address);
    const isWorthIt = wei > LEAST_GAIN * WITHDRAW_GAS * chain.baseFeePerGas();
    const credits = isWorthIt ? [withdrawIntent(contracts.AttestationDisputes, address)] : [];
    return [...challenges, ...payouts, ...credits];
  }

  #endOf(challenge: ChallengeRecord, now: bigint): Intent | undefined {
    const { address, isForAll, contracts } = this.#options;
    const { AttestationDisputes } = contracts;
    const isOwn = getAddress(challenge.challenger) === address;
    if (challenge.state === "queued") {
      return isOwn && this.#hasRoom() ? openQueuedIntent(AttestationDisputes, challenge) : undefined;
    }
    if (challenge.until > now) return undefined;
    if (challenge.state === "open") return isOwn || isForAll ? expireIntent(AttestationDisputes, challenge) : undefined;
    const isAnswered = challenge.answer && getAddress(challenge.answer.responder) === address;
    return isAnswered || isForAll ? dismissIntent(AttestationDisputes, challenge) : undefined;
  }

  #hasRoom(): boolean {
    const { chain } = this.#options;
    const open = chain.disputes.unresolved().filter(({ state }) => state === "open").length;
    return BigInt(open) < chain.parameter("maxOpenChallenges");
  }
}
