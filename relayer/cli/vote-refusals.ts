import { formatEther, formatUnits } from "viem";

type Arguments = readonly unknown[];

const mesh = (value: unknown): string => `${formatEther(value as bigint)} MESH`;
const votes = (value: unknown): string => `${formatUnits(value as bigint, 9)} votes`;
const time = (value: unknown): string => new Date(Number(value) * 1_000).toISOString();
const text = (value: unknown): string => String(value);

/** States of a proposal, as `IGovernor.ProposalState` counts. */
const STATES = ["pending", "active", "cancelled", "defeated", "succeeded", "queued", "expired", "executed"];

/** What the errors of governor, votes and admissions mean. */
export const VOTE_REFUSALS: Readonly<Record<string, (args: Arguments) => string>> = {
  AdmittedIdentities_AccountTaken: ([account, nullifier]) =>
    `${text(account)} was admitted as identity ${text(nullifier)}, which must be revoked first`,
  AdmittedIdentities_AlreadyExpired: ([at, now]) =>
    `the admission would end at ${time(at)}, which is not after ${time(now)}`,
  AdmittedIdentities_InvalidNullifier: ([nullifier, min]) =>
    `the identity ${text(nullifier)} is one of an operator; a voter's is at least ${text(min)}`,
  AdmittedIdentities_IsOperator: ([account, identity]) =>
    `${text(account)} owns operator ${text(identity)} and votes as that; it cannot be a voter besides`,
  AdmittedIdentities_NotAdmitted: ([nullifier]) => `no voter with identity ${text(nullifier)} is admitted`,
  AdmittedIdentities_SuspensionUnchanged: ([identity, isSuspended]) =>
    `operator ${text(identity)} is ${isSuspended ? "suspended already" : "not suspended"}`,
  AdmittedIdentities_UnknownOperator: ([identity]) => `there is no operator ${text(identity)}`,
  GovernorAlreadyCastVote: ([voter]) => `${text(voter)} has voted; a vote cannot be changed`,
  GovernorInsufficientProposerVotes: ([proposer, has, needs]) =>
    `a proposer needs ${votes(needs)}, ${text(proposer)} had ${votes(has)} a second before`,
  GovernorRestrictedProposer: ([proposer]) =>
    `the description names another account than ${text(proposer)} as its proposer`,
  GovernorUnableToCancel: ([, caller]) =>
    `${text(caller)} cannot cancel this proposal: the guardian can, and the proposer before voting begins or without a guardian`,
  GovernorUnexpectedProposalState: ([, state]) =>
    `the proposal is ${STATES[Number(state)] ?? "in another state"}, which does not allow this`,
  MeshGovernor_BondsOnly: () => "the governor's MESH are bonds of proposers, which no proposal can move",
  MeshGovernor_NoBond: () => "the proposal has no bond, or no longer",
  MeshGovernor_NoVotes: ([, account]) =>
    `${text(account)} has no weight in this vote; see proposal show with --voter for the reason`,
  MeshGovernor_ParamsNotSupported: () => "a vote has no parameters",
  MeshGovernor_VotingNotOver: ([, deadline]) => `voting ends at ${time(deadline)}; the bond stays until then`,
  QuadraticVotes_DelegateNotCertified: ([delegatee]) =>
    `${text(delegatee)} has no certified identity, so votes cannot be delegated to it`,
  QuadraticVotes_InsufficientLock: ([requested, available]) =>
    `${mesh(requested)} were asked for, ${mesh(available)} are locked`,
  QuadraticVotes_NotCertified: ([account]) =>
    `${text(account)} has no certified identity: only registered operators and admitted voters can lock MESH`,
  QuadraticVotes_NothingMatured: ([at]) =>
    BigInt(text(at)) === 0n
      ? "nothing is being unlocked; see votes unlock"
      : `what is being unlocked is free from ${time(at)} on`,
  QuadraticVotes_ZeroAmount: () => "the amount must be more than zero",
};
