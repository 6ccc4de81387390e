import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { REORG_DEPTH } from "@pqmesh/contracts/protocol/reorg-depth";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { Hex } from "viem";
import { decodeFunctionResult, encodeFunctionData, getAddress } from "viem/utils";
import type { ChainPlace, ChallengeRecord } from "../chain/dispute-records.ts";
import type { Intent } from "../submit/intent.ts";
import {
  challengeIntent,
  claimBlock,
  type ClaimedEvidence,
  claimIntent,
  convictIntent,
  proveForkIntent,
  proveInvalidIntent,
} from "./evidence-intents.ts";
import { CASE_KINDS, type WatchCase } from "./watch-store.ts";
import type { WatchActor, WatchtowerOptions } from "./watchtower.ts";

/** Blocks between a claim and its evidence, as `IEvidence` asks for. */
const CLAIM_BLOCKS = 2n;

/** Brings open cases before the chain, step by step; every step follows from what the chain says, so that none is lost or doubled. */
export class CasePursuit {
  readonly #options: WatchtowerOptions;
  #wasExhausted = false;
  constructor(options: WatchtowerOptions) {
    this.#options = options;
  }

  /** Looks at every open case once. */
  async advance(): Promise<void> {
    const { store, actor, metrics } = this.#options;
    const open = store.open().filter((found) => !this.#settle(found));
    for (const kind of CASE_KINDS) metrics.casesOpen.set({ kind }, open.filter((found) => found.kind === kind).length);
    if (!actor) return;
    for (const found of open) if (found.proof) await this.#prove(found, found.proof, actor);
    const challenges = open.filter(({ kind }) => kind === "withheld-leaf");
    await this.#challenge(challenges, actor);
  }

  /** Ends a case that the chain has decided, beyond reorgs, or that cannot be decided any more. */
  #settle(found: WatchCase): boolean {
    const { chain, store, log } = this.#options;
    const place = this.#placeOf(found);
    const isDone = place !== undefined && chain.head().number - place.blockNumber >= REORG_DEPTH;
    const isVoid = !place && this.#isVoid(found);
    if (!isDone && !isVoid) return false;
    store.close(found.id, isDone ? "done" : "void");
    log.info({ case: found.id, outcome: isDone ? "done" : "void" }, "case closed");
    return true;
  }

  /** Where the chain decided a case. */
  #placeOf({ kind, id, epoch, nodeIndex = 0, reportDigest }: WatchCase): ChainPlace | undefined {
    const { disputes } = this.#options.chain;
    if (kind === "node-equivocation") return disputes.nodeOffence(offenceIn(id));
    if (reportDigest === undefined || kind === "forgery") return disputes.conviction(offenceIn(id));
    const proven = disputes.invalidLeaf(reportDigest, nodeIndex);
    return kind === "invalid-leaf" ? proven : (proven ?? disputes.challengeAbout(nodeIndex, epoch)?.closedAt);
  }

  /** True when its report is not on the chain, or it is too late for a challenge. */
  #isVoid({ kind, epoch, nodeIndex = 0, reportDigest }: WatchCase): boolean {
    const { chain, constants } = this.#options;
    if (kind !== "withheld-leaf") return false;
    if (chain.disputes.challengeAbout(nodeIndex, epoch)) return false;
    const isThere = chain.acceptedReport(shardOf(nodeIndex), epoch)?.digest === reportDigest;
    return !isThere || chain.currentEpoch() > epoch + constants.challengeEpochs;
  }

  async #prove(
    found: WatchCase,
    { evidence, salt, data }: NonNullable<WatchCase["proof"]>,
    actor: WatchActor,
  ): Promise<void> {
    const { chain } = this.#options;
    if (this.#placeOf(found)) return undefined;
    const intent = this.#verdictOn(found, data);
    const claimed: ClaimedEvidence = { judge: intent.to, claimant: actor.address, evidence, salt };
    const claimedAt = await claimBlock(chain, claimed);
    if (claimedAt === undefined) return this.#submit(claimIntent(claimed), actor);
    if (chain.head().number + 1n < claimedAt + CLAIM_BLOCKS) return undefined;
    return this.#submit(intent, actor);
  }

  /** The intent to show the evidence of a case. */
  #verdictOn({ kind, id, nodeIndex = 0, reportDigest }: WatchCase, data: Hex): Intent {
    const { AttestationDisputes, MemberOffences, NodeOffences } = this.#options.contracts;
    if (kind === "node-equivocation") return proveForkIntent(NodeOffences, { offenceId: offenceIn(id), data });
    if (reportDigest === undefined || kind === "forgery")
      return convictIntent(MemberOffences, { offenceId: offenceIn(id), data });
    return proveInvalidIntent(AttestationDisputes, { digest: reportDigest, nodeIndex, data });
  }

  /**
   * Challenges as many leaves as the budget for bonds allows. Bonds that were lost count until their epoch is forgotten, so
   * that leaves which are withheld from this watchtower alone, and shown when it asks on chain, do not empty its wallet.
   */
  async #challenge(cases: readonly WatchCase[], actor: WatchActor): Promise<void> {
    const { chain, contracts, metrics, log } = this.#options;
    const { submitter, bondBudgetWei } = actor;
    const { disputes } = chain;
    const held = bondsOf(disputes.unresolved(), actor);
    metrics.bondsHeldWei.set(Number(held));
    let used = held + bondsOf(disputes.dismissed(), actor);
    let isExhausted = false;
    for (const { nodeIndex = 0, epoch, reportDigest } of cases) {
      const report = chain.acceptedReport(shardOf(nodeIndex), epoch);
      if (!report || report.digest !== reportDigest || disputes.challengeAbout(nodeIndex, epoch)) continue;
      const bond = await this.#bond();
      const intent = challengeIntent(contracts.AttestationDisputes, { report, nodeIndex, bond });
      const isUnderWay = submitter.isOpen(intent);
      if (!isUnderWay && used + bond > bondBudgetWei) {
        isExhausted = true;
        if (!this.#wasExhausted) log.warn({ bondBudgetWei: `${bondBudgetWei}` }, "the budget for bonds is used up");
        break;
      }
      used += bond;
      if (!isUnderWay) this.#submit(intent, actor);
    }
    this.#wasExhausted = isExhausted;
    metrics.budgetExhausted.set(isExhausted ? 1 : 0);
  }

  async #bond(): Promise<bigint> {
    const { chain, contracts } = this.#options;
    const call = { abi: attestationDisputesAbi, functionName: "challengeBond" } as const;
    const request = { to: contracts.AttestationDisputes, data: encodeFunctionData(call) };
    const data = (await chain.request("eth_call", [request, "latest"])) as Hex;
    return decodeFunctionResult({ ...call, data });
  }

  #submit(intent: Intent, { submitter }: WatchActor): void {
    if (submitter.isOpen(intent) || !submitter.submit(intent)) return;
    this.#options.log.warn({ kind: intent.kind, key: intent.key }, "watchtower acts");
  }
}

/** Name of the offence in the name of a case. */
function offenceIn(id: string): Hex {
  return id.slice(id.indexOf(":") + 1) as Hex;
}

function bondsOf(challenges: readonly ChallengeRecord[], { address }: WatchActor): bigint {
  const own = challenges.filter(({ challenger }) => getAddress(challenger) === getAddress(address));
  return own.reduce((sum, { bond }) => sum + bond, 0n);
}
