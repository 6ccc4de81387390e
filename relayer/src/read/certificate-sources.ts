import type { X509Certificate } from "node:crypto";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Hex } from "viem";
import { decodeFunctionResult, encodeFunctionData } from "viem/utils";
import { RpcResponseError } from "../chain/json-rpc.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { CertificateAuthority } from "../pki/certificate-authority.ts";
import type { OperatorFacts } from "../pki/did-document.ts";
import { RevocationListBook } from "../pki/revocation-list-book.ts";
import { revertReason } from "../submit/revert-reason.ts";
import type { CertificateSources } from "./certificate-routes.ts";

/** What the chain says of an operator that there is not. */
const UNKNOWN = "NodeRegistry_UnknownIdentity";

interface OwnAuthority {
  authority: CertificateAuthority;
  config: { authorityId: number; revocationLists?: { url: string; shards: number } | undefined };
}

/** What {@link openCertificateSources} needs. */
export interface CertificateSourcesOptions {
  chain: ChainFollower;
  network: NetworkConfig;
  /** URL of this relayer's read API. */
  url: string;
  /** The authority whose key is here, if any; its lists name the URL that its certificates name. */
  authority?: OwnAuthority | undefined;
  /** X.509 certificates of all accepted authorities: lists name those that are revoked. */
  accepted?: readonly X509Certificate[];
}

/** Everything that the read API answers about certificates from. */
export function openCertificateSources(options: CertificateSourcesOptions): CertificateSources {
  const { chain, network, url, authority: opened, accepted = [] } = options;
  const records = chain.certificates;
  const own = opened ? [opened.authority] : [];
  const lists = new RevocationListBook({
    records,
    authorities: new Map(own.map((authority) => [opened!.config.authorityId, authority])),
    certificates: [...own.map(({ certificate }) => certificate), ...accepted],
    url: opened?.config.revocationLists?.url ?? url,
    shards: opened?.config.revocationLists?.shards ?? 1,
  });
  const nodeRegistry = network.contracts.NodeRegistry;
  return { chain, records, lists, url, nodeRegistry, readOperator: (identityId) => readOperator(options, identityId) };
}

async function readOperator(
  { chain, network }: CertificateSourcesOptions,
  identityId: number,
): Promise<OperatorFacts | undefined> {
  const call = { abi: nodeRegistryAbi, functionName: "operatorOf", args: [identityId] } as const;
  const request = { to: network.contracts.NodeRegistry, data: encodeFunctionData(call) };
  try {
    const data = (await chain.request("eth_call", [request, "latest"])) as Hex;
    const { owner, operatorWallet, rootKey } = decodeFunctionResult({ ...call, data });
    return { owner, operatorWallet, rootKey };
  } catch (error) {
    if (error instanceof RpcResponseError && revertReason(error).startsWith(UNKNOWN)) return undefined;
    throw error;
  }
}
