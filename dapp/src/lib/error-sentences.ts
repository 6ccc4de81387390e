import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import { BaseError, decodeErrorResult, type Hex } from "viem";
import { CERTIFICATE_SENTENCES } from "./certificate-error-sentences.ts";
import { COMMITTEE_SENTENCES } from "./committee-error-sentences.ts";
import { pardonSentence } from "./delegation-rules.ts";
import { DISPUTE_SENTENCES } from "./dispute-error-sentences.ts";
import { formatMeshExact, formatTime } from "./format.ts";
import { GOVERNANCE_SENTENCES } from "./governance-error-sentences.ts";
import { GOVERNOR_SENTENCES } from "./governor-error-sentences.ts";
import { MARKET_SENTENCES } from "./market-error-sentences.ts";
import { RULE_SENTENCES } from "./rule-error-sentences.ts";
import { VOTE_SENTENCES } from "./vote-error-sentences.ts";

type Arguments = readonly unknown[];
type Sentence = string | ((args: Arguments) => string);

const mesh = (value: unknown): string => `${formatMeshExact(value as bigint)} MESH`;
const time = (value: unknown): string => formatTime(value as bigint);
const percent = (bp: unknown): string => `${Number(bp) / 100} %`;
const text = (value: unknown): string => String(value);

/** What each error that a user can meet means, and what to do about it. */
const SENTENCES: Record<string, Sentence> = {
  ...CERTIFICATE_SENTENCES,
  ...COMMITTEE_SENTENCES,
  ...DISPUTE_SENTENCES,
  ...GOVERNANCE_SENTENCES,
  ...GOVERNOR_SENTENCES,
  ...MARKET_SENTENCES,
  ...RULE_SENTENCES,
  ...VOTE_SENTENCES,
  AttestationBridge_AlreadyCommitted: ([node, epoch]) =>
    `Another hash is already committed for node ${text(node)} in epoch ${text(epoch)}.`,
  AttestationBridge_EpochNotBegun: ([epoch, current]) =>
    `Epoch ${text(epoch)} has not begun yet; the network is in epoch ${text(current)}.`,
  AttestationBridge_EpochNotOver: ([epoch, current]) =>
    `Epoch ${text(epoch)} is not over yet; the network is in epoch ${text(current)}.`,
  AttestationBridge_NotOperator: ([, node]) => `This wallet is neither owner nor hot wallet of node ${text(node)}.`,
  AttestationBridge_ReportTooLate: ([epoch, deadline]) =>
    `Epoch ${text(epoch)} could be reported until ${time(deadline)}; that time has passed.`,
  ERC20InsufficientAllowance: ([, allowance, needed]) =>
    `The contract may take ${mesh(allowance)} from this wallet, but ${mesh(needed)} are needed. Approve more, or use a permit.`,
  ERC20InsufficientBalance: ([, balance, needed]) =>
    `This wallet holds ${mesh(balance)}, but ${mesh(needed)} are needed.`,
  ERC20InvalidReceiver: "The receiver of the tokens must not be the zero address.",
  ERC20InvalidSpender: "The spender of the tokens must not be the zero address.",
  ERC2612ExpiredSignature: ([deadline]) => `The permit was valid until ${time(deadline)}. Sign it again.`,
  ERC2612InvalidSigner:
    "The permit was signed by another account than the one that sends. Sign it again with this account.",
  MeshToken_InvalidReceiver: ([receiver]) => `Tokens cannot be sent to ${text(receiver)}.`,
  NodeDelegation_BelowMinimum: ([amount, minimum]) =>
    `${mesh(amount)} are less than the smallest delegation of ${mesh(minimum)}.`,
  NodeDelegation_CommissionTooHigh: ([bp, max]) =>
    `A commission of ${percent(bp)} is above the largest that the DAO allows, ${percent(max)}.`,
  NodeDelegation_InsufficientShares: ([requested, available]) =>
    `${text(requested)} shares were asked for, but this wallet has ${text(available)} at this node.`,
  NodeDelegation_NothingMatured: ([, , next]) =>
    next === 0n
      ? "Nothing is unbonding at this node, so there is nothing to withdraw."
      : `Nothing can be withdrawn yet; the next unbonding matures at ${time(next)}. A proposed slash can hold it back.`,
  NodeDelegation_NotDelegator: ([, delegator, until]) =>
    `Until ${time(until)} only ${text(delegator)} itself can withdraw here: a slash can still be given back, and who has withdrawn gets nothing of it.`,
  NodeDelegation_NotOperator: ([, node]) => `This wallet is neither owner nor hot wallet of node ${text(node)}.`,
  NodeDelegation_Pardonable: ([node, until]) => pardonSentence(node as number, until as bigint),
  NodeDelegation_TooFewShares: ([shares, min]) =>
    `The delegation would buy ${text(shares)} shares, fewer than the ${text(min)} that were asked for. The price has changed: look again.`,
  NodeDelegation_TooManyUnbondings: ([count, max]) =>
    `This wallet has ${text(count)} unbondings at this node; ${text(max)} are allowed. Withdraw or cancel one first.`,
  NodeDelegation_TooSmallAmount: ([amount, min]) =>
    `The shares are worth ${mesh(amount)}, less than the ${mesh(min)} that were asked for. The node was slashed: look again.`,
  NodeDelegation_UnknownUnbonding: ([node, , id]) =>
    `Unbonding ${text(id)} at node ${text(node)} does not exist any more: it was cancelled or withdrawn.`,
  NodeDelegation_ZeroAmount: "The amount must be more than zero.",
  NodeRegistry_AlreadyOperator: ([, identity]) =>
    `This wallet already owns identity ${text(identity)}; a wallet can own one.`,
  NodeRegistry_ChangeNotReady: ([readyAt]) =>
    readyAt === 0n ? "No change is pending." : `This change can be completed from ${time(readyAt)} on.`,
  NodeRegistry_DeadlinePassed: ([deadline]) => `The signature was valid until ${time(deadline)}. Make a new one.`,
  NodeRegistry_DegenerateKey:
    "This attestation key is degenerate: anyone could sign for it. Make a new key with the agent.",
  NodeRegistry_EmptyRootKey: "The root key must not be zero.",
  NodeRegistry_InvalidRootSignature: ([identity]) =>
    `The root key of identity ${text(identity)} did not sign this statement.`,
  NodeRegistry_InvalidKeySignature: ([node]) =>
    `The signature is not by the attestation key that node ${text(node)} has in force.`,
  NodeRegistry_KeyLength: ([length, expected]) =>
    `The attestation key has ${text(length)} bytes; an ML-DSA-65 public key has ${text(expected)}.`,
  NodeRegistry_NodeExited: ([node]) => `Node ${text(node)} has exited; that is final. Register a new node instead.`,
  NodeRegistry_NotLocked: ([identity]) => `Identity ${text(identity)} is not quantum-locked.`,
  NodeRegistry_NotOperator: ([, identity]) =>
    `This wallet is neither owner nor hot wallet of identity ${text(identity)}.`,
  NodeRegistry_NotOwner: ([, identity]) => `Only the owner wallet of identity ${text(identity)} can do this.`,
  NodeRegistry_QuantumLocked: ([identity]) =>
    `Identity ${text(identity)} is quantum-locked: only its root key can do this, with a signature made offline.`,
  NodeRegistry_RotationPending: ([epoch]) => `A key rotation is waiting for epoch ${text(epoch)}; try again after it.`,
  NodeRegistry_SameKey: "This key is already in force.",
  NodeRegistry_NoIdentity: "This wallet owns no identity yet: register as an operator first.",
  NodeRegistry_UnknownIdentity: ([identity]) => `Identity ${text(identity)} does not exist.`,
  NodeRegistry_UnknownNode: ([node]) => `Node ${text(node)} does not exist.`,
  NodeSlashing_Jailed: ([node, until]) =>
    until === FOR_EVER
      ? `Node ${text(node)} is barred for ever.`
      : `Node ${text(node)} is jailed until ${time(until)}.`,
  NodeSlashing_NoPardon: ([id]) => `The funds of slash ${text(id)} are paid out or given back already.`,
  NodeSlashing_NotDown: ([node, absent, reported]) =>
    `Node ${text(node)} was absent in ${text(absent)} of ${text(reported)} reported epochs, which is no downtime.`,
  NodeSlashing_NotJailed: ([node]) => `Node ${text(node)} is not jailed.`,
  NodeSlashing_NotPayable: ([id, payableAt]) =>
    payableAt === 0n
      ? `The funds of slash ${text(id)} are paid out or given back already.`
      : `The funds of slash ${text(id)} can be paid out from ${time(payableAt)} on.`,
  NodeSlashing_WindowJudged: ([node, window]) =>
    `Window ${text(window)} of node ${text(node)} was judged before; that is done once.`,
  NodeSlashing_WindowNotOpen: ([window]) => `Window ${text(window)} is not final yet, or too long ago.`,
  NodeStaking_GraceNotOver: ([node, until]) => `The operator of node ${text(node)} has until ${time(until)} to top up.`,
  NodeStaking_InsufficientStake: ([requested, available]) =>
    `${mesh(requested)} were asked for, but only ${mesh(available)} are bonded.`,
  NodeStaking_NodeExited: ([node]) => `Node ${text(node)} has exited: it cannot be staked any more.`,
  NodeStaking_AmountNotMatured: ([amount, matured]) =>
    `The order is for ${mesh(amount)}, but what has matured adds up to ${mesh(matured)}.`,
  NodeStaking_NotBelowMinimum: ([node, stake, minimum]) =>
    `Node ${text(node)} has ${mesh(stake)}, which is not below the minimum of ${mesh(minimum)}.`,
  NodeStaking_NotOperator: ([, node]) => `This wallet is neither owner nor hot wallet of node ${text(node)}.`,
  NodeStaking_NotRegistry: "Orders of a root key go to the node registry, not to the staking contract.",
  NodeStaking_NothingMatured: ([, next]) =>
    next === 0n
      ? "Nothing is unbonding, so there is nothing to withdraw."
      : `Nothing has matured yet; the next unbonding does at ${time(next)}.`,
  NodeStaking_RemainderBelowMinimum: ([remainder, minimum]) =>
    `${mesh(remainder)} would stay bonded, less than the minimum of ${mesh(minimum)}. Unbond everything, or less.`,
  NodeStaking_TooManyUnbondings: ([count, max]) =>
    `The node has ${text(count)} unbondings; ${text(max)} are allowed. Withdraw or cancel one first.`,
  NodeStaking_UnknownUnbonding: ([node, id]) =>
    `Unbonding ${text(id)} of node ${text(node)} does not exist any more: it was cancelled or withdrawn.`,
  NodeStaking_WrongRecipient: ([recipient, beneficiary]) =>
    `The order pays ${text(recipient)}, but the operator's beneficiary is ${text(beneficiary)}.`,
  NodeStaking_ZeroAmount: "The amount must be more than zero.",
  SlashProposals_CeilingReached: ([, ceiling]) =>
    `Proposals have taken ${mesh(ceiling)} in this epoch, as much as the DAO allows. Try again in the next one.`,
  SlashProposals_EpochNotOpen: ([epoch, from, current]) =>
    `Epoch ${text(epoch)} cannot be named: only epochs from ${text(from)} to before ${text(current)} can.`,
  SlashProposals_NothingAtStake: ([node, epoch]) => `Node ${text(node)} had nothing at stake in epoch ${text(epoch)}.`,
  SlashProposals_NotProposer: ([, id]) => `Only who made proposal ${text(id)} can take it back.`,
  SlashProposals_ShareOutOfBounds: ([share, max]) =>
    `A share of ${percent(share)} is not allowed; it must be above zero and at most ${percent(max)}.`,
  SlashProposals_TooEarly: ([id, from]) => `This can be done with proposal ${text(id)} from ${time(from)} on.`,
  SlashProposals_TooLate: ([id, until]) => `This could be done with proposal ${text(id)} until ${time(until)}.`,
  SlashProposals_WrongStatus: ([id]) => `Proposal ${text(id)} is past this step, or does not exist.`,
  SafeERC20FailedOperation: "The token refused the transfer.",
};

/** Names that have a sentence of their own. */
export const EXPLAINED_ERRORS: readonly string[] = Object.keys(SENTENCES);

/** What happened to a transaction, said to a person. */
export interface Explanation {
  /** True when the person declined in the wallet: not an error. */
  declined: boolean;
  sentence: string;
}

/** Explains anything that a wallet, the RPC endpoint or a contract can throw. */
export function explainError(error: unknown): Explanation {
  if (findInChain(error, isRejection)) {
    return { declined: true, sentence: "You declined in the wallet. Nothing was sent." };
  }
  const data = revertData(error);
  if (data) return { declined: false, sentence: explainRevert(data) };
  return { declined: false, sentence: explainPlain(error) };
}

/** Sentence for the bytes that a contract reverted with. */
export function explainRevert(data: Hex): string {
  try {
    const { errorName, args } = decodeErrorResult({ abi: errorsAbi, data });
    return explainNamed(errorName, args ?? []);
  } catch {
    return `The contract refuses this without a reason that is known here (${data.slice(0, 10)}).`;
  }
}

/** Sentence for an error that was decoded already. */
export function explainNamed(name: string, args: Arguments): string {
  const plain = `The contract refuses this (${name}${args.length > 0 ? `: ${args.map(text).join(", ")}` : ""}).`;
  const sentence = SENTENCES[name];
  if (typeof sentence === "string") return sentence;
  try {
    return sentence?.(args) ?? plain;
  } catch {
    // Numbers of a stranger's contract need not be times or amounts.
    return plain;
  }
}

/** Hints by what a message contains, for errors that have no code of their own. */
const HINTS: readonly [RegExp, string][] = [
  [
    /insufficient funds|exceeds the balance|doesn't have enough funds/i,
    "This wallet has too little ETH to pay for the transaction.",
  ],
  [
    /nonce too low|already been used/i,
    "The wallet used an old transaction number. Reset its activity for this network, then try again.",
  ],
  [/already pending|-32002/i, "The wallet is already showing a request. Open it and answer there."],
  [/does not match the target chain|chain mismatch/i, "The wallet is on another network. Switch it, then try again."],
  [
    /failed to fetch|fetch failed|http request failed|timed out|took too long/i,
    "The network's RPC endpoint does not answer. Try again in a moment.",
  ],
  [/disconnected|not connected/i, "The wallet is disconnected. Connect it again."],
];

function explainPlain(error: unknown): string {
  const message = messageOf(error);
  const hint = HINTS.find(([pattern]) => pattern.test(message));
  if (hint) return hint[1];
  const [first = "no reason given", second = ""] = message.split("\n");
  return `The wallet or the network refused: ${first.endsWith(":") ? `${first} ${second}` : first}`;
}

function messageOf(error: unknown): string {
  if (error instanceof BaseError) return `${error.shortMessage}\n${error.details}`;
  return error instanceof Error ? error.message : String((error as { message?: unknown } | null)?.message ?? error);
}

function isRejection(error: unknown): boolean {
  const { code, name, message } = (error ?? {}) as { code?: unknown; name?: unknown; message?: unknown };
  if (code === 4001 || code === "ACTION_REJECTED" || name === "UserRejectedRequestError") return true;
  return typeof message === "string" && /user (rejected|denied|cancelled)/i.test(message);
}

function revertData(error: unknown): Hex | undefined {
  const holder = findInChain(error, (at) => {
    const { raw, data } = at as { raw?: unknown; data?: unknown };
    return isRevert(raw) || isRevert(data) || isRevert((data as { data?: unknown } | null)?.data);
  }) as { raw?: unknown; data?: unknown } | undefined;
  if (!holder) return undefined;
  return [holder.raw, holder.data, (holder.data as { data?: unknown } | null)?.data].find(isRevert);
}

function isRevert(value: unknown): value is Hex {
  return typeof value === "string" && /^0x[0-9a-f]{8,}$/i.test(value);
}

function findInChain(error: unknown, matches: (error: object) => boolean): object | undefined {
  let at: unknown = error;
  for (let depth = 0; depth < 12 && typeof at === "object" && at !== null; depth++) {
    if (matches(at)) return at;
    at = (at as { cause?: unknown }).cause;
  }
  return undefined;
}
