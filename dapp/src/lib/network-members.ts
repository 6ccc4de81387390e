import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import type { Address } from "viem";
import type { ChainAccess } from "./chain-source.ts";

/** Wallets on an operator's list of members, from the contract's logs. */
export async function readMembers({ client, config }: ChainAccess, identityId: number): Promise<Address[]> {
  const logs = await client.getContractEvents({
    ...{ address: config.contracts.NodeListings, abi: nodeListingsAbi, eventName: "MemberSet" },
    ...{ args: { identityId }, fromBlock: BigInt(config.startBlock), strict: true },
  });
  const members = new Set<Address>();
  for (const { args } of logs) {
    if (args.isMember) members.add(args.wallet);
    else members.delete(args.wallet);
  }
  return [...members];
}
