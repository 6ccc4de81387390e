import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { authorityRoutes } from "../../../relayer/src/authority/authority-routes.ts";
import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import type { CertificateRecords } from "../../../relayer/src/pki/certificate-records.ts";
import { certificateStatus } from "../../../relayer/src/pki/certificate-status.ts";
import { chainRevocationList } from "../../../relayer/src/pki/chain-revocation-list.ts";
import { recordedPeers } from "../../../relayer/src/pki/recorded-peers.ts";
import { type CertificateKey, certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { serveRoute } from "../../../relayer/src/read/route.ts";
import {
  type AuthorityClient,
  authorityClient,
  type OpenRequest,
} from "../../../relayer/src/renewal/authority-client.ts";
import { createHttpService } from "../../../relayer/src/service/http-service.ts";
import { createLogger } from "../../../relayer/src/service/logger.ts";
import { MeshCredentials } from "../../../relayer/src/transport/mesh-credentials.ts";
import { AuthorityRig, OWNER } from "../../../test/relayer/authority/authority-rig.ts";
import { ManyRecords } from "./many-records.ts";

const TRUST_DOMAIN = "bench.pqmesh";
const LISTED = 100_000;
const LIST_RUNS = 5;
/** Runs in front that are not counted. */
const WARM_UP = 20;
const BLOCKS_TO_FINAL = 14;
const KEY_COMPROMISE = 1;
const log = createLogger({ name: "bench", level: "error" });

/** Milliseconds of each run, by what was done. */
export interface ServiceTimes {
  issue: number[];
  verify: number[];
  renew: number[];
  revoke: number[];
  list: number[];
  /** Bytes of the list. */
  listBytes: number;
}

/**
 * Does each thing `samples` times with the service of an authority over HTTP, its database on disk, and measures what is not
 * waiting for blocks: those are mined in between, on a model of the registry.
 */
export async function measureService(samples: number): Promise<ServiceTimes> {
  const folder = mkdtempSync(join(tmpdir(), "pqmesh-bench-certs-"));
  const file = join(folder, "authority.sqlite");
  const rig = await AuthorityRig.create({ startSeconds: Math.floor(Date.now() / 1_000), file });
  const api = createHttpService({ log, bodyLimit: 65_536 });
  const { issuer, store, registry: records, authorityId, authority } = rig;
  const { pem: certificate, trustDomain } = authority;
  const routes = authorityRoutes({ issuer, store, records, authorityId, certificate, trustDomain });
  for (const route of routes) serveRoute(api, route);
  const client = authorityClient([await api.listen({ host: "127.0.0.1", port: 0 })]);
  const times: ServiceTimes = { issue: [], verify: [], renew: [], revoke: [], list: [], listBytes: 0 };
  try {
    const relayer = await relayerCredentials(rig);
    for (let i = -WARM_UP; i < samples; i++) {
      const counted = i >= 0 ? times : { issue: [], verify: [], renew: [], revoke: [] };
      await measureNode({ rig, client, relayer, nodeIndex: i + WARM_UP }, counted);
    }
  } finally {
    await api.close();
    rig.db.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { ...times, ...(await measureList()) };
}

/** A node's certificate from its first request to its revocation. */
async function measureNode(
  { rig, client, relayer, nodeIndex }: Member,
  times: Pick<ServiceTimes, "issue" | "verify" | "renew" | "revoke">,
): Promise<void> {
  rig.addNode(nodeIndex);
  const first = await askFor(rig, nodeIndex, { key: certificateKey(), by: OWNER });
  const issued = await timed(times.issue, () => client.ask(first));
  await rig.mine(BLOCKS_TO_FINAL, 0);
  const certificate = new X509Certificate(issued.certificate);
  await timed(times.verify, () => relayer.verifyPeer(certificate));
  const renewed = await timed(times.renew, async () => {
    const key = certificateKey();
    const { certificate: cert } = await client.ask(await askFor(rig, nodeIndex, { key, by: "attestation-key" }));
    const { crl } = relayer.contextOptions() as { crl: string[] };
    const { pem, trustDomain } = rig.authority;
    return new MeshCredentials({ key: key.privateKey, cert, ca: [pem], crl, trustDomain });
  });
  await rig.mine(BLOCKS_TO_FINAL, 0);
  relayer.verifyPeer(renewed.certificate);
  await timed(times.revoke, async () => {
    rig.registry.changeCertificate(issued.serial, { revokedAt: rig.registry.head().timestamp, reason: KEY_COMPROMISE });
    relayer.replace({ crl: [(await listOf(rig.authority, rig.registry)).pem] });
  });
  if (relayer.refusal(certificate) !== "revoked") throw new Error("a revoked certificate is accepted");
}

interface Member {
  rig: AuthorityRig;
  client: AuthorityClient;
  /** Whom nodes connect to. */
  relayer: MeshCredentials;
  nodeIndex: number;
}

/** The first request is the operator's wallet's, later ones are the node's own. */
async function askFor(
  rig: AuthorityRig,
  nodeIndex: number,
  options: { key: CertificateKey; by: typeof OWNER | "attestation-key" },
): Promise<OpenRequest> {
  const asked = await rig.nodeRequest(nodeIndex, options);
  return { ...asked, signFor: () => Promise.resolve(asked.signature) };
}

async function relayerCredentials({ authority, registry }: AuthorityRig): Promise<MeshCredentials> {
  const key = certificateKey();
  const { pem: cert } = await authority.issueRelayer({ key, address: "0x00000000000000000000000000000000000000b1" });
  const crl = [(await listOf(authority, registry)).pem];
  const { pem, trustDomain } = authority;
  const credentials = new MeshCredentials({ key: key.privateKey, cert, ca: [pem], crl, trustDomain });
  const certificates = {
    authorities: () => registry.authorities(),
    authority: (authorityId: number) => registry.authority(authorityId),
    certificate: (serial: bigint) => registry.certificate(serial),
    statusNow: (serial: bigint) => certificateStatus(registry, serial, registry.head().timestamp),
  };
  credentials.consult(recordedPeers(certificates, trustDomain));
  return credentials;
}

async function measureList(): Promise<Pick<ServiceTimes, "list" | "listBytes">> {
  const signer = certificateKey();
  const authority = await CertificateAuthority.createRoot({ commonName: "bench", signer, trustDomain: TRUST_DOMAIN });
  const records = new ManyRecords(authority, { certificates: LISTED });
  const list: number[] = [];
  let listBytes = 0;
  for (let i = 0; i < LIST_RUNS; i++) {
    listBytes = (await timed(list, () => listOf(authority, records))).der.length;
  }
  return { list, listBytes };
}

function listOf(authority: CertificateAuthority, records: CertificateRecords) {
  const authorities = [authority.certificate];
  return authority.signRevocationList(chainRevocationList(records, { authorityId: 1, authorities }));
}

async function timed<T>(times: number[], work: () => T | Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await work();
  times.push(performance.now() - begin);
  return result;
}
