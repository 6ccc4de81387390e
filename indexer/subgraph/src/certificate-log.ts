import { BigInt, ethereum } from "@graphprotocol/graph-ts";
import { TreeHeadPublished } from "../generated/CertificateRegistry/CertificateRegistry";
import { LogEntry, LogHead } from "../generated/schema";
import { zeroBytes } from "./entities";

const ZERO = BigInt.zero();

/** Anybody stores a head, also one that is stored already: the first time counts. */
export function handleTreeHeadPublished(event: TreeHeadPublished): void {
  const id = event.params.size.toString();
  if (LogHead.load(id) != null) return;
  const head = new LogHead(id);
  head.size = event.params.size;
  head.root = event.params.root;
  head.timestamp = event.block.timestamp;
  head.transaction = event.transaction.hash;
  head.save();
}

/** An entry that is about to be saved; the caller fills in what belongs to its action, and saves. */
export function newLogEntry(index: BigInt, action: string, authority: string, event: ethereum.Event): LogEntry {
  const entry = new LogEntry(index.toString());
  entry.index = index;
  entry.action = action;
  entry.time = event.block.timestamp;
  entry.authority = authority;
  entry.kind = "None";
  entry.subject = ZERO;
  entry.notBefore = ZERO;
  entry.notAfter = ZERO;
  entry.x509Hash = zeroBytes(32);
  entry.reason = 0;
  entry.effectiveAt = ZERO;
  entry.transaction = event.transaction.hash;
  return entry;
}
