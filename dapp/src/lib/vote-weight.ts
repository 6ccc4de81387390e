import { admittedIdentitiesAbi } from "@pqmesh/contracts/generated/admitted-identities-abi";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { type Address, zeroAddress } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { capitalised, formatMesh, formatTime, formatVotingUnits, shorten } from "./format.ts";

/** Identities below are operators'. */
export const FIRST_NULLIFIER = 2n ** 32n;

/** Least change of units that a sync is offered for: 0.01. Ages are kept in coarse grains, so that less is noise. */
const SEEN_CHANGE = 10n ** 7n;

/** What an account can say in a vote, and what that comes from. Units have 9 decimals, MESH is wei, times are Unix seconds. */
export interface VoteWeight {
  account: Address;
  /** Identity that the gate certifies now, 0 when there is none. */
  identity: bigint;
  /** Identity that the votes contract has recorded for the account, 0 when there is none. */
  recordedIdentity: bigint;
  /** Since when the account holds it without interruption; 0 without a recorded identity. */
  since: number;
  /** Units of the account's identity before delegation, now. */
  ownUnits: bigint;
  /** Units that its identity would have after a sync now. */
  unitsAfterSync: bigint;
  /** Who votes with the units: the account itself until it delegates. */
  delegate: Address;
  /** Units that count: the account's, unless they are delegated, and those of others. */
  units: bigint;
  /** MESH wei that count in the token house. */
  tokens: bigint;
  /** Who votes with its MESH; undefined while nobody does. */
  tokenDelegate?: Address;
  /** MESH wei that the account holds itself. */
  balance: bigint;
  /** MESH wei that it locked for votes. */
  locked: bigint;
  /** MESH wei that the nodes of its identity have staked; 0 for a voter. */
  stake: bigint;
}

/** Reads what an account weighs. @param snapshot Of a proposal, Unix seconds in the past; default: now. */
export async function readVoteWeight(access: ChainAccess, account: Address, snapshot?: number): Promise<VoteWeight> {
  const { client, config } = access;
  const votes = { address: config.contracts.QuadraticVotes, abi: quadraticVotesAbi } as const;
  const mesh = { address: config.contracts.MeshToken, abi: meshTokenAbi } as const;
  const args = [account] as const;
  const past = snapshot === undefined ? undefined : ([account, BigInt(snapshot)] as const);
  const [identity, recordedIdentity, ownUnits, delegate, tokenDelegate, balance, lock, units, tokens] =
    await Promise.all([
      readIdentity(access, account),
      client.readContract({ ...votes, functionName: "recordedIdentityOf", args }),
      client.readContract({ ...votes, functionName: "balanceOf", args }),
      client.readContract({ ...votes, functionName: "delegates", args }),
      client.readContract({ ...mesh, functionName: "delegates", args }),
      client.readContract({ ...mesh, functionName: "balanceOf", args }),
      client.readContract({ ...votes, functionName: "lockOf", args }),
      past
        ? client.readContract({ ...votes, functionName: "votesAt", args: past })
        : client.readContract({ ...votes, functionName: "getVotes", args }),
      past
        ? client.readContract({ ...mesh, functionName: "getPastVotes", args: past })
        : client.readContract({ ...mesh, functionName: "getVotes", args }),
    ]);
  const known = identity === 0n ? recordedIdentity : identity;
  const [holding, unitsAfterSync, stake] = await Promise.all([
    client.readContract({ ...votes, functionName: "holdingOf", args: [recordedIdentity] }),
    known === 0n ? 0n : client.readContract({ ...votes, functionName: "unitsAfterSync", args: [known] }),
    isOperator(known)
      ? client.readContract({
          ...{ address: config.contracts.NodeStaking, abi: nodeStakingAbi, functionName: "stakeOfIdentity" },
          args: [Number(known)],
        })
      : 0n,
  ]);
  return {
    ...{ account, identity, recordedIdentity, since: Number(holding.since), ownUnits, unitsAfterSync, delegate, units },
    ...{ tokens, balance, locked: lock.amount, stake },
    ...(tokenDelegate !== zeroAddress && { tokenDelegate }),
  };
}

/** Identity that the gate certifies for an account now, 0 when there is none. */
export async function readIdentity({ client, config }: ChainAccess, account: Address): Promise<bigint> {
  const votes = { address: config.contracts.QuadraticVotes, abi: quadraticVotesAbi } as const;
  const address = await client.readContract({ ...votes, functionName: "gate" });
  return client.readContract({ address, abi: admittedIdentitiesAbi, functionName: "identityOf", args: [account] });
}

/** Whether an identity is an operator's. */
function isOperator(identity: bigint): boolean {
  return identity > 0n && identity < FIRST_NULLIFIER;
}

/** An identity as people read it: operators have numbers, voters long nullifiers. */
export function identityWords(identity: bigint): string {
  return isOperator(identity) ? `operator ${identity}` : `voter ${shorten(`0x${identity.toString(16)}`)}`;
}

/** Governed numbers that units depend on; MESH wei. */
export interface UnitRules {
  /** What an identity has above this counts nothing. */
  voteCap: bigint;
  /** An operator with less has no units. */
  minNodeStake: bigint;
}

/** Units that an identity would have if all that it has staked and locked now were old enough. */
export function unitsWhenAged({ identity, stake, locked }: VoteWeight, rules: UnitRules): bigint {
  if (identity === 0n) return 0n;
  const all = stake + locked;
  if (isOperator(identity) && all < rules.minNodeStake) return 0n;
  return rootOf(all < rules.voteCap ? all : rules.voteCap);
}

/** Whether a sync would change what an identity has by as much as people see, or who has it. */
export function isSyncUseful({ identity, recordedIdentity, ownUnits, unitsAfterSync }: VoteWeight): boolean {
  if (identity === 0n && recordedIdentity === 0n) return false;
  const change = unitsAfterSync > ownUnits ? unitsAfterSync - ownUnits : ownUnits - unitsAfterSync;
  return identity !== recordedIdentity || change >= SEEN_CHANGE;
}

/** Largest whole number whose square is at most `value`. */
export function rootOf(value: bigint): bigint {
  if (value < 2n) return value;
  let root = BigInt(Math.floor(Math.sqrt(Number(value))));
  while (root * root > value) root -= 1n;
  while ((root + 1n) * (root + 1n) <= value) root += 1n;
  return root;
}

/** Where a reader can do something about a weight. */
export type WeightRemedy = "sync" | "lock" | "units" | "tokens" | "operate";

/** Why a weight is what it is. */
export interface WeightReason {
  house: "identity" | "token";
  sentence: string;
  remedy?: WeightRemedy;
}

/** Why a weight is what it is, one reason for each cause. @param snapshot Of the proposal, Unix seconds, if it is about one. */
export function weightReasons(weight: VoteWeight, snapshot?: number): WeightReason[] {
  return [...identityReasons(weight, snapshot), ...tokenReasons(weight, snapshot)];
}

function identityReasons(weight: VoteWeight, snapshot: number | undefined): WeightReason[] {
  const { account, identity, recordedIdentity, since, ownUnits, unitsAfterSync, delegate, units } = weight;
  const say = (sentence: string, remedy?: WeightRemedy): WeightReason => ({
    ...{ house: "identity", sentence },
    ...(remedy && { remedy }),
  });
  if (identity === 0n) {
    const sentence =
      "This wallet has no certified identity now: it owns no operator that is in good standing, and is no voter. An authority certifies operators and voters; before there is one, every registered operator votes, and the DAO admits voters.";
    return [say(sentence, "operate")];
  }
  const who = identityWords(identity);
  if (recordedIdentity !== identity) {
    return [
      say(
        `This wallet is ${who}, which has no units before its first sync from this wallet. Anyone can sync it, for later proposals.`,
        "sync",
      ),
    ];
  }
  if (snapshot !== undefined && since > snapshot) {
    const sentence = `This wallet is ${who} since ${formatTime(since)}, after weights were taken at ${formatTime(snapshot)}. It counts in later proposals.`;
    return [say(sentence)];
  }
  const isAway = delegate.toLowerCase() !== account.toLowerCase();
  const when = snapshot === undefined ? "now" : `at ${formatTime(snapshot)}, when weights were taken`;
  return [
    say(
      `${formatVotingUnits(units)} units ${when}: those of this wallet unless delegated, and those delegated to it. ${since > 0 ? `It is ${who} since ${formatTime(since)}, and certified now.` : ""}`.trim(),
    ),
    isAway
      ? say(
          `The ${formatVotingUnits(ownUnits)} units of ${who} are delegated to ${shorten(delegate)}, who votes with them.`,
          "units",
        )
      : say(
          `${capitalised(who)} has ${formatVotingUnits(ownUnits)} units now: the root of ${formatMesh(weight.stake + weight.locked)} MESH staked and locked, as far as they are old enough.`,
        ),
    ...(ownUnits === 0n && weight.stake + weight.locked === 0n
      ? [say("Lock MESH, or stake it with your nodes, to have units.", "lock")]
      : []),
    ...(unitsAfterSync > ownUnits && isSyncUseful(weight)
      ? [say(`A sync would raise that to ${formatVotingUnits(unitsAfterSync)} for later proposals.`, "sync")]
      : []),
  ];
}

function tokenReasons({ account, tokens, tokenDelegate, balance }: VoteWeight, snapshot?: number): WeightReason[] {
  const when = snapshot === undefined ? "now" : "when weights were taken";
  const reasons: WeightReason[] = [
    {
      house: "token",
      sentence: `${formatMesh(tokens)} MESH ${when}, held by or delegated to this wallet. Staked and locked MESH counts in the identity house only.`,
    },
  ];
  const own = formatMesh(balance);
  if (balance > 0n && tokenDelegate === undefined) {
    const sentence = `The ${own} MESH of this wallet vote for nobody, because it has named no delegate. Name yourself to vote with them.`;
    reasons.push({ house: "token", sentence, remedy: "tokens" });
  } else if (tokenDelegate !== undefined && tokenDelegate.toLowerCase() !== account.toLowerCase()) {
    const sentence = `The ${own} MESH of this wallet are delegated to ${shorten(tokenDelegate)}, who votes with them.`;
    reasons.push({ house: "token", sentence, remedy: "tokens" });
  }
  return reasons;
}
