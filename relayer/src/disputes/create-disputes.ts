import { decodeSignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { DatabaseSync } from "node:sqlite";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import type { Address } from "viem";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Committee } from "../committee/create-committee.ts";
import type { ReportProofs } from "../read/report-proofs.ts";
import type { AttestationStore } from "../store/attestation-store.ts";
import type { Migration } from "../store/database.ts";
import type { IntentKind } from "../submit/intent.ts";
import type { Submitter } from "../submit/submitter.ts";
import { evidenceKinds } from "./evidence-intents.ts";
import { storedForks } from "./fork-source.ts";
import { ownLeaves, servedLeaves } from "./leaf-source.ts";
import { Watchtower } from "./watchtower.ts";
import type { WatchPolicy } from "./watch-policy.ts";
import { WATCH_MIGRATIONS, WatchStore } from "./watch-store.ts";
import { challengeKinds } from "./challenge-intents.ts";
import { ChallengeResponder } from "./challenge-responder.ts";
import { readDisputeConstants } from "./dispute-constants.ts";
import { createDisputeMetrics } from "./dispute-metrics.ts";
import { DisputeSettler } from "./dispute-settler.ts";
import { paySlashKind } from "./slash-intent.ts";

/** Schema of what a relayer stores about disputes. */
export const DISPUTE_MIGRATIONS: Migration[] = [...WATCH_MIGRATIONS];

/** What {@link createDisputes} needs. */
export interface DisputesOptions {
  /** Opened with {@link DISPUTE_MIGRATIONS}. */
  db: DatabaseSync;
  chain: ChainFollower;
  network: NetworkConfig;
  /** Knows the kinds of {@link disputeKinds}. */
  submitter: Submitter;
  /** This relayer. */
  address: Address;
  store: AttestationStore;
  proofs: ReportProofs;
  committee: Pick<Committee, "complete" | "reportOf" | "doubleSigned">;
  /** False: challenges are left to other programs. */
  responds: boolean;
  policy: WatchPolicy;
  log: Logger;
  /** Where metrics are registered. */
  registry?: Registry;
}

/** A relayer's part in disputes. */
export interface Disputes {
  start(): void;
  /** Takes note of two attestations that a node signed and that exclude each other, in wire form. */
  noteFork(held: Uint8Array, offered: Uint8Array): Promise<void>;
  health(): { ok: boolean; reasons: string[] };
  stop(): Promise<void>;
}

/** Kinds of intents that a submitter needs for disputes. */
export function disputeKinds(chain: ChainFollower): IntentKind[] {
  return [...challengeKinds(chain), ...evidenceKinds(chain), paySlashKind(chain)];
}

/** Creates a relayer's part in disputes: it answers challenges, watches the others, and brings home what both pay. */
export async function createDisputes(options: DisputesOptions): Promise<Disputes> {
  const { db, chain, network, submitter, address, store, proofs, committee, policy, log } = options;
  const { contracts, relayers } = network;
  const metrics = createDisputeMetrics(options.registry ?? new Registry());
  const disputes = contracts.AttestationDisputes;
  const constants = await readDisputeConstants(chain, disputes);
  const { answerSeconds } = constants;
  const responder = new ChallengeResponder({
    ...{ chain, submitter, disputes, address, store, proofs, answerSeconds, metrics, log },
    complete: (report) => committee.complete(report),
  });
  const acts = policy.watch === "act";
  const others = relayers.filter((relayer) => relayer.address.toLowerCase() !== address.toLowerCase());
  const watchtower = new Watchtower({
    ...{ chain, contracts, constants, metrics, log },
    actor: acts ? { submitter, address, bondBudgetWei: policy.bondBudgetWei } : undefined,
    sources: [ownLeaves({ store, proofs, committee }), ...others.map(({ url }) => servedLeaves(url))],
    forks: storedForks({ store, committee }),
    store: new WatchStore(db),
  });
  const settler = new DisputeSettler({ chain, submitter, contracts, address, isForAll: acts, log });
  return {
    start() {
      if (options.responds) responder.start();
      settler.start();
      if (policy.watch !== "off") watchtower.start();
    },
    async noteFork(held, offered) {
      if (policy.watch === "off") return;
      await watchtower.accuseNode([decodeSignedAttestation(held), decodeSignedAttestation(offered)]);
    },
    health: () => responder.health(),
    async stop() {
      responder.stop();
      settler.stop();
      await watchtower.stop();
    },
  };
}
