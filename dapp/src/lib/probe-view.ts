import { EPOCH_STATUSES, type EpochStatus } from "@pqmesh/contracts/protocol/epoch-status";
import { type ProbedEpoch, parseProbes, probedEpochs } from "@pqmesh/contracts/protocol/probe-journal";
import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import type { ChainAccess } from "./chain-source.ts";
import { formatCount } from "./format.ts";

/** Bytes of the longest journal that is read: some fifty thousand probes. */
export const MAX_JOURNAL_BYTES = 8_388_608;
/** Probed epochs that are shown: the newest. */
export const SHOWN_EPOCHS = 120;

/** A journal that was read, or the sentence that says why it cannot be used. */
export type JournalReading = { epochs: ProbedEpoch[] } | { problem: string };

/** Reads what a journal of `pqmesh lease probe` has of a lease, by epoch. */
export function readJournal(text: string, leaseId: number): JournalReading {
  try {
    const epochs = probedEpochs(parseProbes(text, BigInt(leaseId)));
    if (epochs.length > 0) return { epochs };
    return { problem: `This journal has no probe of lease ${leaseId}.` };
  } catch (error) {
    return { problem: `This is not a journal of probes: it has ${(error as Error).message}.` };
  }
}

/** What the committee says of epochs of a node, in their order. */
export function readStatuses(
  { client, config }: ChainAccess,
  nodeIndex: number,
  epochs: readonly number[],
): Promise<EpochStatus[]> {
  const bridge = { address: config.contracts.AttestationBridge, abi: attestationBridgeAbi } as const;
  return Promise.all(
    epochs.map(async (epoch) => {
      const status = await client.readContract({
        ...{ ...bridge, functionName: "statusOf" },
        args: [nodeIndex, BigInt(epoch)],
      });
      return EPOCH_STATUSES[status]!;
    }),
  );
}

/** What the client's probes say of an epoch. */
export type ProbeResult = "served" | "served in part" | "not served";

/** What the probes of an epoch say together. */
export function resultOf({ served, probes }: ProbedEpoch): ProbeResult {
  if (served === 0) return "not served";
  return served === probes ? "served" : "served in part";
}

/** Where both views differ in the client's disfavour, in a sentence; undefined when they do nowhere. */
export function doubtSentence(epochs: readonly ProbedEpoch[], statuses: readonly EpochStatus[]): string | undefined {
  const doubted = epochs.filter((epoch, i) => statuses[i] === "Attested" && epoch.served === 0);
  if (doubted.length === 0) return undefined;
  const named = doubted.slice(0, 10).map(({ epoch }) => formatCount(epoch));
  const more = doubted.length > named.length ? ` and ${formatCount(doubted.length - named.length)} more` : "";
  const subject = doubted.length === 1 ? "1 epoch is" : `${formatCount(doubted.length)} epochs are`;
  return `${subject} attested although no probe was served: ${named.join(", ")}${more}. A dispute can be about that.`;
}
