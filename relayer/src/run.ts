import path from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { certificateRequestTypedData } from "@pqmesh/contracts/protocol/certificate-request";
import type { Registry } from "prom-client";
import { type Address, isAddressEqual } from "viem";
import { AUTHORITY_MIGRATIONS } from "./authority/certificate-store.ts";
import { recordKind } from "./authority/record-intent.ts";
import { type RunningAuthority, startAuthority } from "./authority/start-authority.ts";
import { type ChainFollower, followChain } from "./chain/follow-chain.ts";
import { type Committee, createCommittee, MEMBER_MIGRATIONS } from "./committee/create-committee.ts";
import { createDisputes, DISPUTE_MIGRATIONS, type Disputes, disputeKinds } from "./disputes/create-disputes.ts";
import { EpochKeeper } from "./ingest/epoch-keeper.ts";
import { HeartbeatBook } from "./ingest/heartbeat-book.ts";
import { Ingest } from "./ingest/ingest.ts";
import { IngestFigures } from "./ingest/ingest-figures.ts";
import { INGEST_LIMITS } from "./ingest/ingest-limits.ts";
import { ReceiptSigner } from "./ingest/receipt-signer.ts";
import { serveAgentSession, wireLatencyMicros } from "./ingest/session-gateway.ts";
import { lowerPoolPriority, sizeThreadPool } from "./ingest/thread-pool.ts";
import { type OpenedRelayer, openRelayer } from "./open-relayer.ts";
import { recordedPeers } from "./pki/recorded-peers.ts";
import { LeaseKeeper } from "./keeper/lease-keeper.ts";
import { sweepKind } from "./keeper/sweep-intent.ts";
import { openRenewal } from "./renewal/open-renewal.ts";
import { LiveFeed } from "./read/live-feed.ts";
import { openCertificateSources } from "./read/certificate-sources.ts";
import { createReadApi } from "./read/read-api.ts";
import { ReportProofs } from "./read/report-proofs.ts";
import type { Route } from "./read/route.ts";
import { Health } from "./service/health.ts";
import { createHttpService } from "./service/http-service.ts";
import { ConfigError } from "./service/load-config.ts";
import { createLogger, type Logger, logHealth } from "./service/logger.ts";
import { createMetrics } from "./service/metrics.ts";
import { ownCertificate } from "./service/own-certificate.ts";
import { RevocationFeed } from "./service/revocation-feed.ts";
import { Problem } from "./service/problem.ts";
import type { RunningService } from "./service/run-service.ts";
import { Teardown } from "./service/teardown.ts";
import { seatKinds, startSeat } from "./seat/start-seat.ts";
import { SEAT_MIGRATIONS } from "./seat/shown-signatures.ts";
import { AGENT_FRAMES, RELAYER_FRAMES } from "./session/frames.ts";
import { AttestationStore } from "./store/attestation-store.ts";
import { openDatabase } from "./store/database.ts";
import { beaconKind } from "./submit/beacon-intent.ts";
import { BeaconKeeper } from "./submit/beacon-keeper.ts";
import { gapKind } from "./submit/gap-intent.ts";
import { OUTBOX_MIGRATIONS } from "./submit/outbox-store.ts";
import { reportKind } from "./submit/report-intent.ts";
import { wordKind } from "./submit/word-intent.ts";
import { WordKeeper } from "./submit/word-keeper.ts";
import { createSubmitter, type Submitter } from "./submit/submitter.ts";
import { createMeshHttpsServer, requestPeer } from "./transport/mesh-https-server.ts";
import { createMeshServer } from "./transport/mesh-server.ts";
import { VERSION } from "./version.ts";

/** What all parts of a running relayer share. */
interface Base extends OpenedRelayer {
  chain: ChainFollower;
  store: AttestationStore;
  heartbeats: HeartbeatBook;
  feed: LiveFeed;
  health: Health;
  metrics: Registry;
  log: Logger;
  teardown: Teardown;
}

/** A proposal for a full shard has about 60 kB. */
const COMMITTEE_BODY_BYTES = 262_144;
const HEALTH_CHECK_MS = 1_000;

/**
 * Starts a relayer: opens its state for this process alone, follows the chain, takes attestations, holds its seat in
 * the committee, serves readers.
 *
 * @throws Error in one sentence when the configuration, a key, the chain, a port or the database is wrong.
 */
export async function startRelayer(configFile: string, stopping?: AbortSignal): Promise<RunningService> {
  sizeThreadPool();
  await lowerPoolPriority();
  const opened = await openRelayer(configFile);
  const teardown = new Teardown();
  teardown.defer(() => opened.lock.release());
  try {
    return await run(await openBase(opened, teardown, stopping));
  } catch (error) {
    await teardown.run().catch(() => undefined);
    throw error;
  }
}

async function openBase(opened: OpenedRelayer, teardown: Teardown, stopping: AbortSignal | undefined): Promise<Base> {
  const { config, network, dataDir } = opened;
  const log = createLogger({ name: "relayer", level: config.log.level });
  const health = new Health();
  logHealth(health, log);
  const chain = await followChain({ rpcUrls: config.rpcUrls, network, log, ...(stopping && { signal: stopping }) });
  teardown.defer(() => chain.stop());
  opened.credentials.consult(recordedPeers(chain.certificates, network.trustDomain));
  if (BigInt(config.retentionEpochs) < chain.horizonEpochs) {
    throw new ConfigError(
      `retentionEpochs is ${config.retentionEpochs}, less than the horizon of ${chain.horizonEpochs}`,
    );
  }
  const store = await AttestationStore.open({
    file: path.join(dataDir, "attestations.db"),
    maxBytes: config.maxStoreMb && config.maxStoreMb * 2 ** 20,
  });
  teardown.defer(() => store.close());
  const heartbeats = new HeartbeatBook(chain, config.heartbeatSilenceMs);
  return {
    ...opened,
    chain,
    store,
    heartbeats,
    feed: new LiveFeed(),
    health,
    metrics: createMetrics("relayer"),
    log,
    teardown,
  };
}

async function run(base: Base): Promise<RunningService> {
  const { chain, store, heartbeats, config, log, teardown, account } = base;
  const { db, committee, submitter } = openCommittee(base);
  startDuties(base, { db, committee, submitter });
  const proofs = new ReportProofs(store, committee);
  const disputes = await openDisputes(base, { db, committee, submitter, proofs });
  const leases = openLeaseKeeper(base, submitter);
  const revocation = openRevocationFeed(base);
  const authority = openAuthorityService(base, db, submitter);
  const renewal = openRelayerRenewal(base);
  watchHealth(base, {
    ...{ chain, certificate: ownCertificate(base), committee, submitter, disputes, revocation },
    ...(leases && { keeper: leases }),
    ...(authority && { authority }),
    ...(renewal && { renewal }),
  });
  const keeper = new EpochKeeper({ chain, store, heartbeats, retentionEpochs: config.retentionEpochs, log });
  teardown.defer(() => keeper.stop());
  await serveSessions(base, disputes);
  await serveCommittee(base, committee);
  await serveReaders(base, { committee, proofs, further: authority?.routes ?? [] });
  revocation.start();
  renewal?.start();
  committee.start();
  disputes.start();
  leases?.start();
  log.info({ relayer: account.address, epoch: String(chain.currentEpoch()), version: VERSION }, "relayer runs");
  const stop = async (): Promise<void> => {
    await teardown.run();
    log.info("relayer stopped");
  };
  return { stop, failed: store.failed };
}

function openCommittee(base: Base): { db: DatabaseSync; committee: Committee; submitter: Submitter } {
  const { chain, store, heartbeats, credentials, account, reportSigner, dataDir, metrics, log, teardown } = base;
  const { config } = base;
  const db = openDatabase(path.join(dataDir, "relayer.db"), [
    ...MEMBER_MIGRATIONS,
    ...OUTBOX_MIGRATIONS,
    ...DISPUTE_MIGRATIONS,
    ...SEAT_MIGRATIONS,
    ...AUTHORITY_MIGRATIONS,
  ]);
  teardown.defer(() => db.close());
  const submitter = createSubmitter({
    db,
    chain,
    account,
    kinds: [
      ...[gapKind(chain), reportKind(chain), beaconKind(chain), wordKind(chain)],
      ...[...disputeKinds(chain), ...seatKinds(chain), sweepKind(chain), recordKind(chain.certificates)],
    ],
    lockDirectory: dataDir,
    log,
    registry: metrics,
  });
  teardown.defer(() => submitter.stop());
  const committee = createCommittee({
    db,
    chain,
    leaves: store,
    heartbeats: (epoch, shard) => heartbeats.shardStats(epoch, shard) ?? store.heartbeatsOf(epoch, shard),
    keys: { account, report: reportSigner },
    credentials,
    submitter,
    log,
    registry: metrics,
    statementLimit: config.committee.statementsPerLeader,
  });
  teardown.defer(() => committee.stop());
  return { db, committee, submitter };
}

/** Starts what members of the committee do by turns, beside reports and disputes. */
function startDuties(
  { chain, network, config, account, log, teardown }: Base,
  { db, committee, submitter }: { db: DatabaseSync; committee: Committee; submitter: Submitter },
): void {
  const { contracts } = network;
  const { address } = account;
  const beacons = new BeaconKeeper({ chain, submitter, address, log });
  teardown.defer(() => beacons.stop());
  beacons.start();
  if (config.closeWords) {
    const words = new WordKeeper({ chain, submitter, rewards: contracts.NodeRewards, address, log });
    teardown.defer(() => words.stop());
    words.start();
  }
  const seat = startSeat({
    ...{ db, chain, submitter, contracts, address, log, reports: committee },
    collectFromWei: config.fees.collect ? config.fees.collectFromWei : undefined,
    removesSilent: config.committee.removeSilent,
  });
  teardown.defer(() => seat.stop());
}

function openRevocationFeed({ chain, credentials, config, log, teardown }: Base): RevocationFeed {
  const { crlUrls: urls, crlSeconds } = config.tls;
  const changedAt = (): bigint => chain.certificates.changedAt();
  const feed = new RevocationFeed({ urls, credentials, changedAt, everyMs: crlSeconds * 1_000, log });
  teardown.defer(() => feed.stop());
  return feed;
}

/** The Janitor, unless it is left to others. */
function openLeaseKeeper(base: Base, submitter: Submitter): LeaseKeeper | undefined {
  const { chain, network, config, account, metrics, log, teardown } = base;
  if (!config.keeper.enabled) return undefined;
  const { address } = account;
  const keeper = new LeaseKeeper({ chain, submitter, network, address, log, registry: metrics });
  teardown.defer(() => keeper.stop());
  return keeper;
}

/** The certificate authority, when this relayer issues for one. */
function openAuthorityService(base: Base, db: DatabaseSync, submitter: Submitter): RunningAuthority | undefined {
  const { chain, network, authority: opened, log, teardown } = base;
  if (!opened) return undefined;
  const authority = startAuthority({ opened, db, chain, network, submitter, log });
  teardown.defer(() => authority.stop());
  return authority;
}

/** The renewal of the relayer's own certificate, when its configuration names an authority to ask. */
function openRelayerRenewal({ config, chain, credentials, renewals, account, log, teardown }: Base) {
  if (!config.renewal || !renewals) return undefined;
  const renewer = openRenewal(config.renewal, {
    ...{ credentials, chain, log, store: renewals },
    holder: { kind: "relayer", subject: BigInt(account.address) },
    sign: (request) => account.signTypedData(certificateRequestTypedData(chain.certificates, request)),
  });
  teardown.defer(() => renewer.stop());
  return renewer;
}

async function openDisputes(
  { chain, network, store, config, account, metrics, log, teardown }: Base,
  parts: { db: DatabaseSync; committee: Committee; submitter: Submitter; proofs: ReportProofs },
): Promise<Disputes> {
  const disputes = await createDisputes({
    ...{ chain, network, store, log, ...parts },
    address: account.address,
    responds: config.disputes.respond,
    policy: config.disputes,
    registry: metrics,
  });
  teardown.defer(() => disputes.stop());
  return disputes;
}

function watchHealth({ health, teardown }: Base, parts: Record<string, { health(): PartHealth }>): void {
  const look = (): void => {
    for (const [part, watched] of Object.entries(parts)) {
      const { ok, reasons, notices = [] } = watched.health();
      health.notice(part, notices.length > 0 ? notices.join("; ") : undefined);
      if (ok) health.restore(part);
      else health.degrade(part, reasons.join("; "));
    }
  };
  const timer = setInterval(look, HEALTH_CHECK_MS).unref();
  teardown.defer(() => clearInterval(timer));
}

interface PartHealth {
  ok: boolean;
  reasons: string[];
  notices?: string[];
}

async function serveSessions(base: Base, disputes: Disputes): Promise<void> {
  const { chain, store, heartbeats, feed, health, metrics, log, teardown, config, credentials, account } = base;
  const domain = { chainId: chain.chainId, bridge: chain.bridge };
  const ingest = new Ingest({
    chain,
    store,
    domain,
    signer: new ReceiptSigner(domain, base.privateKey),
    figures: new IngestFigures(metrics, health),
    log,
    limits: { ...INGEST_LIMITS, historyEpochs: config.historyEpochs },
    onFork: (held, offered) => disputes.noteFork(held, offered),
    onAccepted(place, wire) {
      heartbeats.noteLatency(place.nodeIndex, wireLatencyMicros(wire));
      feed.emit("attestation", place);
    },
  });
  const onHeartbeat = (nodeIndex: number): void => {
    const live = heartbeats.live(nodeIndex);
    if (live) feed.emit("heartbeat", live);
  };
  const gateway = { chain, store, ingest, heartbeats, relayer: account.address, log, onHeartbeat };
  const server = createMeshServer({
    credentials,
    frames: { ...AGENT_FRAMES, ...RELAYER_FRAMES },
    limits: { maxConnections: config.maxSessions },
    onSession: (session) => serveAgentSession(gateway, session),
    onFault: (error) => log.error({ err: error }, "session failed"),
  });
  teardown.defer(() => server.close());
  await server.listen(config.session.port, config.session.host);
}

async function serveCommittee({ credentials, config, log, teardown }: Base, committee: Committee): Promise<void> {
  const app = createHttpService({
    log,
    bodyLimit: COMMITTEE_BODY_BYTES,
    serverFactory: (handler) => createMeshHttpsServer({ credentials }, handler),
  });
  committee.addRoutes(app, ({ raw }) => relayerOf(raw));
  teardown.defer(() => app.close());
  await app.listen(config.committeeApi);
}

function relayerOf(request: Parameters<typeof requestPeer>[0]): Address {
  const peer = requestPeer(request);
  if (peer.kind === "relayer") return peer.address;
  throw new Problem(403, "not-a-relayer", `the committee protocol is for relayers, not for node ${peer.nodeIndex}`);
}

async function serveReaders(
  base: Base,
  { committee, ...parts }: { committee: Committee; proofs: ReportProofs; further: readonly Route[] },
): Promise<void> {
  const { chain, store, heartbeats, feed, health, metrics, log, teardown, config, account, network } = base;
  const own = network.relayers.find(({ address }) => isAddressEqual(address, account.address));
  const url = own?.url ?? `http://${config.readApi.host}:${config.readApi.port}`;
  chain.events.on("report", (report) => feed.emit("report", report));
  const certificates = openCertificateSources({
    ...{ chain, network, url, authority: base.authority },
    accepted: base.credentials.authorities,
  });
  watchHealth(base, { revocationLists: certificates.lists });
  const app = createReadApi({
    ...{ chain, store, heartbeats, feed, health, metrics, log },
    ...parts,
    reports: committee,
    certificates,
    relayer: account.address,
    authorityId: base.authority?.config.authorityId,
    version: VERSION,
  });
  teardown.defer(() => app.close());
  await app.listen(config.readApi);
}
