import { Address, BigInt, ethereum } from "@graphprotocol/graph-ts";
import {
  ERC20Released,
  EtherReleased,
  OwnershipTransferred,
  OwnershipTransferStarted,
  TermsSet,
} from "../generated/TeamVesting/VestingVault";
import { VestedToken, VestingRelease, VestingVault } from "../generated/schema";
import { eventId } from "./entities";

const ZERO = BigInt.zero();

/** The first one is emitted by the constructor, right before the terms. */
export function handleOwnershipTransferred(event: OwnershipTransferred): void {
  const id = event.address.toHexString();
  let vault = VestingVault.load(id);
  if (vault == null) {
    vault = new VestingVault(id);
    vault.start = ZERO;
    vault.cliff = ZERO;
    vault.end = ZERO;
  }
  vault.owner = event.params.newOwner;
  vault.pendingOwner = null;
  vault.save();
}

export function handleTermsSet(event: TermsSet): void {
  const vault = mustLoadVault(event.address);
  vault.start = event.params.start;
  vault.cliff = event.params.cliff;
  vault.end = event.params.end;
  vault.save();
}

export function handleOwnershipTransferStarted(event: OwnershipTransferStarted): void {
  const vault = mustLoadVault(event.address);
  const next = event.params.newOwner;
  vault.pendingOwner = next;
  if (next == Address.zero()) vault.pendingOwner = null;
  vault.save();
}

export function handleERC20Released(event: ERC20Released): void {
  recordRelease(event.params.token, event.params.amount, event);
}

export function handleEtherReleased(event: EtherReleased): void {
  recordRelease(Address.zero(), event.params.amount, event);
}

/** What vested goes to the owner of that moment. */
function recordRelease(token: Address, amount: BigInt, event: ethereum.Event): void {
  const vault = mustLoadVault(event.address);
  const id = vault.id + "-" + token.toHexString();
  let total = VestedToken.load(id);
  if (total == null) {
    total = new VestedToken(id);
    total.vault = vault.id;
    total.token = token;
    total.amount = ZERO;
  }
  total.amount = total.amount.plus(amount);
  total.save();

  const release = new VestingRelease(eventId(event));
  release.vault = vault.id;
  release.token = token;
  release.receiver = vault.owner;
  release.amount = amount;
  release.timestamp = event.block.timestamp;
  release.transaction = event.transaction.hash;
  release.save();
}

function mustLoadVault(address: Address): VestingVault {
  return VestingVault.load(address.toHexString())!;
}
