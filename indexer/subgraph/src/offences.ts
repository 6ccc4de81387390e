import { Address } from "@graphprotocol/graph-ts";
import { EvidenceClaimed, MemberConvicted } from "../generated/MemberOffences/MemberOffences";
import { Offence } from "../generated/schema";
import { recordClaim } from "./evidence";

/** Follows the events of the punishment, within the same transaction. */
export function handleMemberConvicted(event: MemberConvicted): void {
  const offence = Offence.load(event.params.offenceId.toHexString())!;
  offence.kind = kindName(event.params.kind);
  offence.isProven = event.params.isProven;
  offence.epoch = event.params.epoch;
  if (event.params.reporter != Address.zero()) offence.reporter = event.params.reporter;
  offence.save();
}

export function handleMemberOffencesEvidenceClaimed(event: EvidenceClaimed): void {
  recordClaim(event.params.claim, event.params.claimant, event);
}

/** Name of IMemberOffences.Offence by number. */
function kindName(kind: i32): string {
  return ["Forgery", "Equivocation", "Omission"][kind];
}
