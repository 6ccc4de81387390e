import { parseAttestationClaim } from "@pqmesh/contracts/protocol/attestation-claim";
import type { AttestationClaim } from "@pqmesh/contracts/protocol/verify-attestation";
import type { Hex } from "viem";
import { CliError } from "./output.ts";

const TIMEOUT_MS = 5_000;

/** A claim, the key that the relayer says it was signed with, and who said so. */
export interface FetchedClaim {
  claim: AttestationClaim;
  publicKey: Hex;
  url: string;
}

/**
 * Asks relayers, one after the other, for a reported attestation; nothing of the answer is checked here but its form.
 *
 * @throws CliError saying what each relayer answered when none had it.
 */
export async function readAttestationClaim(
  urls: string[],
  { nodeIndex, epoch }: { nodeIndex: number; epoch: bigint },
): Promise<FetchedClaim> {
  const answers: string[] = [];
  for (const url of urls) {
    try {
      const response = await fetch(`${url}/v1/attestations/${epoch}/${nodeIndex}`, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const body: unknown = await response.json();
      if (response.ok) return { ...readClaim(body), url };
      answers.push(`${url}: ${(body as { detail?: string }).detail ?? response.status}`);
    } catch (error) {
      answers.push(`${url}: ${(error as Error).message}`);
    }
  }
  throw new CliError(
    `no relayer has a reported attestation of node ${nodeIndex} in epoch ${epoch} (${answers.join("; ")})`,
  );
}

/** @throws Error when the answer has not what an attestation is verified with. */
function readClaim(body: unknown): Omit<FetchedClaim, "url"> {
  const { publicKey, ...claim } = parseAttestationClaim(body);
  if (!publicKey) throw new Error("the relayer does not know the node's key");
  return { claim, publicKey };
}
