import { formatMeshExact, formatTime } from "./format.ts";

type Arguments = readonly unknown[];

const mesh = (value: unknown): string => `${formatMeshExact(value as bigint)} MESH`;
const time = (value: unknown): string => formatTime(BigInt(value as number | bigint));
const text = (value: unknown): string => String(value);

/** What errors of votes and of the identities that have them mean. */
export const VOTE_SENTENCES: Record<string, string | ((args: Arguments) => string)> = {
  AdmittedIdentities_AccountTaken: ([account, nullifier]) =>
    `${text(account)} is admitted as voter ${text(nullifier)} already. Revoke that admission first.`,
  AdmittedIdentities_AlreadyExpired: ([expiresAt]) =>
    `The admission would have ended at ${time(expiresAt)}, which is in the past.`,
  AdmittedIdentities_InvalidNullifier: ([nullifier, min]) =>
    `${text(nullifier)} cannot be a voter's nullifier: those begin at ${text(min)}, below are operators.`,
  AdmittedIdentities_IsOperator: ([account, identity]) =>
    `${text(account)} owns operator ${text(identity)}, whose identity it votes with. It cannot be admitted as a voter too.`,
  AdmittedIdentities_NotAdmitted: ([nullifier]) => `No voter is admitted under ${text(nullifier)}.`,
  AdmittedIdentities_SuspensionUnchanged: ([identity, suspended]) =>
    `Operator ${text(identity)} is ${suspended === true ? "suspended already" : "not suspended"}.`,
  AdmittedIdentities_UnknownOperator: ([identity]) => `There is no operator ${text(identity)}.`,
  QuadraticVotes_DelegateNotCertified: ([delegatee]) =>
    `Votes can be delegated to a certified operator or voter only; ${text(delegatee)} is neither.`,
  QuadraticVotes_InsufficientLock: ([requested, available]) =>
    `${mesh(requested)} were asked for, but only ${mesh(available)} are locked.`,
  QuadraticVotes_NotCertified: ([account]) =>
    `${text(account)} is neither an operator's owner in good standing nor a voter, so MESH that it locks would not count.`,
  QuadraticVotes_NothingMatured: ([maturesAt]) =>
    Number(maturesAt) === 0
      ? "Nothing is being unlocked, so there is nothing to withdraw."
      : `What is being unlocked can be withdrawn from ${time(maturesAt)} on.`,
  QuadraticVotes_ZeroAmount: "The amount must be more than zero.",
};
