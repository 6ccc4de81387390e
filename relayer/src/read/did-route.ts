import { type MemberDid, parseMemberDid } from "@pqmesh/contracts/protocol/did";
import type { FastifyReply } from "fastify";
import { type Address, isAddressEqual } from "viem";
import { z } from "zod";
import type { ChainView } from "../chain/chain-view.ts";
import type { CertificateRecords } from "../pki/certificate-records.ts";
import {
  DID_RESOLUTION_TYPE,
  type DidResolution,
  failedResolution,
  type NodeFacts,
  type OperatorFacts,
  resolveDid,
} from "../pki/did-document.ts";
import { toJson } from "./read-sources.ts";
import { defineRoute, type Route } from "./route.ts";

/** What DIDs are resolved from. */
export interface DidSources {
  chain: Pick<ChainView, "node" | "isActive" | "currentEpoch" | "epochGenesis" | "epochLengthSeconds">;
  records: CertificateRecords;
  /** The NodeRegistry that DIDs of this deployment name. */
  nodeRegistry: Address;
  /** Reads an operator from the chain; undefined when there is none. */
  readOperator(identityId: number): Promise<OperatorFacts | undefined>;
}

/** DID resolution over HTTP, as a universal resolver asks for it. */
export function didRoute(sources: DidSources): Route {
  return defineRoute({
    path: "/1.0/identifiers/{did}",
    summary: "Resolves a DID of this deployment to its document, with keys, past keys, certificates and their status",
    params: z.strictObject({ did: z.string().max(200) }),
    media: DID_RESOLUTION_TYPE,
    async handle({ params: { did } }, reply: FastifyReply) {
      const { status, result } = await resolution(sources, did);
      void reply.code(status).type(DID_RESOLUTION_TYPE);
      return toJson(result);
    },
  });
}

async function resolution(sources: DidSources, did: string): Promise<{ status: number; result: DidResolution }> {
  const member = memberOf(did);
  if (member instanceof Error) return { status: 400, result: failedResolution("INVALID_DID", member.message) };
  const { records, nodeRegistry } = sources;
  if (member.chainId !== records.chainId || !isAddressEqual(member.registry, nodeRegistry)) {
    const here = `this is registry ${nodeRegistry} on chain ${records.chainId}`;
    return { status: 404, result: failedResolution("NOT_FOUND", `${did} is of another deployment: ${here}`) };
  }
  const operator = member.kind === "operator" ? await sources.readOperator(Number(member.subject)) : undefined;
  const node = member.kind === "node" ? nodeFacts(sources, Number(member.subject)) : undefined;
  const result = resolveDid(member, { records, node, operator, epochStart: (epoch) => epochStart(sources, epoch) });
  if (result) return { status: 200, result };
  return { status: 404, result: failedResolution("NOT_FOUND", `${member.kind} ${member.subject} is not on chain`) };
}

function memberOf(did: string): MemberDid | Error {
  try {
    return parseMemberDid(did);
  } catch (error) {
    return error as Error;
  }
}

function nodeFacts({ chain }: DidSources, nodeIndex: number): NodeFacts | undefined {
  const node = chain.node(nodeIndex);
  if (!node) return undefined;
  const isActive = chain.isActive(nodeIndex, chain.currentEpoch());
  return { identityId: node.identityId, keys: node.keys, isActive };
}

function epochStart({ chain }: DidSources, epoch: bigint): bigint {
  return chain.epochGenesis + epoch * BigInt(chain.epochLengthSeconds);
}
