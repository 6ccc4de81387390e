import { governanceRows } from "./governance-rows.ts";
import {
  DAY,
  delay,
  fixed,
  grace,
  HOUR,
  MESH,
  type NetworkKind,
  number,
  type ParameterRow,
  type RowSchedule,
  type RowSpec,
  seconds,
} from "./parameter-row.ts";

function stakingRows({ epochSeconds }: RowSchedule): RowSpec[] {
  return [
    {
      id: "minNodeStake",
      unit: "MESH wei",
      production: { value: 10_000n * MESH, min: 100n * MESH, max: 1_000_000n * MESH, notice: 14 * DAY },
      devnet: { value: 10_000n * MESH, min: 1n * MESH },
      reason: "A node must risk more than it could gain by lying; the notice is the grace period to top up.",
    },
    delay(
      "unbondingPeriod",
      [21 * DAY, 7 * DAY, 60 * DAY],
      12 * epochSeconds,
      "Stake stays slashable until every dispute about the time it was bonded is over.",
    ),
    grace("minStakeGrace", [7 * DAY, 0, 30 * DAY], "Time to top up after a change of the minimum, beyond its notice."),
    number(
      "maxCommissionBp",
      "basis points",
      { value: 3_000n, min: 0n, max: 10_000n },
      "Largest part of what its delegators earn that an operator can keep.",
    ),
    delay(
      "commissionRaiseDelay",
      [7 * DAY, DAY, 30 * DAY],
      6 * epochSeconds,
      "Time for delegators to claim and leave before a higher commission comes into force.",
    ),
    delay(
      "ownerChangeDelay",
      [2 * DAY, HOUR, 30 * DAY],
      3 * epochSeconds,
      "Time for the owner to see and cancel a change that a thief proposed.",
    ),
    delay(
      "beneficiaryChangeDelay",
      [2 * DAY, HOUR, 30 * DAY],
      3 * epochSeconds,
      "Time for the owner to see and cancel a payout address that a thief proposed.",
    ),
  ];
}

function committeeRows({ epochSeconds }: RowSchedule): RowSpec[] {
  const seats = { id: "committeeMinSeats", unit: "seats" };
  return [
    {
      ...seats,
      production: { value: 4n, min: 4n, max: 100n, notice: DAY },
      devnet: { value: 1n, min: 1n },
      reason: "Four seats are the fewest that tolerate one dishonest member.",
    },
    number(
      "committeeMaxSeats",
      "seats",
      { value: 100n, min: 4n, max: 100n },
      "Every signature of a report is checked on chain; more seats cost more gas in each report.",
    ),
    {
      id: "committeeBond",
      unit: "MESH wei",
      production: { value: 100_000n * MESH, min: 1_000n * MESH, max: 10_000_000n * MESH, notice: 14 * DAY },
      devnet: { value: 100_000n * MESH, min: 1n * MESH },
      reason: "A member must risk more than a node, because its signature speaks for a whole shard.",
    },
    delay(
      "committeeReleaseDelay",
      [21 * DAY, 7 * DAY, 60 * DAY],
      12 * epochSeconds,
      "A bond stays slashable until every report its owner signed is final and beyond dispute.",
    ),
    delay(
      "committeeResignNotice",
      [14 * DAY, DAY, 30 * DAY],
      6 * epochSeconds,
      "Time for the DAO to seat somebody else before a resigned member's seat can be vacated by anyone.",
    ),
  ];
}

/** What decides who has a seat and what members are paid. */
function seatRows({ epochSeconds }: RowSchedule): RowSpec[] {
  return [
    delay(
      "committeeJoinDelay",
      [2 * DAY, HOUR, 30 * DAY],
      2 * epochSeconds,
      "Time for everybody to see who will sit on the committee, and for the DAO to object.",
    ),
    number(
      "committeeRegionBp",
      "basis points of the seats",
      { value: 3_333n, min: 1_000n, max: 10_000n },
      "Seats that relayers of one region may have, one at least: no region's outage or law can stop the reports alone.",
    ),
    number(
      "committeeSilentReports",
      "reports in a row",
      { value: 240n, min: 32n, max: 1_000n },
      "A member without a signature on so many reports of a shard in a row, or on two for each seat, loses its seat.",
    ),
    number(
      "reportFee",
      "MESH wei per report",
      { value: 1n * MESH, min: 0n, max: 100n * MESH },
      "Half for the seat whose turn it was and pays the gas, half for all signers; paid from what the DAO has set aside.",
    ),
  ];
}

function rewardRows(): RowSpec[] {
  return [
    number(
      "emissionPaceBp",
      "basis points of the curve",
      { value: 10_000n, min: 2_500n, max: 10_000n },
      "The DAO may emit slower than the published curve, never faster; what is held back is emitted later.",
    ),
    number(
      "rewardDegradedBp",
      "basis points",
      { value: 5_000n, min: 0n, max: 10_000n },
      "What an epoch earns in which a node attested but behaved badly.",
    ),
    number(
      "rewardUnreportedBp",
      "basis points",
      { value: 5_000n, min: 0n, max: 8_000n },
      "What an epoch earns that nobody reported: a dead committee must not ruin nodes, nor pay like a living one.",
    ),
    number(
      "rewardGraceEpochs",
      "epochs",
      { value: 10_080n, min: 0n, max: 65_535n },
      "For so many unreported epochs at most a node is paid: a week of minutes, and no more than it attested before.",
    ),
  ];
}

function disputeRows({ epochSeconds, horizonSeconds }: RowSchedule): RowSpec[] {
  return [
    fixed(
      "finalityHorizon",
      "seconds",
      seconds(horizonSeconds),
      "Report, commit, challenge and response windows of the bridge together; fixed at deployment.",
    ),
    delay("disputePeriod", [7 * DAY, DAY, 14 * DAY], epochSeconds, "Time to dispute a slash that was proposed."),
    delay("vetoPeriod", [72 * HOUR, 24 * HOUR, 14 * DAY], epochSeconds, "Time to veto a slash after its dispute."),
    delay(
      "slashBuffer",
      [48 * HOUR, 12 * HOUR, 7 * DAY],
      epochSeconds,
      "Time to execute a slash while blocks are full or the chain is slow.",
    ),
    delay(
      "jailPeriod",
      [4 * HOUR, 10 * 60, 30 * DAY],
      6 * epochSeconds,
      "A node that offended earns nothing for a while; then anybody can let it be active again.",
    ),
  ];
}

function offenceRows(): RowSpec[] {
  return [
    number(
      "slashEcdsaBp",
      "basis points",
      { value: 200n, min: 10n, max: 500n },
      "What evidence with ECDSA signatures alone takes of a bond: little, since a broken key could frame its owner.",
    ),
    number(
      "slashProvenBp",
      "basis points",
      { value: 5_000n, min: 2_000n, max: 10_000n },
      "What forged liveness or equivocation takes of a bond once the member's ML-DSA-65 signature was checked on chain.",
    ),
    number(
      "slashReporterBp",
      "basis points",
      { value: 1_000n, min: 0n, max: 2_000n },
      "The reporter's part of slashed funds: enough to pay for watching, too little to slash oneself.",
    ),
    number(
      "slashDowntimeBp",
      "basis points",
      { value: 10n, min: 10n, max: 100n },
      "What downtime takes of a node's stake: a nudge, since it harms the node's own income most.",
    ),
    number(
      "downtimeMaxAbsentBp",
      "basis points",
      { value: 5_000n, min: 1_000n, max: 9_500n },
      "A node that is absent in more of a window's reported epochs than this was down.",
    ),
    number(
      "slashProposedMaxBp",
      "basis points",
      { value: 5_000n, min: 100n, max: 10_000n },
      "Most that one proposed slash can take of the stake at the time of the offence.",
    ),
    number(
      "slashProposalBond",
      "MESH wei",
      { value: 1_000n * MESH, min: 10n * MESH, max: 1_000_000n * MESH },
      "Who accuses wrongly loses it; who disputes wrongly as well.",
    ),
    number(
      "slashEpochCeiling",
      "MESH wei",
      { value: 1_000_000n * MESH, min: 1_000n * MESH, max: 100_000_000n * MESH },
      "What proposals can take in one epoch together; the rest follows in later epochs, and the DAO can step in.",
    ),
    number(
      "challengeBondMultiple",
      "times the gas of an answer",
      { value: 2n, min: 2n, max: 100n },
      "A challenge that was answered pays the answer at least twice.",
    ),
    number(
      "challengeGasPrice",
      "wei per gas",
      { value: 20_000_000_000n, min: 1n, max: 10_000_000_000_000n },
      "Price of gas from which the bond of a challenge is computed.",
    ),
    number(
      "maxOpenChallenges",
      "challenges",
      { value: 64n, min: 1n, max: 1_024n },
      "As many as can be answered in time with a share of every block; further ones wait with their clock stopped.",
    ),
  ];
}

function leaseRows({ epochSeconds }: RowSchedule): RowSpec[] {
  const epochs = (
    id: string,
    production: { value: bigint; min: bigint; max: bigint },
    devnet: { value: bigint; min: bigint },
    reason: string,
  ): RowSpec => ({ id, unit: "epochs", production: { ...production, notice: DAY }, devnet, reason });
  return [
    number(
      "leaseFeeBp",
      "basis points",
      { value: 200n, min: 0n, max: 1_000n },
      "The treasury's part of what providers earn; a lease keeps the one of its opening.",
    ),
    epochs(
      "janitorDelay",
      { value: 60n, min: 0n, max: 10_080n },
      { value: 1n, min: 0n },
      "Time in which both sides can close a lease themselves before a janitor is paid for it.",
    ),
    epochs(
      "voucherWindow",
      { value: 10_080n, min: 60n, max: 525_600n },
      { value: 6n, min: 1n },
      "Time to redeem vouchers after a metered lease closed.",
    ),
    delay(
      "leaseDisputePeriod",
      [7 * DAY, 4 * DAY, 30 * DAY],
      6 * epochSeconds,
      "Time to settle or decide a dispute about a lease, longer than a ruling of the DAO takes; then the objective settlement stands.",
    ),
    epochs(
      "leaseDisputeBondEpochs",
      { value: 60n, min: 1n, max: 10_080n },
      { value: 3n, min: 1n },
      "Rent that a client puts up for a dispute: what holding the provider's pay costs if nothing was wrong.",
    ),
  ];
}

function voteRows({ epochSeconds }: RowSchedule): RowSpec[] {
  return [
    number(
      "voteCap",
      "MESH wei",
      { value: 10_000_000n * MESH, min: 10_000n * MESH, max: 1_000_000_000n * MESH },
      "What one identity has above this gives it no more votes.",
    ),
    delay(
      "voteAgeRamp",
      [7 * DAY, DAY, 30 * DAY],
      epochSeconds,
      "New stake and locked MESH give votes after one to two of these, so that nobody buys votes for a day.",
    ),
    delay(
      "voteUnlockDelay",
      [14 * DAY, DAY, 60 * DAY],
      8 * epochSeconds,
      "Locked MESH leaves so long after its votes: who voted bears what the vote does to the price.",
    ),
    number(
      "voteSyncReward",
      "MESH wei",
      { value: 1n * MESH, min: 0n, max: 100n * MESH },
      "Pays for taking votes from who lost the certificate: about the gas of it, so that nobody earns by losing one.",
    ),
  ];
}

function trustRows(): RowSpec[] {
  const weight = (id: string, value: bigint, reason: string): RowSpec =>
    number(id, "basis points", { value, min: 0n, max: 10_000n }, reason);
  return [
    number(
      "degradedQuality",
      "quality byte (0-255)",
      { value: 204n, min: 0n, max: 255n },
      "A node that attested but behaved worse than this (80 %) is listed as degraded.",
    ),
    fixed("trustWeightTotal", "basis points", 10_000n, "What the three weights of the Trust Score add up to."),
    weight("trustWeightAttestedBp", 6_000n, "Weight of the attested ratio: being there is what is sold."),
    weight("trustWeightBehaviourBp", 3_000n, "Weight of heartbeats and jitter."),
    weight("trustWeightAuditBp", 1_000n, "Weight of slashes, breaches and unapproved builds."),
    {
      ...number(
        "trustHalfLifeEpochs",
        "epochs",
        { value: 10_080n, min: 60n, max: 1_000_000n },
        "After this many epochs an epoch counts half in the Trust Score.",
      ),
      devnet: { value: 60n, min: 1n },
    },
  ];
}

/** The whole table for one kind of network, in the order of the contract. */
export function parameterRows(kind: NetworkKind, schedule: RowSchedule): ParameterRow[] {
  const specs = [
    ...stakingRows(schedule),
    ...committeeRows(schedule),
    ...seatRows(schedule),
    ...rewardRows(),
    ...disputeRows(schedule),
    ...offenceRows(),
    ...leaseRows(schedule),
    ...voteRows(schedule),
    ...trustRows(),
    ...governanceRows(schedule),
  ];
  return specs.map(({ id, unit, production, devnet, reason }) => {
    if (kind === "production") return { id, unit, ...production, reason };
    const notice = production.notice === 0 ? 0 : schedule.epochSeconds;
    return { id, unit, ...devnet, max: production.max > devnet.value ? production.max : devnet.value, notice, reason };
  });
}

/** How a sum of parameters must compare to another one; the order is that of `INetworkParameters.Relation`. */
export const RELATIONS = ["below", "at most", "equal"] as const;

/** A relation between parameters that the contract enforces for ever. */
export interface Ordering {
  addends: string[];
  relation: (typeof RELATIONS)[number];
  bound: string;
  reason: string;
}

const DISPUTE = ["finalityHorizon", "disputePeriod", "vetoPeriod", "slashBuffer"];

/** Every ordering of the table. */
export const ORDERINGS: Ordering[] = [
  {
    addends: DISPUTE,
    relation: "below",
    bound: "unbondingPeriod",
    reason: "Nobody leaves with stake that can still be slashed.",
  },
  {
    addends: DISPUTE,
    relation: "below",
    bound: "committeeReleaseDelay",
    reason: "No member leaves with a bond that can still be slashed.",
  },
  {
    addends: ["committeeMinSeats"],
    relation: "at most",
    bound: "committeeMaxSeats",
    reason: "A committee can always be seated.",
  },
  {
    addends: ["trustWeightAttestedBp", "trustWeightBehaviourBp", "trustWeightAuditBp"],
    relation: "equal",
    bound: "trustWeightTotal",
    reason: "The Trust Score stays between 0 and 10,000.",
  },
  {
    addends: ["lateVoteExtension"],
    relation: "at most",
    bound: "votingPeriod",
    reason: "A late turn prolongs a vote, and never for longer than the vote itself.",
  },
  {
    addends: ["votingDelay", "votingPeriod"],
    relation: "at most",
    bound: "voteUnlockDelay",
    reason: "No MESH makes a proposal or votes on it and is gone before the vote ends.",
  },
  {
    addends: ["quorumBp"],
    relation: "at most",
    bound: "vetoQuorumBp",
    reason: "Burning a bond takes no fewer voters than passing a proposal.",
  },
];
