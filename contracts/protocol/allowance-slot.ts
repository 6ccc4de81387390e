import { type Address, encodeAbiParameters, type Hex, keccak256, stringToHex, toHex } from "viem";

/** Storage slot of the allowances in MeshToken, which never changes: an ERC20 of OpenZeppelin that cannot be upgraded. */
const ALLOWANCES_SLOT = 1n;
/** Slots at which tokens of others may have theirs: the first ones, and those of upgradeable tokens of OpenZeppelin. */
const USUAL_SLOTS = [...Array.from({ length: 16 }, (_, slot) => BigInt(slot)), 52n, namespaceSlot() + 1n];

/** Slot of what `spender` may take of `owner` in MeshToken: with it, what follows an approval is simulated before it. */
export function allowanceSlot(owner: Address, spender: Address): Hex {
  return slotWithin(ALLOWANCES_SLOT, owner, spender);
}

/** Slots that may be the same in another token: which one is, a read of its allowance tells. */
export function allowanceSlots(owner: Address, spender: Address): Hex[] {
  return USUAL_SLOTS.map((slot) => slotWithin(slot, owner, spender));
}

function slotWithin(slot: bigint, owner: Address, spender: Address): Hex {
  return entryOf(spender, entryOf(owner, toHex(slot, { size: 32 })));
}

/** Slot of an entry of a mapping by address. */
function entryOf(key: Address, slot: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [key, slot]));
}

/** First slot of an upgradeable ERC20 of OpenZeppelin (ERC-7201). */
function namespaceSlot(): bigint {
  const name = BigInt(keccak256(stringToHex("openzeppelin.storage.ERC20"))) - 1n;
  return BigInt(keccak256(toHex(name, { size: 32 }))) & ~0xffn;
}
