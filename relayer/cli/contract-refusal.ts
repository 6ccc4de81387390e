import { formatEther } from "viem";

type Arguments = readonly unknown[];

const mesh = (value: unknown): string => `${formatEther(value as bigint)} MESH`;
const time = (value: unknown): string => new Date(Number(value) * 1_000).toISOString();
const text = (value: unknown): string => String(value);

/** What each error that a command can meet means. */
const SENTENCES: Readonly<Record<string, (args: Arguments) => string>> = {
  ERC20InsufficientAllowance: ([, has, needs]) => `the contract may take ${mesh(has)}, ${mesh(needs)} are needed`,
  ERC20InsufficientBalance: ([wallet, has, needs]) =>
    `wallet ${text(wallet)} holds ${mesh(has)}, ${mesh(needs)} are needed`,
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
};

/** One sentence for a custom error of a contract; its name and arguments where it has no sentence of its own. */
export function refusalSentence(errorName: string, args: Arguments): string {
  const sentence = SENTENCES[errorName]?.(args);
  const name = `${errorName}(${args.map(String).join(", ")})`;
  return sentence === undefined ? `the contract refuses: ${name}` : `the contract refuses: ${sentence} (${errorName})`;
}
