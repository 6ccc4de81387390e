import { hashAttestation, type SignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import { decodeSignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import { type Hex, hexToBytes } from "viem";
import type { Welcome } from "../session/frames.ts";
import type { Journal } from "./journal.ts";

/** What a relayer's newest attestation of this node says about the local journal. */
export type HeadVerdict =
  | { kind: "consistent" }
  /** The relayer showed nothing that this node's key signed. */
  | { kind: "unproven" }
  /** The network holds more than the journal: the data directory is old or a second agent runs. */
  | { kind: "behind"; signed: SignedAttestation; digest: Hex }
  /** The network holds another attestation of the same sequence or epoch. */
  | { kind: "forked"; signed: SignedAttestation; digest: Hex };

/** What is needed to judge a head. */
export interface HeadJudge {
  nodeIndex: number;
  domain: StatementDomain;
  journal: Journal;
  /** True when the signature over the digest is by a key that this node has or had. */
  isOwnSignature(digest: Uint8Array, signature: Uint8Array): boolean;
}

/**
 * Judges the head that a relayer shows in WELCOME. Only what the node's own key signed counts, so that a lying relayer can
 * neither stop the agent nor make it skip ahead.
 */
export function judgeHead(judge: HeadJudge, head: Welcome["head"]): HeadVerdict {
  if (!head) return { kind: "consistent" };
  const proven = readOwn(judge, head.wire as Hex);
  if (!proven) return { kind: "unproven" };
  const { sequence, epoch } = proven.signed.attestation;
  const own = judge.journal.head();
  if (!own || sequence > own.sequence) return { kind: "behind", ...proven };
  const entry = judge.journal.entry(sequence);
  if (entry && hashAttestation(judge.domain, entry.attestation) !== proven.digest) return { kind: "forked", ...proven };
  if (!entry && epoch >= own.epoch) return { kind: "forked", ...proven };
  return { kind: "consistent" };
}

/** Reads an attestation from its wire form; undefined unless this node's own key signed it. */
export function readOwn(
  judge: Omit<HeadJudge, "journal">,
  wire: Hex,
): { signed: SignedAttestation; digest: Hex } | undefined {
  try {
    const signed = decodeSignedAttestation(hexToBytes(wire));
    const { nodeIndex } = signed.attestation;
    const digest = hashAttestation(judge.domain, signed.attestation);
    const own = nodeIndex === judge.nodeIndex && judge.isOwnSignature(hexToBytes(digest), signed.signature);
    return own ? { signed, digest } : undefined;
  } catch {
    return undefined;
  }
}
