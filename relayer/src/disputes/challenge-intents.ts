import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import type { Address, Hex } from "viem";
import { encodeFunctionData } from "viem/utils";
import type { ChallengeRecord } from "../chain/dispute-records.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Intent, IntentKind, Verdict } from "../submit/intent.ts";

/** A leaf as `respond` takes it. */
export interface LeafAnswer {
  /** Seat of the sender in the committee of the report. */
  seat: number;
  attestation: Attestation;
  signature: Hex;
  /** Nine siblings from the leaf up. */
  proof: readonly Hex[];
}

type ChallengeName = Pick<ChallengeRecord, "id" | "nodeIndex" | "epoch">;
type Proof = readonly [Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex];

/** Numbers of challenges that one `openQueued` looks at. */
const OPENED_AT_ONCE = 64n;

/** Name and key of the intent to answer a challenge; a reorg may give its number to another challenge. */
export function respondIntentId(challenge: ChallengeName): Pick<Intent, "kind" | "key"> {
  return { kind: "respond", key: keyOf(challenge) };
}

/** The intent to answer a challenge. */
export function respondIntent(disputes: Address, challenge: ChallengeName, answer: LeafAnswer): Intent {
  const { seat, attestation, signature, proof } = answer;
  const args = [challenge.id, BigInt(seat), attestation, signature, proof as Proof] as const;
  const data = encodeFunctionData({ abi: attestationDisputesAbi, functionName: "respond", args });
  return { ...respondIntentId(challenge), to: disputes, data };
}

/** The intent to end a challenge that was not answered in time. */
export function expireIntent(disputes: Address, challenge: ChallengeName): Intent {
  const data = encodeFunctionData({
    abi: attestationDisputesAbi,
    functionName: "expireChallenge",
    args: [challenge.id],
  });
  return { kind: "expire", key: keyOf(challenge), to: disputes, data };
}

/** The intent to end a challenge whose answer stood. */
export function dismissIntent(disputes: Address, challenge: ChallengeName): Intent {
  const data = encodeFunctionData({
    abi: attestationDisputesAbi,
    functionName: "dismissChallenge",
    args: [challenge.id],
  });
  return { kind: "dismiss", key: keyOf(challenge), to: disputes, data };
}

/** The intent to start the clock of waiting challenges, this one's at last. */
export function openQueuedIntent(disputes: Address, challenge: ChallengeName): Intent {
  const args = [OPENED_AT_ONCE] as const;
  const data = encodeFunctionData({ abi: attestationDisputesAbi, functionName: "openQueued", args });
  return { kind: "open-queued", key: keyOf(challenge), to: disputes, data };
}

/** Name and key of the intent that moves a challenge on from its state. */
export function settlingId(challenge: ChallengeName & Pick<ChallengeRecord, "state">): Pick<Intent, "kind" | "key"> {
  const kinds: Partial<Record<ChallengeRecord["state"], string>> = { queued: "open-queued", open: "expire" };
  return { kind: kinds[challenge.state] ?? "dismiss", key: keyOf(challenge) };
}

/** The intent to take the wei that an account is credited with. */
export function withdrawIntent(disputes: Address, account: Address): Intent {
  const data = encodeFunctionData({ abi: attestationDisputesAbi, functionName: "withdraw" });
  return { kind: "withdraw", key: account, to: disputes, data };
}

/** Judges the intents about challenges. */
export function challengeKinds(chain: ChainFollower): IntentKind[] {
  const judged = (name: string, judge: (challenge: ChallengeRecord) => Verdict): IntentKind => ({
    name,
    judge: (key) => {
      const challenge = chain.disputes.challenge(BigInt(key.split(":")[0]!));
      const isSame = challenge !== undefined && keyOf(challenge) === key;
      return isSame ? judge(challenge) : { state: "void", reason: "the challenge is not on the chain any more" };
    },
  });
  return [
    { ...judged("respond", (challenge) => judgeAnswer(challenge, chain.head().timestamp)), isUrgent: true },
    judged("expire", ({ closedAt, state }) => {
      if (closedAt) return { state: "achieved", ...closedAt };
      return state === "open" ? { state: "wanted" } : { state: "void", reason: `the challenge is ${state}` };
    }),
    judged("dismiss", ({ closedAt, state }) => {
      if (closedAt) return { state: "achieved", ...closedAt };
      return state === "answered" ? { state: "wanted" } : { state: "void", reason: `the challenge is ${state}` };
    }),
    judged("open-queued", ({ state, changedAt }) => {
      return state === "queued" ? { state: "wanted" } : { state: "achieved", ...changedAt };
    }),
    withdrawKind(chain),
  ];
}

function judgeAnswer({ state, until, answeredAt }: ChallengeRecord, nowSeconds: bigint): Verdict {
  if (answeredAt) return { state: "achieved", ...answeredAt };
  if (state !== "queued" && state !== "open") return { state: "void", reason: `the challenge is ${state}` };
  if (state === "queued" || nowSeconds < until) return { state: "wanted" };
  return { state: "void", reason: `the time to answer ended at ${until}` };
}

function withdrawKind(chain: ChainFollower): IntentKind {
  return {
    name: "withdraw",
    judge(account) {
      const { wei, withdrawnAt } = chain.disputes.creditOf(account as Address);
      if (wei > 0n) return { state: "wanted" };
      return withdrawnAt ? { state: "achieved", ...withdrawnAt } : { state: "void", reason: "there is no credit" };
    },
  };
}

function keyOf({ id, nodeIndex, epoch }: ChallengeName): string {
  return `${id}:${nodeIndex}:${epoch}`;
}
