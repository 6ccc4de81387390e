import type { DeliveryKey } from "@pqmesh/contracts/protocol/delivery-key";
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
  if (!isKeystore(text.toString("utf8"))) {
    try {
      return parseDeliveryKey(text.toString("utf8"));
    } catch (cause) {
      throw usageError(`key file ${file}: ${(cause as Error).message}`, cause);
    }
  }
  const { openKeystore, readKeystore } = await import("../src/keystore/keystore.ts");
  const { kind } = await readKeystore(file);
  if (kind !== "ml-kem-768") throw usageError(`${file} holds a ${kind} key, deliveries need ml-kem-768`);
  const { secret, publicKey } = await openKeystore(file, await keystorePassword(options));
  return { seed: secret, publicKey };
}

/** A keystore says how its key is locked. */
function isKeystore(text: string): boolean {
  try {
    return "kdf" in (JSON.parse(text) as object);
  } catch {
    return false;
  }
}
