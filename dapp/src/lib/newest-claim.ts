import type { ServedClaim } from "@pqmesh/contracts/protocol/attestation-claim";
import type { NetworkServices } from "./network-services.ts";
import { fetchAttestations, fetchClaim } from "./relayer-client.ts";

/** Attestations that are looked at: the newest are not reported yet. */
const LOOKED_AT = 8;

/**
 * The newest attestation of a node that is in an accepted report, from the first relayer that has one.
 *
 * @throws Error in one sentence when no relayer has one.
 */
export async function newestReportedClaim({ config }: NetworkServices, nodeIndex: number): Promise<ServedClaim> {
  let problem: Error = new Error(`No relayer has a reported attestation of node ${nodeIndex}.`);
  for (const { url } of config.relayers) {
    const claim = await newestOf(url, nodeIndex).catch((error: Error) => error);
    if (!(claim instanceof Error)) return claim;
    problem = claim;
  }
  throw problem;
}

async function newestOf(url: string, nodeIndex: number): Promise<ServedClaim> {
  let problem: Error = new Error(`The relayer at ${url} has no attestation of node ${nodeIndex}.`);
  for (const { epoch } of await fetchAttestations(url, nodeIndex, { limit: LOOKED_AT })) {
    const claim = await fetchClaim(url, epoch, nodeIndex).catch((error: Error) => error);
    if (!(claim instanceof Error)) return claim;
    problem = claim;
  }
  throw problem;
}
