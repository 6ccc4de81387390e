import { type Address, getAddress, isAddress } from "viem";

/** What a PQC-DID names: a node of a registry on a chain. */
export interface PqcDid {
  chainId: number;
  registry: Address;
  nodeIndex: number;
}

/** Formats `did:pqmesh:<chainId>:<registry>:<nodeIndex>`, registry in lower case. */
export function formatDid({ chainId, registry, nodeIndex }: PqcDid): string {
  return `did:pqmesh:${chainId}:${registry.toLowerCase()}:${nodeIndex}`;
}

/** Parses a PQC-DID. @throws Error naming what is wrong with it. */
export function parseDid(did: string): PqcDid {
  const match = /^did:pqmesh:([1-9][0-9]{0,15}):(0x[0-9a-f]{40}):(0|[1-9][0-9]{0,9})$/.exec(did);
  if (!match) throw new Error(`"${did}" is not a DID of the form did:pqmesh:<chainId>:<registry>:<nodeIndex>`);
  const [, chainId, registry, nodeIndex] = match as unknown as [string, string, string, string];
  if (!isAddress(registry) || Number(nodeIndex) > 0xffffffff) throw new Error(`"${did}" names no possible node`);
  return { chainId: Number(chainId), registry: getAddress(registry), nodeIndex: Number(nodeIndex) };
}
