import { formatMeshExact, formatTime } from "./format.ts";

type Sentence = string | ((args: readonly unknown[]) => string);

const time = (value: unknown): string => formatTime(value as bigint);
const eth = (value: unknown): string => `${formatMeshExact(value as bigint)} ETH`;
const text = (value: unknown): string => String(value);
const nodeIn = (node: unknown, epoch: unknown): string => `node ${text(node)} in epoch ${text(epoch)}`;

const STATES = ["not made", "queued", "open", "answered", "upheld", "dismissed"];

/** What each error of disputes, offences and self-attestation means, and what to do about it. */
export const DISPUTE_SENTENCES: Readonly<Record<string, Sentence>> = {
  AttestationDisputes_AlreadyProven: ([node, epoch]) =>
    `The leaf of ${nodeIn(node, epoch)} was proven invalid before; once is enough.`,
  AttestationDisputes_BondTooLow: ([bond, minimum]) =>
    `The bond is ${eth(bond)}, but ${eth(minimum)} are asked for now: more challenges wait than before. Preview again.`,
  AttestationDisputes_ChallengeExists: ([id]) => `This leaf was challenged already: see challenge ${text(id)}.`,
  AttestationDisputes_HistoryMissing: ([epoch]) =>
    `The proof about the beacon leaves out the accepted report of epoch ${text(epoch)}.`,
  AttestationDisputes_LeafStands: ([node, epoch]) =>
    `The leaf of ${nodeIn(node, epoch)} does not have the flaw that it is accused of.`,
  AttestationDisputes_NoLeafClaimed: ([node, epoch]) =>
    `The report claims no leaf of ${nodeIn(node, epoch)}: it names the node absent, the node was not active, or the leaf was proven invalid.`,
  AttestationDisputes_NotInTree: ([, position]) =>
    `The leaf at position ${text(position)} is not in the tree of the report.`,
  AttestationDisputes_NotResponder:
    "Only a signer of the report or the node's operator can answer, so that nobody takes the bond by copying an answer.",
  AttestationDisputes_NothingToWithdraw: "Challenges left nothing for this wallet.",
  AttestationDisputes_SignatureLength: ([length, expected]) =>
    `The signature has ${text(length)} bytes; an ML-DSA-65 signature has ${text(expected)}.`,
  AttestationDisputes_TooEarly: ([until]) => `This can be ended from ${time(until)} on.`,
  AttestationDisputes_TooLate: ([deadline]) => `This was possible until ${time(deadline)}.`,
  AttestationDisputes_WrongState: ([id, state]) =>
    `Challenge ${text(id)} is ${STATES[Number(state)] ?? "in another state"}, which does not allow this.`,
  Evidence_ClaimKnown: "This evidence was announced before, with the same salt.",
  Evidence_ClaimNotMature: ([claimedAt, matureAt]) =>
    claimedAt === 0n
      ? "Evidence must be announced first, two blocks before it is shown."
      : `This evidence can be shown from block ${text(matureAt)} on.`,
  Evidence_UnknownReport: ([shard, epoch]) =>
    `The bridge accepted no report of epoch ${text(epoch)}, shard ${text(shard)}, with this content and these signers.`,
  Evidence_WrongKey: "The public key is not the one that the chain holds for this node or relayer.",
  Evidence_WrongList: "The list is not the one that the report commits to.",
  MemberOffences_AlreadyConvicted: "This relayer was convicted of this before, on evidence of this kind.",
  MemberOffences_EpochFinal: ([epoch, final]) =>
    `Epoch ${text(epoch)} is final (everything before ${text(final)} is); only evidence with ML-DSA-65 signatures counts now.`,
  MemberOffences_NoEquivocation: "The two reports are the same, or of different rounds, so this is no equivocation.",
  MemberOffences_NoOmission: ([node, epoch]) =>
    `The report does not name ${nodeIn(node, epoch)} absent, or the receipt is for another epoch.`,
  MemberOffences_NotForged: "No leaf of this report was proven invalid or withheld yet; that comes first.",
  MemberOffences_NotMember: ([relayer, epoch]) => `${text(relayer)} had no seat in epoch ${text(epoch)}.`,
  MemberOffences_NotSigned: ([member]) => `The signature is not by ${text(member)}.`,
  RelayerCommittee_NoPardon:
    "It is too late to give these funds back, or members and amounts are not those of the punishment.",
  RelayerCommittee_SlashNotPayable: ([id, payableAt]) =>
    payableAt === 0n
      ? `Slash ${text(id)} was paid out or given back already.`
      : `Slash ${text(id)} can be paid out from ${time(payableAt)} on.`,
  SelfAttestation_BridgeSilent: ([bridge]) => `The bridge ${text(bridge)} did not answer: send the call with more gas.`,
  SelfAttestation_BrokenChain: ([position]) =>
    `Attestation ${text(position)} of the run cannot follow the one before it, or names a beacon or build that is not there.`,
  SelfAttestation_InvalidLength: ([length, multipleOf]) =>
    `The chain of the run has ${text(length)} bytes; it must have a multiple of ${text(multipleOf)}, and not none.`,
  SelfAttestation_InvalidSignature: ([node, epoch]) =>
    `The signature of the newest attestation does not verify for ${nodeIn(node, epoch)}.`,
  SelfAttestation_KeyChanged: ([from, to]) =>
    `The node's key changed between epoch ${text(from)} and ${text(to)}: prove the epochs before and after it one by one.`,
};
