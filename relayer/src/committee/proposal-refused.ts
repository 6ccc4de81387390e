/** Why a member does not sign a proposal; also the `type` of the problem details over HTTP. */
export type RefusalReason =
  | "not-a-member"
  | "not-leader"
  | "bad-leader-signature"
  | "round-not-begun"
  | "epoch-closed"
  | "already-reported"
  | "already-signed"
  | "protected-epoch"
  | "protected-round"
  | "wrong-committee"
  | "unknown-shard"
  | "wrong-beacon"
  | "bad-leaf"
  | "missing-leaf"
  | "wrong-root"
  | "wrong-absent"
  | "wrong-degraded"
  | "wrong-quality"
  | "too-many-proposals"
  | "too-many-statements";

/** Thrown when a member does not sign a proposal. */
export class ProposalRefused extends Error {
  override readonly name = "ProposalRefused";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
