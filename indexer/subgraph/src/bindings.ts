import { Bytes, ethereum } from "@graphprotocol/graph-ts";
import { ContractBinding } from "../generated/schema";

/** The contract behind an event names one that it works with; the caller fills in which and saves. */
export function bindingOf(event: ethereum.Event): ContractBinding {
  const binding = new ContractBinding(event.address.toHexString());
  binding.timestamp = event.block.timestamp;
  binding.transaction = event.transaction.hash;
  return binding;
}

/** Records the staking contract that the contract behind an event works with. */
export function bindStaking(staking: Bytes, event: ethereum.Event): void {
  const binding = bindingOf(event);
  binding.staking = staking;
  binding.save();
}
