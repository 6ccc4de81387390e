import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { withinAuthority } from "./authority-role.ts";
import { readCertificatesOf, readIssued } from "./certificate-list.ts";
import { type CertificateView, readAuthorities } from "./certificate-view.ts";
import { chainSeconds, type NetworkServices } from "./network-services.ts";

/** Answers about a node's newest certificate for which the node is barred, besides a revocation. */
const BARRING: ReadonlySet<CertificateView["status"]> = new Set(["Held", "Tainted", "AuthorityNotGood"]);

/** Whether a node is barred by its certificates. */
export function readIsBarred({ client, config }: NetworkServices, nodeIndex: number): Promise<boolean> {
  const registry = { address: config.contracts.NodeRegistry, abi: nodeRegistryAbi } as const;
  return client.readContract({ ...registry, functionName: "isBarred", args: [nodeIndex] });
}

/** Newest certificates of nodes from an authority or those below it, whose nodes are barred, or not, against what they say. */
export async function readOutOfLine(services: NetworkServices, authorityId: number): Promise<CertificateView[]> {
  const ids = withinAuthority(await readAuthorities(services), authorityId);
  const [issued, now] = await Promise.all([readIssued(services, ids), chainSeconds(services)]);
  const isOut = async (one: CertificateView): Promise<boolean> => {
    if (one.kind !== "node" || one.revokedAt !== undefined || one.notAfter < now) return false;
    if (one.status !== "Good" && !BARRING.has(one.status)) return false;
    if ((await readIsBarred(services, Number(one.subject))) !== (one.status === "Good")) return false;
    return (await newestOfNode(services, one.subject))?.serial === one.serial;
  };
  const isOutOfLine = await Promise.all(issued.map(isOut));
  return issued.filter((_, i) => isOutOfLine[i]);
}

async function newestOfNode(services: NetworkServices, subject: bigint): Promise<CertificateView | undefined> {
  return (await readCertificatesOf(services, { kind: "node", subject }))[0];
}

/** Why a node is barred by its certificates, and what lifts the bar. */
export interface CertificateBar {
  /** Newest certificate of the node. */
  certificate: CertificateView | undefined;
  remedy: "certificate" | "release" | "enforce" | "authority";
}

/** Reads why a node is barred by its certificates; undefined when it is not. */
export async function readCertificateBar(
  services: NetworkServices,
  nodeIndex: number,
): Promise<CertificateBar | undefined> {
  if (!(await readIsBarred(services, nodeIndex))) return undefined;
  const certificate = await newestOfNode(services, BigInt(nodeIndex));
  return { certificate, remedy: remedyFor(certificate?.status ?? "Unknown") };
}

function remedyFor(status: CertificateView["status"]): CertificateBar["remedy"] {
  if (status === "Good") return "enforce";
  if (status === "Held") return "release";
  return status === "AuthorityNotGood" || status === "Tainted" ? "authority" : "certificate";
}
