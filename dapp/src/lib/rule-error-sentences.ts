import { parameterValueWords } from "@pqmesh/contracts/protocol/call-words";
import { hexToString } from "viem";
import { formatMeshExact, formatTime } from "./format.ts";

type Sentence = string | ((args: readonly unknown[]) => string);

const mesh = (value: unknown): string => `${formatMeshExact(value as bigint)} MESH`;
const time = (value: unknown): string => formatTime(value as bigint);
const text = (value: unknown): string => String(value);
const idOf = (value: unknown): string => hexToString(value as `0x${string}`, { size: 32 });
const valueOf = (id: unknown, value: unknown): string => parameterValueWords(idOf(id), value as bigint);

/** What each error of token, vaults, governed numbers, timelock and reports means, and what to do about it. */
export const RULE_SENTENCES: Readonly<Record<string, Sentence>> = {
  AccessControlBadConfirmation: "A role can only be given up by the account that has it.",
  AccessControlUnauthorizedAccount: ([account]) => `${text(account)} does not have the role that this needs.`,
  Arbitrated_NotArbiter: "Only a contract that the DAO named as judge can do this.",
  AttestationBridge_AlreadyApproved: "This build of the agent is allowed already.",
  AttestationBridge_AlreadyReported: ([epoch, shard]) =>
    `Epoch ${text(epoch)} of shard ${text(shard)} was reported already.`,
  AttestationBridge_BeaconExists: ([epoch]) => `Epoch ${text(epoch)} has a beacon already.`,
  AttestationBridge_BeaconTooRecent: ([block, newest]) =>
    `Block ${text(block)} is too recent for a beacon; the newest that is allowed is ${text(newest)}.`,
  AttestationBridge_EmptyRange: "The range of epochs is empty.",
  AttestationBridge_InvalidBeacon: ([block]) => `The beacon is not the hash of block ${text(block)}.`,
  AttestationBridge_InvalidIndexList: ([position]) =>
    `The list of nodes is out of order at position ${text(position)}.`,
  AttestationBridge_InvalidSignature: ([seat, member]) =>
    `The signature of seat ${text(seat)} is not by ${text(member)}.`,
  AttestationBridge_NoQuorum: ([signatures, quorum]) =>
    `The report has ${text(signatures)} signatures; it needs ${text(quorum)}.`,
  AttestationBridge_NotApproved: "This build of the agent is not allowed.",
  AttestationBridge_NothingToPass: "There is no epoch whose time for a report is over.",
  AttestationBridge_OutOfOrder: ([epoch, expected]) =>
    `Epoch ${text(epoch)} cannot be reported before epoch ${text(expected)}.`,
  AttestationBridge_QualityLength: ([length, max]) =>
    `The report has ${text(length)} quality bytes; at most ${text(max)} are allowed.`,
  AttestationBridge_RangeNotOver: ([to, current]) =>
    `The range ends with epoch ${text(to)}, which is not over in epoch ${text(current)}.`,
  AttestationBridge_SignatureLength: ([length, expected]) =>
    `The signatures have ${text(length)} bytes; ${text(expected)} are needed.`,
  AttestationBridge_UnknownShard: ([shard, count]) => `There is no shard ${text(shard)}; there are ${text(count)}.`,
  AttestationBridge_WrongCommittee: ([version, expected]) =>
    `The report is by committee ${text(version)}, but ${text(expected)} is in force in its epoch.`,
  AttestationBridge_ZeroEpochs: "A window must have at least one epoch.",
  AttestationBridge_ZeroMeasurement: "A build of the agent must not be zero.",
  CaesarEmissions_InvalidTime: ([until, accrued]) =>
    `Emissions are counted to ${time(accrued)}; they cannot be counted for ${time(until)} now.`,
  CaesarEmissions_NotDistributor: "Only the contract that distributes emissions can count them.",
  ECDSAInvalidSignature: "The signature is none of any account.",
  ECDSAInvalidSignatureLength: ([length]) => `The signature has ${text(length)} bytes; it must have 65.`,
  ECDSAInvalidSignatureS: "The signature is a second form of another one, which is not allowed.",
  ERC20InvalidApprover: "The owner of the tokens must not be the zero address.",
  ERC20InvalidSender: "The sender of the tokens must not be the zero address.",
  ERC5805FutureLookup: ([timepoint]) => `Votes of ${time(timepoint)} are not known yet.`,
  FailedCall: "A call that this needs was refused without a reason.",
  Governed_NotTimelock: "Only the DAO can do this, by a proposal that passed.",
  InsufficientBalance: ([balance, needed]) =>
    `The contract holds ${text(balance)} wei, but ${text(needed)} are needed.`,
  InvalidAccountNonce: ([account, nonce]) =>
    `The signature is not number ${text(nonce)} of ${text(account)}: another one was used before. Sign again.`,
  MLDSA65_CallFailed: "The contract that checks ML-DSA-65 signatures did not answer.",
  MLDSA65_NoVerifier: "No contract checks ML-DSA-65 signatures now.",
  MLDSA65_OutOfGas: "The transaction has too little gas to check an ML-DSA-65 signature. Give it more.",
  MLDSAKeyRegistry_KeyDegenerate: "The ML-DSA-65 key is degenerate: anyone could sign under it.",
  MLDSAKeyRegistry_KeyKnown: "This key is registered already.",
  MLDSAKeyRegistry_KeyLength: ([length, expected]) =>
    `The key has ${text(length)} bytes; an ML-DSA-65 public key has ${text(expected)}.`,
  MLDSAKeyRegistry_KeyUnknown: "This key is not registered.",
  MLDSASwitch_NothingPending: "No change of the verifier is pending.",
  MLDSASwitch_Pending: ([epoch]) => `A change of the verifier waits for epoch ${text(epoch)}.`,
  MLDSASwitch_WrongVerdict: "The verifier gave a wrong answer to a known case, so that it is not taken.",
  NetworkParameters_OrderingBroken: ([lesser, greater]) =>
    `${idOf(lesser)} and ${idOf(greater)} would no longer compare as they must; the page of parameters says how.`,
  NetworkParameters_OutOfBounds: ([id, value, min, max]) =>
    `${idOf(id)} would be ${valueOf(id, value)}; it must be from ${valueOf(id, min)} to ${valueOf(id, max)}.`,
  NetworkParameters_UnknownParameter: ([id]) => `There is no parameter ${idOf(id)}.`,
  NodeOffences_AlreadyProven: "This offence was proven before; once is enough.",
  NodeOffences_KeyChanged: "The node changed its key between the two epochs.",
  NodeOffences_NoEquivocation: "The two attestations do not contradict each other.",
  NodeOffences_NotSigned: ([node, epoch]) => `Node ${text(node)} did not sign the attestation of epoch ${text(epoch)}.`,
  NodeSlashing_WindowTooLong: ([epochs]) =>
    `A window of ${text(epochs)} epochs is judged only when stake can have left; the DAO must lengthen the unbonding period.`,
  OwnableInvalidOwner: "The new owner must not be the zero address.",
  OwnableUnauthorizedAccount: ([account]) => `Only the owner can do this, and ${text(account)} is not the owner.`,
  SafeCastOverflowedUintDowncast: "The number is larger than the contract can keep.",
  TestStablecoin_NotMinter: "Only the faucet mints test dollars.",
  TimelockInsufficientDelay: ([delay, min]) =>
    `The proposal waits ${text(delay)} s; it must wait at least ${text(min)} s.`,
  TimelockInvalidOperationLength: "The lists of the proposal do not have the same length.",
  TimelockUnauthorizedCaller: "Only the DAO's timelock itself can do this.",
  TimelockUnexecutedPredecessor: "Another proposal must be executed before.",
  TimelockUnexpectedOperationState: "The proposal is not at this step: it waits, was executed or was cancelled.",
  VestingVault_CannotRenounce: "A vault must have an owner, or what vests later would be lost.",
  VotesExpiredSignature: ([expiry]) => `The signature was valid until ${time(expiry)}. Sign again.`,
  ERC20ExceededSafeSupply: ([increased, cap]) => `The supply would be ${mesh(increased)}, above ${mesh(cap)}.`,
};
