import path from "node:path";
import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import type { CertificateRequest } from "@pqmesh/contracts/protocol/certificate-request";
import type { Logger } from "pino";
import type { Hex } from "viem";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { readKeystore } from "../keystore/keystore.ts";
import type { MeshCredentials } from "../transport/mesh-credentials.ts";
import { authorityClient } from "./authority-client.ts";
import { CertificateRenewer } from "./certificate-renewer.ts";
import type { RenewalConfig } from "./renewal-config.ts";
import { RenewalFiles, type RenewalStore } from "./renewal-files.ts";

/** Directory of a service's renewed certificates. */
export function renewalDirectory(dataDir: string): string {
  return path.join(dataDir, "certificates");
}

/**
 * Opens the place of renewed certificates; their keystores are locked like the one that they follow.
 *
 * @param options.keystore Path of the configured TLS keystore.
 */
export async function openRenewalFiles(options: {
  dataDir: string;
  password: string;
  keystore: string;
}): Promise<RenewalFiles> {
  const { kdf } = await readKeystore(options.keystore);
  return new RenewalFiles({
    directory: renewalDirectory(options.dataDir),
    password: options.password,
    scryptCost: kdf.n,
  });
}

/** What {@link openRenewal} needs. */
export interface RenewalOptions {
  holder: { kind: CertificateKind; subject: bigint };
  chain: ChainFollower;
  credentials: MeshCredentials;
  store: RenewalStore;
  /** Signs a request as whoever may ask for the holder's certificates. */
  sign(request: CertificateRequest): Promise<Hex>;
  log: Logger;
}

/** Makes the renewer of the certificate that live TLS contexts use; renewed ones go into them at once. */
export function openRenewal({ authorities }: RenewalConfig, options: RenewalOptions): CertificateRenewer {
  const { chain, credentials, ...rest } = options;
  return new CertificateRenewer({
    ...rest,
    records: chain.certificates,
    authorities: authorityClient(authorities),
    inUse: () => credentials.certificate,
    install: ({ key, cert }) => credentials.replace({ key: key.privateKey, cert }),
    nowMs: () => chain.nowMs(),
  });
}
