import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { pino } from "pino";
import type { Address } from "viem";
import { type ChainFollower, followChain } from "../../relayer/src/chain/follow-chain.ts";
import { type Committee, createCommittee, MEMBER_MIGRATIONS } from "../../relayer/src/committee/create-committee.ts";
import type { MemberKeys } from "../../relayer/src/committee/member-signatures.ts";
import { mlDsa65PublicKeyRaw } from "../../relayer/src/keystore/ml-dsa-65.ts";
import { CertificateAuthority } from "../../relayer/src/pki/certificate-authority.ts";
import { certificateKey } from "../../relayer/src/pki/tls-key.ts";
import {
  createDisputes,
  DISPUTE_MIGRATIONS,
  type Disputes,
  disputeKinds,
} from "../../relayer/src/disputes/create-disputes.ts";
import { ReportProofs } from "../../relayer/src/read/report-proofs.ts";
import type { WatchPolicy } from "../../relayer/src/disputes/watch-policy.ts";
import { createHttpService } from "../../relayer/src/service/http-service.ts";
import { AttestationStore } from "../../relayer/src/store/attestation-store.ts";
import { openDatabase } from "../../relayer/src/store/database.ts";
import type { HeartbeatRow } from "../../relayer/src/store/store-write.ts";
import { gapKind } from "../../relayer/src/submit/gap-intent.ts";
import { OUTBOX_MIGRATIONS } from "../../relayer/src/submit/outbox-store.ts";
import { reportKind } from "../../relayer/src/submit/report-intent.ts";
import { createSubmitter, type Submitter } from "../../relayer/src/submit/submitter.ts";
import { MeshCredentials, type MeshMaterial } from "../../relayer/src/transport/mesh-credentials.ts";
import { createMeshHttpsServer, requestPeer } from "../../relayer/src/transport/mesh-https-server.ts";
import { sign } from "node:crypto";
import { testAccount } from "./anvil.ts";
import type { MadeAttestation } from "./attesting-node.ts";
import type { TestNetwork, TestRelayer } from "./test-network.ts";

/** A member of a committee inside the test's process, with everything real but its sessions with agents. */
export interface TestMember {
  readonly address: Address;
  readonly seat: number;
  readonly directory: string;
  readonly credentials: MeshCredentials;
  readonly keys: MemberKeys;
  readonly chain: ChainFollower;
  readonly store: AttestationStore;
  readonly submitter: Submitter;
  readonly committee: Committee;
  readonly disputes: Disputes;
  /** Heartbeats this member counted, in every epoch alike. */
  heartbeats: HeartbeatRow[];
  /** True while requests of other members are left without an answer. */
  silent: boolean;
  /** Stores attestations as if agents had sent them; they are not verified. */
  hold(attestations: readonly Pick<MadeAttestation, "wire" | "digest">[]): Promise<void>;
  /** Ends everything; the directory stays. */
  stop(): Promise<void>;
}

/** How one member is started. */
export interface MemberOptions {
  network: TestNetwork;
  relayer: TestRelayer;
  seat: number;
  material: MeshMaterial;
  /** Default: the chain's own. */
  rpcUrl?: string;
  /** Data of an earlier run; default: a new directory. */
  directory?: string;
  /** False: it answers, but never leads. */
  leads?: boolean;
  /** False: it leaves challenges without an answer. */
  responds?: boolean;
  /** True: chain time moves with blocks only, so that no round passes while the test works. */
  standsStill?: boolean;
  /** Default: it does not watch others. */
  policy?: WatchPolicy;
}

/** Makes the authority of a test's certificates. */
export function testAuthority({ config }: TestNetwork): Promise<CertificateAuthority> {
  return CertificateAuthority.createRoot({
    commonName: "test",
    signer: certificateKey(),
    trustDomain: config.trustDomain,
  });
}

/** TLS material of a relayer, its key in PEM. */
export async function relayerMaterial(
  authority: CertificateAuthority,
  address: Address,
): Promise<MeshMaterial & { key: string }> {
  const { publicKey, privateKey } = certificateKey();
  const { pem } = await authority.issueRelayer({ key: { publicKey }, address });
  const key = String(privateKey.export({ format: "pem", type: "pkcs8" }));
  return { key, cert: pem, ca: [authority.pem], crl: [], trustDomain: authority.trustDomain };
}

/** Rows of heartbeats as perfect nodes give them. */
export function perfectHeartbeats(nodeIndices: readonly number[]): HeartbeatRow[] {
  return nodeIndices.map((nodeIndex) => ({
    nodeIndex,
    received: 10,
    expected: 10,
    jitterMicros: 0,
    intervalMicros: 1_000_000,
    latencyMicros: 500,
    lastSeenMs: 0,
  }));
}

/** Starts a member and publishes its endpoint on chain. */
export async function startMember(options: MemberOptions): Promise<TestMember> {
  const { network, relayer, seat, leads = true, responds = true } = options;
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "member-"));
  mkdirSync(directory, { recursive: true });
  const log = pino({ level: process.env.TEST_LOG ?? "silent", name: `seat-${seat}` });
  const credentials = new MeshCredentials(options.material);
  const keys = keysOf(relayer);
  const rpcUrls = [options.rpcUrl ?? network.config.rpcUrl];
  const sinceHead = options.standsStill ? () => 0 : undefined;
  const chain = await followChain({ rpcUrls, network: network.config, log, pollMs: 25, timeoutMs: 1_000, sinceHead });
  const store = await AttestationStore.open({ file: join(directory, "attestations.db") });
  const db = openDatabase(join(directory, "committee.db"), [
    ...MEMBER_MIGRATIONS,
    ...OUTBOX_MIGRATIONS,
    ...DISPUTE_MIGRATIONS,
  ]);
  const account = testAccount(relayer.accountIndex);
  const kinds = [gapKind(chain), reportKind(chain), ...disputeKinds(chain)];
  const submitter = createSubmitter({ db, chain, account, kinds, lockDirectory: directory, log });
  const heartbeats = () => member.heartbeats;
  const committee = createCommittee({ db, chain, leaves: store, heartbeats, keys, credentials, submitter, log });
  const proofs = new ReportProofs(store, committee);
  const disputes = await createDisputes({
    ...{ db, chain, network: network.config, submitter, address: relayer.address, store, proofs, committee, log },
    ...{ responds, policy: options.policy ?? { watch: "off", bondBudgetWei: 0n } },
  });
  const app = serverOf(credentials, () => member.silent);
  committee.addRoutes(app, relayerOf);
  const member: TestMember = {
    ...{ address: relayer.address, seat, directory, credentials, keys, chain, store, submitter },
    ...{ committee, disputes },
    heartbeats: [],
    silent: false,
    async hold(attestations) {
      const leaves = attestations.map(({ wire, digest }) => ({ wire: Uint8Array.from(wire), digest }));
      await store.insertFetched(leaves, Math.floor(chain.nowMs()));
    },
    async stop() {
      await app.close();
      await disputes.stop();
      await committee.stop();
      await submitter.stop();
      await chain.stop();
      await store.close();
      db.close();
    },
  };
  await app.listen({ port: 0, host: "127.0.0.1" });
  const endpoint = `https://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  await network.call("RelayerCommittee", "setEndpoint", [endpoint], relayer.address);
  if (leads) committee.start();
  disputes.start();
  return member;
}

/** Copies a stopped member's data, to restore it as an old disk later. */
export function copyDisk({ directory }: Pick<TestMember, "directory">): string {
  const copy = mkdtempSync(join(tmpdir(), "disk-"));
  cpSync(directory, copy, { recursive: true });
  return copy;
}

/** Deletes a member's data. */
export function deleteDisk({ directory }: Pick<TestMember, "directory">): void {
  rmSync(directory, { recursive: true, force: true });
}

function keysOf({ accountIndex, mldsaKey }: TestRelayer): MemberKeys {
  const account = testAccount(accountIndex);
  return {
    account: { address: account.address, sign: ({ hash }) => account.sign({ hash }) },
    report: {
      publicKey: mlDsa65PublicKeyRaw(mldsaKey),
      sign: (digest) => new Uint8Array(sign(null, digest, mldsaKey)),
    },
  };
}

function serverOf(credentials: MeshCredentials, isSilent: () => boolean): FastifyInstance {
  const app = createHttpService({
    log: pino({ level: "silent" }),
    bodyLimit: 1_048_576,
    serverFactory: (handler) => createMeshHttpsServer({ credentials }, handler),
  });
  app.addHook("onRequest", async () => {
    if (isSilent()) await new Promise(() => undefined);
  });
  return app;
}

function relayerOf(request: FastifyRequest): Address {
  const peer = requestPeer(request.raw);
  if (peer.kind !== "relayer") throw new Error(`node ${peer.nodeIndex} is not a relayer`);
  return peer.address;
}
