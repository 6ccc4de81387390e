import { randomBytes } from "node:crypto";
import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { memberOffencesAbi } from "@pqmesh/contracts/generated/member-offences-abi";
import { domainSeparator, hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import { attestationLeaf, SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import type { Address, Hex } from "viem";
import { bytesToHex, encodeAbiParameters, encodeFunctionData, keccak256 } from "viem/utils";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { type FlawName, FLAWS } from "../chain/leaf-flaw.ts";
import { BEACON_WINDOW_EPOCHS } from "../chain/report-records.ts";
import { summaryOf } from "./evidence-intents.ts";
import type { ServedLeaf } from "./leaf-source.ts";

/** Evidence and the whole call that shows it. */
export interface EvidenceCall {
  evidence: Hex;
  salt: Hex;
  data: Hex;
}

type Proof = readonly [Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex];
type Facts = StatementDomain & Pick<ChainFollower, "keyAt" | "acceptedReport">;

/** Makes the proof that a leaf of an accepted report has a flaw. */
export function proveFlaw(
  chain: Facts,
  report: AcceptedReport,
  leaf: ServedLeaf & { flaw: FlawName; proof: readonly Hex[] },
): EvidenceCall {
  const { nodeIndex, attestation, flaw } = leaf;
  const domain = { chainId: chain.chainId, bridge: chain.bridge };
  const leafHash = attestationLeaf(nodeIndex, hashAttestation(domain, attestation), leaf.signature);
  const salt = bytesToHex(randomBytes(32));
  const key = flaw === "signature" ? bytesToHex(chain.keyAt(nodeIndex, report.epoch) ?? new Uint8Array()) : "0x";
  const args = [
    summaryOf(report),
    {
      position: nodeIndex % SHARD_SIZE,
      nodeIndex,
      domain: bytesToHex(domainSeparator(domain.chainId, domain.bridge)),
      attestation,
      signature: bytesToHex(leaf.signature),
      proof: leaf.proof as Proof,
    },
    FLAWS.indexOf(flaw),
    {
      ...{ key, salt },
      absent: flaw === "absent" ? report.absent : "0x",
      history: flaw === "beacon" ? historyOf(chain, report).map(summaryOf) : [],
    },
  ] as const;
  const data = encodeFunctionData({ abi: attestationDisputesAbi, functionName: "proveInvalid", args });
  return { evidence: hashPair(report.digest, leafHash), salt, data };
}

/** Makes the proof that a member signed a forged report with ML-DSA-65. */
export function proveForgery(
  report: AcceptedReport,
  { member, key, signature }: { member: Address; key: Uint8Array; signature: Hex },
): EvidenceCall & { offenceId: Hex } {
  const salt = bytesToHex(randomBytes(32));
  const args = [summaryOf(report), { member, key: bytesToHex(key), salt }, signature] as const;
  const data = encodeFunctionData({ abi: memberOffencesAbi, functionName: "convictForgery", args });
  return { evidence: keccak256(signature), salt, data, offenceId: forgeryOf(report.digest, member) };
}

/** Name of the offence of a member that signed a forged report, as `IMemberOffences` counts. */
export function forgeryOf(reportDigest: Hex, member: Address): Hex {
  const types = [{ type: "uint8" }, { type: "bool" }, { type: "bytes32" }, { type: "address" }] as const;
  return keccak256(encodeAbiParameters(types, [0, true, reportDigest, member]));
}

/** Accepted reports that might have recorded the beacon, oldest first. */
function historyOf(chain: Facts, { shard, epoch }: AcceptedReport): AcceptedReport[] {
  const found: AcceptedReport[] = [];
  for (let age = BEACON_WINDOW_EPOCHS; age >= 1n; age--) {
    const past = epoch >= age ? chain.acceptedReport(shard, epoch - age) : undefined;
    if (past) found.push(past);
  }
  return found;
}

function hashPair(a: Hex, b: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "bytes32" }], [a, b]));
}
