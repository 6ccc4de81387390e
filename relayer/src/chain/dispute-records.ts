import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import type { Address, Hex } from "viem";
import { getAddress } from "viem/utils";
import type { ChainEvent, ChainEventArgs } from "./chain-events.ts";
import { setWithUndo, type Undo } from "./undo.ts";

/** Where on the chain something happened. */
export interface ChainPlace {
  blockNumber: bigint;
  transactionHash: Hex;
}

/** States of a challenge, numbered as `IAttestationDisputes.ChallengeState` counts. */
const CHALLENGE_STATES = ["none", "queued", "open", "answered", "upheld", "dismissed"] as const;

/** State of a challenge. */
export type ChallengeState = (typeof CHALLENGE_STATES)[number];

/** A challenge as its events tell it. */
export interface ChallengeRecord {
  id: bigint;
  nodeIndex: number;
  epoch: bigint;
  challenger: Address;
  reportDigest: Hex;
  root: Hex;
  /** Seats that signed the report, one bit each. */
  signers: bigint;
  /** Wei. */
  bond: bigint;
  state: ChallengeState;
  /** Unix seconds: end of the time to answer, then of the time to disprove the answer; 0 while queued. */
  until: bigint;
  /** Leaf that was shown, while it can be disproven. */
  answer: { responder: Address; attestation: Attestation; signature: Hex; proof: readonly Hex[] } | undefined;
  /** Transaction that made it. */
  madeAt: ChainPlace;
  /** Transaction of the answer. */
  answeredAt: ChainPlace | undefined;
  /** Transaction that ended it. */
  closedAt: ChainPlace | undefined;
  /** Transaction that changed it last. */
  changedAt: ChainPlace;
}

/** Funds taken by a punishment. */
export interface SlashRecord {
  slashId: bigint;
  reporter: Address;
  /** MESH wei. */
  amount: bigint;
  reward: bigint;
  /** Unix seconds from which they can be paid out. */
  payableAt: bigint;
  /** Transaction that paid them out or gave them back. */
  settledAt: ChainPlace | undefined;
}

/** Claims of evidence that are kept; older ones were shown or given up long ago, or are asked for on the chain. */
const KEPT_CLAIMS = 20_000;
/** Claims of this many blocks are kept however many there are: beyond it no reorg takes one back. */
const CLAIMS_KEPT_BLOCKS = 64n;

/** Challenges, proofs and punishments, from the events of AttestationDisputes, MemberOffences, NodeOffences and RelayerCommittee. */
export class DisputeRecords {
  readonly #challenges = new Map<bigint, ChallengeRecord>();
  /** By report digest and node. */
  readonly #invalidLeaves = new Map<string, ChainPlace & { epoch: bigint; reportDigest: Hex }>();
  readonly #convictions = new Map<Hex, ChainPlace>();
  readonly #nodeOffences = new Map<Hex, ChainPlace>();
  readonly #claims = new Map<Hex, ChainPlace>();
  readonly #slashes = new Map<bigint, SlashRecord>();
  readonly #credits = new Map<Address, { wei: bigint; withdrawnAt: ChainPlace | undefined }>();

  challenge(id: bigint): ChallengeRecord | undefined {
    return this.#challenges.get(id);
  }

  /** Challenge about a node in an epoch. */
  challengeAbout(nodeIndex: number, epoch: bigint): ChallengeRecord | undefined {
    return [...this.#challenges.values()].find((made) => made.nodeIndex === nodeIndex && made.epoch === epoch);
  }

  /** Challenges that have not ended, oldest first. */
  unresolved(): ChallengeRecord[] {
    return [...this.#challenges.values()].filter(({ closedAt }) => closedAt === undefined);
  }

  /** Challenges whose answer stood, about epochs that are not forgotten: their bonds are gone. */
  dismissed(): ChallengeRecord[] {
    return [...this.#challenges.values()].filter(({ state }) => state === "dismissed");
  }

  /** Challenges about a report, oldest first. */
  challengesOf(reportDigest: Hex): ChallengeRecord[] {
    return [...this.#challenges.values()].filter((made) => made.reportDigest === reportDigest);
  }

  /** Where a leaf was proven invalid. */
  invalidLeaf(reportDigest: Hex, nodeIndex: number): ChainPlace | undefined {
    return this.#invalidLeaves.get(leafKey(reportDigest, nodeIndex));
  }

  /** Digests of reports with a leaf that was proven invalid, or withheld until its challenge expired. */
  forgedReports(): Set<Hex> {
    const upheld = [...this.#challenges.values()].filter(({ state }) => state === "upheld");
    const invalid = [...this.#invalidLeaves.values()];
    return new Set([...upheld, ...invalid].map(({ reportDigest }) => reportDigest));
  }

  /** Where a member was convicted; `offenceId` as in `IMemberOffences`. */
  conviction(offenceId: Hex): ChainPlace | undefined {
    return this.#convictions.get(offenceId);
  }

  /** Where a node was proven to have signed twice; `offenceId` as in `INodeOffences`. */
  nodeOffence(offenceId: Hex): ChainPlace | undefined {
    return this.#nodeOffences.get(offenceId);
  }

  /** Where evidence was claimed; undefined also for an old claim that was forgotten. */
  claim(claim: Hex): ChainPlace | undefined {
    return this.#claims.get(claim);
  }

  slash(slashId: bigint): SlashRecord | undefined {
    return this.#slashes.get(slashId);
  }

  /** Slashed funds that were neither paid out nor given back, oldest first. */
  frozenSlashes(): SlashRecord[] {
    return [...this.#slashes.values()].filter(({ settledAt }) => settledAt === undefined);
  }

  /** Wei that an account can withdraw, and where it did so last. */
  creditOf(account: Address): { wei: bigint; withdrawnAt: ChainPlace | undefined } {
    return this.#credits.get(getAddress(account)) ?? { wei: 0n, withdrawnAt: undefined };
  }

  /** Forgets what ended about epochs before `epoch`, and old claims beyond the newest. @param head Number of the newest block. */
  forgetBefore(epoch: bigint, head: bigint): void {
    for (const [id, made] of this.#challenges) if (made.epoch < epoch && made.closedAt) this.#challenges.delete(id);
    for (const [key, leaf] of this.#invalidLeaves) if (leaf.epoch < epoch) this.#invalidLeaves.delete(key);
    let surplus = this.#claims.size - KEPT_CLAIMS;
    for (const [claim, { blockNumber }] of this.#claims) {
      if (surplus-- <= 0 || head - blockNumber < CLAIMS_KEPT_BLOCKS) break;
      this.#claims.delete(claim);
    }
  }

  apply(event: ChainEvent): Undo | undefined {
    const place = { blockNumber: event.blockNumber, transactionHash: event.transactionHash };
    switch (event.eventName) {
      case "ChallengeMade":
      case "ChallengeOpened":
      case "ChallengeAnswered":
      case "ChallengeClosed":
        return this.#applyToChallenge(event, place);
      case "LeafInvalid": {
        const { reportDigest, nodeIndex, epoch } = event.args;
        return setWithUndo(this.#invalidLeaves, leafKey(reportDigest, nodeIndex), { ...place, epoch, reportDigest });
      }
      case "MemberConvicted":
        return setWithUndo(this.#convictions, event.args.offenceId, place);
      case "NodeEquivocated":
        return setWithUndo(this.#nodeOffences, event.args.offenceId, place);
      case "EvidenceClaimed":
        return setWithUndo(this.#claims, event.args.claim, place);
      case "Credited":
      case "Withdrawn":
        return this.#credit(event, place);
      case "SlashFrozen":
        return this.#freeze(event.args);
      case "SlashPaid":
      case "SlashPardoned":
        return this.#settle(event.args.slashId, place);
      default:
        return undefined;
    }
  }

  #applyToChallenge(event: ChallengeEvent, place: ChainPlace): Undo | undefined {
    if (event.eventName === "ChallengeMade") {
      const made = {
        state: "queued",
        until: 0n,
        answer: undefined,
        answeredAt: undefined,
        closedAt: undefined,
      } as const;
      return setWithUndo(this.#challenges, event.args.id, { ...event.args, ...made, madeAt: place, changedAt: place });
    }
    const { id } = event.args;
    const before = this.#challenges.get(id);
    if (!before) return undefined;
    return setWithUndo(this.#challenges, id, { ...before, ...changeOf(event, place), changedAt: place });
  }

  #credit({ eventName, args: { account, amount } }: CreditEvent, place: ChainPlace): Undo {
    const before = this.creditOf(account);
    const credit =
      eventName === "Credited"
        ? { ...before, wei: before.wei + amount }
        : { wei: before.wei - amount, withdrawnAt: place };
    return setWithUndo(this.#credits, getAddress(account), credit);
  }

  #freeze({ slashId, reporter, amount, reward, payableAt }: ChainEventArgs<"SlashFrozen">): Undo {
    return setWithUndo(this.#slashes, slashId, { slashId, reporter, amount, reward, payableAt, settledAt: undefined });
  }

  #settle(slashId: bigint, place: ChainPlace): Undo | undefined {
    const frozen = this.#slashes.get(slashId);
    return frozen && setWithUndo(this.#slashes, slashId, { ...frozen, settledAt: place });
  }
}

type ChallengeEvent = Extract<
  ChainEvent,
  { eventName: "ChallengeMade" | "ChallengeOpened" | "ChallengeAnswered" | "ChallengeClosed" }
>;
type CreditEvent = Extract<ChainEvent, { eventName: "Credited" | "Withdrawn" }>;

function changeOf(
  event: Exclude<ChallengeEvent, { eventName: "ChallengeMade" }>,
  place: ChainPlace,
): Partial<ChallengeRecord> {
  switch (event.eventName) {
    case "ChallengeOpened":
      return { state: "open", until: event.args.until };
    case "ChallengeAnswered": {
      const { responder, attestation, signature, proof, until } = event.args;
      return { state: "answered", until, answer: { responder, attestation, signature, proof }, answeredAt: place };
    }
    case "ChallengeClosed":
      return { state: CHALLENGE_STATES[event.args.state] ?? "none", answer: undefined, closedAt: place };
  }
}

function leafKey(reportDigest: Hex, nodeIndex: number): string {
  return `${reportDigest}:${nodeIndex}`;
}
