import { refuseDevelopmentKeys } from "@pqmesh/contracts/protocol/development-keys";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { bytesToHex } from "viem";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { type OpenedAuthority, openAuthority } from "./authority/open-authority.ts";
import { type RelayerConfig, relayerConfigSchema } from "./config.ts";
import { type InstanceLock, lockInstance } from "./instance-lock.ts";
import { AttestationSigner } from "./keystore/attestation-signer.ts";
import { openKeystore } from "./keystore/keystore.ts";
import { PASSWORD_FILE_VARIABLE, readPassword } from "./keystore/password.ts";
import { openRenewalFiles, renewalDirectory } from "./renewal/open-renewal.ts";
import type { RenewalFiles } from "./renewal/renewal-files.ts";
import { besideConfig, ConfigError, loadConfig } from "./service/load-config.ts";
import { readNetworkFile } from "./service/network-file.ts";
import { openTlsFiles } from "./service/tls-files.ts";
import type { MeshCredentials } from "./transport/mesh-credentials.ts";

/** A relayer's configuration with everything it names opened and checked against each other. */
export interface OpenedRelayer {
  config: RelayerConfig;
  dataDir: string;
  network: NetworkConfig;
  lock: InstanceLock;
  /** The member's address and its signatures. */
  account: PrivateKeyAccount;
  /** The same key as raw bytes, for the receipts of the hot path. */
  privateKey: Uint8Array;
  reportSigner: AttestationSigner;
  credentials: MeshCredentials;
  /** The authority that it issues for; undefined without one in the configuration. */
  authority: OpenedAuthority | undefined;
  /** Where renewed certificates are kept; undefined when nothing renews them. */
  renewals: RenewalFiles | undefined;
}

/**
 * Opens a relayer's data directory for this process alone, and its keystores and certificates.
 *
 * @throws ConfigError when the configuration, network.json, a key or a certificate is wrong.
 * @throws InstanceLockedError when another process holds the data directory.
 */
export async function openRelayer(configFile: string): Promise<OpenedRelayer> {
  const config = loadConfig(configFile, relayerConfigSchema);
  const at = (named: string): string => besideConfig(configFile, named);
  const network = readNetworkFile(at(config.network));
  const dataDir = at(config.dataDir);
  const lock = lockInstance(dataDir, "relayer");
  try {
    const password = await readPassword(
      config.passwordFile === undefined ? process.env : { [PASSWORD_FILE_VARIABLE]: at(config.passwordFile) },
    );
    const privateKey = await openWallet(at(config.walletKeystore), password);
    const account = privateKeyToAccount(bytesToHex(privateKey));
    refuseDevelopmentKeys(network.chainId, { walletKeystore: account.address });
    const reportSigner = new AttestationSigner(await openKeystore(at(config.reportKeystore), password));
    const { trustDomain } = network;
    const renewedDirectory = renewalDirectory(dataDir);
    const credentials = await openTlsFiles(config.tls, { at, password, trustDomain, renewedDirectory });
    requireOwnCertificate(credentials, account);
    const authority = config.authority && (await openAuthority(config.authority, { at, password, trustDomain }));
    const renewals =
      config.renewal && (await openRenewalFiles({ dataDir, password, keystore: at(config.tls.keystore) }));
    return { config, dataDir, network, lock, account, privateKey, reportSigner, credentials, authority, renewals };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openWallet(file: string, password: string): Promise<Uint8Array> {
  const { kind, purpose, secret } = await openKeystore(file, password);
  if (kind === "secp256k1" && purpose === "wallet") return secret;
  throw new ConfigError(`walletKeystore holds a ${kind} key for ${purpose}, not a secp256k1 key for wallet`);
}

function requireOwnCertificate({ identity }: MeshCredentials, { address }: PrivateKeyAccount): void {
  if (identity.kind === "relayer" && identity.address.toLowerCase() === address.toLowerCase()) return;
  const named = identity.kind === "relayer" ? `relayer ${identity.address}` : `node ${identity.nodeIndex}`;
  throw new ConfigError(`tls.cert names ${named}, but walletKeystore is relayer ${address}`);
}
