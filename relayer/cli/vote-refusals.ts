import { formatEther } from "viem";
import { unitsText } from "./figures.ts";
import { isoTime } from "./iso-time.ts";

type Arguments = readonly unknown[];

const mesh = (value: unknown): string => `${formatEther(value as bigint)} MESH`;
const units = (value: unknown): string => unitsText(value as bigint);
const time = (value: unknown): string => isoTime(value as bigint);
const text = (value: unknown): string => String(value);

/** Since when an identity is held that is not, on chain. */
const FOR_EVER_48 = 2 ** 48 - 1;

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
    `a proposer needs ${units(needs)}, ${text(proposer)} had ${units(has)} a second before`,
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
  QuadraticRound_Certified: ([identity]) => `identity ${text(identity)} is certified, so its votes stay`,
  QuadraticRound_HeldTooLate: ([identity, since, startsAt]) =>
    `identity ${text(identity)} must be held and synced since ${time(startsAt)}; it is since ${since === FOR_EVER_48 ? "never" : time(since)}`,
  QuadraticRound_InvalidOption: ([option]) => `option ${text(option)} does not fit what the round decides`,
  QuadraticRound_InvalidPeriod: ([startsAt, endsAt, longest]) =>
    `a season from ${time(startsAt)} to ${time(endsAt)} cannot be: it begins in the future and lasts at most ${text(longest)} seconds`,
  QuadraticRound_InvalidTerms: ([field]) => `${text(field)} of the round does not fit what it decides`,
  QuadraticRound_NoCredits: () => "a season must give credits",
  QuadraticRound_NotCertified: ([account]) => `${text(account)} has no certified identity, so it has no credits`,
  QuadraticRound_NotNow: ([startsAt, endsAt]) => `votes count from ${time(startsAt)} until ${time(endsAt)}`,
  QuadraticRound_NotOver: ([endsAt]) => `there is no result before ${time(endsAt)}`,
  QuadraticRound_OptionCount: ([count, max]) => `a round has 2 to ${text(max)} options, not ${text(count)}`,
  QuadraticRound_SeasonNotOpen: ([season]) => `season ${text(season)} does not exist, or has begun`,
  QuadraticRound_TooFewCredits: ([cost, credits]) => `the votes cost ${text(cost)} credits, there are ${text(credits)}`,
  QuadraticRound_TooFewUnits: ([has, min]) =>
    `this season is for identities with ${units(min)}, this one has ${units(has)}`,
  QuadraticRound_UnknownRound: ([round]) => `round ${text(round)} does not exist`,
  QuadraticRound_WrongOption: ([option, count]) =>
    `option ${text(option)} is named twice, or is not one of the ${text(count)}`,
  QuadraticRound_WrongSeason: ([season, next]) => `the next season is ${text(next)}, not ${text(season)}`,
  QuadraticVotes_DelegateNotCertified: ([delegatee]) =>
    `${text(delegatee)} has no certified identity, so votes cannot be delegated to it`,
  QuadraticVotes_InsufficientLock: ([requested, available]) =>
    `${mesh(requested)} were asked for, ${mesh(available)} are locked`,
  QuadraticVotes_NotCertified: ([account]) =>
    `${text(account)} has no certified identity: only operators in good standing and voters can lock MESH`,
  QuadraticVotes_NothingMatured: ([at]) =>
    BigInt(text(at)) === 0n
      ? "nothing is being unlocked; see votes unlock"
      : `what is being unlocked is free from ${time(at)} on`,
  QuadraticVotes_ZeroAmount: () => "the amount must be more than zero",
};
