import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import { formatEther } from "viem";
import { CERTIFICATE_REFUSALS } from "./certificate-refusals.ts";
import { COMMITTEE_REFUSALS } from "./committee-refusals.ts";
import { DISPUTE_REFUSALS } from "./dispute-refusals.ts";
import { GOVERNANCE_REFUSALS } from "./governance-refusals.ts";
import { isoTime } from "./iso-time.ts";
import { MARKET_REFUSALS } from "./market-refusals.ts";
import { VOTE_REFUSALS } from "./vote-refusals.ts";

type Arguments = readonly unknown[];

const mesh = (value: unknown): string => `${formatEther(value as bigint)} MESH`;
const time = (value: unknown): string => isoTime(value as bigint);
const percent = (bp: unknown): string => `${Number(bp) / 100} %`;
const text = (value: unknown): string => String(value);

/** States of a proposed slash, as `ISlashProposals.Status` counts. */
const PROPOSAL_STATUSES = ["unknown", "open", "disputed", "upheld", "closed"];

/** What each error that a command can meet means. */
const SENTENCES: Readonly<Record<string, (args: Arguments) => string>> = {
  ...CERTIFICATE_REFUSALS,
  ...COMMITTEE_REFUSALS,
  ...DISPUTE_REFUSALS,
  ...GOVERNANCE_REFUSALS,
  ...MARKET_REFUSALS,
  ...VOTE_REFUSALS,
  ERC20InsufficientAllowance: ([, has, needs]) => `the contract may take ${mesh(has)}, ${mesh(needs)} are needed`,
  ERC20InsufficientBalance: ([wallet, has, needs]) =>
    `wallet ${text(wallet)} holds ${mesh(has)}, ${mesh(needs)} are needed`,
  NodeDelegation_BelowMinimum: ([amount, minimum]) =>
    `${mesh(amount)} are less than the smallest delegation of ${mesh(minimum)}`,
  NodeDelegation_CommissionTooHigh: ([bp, max]) =>
    `a commission of ${percent(bp)} is above the largest that the DAO allows, ${percent(max)}`,
  NodeDelegation_InsufficientShares: ([requested, available]) =>
    `${text(requested)} shares were asked for, but this wallet has ${text(available)} at this node`,
  NodeDelegation_NothingMatured: ([, , next]) =>
    next === 0n
      ? "nothing is unbonding at this node, so there is nothing to withdraw"
      : `nothing can be withdrawn yet; the next unbonding matures at ${time(next)}. A proposed slash can hold it back`,
  NodeDelegation_NotDelegator: ([, delegator, until]) =>
    `until ${time(until)} only ${text(delegator)} itself can withdraw here: a slash can still be given back, and who has withdrawn gets nothing of it`,
  NodeDelegation_NotOperator: ([, node]) => `this wallet is neither owner nor hot wallet of node ${text(node)}`,
  NodeDelegation_Pardonable: ([node, until]) =>
    `nobody can join the pool of node ${text(node)} before ${time(until)}: until then a slash can be given back to those who suffered it`,
  NodeDelegation_TooFewShares: ([shares, min]) =>
    `the delegation would buy ${text(shares)} shares, fewer than the ${text(min)} that were asked for. The price has changed: look again`,
  NodeDelegation_TooManyUnbondings: ([count, max]) =>
    `this wallet has ${text(count)} unbondings at this node; ${text(max)} are allowed. Withdraw or cancel one first`,
  NodeDelegation_TooSmallAmount: ([amount, min]) =>
    `the shares are worth ${mesh(amount)}, less than the ${mesh(min)} that were asked for. The node was slashed: look again`,
  NodeDelegation_UnknownUnbonding: ([node, , id]) =>
    `unbonding ${text(id)} at node ${text(node)} does not exist any more: it was cancelled or withdrawn`,
  NodeDelegation_ZeroAmount: () => "the amount must be more than zero",
  NodeRegistry_AlreadyOperator: ([wallet, identity]) =>
    `wallet ${text(wallet)} already owns identity ${text(identity)}; a wallet can own one`,
  NodeRegistry_ChangeNotReady: ([readyAt]) =>
    readyAt === 0n ? "no change is pending" : `the change can be completed from ${time(readyAt)} on`,
  NodeRegistry_DeadlinePassed: ([deadline]) => `the signature was valid until ${time(deadline)}`,
  NodeRegistry_DegenerateKey: () => "the attestation key is degenerate: anyone could sign for it",
  NodeRegistry_EmptyRootKey: () => "the root key must not be zero",
  NodeRegistry_InvalidKeySignature: ([node]) => `the key in force for node ${text(node)} did not sign this rotation`,
  NodeRegistry_InvalidRootSignature: ([identity]) =>
    `the root key of identity ${text(identity)} did not sign this statement`,
  NodeRegistry_QuantumLocked: ([identity]) =>
    `identity ${text(identity)} is quantum-locked: only its root key can do this`,
  NodeRegistry_NodeExited: ([node]) => `node ${text(node)} has exited; that is final`,
  NodeRegistry_NotLocked: ([identity]) => `identity ${text(identity)} is not quantum-locked`,
  NodeRegistry_NotOperator: ([wallet, identity]) =>
    `wallet ${text(wallet)} is neither owner nor hot wallet of identity ${text(identity)}`,
  NodeRegistry_NotOwner: ([wallet, identity]) =>
    `wallet ${text(wallet)} may not do this: only the owner, or the proposed owner, of identity ${text(identity)} may`,
  NodeRegistry_RotationPending: ([epoch]) => `a key rotation is waiting for epoch ${text(epoch)}; try again after it`,
  NodeRegistry_SameKey: () => "this key is already in force",
  NodeRegistry_NoIdentity: () => "the wallet owns no identity yet; register it as an operator first",
  NodeRegistry_UnknownIdentity: ([identity]) => `identity ${text(identity)} does not exist`,
  NodeRegistry_UnknownNode: ([node]) => `node ${text(node)} does not exist`,
  NodeSlashing_Jailed: ([node, until]) =>
    until === FOR_EVER ? `node ${text(node)} is barred for ever` : `node ${text(node)} is jailed until ${time(until)}`,
  NodeSlashing_NoPardon: ([id]) => `the funds of slash ${text(id)} are paid out or given back already`,
  NodeSlashing_NotDown: ([node, absent, reported]) =>
    `node ${text(node)} was absent in ${text(absent)} of ${text(reported)} reported epochs, which is no downtime`,
  NodeSlashing_NotJailed: ([node]) => `node ${text(node)} is not jailed`,
  NodeSlashing_NotPayable: ([id, payableAt]) =>
    payableAt === 0n
      ? `the funds of slash ${text(id)} are paid out or given back already`
      : `the funds of slash ${text(id)} can be paid out from ${time(payableAt)} on`,
  NodeSlashing_WindowJudged: ([node, window]) =>
    `window ${text(window)} of node ${text(node)} was judged before; that is done once`,
  NodeSlashing_WindowNotOpen: ([window, from, to]) =>
    `window ${text(window)}, epochs ${text(from)} to before ${text(to)}, is not final yet, or began longer ago than stake takes to unbond`,
  NodeSlashing_WindowTooLong: ([epochs]) =>
    `a window of ${text(epochs)} epochs is judged only when stake can have left; the unbonding period must be longer`,
  NodeStaking_GraceNotOver: ([node, until]) => `the operator of node ${text(node)} has until ${time(until)} to top up`,
  NodeStaking_AmountNotMatured: ([asked, matured]) =>
    `${mesh(asked)} were ordered, whole matured unbondings come to ${mesh(matured)}`,
  NodeStaking_InsufficientStake: ([asked, bonded]) => `${mesh(asked)} were asked for, ${mesh(bonded)} are bonded`,
  NodeStaking_NodeExited: ([node]) => `node ${text(node)} has exited: it cannot be staked any more`,
  NodeStaking_NotBelowMinimum: ([node, stake, minimum]) =>
    `node ${text(node)} has ${mesh(stake)}, not below the minimum of ${mesh(minimum)}`,
  NodeStaking_NotOperator: ([wallet, node]) =>
    `wallet ${text(wallet)} is neither owner nor hot wallet of node ${text(node)}`,
  NodeStaking_NothingMatured: ([, next]) =>
    next === 0n ? "nothing is unbonding" : `nothing has matured yet; the next unbonding does at ${time(next)}`,
  NodeStaking_RemainderBelowMinimum: ([rest, minimum]) =>
    `${mesh(rest)} would stay bonded, below the minimum of ${mesh(minimum)}; unbond all, or less`,
  NodeStaking_TooManyUnbondings: ([count, max]) =>
    `the node has ${text(count)} unbondings, ${text(max)} are allowed; withdraw or cancel one first`,
  NodeStaking_UnknownUnbonding: ([node, id]) => `node ${text(node)} has no unbonding ${text(id)} (any more)`,
  NodeStaking_WrongRecipient: ([asked, beneficiary]) =>
    `${text(asked)} was to be paid, the beneficiary is ${text(beneficiary)}`,
  NodeStaking_ZeroAmount: () => "the amount must be more than zero",
  SlashProposals_CeilingReached: ([, ceiling]) =>
    `proposals have taken ${mesh(ceiling)} in this epoch, as much as the DAO allows. Try again in the next one`,
  SlashProposals_EpochNotOpen: ([epoch, from, current]) =>
    `epoch ${text(epoch)} cannot be named: only epochs from ${text(from)} to before ${text(current)} can`,
  SlashProposals_NothingAtStake: ([node, epoch]) => `node ${text(node)} had nothing at stake in epoch ${text(epoch)}`,
  SlashProposals_NotProposer: ([, id]) => `only who made proposal ${text(id)} can take it back`,
  SlashProposals_ShareOutOfBounds: ([share, max]) =>
    `a share of ${percent(share)} is not allowed; it must be above zero and at most ${percent(max)}`,
  SlashProposals_TooEarly: ([id, from]) => `this can be done with proposal ${text(id)} from ${time(from)} on`,
  SlashProposals_TooLate: ([id, until]) => `this could be done with proposal ${text(id)} until ${time(until)}`,
  SlashProposals_WrongStatus: ([id, status]) =>
    `proposal ${text(id)} is ${PROPOSAL_STATUSES[Number(status)] ?? "in another state"}, which does not allow this`,
};

/** Longest sentence that is shown whole: any contract can revert with what it likes. */
const MAX_SHOWN = 1_000;

/**
 * One sentence for a custom error of a contract; its name and arguments where it has no sentence of its own. A terminal
 * shows it as it is: nothing in it is invisible or a control character.
 */
export function refusalSentence(errorName: string, args: Arguments): string {
  const sentence = SENTENCES[errorName]?.(args);
  const said = sentence === undefined ? `${errorName}(${args.map(String).join(", ")})` : `${sentence} (${errorName})`;
  const cut = said.length > MAX_SHOWN ? `${said.slice(0, MAX_SHOWN)}…` : said;
  return `the contract refuses: ${visibleText(cut)}`;
}
