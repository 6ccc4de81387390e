import { PUBLIC_KEY_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { isDegenerateMlDsaKey } from "@pqmesh/contracts/protocol/ml-dsa-key";
import { bytesToHex, type Hex, hexToBytes } from "viem";

/** A key that was read, or the sentence that says why not. */
export type KeyReading = { key: Hex } | { problem: string };

/**
 * Reads an attestation key out of pasted text or a file: hex (with or without 0x), base64, or the JSON that
 * `pqmesh key show --json` prints. Length and degeneration are checked as the registry checks them.
 */
export function readAttestationKey(input: string | Uint8Array): KeyReading {
  const bytes = typeof input === "string" ? bytesOfText(input) : bytesOfFile(input);
  if (!bytes) return { problem: "This is neither hex nor base64." };
  if (bytes.length !== PUBLIC_KEY_BYTES) {
    const wanted = PUBLIC_KEY_BYTES.toLocaleString("en-US");
    return {
      problem: `This has ${bytes.length.toLocaleString("en-US")} bytes; an ML-DSA-65 public key has ${wanted}.`,
    };
  }
  if (isDegenerateMlDsaKey(bytes)) {
    return { problem: "This key is degenerate (its t1 is too small): anyone could sign for it. Make a new one." };
  }
  return { key: bytesToHex(bytes) };
}

function bytesOfFile(file: Uint8Array): Uint8Array | undefined {
  if (file.length === PUBLIC_KEY_BYTES) return file;
  return bytesOfText(new TextDecoder().decode(file));
}

function bytesOfText(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) return bytesOfJson(trimmed);
  const body = trimmed.replace(/-----[A-Z ]+-----/g, "").replace(/\s+/g, "");
  if (body === "") return undefined;
  const hex = body.replace(/^0x/i, "");
  if (/^[0-9a-f]+$/i.test(hex)) return hex.length % 2 === 0 ? hexToBytes(`0x${hex.toLowerCase()}`) : undefined;
  return bytesOfBase64(body);
}

function bytesOfBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function bytesOfJson(text: string): Uint8Array | undefined {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    const found = value.publicKey ?? value.attestationKey ?? value.pub;
    return typeof found === "string" ? bytesOfText(found) : undefined;
  } catch {
    return undefined;
  }
}
