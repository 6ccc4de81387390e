import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import { formatMeshExact, formatTime } from "./format.ts";

type Sentence = string | ((args: readonly unknown[]) => string);

const mesh = (value: unknown): string => `${formatMeshExact(value as bigint)} MESH`;
const time = (value: unknown): string => formatTime(value as bigint);
const text = (value: unknown): string => String(value);

/** What each error of rewards, committee and its fees means, and what to do about it. */
export const COMMITTEE_SENTENCES: Readonly<Record<string, Sentence>> = {
  CommitteeFees_Forged: ([epoch, shard]) =>
    `The report of epoch ${text(epoch)}, shard ${text(shard)} was proven to be forged: nobody is paid for it.`,
  CommitteeFees_HasSigned: ([member, epoch]) =>
    `${text(member)} signed the report of epoch ${text(epoch)}, so it was not silent.`,
  CommitteeFees_NotFinal: ([epoch, final]) =>
    `The report of epoch ${text(epoch)} is not final yet: only epochs before ${text(final)} are.`,
  CommitteeFees_NotInARow: ([epoch, next]) =>
    `The reports of epochs ${text(epoch)} and ${text(next)} do not follow each other: another one of the shard lies between, or the order is wrong.`,
  CommitteeFees_NotMember: ([relayer, epoch]) => `${text(relayer)} had no seat in epoch ${text(epoch)}.`,
  CommitteeFees_NotRecent: ([epoch, next]) =>
    `The report of epoch ${text(epoch)} is too old: it lies too far before the next one, ${text(next)}, to call a member silent, or, to show a signature, it is final, as all before epoch ${text(next)} are. Name newer reports.`,
  CommitteeFees_TooFewReports: ([named, needed]) =>
    `${text(named)} reports were named; it takes ${text(needed)} to call a member silent.`,
  CommitteeFees_ZeroAmount: "There is nothing to pay: the amount is zero.",
  CaesarEmissions_InsufficientCredit: ([, amount, credit]) =>
    `${mesh(amount)} are to be paid, but only ${mesh(credit)} were emitted for rewards and not paid yet.`,
  NodeRewards_NotSettled: ([node, word]) =>
    `Node ${text(node)} must be paid its rewards from word ${text(word)} on before anybody joins it. Claim them first; a dispute about them can delay that.`,
  NodeRewards_WordsNotClosed: ([closed, until]) =>
    `The words of rewards from ${text(closed)} to ${text(until)} are not closed, too many for one transaction. Claim the rewards of any node, several times if need be; then try again.`,
  NodeRewards_NotOperator: ([, node]) =>
    `This wallet is neither owner nor hot wallet of node ${text(node)}; claim to the beneficiary instead.`,
  RelayerCommittee_AlreadyReleasing: ([, at]) =>
    `The bond was asked for before; it can be withdrawn from ${time(at)} on.`,
  RelayerCommittee_AlreadyResigned: ([, at]) =>
    `The relayer resigned before; its seat can be vacated from ${time(at)} on.`,
  RelayerCommittee_DegenerateKey: "The ML-DSA-65 key is degenerate: anyone could sign under it.",
  RelayerCommittee_EndpointLength: ([length, max]) =>
    `The endpoint has ${text(length)} bytes; it must have at least one and at most ${text(max)}.`,
  RelayerCommittee_Frozen: ([relayer, until]) =>
    `The bond of ${text(relayer)} is frozen until ${time(until)}, because the relayer is jailed.`,
  RelayerCommittee_Jailed: ([relayer, until]) =>
    until === FOR_EVER ? `${text(relayer)} is barred for ever.` : `${text(relayer)} is jailed until ${time(until)}.`,
  RelayerCommittee_KeyFixed: ([relayer]) =>
    `${text(relayer)} has an ML-DSA-65 key already, and it never changes: leave it out.`,
  RelayerCommittee_KeyLength: ([length, expected]) =>
    `The ML-DSA-65 key has ${text(length)} bytes; it must have ${text(expected)}.`,
  RelayerCommittee_Leaving: ([relayer]) =>
    `${text(relayer)} resigned or asked for its bond back, so it cannot take a seat.`,
  RelayerCommittee_NoReleaseRequested: "Nobody asked for this bond yet: request its release first.",
  RelayerCommittee_NobodyToSeat:
    "No candidate can take a seat now: all seats are taken, the queue is empty, or those who wait are not ready. A silent member keeps its seat where the committee needs it.",
  RelayerCommittee_NotAscending: ([previous, next]) =>
    `The members are not in ascending order: ${text(next)} follows ${text(previous)}.`,
  RelayerCommittee_NotBonded: ([relayer, bond, minimum]) =>
    `${text(relayer)} has a bond of ${mesh(bond)}, less than the minimum of ${mesh(minimum)}.`,
  RelayerCommittee_NotQueued: ([relayer]) => `${text(relayer)} does not wait for a seat.`,
  RelayerCommittee_NotReleased: ([at]) => `The bond can be withdrawn from ${time(at)} on.`,
  RelayerCommittee_NotResigned: ([relayer]) => `${text(relayer)} did not resign, so its seat cannot be vacated.`,
  RelayerCommittee_NotSeated: ([relayer]) => `${text(relayer)} has no seat in the newest committee.`,
  RelayerCommittee_NotYours: ([, relayer]) => `Only ${text(relayer)} itself or the DAO can take it out of the queue.`,
  RelayerCommittee_NoticeNotOver: ([at]) => `The notice is not over: the seat can be vacated from ${time(at)} on.`,
  RelayerCommittee_QueueFull: ([count, max]) =>
    `${text(count)} relayers wait for a seat; the queue has room for ${text(max)}.`,
  RelayerCommittee_Queued: ([relayer]) => `${text(relayer)} waits for a seat already.`,
  RelayerCommittee_SeatCount: ([seats, min, max]) =>
    `A committee of ${text(seats)} is not allowed; it must have ${text(min)} to ${text(max)} seats.`,
  RelayerCommittee_Seated: ([relayer, version]) =>
    `${text(relayer)} has a seat in committee ${text(version)}: resign first, and wait until the seat is vacated.`,
  RelayerCommittee_UnknownRelayer: ([relayer]) => `${text(relayer)} is not a relayer of this network.`,
  RelayerCommittee_UnknownVersion: ([version]) =>
    `Committee ${text(version)} does not exist, or none was in force in that epoch.`,
  RelayerCommittee_ZeroAmount: "The amount must be more than zero.",
};
