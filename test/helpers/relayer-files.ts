import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createKeystore, writeKeystore } from "../../relayer/src/keystore/keystore.ts";
import type { KeyKind, KeyPurpose } from "../../relayer/src/keystore/key-kinds.ts";
import { CertificateAuthority } from "../../relayer/src/pki/certificate-authority.ts";
import { certificateKey } from "../../relayer/src/pki/tls-key.ts";
import { testAccount } from "./anvil.ts";
import type { TestNetwork, TestRelayer } from "./test-network.ts";

/** Of every keystore of a relayer of tests. */
export const RELAYER_PASSWORD = "a password for tests";
/** scrypt's cheapest cost: these keys guard nothing. */
const SCRYPT_COST = 2 ** 14;

/** Ports of a relayer. */
export interface RelayerPorts {
  session: number;
  committee: number;
  read: number;
}

/** What {@link writeRelayerFiles} writes. */
export interface RelayerFiles {
  directory: string;
  network: TestNetwork;
  relayer: TestRelayer;
  authority: CertificateAuthority;
  ports: RelayerPorts;
}

/** Makes an authority for the certificates of a test network. */
export function testAuthorityOf({ config }: TestNetwork): Promise<CertificateAuthority> {
  const { trustDomain } = config;
  return CertificateAuthority.createRoot({ commonName: "test root", signer: certificateKey(), trustDomain });
}

/** Ports that were free a moment ago. */
export async function freePorts(): Promise<RelayerPorts> {
  const servers = [0, 1, 2].map(() => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return (server.address() as AddressInfo).port;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return { session: ports[0]!, committee: ports[1]!, read: ports[2]! };
}

/** Writes everything that a relayer is started with; returns the path of its configuration. */
export async function writeRelayerFiles({
  directory,
  network,
  relayer,
  authority,
  ports,
}: RelayerFiles): Promise<string> {
  const file = (name: string): string => join(directory, name);
  const tls = certificateKey();
  const { pem } = await authority.issueRelayer({ key: { publicKey: tls.publicKey }, address: relayer.address });
  const wallet = testAccount(relayer.accountIndex).getHdKey().privateKey!;
  const reportSeed = Buffer.from(String(relayer.mldsaKey.export({ format: "jwk" }).priv), "base64url");
  await writeKey(file("wallet.json"), "secp256k1", "wallet", wallet);
  await writeKey(file("report.json"), "ml-dsa-65", "report", reportSeed);
  await writeKey(file("tls.json"), "ml-dsa-65", "tls", tls.seed);
  writeFileSync(file("password"), RELAYER_PASSWORD, { mode: 0o600 });
  writeFileSync(file("tls.pem"), pem);
  writeFileSync(file("ca.pem"), authority.pem);
  writeFileSync(file("network.json"), JSON.stringify(network.config));
  const listen = (port: number): object => ({ host: "127.0.0.1", port });
  const config = {
    dataDir: "data",
    network: "network.json",
    rpcUrls: [network.chain.url],
    passwordFile: "password",
    walletKeystore: "wallet.json",
    reportKeystore: "report.json",
    tls: { keystore: "tls.json", cert: "tls.pem", ca: ["ca.pem"] },
    session: listen(ports.session),
    committeeApi: listen(ports.committee),
    readApi: listen(ports.read),
  };
  writeFileSync(file("relayer.json"), JSON.stringify(config));
  return file("relayer.json");
}

async function writeKey(path: string, kind: KeyKind, purpose: KeyPurpose, secret: Uint8Array): Promise<void> {
  const keystore = await createKeystore({ kind, purpose, secret, password: RELAYER_PASSWORD, scryptCost: SCRYPT_COST });
  await writeKeystore(path, keystore);
}
