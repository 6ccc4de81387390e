import { formatEther } from "viem";
import { isoTime } from "./iso-time.ts";

type Arguments = readonly unknown[];

const time = (value: unknown): string => isoTime(value as bigint);
const eth = (value: unknown): string => `${formatEther(value as bigint)} ETH`;
const text = (value: unknown): string => String(value);
const nodeIn = (node: unknown, epoch: unknown): string => `node ${text(node)} in epoch ${text(epoch)}`;

/** States of a challenge, as `IAttestationDisputes.ChallengeState` counts. */
const STATES = ["not made", "queued", "open", "answered", "upheld", "dismissed"];

/** What the errors of reports, disputes, offences and self-attestation mean that a command can meet. */
export const DISPUTE_REFUSALS: Readonly<Record<string, (args: Arguments) => string>> = {
  AttestationBridge_AlreadyCommitted: ([node, epoch]) =>
    `another hash was committed for ${nodeIn(node, epoch)}; it cannot be replaced`,
  AttestationBridge_EpochNotBegun: ([epoch, current]) =>
    `epoch ${text(epoch)} has not begun; the chain is in epoch ${text(current)}`,
  AttestationBridge_NotOperator: ([wallet, node]) =>
    `wallet ${text(wallet)} is neither owner nor hot wallet of node ${text(node)}`,
  AttestationBridge_ReportTooLate: ([epoch, deadline]) =>
    `epoch ${text(epoch)} could be reported or committed to until ${time(deadline)}`,
  AttestationDisputes_AlreadyProven: ([node, epoch]) => `the leaf of ${nodeIn(node, epoch)} was proven invalid before`,
  AttestationDisputes_BondTooLow: ([bond, minimum]) =>
    `the bond is ${eth(bond)}, now ${eth(minimum)} are asked for. Look again with --dry-run`,
  AttestationDisputes_ChallengeExists: ([id]) => `this leaf was challenged already, by challenge ${text(id)}`,
  AttestationDisputes_HistoryMissing: ([epoch]) =>
    `the proof about the beacon leaves out the accepted report of epoch ${text(epoch)}`,
  AttestationDisputes_LeafStands: ([node, epoch]) =>
    `the leaf of ${nodeIn(node, epoch)} does not have the flaw that it is accused of`,
  AttestationDisputes_NoLeafClaimed: ([node, epoch]) =>
    `the report claims no leaf of ${nodeIn(node, epoch)}: it names the node absent, the node was not active, or the leaf was proven invalid`,
  AttestationDisputes_NotInTree: ([, position]) =>
    `the leaf at position ${text(position)} is not in the tree of the report`,
  AttestationDisputes_NotResponder: () => "only a signer of the report or the node's operator can answer a challenge",
  AttestationDisputes_NothingToWithdraw: () => "challenges left nothing for this wallet",
  AttestationDisputes_SignatureLength: ([length, expected]) =>
    `the signature has ${text(length)} bytes, an ML-DSA-65 signature has ${text(expected)}`,
  AttestationDisputes_TooEarly: ([until]) => `this can be ended from ${time(until)} on`,
  AttestationDisputes_TooLate: ([deadline]) => `this could be done until ${time(deadline)}`,
  AttestationDisputes_WrongState: ([id, state]) =>
    `challenge ${text(id)} is ${STATES[Number(state)] ?? "in another state"}, which does not allow this`,
  Evidence_ClaimKnown: () => "this evidence was announced before, with the same salt",
  Evidence_ClaimNotMature: ([claimedAt, matureAt]) =>
    claimedAt === 0n
      ? "evidence must be announced first, two blocks before it is shown"
      : `this evidence can be shown from block ${text(matureAt)} on`,
  Evidence_UnknownReport: ([shard, epoch]) =>
    `the bridge accepted no report of epoch ${text(epoch)} and shard ${text(shard)} with this content and these signers`,
  Evidence_WrongKey: () => "the public key is not the one that the chain holds for this node or relayer",
  Evidence_WrongList: () => "the list is not the one that the report commits to",
  MemberOffences_AlreadyConvicted: () => "this relayer was convicted of this before, on evidence of this kind",
  MemberOffences_EpochFinal: ([epoch, final]) =>
    `epoch ${text(epoch)} is final, as all before ${text(final)}: only ML-DSA-65 signatures count as evidence now`,
  MemberOffences_NoEquivocation: () => "the two reports are the same, or of different rounds: this is no equivocation",
  MemberOffences_NoOmission: ([node, epoch]) =>
    `the report does not name ${nodeIn(node, epoch)} absent, or the receipt is for another epoch`,
  MemberOffences_NotForged: () => "no leaf of this report was proven invalid or withheld yet; that comes first",
  MemberOffences_NotMember: ([relayer, epoch]) => `${text(relayer)} had no seat in epoch ${text(epoch)}`,
  MemberOffences_NotSigned: ([member]) => `the signature is not by ${text(member)}`,
  RelayerCommittee_SlashNotPayable: ([id, payableAt]) =>
    payableAt === 0n
      ? `slash ${text(id)} was paid out or given back already`
      : `slash ${text(id)} can be paid out from ${time(payableAt)} on`,
  SelfAttestation_BridgeSilent: ([bridge]) => `the bridge ${text(bridge)} did not answer: send the call with more gas`,
  SelfAttestation_BrokenChain: ([position]) =>
    `attestation ${text(position)} of the run cannot follow the one before it, or names a beacon or build that is not there`,
  SelfAttestation_InvalidLength: ([length, multipleOf]) =>
    `the chain of the run has ${text(length)} bytes, it must have a multiple of ${text(multipleOf)}, and not none`,
  SelfAttestation_InvalidSignature: ([node, epoch]) =>
    `the signature of the newest attestation does not verify for ${nodeIn(node, epoch)}`,
  SelfAttestation_KeyChanged: ([from, to]) =>
    `the node's key changed between epoch ${text(from)} and ${text(to)}: prove the epochs before and after it one by one`,
};
