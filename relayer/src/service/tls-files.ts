import { readFileSync } from "node:fs";
import { z } from "zod";
import { openKeystore } from "../keystore/keystore.ts";
import { mlDsa65KeyFromSeed } from "../keystore/ml-dsa-65.ts";
import { MeshCredentials } from "../transport/mesh-credentials.ts";
import { ConfigError } from "./load-config.ts";

/** Keystore of the TLS key, and PEM files of its certificate, of the authorities and of their revocation lists. */
export const tlsFilesSchema = z.strictObject({
  keystore: z.string().min(1),
  cert: z.string().min(1),
  ca: z.array(z.string().min(1)).min(1).max(8),
  crl: z.array(z.string().min(1)).max(8).default([]),
  /** Where the newest list of each authority in `ca` is served; fetched while the service runs. */
  crlUrls: z
    .array(z.url({ protocol: /^https?$/ }))
    .max(8)
    .default([]),
  /** Seconds between looks for newer lists; a change on chain makes it look at once. */
  crlSeconds: z.number().int().min(5).max(86_400).default(60),
});

/** What TLS files are opened with. */
export interface TlsContext {
  /** Path of a file named in the configuration. */
  at(named: string): string;
  password: string;
  trustDomain: string;
}

/**
 * Opens the TLS material that a configuration names.
 *
 * @throws ConfigError when a file cannot be read, the keystore is not for TLS, or the parts do not fit together.
 */
export async function openTlsFiles(
  { keystore, cert, ca, crl }: z.infer<typeof tlsFilesSchema>,
  { at, password, trustDomain }: TlsContext,
): Promise<MeshCredentials> {
  const { secret, purpose } = await openKeystore(at(keystore), password);
  if (purpose !== "tls") throw new ConfigError(`tls.keystore holds a key for ${purpose}, not for tls`);
  try {
    return new MeshCredentials({
      key: mlDsa65KeyFromSeed(secret),
      cert: readFileSync(at(cert), "utf8"),
      ca: ca.map((file) => readFileSync(at(file), "utf8")),
      crl: crl.map((file) => readFileSync(at(file))),
      trustDomain,
    });
  } catch (cause) {
    throw new ConfigError(`tls: the certificate files cannot be used: ${(cause as Error).message}`, { cause });
  }
}
