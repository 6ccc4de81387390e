import { type Attestation, hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import { attestationLeaf, ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { type Hex, keccak256, zeroHash } from "viem";

/** Six shares of 100 %, in the form of an attestation. */
export const WHOLE_NODE = Array.from({ length: 6 }, (_, kind) => 10_000n << BigInt(16 * kind)).reduce((a, b) => a | b);

/** Stands for the signatures of the attestations: a contract that shows shares sees their hash alone. */
const SIGNATURE = new Uint8Array([1]);

/** What `NodeListings.showCapacity` takes beside the report. */
export type SharesProof = [attestation: Attestation, signatureHash: Hex, proof: Hex[]];

/** Attestations of one epoch that claim shares: root of their tree, and the proof of each node. */
export function attestShares(
  domain: StatementDomain,
  epoch: number,
  shares: ReadonlyMap<number, bigint>,
): { root: Hex; proofOf: (nodeIndex: number) => SharesProof } {
  const attestations = new Map([...shares].map(([node, claimed]) => [node, attestationOf(node, epoch, claimed)]));
  const leaves = [...attestations].map(
    ([node, attestation]) => [node, attestationLeaf(node, hashAttestation(domain, attestation), SIGNATURE)] as const,
  );
  const tree = new ReportTree(new Map(leaves));
  const proofOf = (nodeIndex: number): SharesProof => {
    const attestation = attestations.get(nodeIndex);
    if (!attestation) throw new Error(`node ${nodeIndex} attested nothing`);
    return [attestation, keccak256(SIGNATURE), tree.proof(nodeIndex)];
  };
  return { root: tree.root, proofOf };
}

function attestationOf(nodeIndex: number, epoch: number, shares: bigint): Attestation {
  return {
    ...{ nodeIndex, epoch: BigInt(epoch), sequence: 1n, beacon: zeroHash, measurement: zeroHash, previous: zeroHash },
    ...{ shares, cpuLoadBp: 0, memoryUsedBp: 0, storageUsedBp: 0, heartbeats: 0, latencyMicros: 0 },
    ...{ space: 0n, stake: 0n, work: 0n, time: 0n },
  };
}
