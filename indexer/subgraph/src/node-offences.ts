import { Address } from "@graphprotocol/graph-ts";
import { EvidenceClaimed, NodeEquivocated } from "../generated/NodeOffences/NodeOffences";
import { NodeEquivocation } from "../generated/schema";
import { mustLoadNode } from "./entities";
import { recordClaim } from "./evidence";

export function handleNodeEquivocated(event: NodeEquivocated): void {
  const equivocation = new NodeEquivocation(event.params.offenceId.toHexString());
  equivocation.node = mustLoadNode(event.params.nodeIndex).id;
  equivocation.epoch = event.params.epoch;
  equivocation.otherEpoch = event.params.otherEpoch;
  equivocation.digest = event.params.digest;
  equivocation.otherDigest = event.params.otherDigest;
  if (event.params.reporter != Address.zero()) equivocation.reporter = event.params.reporter;
  equivocation.timestamp = event.block.timestamp;
  equivocation.transaction = event.transaction.hash;
  equivocation.save();
}

export function handleNodeOffencesEvidenceClaimed(event: EvidenceClaimed): void {
  recordClaim(event.params.claim, event.params.claimant, event);
}
