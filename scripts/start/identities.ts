import { randomBytes } from "node:crypto";
import { measureBuild } from "../../relayer/src/agent/measurement.ts";
import { createKeystore, decryptKeystore } from "../../relayer/src/keystore/keystore.ts";
import type { Keystore } from "../../relayer/src/keystore/keystore-format.ts";
import type { KeyKind, KeyPurpose } from "../../relayer/src/keystore/key-kinds.ts";
import { CertificateAuthority } from "../../relayer/src/pki/certificate-authority.ts";
import { certificateKey } from "../../relayer/src/pki/tls-key.ts";
import { bytesToHex, type Hex, hexToBytes } from "viem";
import { DEVNET_CHAIN_ID } from "@pqmesh/contracts/protocol/development-keys";
import { developmentAccount, privateKeyOf, type Role } from "./accounts.ts";
import type { StartOptions } from "./options.ts";
import { servicePorts } from "./processes.ts";

/** A devnet's keystores need no strength against guessing: their password lies beside them. */
const SCRYPT_COST = 2 ** 14;

/** Number of a devnet's authority on chain: the first that the DAO admits. */
export const ROOT_AUTHORITY = 1;

/** A TLS key: its keystore, and its public part for the certificate. */
export interface TlsIdentity {
  keystore: Keystore;
  publicKey: Uint8Array;
}

/** Everything secret and public of a fresh devnet. */
export interface DevnetIdentities {
  password: string;
  authority: CertificateAuthority;
  authorityKeystore: Keystore;
  /** Offline key of the authority for emergencies. */
  recoveryKeystore: Keystore;
  recoveryPublicKey: Hex;
  measurement: Hex;
  operators: {
    rootKeystore: Keystore;
    rootPublicKey: Hex;
    ownerWallet: Keystore;
    hotWallet: Keystore;
    tls: TlsIdentity;
  }[];
  /** Wallets of the timelock's proposer and of its approver. */
  timelock: Record<"council" | "approver", Keystore>;
  nodes: { operator: number; attestation: Keystore; attestationPublicKey: Uint8Array; tls: TlsIdentity }[];
  relayers: { wallet: Keystore; report: Keystore; mldsaPublicKey: Uint8Array; endpoint: string; tls: TlsIdentity }[];
}

/** Makes real keys for every part: each node, relayer and operator its own, in encrypted keystores. */
export async function makeIdentities(options: StartOptions): Promise<DevnetIdentities> {
  const password = randomBytes(24).toString("base64url");
  const make = (kind: KeyKind, purpose: KeyPurpose, secret?: Uint8Array): Promise<Keystore> =>
    createKeystore({ kind, purpose, password, scryptCost: SCRYPT_COST, ...(secret && { secret }) });
  const wallet = (role: Role, i = 0): Promise<Keystore> =>
    make("secp256k1", "wallet", hexToBytes(privateKeyOf(developmentAccount(role, DEVNET_CHAIN_ID, i))));
  const authorityKeystore = await make("ml-dsa-65", "authority");
  const { secret } = await decryptKeystore(authorityKeystore, password, "authority");
  const signer = certificateKey(secret);
  const trustDomain = "devnet.pqmesh";
  const root = await CertificateAuthority.createRoot({ commonName: "PQMesh devnet authority", signer, trustDomain });
  const points = { url: authorityUrl(options), authorityId: ROOT_AUTHORITY, shards: 1 };
  const authority = new CertificateAuthority({ certificate: root.pem, signer, trustDomain, points });
  const recoveryKeystore = await make("slh-dsa-sha2-128s", "root");
  return {
    password,
    authority,
    authorityKeystore,
    recoveryKeystore,
    recoveryPublicKey: `0x${recoveryKeystore.publicKey}`,
    measurement: measureBuild(),
    operators: await repeat(options.operators, async (i) => {
      const rootKeystore = await make("slh-dsa-sha2-128s", "root");
      const [ownerWallet, hotWallet] = [await wallet("operator", i), await wallet("agent", i)];
      const rootPublicKey: Hex = `0x${rootKeystore.publicKey}`;
      return { rootKeystore, rootPublicKey, ownerWallet, hotWallet, tls: await tlsIdentity(make) };
    }),
    timelock: { council: await wallet("council"), approver: await wallet("approver") },
    nodes: await repeat(options.nodes, async (i) => {
      const attestation = await make("ml-dsa-65", "attestation");
      const attestationPublicKey = publicKeyOf(attestation);
      return { operator: i % options.operators, attestation, attestationPublicKey, tls: await tlsIdentity(make) };
    }),
    relayers: await repeat(options.relayers, async (i) => {
      const report = await make("ml-dsa-65", "report");
      return {
        wallet: await wallet("relayer", i),
        report,
        mldsaPublicKey: publicKeyOf(report),
        endpoint: `https://${options.host}:${servicePorts(options).committee(i)}`,
        tls: await tlsIdentity(make),
      };
    }),
  };
}

/** Read API of the relayer that issues for the authority and serves its revocation lists. */
export function authorityUrl(options: StartOptions): string {
  return `http://${options.host}:${servicePorts(options).read(0)}`;
}

async function tlsIdentity(make: (kind: KeyKind, purpose: KeyPurpose) => Promise<Keystore>): Promise<TlsIdentity> {
  const keystore = await make("ml-dsa-65", "tls");
  return { keystore, publicKey: publicKeyOf(keystore) };
}

function publicKeyOf({ publicKey }: Keystore): Uint8Array {
  return hexToBytes(`0x${publicKey}`);
}

async function repeat<T>(count: number, make: (i: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let i = 0; i < count; i++) made.push(await make(i));
  return made;
}

/** Raw public key as people paste it: hex with 0x. */
export function publicKeyText(publicKey: Uint8Array): string {
  return `${bytesToHex(publicKey)}\n`;
}
