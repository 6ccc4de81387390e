import type { DeliveryKey } from "@pqmesh/contracts/protocol/delivery-key";
import { bytesToHex, type Hex } from "viem";
import { readTextFile } from "./arguments.ts";
import { usageError } from "./output.ts";
import { keystorePassword, type PasswordOptions } from "./password.ts";

const MAX_FILE_BYTES = 16_384;

/**
 * Reads a client's key for deliveries: a keystore, or the file that the dApp exports.
 *
 * @throws CliError naming the file and what is wrong with it.
 */
export async function readDeliveryKeyFile(file: string, options: PasswordOptions): Promise<DeliveryKey> {
  const { parseDeliveryKey } = await import("@pqmesh/contracts/protocol/delivery-key");
  const { readPrivateFile } = await import("../src/keystore/private-file.ts");
  const text = await readPrivateFile(file, "key file", MAX_FILE_BYTES).catch((error: Error) => {
    throw usageError(error.message, error);
  });
  if (!isKeystore(text.toString("utf8"))) return plainKey(file, text.toString("utf8"), parseDeliveryKey);
  const { openKeystore, readKeystore } = await import("../src/keystore/keystore.ts");
  const { kind } = await readKeystore(file);
  if (kind !== "ml-kem-768") throw usageError(`${file} holds a ${kind} key, deliveries need ml-kem-768`);
  const { secret, publicKey } = await openKeystore(file, await keystorePassword(options));
  return { seed: secret, publicKey };
}

/** The public key of such a file; a keystore needs no password for it. @throws CliError naming the file. */
export async function readDeliveryPublicKey(file: string): Promise<Hex> {
  const { parseDeliveryKey } = await import("@pqmesh/contracts/protocol/delivery-key");
  const { readKeystore } = await import("../src/keystore/keystore.ts");
  const text = readTextFile(file);
  if (!isKeystore(text)) return bytesToHex(plainKey(file, text, parseDeliveryKey).publicKey);
  const { kind, publicKey } = await readKeystore(file);
  if (kind !== "ml-kem-768") throw usageError(`${file} holds a ${kind} key, deliveries need ml-kem-768`);
  return `0x${publicKey}`;
}

function plainKey(file: string, text: string, parse: (text: string) => DeliveryKey): DeliveryKey {
  try {
    return parse(text);
  } catch (cause) {
    throw usageError(`key file ${file}: ${(cause as Error).message}`, cause);
  }
}

/** A keystore says how its key is locked. */
function isKeystore(text: string): boolean {
  try {
    return "kdf" in (JSON.parse(text) as object);
  } catch {
    return false;
  }
}
