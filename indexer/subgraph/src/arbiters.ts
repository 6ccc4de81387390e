import { Address, Bytes, ethereum } from "@graphprotocol/graph-ts";
import { ArbiterBinding } from "../generated/schema";

/** Records the arbiters that the contract behind an event obeys from now on. */
export function bindArbiters(arbiters: Address[], event: ethereum.Event): void {
  const binding = new ArbiterBinding(event.address.toHexString());
  const bound: Bytes[] = [];
  for (let i = 0; i < arbiters.length; i++) bound.push(arbiters[i]);
  binding.arbiters = bound;
  binding.timestamp = event.block.timestamp;
  binding.transaction = event.transaction.hash;
  binding.save();
}
