import { z } from "zod";
import { leasesSchema } from "../delivery/leases-schema.ts";
import { renewalSchema } from "../renewal/renewal-config.ts";
import { LOG_LEVELS } from "../service/logger.ts";
import { tlsFilesSchema } from "../service/tls-files.ts";
import { weiSchema } from "../service/wei-schema.ts";

const port = z.number().int().min(1).max(65_535);
const shareBp = z.number().int().min(0).max(10_000);

/** Configuration of an agent: one JSON file, validated at boot; relative paths are relative to the file. */
export const agentConfigSchema = z
  .strictObject({
    /** Directory of the agent's durable state; one instance at a time. */
    dataDir: z.string().min(1),
    /** Path of the network.json of the deployment. */
    network: z.string().min(1),
    /** JSON-RPC endpoints, first one preferred. */
    rpcUrls: z.array(z.url()).min(1).max(8),
    /** Index under which the node is registered. */
    nodeIndex: z.number().int().min(0).max(0xffff_ffff),
    /** File with the password of the keystores; without it `PQMESH_PASSWORD_FILE` or `PQMESH_PASSWORD` is read. */
    passwordFile: z.string().min(1).optional(),
    /** Keystore of the attestation key. */
    attestationKeystore: z.string().min(1),
    /** Keystore of the key that replaces it, named before the rotation takes effect: each epoch is signed by its key in force. */
    nextAttestationKeystore: z.string().min(1).optional(),
    /**
     * Hot wallet of the node's operator. With it the agent defends the node against a committee that passes it over: it puts
     * hashes of attestations on chain, proves epochs itself and convicts members that broke a receipt. Without it, it warns.
     */
    wallet: z
      .strictObject({
        /** Keystore of the secp256k1 key that sends; the owner or operator wallet of the node's identity. */
        keystore: z.string().min(1),
        /** File with its password; default: the password of the other keystores. */
        passwordFile: z.string().min(1).optional(),
        /** Highest fee per gas ever offered, wei; default 100 gwei. */
        maxFeePerGasWei: weiSchema("100000000000"),
        /** Wei set aside for transactions within a day at most; default 0.05 ether. */
        dailyBudgetWei: weiSchema("50000000000000000"),
      })
      .optional(),
    tls: tlsFilesSchema,
    /** Who renews the node's certificate; without it, it is renewed by hand. */
    renewal: renewalSchema.optional(),
    /**
     * Relayers to speak to. Each node begins at another place of the list, so that relayers share the load; before it signs,
     * the agent asks more than two thirds of them what they hold of the node.
     */
    relayers: z
      .array(
        z.strictObject({
          address: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
          host: z.string().min(1),
          port,
        }),
      )
      .min(1)
      .max(100),
    /** Sessions kept alive at once. */
    routes: z.number().int().min(1).max(3).default(3),
    /** Milliseconds between heartbeats. */
    heartbeatMs: z.number().int().min(500).max(5_000).default(3_000),
    /** Offered share of each resource, basis points. */
    shares: z
      .strictObject({
        cpu: shareBp,
        gpu: shareBp,
        memory: shareBp,
        storage: shareBp,
        network: shareBp,
        container: shareBp,
      })
      .default({ cpu: 5_000, gpu: 0, memory: 5_000, storage: 5_000, network: 5_000, container: 5_000 }),
    /** How leases of the node are served; needs `wallet`. Without it they are accepted, or not, by hand. */
    leases: leasesSchema.optional(),
    /** Journal entries kept on disk. */
    journalEntries: z.number().int().min(64).max(10_000_000).default(100_000),
    /** Address of `/health` and `/metrics`. */
    listen: z.strictObject({ host: z.string().min(1), port }),
    log: z.strictObject({ level: z.enum(LOG_LEVELS) }).default({ level: "info" }),
  })
  .refine(({ wallet, leases }) => !leases || wallet, {
    path: ["wallet"],
    message: "is missing: leases are accepted by transactions of the operator's wallet",
  });

/** A validated agent configuration. */
export type AgentConfig = z.infer<typeof agentConfigSchema>;

/** Packs the six shares as the attestation carries them: 16 bits each from the low end. */
export function packShares({ cpu, gpu, memory, storage, network, container }: AgentConfig["shares"]): bigint {
  return [cpu, gpu, memory, storage, network, container].reduce(
    (sum, bp, i) => sum | (BigInt(bp) << BigInt(16 * i)),
    0n,
  );
}
