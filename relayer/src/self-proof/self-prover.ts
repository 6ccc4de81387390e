import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Logger } from "pino";
import type { Journal, JournalEntry } from "../agent/journal.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { claimBlock, claimIntent } from "../disputes/evidence-intents.ts";
import { commitIntent } from "./commit-intent.ts";
import { standingOf } from "./epoch-standing.ts";
import type { HotWallet } from "./hot-wallet.ts";
import { findOmissions, type Omission, omissionIntent, proveOmission } from "./omission-proof.ts";
import { receiptsNeeded } from "./receipt-threshold.ts";
import { callOf } from "./run-call.ts";
import { type PlannedRun, planRuns } from "./run-plan.ts";
import { selfAttestIntent } from "./self-attest-intent.ts";
import type { SelfProofMetrics } from "./self-proof-metrics.ts";

/** What {@link SelfProver} needs. */
export interface SelfProverOptions {
  nodeIndex: number;
  /** Sessions that the agent keeps alive at once. */
  routes: number;
  chain: ChainFollower;
  contracts: Pick<NetworkConfig["contracts"], "AttestationBridge" | "SelfAttestation" | "MemberOffences">;
  journal: Pick<Journal, "entriesSince" | "receiptsOf">;
  /** Undefined: it warns and counts, and sends nothing. */
  wallet: HotWallet | undefined;
  metrics: SelfProofMetrics;
  log: Logger;
}

/** Epochs of a run after which it is proven without waiting for more. */
const FULL_RUN = 100;
/** Blocks between a claim and its evidence, as `IEvidence` asks for. */
const CLAIM_BLOCKS = 2n;

/**
 * Looks after a node that the committee passes over: puts the hash of an attestation on chain in time when too few members
 * acknowledged it or no report came, later proves all such epochs in one transaction, and convicts members that left the
 * node out against their receipt. Every step follows from journal and chain, so that a restart or a reorg loses none.
 */
export class SelfProver {
  readonly #options: SelfProverOptions;
  readonly #unsecured = new Set<bigint>();
  readonly #omissionsSeen = new Set<string>();
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: SelfProverOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.chain.events.on("head", this.#look);
    this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#options.chain.events.off("head", this.#look);
    await this.#running;
  }

  readonly #look = (): void => {
    this.#running ??= this.#pass()
      .catch((error: unknown) => this.#options.log.error({ err: error }, "own epochs could not be looked after"))
      .finally(() => {
        this.#running = undefined;
      });
  };

  async #pass(): Promise<void> {
    const { chain, journal, wallet, metrics } = this.#options;
    const current = this.#currentEpoch();
    const entries = journal.entriesSince(current > chain.horizonEpochs ? current - chain.horizonEpochs : 0n);
    for (const entry of entries) if (!this.#stopped) await this.#secure(entry);
    await this.#proveRuns();
    for (const entry of entries) if (!this.#stopped) await this.#convict(entry);
    const oldest = entries[0]?.epoch ?? current;
    for (const epoch of this.#unsecured) if (epoch < oldest) this.#unsecured.delete(epoch);
    metrics.exhausted.set(wallet?.isExhausted ? 1 : 0);
  }

  /** Commits an attestation whose epoch is over and that may be passed over, while it still can be. */
  async #secure(entry: JournalEntry): Promise<void> {
    const { chain, nodeIndex, wallet, contracts, metrics, log } = this.#options;
    const { epoch, digest } = entry;
    const current = this.#currentEpoch();
    if (current <= epoch || current > epoch + chain.reportWindowEpochs) return;
    if (chain.ownEpochs.committed(nodeIndex, epoch) || !chain.isActive(nodeIndex, epoch)) return;
    const reason = this.#riskOf(entry);
    if (!reason) return;
    const isNews = !this.#unsecured.has(epoch);
    this.#unsecured.add(epoch);
    if (isNews) {
      metrics.unsecured.inc();
      const advice = wallet ? "its hash is put on chain" : "without a wallet in the configuration it cannot be secured";
      log.warn({ epoch: `${epoch}` }, `the attestation of epoch ${epoch} may be passed over (${reason}): ${advice}`);
      if (!wallet) metrics.unprotected.inc();
    }
    const isSent = await wallet?.send(commitIntent(contracts.AttestationBridge, { nodeIndex, epoch, digest }));
    if (isSent) metrics.commits.inc();
  }

  /** Why an epoch that is over may be passed over; undefined while there is no reason to think so. */
  #riskOf({ epoch, sequence }: JournalEntry): string | undefined {
    const { chain, nodeIndex, journal, routes } = this.#options;
    const standing = standingOf(chain, nodeIndex, epoch);
    if (standing === "missing") {
      const isReported = chain.acceptedReport(shardOf(nodeIndex), epoch) !== undefined;
      return isReported ? "its report names the node absent" : "its shard was not reported";
    }
    if (standing !== "pending") return undefined;
    const members = chain.committeeAt(epoch)?.members ?? [];
    const seated = new Set(members.map(({ address }) => address.toLowerCase()));
    const receipts = journal.receiptsOf(sequence).filter(({ relayer }) => seated.has(relayer.toLowerCase())).length;
    const needed = receiptsNeeded(members.length, routes);
    if (receipts < needed) return `${receipts} of ${needed} receipts came`;
    const isLate = this.#timeSince(epoch + 1n) * 2n >= this.#window();
    return isLate ? "half of the time to report it is over" : undefined;
  }

  /** Proves missing epochs: a full run at once, others in the middle of the time for it, so that one signature check does for many. */
  async #proveRuns(): Promise<void> {
    const { chain, journal, nodeIndex, wallet, contracts, metrics, log } = this.#options;
    const runs = planRuns(chain, journal, nodeIndex);
    metrics.missing.set(runs.reduce((sum, { epochs }) => sum + epochs.length, 0));
    for (const run of wallet ? runs : []) {
      if (!this.#isDue(run)) continue;
      const call = await callOf(chain, contracts.SelfAttestation, run);
      if (call.admitted !== BigInt(run.epochs.length)) {
        const found = { planned: run.epochs.length, admitted: `${call.admitted}` };
        log.warn(found, "the chain would not admit every epoch of this run");
        if (call.admitted === 0n) continue;
      }
      const intent = selfAttestIntent(contracts.SelfAttestation, { ...run, data: call.data });
      const isSent = await wallet?.send(intent);
      if (isSent) log.warn({ epochs: run.epochs.map(String) }, "proving epochs that the committee passed over");
    }
  }

  #isDue({ epochs }: PlannedRun): boolean {
    const { chain } = this.#options;
    const middle = (chain.reportWindowEpochs + chain.horizonEpochs) / 2n;
    return epochs.length >= FULL_RUN || this.#currentEpoch() >= epochs[0]! + middle;
  }

  async #convict(entry: JournalEntry): Promise<void> {
    const { chain, journal, nodeIndex, wallet, metrics, log } = this.#options;
    if (standingOf(chain, nodeIndex, entry.epoch) === "final") return;
    for (const omission of await findOmissions(chain, journal, entry)) {
      const { member, report } = omission;
      const name = `${report.digest}:${member}`;
      if (!this.#omissionsSeen.has(name)) {
        this.#omissionsSeen.add(name);
        metrics.omissions.inc();
        const done = `relayer ${member} gave a receipt for epoch ${entry.epoch} and signed a report that names the node absent`;
        log.warn({ relayer: member, epoch: `${entry.epoch}` }, wallet ? done : `${done}: prove-omission can prove it`);
      }
      if (wallet) await this.#showOmission(omission, wallet);
    }
  }

  async #showOmission(omission: Omission, wallet: HotWallet): Promise<void> {
    const { chain, contracts } = this.#options;
    const judge = contracts.MemberOffences;
    const { evidence, salt, data, offenceId } = proveOmission(omission);
    if (chain.disputes.conviction(offenceId)) return;
    const claimed = { judge, claimant: wallet.address, evidence, salt };
    const claimedAt = await claimBlock(chain, claimed);
    if (claimedAt === undefined) await wallet.send(claimIntent(claimed));
    else if (chain.head().number >= claimedAt + CLAIM_BLOCKS) {
      await wallet.send(omissionIntent(judge, { offenceId, data }, omission.report.epoch));
    }
  }

  #currentEpoch(): bigint {
    const { chain } = this.#options;
    return chain.epochAt(chain.head().timestamp);
  }

  /** Seconds of the chain since an epoch began. */
  #timeSince(epoch: bigint): bigint {
    const { chain } = this.#options;
    return chain.head().timestamp - chain.epochGenesis - epoch * BigInt(chain.epochLengthSeconds);
  }

  /** Seconds after an epoch in which it can be reported. */
  #window(): bigint {
    const { chain } = this.#options;
    return chain.reportWindowEpochs * BigInt(chain.epochLengthSeconds);
  }
}
