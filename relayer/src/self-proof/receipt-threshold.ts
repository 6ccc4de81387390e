import { quorumOf } from "@pqmesh/contracts/protocol/report";

/**
 * Receipts of members that make sure that nobody leaves the node out unpunished: with so many, every quorum has a member that
 * gave one. An agent cannot get more than it has routes.
 */
export function receiptsNeeded(members: number, routes: number): number {
  return Math.min(members - quorumOf(members) + 1, routes);
}
