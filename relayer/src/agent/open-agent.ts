import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import path from "node:path";
import type { PrivateKeyAccount } from "viem/accounts";
import { type InstanceLock, lockInstance } from "../instance-lock.ts";
import { AttestationSigner } from "../keystore/attestation-signer.ts";
import { openKeystore } from "../keystore/keystore.ts";
import { openWallet } from "../keystore/open-wallet.ts";
import { PASSWORD_FILE_VARIABLE, readPassword } from "../keystore/password.ts";
import { openRenewalFiles, renewalDirectory } from "../renewal/open-renewal.ts";
import type { RenewalFiles } from "../renewal/renewal-files.ts";
import { besideConfig, ConfigError, loadConfig } from "../service/load-config.ts";
import { readNetworkFile } from "../service/network-file.ts";
import { openTlsFiles, type TlsContext } from "../service/tls-files.ts";
import type { MeshCredentials } from "../transport/mesh-credentials.ts";
import { type AgentConfig, agentConfigSchema } from "./config.ts";
import { Journal } from "./journal.ts";

/** What the agent's commands share: configuration, lock, keys, journal and deployment. */
export interface OpenedAgent {
  config: AgentConfig;
  dataDir: string;
  network: NetworkConfig;
  domain: StatementDomain;
  lock: InstanceLock;
  journal: Journal;
  /** Attestation keys: the one of the configuration, and the one that follows it where it is named. */
  keys: AttestationSigner[];
  credentials: MeshCredentials;
  /** Where renewed certificates are kept; undefined when nothing renews them. */
  renewals: RenewalFiles | undefined;
  /** Sends the agent's transactions; undefined without a wallet in the configuration. */
  account: PrivateKeyAccount | undefined;
  /** Closes the journal and gives the data directory free. */
  close(): void;
}

/**
 * Opens an agent's data directory for this process alone, its keystores and its journal.
 *
 * @throws ConfigError when the configuration, network.json or a key file is wrong.
 * @throws InstanceLockedError when another process holds the data directory.
 */
export async function openAgent(configFile: string): Promise<OpenedAgent> {
  const config = loadConfig(configFile, agentConfigSchema);
  const at = (named: string): string => besideConfig(configFile, named);
  const network = readNetworkFile(at(config.network));
  const dataDir = at(config.dataDir);
  const lock = lockInstance(dataDir, `agent of node ${config.nodeIndex}`);
  try {
    const password = await readPassword(
      config.passwordFile === undefined ? process.env : { [PASSWORD_FILE_VARIABLE]: at(config.passwordFile) },
    );
    const { attestationKeystore, nextAttestationKeystore } = config;
    const keystores = [attestationKeystore, nextAttestationKeystore].filter((file) => file !== undefined);
    const opened = await Promise.all(keystores.map((file) => openKeystore(at(file), password)));
    const keys = opened.map((keystore) => new AttestationSigner(keystore));
    const renewedDirectory = renewalDirectory(dataDir);
    const { trustDomain } = network;
    const credentials = await openCredentials(config, { at, password, trustDomain, renewedDirectory });
    const renewals =
      config.renewal && (await openRenewalFiles({ dataDir, password, keystore: at(config.tls.keystore) }));
    const account = await openAccount(config, { at, password, chainId: network.chainId });
    const journal = new Journal(path.join(dataDir, "journal.sqlite"));
    const domain = { chainId: network.chainId, bridge: network.contracts.AttestationBridge };
    const close = (): void => {
      journal.close();
      lock.release();
    };
    return { config, dataDir, network, domain, lock, journal, keys, credentials, renewals, account, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openAccount(
  { wallet }: AgentConfig,
  { at, password, chainId }: { at: (named: string) => string; password: string; chainId: number },
): Promise<PrivateKeyAccount | undefined> {
  if (!wallet) return undefined;
  const { keystore, passwordFile } = wallet;
  const own =
    passwordFile === undefined ? password : await readPassword({ [PASSWORD_FILE_VARIABLE]: at(passwordFile) });
  return openWallet(at(keystore), { field: "wallet.keystore", password: own, chainId });
}

async function openCredentials({ tls, nodeIndex }: AgentConfig, context: TlsContext): Promise<MeshCredentials> {
  const credentials = await openTlsFiles(tls, context);
  const { identity } = credentials;
  if (identity.kind === "node" && identity.nodeIndex === nodeIndex) return credentials;
  const named = identity.kind === "node" ? `node ${identity.nodeIndex}` : "a relayer";
  throw new ConfigError(`tls.cert names ${named}, not node ${nodeIndex}`);
}
