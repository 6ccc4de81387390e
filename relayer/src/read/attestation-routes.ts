import { decodeSignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import { SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import { z } from "zod";
import { Problem } from "../service/problem.ts";
import { hexOf, type ReadSources, splitReport } from "./read-sources.ts";
import { defineRoute, type Route } from "./route.ts";
import { attestationShape, epochParameter, indexParameter } from "./shapes.ts";

/** Routes about single attestations. */
export function attestationRoutes({ chain, store, proofs }: ReadSources): Route[] {
  const attestationRoute = defineRoute({
    path: "/v1/attestations/{epoch}/{nodeIndex}",
    summary:
      "A node's attestation of an epoch with its signature and, once reported, its Merkle proof; verify it yourself",
    params: z.strictObject({ epoch: epochParameter, nodeIndex: indexParameter }),
    answer: attestationShape,
    handle({ params: { epoch, nodeIndex }, asker }) {
      const accepted = chain.acceptedReport(shardOf(nodeIndex), epoch);
      const reported = accepted && proofs.leavesOf(accepted).find((leaf) => leaf.nodeIndex === nodeIndex);
      const digest = reported?.digest ?? store.held(epoch, nodeIndex)[0]?.digest;
      const wire = digest && store.wireOf(epoch, nodeIndex, digest);
      if (!wire) {
        throw new Problem(404, "not-found", `no attestation of node ${nodeIndex} for epoch ${epoch} is held here`);
      }
      const { attestation, signature } = decodeSignedAttestation(wire);
      const publicKey = chain.keyAt(nodeIndex, epoch);
      return {
        attestation,
        digest,
        signature: hexOf(signature),
        publicKey: publicKey ? hexOf(publicKey) : null,
        leafIndex: nodeIndex % SHARD_SIZE,
        proof: (reported && proofs.proofOf(accepted, nodeIndex, asker)) ?? null,
        report: accepted ? splitReport(accepted).report : null,
        root: accepted?.root ?? null,
        signers: accepted?.signers ?? null,
      };
    },
  });
  return [attestationRoute];
}
