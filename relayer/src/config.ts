import { z } from "zod";
import { authoritySchema } from "./authority/authority-config.ts";
import { bondBudgetSchema, WATCH_POLICIES } from "./disputes/watch-policy.ts";
import { renewalSchema } from "./renewal/renewal-config.ts";
import { LOG_LEVELS } from "./service/logger.ts";
import { tlsFilesSchema } from "./service/tls-files.ts";
import { weiSchema } from "./service/wei-schema.ts";

const listen = z.strictObject({
  /** Address to listen on. */
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535),
});

/** Configuration of a relayer: one JSON file, validated at boot; relative paths are relative to the file. */
export const relayerConfigSchema = z.strictObject({
  /** Directory of the relayer's durable state; one instance at a time. */
  dataDir: z.string().min(1),
  /** Path of the network.json of the deployment. */
  network: z.string().min(1),
  /** JSON-RPC endpoints, first one preferred. */
  rpcUrls: z.array(z.url()).min(1).max(8),
  /** File with the password of all keystores; without it `PQMESH_PASSWORD_FILE` or `PQMESH_PASSWORD` is read. */
  passwordFile: z.string().min(1).optional(),
  /** Keystore of the secp256k1 key that is the member's address: signs receipts, reports and transactions. */
  walletKeystore: z.string().min(1),
  /** Keystore of the ML-DSA-65 key that signs reports. */
  reportKeystore: z.string().min(1),
  tls: tlsFilesSchema,
  /** Where agents connect. */
  session: listen,
  /** Where other members connect. */
  committeeApi: listen,
  /** Where readers connect. */
  readApi: listen,
  /** Sessions of agents at once. */
  maxSessions: z.number().int().min(1).max(100_000).default(4_096),
  /** Silence after which a node is shown as silent at the latest, milliseconds. */
  heartbeatSilenceMs: z.number().int().min(1_000).max(15_000).default(15_000),
  /** Age in epochs up to which missing attestations of a node are taken as history. */
  historyEpochs: z.number().int().min(8).max(2_048).default(256),
  /** Epochs for which attestations are kept; at least the finality horizon. */
  retentionEpochs: z.number().int().min(64).max(10_000_000).default(2_048),
  /** Size at which the attestation database takes no more; without it the disk decides. */
  maxStoreMb: z.number().int().min(16).max(100_000_000).optional(),
  disputes: z
    .strictObject({
      /** False leaves challenges to another program with the same key; silence costs all signers of a report. */
      respond: z.boolean().default(true),
      /** What is done about bad reports of others: nothing, find and show, or also prove and challenge. */
      watch: z.enum(WATCH_POLICIES).default("observe"),
      /** Wei in bonds of own challenges at once at most; default 0.1 ether. */
      bondBudgetWei: bondBudgetSchema,
    })
    .prefault({}),
  committee: z
    .strictObject({
      /** Reports of one epoch that are kept of one leader at most, as evidence against it; what it proposes beyond is refused. */
      statementsPerLeader: z.number().int().min(16).max(65_536).default(128),
      /** False leaves it to others to take the seats of silent members, for which members take turns. */
      removeSilent: z.boolean().default(true),
    })
    .prefault({}),
  /** False leaves it to others to close words of rewards, for which members take turns. */
  closeWords: z.boolean().default(true),
  fees: z
    .strictObject({
      /** False leaves it to others to collect the fees of reports, for which members take turns. */
      collect: z.boolean().default(true),
      /** MESH wei of its own that must be there to collect; default 10 MESH. */
      collectFromWei: weiSchema("10000000000000000000"),
    })
    .prefault({}),
  keeper: z
    .strictObject({
      /** False leaves it to others to close leases that are over, for which members take turns. */
      enabled: z.boolean().default(true),
    })
    .prefault({}),
  /** Certificate authority that this relayer issues for; without it, none. */
  authority: authoritySchema.optional(),
  /** Who renews this relayer's certificate; without it, it is renewed by hand. */
  renewal: renewalSchema.optional(),
  log: z.strictObject({ level: z.enum(LOG_LEVELS) }).default({ level: "info" }),
});

/** A validated relayer configuration. */
export type RelayerConfig = z.infer<typeof relayerConfigSchema>;
