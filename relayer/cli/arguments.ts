import { readFileSync } from "node:fs";
import { fileFlaw } from "@pqmesh/contracts/protocol/file-flaws";
import { isDegenerateMlDsaKey } from "@pqmesh/contracts/protocol/ml-dsa-key";
import { type Address, getAddress, type Hex, hexToBytes, isAddress, isHex, maxUint256, parseEther } from "viem";
import { usageError } from "./output.ts";

const ATTESTATION_KEY_BYTES = 1_952;
/** A longer word is not repeated in an error: it may be a secret in the wrong place. */
const MAX_REPEATED = 40;

/** Reads a whole number from the command line, of 32 bits unless the limits say less. @throws CliError naming field and limits. */
export function naturalArgument(name: string, text: string, { least = 0, most = 0xffff_ffff } = {}): number {
  const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw usageError(`${name} is "${shown(text)}", it must be a whole number from ${least} to ${most}`);
}

/** Reads an address; a mixed-case one must have a right checksum. */
export function addressArgument(name: string, text: string): Address {
  const isMixed = text.slice(2) !== text.slice(2).toLowerCase();
  if (isAddress(text, { strict: isMixed })) return getAddress(text);
  throw usageError(`${name} must be an address, 0x and 40 hex digits${isMixed ? " with a right checksum" : ""}`);
}

/**
 * Reads an amount of MESH in wei, as "1.5" or "1.5 MESH".
 *
 * @param allowAll Whether "all" and "max" are allowed, too: the largest uint256.
 * @throws CliError naming the field and what is wrong with it.
 */
export function meshArgument(text: string, { allowAll = false, name = "amount" } = {}): bigint {
  if (allowAll && /^(all|max)$/i.test(text.trim())) return maxUint256;
  const number = text.trim().replace(/ *mesh$/i, "");
  if (/^[0-9]{1,12}(\.[0-9]{1,18})?$/.test(number)) return parseEther(number);
  const form = `a number of MESH with at most 18 decimals${allowAll ? ', or "all"' : ""}`;
  if (number === "") throw usageError(`${name} is empty, it must be ${form}`);
  if (/^-[0-9.]+$/.test(number)) throw usageError(`${name} is "${shown(text)}", it must not be negative`);
  const decimals = /^[0-9]+\.([0-9]{19,})$/.exec(number)?.[1]?.length;
  if (decimals !== undefined) throw usageError(`${name} has ${decimals} decimals, MESH has 18`);
  throw usageError(`${name} is "${shown(text)}", it must be ${form}`);
}

/** Reads a share in basis points from "5", "2.5 %" or "250 bp". @throws CliError naming the field. */
export function percentArgument(name: string, text: string): number {
  const basisPoints = /^([0-9]{1,5}) *bp$/i.exec(text.trim())?.[1];
  const [, whole, decimals = ""] = /^([0-9]{1,3})(?:\.([0-9]{1,2}))? *%?$/.exec(text.trim()) ?? [];
  const bp = whole === undefined ? Number(basisPoints ?? NaN) : Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
  if (bp <= 10_000) return bp;
  const found = text.trim() === "" ? "is empty" : `is "${shown(text)}"`;
  throw usageError(
    `${name} ${found}, it must be 0 to 100 percent with at most two decimals, or basis points as "250 bp"`,
  );
}

/** Reads 32 bytes in hex. */
export function hashArgument(name: string, text: string): Hex {
  if (isHex(text) && text.length === 66) return text.toLowerCase() as Hex;
  throw usageError(`${name} must be 32 bytes in hex, 0x and 64 digits`);
}

/** Reads an identity of the votes as a whole number or in hex. */
export function identityArgument(text: string): bigint {
  if (/^([0-9]{1,77}|0x[0-9a-fA-F]{1,64})$/.test(text)) return BigInt(text);
  throw usageError("the identity must be a whole number, or up to 32 bytes in hex");
}

/** Reads a public attestation key from a file of hex. */
export function readAttestationKeyFile(file: string): Hex {
  const key = readTextFile(file).trim();
  if (!isHex(key) || key.length !== 2 + 2 * ATTESTATION_KEY_BYTES) {
    const found = isHex(key) ? `it has ${(key.length - 2) / 2}` : "it is not hex";
    throw usageError(`${file} must hold 1,952 bytes in hex (an ML-DSA-65 public key), ${found}`);
  }
  if (isDegenerateMlDsaKey(hexToBytes(key))) {
    throw usageError(`${file} holds a degenerate ML-DSA-65 key: anyone could sign for it`);
  }
  return key;
}

/** Reads a text file. @throws CliError naming it. */
export function readTextFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw usageError(`${file} cannot be read: ${fileFlaw(cause)}`, cause);
  }
}

function shown(text: string): string {
  return text.length > MAX_REPEATED ? "…" : text;
}
