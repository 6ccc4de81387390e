import { SelfAttestation } from "../generated/schema";
import { EvidenceClaimed, RunAttested } from "../generated/SelfAttestation/SelfAttestation";
import { eventId } from "./entities";
import { recordClaim } from "./evidence";

export function handleRunAttested(event: RunAttested): void {
  const run = new SelfAttestation(eventId(event));
  run.node = event.params.nodeIndex.toString();
  run.fromEpoch = event.params.fromEpoch;
  run.toEpoch = event.params.toEpoch;
  run.admitted = event.params.admitted;
  run.timestamp = event.block.timestamp;
  run.transaction = event.transaction.hash;
  run.save();
}

export function handleSelfAttestationEvidenceClaimed(event: EvidenceClaimed): void {
  recordClaim(event.params.claim, event.params.claimant, event);
}
