import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import { formatEther } from "viem";
import { isoTime } from "./iso-time.ts";

type Arguments = readonly unknown[];

const mesh = (value: unknown): string => `${formatEther(value as bigint)} MESH`;
const time = (value: unknown): string => isoTime(value as bigint);
const text = (value: unknown): string => String(value);

/** What each error of rewards, committee and its fees means. */
export const COMMITTEE_REFUSALS: Readonly<Record<string, (args: Arguments) => string>> = {
  CommitteeFees_Forged: ([epoch, shard]) =>
    `the report of epoch ${text(epoch)}, shard ${text(shard)} was proven to be forged: nobody is paid for it`,
  CommitteeFees_HasSigned: ([member, epoch]) =>
    `${text(member)} signed the report of epoch ${text(epoch)}, so it was not silent`,
  CommitteeFees_NotFinal: ([epoch, final]) =>
    `the report of epoch ${text(epoch)} is not final yet: only epochs before ${text(final)} are`,
  CommitteeFees_NotInARow: ([epoch, next]) =>
    `the reports of epochs ${text(epoch)} and ${text(next)} do not follow each other: another one of the shard lies between, or the order is wrong`,
  CommitteeFees_NotMember: ([relayer, epoch]) => `${text(relayer)} had no seat in epoch ${text(epoch)}`,
  CommitteeFees_NotRecent: ([epoch, next]) =>
    `the report of epoch ${text(epoch)} is too old: it lies too far before the next one, ${text(next)}, to call a member silent, or, to show a signature, it is final, as all before epoch ${text(next)} are. Name newer reports`,
  CommitteeFees_TooFewReports: ([named, needed]) =>
    `${text(named)} reports were named; it takes ${text(needed)} to call a member silent`,
  CommitteeFees_ZeroAmount: () => "there is nothing to pay: the amount is zero",
  CaesarEmissions_InsufficientCredit: ([, amount, credit]) =>
    `${mesh(amount)} are to be paid, but only ${mesh(credit)} were emitted for rewards and not paid yet`,
  NodeRewards_NotOperator: ([wallet, node]) =>
    `wallet ${text(wallet)} is neither owner nor hot wallet of node ${text(node)}; claim to the beneficiary instead`,
  NodeRewards_NotSettled: ([node, word, until]) =>
    `rewards of node ${text(node)} before word ${text(until)} have to be paid first, and word ${text(word)} cannot be in this call: it is disputed, or there are too many words. Claim some with rewards claim --node ${text(node)} --words 64, or wait`,
  NodeRewards_WordsNotClosed: ([closed, until]) =>
    `the words of rewards from ${text(closed)} to ${text(until)} are not closed, too many for one call: call closeWords of NodeRewards, or rewards claim, until they are`,
  RelayerCommittee_AlreadyReleasing: ([, at]) =>
    `the bond was asked for before; it can be withdrawn from ${time(at)} on`,
  RelayerCommittee_AlreadyResigned: ([, at]) =>
    `the relayer resigned before; its seat can be vacated from ${time(at)} on`,
  RelayerCommittee_DegenerateKey: () => "the ML-DSA-65 key is degenerate: anyone could sign under it",
  RelayerCommittee_EndpointLength: ([length, max]) =>
    `the endpoint has ${text(length)} bytes; it must have at least one and at most ${text(max)}`,
  RelayerCommittee_Frozen: ([relayer, until]) =>
    `the bond of ${text(relayer)} is frozen until ${time(until)}, because the relayer is jailed`,
  RelayerCommittee_Jailed: ([relayer, until]) =>
    until === FOR_EVER ? `${text(relayer)} is barred for ever` : `${text(relayer)} is jailed until ${time(until)}`,
  RelayerCommittee_KeyFixed: ([relayer]) =>
    `${text(relayer)} has an ML-DSA-65 key already, and it never changes: leave it out`,
  RelayerCommittee_KeyLength: ([length, expected]) =>
    `the ML-DSA-65 key has ${text(length)} bytes; it must have ${text(expected)}`,
  RelayerCommittee_Leaving: ([relayer]) =>
    `${text(relayer)} resigned or asked for its bond back, so it cannot take a seat`,
  RelayerCommittee_NoReleaseRequested: () => "nobody asked for this bond yet: request its release first",
  RelayerCommittee_NobodyToSeat: () =>
    "no candidate can take a seat now: all seats are taken, the queue is empty, or those who wait are not ready. A silent member keeps its seat where the committee needs it",
  RelayerCommittee_NotAscending: ([previous, next]) =>
    `the members are not in ascending order: ${text(next)} follows ${text(previous)}`,
  RelayerCommittee_NotBonded: ([relayer, bond, minimum]) =>
    `${text(relayer)} has a bond of ${mesh(bond)}, less than the minimum of ${mesh(minimum)}`,
  RelayerCommittee_NotQueued: ([relayer]) => `${text(relayer)} does not wait for a seat`,
  RelayerCommittee_NotReleased: ([at]) => `the bond can be withdrawn from ${time(at)} on`,
  RelayerCommittee_NotResigned: ([relayer]) => `${text(relayer)} did not resign, so its seat cannot be vacated`,
  RelayerCommittee_NotSeated: ([relayer]) => `${text(relayer)} has no seat in the newest committee`,
  RelayerCommittee_NotYours: ([, relayer]) => `only ${text(relayer)} itself or the DAO can take it out of the queue`,
  RelayerCommittee_NoticeNotOver: ([at]) => `the notice is not over: the seat can be vacated from ${time(at)} on`,
  RelayerCommittee_QueueFull: ([count, max]) =>
    `${text(count)} relayers wait for a seat; the queue has room for ${text(max)}`,
  RelayerCommittee_Queued: ([relayer]) => `${text(relayer)} waits for a seat already`,
  RelayerCommittee_SeatCount: ([seats, min, max]) =>
    `a committee of ${text(seats)} is not allowed; it must have ${text(min)} to ${text(max)} seats`,
  RelayerCommittee_Seated: ([relayer, version]) =>
    `${text(relayer)} has a seat in committee ${text(version)}: resign first, and wait until the seat is vacated`,
  RelayerCommittee_UnknownRelayer: ([relayer]) => `${text(relayer)} is not a relayer of this network`,
  RelayerCommittee_UnknownVersion: ([version]) =>
    `committee ${text(version)} does not exist, or none was in force in that epoch`,
  RelayerCommittee_ZeroAmount: () => "the amount must be more than zero",
};
