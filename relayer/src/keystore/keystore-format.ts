import { keystoreHeaderText } from "@pqmesh/contracts/protocol/keystore-header";
import { z } from "zod";

import { KEY_KINDS, KEY_PURPOSES, KEY_SCHEMES } from "./key-kinds.ts";

/** Bounds of scrypt's cost N: below it guessing is cheap, above it opening takes over a gigabyte. */
export const SCRYPT_COST = { min: 2 ** 14, max: 2 ** 20, default: 2 ** 17 } as const;

/** Lengths in bytes that the format fixes. */
export const KEYSTORE_BYTES = { salt: 32, nonce: 12, tag: 16, key: 32 } as const;

const powerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));
const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`), `must be ${bytes} bytes in hex`);

/** A keystore file, version 1. Everything but `ciphertext` and `tag` is authenticated header. */
export const keystoreSchema = z
  .strictObject({
    version: z.literal(1),
    kind: z.enum(KEY_KINDS),
    purpose: z.enum(KEY_PURPOSES),
    publicKey: z.string().regex(/^([0-9a-f]{2})+$/),
    createdAt: z.iso.datetime(),
    kdf: z.strictObject({
      name: z.literal("scrypt"),
      n: z.int().min(SCRYPT_COST.min).max(SCRYPT_COST.max).refine(powerOfTwo, "must be a power of two"),
      r: z.literal(8),
      p: z.int().min(1).max(4),
      salt: hex(KEYSTORE_BYTES.salt),
    }),
    cipher: z.strictObject({ name: z.literal("aes-256-gcm"), nonce: hex(KEYSTORE_BYTES.nonce) }),
    ciphertext: z.string().regex(/^([0-9a-f]{2})+$/),
    tag: hex(KEYSTORE_BYTES.tag),
  })
  .superRefine((file, context) => {
    const scheme = KEY_SCHEMES[file.kind];
    const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (!scheme.purposes.includes(file.purpose)) issue("purpose", `cannot be ${file.purpose} for a ${file.kind} key`);
    if (file.publicKey.length !== scheme.publicKeyBytes * 2)
      issue("publicKey", `must be ${scheme.publicKeyBytes} bytes`);
    if (file.ciphertext.length !== scheme.secretBytes * 2) issue("ciphertext", `must be ${scheme.secretBytes} bytes`);
  });

/** A keystore as it stands in its file. */
export type Keystore = z.infer<typeof keystoreSchema>;

/** The part of a keystore that is not secret. */
export type KeystoreHeader = Omit<Keystore, "ciphertext" | "tag">;

/** The header as the bytes that the cipher authenticates. */
export function keystoreHeaderBytes(header: KeystoreHeader): Buffer {
  return Buffer.from(keystoreHeaderText(header), "utf8");
}
