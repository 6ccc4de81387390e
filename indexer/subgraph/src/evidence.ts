import { Address, Bytes, ethereum } from "@graphprotocol/graph-ts";
import { EvidenceClaim } from "../generated/schema";

/** Records that somebody announced evidence to the contract behind an event. */
export function recordClaim(claim: Bytes, claimant: Address, event: ethereum.Event): void {
  const entity = new EvidenceClaim(event.address.toHexString() + "-" + claim.toHexString());
  entity.judge = event.address;
  entity.claim = claim;
  entity.claimant = claimant;
  entity.blockNumber = event.block.number;
  entity.timestamp = event.block.timestamp;
  entity.transaction = event.transaction.hash;
  entity.save();
}
