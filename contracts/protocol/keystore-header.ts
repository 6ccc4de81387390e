/** The part of a keystore file, version 1, that is not secret. Bytes are hex without 0x. */
export interface KeystoreHeader {
  version: 1;
  kind: string;
  purpose: string;
  publicKey: string;
  /** ISO 8601. */
  createdAt: string;
  kdf: { name: "scrypt"; n: number; r: number; p: number; salt: string };
  cipher: { name: "aes-256-gcm"; nonce: string };
}

/** The header as the text that the cipher authenticates: its fields in this order, whatever their order in the file. */
export function keystoreHeaderText({
  version,
  kind,
  purpose,
  publicKey,
  createdAt,
  kdf,
  cipher,
}: KeystoreHeader): string {
  const { n, r, p, salt } = kdf;
  const fields = [version, kind, purpose, publicKey, createdAt, kdf.name, n, r, p, salt, cipher.name, cipher.nonce];
  return JSON.stringify(fields);
}
