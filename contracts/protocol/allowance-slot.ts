import { type Address, encodeAbiParameters, type Hex, keccak256, toHex } from "viem";

/** Storage slot of the allowances in MeshToken, which never changes: an ERC20 of OpenZeppelin that cannot be upgraded. */
const ALLOWANCES_SLOT = 1n;

/** Slot of what `spender` may take of `owner` in MeshToken: with it, what follows an approval is simulated before it. */
export function allowanceSlot(owner: Address, spender: Address): Hex {
  return entryOf(spender, entryOf(owner, toHex(ALLOWANCES_SLOT, { size: 32 })));
}

/** Slot of an entry of a mapping by address. */
function entryOf(key: Address, slot: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [key, slot]));
}
