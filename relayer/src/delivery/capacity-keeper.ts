import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { parseAttestationClaim } from "@pqmesh/contracts/protocol/attestation-claim";
import { attestationLeaf, SHARD_SIZE, verifyReportLeaf } from "@pqmesh/contracts/protocol/merkle";
import { decodeIndexList, shardOf } from "@pqmesh/contracts/protocol/report";
import type { Logger } from "pino";
import type { Address, Hex } from "viem";
import type { Journal, JournalEntry } from "../agent/journal.ts";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { HotWallet } from "../self-proof/hot-wallet.ts";
import { capacityIntent, type ShownAttestation } from "./capacity-intent.ts";
import type { LeaseReads } from "./lease-reads.ts";

/** What {@link CapacityKeeper} needs. */
export interface CapacityParts {
  nodeIndex: number;
  /** Shares that the agent attests, packed. */
  shares: bigint;
  listings: Address;
  /** Read APIs of relayers, which have the other leaves of a report. */
  relayers: readonly string[];
  chain: Pick<ChainFollower, "head" | "epochAt" | "horizonEpochs" | "acceptedReport">;
  journal: Pick<Journal, "entriesSince">;
  reads: Pick<LeaseReads, "capacity">;
  wallet: Pick<HotWallet, "send">;
  log: Logger;
}

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 262_144;

/** Shows the chain which shares the node attests, whenever it was shown others: listings may take no more than that. */
export class CapacityKeeper {
  readonly #parts: CapacityParts;
  #lookedAt = -1n;
  #shownUntil: bigint | undefined;

  constructor(parts: CapacityParts) {
    this.#parts = parts;
  }

  /** Epoch of the newest attestation that the chain was shown; undefined before it was asked. */
  get shownUntil(): bigint | undefined {
    return this.#shownUntil;
  }

  /** Looks once in an epoch. */
  async look(): Promise<void> {
    const { chain, reads, nodeIndex, shares, wallet, listings, log } = this.#parts;
    const current = chain.epochAt(chain.head().timestamp);
    if (current === this.#lookedAt) return;
    const { attested, epoch } = await reads.capacity(nodeIndex);
    this.#shownUntil = epoch;
    this.#lookedAt = current;
    if (attested === shares) return;
    const shown = await this.#newestProven(epoch);
    if (!shown) return;
    const isSent = await wallet.send(capacityIntent(listings, shown));
    if (isSent) log.info({ epoch: `${shown.report.epoch}` }, "showing the shares that the node attests");
  }

  /** The newest own attestation with these shares in an accepted report, with a proof that some relayer has. */
  async #newestProven(after: bigint): Promise<ShownAttestation | undefined> {
    const { chain, journal, shares, nodeIndex } = this.#parts;
    const current = chain.epochAt(chain.head().timestamp);
    const oldest = current > chain.horizonEpochs ? current - chain.horizonEpochs : 0n;
    const entries = journal.entriesSince(oldest > after ? oldest : after + 1n).reverse();
    for (const entry of entries.filter(({ signed }) => signed.attestation.shares === shares)) {
      const report = chain.acceptedReport(shardOf(nodeIndex), entry.epoch);
      if (!report || decodeIndexList(report.absent).includes(nodeIndex % SHARD_SIZE)) continue;
      const proof = await this.#proofOf(entry, report);
      if (proof) return { signed: entry.signed, report, proof };
    }
    return undefined;
  }

  async #proofOf({ epoch, digest, signed }: JournalEntry, report: AcceptedReport): Promise<readonly Hex[] | undefined> {
    const { relayers, nodeIndex, log } = this.#parts;
    const leaf = attestationLeaf(nodeIndex, digest, signed.signature);
    for (const url of relayers) {
      try {
        const { proof } = parseAttestationClaim(await getJson(`${url}/v1/attestations/${epoch}/${nodeIndex}`));
        if (verifyReportLeaf(report.root, nodeIndex, leaf, proof)) return proof;
      } catch (error) {
        log.debug({ err: error, url }, "a relayer has no proof of the own attestation");
      }
    }
    return undefined;
  }
}

/** `fetch` would cost each agent 16 MB. */
function getJson(url: string): Promise<unknown> {
  const request = url.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      readText(response)
        .then((text) => {
          if (response.statusCode === 200) resolve(JSON.parse(text));
          else throw new Error(`${url} answered ${response.statusCode}`);
        })
        .catch(reject);
    });
    sent.on("error", reject);
    sent.end();
  });
}

async function readText(response: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new Error(`the answer has more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
