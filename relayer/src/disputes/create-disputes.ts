import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import type { Address } from "viem";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Committee } from "../committee/create-committee.ts";
import type { ReportProofs } from "../read/report-proofs.ts";
import type { AttestationStore } from "../store/attestation-store.ts";
import type { IntentKind } from "../submit/intent.ts";
import type { Submitter } from "../submit/submitter.ts";
import { challengeKinds } from "./challenge-intents.ts";
import { ChallengeResponder } from "./challenge-responder.ts";
import { readDisputeConstants } from "./dispute-constants.ts";
import { createDisputeMetrics } from "./dispute-metrics.ts";
import { DisputeSettler } from "./dispute-settler.ts";
import { paySlashKind } from "./slash-intent.ts";

/** What {@link createDisputes} needs. */
export interface DisputesOptions {
  chain: ChainFollower;
  contracts: NetworkConfig["contracts"];
  /** Knows the kinds of {@link disputeKinds}. */
  submitter: Submitter;
  /** This relayer. */
  address: Address;
  store: AttestationStore;
  proofs: ReportProofs;
  committee: Pick<Committee, "complete">;
  /** False: challenges are left to other programs. */
  responds: boolean;
  log: Logger;
  /** Where metrics are registered. */
  registry?: Registry;
}

/** A relayer's part in disputes. */
export interface Disputes {
  start(): void;
  health(): { ok: boolean; reasons: string[] };
  stop(): void;
}

/** Kinds of intents that a submitter needs for disputes. */
export function disputeKinds(chain: ChainFollower): IntentKind[] {
  return [...challengeKinds(chain), paySlashKind(chain)];
}

/** Creates a relayer's part in disputes: it answers challenges and brings home what they pay. */
export async function createDisputes(options: DisputesOptions): Promise<Disputes> {
  const { chain, contracts, submitter, address, store, proofs, committee, log } = options;
  const metrics = createDisputeMetrics(options.registry ?? new Registry());
  const disputes = contracts.AttestationDisputes;
  const { answerSeconds } = await readDisputeConstants(chain, disputes);
  const responder = new ChallengeResponder({
    ...{ chain, submitter, disputes, address, store, proofs, answerSeconds, metrics, log },
    complete: (report) => committee.complete(report),
  });
  const settler = new DisputeSettler({ chain, submitter, contracts, address, isForAll: false, log });
  return {
    start() {
      if (options.responds) responder.start();
      settler.start();
    },
    health: () => responder.health(),
    stop() {
      responder.stop();
      settler.stop();
    },
  };
}
