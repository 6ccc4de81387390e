import type { Address, Hex } from "viem";

/** Salt under which a governor schedules a proposal with its timelock, given the hash of the proposal's description. */
export function timelockSalt(governor: Address, descriptionHash: Hex): Hex {
  const salt = BigInt(descriptionHash) ^ (BigInt(governor) << 96n);
  return `0x${salt.toString(16).padStart(64, "0")}`;
}
