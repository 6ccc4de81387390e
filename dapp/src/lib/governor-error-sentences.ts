import { formatTime, formatVotingUnitsExact } from "./format.ts";

type Arguments = readonly unknown[];

const STATES = ["pending", "in voting", "cancelled", "defeated", "accepted", "queued", "expired", "executed"];

const text = (value: unknown): string => String(value);
const time = (value: unknown): string => formatTime(BigInt(value as number | bigint));
const units = (value: unknown): string => formatVotingUnitsExact(value as bigint);

/** What errors of the governor and of accounts with a post-quantum key mean. */
export const GOVERNOR_SENTENCES: Record<string, string | ((args: Arguments) => string)> = {
  GovernorAlreadyCastVote: ([voter]) =>
    `${text(voter)} has voted on this proposal already; a ballot cannot be changed.`,
  GovernorAlreadyQueuedProposal: "This proposal is queued already.",
  GovernorInsufficientProposerVotes: ([, has, needed]) =>
    `A proposal takes ${units(needed)} units; this wallet had ${units(has)} a second ago.`,
  GovernorInvalidProposalLength: ([targets, calldatas, values]) =>
    `A proposal needs at least one call, and as many targets (${text(targets)}) as calldatas (${text(calldatas)}) and values (${text(values)}).`,
  GovernorInvalidSignature: ([voter]) => `The signature of this ballot is not one of ${text(voter)}. Sign it again.`,
  GovernorInvalidVoteType: "A ballot is against (0), for (1) or abstains (2).",
  GovernorNonexistentProposal: ([id]) => `There is no proposal ${text(id)}.`,
  GovernorOnlyExecutor: "Only an executed proposal can do this.",
  GovernorRestrictedProposer: ([proposer]) =>
    `The description names another account than ${text(proposer)} as the proposer.`,
  GovernorUnableToCancel: ([, caller]) =>
    `${text(caller)} cannot cancel this proposal: the guardian can, and the proposer before voting begins or when there is no guardian.`,
  GovernorUnexpectedProposalState: ([, state]) =>
    `The proposal is ${STATES[Number(state)] ?? "in another state"}, so this cannot be done now.`,
  MeshGovernor_BondsOnly: "The governor's MESH are bonds of proposers; no proposal can move them.",
  MeshGovernor_NoBond: "This proposal has no bond, or it was paid out already.",
  MeshGovernor_NoVotes: ([, account]) =>
    `${text(account)} had no votes when this proposal's voting began, or its identity is not certified now. Nothing was cast.`,
  MeshGovernor_ParamsNotSupported: "A ballot takes no parameters here.",
  MeshGovernor_VotingNotOver: ([, deadline]) =>
    `Voting on this proposal ends at ${time(deadline)}; the bond stays until then.`,
  PQAccountFactory_AccountKnown: ([account]) => `The account of this key is there already: ${text(account)}.`,
  PQAccount_Expired: ([deadline]) => `The signed calls were good until ${time(deadline)}. Sign them again.`,
  PQAccount_InvalidSignature: ([nonce]) =>
    `The signature is not by the account's post-quantum key, or not over these calls with nonce ${text(nonce)}.`,
  PQAccount_InvalidSigner: "The signer must be the address of a verifier contract, followed by a key.",
  PQAccount_NotSelf: "Only a signed call of the account itself can change its key.",
};
