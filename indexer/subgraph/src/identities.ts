import {
  OperatorReleased,
  OperatorSuspended,
  VoterAdmitted,
  VoterRevoked,
} from "../generated/AdmittedIdentities/AdmittedIdentities";
import { changeOf, loadAccount, loadIdentity } from "./governance";

export function handleVoterAdmitted(event: VoterAdmitted): void {
  const identity = loadIdentity(event.params.nullifier);
  identity.admittedAccount = loadAccount(event.params.account).id;
  identity.admittedUntil = event.params.expiresAt;
  identity.revokedAt = null;
  identity.save();
  const change = changeOf(identity, "Admitted", event);
  change.account = identity.admittedAccount;
  change.admittedUntil = identity.admittedUntil;
  change.save();
}

export function handleVoterRevoked(event: VoterRevoked): void {
  const identity = loadIdentity(event.params.nullifier);
  identity.admittedAccount = null;
  identity.admittedUntil = null;
  identity.revokedAt = event.block.timestamp;
  identity.save();
  const change = changeOf(identity, "Revoked", event);
  change.account = event.params.account.toHexString();
  change.save();
}

export function handleOperatorSuspended(event: OperatorSuspended): void {
  const identity = loadIdentity(event.params.identityId);
  identity.isSuspended = true;
  identity.save();
  changeOf(identity, "Suspended", event).save();
}

export function handleOperatorReleased(event: OperatorReleased): void {
  const identity = loadIdentity(event.params.identityId);
  identity.isSuspended = false;
  identity.save();
  changeOf(identity, "Reinstated", event).save();
}
