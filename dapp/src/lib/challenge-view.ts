import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import type { Address, Hex } from "viem";
import type { ChainAccess } from "./chain-source.ts";

/** States of a challenge, in the order of the contract's enum without None. */
export const CHALLENGE_STATES = ["Queued", "Open", "Answered", "Upheld", "Dismissed"] as const;

/** Where a challenge stands; see IAttestationDisputes.ChallengeState. */
export type ChallengeState = (typeof CHALLENGE_STATES)[number];

/** A challenge as the contract holds it. */
export interface Challenge {
  id: number;
  challenger: Address;
  epoch: number;
  nodeIndex: number;
  reportDigest: Hex;
  root: Hex;
  /** Bit i is set when seat i signed the report and must answer. */
  signers: bigint;
  responder?: Address;
  /** Wei. */
  bond: bigint;
  /** Unix seconds of the clock that runs; undefined while it waits. */
  until?: number;
  state: ChallengeState;
}

/** What a new challenge costs and meets now. */
export interface ChallengeTerms {
  /** Wei that a challenge must bring. */
  bond: bigint;
  open: bigint;
  queued: bigint;
  /** Seconds for an answer, and then again for proofs that it is invalid. */
  answerPeriod: number;
}

const NONE = 0;
const ZERO = `0x${"00".repeat(20)}`;

/** Reads a challenge from the chain; undefined when there is none with this number. */
export async function readChallenge({ client, config }: ChainAccess, id: number): Promise<Challenge | undefined> {
  const found = await client.readContract({
    address: config.contracts.AttestationDisputes,
    abi: attestationDisputesAbi,
    functionName: "challengeOf",
    args: [BigInt(id)],
  });
  if (found.state === NONE) return undefined;
  const { responder, until, epoch, state, ...rest } = found;
  return {
    ...{ ...rest, id, epoch: Number(epoch), state: CHALLENGE_STATES[state - 1]! },
    ...(responder !== ZERO && { responder }),
    ...(until > 0n && { until: Number(until) }),
  };
}

/** What a challenge costs now. */
export async function readChallengeTerms({ client, config }: ChainAccess): Promise<ChallengeTerms> {
  const disputes = { address: config.contracts.AttestationDisputes, abi: attestationDisputesAbi } as const;
  const [bond, [open, queued], answerPeriod] = await Promise.all([
    client.readContract({ ...disputes, functionName: "challengeBond" }),
    client.readContract({ ...disputes, functionName: "challengeCounts" }),
    client.readContract({ ...disputes, functionName: "answerPeriod" }),
  ]);
  return { bond, open, queued, answerPeriod: Number(answerPeriod) };
}

/** What can be said about a leaf before it is challenged. */
export interface ChallengeChance {
  /** Unix seconds from which the leaf cannot be challenged any more. */
  deadline: number;
  /** Number of the challenge that was made about it. */
  existing?: number;
}

/** Looks whether the leaf of a node can still be challenged. */
export async function readChallengeChance(
  { client, config }: ChainAccess,
  { nodeIndex, epoch }: { nodeIndex: number; epoch: number },
): Promise<ChallengeChance> {
  const disputes = { address: config.contracts.AttestationDisputes, abi: attestationDisputesAbi } as const;
  const [deadline, existing] = await Promise.all([
    client.readContract({ ...disputes, functionName: "challengeDeadline", args: [BigInt(epoch)] }),
    client.readContract({ ...disputes, functionName: "challengeAbout", args: [nodeIndex, BigInt(epoch)] }),
  ]);
  return { deadline: Number(deadline), ...(existing > 0n && { existing: Number(existing) }) };
}

/** Number of challenges ever made. The contract does not tell, so it is searched for: numbers have no gaps. */
export async function countChallenges(access: ChainAccess): Promise<number> {
  const exists = async (id: number): Promise<boolean> => (await readChallenge(access, id)) !== undefined;
  let above = 1;
  while (await exists(above)) above *= 2;
  let below = Math.floor(above / 2);
  while (above - below > 1) {
    const middle = Math.floor((above + below) / 2);
    if (await exists(middle)) below = middle;
    else above = middle;
  }
  return below;
}

/** How a challenge stands at a moment, for the clock and the words beside it. */
export interface ChallengeClock {
  /** What is waited for. `expired`: nobody answered in time. `stood`: the answer was not proven invalid in time. */
  phase: "queued" | "open" | "expired" | "answered" | "stood" | "upheld" | "dismissed";
  /** Unix seconds at which the phase ends by itself. */
  until?: number;
}

/** Phase of a challenge at a chain time in Unix seconds; the state changes only when somebody sends a transaction. */
export function challengeClock({ state, until }: Pick<Challenge, "state" | "until">, seconds: number): ChallengeClock {
  const isOver = until !== undefined && until <= seconds;
  const clock = until === undefined ? {} : { until };
  switch (state) {
    case "Queued":
      return { phase: "queued" };
    case "Open":
      return isOver ? { phase: "expired" } : { phase: "open", ...clock };
    case "Answered":
      return isOver ? { phase: "stood" } : { phase: "answered", ...clock };
    case "Upheld":
      return { phase: "upheld" };
    case "Dismissed":
      return { phase: "dismissed" };
  }
}
