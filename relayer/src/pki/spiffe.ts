import { type Address, getAddress } from "viem";

const TRUST_DOMAIN = /^[a-z0-9]([a-z0-9._-]{0,253}[a-z0-9])?$/;
const SPIFFE_URI = /^spiffe:\/\/([a-z0-9._-]{1,255})\/(?:node\/(0|[1-9][0-9]{0,9})|relayer\/(0x[0-9a-f]{40}))$/;

/** Who a SPIFFE URI of this network names. */
export type SpiffeName =
  { kind: "node"; trustDomain: string; nodeIndex: number } | { kind: "relayer"; trustDomain: string; address: Address };

/**
 * Formats `spiffe://<trustDomain>/node/<nodeIndex>` or `spiffe://<trustDomain>/relayer/<address in lower case>`.
 *
 * @throws RangeError when the trust domain or the node index is out of range.
 */
export function formatSpiffe(name: SpiffeName): string {
  requireTrustDomain(name.trustDomain);
  if (name.kind === "relayer") return `spiffe://${name.trustDomain}/relayer/${getAddress(name.address).toLowerCase()}`;
  requireNodeIndex(name.nodeIndex);
  return `spiffe://${name.trustDomain}/node/${name.nodeIndex}`;
}

/** Parses a SPIFFE URI. @throws Error when it names neither a node nor a relayer. */
export function parseSpiffe(uri: string): SpiffeName {
  const [, trustDomain, index, address] = SPIFFE_URI.exec(uri) ?? [];
  if (!trustDomain) throw new Error(`"${uri}" is not spiffe://<trustDomain>/node/<nodeIndex> or …/relayer/<address>`);
  requireTrustDomain(trustDomain);
  if (address) return { kind: "relayer", trustDomain, address: getAddress(address) };
  requireNodeIndex(Number(index));
  return { kind: "node", trustDomain, nodeIndex: Number(index) };
}

function requireTrustDomain(trustDomain: string): void {
  if (TRUST_DOMAIN.test(trustDomain)) return;
  throw new RangeError(`trust domain "${trustDomain}" must be 1 to 255 characters of a-z, 0-9, ".", "-" and "_"`);
}

function requireNodeIndex(nodeIndex: number): void {
  if (Number.isInteger(nodeIndex) && nodeIndex >= 0 && nodeIndex <= 0xffffffff) return;
  throw new RangeError(`node index ${nodeIndex} must be a whole number up to 4294967295`);
}
