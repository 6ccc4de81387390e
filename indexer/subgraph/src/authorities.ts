import { BigInt, crypto, ethereum } from "@graphprotocol/graph-ts";
import {
  AuthorityAccountSet,
  AuthorityAdmitted,
  AuthorityHeld,
  AuthorityReleased,
  AuthorityRevoked,
  AuthorityTainted,
  DelegateSet,
} from "../generated/CertificateRegistry/CertificateRegistry";
import { Authority, AuthorityChange, AuthorityDelegate } from "../generated/schema";
import { eventId } from "./entities";
import { newLogEntry } from "./certificate-log";

/** Reason of RFC 5280 section 5.3.1. */
const CA_COMPROMISE = 2;

export function handleAuthorityAdmitted(event: AuthorityAdmitted): void {
  const terms = event.params.terms;
  const authority = new Authority(event.params.authorityId.toString());
  authority.number = event.params.authorityId.toI32();
  authority.depth = 1;
  const parent = Authority.load(event.params.parent.toString());
  if (parent != null) {
    authority.parent = parent.id;
    authority.depth = parent.depth + 1;
  }
  if (!event.params.predecessor.isZero()) authority.predecessor = event.params.predecessor.toString();
  authority.account = terms.account;
  authority.recoveryKey = terms.recoveryKey;
  authority.trustDomain = terms.trustDomain;
  authority.x509Hash = terms.x509Hash;
  authority.notBefore = event.block.timestamp;
  authority.notAfter = terms.notAfter;
  authority.pathLength = terms.pathLength;
  authority.kinds = terms.kinds;
  authority.identityFrom = terms.identityFrom;
  authority.identityUntil = terms.identityUntil;
  authority.isHeld = false;
  authority.certificateCount = 0;
  authority.transaction = event.transaction.hash;
  authority.save();
  changeOf(authority, "Admitted", event).save();

  const entry = newLogEntry(event.params.logIndex, "AdmitAuthority", authority.id, event);
  entry.subject = event.params.parent;
  entry.notAfter = authority.notAfter;
  entry.x509Hash = authority.x509Hash;
  entry.save();
}

export function handleAuthorityAccountSet(event: AuthorityAccountSet): void {
  const authority = mustLoadAuthority(event.params.authorityId);
  authority.account = event.params.account;
  authority.save();
  changeOf(authority, "AccountSet", event).save();
}

export function handleDelegateSet(event: DelegateSet): void {
  const authority = mustLoadAuthority(event.params.authorityId);
  const signer = event.params.signer;
  // A signer may be longer than an id of the database.
  const delegate = new AuthorityDelegate(authority.id + "-" + crypto.keccak256(signer).toHexString());
  delegate.authority = authority.id;
  delegate.signer = signer;
  delegate.isAllowed = event.params.allowed;
  delegate.changedAt = event.block.timestamp;
  delegate.save();
  changeOf(authority, event.params.allowed ? "DelegateAllowed" : "DelegateDismissed", event).save();
}

export function handleAuthorityTainted(event: AuthorityTainted): void {
  const authority = mustLoadAuthority(event.params.authorityId);
  authority.taintedFrom = event.params.taintedFrom;
  // It is revoked when everything else must have rotated.
  authority.revokedAt = event.params.rotateBy;
  authority.reason = CA_COMPROMISE;
  authority.save();
  const change = changeOf(authority, "Tainted", event);
  change.effectiveAt = authority.taintedFrom;
  change.save();

  const entry = newLogEntry(event.params.logIndex, "TaintAuthority", authority.id, event);
  entry.notAfter = event.params.rotateBy;
  entry.effectiveAt = event.params.taintedFrom;
  entry.save();
}

export function handleAuthorityRevoked(event: AuthorityRevoked): void {
  const authority = mustLoadAuthority(event.params.authorityId);
  authority.revokedAt = event.params.revokedAt;
  authority.reason = event.params.reason;
  authority.save();
  const change = changeOf(authority, "Revoked", event);
  change.effectiveAt = authority.revokedAt;
  change.reason = event.params.reason;
  change.save();

  const entry = newLogEntry(event.params.logIndex, "RevokeAuthority", authority.id, event);
  entry.reason = event.params.reason;
  entry.effectiveAt = event.params.revokedAt;
  entry.save();
}

export function handleAuthorityHeld(event: AuthorityHeld): void {
  setHeld(event.params.authorityId, true, event);
  newLogEntry(event.params.logIndex, "HoldAuthority", event.params.authorityId.toString(), event).save();
}

export function handleAuthorityReleased(event: AuthorityReleased): void {
  setHeld(event.params.authorityId, false, event);
  newLogEntry(event.params.logIndex, "ReleaseAuthority", event.params.authorityId.toString(), event).save();
}

function setHeld(authorityId: BigInt, isHeld: boolean, event: ethereum.Event): void {
  const authority = mustLoadAuthority(authorityId);
  authority.isHeld = isHeld;
  authority.save();
  changeOf(authority, isHeld ? "Held" : "Released", event).save();
}

function mustLoadAuthority(authorityId: BigInt): Authority {
  return Authority.load(authorityId.toString())!;
}

function changeOf(authority: Authority, kind: string, event: ethereum.Event): AuthorityChange {
  const change = new AuthorityChange(eventId(event));
  change.authority = authority.id;
  change.kind = kind;
  change.sender = event.transaction.from;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  return change;
}
