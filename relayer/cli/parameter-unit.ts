import { durationText, meshText, percentText } from "./figures.ts";

type Unit = "MESH" | "seconds" | "percent";

/** Units of the governed numbers that are more than counts; docs/PARAMETERS.md says what each means. */
export const PARAMETER_UNITS: Readonly<Record<string, Unit>> = {
  minNodeStake: "MESH",
  committeeBond: "MESH",
  reportFee: "MESH",
  slashProposalBond: "MESH",
  slashEpochCeiling: "MESH",
  unbondingPeriod: "seconds",
  minStakeGrace: "seconds",
  commissionRaiseDelay: "seconds",
  ownerChangeDelay: "seconds",
  beneficiaryChangeDelay: "seconds",
  committeeReleaseDelay: "seconds",
  committeeResignNotice: "seconds",
  committeeJoinDelay: "seconds",
  finalityHorizon: "seconds",
  disputePeriod: "seconds",
  vetoPeriod: "seconds",
  slashBuffer: "seconds",
  jailPeriod: "seconds",
  maxCommissionBp: "percent",
  committeeRegionBp: "percent",
  emissionPaceBp: "percent",
  rewardDegradedBp: "percent",
  rewardUnreportedBp: "percent",
  slashEcdsaBp: "percent",
  slashProvenBp: "percent",
  slashReporterBp: "percent",
  slashDowntimeBp: "percent",
  downtimeMaxAbsentBp: "percent",
  slashProposedMaxBp: "percent",
  trustWeightTotal: "percent",
  trustWeightAttestedBp: "percent",
  trustWeightBehaviourBp: "percent",
  trustWeightAuditBp: "percent",
};

/** A value of a governed number as people read it. */
export function parameterText(name: string, value: bigint): string {
  const unit = PARAMETER_UNITS[name];
  if (unit === "MESH") return meshText(value);
  if (unit === "seconds") return durationText(value);
  return unit === "percent" ? percentText(value) : String(value);
}
