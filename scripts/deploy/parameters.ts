import type { Address } from "viem";
import { horizonEpochs, type Windows } from "./windows.ts";
import type { ParameterRow } from "./parameter-row.ts";
import { parameterRows } from "./parameter-rows.ts";

/** Everything a deployment is told: who gets what, the schedule, and the table of governed numbers. */
export interface PqmeshParameters {
  /** Seconds between the proposal of a privileged operation and its execution. */
  timelockDelay: number;
  /** Seconds after its delay from which an operation that only replaces approvers needs no approval. */
  replacementDelay: number;
  /** May propose and cancel privileged operations until a governor takes over. */
  interimProposer: Address;
  /** Approves critical operations; never a proposer. */
  approver: Address;
  /** May execute what was proposed and waited for; the zero address lets everybody. */
  executor: Address;
  teamBeneficiary: Address;
  investorBeneficiary: Address;
  /** Unix seconds at which vesting and emissions begin. */
  start: number;
  team: VestingSchedule;
  investors: VestingSchedule;
  emissions: { years: number; decayBp: number };
  epoch: { genesis: number; lengthSeconds: number };
  windows: Windows;
  /** Epochs in which downtime of a node is judged. */
  downtimeWindow: number;
  rows: ParameterRow[];
  /** Wallet that mints the test stablecoin. Only on a devnet. */
  stablecoinMinter?: Address;
}

/** Seconds from the start to the cliff and to the end of a vesting. */
export interface VestingSchedule {
  cliffSeconds: number;
  durationSeconds: number;
}

/** People and keys of a deployment. */
export interface DeploymentRoles {
  interimProposer: Address;
  approver: Address;
  teamBeneficiary: Address;
  investorBeneficiary: Address;
}

const DAY = 86_400;
const YEAR = 365 * DAY;
const ANYBODY: Address = "0x0000000000000000000000000000000000000000";

const TOKEN_SCHEDULES = {
  team: { cliffSeconds: YEAR, durationSeconds: 4 * YEAR },
  investors: { cliffSeconds: YEAR, durationSeconds: 3 * YEAR },
  emissions: { years: 16, decayBp: 8_500 },
};

/** Epoch length and windows of a public network. */
export const PRODUCTION_SCHEDULE = {
  epochSeconds: 60,
  windows: { report: 60, commit: 60, challenge: 360, response: 120 },
  downtimeWindow: 1_440,
  timelockDelay: 2 * DAY,
  replacementDelay: 30 * DAY,
};

/** Epoch length and windows of a local network. */
export const DEVNET_SCHEDULE = {
  epochSeconds: 10,
  windows: { report: 2, commit: 2, challenge: 2, response: 2 },
  downtimeWindow: 3,
  timelockDelay: 1,
  replacementDelay: 60,
};

/** Parameters of a public network. `now` is the newest block's timestamp: epoch 0, vesting and emissions begin there. */
export function productionParameters(roles: DeploymentRoles, now: number): PqmeshParameters {
  const { epochSeconds, windows, downtimeWindow, timelockDelay, replacementDelay } = PRODUCTION_SCHEDULE;
  return {
    ...TOKEN_SCHEDULES,
    ...roles,
    timelockDelay,
    replacementDelay,
    executor: ANYBODY,
    start: now,
    epoch: { genesis: now, lengthSeconds: epochSeconds },
    windows,
    downtimeWindow,
    rows: parameterRows("production", { epochSeconds, horizonSeconds: horizonEpochs(windows) * epochSeconds }),
  };
}

/** Parameters of a local network: the same contracts and rules, with delays of a few epochs. */
export function devnetParameters(
  roles: DeploymentRoles & { stablecoinMinter: Address },
  now: number,
  epochSeconds = DEVNET_SCHEDULE.epochSeconds,
): PqmeshParameters {
  const { windows, downtimeWindow, timelockDelay, replacementDelay } = DEVNET_SCHEDULE;
  return {
    ...TOKEN_SCHEDULES,
    ...roles,
    timelockDelay,
    replacementDelay,
    executor: ANYBODY,
    start: now,
    epoch: { genesis: now, lengthSeconds: epochSeconds },
    windows,
    downtimeWindow,
    rows: parameterRows("devnet", { epochSeconds, horizonSeconds: horizonEpochs(windows) * epochSeconds }),
  };
}
