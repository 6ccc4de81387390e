import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import type { Address } from "viem";
import { readCertificatesOf } from "./certificate-list.ts";
import { type CertificateView, registryOf } from "./certificate-view.ts";
import type { NetworkServices } from "./network-services.ts";
import { FIRST_NULLIFIER } from "./vote-weight.ts";

/**
 * Certificates of the voter whom a wallet stands for, newest first. Without a good one, of the voter whose units were synced
 * to it last; none for operators and for everybody else.
 */
export async function readVoterCertificates(services: NetworkServices, wallet: Address): Promise<CertificateView[]> {
  const { client, config } = services;
  const votes = { address: config.contracts.QuadraticVotes, abi: quadraticVotesAbi } as const;
  const [now, recorded] = await Promise.all([
    client.readContract({ ...registryOf(services), functionName: "identityOf", args: [wallet] }),
    client.readContract({ ...votes, functionName: "recordedIdentityOf", args: [wallet] }),
  ]);
  const subject = now === 0n ? recorded : now;
  return subject < FIRST_NULLIFIER ? [] : readCertificatesOf(services, { kind: "voter", subject });
}
