import { meshTimelockAbi } from "@pqmesh/contracts/generated/mesh-timelock-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type Address, encodeFunctionData, type Hex, keccak256, toHex } from "viem";

/** Roles of the timelock that a governor needs: to queue proposals, and to cancel what it has queued. */
export const GOVERNOR_ROLES = ["PROPOSER_ROLE", "CANCELLER_ROLE"] as const;

/**
 * The timelock's calls that let the governor propose and cancel. The interim proposer can do so too, until it hands over
 * (`hand-over.ts`).
 */
export function governorRoles({
  MeshTimelock: to,
  MeshGovernor,
}: NetworkConfig["contracts"]): { to: Address; data: Hex }[] {
  return GOVERNOR_ROLES.map((role) => {
    const args = [keccak256(toHex(role)), MeshGovernor] as const;
    return { to, data: encodeFunctionData({ abi: meshTimelockAbi, functionName: "grantRole", args }) };
  });
}
