import { z } from "zod";
import { LOG_LEVELS } from "../service/logger.ts";
import { bondBudgetSchema } from "./watch-policy.ts";

/** Configuration of a watchtower that runs by itself; relative paths are relative to the file. */
export const watchConfigSchema = z
  .strictObject({
    /** Directory of its durable state; one instance at a time. */
    dataDir: z.string().min(1),
    /** Path of the network.json of the deployment. */
    network: z.string().min(1),
    /** JSON-RPC endpoints, first one preferred; default: the one of network.json. */
    rpcUrls: z.array(z.url()).min(1).max(8).optional(),
    /** Read APIs that are asked for leaves; default: the relayers of network.json. */
    relayerUrls: z.array(z.url()).min(1).max(64).optional(),
    /** What is done about offences: find and show, or also prove and challenge. */
    watch: z.enum(["observe", "act"]).default("observe"),
    /** Keystore of the secp256k1 key that sends; only to act. */
    walletKeystore: z.string().min(1).optional(),
    /** File with the keystore's password; without it `PQMESH_PASSWORD_FILE` or `PQMESH_PASSWORD` is read. */
    passwordFile: z.string().min(1).optional(),
    /** Wei in bonds of own challenges at once at most; default 0.1 ether. */
    bondBudgetWei: bondBudgetSchema,
    /** Where /health and /metrics are served; without it nowhere. */
    listen: z.strictObject({ host: z.string().min(1), port: z.number().int().min(1).max(65_535) }).optional(),
    log: z.strictObject({ level: z.enum(LOG_LEVELS) }).default({ level: "info" }),
  })
  .refine(({ watch, walletKeystore }) => watch === "observe" || walletKeystore !== undefined, {
    path: ["walletKeystore"],
    message: "must be given: a watchtower that acts needs a wallet",
  });

/** A validated watchtower configuration. */
export type WatchConfig = z.infer<typeof watchConfigSchema>;
