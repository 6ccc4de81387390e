import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { committeeFeesAbi } from "@pqmesh/contracts/generated/committee-fees-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { memberOffencesAbi } from "@pqmesh/contracts/generated/member-offences-abi";
import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { nodeOffencesAbi } from "@pqmesh/contracts/generated/node-offences-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import type { Hex } from "viem";
import { decodeEventLog, type DecodeEventLogReturnType, toEventSelector } from "viem/utils";

/** Events whose number grows with time: only those of recent epochs matter. */
const PASSING = [
  "ReportAccepted",
  "BeaconRecorded",
  "EvidenceClaimed",
  "AttestationCommitted",
  "EpochsAdmitted",
  "EpochVoided",
  "ReportPaid",
  "SilentMemberRemoved",
] as const;

/** Events that describe what holds now, however old they are. */
const LASTING = [
  "NodeRegistered",
  "NodeActivated",
  "NodeDeactivated",
  "NodeExitRequested",
  "NodeBarred",
  "AttestationKeyRotated",
  "RelayerBonded",
  "EndpointSet",
  "CommitteeSet",
  "MeasurementApproved",
  "MeasurementRetired",
  "ParameterSet",
  "ChallengeMade",
  "ChallengeOpened",
  "ChallengeAnswered",
  "ChallengeClosed",
  "LeafInvalid",
  "MemberConvicted",
  "NodeEquivocated",
  "Credited",
  "Withdrawn",
  "SlashFrozen",
  "SlashPaid",
  "SlashPardoned",
  "WordClosed",
  "LeaseOpened",
  "LeaseAccepted",
  "LeaseToppedUp",
  "LeaseExtended",
  "NoticeGiven",
  "LeaseDisputeSet",
  "LeaseSettled",
  "LeaseClosed",
  "AuthorityAdmitted",
  "AuthorityAccountSet",
  "AuthorityTainted",
  "AuthorityRevoked",
  "AuthorityHeld",
  "AuthorityReleased",
  "CertificateIssued",
  "CertificateRotated",
  "CertificateRevoked",
  "CertificateHeld",
  "CertificateReleased",
] as const;

/** Events that do not say themselves when they happened, though it matters: those that the transparency log records. */
const TIMED = LASTING.filter((name) => /^(Authority|Certificate)/.test(name));

type FollowedName = (typeof PASSING)[number] | (typeof LASTING)[number];

const contractAbis = [
  ...nodeRegistryAbi,
  ...relayerCommitteeAbi,
  ...attestationBridgeAbi,
  ...networkParametersAbi,
  ...attestationDisputesAbi,
  ...memberOffencesAbi,
  ...nodeOffencesAbi,
  ...nodeRewardsAbi,
  ...committeeFeesAbi,
  ...leaseEscrowAbi.filter(isNoWithdrawal),
  ...certificateRegistryAbi,
];
const followedAbi = contractAbis.filter((item) => item.type === "event").filter(isFollowed);

/** A log as JSON-RPC gives it. */
export interface RawLog {
  address: Hex;
  topics: [Hex, ...Hex[]];
  data: Hex;
  blockNumber: Hex;
  blockHash: Hex;
  transactionHash: Hex;
  logIndex: Hex;
  /** Not every endpoint says it. */
  blockTimestamp?: Hex;
  removed?: boolean;
}

/** A decoded event of one of the followed contracts. */
export type ChainEvent = DecodeEventLogReturnType<typeof followedAbi> & {
  blockNumber: bigint;
  transactionHash: Hex;
  /** Unix seconds of the block; always there for events of {@link timedTopics}. */
  timestamp?: bigint;
};

/** Arguments of one followed event. */
export type ChainEventArgs<Name extends ChainEvent["eventName"]> = Extract<ChainEvent, { eventName: Name }>["args"];

/** First topics of the lasting events. */
export const lastingTopics: readonly Hex[] = topicsOf(LASTING);
/** First topics of all followed events. */
export const followedTopics: readonly Hex[] = topicsOf([...LASTING, ...PASSING]);
/** First topics of the events whose block time matters. */
export const timedTopics: ReadonlySet<Hex> = new Set(topicsOf(TIMED));

/** Decodes a log that matched {@link followedTopics}. @throws Error when data or topics do not fit the event. */
export function decodeChainEvent(log: RawLog): ChainEvent {
  const decoded = decodeEventLog({ abi: followedAbi, topics: log.topics, data: log.data });
  const { blockNumber, transactionHash, blockTimestamp } = log;
  const place = { blockNumber: BigInt(blockNumber), transactionHash };
  return { ...decoded, ...place, ...(blockTimestamp && { timestamp: BigInt(blockTimestamp) }) };
}

/** Balances of the escrow are not followed; their event is named as one of the disputes is. */
function isNoWithdrawal<Item extends object>(item: Item): item is Exclude<Item, { name: "Withdrawn" }> {
  return !("name" in item) || item.name !== "Withdrawn";
}

function isFollowed<Event extends { name: string }>(event: Event): event is Event & { name: FollowedName } {
  return [...LASTING, ...PASSING].some((name) => name === event.name);
}

function topicsOf(names: readonly string[]): Hex[] {
  return names.map((name) => {
    const event = followedAbi.find((item) => item.name === name);
    if (!event) throw new Error(`no contract has an event named ${name}`);
    return toEventSelector(event);
  });
}
