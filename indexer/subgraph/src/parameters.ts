import { BigInt } from "@graphprotocol/graph-ts";
import {
  EmergencyGuardianSet,
  EntryPaused,
  EntryResumed,
  ParameterSet,
} from "../generated/NetworkParameters/NetworkParameters";
import { EmergencyGuardian, EntryArea, EntryPause, Parameter, ParameterChange } from "../generated/schema";
import { eventId } from "./entities";

const ENTRY_AREAS = ["Stake", "Delegation", "Listing", "Lease"];

export function handleParameterSet(event: ParameterSet): void {
  const id = nameOf(event.params.id);
  let parameter = Parameter.load(id);
  if (parameter == null) parameter = new Parameter(id);
  parameter.value = event.params.previousValue;
  parameter.pending = event.params.newValue;
  parameter.effectiveAt = event.params.effectiveAt;
  parameter.save();

  const change = new ParameterChange(eventId(event));
  change.parameter = id;
  change.previousValue = event.params.previousValue;
  change.newValue = event.params.newValue;
  change.effectiveAt = event.params.effectiveAt;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  change.save();
}

export function handleEntryPaused(event: EntryPaused): void {
  const id = ENTRY_AREAS[event.params.area];
  const pause = new EntryPause(eventId(event));
  pause.area = id;
  pause.until = event.params.until;
  pause.by = event.params.by;
  pause.startedAt = event.block.timestamp;
  pause.transaction = event.transaction.hash;
  pause.save();

  let area = EntryArea.load(id);
  if (area == null) area = new EntryArea(id);
  area.pausedUntil = event.params.until;
  area.pausedBy = event.params.by;
  area.newestPause = pause.id;
  area.save();
}

export function handleEntryResumed(event: EntryResumed): void {
  const area = EntryArea.load(ENTRY_AREAS[event.params.area])!;
  area.pausedUntil = event.block.timestamp;
  area.save();

  const pause = EntryPause.load(area.newestPause)!;
  pause.endedAt = event.block.timestamp;
  pause.endedBy = event.params.by;
  pause.save();
}

export function handleEmergencyGuardianSet(event: EmergencyGuardianSet): void {
  const guardian = new EmergencyGuardian("0");
  guardian.account = event.params.guardian;
  guardian.until = event.params.until;
  guardian.save();
}

/** Value of a parameter in force at a time. The table emits every row when it is deployed, before anything reads it. */
export function parameterAt(id: string, timestamp: BigInt): i32 {
  const parameter = Parameter.load(id)!;
  return timestamp.ge(parameter.effectiveAt) ? parameter.pending.toI32() : parameter.value.toI32();
}

/** Text of a left-aligned bytes32 string. */
function nameOf(id: Uint8Array): string {
  let text = "";
  for (let i = 0; i < id.length && id[i] != 0; i++) text += String.fromCharCode(id[i]);
  return text;
}
