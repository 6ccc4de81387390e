import { type Address, getAddress } from "viem";

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
  const parsed = matchDid(did);
  if (!parsed) throw new Error(`"${did}" is not a DID of the form did:pqmesh:<chainId>:<registry>:<nodeIndex>`);
  if (parsed.nodeIndex > 0xffffffff) throw new Error(`"${did}" names no possible node`);
  return parsed;
}

function matchDid(did: string): PqcDid | undefined {
  const match = /^did:pqmesh:([1-9][0-9]{0,15}):(0x[0-9a-f]{40}):(0|[1-9][0-9]{0,9})$/.exec(did);
  if (!match) return undefined;
  const [, chainId, registry, nodeIndex] = match as unknown as [string, string, string, string];
  return { chainId: Number(chainId), registry: getAddress(registry), nodeIndex: Number(nodeIndex) };
}

/** Kinds of members that a DID of the network may name besides nodes. */
const NAMED_KINDS = ["operator", "voter", "relayer"] as const;

/** What a DID of a network names: a node, or another member that holds certificates. */
export interface MemberDid {
  chainId: number;
  /** The NodeRegistry of the deployment. */
  registry: Address;
  kind: "node" | (typeof NAMED_KINDS)[number];
  /** nodeIndex, identityId, nullifier, or the relayer's address as a number. */
  subject: bigint;
}

/**
 * Formats the DID of any member: a node's as {@link formatDid}, others as `did:pqmesh:<chainId>:<registry>:<kind>:<id>`, the
 * id being an identityId, a nullifier or an address in lower case.
 */
export function formatMemberDid({ chainId, registry, kind, subject }: MemberDid): string {
  const id = kind === "relayer" ? `0x${subject.toString(16).padStart(40, "0")}` : subject.toString();
  const name = kind === "node" ? id : `${kind}:${id}`;
  return `did:pqmesh:${chainId}:${registry.toLowerCase()}:${name}`;
}

/** Parses the DID of any member. @throws Error naming what is wrong with it. */
export function parseMemberDid(did: string): MemberDid {
  const kind = NAMED_KINDS.find((each) => did.includes(`:${each}:`));
  if (!kind) {
    const { chainId, registry, nodeIndex } = parseDid(did);
    return { chainId, registry, kind: "node", subject: BigInt(nodeIndex) };
  }
  const [deployment = "", id = ""] = did.split(`:${kind}:`);
  const parsed = matchDid(`${deployment}:0`);
  if (!parsed) throw new Error(`"${did}" is not a DID of the form did:pqmesh:<chainId>:<registry>:${kind}:<id>`);
  const { chainId, registry } = parsed;
  const wanted = kind === "relayer" ? /^0x[0-9a-f]{40}$/ : /^(0|[1-9][0-9]{0,77})$/;
  const member = wanted.test(id) && { chainId, registry, kind, subject: BigInt(id) };
  if (!member || !isPossible(member) || formatMemberDid(member) !== did)
    throw new Error(`"${did}" names no possible ${kind}`);
  return member;
}

function isPossible({ kind, subject }: Pick<MemberDid, "kind" | "subject">): boolean {
  if (kind === "voter") return subject > 0xffff_ffffn && subject < 2n ** 256n;
  return kind === "relayer" || subject <= 0xffff_ffffn;
}
