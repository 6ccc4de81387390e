import { DAY, delay, HOUR, MESH, number, type RowSchedule, type RowSpec } from "./parameter-row.ts";

/** One unit of the identity house: the root of one MESH. */
const UNIT = 10n ** 9n;

/** How proposals are made, voted on and judged; a proposal keeps the values in force when it was made. */
export function governanceRows({ epochSeconds }: RowSchedule): RowSpec[] {
  const share = (id: string, of: string, [value, min, max]: [bigint, bigint, bigint], reason: string): RowSpec =>
    number(id, `basis points of ${of}`, { value, min, max }, reason);
  return [
    delay(
      "votingDelay",
      [2 * DAY, HOUR, 14 * DAY],
      epochSeconds,
      "Time to read a proposal, to delegate and to sync units before votes are taken as they are.",
    ),
    delay("votingPeriod", [7 * DAY, DAY, 30 * DAY], 6 * epochSeconds, "Time to vote."),
    delay(
      "lateVoteExtension",
      [2 * DAY, HOUR, 7 * DAY],
      2 * epochSeconds,
      "Time that is left to answer when the outcome of a vote turns late.",
    ),
    number(
      "proposalThreshold",
      "units (9 decimals)",
      { value: 100n * UNIT, min: 0n, max: 10_000n * UNIT },
      "Units that a proposer needs: those of the smallest stake of a node.",
    ),
    number(
      "proposalBond",
      "MESH wei",
      { value: 1_000n * MESH, min: 0n, max: 1_000_000n * MESH },
      "What a proposer puts up; it is lost when a veto quorum is against the proposal.",
    ),
    share(
      "quorumBp",
      "all units",
      [1_500n, 100n, 5_000n],
      "Units for and abstaining that a proposal needs; low enough to be reached when many sleep.",
    ),
    share(
      "vetoQuorumBp",
      "all units",
      [2_000n, 500n, 10_000n],
      "Units against, more than those for, that burn the proposer's bond.",
    ),
    share(
      "tokenVetoBp",
      "the votable supply",
      [1_000n, 100n, 5_000n],
      "MESH against, more than for, with which token holders reject a proposal.",
    ),
    delay(
      "guardianTerm",
      [365 * DAY, 7 * DAY, 730 * DAY],
      365 * DAY,
      "Time for which a guardian can cancel proposals; the DAO has to name it anew.",
    ),
    delay(
      "maxPause",
      [7 * DAY, HOUR, 14 * DAY],
      6 * epochSeconds,
      "Longest pause of an entry, and the time for which a guardian has to leave it open afterwards.",
    ),
  ];
}
