import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { X509Certificate } from "node:crypto";
import { createKeystore, decryptKeystore, openKeystore, readKeystore, writeKeystore } from "../keystore/keystore.ts";
import { readPrivateFile, writePrivateFile } from "../keystore/private-file.ts";
import { createCertificateRequest } from "../pki/certificate-request.ts";
import { normalizeSerial } from "../pki/peer-identity.ts";
import { type CertificateKey, certificateKey } from "../pki/tls-key.ts";

const KEY_FILE = "next-key.json";
const REQUEST_FILE = "next-request.pem";
const MAX_REQUEST_BYTES = 16_384;
/** Certificates that stay: the one in use and the one before it. */
const KEPT = 2;

/** A renewal that was begun: a new key, and the request to certify it (PKCS #10, PEM). */
export interface BegunRenewal {
  key: CertificateKey;
  request: string;
}

/** A key with its certificate (PEM). */
export interface CertifiedPair {
  key: CertificateKey;
  cert: string;
}

/** Where a renewer keeps its keys: a begun renewal and renewed certificates outlive the process. */
export interface RenewalStore {
  /** The renewal that was begun, undefined when none was. */
  begun(): Promise<BegunRenewal | undefined>;
  /** Makes a new key and its request and keeps them. */
  begin(): Promise<BegunRenewal>;
  /** Keeps the certificate of the begun renewal, which ends it. */
  adopt(cert: string): Promise<void>;
  /** Drops the begun renewal, whose key is never used. */
  discard(): Promise<void>;
}

/** Keystores and certificates of renewals in a directory of their own. */
export class RenewalFiles implements RenewalStore {
  readonly #directory: string;
  readonly #password: string;
  readonly #scryptCost: number;

  /** @param options.scryptCost Of new keystores, as that of the keystore they follow. */
  constructor(options: { directory: string; password: string; scryptCost: number }) {
    this.#directory = options.directory;
    this.#password = options.password;
    this.#scryptCost = options.scryptCost;
  }

  async begun(): Promise<BegunRenewal | undefined> {
    if (!existsSync(this.#at(REQUEST_FILE))) return undefined;
    const { secret } = await openKeystore(this.#at(KEY_FILE), this.#password);
    const request = await readPrivateFile(this.#at(REQUEST_FILE), "certificate request", MAX_REQUEST_BYTES);
    return { key: certificateKey(secret), request: request.toString("utf8") };
  }

  async begin(): Promise<BegunRenewal> {
    await this.discard();
    const keystore = await createKeystore({
      ...{ kind: "ml-dsa-65", purpose: "tls", password: this.#password, scryptCost: this.#scryptCost },
    });
    const key = certificateKey((await decryptKeystore(keystore, this.#password, "new keystore")).secret);
    const request = await createCertificateRequest(key, "pqmesh");
    await writeKeystore(this.#at(KEY_FILE), keystore);
    await writePrivateFile(this.#at(REQUEST_FILE), request);
    return { key, request };
  }

  /** The certificate comes last: without it, what lies there is a renewal under way. */
  async adopt(cert: string): Promise<void> {
    const serial = normalizeSerial(new X509Certificate(cert).serialNumber);
    if (!existsSync(this.#at(`${serial}.json`))) {
      await writeKeystore(this.#at(`${serial}.json`), await readKeystore(this.#at(KEY_FILE)));
    }
    if (!existsSync(this.#at(`${serial}.pem`))) await writePrivateFile(this.#at(`${serial}.pem`), cert);
    await this.discard();
    for (const { name } of certificatesIn(this.#directory).slice(KEPT)) {
      for (const ending of ["pem", "json"]) rmSync(this.#at(`${name}.${ending}`), { force: true });
    }
  }

  discard(): Promise<void> {
    for (const file of [REQUEST_FILE, KEY_FILE]) rmSync(this.#at(file), { force: true });
    return Promise.resolve();
  }

  #at(name: string): string {
    return path.join(this.#directory, name);
  }
}

/** The newest certificate that renewals left in a directory, undefined when there is none. */
export function newestRenewed(directory: string): { cert: string; keystore: string } | undefined {
  const newest = certificatesIn(directory)[0];
  return newest && { cert: newest.pem, keystore: path.join(directory, `${newest.name}.json`) };
}

/** Certificates of a directory whose keystores are there, newest first. */
function certificatesIn(directory: string): { name: string; pem: string; validFrom: Date }[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((file) => /^[0-9a-f]+\.pem$/.test(file));
  const found = names.map((file) => {
    const pem = readFileSync(path.join(directory, file), "utf8");
    return { name: path.basename(file, ".pem"), pem, validFrom: new X509Certificate(pem).validFromDate };
  });
  return found
    .filter(({ name }) => existsSync(path.join(directory, `${name}.json`)))
    .sort((a, b) => b.validFrom.getTime() - a.validFrom.getTime());
}
