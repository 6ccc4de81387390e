import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import { type ReportSummary, summarise } from "@pqmesh/contracts/protocol/report-summary";
import type { Address, Hex } from "viem";
import { decodeFunctionResult, encodeAbiParameters, encodeFunctionData, keccak256 } from "viem/utils";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Intent, IntentKind } from "../submit/intent.ts";

/** Evidence that is claimed first and shown two blocks later, so that nobody takes the reward by copying it. */
export interface ClaimedEvidence {
  /** Contract that judges it. */
  judge: Address;
  claimant: Address;
  /** Hash of the evidence, as the judging function describes it. */
  evidence: Hex;
  salt: Hex;
}

/** A leaf to ask the signers of a report for. */
export interface ChallengedLeaf {
  report: AcceptedReport;
  nodeIndex: number;
  /** Wei. */
  bond: bigint;
}

/** The claim of evidence, as `IEvidence.claimEvidence` takes it. */
export function claimOf({ claimant, evidence, salt }: ClaimedEvidence): Hex {
  const types = [{ type: "address" }, { type: "bytes32" }, { type: "bytes32" }] as const;
  return keccak256(encodeAbiParameters(types, [claimant, evidence, salt]));
}

/**
 * The block of a claim, undefined when it was not made. The chain is asked for what the view does not know: it forgets old
 * claims, and whoever made enough others would let a claim be made twice.
 */
export async function claimBlock(
  { disputes, request }: Pick<ChainFollower, "disputes" | "request">,
  claimed: ClaimedEvidence,
): Promise<bigint | undefined> {
  const claim = claimOf(claimed);
  const seen = disputes.claim(claim);
  if (seen) return seen.blockNumber;
  const call = { abi: attestationDisputesAbi, functionName: "claimedAt", args: [claim] } as const;
  const data = (await request("eth_call", [{ to: claimed.judge, data: encodeFunctionData(call) }, "latest"])) as Hex;
  return decodeFunctionResult({ ...call, data }) || undefined;
}

/** A report as contracts that judge evidence take it. */
export function summaryOf(accepted: AcceptedReport): ReportSummary {
  const { epoch, shard, round, committeeVersion, beaconBlock, beacon, root, absent, degraded, quality } = accepted;
  const report = { epoch, shard, round, committeeVersion, beaconBlock, beacon, root, absent, degraded, quality };
  return summarise(report, accepted.signers);
}

/** The intent to announce evidence. */
export function claimIntent(claimed: ClaimedEvidence): Intent {
  const claim = claimOf(claimed);
  const data = encodeFunctionData({ abi: attestationDisputesAbi, functionName: "claimEvidence", args: [claim] });
  return { kind: "claim-evidence", key: claim, to: claimed.judge, data };
}

/** The intent to prove a leaf invalid; `data` is the whole call. */
export function proveInvalidIntent(disputes: Address, leaf: { digest: Hex; nodeIndex: number; data: Hex }): Intent {
  const { digest, nodeIndex, data } = leaf;
  return { kind: "prove-invalid", key: `${digest}:${nodeIndex}`, to: disputes, data };
}

/** The intent to convict a member; `data` is the whole call. */
export function convictIntent(offences: Address, { offenceId, data }: { offenceId: Hex; data: Hex }): Intent {
  return { kind: "convict", key: offenceId, to: offences, data };
}

/** The intent to prove that a node signed two attestations that exclude each other; `data` is the whole call. */
export function proveForkIntent(offences: Address, { offenceId, data }: { offenceId: Hex; data: Hex }): Intent {
  return { kind: "prove-fork", key: offenceId, to: offences, data };
}

/** The intent to challenge a leaf. */
export function challengeIntent(disputes: Address, { report, nodeIndex, bond }: ChallengedLeaf): Intent {
  const args = [summaryOf(report), report.absent, nodeIndex] as const;
  const data = encodeFunctionData({ abi: attestationDisputesAbi, functionName: "challenge", args });
  const key = `${nodeIndex}:${report.epoch}:${report.digest}`;
  return { kind: "challenge", key, to: disputes, data, value: bond };
}

/** Judges the intents that accuse. */
export function evidenceKinds(chain: ChainFollower): IntentKind[] {
  return [
    { name: "claim-evidence", judge: (claim) => achievedAt(chain.disputes.claim(claim as Hex)) },
    {
      name: "prove-invalid",
      judge: (key) => {
        const [digest, nodeIndex] = key.split(":") as [Hex, string];
        return achievedAt(chain.disputes.invalidLeaf(digest, Number(nodeIndex)));
      },
    },
    { name: "prove-fork", judge: (offenceId) => achievedAt(chain.disputes.nodeOffence(offenceId as Hex)) },
    { name: "convict", judge: (offenceId) => achievedAt(chain.disputes.conviction(offenceId as Hex)) },
    {
      name: "challenge",
      judge: (key) => {
        const [nodeIndex, epoch, digest] = key.split(":") as [string, string, Hex];
        const made = chain.disputes.challengeAbout(Number(nodeIndex), BigInt(epoch));
        if (made) return { state: "achieved", ...made.madeAt };
        const report = chain.acceptedReport(shardOf(Number(nodeIndex)), BigInt(epoch));
        if (report?.digest !== digest) return { state: "void", reason: "its report is not on the chain any more" };
        const isFinal = chain.epochAt(chain.head().timestamp) > BigInt(epoch) + chain.horizonEpochs;
        return isFinal ? { state: "void", reason: `epoch ${epoch} is final` } : { state: "wanted" };
      },
    },
  ];
}

function achievedAt(place: { blockNumber: bigint; transactionHash: Hex } | undefined): ReturnType<IntentKind["judge"]> {
  if (!place) return { state: "wanted" };
  return { state: "achieved", blockNumber: place.blockNumber, transactionHash: place.transactionHash };
}
