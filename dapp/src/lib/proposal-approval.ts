import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { meshTimelockAbi } from "@pqmesh/contracts/generated/mesh-timelock-abi";
import { governorArguments } from "@pqmesh/contracts/protocol/proposal-id";
import { type Address, decodeFunctionData, type Hex, hexToBigInt, numberToHex, size, slice, zeroHash } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import type { ProposalApproval } from "./proposal-state.ts";
import type { MadeProposal } from "./proposal-view.ts";

/** What the timelock says of a proposal. */
export interface TimelockView extends ProposalApproval {
  timelock: Address;
  /** Number of the operation that the proposal is, or will be. */
  operationId: Hex;
  /** Seconds between queue and execution. */
  delay: number;
}

/** Reads what the timelock says of a proposal. @param eta When its delay is over, Unix seconds; 0 while it is not queued. */
export async function readTimelockView(
  access: ChainAccess,
  proposal: Pick<MadeProposal, "calls" | "descriptionHash">,
  { eta, wallet }: { eta: number; wallet: Address | undefined },
): Promise<TimelockView> {
  const { client, config } = access;
  const governor = { address: config.contracts.MeshGovernor, abi: meshGovernorAbi } as const;
  const address = await client.readContract({ ...governor, functionName: "timelock" });
  const timelock = { address, abi: meshTimelockAbi } as const;
  const [targets, values, calldatas, descriptionHash] = governorArguments(proposal);
  const operation = [targets, values, calldatas, zeroHash, saltOf(governor.address, descriptionHash)] as const;
  const [operationId, role, delay, replacementDelay, critical] = await Promise.all([
    client.readContract({ ...timelock, functionName: "hashOperationBatch", args: operation }),
    client.readContract({ ...timelock, functionName: "APPROVER_ROLE" }),
    client.readContract({ ...timelock, functionName: "getMinDelay" }),
    client.readContract({ ...timelock, functionName: "replacementDelay" }),
    Promise.all(proposal.calls.map(({ target, data }) => isCritical(access, timelock.address, { target, data }))),
  ]);
  const [isGiven, isApprover] = await Promise.all([
    client.readContract({ ...timelock, functionName: "isApproved", args: [operationId] }),
    wallet ? client.readContract({ ...timelock, functionName: "hasRole", args: [role, wallet] }) : false,
  ]);
  const isReplacement = proposal.calls.every((call) => replacesApprover(call, address, role));
  return {
    ...{ timelock: address, operationId, delay: Number(delay), isNeeded: critical.includes(true), isGiven, isApprover },
    ...(isReplacement && eta > 0 && { unapprovedFrom: eta + Number(replacementDelay) }),
  };
}

/** The governor's address in front of the description's hash, as `GovernorTimelockControl` salts its operations. */
function saltOf(governor: Address, descriptionHash: Hex): Hex {
  const front = hexToBigInt(governor) << 96n;
  return numberToHex(front ^ hexToBigInt(descriptionHash), { size: 32 });
}

/** Whether a call needs approval; one with fewer than four bytes does. */
export async function isCritical(
  { client }: ChainAccess,
  timelock: Address,
  { target, data }: { target: Address; data: Hex },
): Promise<boolean> {
  if (size(data) < 4) return true;
  const args = [target, slice(data, 0, 4)] as const;
  const request = { address: timelock, abi: meshTimelockAbi, functionName: "privilegeOf", args } as const;
  const [, isListedCritical] = await client.readContract(request);
  return isListedCritical;
}

/** Whether a call only gives or takes the approver's role. */
function replacesApprover({ target, data }: { target: Address; data: Hex }, timelock: Address, role: Hex): boolean {
  if (target.toLowerCase() !== timelock.toLowerCase()) return false;
  try {
    const { functionName, args } = decodeFunctionData({ abi: meshTimelockAbi, data });
    return (functionName === "grantRole" || functionName === "revokeRole") && args[0] === role;
  } catch {
    return false;
  }
}
