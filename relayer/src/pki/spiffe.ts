import { type Address, getAddress } from "viem";

const TRUST_DOMAIN = /^[a-z0-9]([a-z0-9._-]{0,253}[a-z0-9])?$/;
const SPIFFE_URI =
  /^spiffe:\/\/([a-z0-9._-]{1,255})\/(?:(node|operator|voter)\/(0|[1-9][0-9]{0,77})|relayer\/(0x[0-9a-f]{40}))$/;
const MAX_UINT32 = 0xffff_ffffn;
const MAX_UINT256 = 2n ** 256n - 1n;

/** Who a SPIFFE URI of this network names. */
export type SpiffeName =
  | { kind: "node"; trustDomain: string; nodeIndex: number }
  | { kind: "relayer"; trustDomain: string; address: Address }
  | { kind: "operator"; trustDomain: string; identityId: number }
  | { kind: "voter"; trustDomain: string; nullifier: bigint };

/**
 * Formats `spiffe://<trustDomain>/` followed by `node/<nodeIndex>`, `operator/<identityId>`, `voter/<nullifier>` or
 * `relayer/<address in lower case>`.
 *
 * @throws RangeError when the trust domain or the number is out of range.
 */
export function formatSpiffe(name: SpiffeName): string {
  requireTrustDomain(name.trustDomain);
  return `spiffe://${name.trustDomain}/${path(name)}`;
}

/** Parses a SPIFFE URI. @throws Error when it names no member of a network. */
export function parseSpiffe(uri: string): SpiffeName {
  const [, trustDomain, kind, digits = "0", address] = SPIFFE_URI.exec(uri) ?? [];
  if (!trustDomain) {
    throw new Error(
      `"${uri}" is not spiffe://<trustDomain>/node/<nodeIndex>, …/relayer/<address>, …/operator/<identityId> or …/voter/<nullifier>`,
    );
  }
  requireTrustDomain(trustDomain);
  if (address) return { kind: "relayer", trustDomain, address: getAddress(address) };
  const number = BigInt(digits);
  if (kind === "voter") return { kind, trustDomain, nullifier: requireNullifier(number) };
  if (kind === "operator") return { kind, trustDomain, identityId: requireUint32("identityId", number) };
  return { kind: "node", trustDomain, nodeIndex: requireUint32("node index", number) };
}

function path(name: SpiffeName): string {
  switch (name.kind) {
    case "node":
      return `node/${requireUint32("node index", name.nodeIndex)}`;
    case "operator":
      return `operator/${requireUint32("identityId", name.identityId)}`;
    case "voter":
      return `voter/${requireNullifier(name.nullifier)}`;
    case "relayer":
      return `relayer/${getAddress(name.address).toLowerCase()}`;
  }
}

function requireTrustDomain(trustDomain: string): void {
  if (TRUST_DOMAIN.test(trustDomain)) return;
  throw new RangeError(`trust domain "${trustDomain}" must be 1 to 255 characters of a-z, 0-9, ".", "-" and "_"`);
}

function requireUint32(what: string, value: number | bigint): number {
  if (Number.isInteger(Number(value)) && value >= 0 && value <= MAX_UINT32) return Number(value);
  throw new RangeError(`${what} ${value} must be a whole number up to 4294967295`);
}

/** Numbers below 2^32 are identities of operators: a voter's nullifier is none of them. */
function requireNullifier(value: bigint): bigint {
  if (value > MAX_UINT32 && value <= MAX_UINT256) return value;
  throw new RangeError(`nullifier ${value} must be a whole number of 2^32 or more and below 2^256`);
}
