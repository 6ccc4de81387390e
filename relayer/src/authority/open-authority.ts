import { readFileSync } from "node:fs";
import { openKeystore } from "../keystore/keystore.ts";
import { CertificateAuthority } from "../pki/certificate-authority.ts";
import type { DerSigner } from "../pki/signed-der.ts";
import { certificateKey } from "../pki/tls-key.ts";
import { ConfigError } from "../service/load-config.ts";
import type { AuthorityConfig } from "./authority-config.ts";
import { connectSigner } from "./remote-signer.ts";

/** What an authority is opened with. */
export interface AuthorityContext {
  /** Path of a file named in the configuration. */
  at(named: string): string;
  password: string;
  trustDomain: string;
}

/** An authority ready to sign. */
export interface OpenedAuthority {
  authority: CertificateAuthority;
  config: AuthorityConfig;
  /** Lets go of a signer process. */
  close(): void;
}

/**
 * Opens the authority that a configuration names.
 *
 * @throws ConfigError when its certificate or key cannot be used, or no signer process answers.
 */
export async function openAuthority(config: AuthorityConfig, context: AuthorityContext): Promise<OpenedAuthority> {
  const { signer, close } = await openSigner(config, context);
  try {
    const certificate = readFileSync(context.at(config.cert), "utf8");
    const { authorityId, revocationLists } = config;
    const points = revocationLists && { ...revocationLists, authorityId };
    const { trustDomain } = context;
    const authority = new CertificateAuthority({ certificate, signer, trustDomain, ...(points && { points }) });
    return { authority, config, close };
  } catch (cause) {
    close();
    throw new ConfigError(`authority.cert cannot be used: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Opens the keystore of an authority's key.
 *
 * @throws ConfigError when it holds a key for something else.
 */
export async function openAuthorityKey(file: string, password: string): Promise<DerSigner> {
  const { secret, purpose } = await openKeystore(file, password);
  if (purpose === "authority") return certificateKey(secret);
  throw new ConfigError(`authority.keystore holds a key for ${purpose}, not for authority`);
}

async function openSigner(
  { keystore, signerSocket }: AuthorityConfig,
  { at, password }: AuthorityContext,
): Promise<{ signer: DerSigner; close(): void }> {
  if (signerSocket === undefined) {
    return { signer: await openAuthorityKey(at(keystore ?? ""), password), close: () => undefined };
  }
  try {
    const signer = await connectSigner(at(signerSocket));
    return { signer, close: () => signer.close() };
  } catch (cause) {
    throw new ConfigError(`authority.signerSocket: ${(cause as Error).message}`, { cause });
  }
}
