import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { openKeystore } from "../keystore/keystore.ts";
import { mlDsa65KeyFromSeed } from "../keystore/ml-dsa-65.ts";
import { newestRenewed } from "../renewal/renewal-files.ts";
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
  /** Directory of renewed certificates: the newest of them and the configured one is used. */
  renewedDirectory?: string;
}

/**
 * Opens the TLS material that a configuration names.
 *
 * @throws ConfigError when a file cannot be read, the keystore is not for TLS, or the parts do not fit together.
 */
export async function openTlsFiles(
  { ca, crl, ...configured }: z.infer<typeof tlsFilesSchema>,
  context: TlsContext,
): Promise<MeshCredentials> {
  const { at, password, trustDomain } = context;
  const { keystore, cert } = newestPair(configured, context);
  const { secret, purpose } = await openKeystore(keystore, password);
  if (purpose !== "tls") throw new ConfigError(`tls.keystore holds a key for ${purpose}, not for tls`);
  try {
    return new MeshCredentials({
      key: mlDsa65KeyFromSeed(secret),
      cert,
      ca: ca.map((file) => readFileSync(at(file), "utf8")),
      crl: crl.map((file) => readFileSync(at(file))),
      trustDomain,
    });
  } catch (cause) {
    throw new ConfigError(`tls: the certificate files cannot be used: ${(cause as Error).message}`, { cause });
  }
}

/** PEM of the newest certificate there is, and the path of its keystore. */
function newestPair(
  configured: { keystore: string; cert: string },
  { at, renewedDirectory }: TlsContext,
): { keystore: string; cert: string } {
  try {
    const pair = { keystore: at(configured.keystore), cert: readFileSync(at(configured.cert), "utf8") };
    const renewed = renewedDirectory === undefined ? undefined : newestRenewed(renewedDirectory);
    const isNewer = renewed && beginOf(renewed.cert) > beginOf(pair.cert);
    return isNewer ? renewed : pair;
  } catch (cause) {
    throw new ConfigError(`tls: the certificate files cannot be used: ${(cause as Error).message}`, { cause });
  }
}

function beginOf(cert: string): number {
  return new X509Certificate(cert).validFromDate.getTime();
}
