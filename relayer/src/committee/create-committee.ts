import type { DatabaseSync } from "node:sqlite";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import type { AcceptedReport, CommitteeRecord } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { ReportSource } from "../read/report-source.ts";
import type { Migration } from "../store/database.ts";
import type { Submitter } from "../submit/submitter.ts";
import type { MeshCredentials } from "../transport/mesh-credentials.ts";
import { addCommitteeRoutes, type RequestRelayer } from "./api.ts";
import { createCommitteeMetrics, registerStatements } from "./committee-metrics.ts";
import { COMMITTEE_MIGRATIONS, CommitteeStore } from "./committee-store.ts";
import { InstanceGuard } from "./instance-guard.ts";
import { type LeafStore, LeafVault } from "./leaf-vault.ts";
import type { MemberKeys } from "./member-signatures.ts";
import type { SignedReport } from "./messages.ts";
import { PeerClient } from "./peer-client.ts";
import { ProposalSigner } from "./proposal-signer.ts";
import { PROTECTION_MIGRATIONS, ProtectionLog } from "./protection-log.ts";
import { type OwnHeartbeats, QualityPanel } from "./quality-panel.ts";
import { ReportArchivist } from "./report-archivist.ts";
import { RoundDriver } from "./round-driver.ts";
import { type Round, RoundLeader } from "./round-leader.ts";
import { RoundSchedule } from "./round-schedule.ts";

/** Schema of everything a committee member stores. */
export const MEMBER_MIGRATIONS: Migration[] = [...PROTECTION_MIGRATIONS, ...COMMITTEE_MIGRATIONS];

/** What {@link createCommittee} needs. */
export interface CommitteeOptions {
  /** Opened with {@link MEMBER_MIGRATIONS}. */
  db: DatabaseSync;
  chain: ChainFollower;
  /** Verified attestations of this relayer. */
  leaves: LeafStore;
  /** Heartbeats that this relayer counted. */
  heartbeats: OwnHeartbeats;
  keys: MemberKeys;
  /** TLS material for calls to other members. */
  credentials: MeshCredentials;
  submitter: Submitter;
  log: Logger;
  /** Where metrics are registered. */
  registry?: Registry;
  /** Epochs for which proposals, signatures and protection records are kept; at least and by default 8,192. */
  keepEpochs?: number;
  /** Reports of one epoch that are kept of one leader at most, as evidence; default 128. */
  statementLimit?: number;
}

/** This relayer's seat in the committee. */
export interface Committee extends ReportSource {
  /** Adds the committee protocol to a server of `createMeshHttpsServer`. */
  addRoutes(app: FastifyInstance, relayerOf: RequestRelayer): void;
  /** Begins to lead rounds; the routes should be reachable by then. */
  start(): void;
  readonly protection: ProtectionLog;
  /** Fetches what this member lacks of an accepted report from its signers. @returns true when nothing is missing. */
  complete(report: AcceptedReport): Promise<boolean>;
  /** Members that signed two reports of one round, as far as this member holds their signatures; epochs from `epoch` on. */
  doubleSigned(epoch: bigint): ReturnType<CommitteeStore["doubleSigned"]>;
  health(): { ok: boolean; reasons: string[] };
  stop(): Promise<void>;
}

/** Epochs kept at least: more than a chain view keeps, so that the protection log knows every report in it. */
const LEAST_KEPT_EPOCHS = 8_192;
/** Horizons for which statements of leaders are kept; they are looked through for one. */
const STATEMENT_HORIZONS = 2n;
const STATEMENT_LIMIT = 128;
/** Milliseconds after which a member asks others for what it lacks of a report; the leader stores signatures first. */
const ARCHIVE_DELAY_MS = 1_000;
/** Epochs between two prunings. */
const PRUNE_EVERY = 64n;

/** Creates this relayer's seat: it answers other members at once, and leads rounds once started. */
export function createCommittee(options: CommitteeOptions): Committee {
  const { db, chain, keys, credentials, log, registry = new Registry() } = options;
  const { address } = keys.account;
  const protection = new ProtectionLog(db, { chainId: chain.chainId, bridge: chain.bridge, member: address });
  const store = new CommitteeStore(db);
  const peers = new PeerClient(credentials);
  const metrics = createCommitteeMetrics(registry);
  const schedule = new RoundSchedule(chain);
  const vault = new LeafVault(chain, options.leaves);
  const heartbeats: OwnHeartbeats = (epoch, shard) =>
    options.heartbeats(epoch, shard)?.filter(({ nodeIndex }) => chain.isActive(nodeIndex, epoch));
  const panel = new QualityPanel({
    ...{ own: heartbeats, epochLengthSeconds: chain.epochLengthSeconds, pauseMs: schedule.roundMs },
    activeNodes: (place) => vault.activeNodes(place),
  });
  const base = {
    ...{ chain, schedule, store, protection, keys, address, metrics, log, submitter: options.submitter },
    ...{ vault, panel, peerOf: peers.of, statementLimit: options.statementLimit ?? STATEMENT_LIMIT },
  };
  registerStatements(registry, () => store.statements());
  const signer = new ProposalSigner(base);
  const leader = new RoundLeader({ ...base, signer });
  const lead = (round: Round) =>
    leader.lead(round).catch((error: unknown) => {
      metrics.roundsLed.inc({ outcome: "failed" });
      throw error;
    });
  const driver = new RoundDriver({ ...base, lead });
  const guard = new InstanceGuard(chain, protection, { member: address, log });
  const archivist = new ReportArchivist({ ...base, delayMs: ARCHIVE_DELAY_MS });
  const prune = pruner({ chain, protection, store, keepEpochs: options.keepEpochs ?? LEAST_KEPT_EPOCHS });
  guard.start();
  return {
    protection,
    complete: (report) => archivist.complete(report),
    doubleSigned: (epoch) => store.doubleSigned(epoch),
    addRoutes: (app, relayerOf) => addCommitteeRoutes(app, { ...base, heartbeats, signer, relayerOf }),
    start() {
      archivist.start();
      chain.events.on("head", prune);
      driver.start();
    },
    reportOf(epoch, shard) {
      const accepted = chain.acceptedReport(shard, epoch);
      const signed = accepted && store.signedReport(accepted.digest);
      return signed && withAddresses(signed, chain.committeeAt(epoch));
    },
    health() {
      const reasons = [guard.warning, keyFault(chain, keys)].filter((reason) => reason !== undefined);
      return { ok: reasons.length === 0, reasons };
    },
    async stop() {
      chain.events.off("head", prune);
      guard.stop();
      archivist.stop();
      peers.close();
      await driver.stop();
    },
  };
}

function withAddresses(
  { signatures, ...signed }: SignedReport,
  committee: CommitteeRecord | undefined,
): ReturnType<ReportSource["reportOf"]> {
  const shown = signatures.flatMap(({ seat, ecdsaSignature, mldsaSignature }) => {
    const address = committee?.members[seat]?.address;
    return address ? { seat, address, ecdsa: ecdsaSignature, mldsa: mldsaSignature } : [];
  });
  return { ...signed, signatures: shown };
}

function keyFault(chain: ChainFollower, { account, report }: MemberKeys): string | undefined {
  const members = chain.committeeAt(chain.currentEpoch())?.members;
  const published = members?.find(({ address }) => address === account.address)?.mldsaKey;
  if (!published || Buffer.compare(published, report.publicKey) === 0) return undefined;
  return `the ML-DSA-65 key of relayer ${account.address} is not the one it published on chain`;
}

interface Pruned {
  chain: ChainFollower;
  protection: ProtectionLog;
  store: CommitteeStore;
  keepEpochs: number;
}

function pruner({ chain, protection, store, keepEpochs }: Pruned): () => void {
  const kept = BigInt(Math.max(keepEpochs, LEAST_KEPT_EPOCHS));
  let next = 0n;
  return () => {
    const current = chain.currentEpoch();
    if (current < next) return;
    next = current + PRUNE_EVERY;
    store.pruneStatements(current - STATEMENT_HORIZONS * chain.horizonEpochs);
    const oldest = current - kept;
    if (oldest <= 0n) return;
    protection.prune(oldest);
    store.prune(oldest);
  };
}
