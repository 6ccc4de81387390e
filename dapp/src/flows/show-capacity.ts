import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import type { ServedClaim } from "@pqmesh/contracts/protocol/attestation-claim";
import { summarise } from "@pqmesh/contracts/protocol/report-summary";
import { type Address, keccak256 } from "viem";
import { formatBp, formatCount } from "../lib/format.ts";
import { shareOf } from "../lib/listing-view.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Shows the listings contract what a node attested, so that it can be offered. */
export function showCapacityPlan(listings: Address, claim: ServedClaim): TransactionPlan {
  const { attestation, signature, proof, report, signers } = claim;
  const { nodeIndex, epoch, shares } = attestation;
  const args = [summarise(report, signers), attestation, keccak256(signature), proof];
  return {
    title: `Show the capacity of node ${nodeIndex}`,
    summary: `The shares that node ${nodeIndex} attested in epoch ${formatCount(epoch)} become the most that its listings can take.`,
    facts: ASSET_KINDS.map((kind) => ({ label: kind, value: formatBp(shareOf(shares, kind), 2) })),
    steps: [callStep("Show", { address: listings, abi: nodeListingsAbi, functionName: "showCapacity", args })],
    outcome: () => `Node ${nodeIndex} can offer what it attested in epoch ${formatCount(epoch)}.`,
  };
}
