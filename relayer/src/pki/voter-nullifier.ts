import { createHash } from "node:crypto";

const DOMAIN = "pqmesh voter/v1\0";

/**
 * Identity of a voter: SHA-256 of "pqmesh voter/v1", a zero byte, the salt and the person's name (UTF-8, NFC, without white
 * space at its ends). Who lacks the salt cannot tell whom it stands for, whatever names they try.
 *
 * @param salt 32 random bytes of this person.
 * @throws RangeError when the name is empty or the salt has another length.
 */
export function voterNullifier(person: string, salt: Uint8Array): bigint {
  const name = person.normalize("NFC").trim();
  if (name === "") throw new RangeError("person is empty");
  if (salt.length !== 32) throw new RangeError(`salt has ${salt.length} bytes, it must have 32`);
  const digest = createHash("sha256").update(DOMAIN).update(salt).update(name).digest("hex");
  return BigInt(`0x${digest}`);
}
