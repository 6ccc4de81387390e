import type { Address } from "viem";
import type { CommitteeMember } from "../chain/chain-view.ts";
import type { HeldLeaf } from "../store/attestation-store.ts";
import type { HeartbeatRow } from "../store/store-write.ts";
import type { MemberSignatures, SignedProposal, SignedReport } from "./messages.ts";

/** One epoch of one shard. */
export interface EpochPlace {
  epoch: bigint;
  shard: number;
}

/** Another member of the committee; every call throws when there is no good answer within `timeoutMs`. */
export interface CommitteePeer {
  readonly address: Address;
  /** Leaves the peer holds and verified, as it says. */
  leaves(place: EpochPlace, timeoutMs: number): Promise<HeldLeaf[]>;
  /** Wire forms of leaves, in any order, without those the peer does not hold. Not verified yet. */
  fetchLeaves(place: EpochPlace, nodeIndices: number[], timeoutMs: number): Promise<Uint8Array[]>;
  heartbeats(place: EpochPlace, timeoutMs: number): Promise<HeartbeatRow[]>;
  /** Asks for signatures on a report. Not verified yet. */
  propose(proposal: SignedProposal, timeoutMs: number): Promise<MemberSignatures>;
  /** The accepted report as the peer stored it. Not verified yet. */
  signedReport(place: EpochPlace, timeoutMs: number): Promise<SignedReport>;
}

/** Finds the way to a member. */
export type PeerOf = (member: CommitteeMember) => CommitteePeer;
